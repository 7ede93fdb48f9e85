"""Colours, type and spacing of the window: light, dark, or as the system has it, at any zoom.

The colours are data in ``resources/themes``; the style sheet there names them with ``@``, and its sizes in pixels
are those at a zoom of 100 %.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, cast

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from portfolio_app.paths import resources_dir

if TYPE_CHECKING:
    from portfolio_app.domain.coverage import CoverageState

ThemeName = Literal["light", "dark"]
NAMES: Final = ("light", "dark", "system")
SMALLEST_ZOOM: Final = 0.8
LARGEST_ZOOM: Final = 2.0
FAMILIES: Final = ("Noto Sans", "Noto Sans Symbols2", "Noto Sans Symbols", "Noto Sans Math")
ROW_HEIGHT: Final = 32
COMPACT_ROW_HEIGHT: Final = 26

_BODY, _PROSE, _TITLE, _SECTION, _BADGE = 13, 15, 20, 15, 11
_STATE_TOKENS = {
    "no claim": "nothing",
    "claimed": "claimed",
    "claimed with proof": "proof",
    "not yet met": "not_yet",
    "more evidence needed": "claimed",
    "met": "met",
}
_SIZE = re.compile(r"\b(\d+)px\b")
_TOKEN = re.compile(r"@([a-z_]+)")
_TINT = 0.1
_PICTURES = "theme"
_STYLED = "fusionSet"


class Space:
    """The steps of white space, in pixels."""

    S4: Final = 4
    S8: Final = 8
    S12: Final = 12
    S16: Final = 16
    S24: Final = 24
    S32: Final = 32


@dataclass(frozen=True, slots=True)
class Theme:
    """A set of colours and a zoom.

    Attributes:
        name: ``light`` or ``dark``.
        tokens: The colours by name, as ``#RRGGBB``.
        zoom: The factor on type, icons and padding.
        compact: Whether rows of lists stand closer together.
    """

    name: ThemeName
    tokens: Mapping[str, str]
    zoom: float = 1.0
    compact: bool = False

    def css(self, token: str) -> str:
        """Return a colour as style sheets and HTML write it."""
        return self.tokens[token]

    def colour(self, token: str) -> QColor:
        """Return a colour."""
        return QColor(self.tokens[token])

    def scaled(self, pixels: int) -> int:
        """Return a length at this zoom; what is there at all stays at least a pixel."""
        return max(1, round(pixels * self.zoom)) if pixels > 0 else 0

    @property
    def row_height(self) -> int:
        """The height of a row of one line."""
        return self.scaled(COMPACT_ROW_HEIGHT if self.compact else ROW_HEIGHT)

    def row_padding(self, usual: int) -> int:
        """Return how much higher than its text a row of several lines is, usually or in compact lists."""
        return self.scaled(usual // 2 if self.compact else usual)


class Notifier(QObject):
    """Says when the theme or the zoom has changed."""

    changed = Signal()


class _InForce:
    """The theme in force and what the user asked for."""

    theme: Theme | None = None
    asked: str = "light"
    notifier: Notifier | None = None
    follows_system: bool = False


def names() -> tuple[str, ...]:
    """Return what the user may ask for."""
    return NAMES


def current() -> Theme:
    """Return the theme in force; before any is applied, the light one."""
    if _InForce.theme is None:
        _InForce.theme = named("light")
    return _InForce.theme


def named(name: ThemeName, zoom: float = 1.0, *, compact: bool = False) -> Theme:
    """Return the theme of that name at a zoom, which is kept within what the window can show."""
    return Theme(name, _tokens(name), min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM), compact)


def resolve(name: str, application: QGuiApplication) -> ThemeName:
    """Return the theme meant: that of the system for ``system``, light for a name that is not known."""
    if name == "system":
        dark = application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return "dark" if dark else "light"
    return "dark" if name == "dark" else "light"


def notifier() -> Notifier:
    """Return the object whose ``changed`` signal follows every change of theme or zoom."""
    if _InForce.notifier is None:
        _InForce.notifier = Notifier()
    return _InForce.notifier


def apply(application: QApplication, name: str, zoom: float = 1.0, *, compact: bool = False) -> Theme:
    """Dress the whole program: style, palette, fonts, style sheet; icons follow.

    Args:
        application: The program.
        name: ``light``, ``dark``, or ``system``, which is followed from then on.
        zoom: The factor on type, icons and padding, 0.8 to 2.0.
        compact: Whether rows of lists stand closer together.

    Returns:
        The theme now in force.
    """
    chosen = named(resolve(name, application), zoom, compact=compact)
    _InForce.theme, _InForce.asked = chosen, name
    load_fonts()
    QDir.setSearchPaths(_PICTURES, [str(resources_dir() / "themes")])
    if not application.property(_STYLED):  # a style under a style sheet no longer tells its name
        application.setStyle("Fusion")
        application.setProperty(_STYLED, True)
    application.setStyleSheet("")  # one put in place of another dresses each widget once for every widget around it
    application.setPalette(palette(chosen))
    application.setFont(body_font())
    application.setStyleSheet(style_sheet(chosen))
    _follow_system(application)
    notifier().changed.emit()
    return chosen


def load_fonts() -> None:
    """Load the fonts that are shipped, so that the window looks the same everywhere."""
    _load_fonts()


@lru_cache(maxsize=1)
def _load_fonts() -> None:
    for path in sorted((resources_dir() / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))


def palette(theme: Theme) -> QPalette:
    """Return the palette of a theme: every role in all three groups."""
    role = QPalette.ColorRole
    by_role = {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "surface",
        role.AlternateBase: "window",
        role.Text: "text",
        role.PlaceholderText: "muted",
        role.Button: "surface",
        role.ButtonText: "text",
        role.BrightText: "not_yet",
        role.ToolTipBase: "text",
        role.ToolTipText: "surface",
        role.Highlight: "selection",
        role.HighlightedText: "text",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.Accent: "accent",
        role.Light: "surface",
        role.Midlight: "hover",
        role.Mid: "line",
        role.Dark: "control",
        role.Shadow: "control",
    }
    disabled = {
        role.WindowText: "disabled",
        role.Text: "disabled",
        role.ButtonText: "disabled",
        role.PlaceholderText: "disabled",
        role.HighlightedText: "disabled",
        role.Link: "disabled",
        role.LinkVisited: "disabled",
        role.Base: "window",
        role.Button: "window",
        role.Highlight: "pressed",
        role.Accent: "disabled",
    }
    result = QPalette()
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        tokens = by_role | disabled if group == QPalette.ColorGroup.Disabled else by_role
        for which, token in tokens.items():
            result.setColor(group, which, theme.colour(token))
    return result


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of a theme at its zoom."""
    tinted = {f"{token}_tint": tint(theme, token).name() for token in ("met", "proof", "claimed", "nothing", "not_yet")}
    values = {**theme.tokens, **tinted, "theme": theme.name}
    named_colours = _TOKEN.sub(lambda match: values[match[1]], _style_sheet_source())
    return _SIZE.sub(lambda match: f"{theme.scaled(int(match[1]))}px", named_colours)


