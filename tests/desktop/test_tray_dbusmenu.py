"""How the menu travels over D-Bus, as a panel reads it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from bench import Desktop
from dbus_fast import DBusError, Variant

from voice_assistant.desktop.bus import Bus, session_bus
from voice_assistant.desktop.tray.dbusmenu import DBusMenu, with_access_key
from voice_assistant.desktop.tray.menu import Menu, MenuItem
from voice_assistant.errors import TrayError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator


@pytest.mark.parametrize(
    ("labels", "marked"),
    [
        (["Talk", "Stop"], ["_Talk", "_Stop"]),
        (["Stop", "Slower", "Slow speaker"], ["_Stop", "S_lower", "Sl_ow speaker"]),
        (["Say it again", "Stop it"], ["_Say it again", "Stop _it"]),
        (["对话", "a_b"], ["对话", "_a__b"]),
        (["x", "X", "_"], ["_x", "X", "__"]),
    ],
)
def test_each_entry_has_an_access_key_of_its_own(labels, marked):
    taken: set[str] = set()
    assert [with_access_key(label, taken) for label in labels] == marked


@pytest.fixture(scope="module")
def bus() -> Iterator[Desktop]:
    with Desktop(display=False, sound=False) as desktop, desktop.active():
        yield desktop


class Panel:
    """What a panel does with a menu."""

    def __init__(self, bus: Bus, name: str) -> None:
        self.bus = bus
        self._name = name

    async def call(self, member: str, signature: str = "", *body: Any) -> list[Any]:
        return await self.bus.call(
            self._name, "/MenuBar", "com.canonical.dbusmenu", member, signature, *body
        )

    async def layout(self, *names: str) -> dict[int, dict[str, Any]]:
        _revision, (root, properties, children) = await self.call("GetLayout", "iias", 0, -1, names)
        assert root == 0
        assert not names or "children-display" not in properties
        return {
            number: {name: value.value for name, value in properties.items()}
            for number, properties, _ in (child.value for child in children)
        }

    async def told(self) -> tuple[str, list[Any]]:
        async with asyncio.timeout(10):
            signal = await self.bus.signal()
        return signal.member, signal.body


@contextlib.asynccontextmanager
async def offered(menu: DBusMenu) -> AsyncIterator[Panel]:
    async with session_bus(TrayError) as ours, session_bus(TrayError) as theirs:
        ours.export("/MenuBar", menu)
        await theirs.listen("interface='com.canonical.dbusmenu'")
        yield Panel(theirs, ours.unique_name)


def plain(*labels: str, clicked: Callable[[str], None] = lambda _: None) -> Menu:
    def item(label: str) -> MenuItem:
        return MenuItem(label, lambda: clicked(label))

    return Menu(*(Menu.SEPARATOR if label == "-" else item(label) for label in labels))


@pytest.mark.usefixtures("bus")
async def test_a_panel_reads_the_menu():
    menu = DBusMenu()
    menu.show(Menu(MenuItem("Talk_now", None), Menu.SEPARATOR, MenuItem("X", None, enabled=False)))
    async with offered(menu) as panel:
        layout = await panel.layout()
        assert list(layout.values()) == [
            {"label": "_Talk__now", "accessible-desc": "Talk_now", "enabled": True},
            {"type": "separator"},
            {"label": "_X", "accessible-desc": "X", "enabled": False},
        ]
        first, _, last = layout
        assert list((await panel.layout("enabled")).values()) == [
            {"enabled": True},
            {},
            {"enabled": False},
        ]
        [[_, root]] = [(await panel.call("GetLayout", "iias", 0, 0, []))]
        assert root[2] == []
        [group] = await panel.call("GetGroupProperties", "aias", [first, 999], ["label"])
        assert group == [(first, {"label": Variant("s", "_Talk__now")})]
        assert await panel.call("GetProperty", "is", last, "label") == [Variant("s", "_X")]
        with pytest.raises(DBusError, match="has no label"):
            await panel.call("GetProperty", "is", 999, "label")
        assert await panel.call("AboutToShow", "i", 0) == [False]
        assert await panel.call("AboutToShowGroup", "ai", [0, 999]) == [[], [999]]


@pytest.mark.parametrize(
    ("method", "signature", "whole", "entry"),
    [("AboutToShow", "i", 0, 7), ("AboutToShowGroup", "ai", [0], [7])],
)
@pytest.mark.usefixtures("bus")
async def test_that_the_menu_opens_is_told_in_either_way(method, signature, whole, entry):
    opened = []
    menu = DBusMenu(lambda: opened.append("menu"))
    menu.show(plain("Talk", "Quit"))
    async with offered(menu) as panel:
        await panel.call(method, signature, entry)
        assert opened == []
        await panel.call(method, signature, whole)
        assert opened == ["menu"]


@pytest.mark.usefixtures("bus")
async def test_a_panel_is_told_what_changed():
    menu = DBusMenu()
    menu.show(plain("Talk", "Quit"))
    async with offered(menu) as panel:
        before = await panel.layout()
        menu.show(plain("Talk", "Why?", "Quit"))
        member, [revision, parent] = await panel.told()
        assert (member, parent) == ("LayoutUpdated", 0)
        after = await panel.layout()
        assert [number for number in after if number in before] == list(before)
        menu.show(plain("Talk", "Why?", "Quit"))
        menu.show(Menu(MenuItem("Talk", None, enabled=False), *plain("Why?", "Quit")))
        talk = next(iter(after))
        member, [updated, removed] = await panel.told()
        assert (member, removed) == ("ItemsPropertiesUpdated", [])
        assert [(n, p["enabled"].value) for n, p in updated] == [(talk, False)]
        again, _ = await panel.call("GetLayout", "iias", 0, -1, [])
        assert again == revision


@pytest.mark.usefixtures("bus")
async def test_a_check_mark_comes_and_goes_in_place():
    def checked(*, on: bool) -> Menu:
        return Menu(MenuItem("Always", None, checked=lambda _: on))

    menu = DBusMenu()
    menu.show(checked(on=False))
    async with offered(menu) as panel:
        [before] = (await panel.layout("toggle-type", "toggle-state")).items()
        assert before[1] == {"toggle-type": "checkmark", "toggle-state": 0}
        menu.show(checked(on=True))
        member, [[[number, properties]], _] = await panel.told()
        assert (member, number) == ("ItemsPropertiesUpdated", before[0])
        assert properties["toggle-state"].value == 1


@pytest.mark.usefixtures("bus")
async def test_a_submenu_is_read_chosen_from_and_changed():
    posted = []

    def menu_with(*labels: str) -> Menu:
        below = plain(*labels, clicked=posted.append)
        return Menu(*plain("Talk", clicked=posted.append), MenuItem("Older", below))

    async def read(parent: int, depth: int) -> list[Any]:
        [_, layout] = await panel.call("GetLayout", "iias", parent, depth, ["label"])
        return layout

    menu = DBusMenu()
    menu.show(menu_with("Talk", "b"))
    async with offered(menu) as panel:
        talk, older = await panel.layout()
        assert (await panel.layout())[older]["children-display"] == "submenu"
        _, _, below = await read(older, -1)
        inner, b = (child.value[0] for child in below)
        assert [child.value[1]["label"].value for child in below] == ["_Talk", "_b"]
        whole = (await read(0, -1))[2]
        assert [len(child.value[2]) for child in whole] == [0, 2]
        assert [len(child.value[2]) for child in (await read(0, 1))[2]] == [0, 0]
        menu.show(menu_with("c", "Talk"))
        assert (await panel.told())[0] == "LayoutUpdated"
        assert list(await panel.layout()) == [talk, older]
        assert (await read(older, -1))[2][1].value[0] == inner
        for number in (b, inner, older, talk):
            await panel.call("Event", "isvu", number, "clicked", Variant("i", 0), 0)
    assert posted == ["Talk", "Talk"]


@pytest.mark.usefixtures("bus")
async def test_clicks_arrive_alone_and_in_groups():
    posted = []
    menu = DBusMenu()
    menu.show(plain("a", "-", "b", "b", clicked=posted.append))
    async with offered(menu) as panel:
        a, _, b, second_b = await panel.layout()
        await panel.call("Event", "isvu", 0, "opened", Variant("i", 0), 0)
        await panel.call("Event", "isvu", a, "hovered", Variant("i", 0), 0)
        await panel.call("Event", "isvu", a, "clicked", Variant("i", 0), 0)
        events = [[n, "clicked", Variant("i", 0), 0] for n in (b, second_b, 999)]
        assert await panel.call("EventGroup", "a(isvu)", events) == [[999]]
    assert posted == ["a", "b", "b"]


@pytest.mark.usefixtures("bus")
async def test_a_late_click_on_what_was_replaced_does_nothing():
    posted = []
    menu = DBusMenu()
    menu.show(plain("How tall?", clicked=posted.append))
    async with offered(menu) as panel:
        [tall] = await panel.layout()
        menu.show(plain("How old?", clicked=posted.append))
        [old] = await panel.layout()
        menu.show(plain("How tall?", clicked=posted.append))
        await panel.call("Event", "isvu", tall, "clicked", Variant("i", 0), 0)
        await panel.call("Event", "isvu", old, "clicked", Variant("i", 0), 0)
    assert posted == []


async def test_a_panel_that_asks_when_the_menu_goes_gets_no_answer_and_does_no_harm(bus, caplog):
    async def scenario():
        async with session_bus(TrayError) as ours:
            ours.export("/MenuBar", DBusMenu())
            # By the time this has waited in vain, the question is there, and not read yet.
            bus.run(
                *("dbus-send", "--print-reply", "--reply-timeout=300"),
                *(
                    f"--dest={ours.unique_name}",
                    "/MenuBar",
                    "com.canonical.dbusmenu.AboutToShow",
                    "int32:0",
                ),
            )

    with pytest.raises(AssertionError, match="NoReply"):
        await scenario()
    assert not caplog.records
