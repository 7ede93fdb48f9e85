"""What a screen reader is told of a window, read over the accessibility bus as a screen reader reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jeepney import DBusAddress, Message, MessageType, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import HeaderFields

_ACCESSIBLE: Final = "org.a11y.atspi.Accessible"
_ROOT: Final = "/org/a11y/atspi/accessible/root"
_PATIENCE: Final = 20.0
_MOST_CHILDREN: Final = 400  # more are cells that nobody looks for by walking
_SHOWING, _FOCUSABLE, _FOCUSED, _ENABLED, _CHECKED, _SELECTED = 25, 11, 12, 8, 4, 23
_COORDINATES_OF_SCREEN: Final = 0


@dataclass(eq=False)
class Node:
    """One thing that a screen reader can come to."""

    bus: Bus
    owner: str
    path: str
    name: str = ""
    role: str = ""
    description: str = ""
    states: frozenset[int] = frozenset()
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None

    @property
    def is_showing(self) -> bool:
        return _SHOWING in self.states

    @property
    def is_focusable(self) -> bool:
        return _FOCUSABLE in self.states

    @property
    def is_focused(self) -> bool:
        return _FOCUSED in self.states

    @property
    def is_enabled(self) -> bool:
        return _ENABLED in self.states

    @property
    def is_checked(self) -> bool:
        return _CHECKED in self.states

    @property
    def is_selected(self) -> bool:
        return _SELECTED in self.states

    def walk(self) -> Iterator[Node]:
        """Yield the node and everything below it that has been read."""
        yield self
        for child in self.children:
            yield from child.walk()

    def extents(self) -> tuple[int, int, int, int]:
        """Return left, top, width and height on the screen."""
        (area,) = self.call("org.a11y.atspi.Component", "GetExtents", "u", (_COORDINATES_OF_SCREEN,))
        left, top, width, height = area
        return left, top, width, height

    def hidden_by(self) -> Node | None:
        """Return the part of the window out of which its middle has been scrolled, if it has."""
        left, top, width, height = self.extents()
        across, down = left + width // 2, top + height // 2
        around = self.parent
        while around is not None and around.role != "application":
            left, top, width, height = around.extents()
            if width and not (left <= across < left + width and top <= down < top + height):
                return around
            around = around.parent
        return None

    def text(self) -> str:
        """Return the text that stands in it."""
        (text,) = self.call("org.a11y.atspi.Text", "GetText", "ii", (0, -1))
        return str(text)

    def call(self, interface: str, method: str, signature: str | None = None, body: Sequence[Any] = ()) -> Any:
        """Call a method of the thing."""
        address = DBusAddress(self.path, bus_name=self.owner, interface=interface)
        (reply,) = self.bus.calls([new_method_call(address, method, signature, tuple(body))])
        if reply.header.message_type is MessageType.error:
            raise LookupError(f"{method} of {self}: {reply.body}")
        return reply.body

    def count(self, name: str) -> int:
        """Return a number that a table tells: ``NRows`` or ``NColumns``."""
        address = DBusAddress(self.path, bus_name=self.owner, interface="org.a11y.atspi.Table")
        (answer,) = self.bus.calls([Properties(address).get(name)])
        return int(answer.body[0][1])

    def cell(self, row: int, column: int) -> Node:
        """Return a cell of a table, with its name, role and description."""
        ((owner, path),) = self.call("org.a11y.atspi.Table", "GetAccessibleAt", "ii", (row, column))
        return self.bus.told(Node(self.bus, owner, path))

    def __repr__(self) -> str:
        return f"<{self.role} “{self.name}”>"


class Bus:
    """The accessibility bus of a session."""

    def __init__(self, session_address: str) -> None:
        with open_dbus_connection(session_address) as session:
            question = new_method_call(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
            address = session.send_and_get_reply(question, timeout=_PATIENCE).body[0]
        self._connection: DBusConnection = open_dbus_connection(address)

    def close(self) -> None:
        self._connection.close()

    def calls(self, messages: Sequence[Message]) -> list[Message]:
        """Send all calls, then read all answers: one way there and back however many there are."""
        connection = self._connection
        serials = {}
        for position, message in enumerate(messages):
            serial = next(connection.outgoing_serial)
            serials[serial] = position
            connection.send(message, serial=serial)
        answers: dict[int, Message] = {}
        while len(answers) < len(messages):
            answer = connection.receive(timeout=_PATIENCE)
            replied_to = answer.header.fields.get(HeaderFields.reply_serial, -1)
            if replied_to in serials:
                answers[serials[replied_to]] = answer
        return [answers[position] for position in range(len(messages))]

    def told(self, node: Node) -> Node:
        """Fill in what a node says of itself."""
        self._ask([node])
        return node

    def application(self, pid: int) -> Node | None:
        """Return the tree of a process, as far as it is on the screen."""
        registry = DBusAddress(_ROOT, "org.a11y.atspi.Registry", _ACCESSIBLE)
        (listed,) = self.calls([new_method_call(registry, "GetChildren")])
        if listed.header.message_type is MessageType.error:
            return None
        owners = [owner for owner, _ in listed.body[0]]
        daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        pids = self.calls([new_method_call(daemon, "GetConnectionUnixProcessID", "s", (name,)) for name in owners])
        for (owner, path), answer in zip(listed.body[0], pids, strict=True):
            if answer.header.message_type is MessageType.method_return and answer.body[0] == pid:
                return self._tree(Node(self, owner, path))
        return None

    def _tree(self, root: Node) -> Node:
        level = [root]
        while level:
            self._ask(level)
            parents = [node for node in level if node is root or node.is_showing]
            counts = self._properties(parents, "ChildCount")
            parents = [
                node for node, count in zip(parents, counts, strict=True) if count and 0 < count <= _MOST_CHILDREN
            ]
            listed = self.calls([self._method(node, "GetChildren") for node in parents])
            level = []
            for node, answer in zip(parents, listed, strict=True):
                if answer.header.message_type is MessageType.method_return:
                    node.children = [Node(self, owner, path, parent=node) for owner, path in answer.body[0]]
                    level += node.children
        return root

    def _ask(self, nodes: Sequence[Node]) -> None:
        roles = self.calls([self._method(node, "GetRoleName") for node in nodes])
        states = self.calls([self._method(node, "GetState") for node in nodes])
        names = self._properties(nodes, "Name")
        descriptions = self._properties(nodes, "Description")
        for node, role, state, name, description in zip(nodes, roles, states, names, descriptions, strict=True):
            if role.header.message_type is state.header.message_type is MessageType.method_return:
                node.role = role.body[0]
                node.states = _bits(state.body[0])
                node.name, node.description = name or "", description or ""

    def _properties(self, nodes: Sequence[Node], name: str) -> list[Any]:
        answers = self.calls([Properties(self._address(node)).get(name) for node in nodes])
        return [
            answer.body[0][1] if answer.header.message_type is MessageType.method_return else None for answer in answers
        ]

    def _method(self, node: Node, method: str) -> Message:
        return new_method_call(self._address(node), method)

    def _address(self, node: Node) -> DBusAddress:
        return DBusAddress(node.path, bus_name=node.owner, interface=_ACCESSIBLE)


def _bits(words: Sequence[int]) -> frozenset[int]:
    return frozenset(32 * place + bit for place, word in enumerate(words) for bit in range(32) if word >> bit & 1)
