"""The small parts that every page is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QTextCharFormat
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QBoxLayout,
    QButtonGroup,
    QDateEdit,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QTableView,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.gui import theme
from portfolio_app.gui.icons import pixmap, set_icon
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from portfolio_app.domain.coverage import CoverageState

__all__ = [
    "Badge",
    "Banner",
    "BannerKind",
    "Card",
    "ElidedLabel",
    "EmptyState",
    "FlowLayout",
    "IconLabel",
    "MutedLabel",
    "PageHeader",
    "SearchField",
    "Section",
    "SegmentedControl",
    "StateLabel",
    "add_together",
    "button",
    "clear_layout",
    "date_field",
    "hairline",
    "has_keyboard",
    "icon_button",
    "press_with_enter",
    "set_rows",
]

BannerKind = Literal["info", "success", "warning", "error"]
_BANNER_ICONS = {
    "info": ("info", "proof"),
    "success": ("circle-check", "met"),
    "warning": ("triangle-alert", "claimed"),
    "error": ("octagon-alert", "not_yet"),
}
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_BANNER_WORDS = 260
_PAUSE_IN_TYPING = 20
_WIDEST_SENTENCE = 420
_INDENTATION = 20


def hairline(orientation: Qt.Orientation = Qt.Orientation.Horizontal) -> QFrame:
    """Return a line one pixel thick, between things that space alone does not part."""
    line = QFrame()
    line.setFrameShape(QFrame.Shape.NoFrame)
    if orientation == Qt.Orientation.Horizontal:
        line.setFixedHeight(1)
    else:
        line.setFixedWidth(1)
    theme.set_role(line, "hairline")
    return line


def button(text: str, role: str = "", icon_name: str = "", parent: QWidget | None = None) -> QPushButton:
    """Return a button with a role of the style sheet and, where one helps, an icon."""
    result = QPushButton(text, parent)
    if role:
        theme.set_role(result, role)
    if icon_name:
        colour = {"primary": "on_accent", "danger": "not_yet", "link": "accent"}.get(role, "muted")
        set_icon(result, icon_name, colour=colour)
    return result


def press_with_enter(window: QWidget, event: QKeyEvent) -> bool:
    """Press the button that has the focus if Enter was struck, and return whether it was.

    Qt leaves Enter to Space in a main window, and in a dialog gives it to the default button, even from Cancel.
    """
    focused = window.focusWidget()
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.modifiers() & ~_KEYPAD:
        return False
    if not isinstance(focused, (QPushButton, QToolButton)) or not focused.isEnabled():
        return False
    if not event.isAutoRepeat():
        instant = QToolButton.ToolButtonPopupMode.InstantPopup
        if isinstance(focused, QToolButton) and focused.popupMode() == instant and focused.menu() is not None:
            focused.showMenu()
        else:
            focused.click()
    return True


def has_keyboard(widget: QWidget) -> bool:
    """Return whether a widget, or something in it, has the keyboard."""
    focused = QApplication.focusWidget()
    return focused is not None and (focused is widget or widget.isAncestorOf(focused))


def icon_button(icon_name: str, name: str, parent: QWidget | None = None, size: int = 16) -> QToolButton:
    """Return a quiet button that is only an icon; its name is its tool tip and what a screen reader says."""
    result = QToolButton(parent)
    theme.set_role(result, "quiet")
    set_icon(result, icon_name, size, "muted")
    result.setToolTip(name)
    result.setAccessibleName(name)
    result.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return result


def date_field(parent: QWidget | None = None) -> QDateEdit:
    """Return a field for a date: "12 March 2026", with a calendar whose weekends can be read in either theme."""
    result = QDateEdit(parent)
    result.setDisplayFormat("d MMMM yyyy")
    result.setCalendarPopup(True)
    calendar = result.calendarWidget()
    calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    calendar.setGridVisible(False)
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day, QTextCharFormat())  # Qt's own is a red that is too dark on dark
    return result


def set_rows(view: QAbstractItemView, *, compact: bool = False) -> None:
    """Give a list, tree or table the rows of the house: 32 pixels high at any zoom, or 26.

    They are low where the user wants all lists so, or where this one is always ``compact``.
    """
    if isinstance(view, QTableView):
        view.setShowGrid(False)
        view.verticalHeader().hide()
        view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    elif isinstance(view, QTreeView):
        _Indentation(view)
    _RowHeight(view, compact=compact)


class _RowHeight(QObject):
    """Keeps the rows of a view as high as the zoom and the settings ask."""

    def __init__(self, view: QAbstractItemView, *, compact: bool) -> None:
        super().__init__(view)
        self._view, self._compact = view, compact
        theme.notifier().changed.connect(self._set)
        self._set()

    def _set(self) -> None:
        dress = theme.current()
        theme.set_state(self._view, "compact", self._compact or dress.compact)
        if isinstance(self._view, QTableView):
            header = self._view.verticalHeader()
            height = dress.scaled(theme.COMPACT_ROW_HEIGHT) if self._compact else dress.row_height
            header.setMinimumSectionSize(min(height, header.minimumSectionSize()))
            header.setDefaultSectionSize(height)


class _Indentation(QObject):
    """Keeps the steps of a tree as wide as the zoom asks."""

    def __init__(self, tree: QTreeView) -> None:
        super().__init__(tree)
        self._tree = tree
        theme.notifier().changed.connect(self._set)
        self._set()

    def _set(self) -> None:
        self._tree.setIndentation(theme.current().scaled(_INDENTATION))


class MutedLabel(QLabel):
    """Text that stands back: hints, dates, counts."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)
        theme.set_role(self, "muted")


