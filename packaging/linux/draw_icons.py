"""Draws the program's icon in the sizes that desktops ask for: draw_icons.py PICTURE.svg FOLDER."""

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColorConstants, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def main() -> None:
    picture, folder = Path(sys.argv[1]), Path(sys.argv[2])
    application = QGuiApplication(sys.argv[:1])
    renderer = QSvgRenderer(str(picture))
    if not renderer.isValid():
        sys.exit(f"{picture} is no picture")
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(QColorConstants.Transparent)
        painter = QPainter(image)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        place = folder / f"{size}x{size}" / "apps" / "portfolio-app.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        if not image.save(str(place)):
            sys.exit(f"{place} cannot be written")
    application.quit()


main()
