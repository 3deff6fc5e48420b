"""A menu in a window of its own on X11, for trays that know no menus."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image, ImageDraw
from Xlib import XK, X, Xatom, error
from Xlib.display import Display

from voice_assistant.desktop.fonts import font
from voice_assistant.desktop.tray.menu import Menu

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.desktop.tray.menu import MenuItem

TITLE = "voice-assistant menu"
INK, GROUND, GREY, CHOSEN = "#101214", "#ffffff", "#767676", "#cfe3ff"
ROW_PX, LINE_PX, EDGE_PX, SIGN_PX, TEXT_PX = 26, 9, 8, 22, 15
GRAB_S, GRAB_AGAIN_S = 1.0, 0.02
"""The button that opens the menu is still down, and with it the pointer belongs to the icon."""

_GRABBED = X.ButtonPressMask | X.ButtonReleaseMask | X.PointerMotionMask


class Row(NamedTuple):
    """A row of the menu: an entry, and where it is."""

    item: MenuItem
    top: int
    height: int

    @property
    def usable(self) -> bool:
        """Return whether the entry can be chosen."""
        return self.item is not Menu.SEPARATOR and bool(self.item.enabled)


def rows_of(menu: Menu) -> list[Row]:
    """Return the rows of a menu, from top to bottom."""
    rows, top = [], EDGE_PX // 2
    for item in menu:
        height = LINE_PX if item is Menu.SEPARATOR else ROW_PX
        rows.append(Row(item, top, height))
        top += height
    return rows


def next_row(rows: list[Row], at: int | None, step: int) -> int | None:
    """Return the next row that can be chosen, in a circle; None if there is none."""
    usable = [number for number, row in enumerate(rows) if row.usable]
    if not usable:
        return None
    if at not in usable:
        return usable[0] if step > 0 else usable[-1]
    return usable[(usable.index(at) + step) % len(usable)]


def draw(rows: list[Row], chosen: int | None) -> Image.Image:
    """Return the picture of a menu, RGB."""
    labels = [row.item.text for row in rows if row.item is not Menu.SEPARATOR]
    letters = font(TEXT_PX, "".join(labels))
    widest = max((letters.getlength(label) for label in labels), default=0.0)
    width = round(widest) + 2 * EDGE_PX + 2 * SIGN_PX
    image = Image.new("RGB", (width, rows[-1].top + rows[-1].height + EDGE_PX // 2), GROUND)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width - 1, image.height - 1), outline=GREY)
    for number, row in enumerate(rows):
        middle = row.top + row.height // 2
        if row.item is Menu.SEPARATOR:
            pen.line((EDGE_PX, middle, width - EDGE_PX, middle), GREY)
            continue
        if number == chosen:
            pen.rectangle((2, row.top, width - 3, row.top + row.height - 1), CHOSEN)
        ink = INK if row.usable else GREY
        if row.item.checked:
            left = EDGE_PX
            pen.line(
                ((left, middle), (left + 4, middle + 5), (left + 12, middle - 5)), ink, width=2
            )
        pen.text((EDGE_PX + SIGN_PX, middle), row.item.text, ink, letters, anchor="lm")
        if row.item.submenu:
            right = width - EDGE_PX
            pen.polygon(((right - 6, middle - 5), (right - 6, middle + 5), (right, middle)), ink)
    return image


class Popup:
    """An open menu. A submenu takes the place of the menu above it; Left goes back.

    Args:
        menu: the menu.
        at: where to open it, in pixels of the screen.

    Raises:
        error.DisplayError: there is no X server.
    """

    def __init__(self, menu: Menu, at: tuple[int, int]) -> None:
        self._menus = [menu]
        self._at = at
        self._chosen: int | None = None
        self._display = Display()
        screen = self._display.screen()
        self._screen = (screen.width_in_pixels, screen.height_in_pixels)
        self._window: Any = screen.root.create_window(
            *(0, 0, 1, 1, 0, screen.root_depth, X.InputOutput, X.CopyFromParent),
            override_redirect=True,
            event_mask=X.ExposureMask,
        )
        self._window.set_wm_name(TITLE)
        intern = self._display.intern_atom
        kind = [intern("_NET_WM_WINDOW_TYPE_POPUP_MENU")]  # captions stay below menus
        self._window.change_property(intern("_NET_WM_WINDOW_TYPE"), Xatom.ATOM, 32, kind)
        self._gc = self._window.create_gc()

    def run(self) -> None:
        """Show the menu until an entry is chosen, or something else is clicked."""
        action: Callable[[], object] | None = None
        try:
            if self._grab():
                self._show()
                action = self._follow()
        except (error.ConnectionClosedError, OSError):
            return
        finally:
            with contextlib.suppress(error.ConnectionClosedError, OSError):
                self._display.close()
        if action:
            action()

    def _show(self) -> None:
        self._rows = rows_of(self._menus[-1])
        self._picture = draw(self._rows, self._chosen)
        width, height = self._picture.size
        x, y = self._at
        self._place = (
            max(0, min(x, self._screen[0] - width)),
            max(0, min(y, self._screen[1] - height)),
        )
        self._window.configure(
            x=self._place[0], y=self._place[1], width=width, height=height, stack_mode=X.Above
        )
        self._window.map()
        self._paint()

    def _paint(self) -> None:
        self._window.put_pil_image(self._gc, 0, 0, self._picture)
        self._display.flush()

    def _grab(self) -> bool:
        """Take pointer and keyboard, before the menu is seen; return whether that was possible."""
        root = self._display.screen().root
        until_s = time.monotonic() + GRAB_S
        while time.monotonic() < until_s:
            taken = root.grab_pointer(
                *(False, _GRABBED, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime)
            )
            if taken == X.GrabSuccess:
                root.grab_keyboard(*(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime))
                self._display.flush()
                return True
            time.sleep(GRAB_AGAIN_S)
        return False

    def _follow(self) -> Callable[[], object] | None:
        """Obey pointer and keyboard; return what was chosen, None if nothing was."""
        while True:
            event = self._display.next_event()
            if event.type == X.Expose:
                self._paint()
            elif event.type == X.MotionNotify:
                self._choose(self._row_at(event))
            elif event.type == X.ButtonPress and not self._is_within(event):
                return None
            elif event.type == X.ButtonRelease and (row := self._row_at(event)) is not None:
                self._choose(row)
                if action := self._enter():
                    return action
            elif event.type == X.KeyPress:
                key = self._display.keycode_to_keysym(event.detail, 0)
                if key == XK.XK_Escape:
                    return None
                if key in {XK.XK_Return, XK.XK_Right, XK.XK_space} and (action := self._enter()):
                    return action
                self._move(key)

    def _move(self, key: int) -> None:
        if key == XK.XK_Down:
            self._choose(next_row(self._rows, self._chosen, 1))
        elif key == XK.XK_Up:
            self._choose(next_row(self._rows, self._chosen, -1))
        elif key == XK.XK_Left and len(self._menus) > 1:
            self._menus.pop()
            self._chosen = None
            self._show()

    def _enter(self) -> Callable[[], object] | None:
        """Open the submenu of the chosen entry, or return what the entry does."""
        if self._chosen is None:
            return None
        item = self._rows[self._chosen].item
        if item.submenu:
            self._menus.append(item.submenu)
            self._chosen = None
            self._show()
            return None
        return lambda: item(None)

    def _choose(self, row: int | None) -> None:
        if row != self._chosen:
            self._chosen = row
            self._picture = draw(self._rows, row)
            self._paint()

    def _is_within(self, event: Any) -> bool:
        x, y = event.root_x - self._place[0], event.root_y - self._place[1]
        return bool(0 <= x < self._picture.width and 0 <= y < self._picture.height)

    def _row_at(self, event: Any) -> int | None:
        """Return the entry below the pointer, if it can be chosen."""
        if not self._is_within(event):
            return None
        y = event.root_y - self._place[1]
        found = (
            number
            for number, row in enumerate(self._rows)
            if row.usable and row.top <= y < row.top + row.height
        )
        return next(found, None)