class IconLabel(QLabel):
    """An icon that is only looked at, drawn anew when the theme or the zoom changes."""

    def __init__(self, icon_name: str, size: int = 16, colour: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._size, self._colour = icon_name, size, colour
        theme.notifier().changed.connect(self._draw)
        self._draw()

    def set_icon(self, icon_name: str, colour: str = "") -> None:
        """Show another icon, in another colour if one is given."""
        self._icon, self._colour = icon_name, colour or self._colour
        self._draw()

    def _draw(self) -> None:
        self.setPixmap(pixmap(self._icon, self._size, self._colour, self.devicePixelRatioF()))


class ElidedLabel(QLabel):
    """One line that ends in "…" where it does not fit; the whole text is then its tool tip."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(text, parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return room for a few letters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.fontMetrics().averageCharWidth() * 4), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw as much of the text as fits."""
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self._mode, area.width())
        painter = QPainter(self)
        self.style().drawItemText(
            painter, area, self.alignment(), self.palette(), self.isEnabled(), shown, self.foregroundRole()
        )

    def event(self, event: QEvent) -> bool:
        """Tell the whole text where it is cut."""
        if event.type() == QEvent.Type.ToolTip:
            cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
            self.setToolTip(self.text() if cut else "")
        return super().event(event)


class Badge(QLabel):
    """A word or a count in a small pill.

    Args:
        text: What it says.
        state: The state whose colour and sign it has, or the name of a status colour; plain if not given.
    """

    def __init__(self, text: str, state: CoverageState | str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        theme.set_role(self, "badge")
        self.set_state(text, state)

    def set_state(self, text: str, state: CoverageState | str | None = None) -> None:
        """Say something else, in the colour of a state."""
        symbol = getattr(state, "symbol", "")
        self.setText(f"{symbol} {text}" if symbol and not text.startswith(symbol) else text)
        theme.set_state(self, "tone", "" if state is None else theme.state_token(state))


class StateLabel(QLabel):
    """A state of coverage: its sign and its word, in its colour."""

    def __init__(self, state: CoverageState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_state(state)

    def set_state(self, state: CoverageState) -> None:
        """Show another state."""
        self.setText(f"{state.symbol} {state.value}")
        theme.set_state(self, "tone", theme.state_token(state))


class PageHeader(QWidget):
    """The title of a page, with the page's own actions at its right."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel(title)
        theme.set_role(self._title, "page-title")
        self._subtitle = MutedLabel()
        self._subtitle.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.S8)
        self._row.addLayout(words, 1)

    @property
    def title(self) -> str:
        """The title."""
        return self._title.text()

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._title.setText(title)

    def set_subtitle(self, text: str) -> None:
        """Put a muted line below the title, or none."""
        self._subtitle.setText(text)
        self._subtitle.setVisible(bool(text))

    def add_action_widget(self, widget: QWidget) -> None:
        """Put a button or field at the right, after those already there."""
        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)


class Card(QFrame):
    """A sheet with a fine edge, and a title if it needs one.

    Attributes:
        body: The layout for what it holds.
    """

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.S16, Space.S16, Space.S16, Space.S16)
        outer.setSpacing(Space.S12)
        self._title = ElidedLabel(title)
        theme.set_role(self._title, "section-title")
        self._header = QWidget(self)
        self._header_row = QHBoxLayout(self._header)
        self._header_row.setContentsMargins(0, 0, 0, 0)
        self._header_row.setSpacing(Space.S8)
        self._header_row.addWidget(self._title, 1)
        self._header.setVisible(bool(title))
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.S8)
        outer.addWidget(self._header)
        outer.addLayout(self.body, 1)

    def set_title(self, title: str) -> None:
        """Change the title; an empty one leaves its line away."""
        self._title.setText(title)
        self._header.setVisible(bool(title))

    def add_header_widget(self, widget: QWidget) -> None:
        """Put a widget at the right of the title."""
        self._header_row.addWidget(widget)
        self._header.show()


class EmptyState(QWidget):
    """What a page says while there is nothing on it: one sentence and one button, or a second that stands back."""

    pressed = Signal()
    other_pressed = Signal()

    def __init__(
        self, icon: str, sentence: str, button_text: str = "", parent: QWidget | None = None, *, other_text: str = ""
    ) -> None:
        super().__init__(parent)
        self._sentence = QLabel(sentence)
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_role(self._sentence, "empty")
        self._button = button(button_text, "primary")
        self._button.clicked.connect(self.pressed)
        self._other = button(other_text)
        self._other.clicked.connect(self.other_pressed)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S8)
        buttons.addStretch(1)
        buttons.addWidget(self._button)
        buttons.addWidget(self._other)
        buttons.addStretch(1)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self._sentence, 1000)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.S24, Space.S24, Space.S24, Space.S24)
        column.setSpacing(Space.S16)
        column.addStretch(2)
        column.addWidget(IconLabel(icon, 40, "nothing"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(line)
        column.addLayout(buttons)
        column.addStretch(3)
        self._button.setVisible(bool(button_text))
        self._other.setVisible(bool(other_text))
        theme.notifier().changed.connect(self._set_width)
        self._set_width()

    @property
    def button(self) -> QPushButton:
        """The button."""
        return self._button

    @property
    def other_button(self) -> QPushButton:
        """The second button."""
        return self._other

    def set_text(self, sentence: str, button_text: str = "") -> None:
        """Say something else, with another button or none."""
        self._sentence.setText(sentence)
        self._button.setText(button_text)
        self._button.setVisible(bool(button_text))

    def _set_width(self) -> None:
        self._sentence.setMaximumWidth(theme.current().scaled(_WIDEST_SENTENCE))


class SearchField(QLineEdit):
    """A field to search in, with a magnifier, and a cross that empties it as Escape does.

    ``searched`` follows a short pause in typing, so that not every letter starts a search.
    """

    searched = Signal(str)

    def __init__(self, placeholder: str = "Search", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self._magnifier = IconLabel("search")
        self._magnifier.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._cross = QToolButton()
        set_icon(self._cross, "x", colour="muted")
        self._cross.setAccessibleName("Clear")
        self._cross.setToolTip("Clear")
        self._cross.setCursor(Qt.CursorShape.ArrowCursor)
        self._cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cross.clicked.connect(self.clear)
        self._cross.hide()
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._magnifier)
        self._row.addStretch(1)
        self._row.addWidget(self._cross)
        theme.notifier().changed.connect(self._make_room)
        self._make_room()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_IN_TYPING)
        self._pause.timeout.connect(self.search_now)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self.search_now)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Empty the field on Escape; an empty one leaves the key to whoever is around it."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def _make_room(self) -> None:
        scaled = theme.current().scaled
        self._row.setContentsMargins(scaled(Space.S8), 0, scaled(Space.S8), 0)
        self.setTextMargins(scaled(20), 0, scaled(20), 0)

    def _typed(self, text: str) -> None:
        self._cross.setVisible(bool(text))
        if text:
            self._pause.start()
        else:
            self.search_now()

    def search_now(self) -> None:
        """Search without waiting for a pause in typing."""
        self._pause.stop()
        self.searched.emit(self.text())


class Banner(QFrame):
    """A message that stays at the top of a page until it is dealt with.

    Args:
        text: One or two sentences.
        kind: How grave it is; it decides the icon and the colour.
        actions: What can be done about it, each a button's words and what the button does.
        dismissible: Whether a cross takes it away.
    """

    dismissed = Signal()

    def __init__(
        self,
        text: str,
        kind: BannerKind = "info",
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
        parent: QWidget | None = None,
        *,
        dismissible: bool = False,
    ) -> None:
        super().__init__(parent)
        theme.set_role(self, "banner")
        self._icon = IconLabel("info")
        self._text = QLabel(text)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(Space.S12, Space.S8, Space.S8, Space.S8)
        self._grid.setSpacing(Space.S8)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._icon, 0, 0)
        self._grid.addWidget(self._text, 0, 1)
        self.buttons: list[QPushButton] = []
        self._actions = QWidget(self)
        row = FlowLayout(self._actions)
        for words, action in actions:
            one = button(words)
            one.clicked.connect(action)
            row.addWidget(one)
            self.buttons.append(one)
        self._actions.setVisible(bool(self.buttons))
        self._is_narrow: bool | None = None
        self._arrange(narrow=bool(self.buttons))
        if dismissible:
            cross = icon_button("x", "Dismiss")
            cross.clicked.connect(self.hide)
            cross.clicked.connect(self.dismissed)
            self._grid.addWidget(cross, 0, 3)
        self.set_message(text, kind)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the buttons below the words where there is no room for both beside each other."""
        super().resizeEvent(event)
        if self.buttons:
            least = self._actions.sizeHint().width() + theme.current().scaled(_BANNER_WORDS)
            self._arrange(narrow=self.width() < least)

    def _arrange(self, *, narrow: bool) -> None:
        if narrow == self._is_narrow:
            return
        self._is_narrow = narrow
        self._grid.removeWidget(self._actions)
        across = QSizePolicy.Policy.Preferred if narrow else QSizePolicy.Policy.Fixed  # beside words they stay in line
        self._actions.setSizePolicy(across, QSizePolicy.Policy.Preferred)
        if narrow:
            self._grid.addWidget(self._actions, 1, 1, 1, 2)
        else:
            self._grid.addWidget(self._actions, 0, 2, Qt.AlignmentFlag.AlignVCenter)

    def set_message(self, text: str, kind: BannerKind = "info") -> None:
        """Say something else."""
        self._text.setText(text)
        icon_name, tone = _BANNER_ICONS[kind]
        self._icon.set_icon(icon_name, tone)
        theme.set_state(self, "tone", tone)
        self.setAccessibleName(text)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()


class SegmentedControl(QFrame):
    """A few choices side by side, of which one is taken.

    Args:
        options: The choices: words, or pairs of an id and words.
    """

    changed = Signal(str)

    def __init__(
        self, options: Sequence[str | tuple[str, str]], parent: QWidget | None = None, *, accessible_name: str = ""
    ) -> None:
        super().__init__(parent)
        theme.set_role(self, "segments")
        self.setAccessibleName(accessible_name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._ids: list[str] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for position, option in enumerate(options):
            identifier, words = (option, option) if isinstance(option, str) else option
            segment = QPushButton(words)
            segment.setCheckable(True)
            theme.set_role(segment, "segment")
            self._group.addButton(segment, position)
            self._ids.append(identifier)
            row.addWidget(segment)
        if self._ids:
            self._group.button(0).setChecked(True)
        self._group.idToggled.connect(self._toggled)

    @property
    def current(self) -> str:
        """The id of the choice taken."""
        return self._ids[self._group.checkedId()] if self._ids else ""

    def set_current(self, identifier: str) -> None:
        """Take a choice, without a signal.

        Raises:
            ValueError: There is no such choice.
        """
        with QSignalBlocker(self._group):
            self._group.button(self._ids.index(identifier)).setChecked(True)

    def set_words(self, position: int, words: str) -> None:
        """Call a choice something else, such as with how many things it holds."""
        self._group.button(position).setText(words)

    def _toggled(self, position: int, taken: bool) -> None:
        if taken:
            self.changed.emit(self._ids[position])


class Section(QWidget):
    """A titled part of a page, which may be folded away.

    Attributes:
        body: The layout for what it holds.
    """

    toggled = Signal(bool)

    def __init__(
        self, title: str, parent: QWidget | None = None, *, collapsible: bool = False, expanded: bool = True
    ) -> None:
        super().__init__(parent)
        self._collapsible = collapsible
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(Space.S8)
        self._heading: QLabel | QToolButton
        if collapsible:
            self._heading = self._folding_heading(title)
        else:
            self._heading = QLabel(title)
            theme.set_role(self._heading, "section-title")
        self._header_row = QHBoxLayout()
        self._header_row.setSpacing(Space.S8)
        self._header_row.addWidget(self._heading)
        self._header_row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S8)
        column.addLayout(self._header_row)
        column.addWidget(self._content)
        self.set_expanded(expanded)

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._heading.setText(title)

    def add_header_widget(self, widget: QWidget) -> None:
        """Put a widget at the right of the title."""
        self._header_row.addWidget(widget)

    def focus_heading(self) -> None:
        """Give the keyboard to the heading of a part that folds."""
        self._heading.setFocus()

    def is_expanded(self) -> bool:
        """Return whether what it holds is shown."""
        return not self._content.isHidden()

    def set_expanded(self, expanded: bool) -> None:
        """Show or fold away what it holds; one that does not fold is always open."""
        expanded = expanded or not self._collapsible
        changed = expanded != self.is_expanded()
        self._content.setVisible(expanded)
        if isinstance(self._heading, QToolButton):
            self._heading.setChecked(expanded)
            set_icon(self._heading, "chevron-down" if expanded else "chevron-right", colour="muted")
            self._heading.setAccessibleDescription("open" if expanded else "folded")
        if changed:
            self.toggled.emit(expanded)

    def _folding_heading(self, title: str) -> QToolButton:
        heading = QToolButton()
        heading.setText(title)
        heading.setCheckable(True)
        heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        heading.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.set_role(heading, "section")
        heading.clicked.connect(self.set_expanded)
        return heading


def add_together(layout: QBoxLayout, widgets: Iterable[QWidget]) -> None:
    """Put widgets at the end of a layout and show them in one go.

    Left to Qt they are shown one after the other, and each time everything around them is laid out anew.
    """
    around = layout.parentWidget()
    outermost = (around.layout() if around is not None else None) or layout
    is_seen = around is not None and around.isVisible()
    outermost.setEnabled(False)
    for widget in widgets:
        layout.addWidget(widget)
        if is_seen:
            widget.show()
    outermost.setEnabled(True)


def clear_layout(layout: QLayout) -> None:
    """Take everything out of a layout and delete its widgets."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear_layout(inner)
