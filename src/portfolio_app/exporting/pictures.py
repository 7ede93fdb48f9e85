"""Photographs and drawings made ready for a document: small, upright, and without what they know about the learner.

A photograph's metadata (place, camera) never leaves the portfolio this way, only its pixels do; the day on which it was
taken is said beside it where the item does not know better.
"""

from __future__ import annotations

import io
import math
import warnings
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from PIL import ExifTags, Image, ImageCms, ImageDraw, ImageOps, UnidentifiedImageError

from portfolio_app.domain.errors import KnownError
from portfolio_app.exporting.publication import AttachedFile
from portfolio_app.exporting.wording import Wording

PHOTOGRAPH_PIXELS = 1240
"""Longest side of a photograph: 150 dots per inch over an A4 page's width."""
DRAWING_PIXELS = 1654
"""Longest side of screenshots and drawings, whose small text needs 200 dots per inch."""

_JPEG_QUALITY = 82
_FIRST_YEAR = 2001  # what a clock shows that was never set is before
_MOST_PIXELS = 80_000_000  # decoded in full; JPEG files are decoded small and may have more
_CACHE_BYTES = 24_000_000

_T = TypeVar("_T")


class PictureUnreadable(KnownError):
    """A picture cannot be shown; the sentence says why."""


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """A picture as it goes into a document: JPEG, or PNG where it is transparent or has few colours."""

    data: bytes
    width: int
    height: int
    media_type: str


class _Cache:
    """The pictures prepared last, by content, so that one export to PDF and Word prepares each once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, PreparedPicture] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: str) -> PreparedPicture | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: str, picture: PreparedPicture) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = picture
            self._bytes += len(picture.data)
            while self._bytes > _CACHE_BYTES and self._kept:
                self._bytes -= len(self._kept.popitem(last=False)[1].data)


_cache = _Cache()


def prepare_picture(file: AttachedFile, words: Wording) -> PreparedPicture:
    """Return the picture scaled down, turned upright and stripped of metadata; cached by its content's hash.

    What is to be covered in it is painted over before it is encoded.

    Raises:
        PictureUnreadable: it is missing, damaged, enormous, or of a kind that cannot be read (HEIC).
    """
    key = f"{file.sha256} {file.covered}"
    found = _cache.get(key)
    if found is None:
        found = _prepared(file, words)
        _cache.keep(key, found)
    return found


def day_taken(path: Path, today: date) -> date | None:
    """Return the day on which a camera says that it took a photograph; ``None`` unless that can be believed.

    It cannot where its two notes of it differ, or where its clock was never set.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged notes
            with Image.open(path) as image:
                notes = image.getexif().get_ifd(ExifTags.IFD.Exif)
    except (OSError, ValueError, SyntaxError, TypeError, ArithmeticError, LookupError, EOFError, AttributeError):
        return None
    taken, stored = (_day(notes.get(tag)) for tag in (ExifTags.Base.DateTimeOriginal, ExifTags.Base.DateTimeDigitized))
    if taken is None or (stored is not None and stored != taken):
        return None
    was_set = taken.year >= _FIRST_YEAR and (taken.month, taken.day) != (1, 1)
    return taken if was_set and taken <= today else None


def _day(note: object) -> date | None:
    try:
        return datetime.strptime(str(note).strip("\0 "), "%Y:%m:%d %H:%M:%S").date()  # noqa: DTZ007 - a day, anywhere
    except ValueError:
        return None


def upright_picture(path: Path, name: str, words: Wording, longest: int = 0) -> Image.Image:
    """Return a picture turned upright and in sRGB, its longest side at most ``longest`` pixels.

    Without ``longest`` that is what documents show: screenshots and drawings larger than photographs.

    Raises:
        PictureUnreadable: it is missing, damaged, enormous, or of a kind that cannot be read (HEIC).
    """
    return _read(path, name, words, lambda image: _upright(image, words("picture.too_large", name=name), longest))


def _prepared(file: AttachedFile, words: Wording) -> PreparedPicture:
    def prepared(image: Image.Image) -> PreparedPicture:
        upright = _upright(image, words("picture.too_large", name=file.name))
        if file.covered:
            if upright.mode not in {"RGB", "RGBA", "L", "LA"}:
                upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
            cover(upright, file.covered)
        return _encoded(upright, photograph=_is_photograph(image))

    return _read(file.path, file.name, words, prepared)


