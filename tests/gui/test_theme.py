"""The look: every colour can be read, every icon is there, and theme and zoom reach the widgets."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontDatabase, QFontInfo, QGuiApplication, QIcon, QImage, QPalette, QRawFont
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.gui import icons, theme
from portfolio_app.paths import resources_dir

_WRITING = ("text", "muted", "accent", "met", "proof", "claimed", "nothing", "not_yet")
_GROUNDS = ("window", "surface", "sunken", "selection", "hover", "pressed")
_THEMES: tuple[theme.ThemeName, ...] = ("light", "dark")
_SOURCES = sorted((Path(theme.__file__).parent).rglob("*.py"))
_ICON_TAKING = {"icon", "pixmap", "set_icon", "icon_button", "EmptyState", "IconLabel"}


def _contrast(one: QColor, other: QColor) -> float:
    """Return the ratio of WCAG 2.2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("name", _THEMES)
def test_words_can_be_read_on_every_ground(name: theme.ThemeName) -> None:
    one = theme.named(name)
    pairs = [(word, one.colour(word), ground, one.colour(ground)) for word in _WRITING for ground in _GROUNDS]
    pairs += [("on_accent", one.colour("on_accent"), fill, one.colour(fill)) for fill in one.tokens if "accent" in fill]
    # Badges and banners: their own colour, and text, on its tint. Tool tips and toasts: the surface on the text.
    for status in ("met", "proof", "claimed", "nothing", "not_yet"):
        for word in (status, "text", "muted"):
            pairs.append((word, one.colour(word), f"{status} tint", theme.tint(one, status)))
    pairs.append(("text", one.colour("text"), "found", one.colour("found")))
    pairs.append(("surface", one.colour("surface"), "text", one.colour("text")))

    too_weak = [
        (word, ground, round(_contrast(colour, under), 2))
        for word, colour, ground, under in pairs
        if word != ground and _contrast(colour, under) < 4.5
    ]

    assert not too_weak


@pytest.mark.parametrize("name", _THEMES)
def test_the_focus_ring_and_the_edges_of_fields_can_be_seen(name: theme.ThemeName) -> None:
    one = theme.named(name)
    ring = [_contrast(one.colour("accent"), one.colour(ground)) for ground in _GROUNDS]
    edge = [_contrast(one.colour("control"), one.colour(ground)) for ground in ("window", "surface", "sunken")]

    assert min(ring + edge) >= 3


def test_both_themes_name_the_same_colours() -> None:
    assert theme.named("light").tokens.keys() == theme.named("dark").tokens.keys()


@pytest.mark.parametrize("name", _THEMES)
def test_pictures_in_the_style_sheet_exist_and_have_colours_of_the_theme(name: theme.ThemeName) -> None:
    one = theme.named(name)
    folder = resources_dir() / "themes"
    asked_for = set(re.findall(r"url\(theme:([^)]+)\)", theme.style_sheet(one)))
    shipped = {f"{name}/{path.name}" for path in (folder / name).glob("*.svg")}

    assert asked_for == shipped
    for picture in shipped:
        drawn_with = set(re.findall(r'stroke="([^"]+)"', (folder / picture).read_text(encoding="utf-8")))
        assert drawn_with <= set(one.tokens.values()), picture


