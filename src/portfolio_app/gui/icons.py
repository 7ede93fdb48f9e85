"""Lucide icons, recoloured from the theme in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton

from portfolio_app.gui import theme
from portfolio_app.paths import resources_dir

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

APPLICATION_ICON = "portfolio-app"
EVIDENCE_KIND_ICONS = {
    "case-study": "microscope",
    "complaint-record": "megaphone",
    "customer-feedback-report": "star",
    "development-plan": "trending-up",
    "email-trail": "mail",
    "expert-witness-testimony": "award",
    "kpi-report": "chart-column",
    "meeting-minutes": "users",
    "monitoring-plan": "gauge",
    "observation-record": "eye",
    "other-product": "file-text",
    "photograph-or-recording": "camera",
    "plan": "clipboard-list",
    "prior-certificate": "badge-check",
    "problem-log": "bug",
    "professional-discussion": "messages-square",
    "question-and-answer": "message-circle-question-mark",
    "recruitment-plan": "user-search",
    "reflective-account": "notebook-pen",
    "risk-register": "shield-alert",
    "service-level-agreement": "handshake",
    "staff-rota": "calendar-range",
    "training-record": "graduation-cap",
    "witness-testimony": "user-check",
}
_OF_ANY_KIND = "file-text"
_GAP = 4
_ALLOWED_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ICON = "iconName"
_ICON_SIZE = "iconBaseSize"
_ICON_COLOUR = "iconColour"


def icon(name: str, size: int = 16, colour: str = "text") -> QIcon:
    """Return a Lucide icon in a colour of the theme in force, with its disabled look.

    Args:
        name: The icon's name at lucide.dev, such as ``plus``.
        size: Its edge in pixels before zoom, 16 or 20.
        colour: The name of a colour of the theme.

    Raises:
        LookupError: No such icon is shipped.
    """
    in_force = theme.current()
    return _drawn(name, in_force.scaled(size), in_force.css(colour), in_force.css("disabled"), _densities())


def draw_ahead() -> Iterator[None]:
    """Draw every icon as most buttons show it, one at each step: what is drawn once is kept."""
    for file in sorted((resources_dir() / "icons").glob("*.svg")):
        icon(file.stem)
        yield


def kind_icon(kind_id: str, size: int = 16, colour: str = "muted") -> QIcon:
    """Return the icon of a kind of evidence; kinds of the user's own have that of a document."""
    return icon(kind_icon_name(kind_id), size, colour)


def kind_icon_name(kind_id: str) -> str:
    """Return the name of the icon of a kind of evidence."""
    return EVIDENCE_KIND_ICONS.get(kind_id, _OF_ANY_KIND)


def pixmap(name: str, size: int = 16, colour: str = "text", density: float = 1.0) -> QPixmap:
    """Return an icon as a picture for a painter, drawn for a screen of this many pixels per logical pixel."""
    in_force = theme.current()
    return _rendered(name, in_force.scaled(size), in_force.css(colour), density)


def application_icon() -> QIcon:
    """Return the program's own icon, for windows and the task bar."""
    return QIcon(str(resources_dir() / "icons" / f"{APPLICATION_ICON}.svg"))


def set_icon(target: QAbstractButton | QAction, name: str, size: int = 16, colour: str = "text") -> None:
    """Give a button or an action an icon that is drawn anew whenever the theme or the zoom changes.

    An action is found again by the window or widget it was added to.
    """
    _follow_theme()
    target.setProperty(_ICON, name)
    target.setProperty(_ICON_SIZE, size)
    target.setProperty(_ICON_COLOUR, colour)
    _draw_again(target)


def _renew_icons() -> None:
    for widget in QApplication.allWidgets():
        if isinstance(widget, QAbstractButton):
            _draw_again(widget)
        for action in widget.actions():
            _draw_again(action)


@lru_cache(maxsize=1)
def _follow_theme() -> None:
    theme.notifier().changed.connect(_renew_icons)


def _draw_again(target: QAbstractButton | QAction) -> None:
    name = target.property(_ICON)
    if not isinstance(name, str):
        return
    size = int(target.property(_ICON_SIZE))
    picture = icon(name, size, str(target.property(_ICON_COLOUR)))
    if isinstance(target, QAbstractButton):
        edge = theme.current().scaled(size)
        gap = theme.current().scaled(_GAP) if isinstance(target, QPushButton) and target.text() else 0
        target.setIcon(_with_gap(picture, edge, gap) if gap else picture)
        target.setIconSize(QSize(edge + gap, edge))
    else:
        target.setIcon(picture)


def _with_gap(picture: QIcon, edge: int, gap: int) -> QIcon:
    """Return an icon with room before the text that follows it: Qt leaves none on a button under a style sheet."""
    result = QIcon()
    for density in _densities():
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
            wide = QPixmap(round((edge + gap) * density), round(edge * density))
            wide.fill(Qt.GlobalColor.transparent)
            wide.setDevicePixelRatio(density)
            painter = QPainter(wide)
            painter.drawPixmap(QPointF(0, 0), picture.pixmap(QSize(edge, edge), density, mode))
            painter.end()
            result.addPixmap(wide, mode)
    return result


def _densities() -> tuple[float, ...]:
    application = QGuiApplication.instance()
    own = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    return tuple(sorted({1.0, own}))


@lru_cache(maxsize=512)
def _drawn(name: str, size: int, colour: str, disabled: str, densities: tuple[float, ...]) -> QIcon:
    result = QIcon()
    for density in densities:
        plain = _rendered(name, size, colour, density)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
            result.addPixmap(plain, mode)
        result.addPixmap(_rendered(name, size, disabled, density), QIcon.Mode.Disabled)
    return result


@lru_cache(maxsize=1024)
def _rendered(name: str, size: int, colour: str, density: float) -> QPixmap:
    drawing = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    edge = round(size * density)
    picture = QPixmap(edge, edge)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    drawing.render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    picture.setDevicePixelRatio(density)
    return picture


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    if not _ALLOWED_NAME.fullmatch(name):
        raise LookupError(f"{name!r} is no name of an icon")
    try:
        return (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    except FileNotFoundError as absent:
        raise LookupError(f"There is no icon {name!r} in resources/icons") from absent
