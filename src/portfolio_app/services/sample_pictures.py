"""The sample portfolio's photographs and scan, drawn: a whiteboard, a notice board, a certificate.

Drawn with the same “chance” every time, so that the sample is the same wherever it is made.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from portfolio_app.paths import resources_dir

Colour: TypeAlias = tuple[int, int, int]
Point: TypeAlias = tuple[float, float]

_BLACK, _BLUE, _RED, _GREEN = (38, 40, 48), (28, 66, 150), (178, 38, 40), (22, 120, 66)
_INK, _TEAL = (34, 48, 60), (11, 110, 127)
_ORIENTATION, _ROTATED_TO_THE_LEFT = 0x0112, 6
_QUALITY = 86


def draw_whiteboard(source: dict[str, Any], target: Path) -> None:
    """Draw a photograph, in JPEG, of a whiteboard with a table and notes written by hand."""
    chance = _chance(17)
    photo = _shaded(1600, 1200, (205, 203, 196), (158, 154, 146))
    board = _shaded(1360, 940, (250, 251, 250), (226, 231, 232))
    pen = ImageDraw.Draw(board)
    _write(board, chance, source["heading"], (60, 40), size=92, colour=_BLUE)
    _stroke(pen, chance, [(60, 172), (545, 164)], _BLUE, 6)
    columns, top, row_height = (60, 340, 500, 690), 200, 112
    for column, name in zip(columns, source["header"], strict=True):
        _write(board, chance, name, (column, top), size=50, colour=_BLACK)
    for line in range(len(source["rows"])):
        y = top + 76 + line * row_height
        _stroke(pen, chance, [(50, y), (400, y - 3), (830, y + 2)], _BLACK, 4)
    for place, row in enumerate(source["rows"]):
        y = top + 96 + place * row_height
        for column, name, colour in zip(columns, row, (_BLACK, _BLUE, _GREEN, _RED), strict=True):
            _write(board, chance, name, (column, y), size=60, colour=colour)
    _stroke(pen, chance, [(880, 60), (874, 480), (884, 890)], _BLACK, 4)
    for place, text in enumerate(source["side"]):
        last_lines = place > len(source["side"]) - 3
        _write(board, chance, text, (925, 110 + place * 84), size=42, colour=_RED if last_lines else _BLACK)
    glare = Image.new("L", board.size, 0)
    ImageDraw.Draw(glare).polygon([(700, 0), (1000, 0), (560, 940), (330, 940)], fill=46)
    board.paste((255, 255, 255), mask=glare.filter(ImageFilter.GaussianBlur(60)))
    framed = _framed(board)
    photo.paste(framed, (90, 60))
    _draw_tray(ImageDraw.Draw(photo))
    _save_photo(_seen_from_aside(photo, (26, 14), (1590, 0), (1576, 1196), (6, 1170)), chance, target)


def draw_notice_board(source: dict[str, Any], target: Path) -> None:
    """Draw a photograph, in JPEG, of a cork board, stored sideways with an orientation as telephones do."""
    chance = _chance(5)
    photo = _cork(1200, 1600, chance)
    promise = _sheet(620, 560, (252, 252, 250))
    pen = ImageDraw.Draw(promise)
    pen.rectangle((0, 0, 620, 92), fill=_TEAL)
    pen.text((310, 46), source["heading"], (255, 255, 255), _font(46, bold=True), anchor="mm")
    for place, text in enumerate(source["standards"]):
        y = 158 + place * 104
        pen.ellipse((36, y - 26, 88, y + 26), fill=_TEAL)
        pen.text((62, y), str(place + 1), (255, 255, 255), _font(32, bold=True), anchor="mm")
        pen.text((112, y), text, _INK, _font(31), anchor="lm")
    figures = _sheet(380, 330, (255, 241, 150))
    for place, text in enumerate(source["figures"]):
        _write(figures, chance, text, (34, 30 + place * 72), size=38, colour=_BLUE if place == 0 else _BLACK)
    said = _sheet(980, 560, (246, 250, 252))
    pen = ImageDraw.Draw(said)
    for place, (left, right) in enumerate(source["said"]):
        y = 80 + place * 134
        if place == 0:
            pen.text((44, y), left, _TEAL, _font(44, bold=True), anchor="lm")
            pen.text((590, y), right, _TEAL, _font(44, bold=True), anchor="lm")
            continue
        pen.line((44, y - 64, 936, y - 64), fill=(200, 212, 216), width=3)
        pen.text((44, y), left, _INK, _font(29), anchor="lm")
        pen.line((516, y, 556, y), fill=_TEAL, width=5)
        pen.polygon([(568, y), (550, y - 12), (550, y + 12)], fill=_TEAL)
        pen.text((590, y), right, _INK, _font(29, bold=True), anchor="lm")
    poster = _sheet(380, 400, (214, 236, 244))
    _draw_swimmer(ImageDraw.Draw(poster))
    _pin(photo, promise, (70, 150), 1.6, _RED)
    _pin(photo, figures, (748, 170), -3.2, _GREEN)
    _pin(photo, poster, (752, 560), 1.1, _BLUE)
    _pin(photo, said, (110, 960), -0.8, _RED)
    photo = _seen_from_aside(photo, (0, 18), (1196, 0), (1190, 1584), (14, 1600))
    _save_photo(photo.transpose(Image.Transpose.ROTATE_90), chance, target, _ROTATED_TO_THE_LEFT)


def draw_certificate(source: dict[str, Any], target: Path) -> None:
    """Draw a scan, as a picture on a PDF page without text, of a certificate in landscape."""
    chance = _chance(23)
    sheet = _shaded(1754, 1240, (253, 249, 236), (247, 241, 224))
    pen = ImageDraw.Draw(sheet)
    for inset, width in ((48, 10), (70, 3)):
        pen.rectangle((inset, inset, 1754 - inset, 1240 - inset), outline=(120, 96, 44), width=width)
    middle = 1754 // 2
    lines = [
        (source["body"], 170, 46, True, _INK),
        (source["line"], 300, 34, False, _INK),
        (source["name"], 410, 84, True, _TEAL),
        (source["text"], 520, 34, False, _INK),
        (source["title"], 610, 58, True, _INK),
        *((text, 710 + 58 * place, 32, False, _INK) for place, text in enumerate(source["details"])),
    ]
    for text, y, size, bold, colour in lines:
        pen.text((middle, y), text, colour, _font(size, bold=bold), anchor="mm")
    _draw_seal(pen, (330, 1000), source["stamp"])
    for x, wave in ((850, 9), (1260, 13)):
        signature = [(x + 4 * step, 1010 + 34 * math.sin(step / wave * 3) * math.cos(step / 7)) for step in range(68)]
        pen.line(signature, fill=(24, 34, 90), width=4, joint="curve")
        pen.line((x - 20, 1060, x + 300, 1060), fill=(150, 140, 120), width=2)
    for x, text in ((990, "Head of Centre"), (1400, "Awarding Organisation")):
        pen.text((x, 1092), text, _INK, _font(24), anchor="mm")
    scan = sheet.rotate(0.5, Image.Resampling.BICUBIC, fillcolor=(224, 224, 220))
    scan = _grained(scan.filter(ImageFilter.GaussianBlur(0.5)), chance, 10)
    picture = io.BytesIO()
    scan.save(picture, "JPEG", quality=_QUALITY)
    picture.seek(0)
    width, height = 842, 595
    canvas = Canvas(str(target), pagesize=(width, height), invariant=1)
    canvas.setTitle(source["title"])
    canvas.drawImage(ImageReader(picture), 0, 0, width, height)
    canvas.save()


def _chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - the same picture every time is what is wanted


@cache
def _font(size: int, *, bold: bool = False, italic: bool = False) -> ImageFont.FreeTypeFont:
    style = "Bold" if bold else "Italic" if italic else "Regular"
    return ImageFont.truetype(str(resources_dir() / "fonts" / f"NotoSans-{style}.ttf"), size)


def _shaded(width: int, height: int, light: Colour, dark: Colour) -> Image.Image:
    """Return a plain surface that the light falls on from above left."""
    # Twice as large while it is turned, so that no corner of it stays empty.
    slope = Image.linear_gradient("L").resize((2 * width, 2 * height)).rotate(12, Image.Resampling.BILINEAR)
    slope = slope.crop((width // 2, height // 2, width // 2 + width, height // 2 + height))
    return Image.composite(Image.new("RGB", (width, height), dark), Image.new("RGB", (width, height), light), slope)


def _write(image: Image.Image, chance: Random, text: str, place: Point, *, size: int, colour: Colour) -> None:
    """Write as a hand does: each letter a little out of line."""
    x, y = place
    font = _font(size, italic=True)
    for letter in text:
        width = font.getlength(letter)
        if letter != " ":
            box = Image.new("L", (int(width) + size, size * 2), 0)
            ImageDraw.Draw(box).text((size // 2, size // 4), letter, 235, font, stroke_width=size // 34)
            box = box.rotate(chance.uniform(-3.5, 3.5), Image.Resampling.BICUBIC)
            left, top = x - size / 2 + chance.uniform(-1, 1), y - size / 4 + chance.uniform(-2.5, 2.5)
            image.paste(colour, (round(left), round(top)), box)
        x += width * 1.03


def _stroke(pen: ImageDraw.ImageDraw, chance: Random, points: Sequence[Point], colour: Colour, width: int) -> None:
    shaken = []
    for (x1, y1), (x2, y2) in pairwise(points):
        for step in range(21):
            share = step / 20
            shaken.append((x1 + (x2 - x1) * share, y1 + (y2 - y1) * share + chance.uniform(-1.4, 1.4)))
    pen.line(shaken, fill=colour, width=width, joint="curve")


def _framed(board: Image.Image) -> Image.Image:
    framed = Image.new("RGB", (board.width + 60, board.height + 60), (176, 180, 184))
    pen = ImageDraw.Draw(framed)
    pen.rectangle((6, 6, framed.width - 7, framed.height - 7), outline=(214, 217, 220), width=6)
    pen.rectangle((24, 24, framed.width - 25, framed.height - 25), outline=(140, 144, 150), width=6)
    framed.paste(board, (30, 30))
    return framed


def _draw_tray(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((300, 1058, 1260, 1096), fill=(186, 190, 194))
    pen.rectangle((300, 1090, 1260, 1102), fill=(126, 130, 136))
    for x, colour in ((380, _BLUE), (560, _RED), (740, _GREEN)):
        pen.rounded_rectangle((x, 1040, x + 130, 1062), 8, fill=(240, 240, 240))
        pen.rounded_rectangle((x + 92, 1040, x + 150, 1062), 8, fill=colour)
    pen.rounded_rectangle((980, 1026, 1120, 1064), 6, fill=(64, 70, 84))
    pen.rectangle((980, 1054, 1120, 1064), fill=(206, 204, 196))


def _cork(width: int, height: int, chance: Random) -> Image.Image:
    cork = _shaded(width, height, (204, 164, 112), (176, 134, 84))
    coarse = Image.frombytes("L", (width // 5, height // 5), chance.randbytes((width // 5) * (height // 5)))
    coarse = coarse.resize((width, height), Image.Resampling.BICUBIC).point([value // 5 for value in range(256)])
    cork = ImageChops.subtract(cork, Image.merge("RGB", (coarse, coarse, coarse)))
    pen = ImageDraw.Draw(cork)
    pen.rectangle((0, 0, width - 1, height - 1), outline=(132, 92, 54), width=44)
    pen.rectangle((40, 40, width - 41, height - 41), outline=(96, 66, 38), width=6)
    return cork


def _sheet(width: int, height: int, colour: Colour) -> Image.Image:
    dark = (max(colour[0] - 14, 0), max(colour[1] - 14, 0), max(colour[2] - 14, 0))
    return _shaded(width, height, colour, dark)


def _pin(photo: Image.Image, sheet: Image.Image, place: tuple[int, int], angle: float, colour: Colour) -> None:
    whole = Image.new("L", sheet.size, 255)
    turned = sheet.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    mask = whole.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    shadow = Image.new("L", photo.size, 0)
    shadow.paste(mask.point([value // 2 for value in range(256)]), (place[0] + 10, place[1] + 14))
    photo.paste((60, 40, 24), mask=shadow.filter(ImageFilter.GaussianBlur(9)))
    photo.paste(turned, place, mask)
    x, y = place[0] + turned.width // 2, place[1] + 22
    pen = ImageDraw.Draw(photo)
    pen.ellipse((x - 12, y - 6, x + 22, y + 26), fill=(80, 60, 44))
    pen.ellipse((x - 17, y - 17, x + 17, y + 17), fill=colour)
    pen.ellipse((x - 9, y - 11, x + 1, y - 1), fill=(250, 246, 242))


def _draw_swimmer(pen: ImageDraw.ImageDraw) -> None:
    pen.text((190, 70), "Learn to swim", _TEAL, _font(42, bold=True), anchor="mm")
    pen.ellipse((216, 146, 272, 202), fill=(240, 170, 120))
    pen.line([(60, 236), (150, 196), (214, 226), (286, 214)], fill=(226, 106, 60), width=26, joint="curve")
    for place in range(3):
        y = 262 + place * 40
        wave = [(20 + 4 * step, y + 10 * math.sin(step / 6 + place)) for step in range(86)]
        pen.line(wave, fill=(60, 140, 190), width=10, joint="curve")


def _draw_seal(pen: ImageDraw.ImageDraw, centre: Point, text: str) -> None:
    x, y = centre
    for ribbon in ((-70, 190, -20, 60), (20, 60, 70, 190)):
        left, top, right, bottom = ribbon
        pen.line((x + left, y + top, x + right, y + bottom), fill=(150, 30, 40), width=46)
    points = []
    for step in range(72):
        radius = 124 if step % 2 else 108
        points.append((x + radius * math.cos(step * math.pi / 36), y + radius * math.sin(step * math.pi / 36)))
    pen.polygon(points, fill=(198, 158, 62))
    pen.ellipse((x - 88, y - 88, x + 88, y + 88), outline=(250, 236, 190), width=5)
    pen.text((x, y), text, (250, 240, 206), _font(38, bold=True), anchor="mm")


def _seen_from_aside(image: Image.Image, *corners: Point) -> Image.Image:
    """Return the image as if its corners (from top left, clockwise) stood at these places of a tilted wall."""
    width, height = image.size
    return image.transform(
        image.size,
        Image.Transform.QUAD,
        [*corners[0], *corners[3], *corners[2], *corners[1]],
        Image.Resampling.BICUBIC,
        fillcolor=image.getpixel((width - 2, height // 2)),
    )


def _grained(image: Image.Image, chance: Random, strength: int) -> Image.Image:
    grain = Image.frombytes("L", image.size, chance.randbytes(image.width * image.height))
    grain = grain.point([value * strength // 256 for value in range(256)])
    return ImageChops.subtract(image, Image.merge("RGB", (grain, grain, grain)))


def _save_photo(image: Image.Image, chance: Random, target: Path, orientation: int = 1) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    photo = _grained(image.filter(ImageFilter.GaussianBlur(0.7)), chance, 14)
    photo.save(target, "JPEG", quality=_QUALITY, exif=exif)
