"""Offers a menu with submenus over D-Bus as `com.canonical.dbusmenu`, which every Linux tray shows.

The interface: https://github.com/AyatanaIndicators/libdbusmenu (libdbusmenu-glib/dbus-menu.xml).
"""

from __future__ import annotations

import itertools
import logging
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

from dbus_fast import DBusError, ErrorType, PropertyAccess, Variant
from dbus_fast.annotations import (
    DBusBool,
    DBusInt32,
    DBusSignature,
    DBusStr,
    DBusUInt32,
    DBusVariant,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from voice_assistant.desktop.bus import Nothing  # noqa: TC001  (read when the class is made)
from voice_assistant.desktop.tray.menu import Menu, MenuItem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

ROOT = 0
Place = tuple[int, str, int]
"""The entry above, the label, and how many entries before this one have the same label there."""

Ids = Annotated[list[int], DBusSignature("ai")]
Names = Annotated[list[str], DBusSignature("as")]
Properties = dict[str, Variant]
SUBMENU = {"children-display": Variant("s", "submenu")}
Layout = Annotated[tuple[int, list[Any]], DBusSignature("u(ia{sv}av)")]
ItemsProperties = Annotated[list[list[Any]], DBusSignature("a(ia{sv})")]
Events = Annotated[list[tuple[int, str, Variant, int]], DBusSignature("a(isvu)")]
IdsAndErrors = Annotated[tuple[list[int], list[int]], DBusSignature("aiai")]
UpdatedAndRemoved = Annotated[
    tuple[list[list[Any]], list[list[Any]]], DBusSignature("a(ia{sv})a(ias)")
]


class DBusMenu(ServiceInterface):
    """Offers the menu that was given to `show` last.

    An entry keeps its number while its label and those of the entries above it stay, and numbers
    are never used again: a click on an entry that was replaced meanwhile does nothing, and never
    chooses another entry.
    """

    def __init__(self, on_open: Callable[[], None] = lambda: None) -> None:
        super().__init__("com.canonical.dbusmenu")
        self._on_open = on_open
        self._items: dict[int, MenuItem] = {}
        self._children: dict[int, list[int]] = {ROOT: []}
        self._properties: dict[int, Properties] = {}
        self._ids: dict[Place, int] = {}
        self._numbers = itertools.count(1)
        self._revision = 1

    def show(self, menu: Menu) -> None:
        """Offer `menu` from now on, and tell the panel what changed."""
        ids, before, layout = self._ids, self._properties, self._children
        self._ids, self._items, self._children, self._properties = {}, {}, {}, {}
        self._add(menu, ROOT, ids)
        if self._children != layout:
            self._revision += 1
            self.layout_updated()
        changed = [
            [number, now]
            for number, now in self._properties.items()
            if before.get(number, now) != now
        ]
        if changed:
            self.items_properties_updated(changed)

    def _add(self, menu: Menu, parent: int, known: Mapping[Place, int]) -> None:
        """Add the entries of `menu` below the entry `parent`, with the numbers they had."""
        seen: Counter[str] = Counter()
        access_keys: set[str] = set()
        below = self._children[parent] = []
        for item in menu:
            place = (parent, item.text, seen[item.text])
            seen[item.text] += 1
            number = self._ids[place] = known.get(place) or next(self._numbers)
            below.append(number)
            self._items[number] = item
            self._properties[number] = _properties(item, access_keys)
            if item.submenu:
                self._add(item.submenu, number, known)

    @dbus_method("GetLayout")
    def get_layout(self, parent: DBusInt32, depth: DBusInt32, names: Names) -> Layout:
        """Return the revision, and the menu below `parent`: `depth` levels; -1 for all."""
        return self._revision, self._layout(parent, depth, names)

    @dbus_method("GetGroupProperties")
    def get_group_properties(self, ids: Ids, names: Names) -> ItemsProperties:
        """Return the properties of the entries `ids`; of all entries if `ids` is empty."""
        known = (number for number in ids or self._items if number in {ROOT, *self._items})
        return [[number, self._of(number, names)] for number in known]

    @dbus_method("GetProperty")
    def get_property(self, number: DBusInt32, name: DBusStr) -> DBusVariant:
        """Return one property of one entry."""
        try:
            return self._of(number, [])[name]
        except KeyError as error:
            raise DBusError(ErrorType.INVALID_ARGS, f"entry {number} has no {name}") from error

    @dbus_method("Event")
    def event(
        self,
        number: DBusInt32,
        kind: DBusStr,
        data: DBusVariant,  # noqa: ARG002  (part of the interface)
        timestamp: DBusUInt32,  # noqa: ARG002
    ) -> Nothing:
        """Take one event: an entry was clicked, or the menu opened or closed."""
        self._clicked(number, kind)

    @dbus_method("EventGroup")
    def event_group(self, events: Events) -> Ids:
        """Take several events at once; return the numbers of unknown entries."""
        for number, kind, _, _ in events:
            self._clicked(number, kind)
        return [number for number, *_ in events if number not in {ROOT, *self._items}]

    @dbus_method("AboutToShow")
    def about_to_show(self, number: DBusInt32) -> DBusBool:
        """Return False: the panel need not ask again, because changes are signalled."""
        self._opens(number)
        return False

    @dbus_method("AboutToShowGroup")
    def about_to_show_group(self, ids: Ids) -> IdsAndErrors:
        """Return the entries that the panel must ask for again, and the unknown entries.

        The panel of Xfce 4.18 asks in this way alone, for the whole menu, too.
        """
        for number in ids:
            self._opens(number)
        return [], [number for number in ids if number not in {ROOT, *self._items}]

    def _opens(self, number: int) -> None:
        if number == ROOT:
            self._on_open()

    @dbus_property(PropertyAccess.READ, "Version")
    def version(self) -> DBusUInt32:
        """Return the interface's version."""
        return 3

    @dbus_property(PropertyAccess.READ, "TextDirection")
    def text_direction(self) -> DBusStr:
        """Return that text runs from left to right."""
        return "ltr"

    @dbus_property(PropertyAccess.READ, "Status")
    def status(self) -> DBusStr:
        """Return that the menu does not ask for attention."""
        return "normal"

    @dbus_property(PropertyAccess.READ, "IconThemePath")
    def icon_theme_path(self) -> Names:
        """Return no folders: the menu has no icons."""
        return []

    @dbus_signal("LayoutUpdated")
    def layout_updated(self) -> Annotated[tuple[int, int], DBusSignature("ui")]:
        """Signal that entries came or went."""
        return self._revision, ROOT

    @dbus_signal("ItemsPropertiesUpdated")
    def items_properties_updated(self, updated: list[list[Any]]) -> UpdatedAndRemoved:
        """Signal that entries changed."""
        return updated, []

    def _layout(self, number: int, depth: int, names: list[str]) -> list[Any]:
        children = self._children.get(number, []) if depth else []
        below = [Variant("(ia{sv}av)", self._layout(child, depth - 1, names)) for child in children]
        return [number, self._of(number, names), below]

    def _of(self, number: int, names: list[str]) -> Properties:
        properties = SUBMENU if number == ROOT else self._properties.get(number, {})
        return {name: value for name, value in properties.items() if not names or name in names}

    def _clicked(self, number: int, kind: str) -> None:
        if kind != "clicked":
            return
        if item := self._items.get(number):
            item(None)
        else:
            log.debug("a click on an entry that is gone")


def _properties(item: MenuItem, access_keys: set[str]) -> Properties:
    if item is Menu.SEPARATOR:
        return {"type": Variant("s", "separator")}
    properties = {
        **(SUBMENU if item.submenu else {}),
        "label": Variant("s", with_access_key(item.text, access_keys)),
        "accessible-desc": Variant("s", item.text),
        "enabled": Variant("b", item.enabled),
    }
    if item.checked is not None:
        properties["toggle-type"] = Variant("s", "radio" if item.radio else "checkmark")
        properties["toggle-state"] = Variant("i", int(item.checked))
    return properties


def with_access_key(text: str, taken: set[str]) -> str:
    """Return a label whose access key is marked by "_", and add that key to `taken`.

    It is the first letter or digit (ASCII) of a word, or else of the text, that is still free.
    """
    usable = [at for at, sign in enumerate(text) if sign.isascii() and sign.isalnum()]
    first = [at for at in usable if at == 0 or not text[at - 1].isalnum()]
    free = (at for at in (*first, *usable) if text[at].lower() not in taken)
    if (at := next(free, None)) is None:
        return text.replace("_", "__")
    taken.add(text[at].lower())
    return f"{text[:at].replace('_', '__')}_{text[at:].replace('_', '__')}"
