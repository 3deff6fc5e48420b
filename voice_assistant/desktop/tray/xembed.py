"""The tray of the old kind on X11 (XEMBED), for panels that know no StatusNotifierItem.

pystray's icon for X11 asks for no clicks, has no menu, and shares its connection between threads,
which python-xlib does not allow while one of them waits; so the icon docks here by itself.
https://specifications.freedesktop.org/systemtray-spec/systemtray-spec-latest.html
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import select
import socket
from typing import TYPE_CHECKING, Any

from Xlib import X, Xutil, error
from Xlib.display import Display
from Xlib.protocol import event as events

from voice_assistant.desktop.entry import NAME
from voice_assistant.desktop.tray import icons
from voice_assistant.desktop.tray.menu import Menu, words
from voice_assistant.status import Status
from voice_assistant.system import own_thread
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

LEFT, MIDDLE, RIGHT = 1, 2, 3
SIZE_PX = 24
END_S = 2.0
_VERSION, _MAPPED, _REQUEST_DOCK = 0, 1, 0
_GROUND = "#000000"  # these trays know no transparency; each colour of the icon stands out on it


class XembedTray:
    """The icon in a tray of the old kind.

    Args:
        menu: returns the menu, on any thread.
        clicks: what is called, on any thread, for a click with each of the buttons of the mouse.
    """

    def __init__(self, menu: Callable[[], Menu], clicks: Mapping[int, Callable[[], None]]) -> None:
        self._menu = menu
        self._clicks = clicks
        self._state = Status()
        self._ended = False
        self._woken, self._wake = socket.socketpair()
        self._wake.setblocking(False)

    def update(self, state: Status) -> None:
        """Show `state` from now on."""
        self._state = state
        with contextlib.suppress(OSError):  # it is to wake up already, or has ended
            self._wake.send(b" ")

    async def run(self) -> None:
        """Show the icon until the tray is gone, or until cancelled."""
        living = own_thread.start(self._live)
        try:
            await asyncio.wrap_future(living)
        finally:
            self._ended = True
            self.update(self._state)
            with contextlib.suppress(TimeoutError):
                await own_thread.outcome(living, END_S)
            self._wake.close()

    def _live(self) -> None:
        with contextlib.suppress(error.DisplayError, error.ConnectionClosedError, OSError):
            display = Display()
            try:
                self._stay(display)
            finally:
                display.close()
        self._woken.close()

    def _stay(self, display: Display) -> None:
        """Dock, draw and pass clicks on, until the tray is gone or `run` ends."""
        tray = _owner(display)
        if tray == X.NONE:
            return
        display.set_error_handler(_ignore)  # its windows may be gone at any moment
        tray.change_attributes(event_mask=X.StructureNotifyMask)
        window = _window(display)
        _dock(display, tray, window)
        context = window.create_gc()
        while not self._ended:
            while display.pending_events():
                event = display.next_event()
                if event.type == X.DestroyNotify and event.window.id in {tray.id, window.id}:
                    return
                if event.type == X.ButtonPress:
                    self._pressed(event.detail, (event.root_x, event.root_y))
            self._draw(window, context)
            display.sync()
            if not display.pending_events():
                ready, _writable, _exceptional = select.select([display, self._woken], [], [])
                if self._woken in ready:
                    self._woken.recv(64)

    def _draw(self, window: Any, context: Any) -> None:
        state = self._state
        window.set_wm_name(f"{_(NAME)}: {words(state)}")
        try:
            place = window.get_geometry()
        except error.BadDrawable:
            return
        window.put_pil_image(context, 0, 0, picture(state, place.width, place.height))

    def _pressed(self, button: int, at: tuple[int, int]) -> None:
        if button == RIGHT:
            from voice_assistant.desktop.tray.popup import Popup  # noqa: PLC0415  (loads fonts)

            own_thread.start(lambda: Popup(self._menu(), at).run())
        elif action := self._clicks.get(button):
            action()


def is_there() -> bool:
    """Return whether an X server has a tray of the old kind. Blocks for a moment."""
    try:
        with contextlib.closing(Display()) as display:
            return bool(_owner(display) != X.NONE)
    except (error.DisplayError, error.ConnectionClosedError, OSError):
        return False


def picture(state: Status, width: int, height: int) -> Any:
    """Return the icon on an opaque ground, RGB."""
    from PIL import Image  # noqa: PLC0415  (takes longer than the whole command line may)

    size = max(1, min(width, height))
    icon = icons.draw(icons.picture(state), size)
    ground = Image.new("RGB", (width, height), _GROUND)
    ground.paste(icon, ((width - size) // 2, (height - size) // 2), icon)
    return ground


def _owner(display: Display) -> Any:
    """Return the window of the tray; `X.NONE` without one."""
    name = f"_NET_SYSTEM_TRAY_S{display.get_default_screen()}"
    return display.get_selection_owner(display.intern_atom(name))


def _window(display: Display) -> Any:
    screen = display.screen()
    window = screen.root.create_window(
        *(-1, -1, SIZE_PX, SIZE_PX, 0, screen.root_depth, X.InputOutput, X.CopyFromParent),
        event_mask=X.ExposureMask | X.StructureNotifyMask | X.ButtonPressMask,
    )
    window.set_wm_class("voice-assistant", "Voice-assistant")
    window.set_wm_normal_hints(flags=Xutil.PMinSize, min_width=SIZE_PX, min_height=SIZE_PX)
    info = display.intern_atom("_XEMBED_INFO")
    window.change_property(info, info, 32, [_VERSION, _MAPPED])
    return window


def _dock(display: Display, tray: Any, window: Any) -> None:
    request = events.ClientMessage(
        window=tray,
        client_type=display.intern_atom("_NET_SYSTEM_TRAY_OPCODE"),
        data=(32, (X.CurrentTime, _REQUEST_DOCK, window.id, 0, 0)),
    )
    tray.send_event(request, event_mask=X.NoEventMask)
    display.flush()


def _ignore(*_: object) -> None:
    """Ignore an error of the X server."""
