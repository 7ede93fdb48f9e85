from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms
from tests.pdf_publications import file_of

from portfolio_app.exporting import pictures
from portfolio_app.exporting.pictures import PictureUnreadable, PreparedPicture, prepare_picture
from portfolio_app.exporting.wording import load_wording


def prepared(path: Path) -> PreparedPicture:
    return prepare_picture(file_of(path, "image/any"), load_wording("en-GB"))


def opened(picture: PreparedPicture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.data))
    image.load()
    assert image.size == (picture.width, picture.height)
    assert picture.media_type == f"image/{str(image.format).lower()}"
    return image


def photograph(path: Path, size: tuple[int, int], **options: Any) -> Path:
    """Write a photograph, its upper left quarter red and the rest blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    image.save(path, **options)
    return path


def corner(image: Image.Image, x: float, y: float) -> str:
    pixel = image.convert("RGB").getpixel((int(x * image.width), int(y * image.height)))
    assert isinstance(pixel, tuple)
    return "red" if pixel[0] > pixel[2] else "blue"


def test_a_photograph_is_scaled_down_and_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter to the right
    image = opened(prepared(photograph(tmp_path / "p.jpg", (4000, 3000), exif=exif)))
    assert image.size == (930, 1240)
    assert corner(image, 0.75, 0.25) == "red"
    assert [corner(image, x, y) for x, y in ((0.25, 0.25), (0.25, 0.75), (0.75, 0.75))] == ["blue"] * 3


def test_what_a_photograph_knows_is_left_behind(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at 12 Hidden Lane"
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    path = photograph(tmp_path / "p.jpg", (900, 600), exif=exif, comment=b"secret comment")
    picture = prepared(path)
    assert b"Hidden" in path.read_bytes()
    assert b"Hidden" not in picture.data
    assert b"secret" not in picture.data
    assert not opened(picture).getexif()
    assert (picture.width, picture.height) == (900, 600)


def test_colours_of_telephones_are_brought_to_the_screens(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = prepared(photograph(tmp_path / "p.jpg", (90, 60), icc_profile=profile))
    assert "icc_profile" not in opened(picture).info
    odd = prepared(photograph(tmp_path / "odd.jpg", (80, 60), icc_profile=b"no profile"))
    assert corner(opened(odd), 0.25, 0.25) == "red"


def test_transparency_and_few_colours_stay_png(tmp_path: Path) -> None:
    Image.new("RGBA", (40, 30), (200, 0, 0, 90)).save(tmp_path / "glass.png")
    glass = opened(prepared(tmp_path / "glass.png"))
    assert glass.mode == "RGBA"
    assert glass.getpixel((5, 5)) == (200, 0, 0, 90)
    indexed = Image.new("P", (40, 30))
    indexed.putpalette([255, 0, 0, 0, 0, 255])
    indexed.save(tmp_path / "indexed.png", transparency=1)
    assert opened(prepared(tmp_path / "indexed.png")).has_transparency_data
    photograph(tmp_path / "screen.png", (3000, 2000))
    assert prepared(tmp_path / "screen.png").width == 1654


def test_a_picture_of_many_colours_becomes_jpeg(tmp_path: Path) -> None:
    Image.effect_noise((300, 200), 90).convert("RGB").rotate(10, fillcolor="#123456").save(tmp_path / "noise.png")
    image = Image.merge("RGB", [Image.effect_noise((300, 200), 90) for _ in range(3)])
    image.save(tmp_path / "colours.png")
    assert prepared(tmp_path / "colours.png").media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("CMYK", "a.jpg"),
        ("L", "a.jpg"),
        ("I;16", "a.png"),
        ("I", "a.tif"),
        ("F", "a.tif"),
        ("1", "a.png"),
        ("LA", "a.png"),
        ("P", "a.gif"),
        ("RGB", "a.webp"),
        ("RGB", "a.bmp"),
        ("YCbCr", "a.tif"),
        ("LAB", "a.tif"),
    ],
)
def test_every_usual_kind_can_be_shown(mode: str, name: str, tmp_path: Path) -> None:
    Image.new(mode, (2500, 100)).save(tmp_path / name)
    assert opened(prepared(tmp_path / name)).width <= pictures.DRAWING_PIXELS


def test_grey_of_sixteen_bits_keeps_its_shades(tmp_path: Path) -> None:
    image = Image.new("I;16", (100, 10), 1000)
    image.paste(3000, (50, 0, 100, 10))
    image.save(tmp_path / "scan.png")
    shown = opened(prepared(tmp_path / "scan.png")).convert("L")
    assert (shown.getpixel((10, 5)), shown.getpixel((90, 5))) == (0, 255)


def truncated(path: Path) -> None:
    photograph(path, (900, 600), format="JPEG")
    path.write_bytes(path.read_bytes()[:3000])


def random_bytes(path: Path) -> None:
    path.write_bytes(random.Random(3).randbytes(5000))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def folder(path: Path) -> None:
    path.mkdir()


def heic(path: Path) -> None:
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64))


def bomb(path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(path, format="PNG")


def large_but_allowed_by_pillow(path: Path) -> None:
    Image.new("1", (10_000, 9_000)).save(path, format="PNG")


def missing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (truncated, "damaged"),
        (random_bytes, "damaged or of a kind"),
        (empty, "damaged or of a kind"),
        (folder, "damaged"),
        (heic, "HEIC"),
        (bomb, "far too many pixels"),
        (large_but_allowed_by_pillow, "far too many pixels"),
        (missing, "missing"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(spoil: Callable[[Path], None], words: str, tmp_path: Path) -> None:
    path = tmp_path / "the picture"
    spoil(path)
    with pytest.raises(PictureUnreadable, match=words) as caught:
        prepared(path)
    assert "the picture" in str(caught.value)


def test_a_picture_is_prepared_once(tmp_path: Path) -> None:
    first = prepared(photograph(tmp_path / "p.jpg", (640, 480)))
    copy = tmp_path / "copy.jpg"
    copy.write_bytes((tmp_path / "p.jpg").read_bytes())
    assert prepared(copy) is first


def test_the_cache_keeps_so_many_bytes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_CACHE_BYTES", 100)
    cache = pictures._Cache()
    for number in range(5):
        cache.keep(str(number), PreparedPicture(bytes(40), 1, 1, "image/png"))
    assert [number for number in range(5) if cache.get(str(number))] == [3, 4]