@pytest.mark.parametrize("name", _THEMES)
def test_the_style_sheet_is_understood(
    qtbot: QtBot, qapp: QApplication, theme_named: Callable[..., theme.Theme], name: theme.ThemeName
) -> None:
    theme_named(name, 1.5)
    button = QPushButton("Save")
    theme.set_role(button, "primary")
    qtbot.addWidget(button)
    button.show()  # Qt warns of a sheet that it cannot parse, and a warning fails the test

    image = button.grab().toImage()

    assert image.pixelColor(image.width() // 2, 8) == theme.current().colour("accent")


def test_the_palette_sets_every_role_in_every_group() -> None:
    for name in _THEMES:
        one = theme.named(name)
        palette = theme.palette(one)
        colours = {QColor(value).rgb() for value in one.tokens.values()}
        groups = (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled)
        for group in groups:
            for role in QPalette.ColorRole:
                if role not in {QPalette.ColorRole.NoRole, QPalette.ColorRole.NColorRoles}:
                    assert palette.color(group, role).rgb() in colours, (name, group, role)
        assert palette.color(groups[0], QPalette.ColorRole.WindowText) == one.colour("text")
        assert palette.color(groups[1], QPalette.ColorRole.Highlight) == one.colour("selection")
        assert palette.color(groups[2], QPalette.ColorRole.ButtonText) == one.colour("disabled")


def test_the_fonts_shipped_are_used_and_have_every_sign() -> None:
    assert set(theme.FAMILIES) <= set(QFontDatabase.families())
    assert QFontInfo(theme.body_font()).family() == "Noto Sans"
    assert QFontInfo(theme.title_font()).bold()
    for state in CoverageState:
        assert any(_has(family, state.symbol) for family in theme.FAMILIES), state


def _has(family: str, sign: str) -> bool:
    return QRawFont.fromFont(QFontDatabase.font(family, "Regular", 12)).supportsCharacter(ord(sign))


def test_zoom_scales_type_icons_and_controls_and_keeps_within_bounds(
    qtbot: QtBot, theme_named: Callable[..., theme.Theme]
) -> None:
    button = QPushButton("Add")
    icons.set_icon(button, "plus")
    qtbot.addWidget(button)
    button.show()
    height, edge = button.sizeHint().height(), button.iconSize()

    theme_named("light", 2.0)

    assert button.font().pixelSize() == 26
    assert button.iconSize() == edge * 2
    assert button.sizeHint().height() >= 2 * height - 2
    assert theme_named("light", 9.0).zoom == theme.LARGEST_ZOOM
    assert theme_named("light", 0.1).zoom == theme.SMALLEST_ZOOM


def test_a_change_of_theme_reaches_icons_and_roles(qtbot: QtBot, theme_named: Callable[..., theme.Theme]) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    button, label = QPushButton(window), QLabel("later", window)
    action = QAction("Undo", window)
    window.addAction(action)
    icons.set_icon(button, "plus")
    icons.set_icon(action, "undo-2", colour="muted")
    theme.set_role(label, "muted")
    window.show()
    assert label.palette().windowText().color() == theme.named("light").colour("muted")

    with qtbot.waitSignal(theme.notifier().changed):
        dark = theme_named("dark")

    assert theme.current() == dark
    assert label.palette().windowText().color() == dark.colour("muted")
    assert _is_drawn_in("text", button.icon())
    assert _is_drawn_in("muted", action.icon())


def _is_drawn_in(token: str, icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> bool:
    image = icon.pixmap(QSize(16, 16), mode).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    spots = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    drawn, meant = max(spots, key=QColor.alpha), theme.current().colour(token)
    # Colours are rounded where a line covers only a part of a pixel.
    apart = (drawn.red() - meant.red(), drawn.green() - meant.green(), drawn.blue() - meant.blue())
    return drawn.alpha() > 0 and max(map(abs, apart)) <= 3


def test_a_disabled_icon_stands_back() -> None:
    assert _is_drawn_in("disabled", icons.icon("x"), QIcon.Mode.Disabled)


class _System:
    """Stands for the application on a system of that colour scheme, which offscreen has none."""

    def __init__(self, scheme: Qt.ColorScheme) -> None:
        self._scheme = scheme

    def styleHints(self) -> _System:  # noqa: N802 - as Qt has it
        return self

    def colorScheme(self) -> Qt.ColorScheme:  # noqa: N802 - as Qt has it
        return self._scheme


def test_the_theme_of_the_system_is_asked_for() -> None:
    def resolved(name: str, scheme: Qt.ColorScheme) -> str:
        return theme.resolve(name, cast("QGuiApplication", _System(scheme)))

    assert resolved("system", Qt.ColorScheme.Dark) == "dark"
    assert resolved("system", Qt.ColorScheme.Light) == "light"
    assert resolved("system", Qt.ColorScheme.Unknown) == "light"
    assert resolved("dark", Qt.ColorScheme.Light) == "dark"
    assert resolved("a theme of a later version", Qt.ColorScheme.Dark) == "light"


def test_every_state_has_a_colour_of_its_own_in_the_theme() -> None:
    colours = {state: theme.state_colour(state).name() for state in CoverageState}

    assert colours[CoverageState.MET] == theme.current().colour("met").name()
    assert len(set(colours.values())) == 5  # "claimed" and "more evidence needed" share one, and differ in sign


def _icons_named() -> Iterator[tuple[Path, int, str]]:
    """Yield every icon that the source names outright."""
    for path in _SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            of_a_label = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") != "icons"
            position = 1 if called == "set_icon" and not of_a_label else 0
            named = [keyword.value for keyword in node.keywords if keyword.arg in {"icon", "icon_name"}]
            if called in _ICON_TAKING:
                named += node.args[position : position + 1]
            elif called == "button":
                named += node.args[2:3]
            for value in named:
                for choice in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
                    if isinstance(choice, ast.Constant) and isinstance(choice.value, str) and choice.value:
                        yield path, node.lineno, choice.value


def test_every_icon_that_is_named_is_shipped() -> None:
    shipped = {path.stem for path in (resources_dir() / "icons").glob("*.svg")}
    named = list(_icons_named())

    assert named
    assert [place for place in named if place[2] not in shipped] == []
    assert set(icons.EVIDENCE_KIND_ICONS.values()) <= shipped
    with pytest.raises(LookupError, match="no icon"):
        icons.icon("unheard-of")
    with pytest.raises(LookupError, match="no name"):
        icons.icon("../themes/light")


def test_every_kind_of_evidence_has_an_icon_of_its_own() -> None:
    kinds = {path.stem for path in (resources_dir() / "evidence_kinds").glob("*.toml")}

    assert kinds == set(icons.EVIDENCE_KIND_ICONS)
    assert len(set(icons.EVIDENCE_KIND_ICONS.values())) == len(kinds)
    assert not icons.kind_icon("a kind of one's own").isNull()


def test_the_program_has_an_icon_of_its_own() -> None:
    assert not icons.application_icon().pixmap(64, 64).isNull()


class _Dressings(QObject):
    """Counts how often a widget is dressed anew."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        self.count += event.type() == QEvent.Type.StyleChange
        return False


def test_a_widget_is_dressed_no_oftener_the_deeper_it_lies(
    qtbot: QtBot, theme_named: Callable[..., theme.Theme]
) -> None:
    theme_named("light")
    outermost = innermost = QWidget()
    qtbot.addWidget(outermost)
    for _ in range(12):
        innermost = QLabel("words", innermost)
    outermost.show()
    shallow, deep = _Dressings(outermost), _Dressings(innermost)

    theme_named("dark")

    assert 0 < deep.count <= shallow.count