def tint(theme: Theme, token: str, strength: float = _TINT) -> QColor:
    """Return a colour thinned with the surface, for the ground of a badge or a banner in that colour."""
    colour, ground = theme.colour(token), theme.colour("surface")
    return QColor.fromRgbF(
        *(
            part * strength + under * (1 - strength)
            for part, under in (
                (colour.redF(), ground.redF()),
                (colour.greenF(), ground.greenF()),
                (colour.blueF(), ground.blueF()),
            )
        )
    )


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget a role of the style sheet, such as ``card`` or ``primary``."""
    set_state(widget, "role", role)


def set_state(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet asks for, and let the widget be dressed anew if it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # it is dressed when it is first shown or measured
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def state_token(state: CoverageState | str) -> str:
    """Return the name of a state's colour, whose sign and word always stand beside it; a colour's name stays."""
    return _STATE_TOKENS.get(str(state), str(state))


def state_colour(state: CoverageState) -> QColor:
    """Return the colour of a state in the theme in force."""
    return current().colour(state_token(state))


def body_font() -> QFont:
    """Return the font of controls and lists."""
    return _font(_BODY)


def prose_font() -> QFont:
    """Return the font in which people write."""
    return _font(_PROSE)


def title_font() -> QFont:
    """Return the font of a page's title."""
    return _font(_TITLE, bold=True)


def section_font() -> QFont:
    """Return the font of a section's title."""
    return _font(_SECTION, bold=True)


def badge_font() -> QFont:
    """Return the font of badges, the only one this small."""
    return _font(_BADGE)


def tabular(font: QFont) -> QFont:
    """Return the font with figures of one width, so that columns of numbers stand true."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def _font(pixels: int, *, bold: bool = False) -> QFont:
    result = QFont()
    result.setFamilies(list(FAMILIES))
    result.setPixelSize(current().scaled(pixels))
    if bold:
        result.setWeight(QFont.Weight.Bold)
    return result


def _follow_system(application: QApplication) -> None:
    if not _InForce.follows_system:
        application.styleHints().colorSchemeChanged.connect(_system_changed)
        _InForce.follows_system = True


def _system_changed() -> None:
    application = QApplication.instance()
    if _InForce.asked != "system" or not isinstance(application, QApplication):
        return
    if resolve("system", application) != current().name:
        apply(application, "system", current().zoom, compact=current().compact)


@lru_cache(maxsize=2)
def _tokens(name: str) -> Mapping[str, str]:
    path = resources_dir() / "themes" / f"{name}.toml"
    return cast("dict[str, str]", tomllib.loads(path.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def _style_sheet_source() -> str:
    return (resources_dir() / "themes" / "window.qss").read_text(encoding="utf-8")