def cover(picture: Image.Image, boxes: Sequence[tuple[float, float, float, float]]) -> None:
    """Paint over parts of a picture: left, top, right and bottom as fractions of it. Nothing of them is left."""
    draw = ImageDraw.Draw(picture)
    fill: Any = {"RGB": (0, 0, 0), "RGBA": (0, 0, 0, 255), "LA": (0, 255)}.get(picture.mode, 0)
    for left, top, right, bottom in boxes:
        edges = (
            math.floor(left * picture.width),
            math.floor(top * picture.height),
            math.ceil(right * picture.width),
            math.ceil(bottom * picture.height),
        )
        draw.rectangle(edges, fill=fill)


def _read(path: Path, name: str, words: Wording, use: Callable[[Image.Image], _T]) -> _T:
    try:
        with warnings.catch_warnings():
            # Pillow warns of pictures half as large as those it refuses; our own limit follows below.
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                return use(image)
    except FileNotFoundError:
        raise PictureUnreadable(words("picture.missing", name=name)) from None
    except (Image.DecompressionBombError, MemoryError):
        raise PictureUnreadable(words("picture.too_large", name=name)) from None
    except UnidentifiedImageError:
        raise PictureUnreadable(_unidentified(path, name, words)) from None
    except PictureUnreadable:
        raise
    except (OSError, ValueError, SyntaxError, TypeError, ArithmeticError, LookupError, EOFError, AttributeError):
        # Pillow's decoders raise any of these on damaged files.
        raise PictureUnreadable(words("picture.damaged", name=name)) from None


def _unidentified(path: Path, name: str, words: Wording) -> str:
    try:
        with path.open("rb") as stream:
            head = stream.read(32)
    except OSError:
        head = b""
    if head[4:8] == b"ftyp" and any(brand in head for brand in (b"heic", b"heix", b"mif1", b"msf1", b"hevc")):
        return words("picture.heic", name=name)
    return words("picture.unsupported", name=name)


def _is_photograph(image: Image.Image) -> bool:
    return image.format in {"JPEG", "MPO"}


def _upright(image: Image.Image, too_large: str, longest: int = 0) -> Image.Image:
    photograph = _is_photograph(image)
    if not photograph and image.width * image.height > _MOST_PIXELS:
        raise PictureUnreadable(too_large)
    longest = longest or (PHOTOGRAPH_PIXELS if photograph else DRAWING_PIXELS)
    profile = image.info.get("icc_profile")
    if photograph and image.mode in {"RGB", "L"}:
        image.draft(image.mode, (longest, longest))
    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith(("I", "F")):
        low, high = _extremes(turned)
        scale = 255 / (high - low) if high > low else 1
        turned = turned.point(lambda value: value * scale - low * scale).convert("L")
    if turned.mode not in {"RGB", "RGBA", "L", "LA", "P", "1"}:
        turned = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    if max(turned.size) > longest:
        if turned.mode in {"P", "1"}:
            turned = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
        turned.thumbnail((longest, longest))
    return _in_srgb(turned, profile)


def _extremes(image: Image.Image) -> tuple[float, float]:
    low, high = image.getextrema()
    if isinstance(low, tuple) or isinstance(high, tuple):
        return 0, 65535
    return low, high


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert a wide-gamut photograph (telephones take those), whose profile is dropped with the metadata."""
    if not profile or image.mode != "RGB":
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def _encoded(image: Image.Image, *, photograph: bool) -> PreparedPicture:
    buffer = io.BytesIO()
    transparent = image.has_transparency_data
    few_colours = not photograph and not transparent and image.getcolors(256) is not None
    image.info.clear()
    if transparent and image.mode not in {"RGBA", "LA"}:
        image = image.convert("RGBA")
    if transparent or few_colours:
        image.save(buffer, "PNG", compress_level=6)
        return PreparedPicture(buffer.getvalue(), image.width, image.height, "image/png")
    if image.mode not in {"RGB", "L"}:
        image = image.convert("RGB")
    image.save(buffer, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return PreparedPicture(buffer.getvalue(), image.width, image.height, "image/jpeg")
