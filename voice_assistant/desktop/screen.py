"""Takes a picture of the screen, of the active window, or of a part of the screen.

On Wayland only the desktop's portal can, and it asks the user what to show:
https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Screenshot.html
"""

from __future__ import annotations

import asyncio
import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from voice_assistant.errors import DeviceError, InputError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    Box = tuple[int, int, int, int]

WHOLE, WINDOW = "screen", "window"
_REGION = re.compile(r"(\d+)x(\d+)([+-]\d+)([+-]\d+)")
CHOSEN_S = 300.0
"""Seconds that the user may take for the portal's questions."""


async def picture(what: str, environ: Mapping[str, str] = os.environ) -> bytes:
    """Return a picture (PNG).

    Args:
        what: "screen", "window" (the active one), or a region such as "640x480+10+20".
        environ: tells which desktop runs.

    Raises:
        InputError: there is no such region or window, or the user wants no picture.
        DeviceError: the desktop gives no pictures.
    """
    if environ.get("WAYLAND_DISPLAY"):
        return await _by_portal()
    return await asyncio.to_thread(_by_x11, what, environ.get("DISPLAY"))


def _by_x11(what: str, display: str | None) -> bytes:
    from PIL import ImageGrab  # noqa: PLC0415  (slow, and rarely needed)

    box = None if what == WHOLE else _active_window() if what == WINDOW else _region(what)
    try:
        grabbed = ImageGrab.grab(xdisplay=display)
    except Exception as error:  # each platform has errors of its own
        raise DeviceError(
            _("No picture of the screen can be taken: {error}", error=error),
            _("Use a terminal within the desktop session."),
        ) from error
    if box:
        left, top, right, bottom = box
        shown = (max(left, 0), max(top, 0), min(right, grabbed.width), min(bottom, grabbed.height))
        if shown[0] >= shown[2] or shown[1] >= shown[3]:
            raise InputError(
                _(
                    "The region is outside of the screen, which is {width}x{height}",
                    width=grabbed.width,
                    height=grabbed.height,
                ),
                _("A region is WIDTHxHEIGHT+LEFT+TOP, in pixels."),
            )
        grabbed = grabbed.crop(shown)
    made = io.BytesIO()
    grabbed.save(made, "PNG")
    return made.getvalue()


def _region(what: str) -> Box:
    if not (match := _REGION.fullmatch(what)):
        raise InputError(
            _("{what!r} is no part of a screen", what=what),
            _('Write "window", or a region as 640x480+10+20.'),
        )
    width, height, left, top = map(int, match.groups())
    return left, top, left + width, top + height


def _active_window() -> Box:
    """Return where the active window is, with its frame, as the window manager says."""
    from Xlib import X, display, error  # noqa: PLC0415  (only where there is an X server)

    try:
        shown = display.Display()
    except (error.DisplayError, error.ConnectionClosedError, OSError) as problem:
        raise DeviceError(
            _("There is no desktop with windows"), _("Send a picture with `--file`.")
        ) from problem
    try:
        root = shown.screen().root
        found = root.get_full_property(shown.intern_atom("_NET_ACTIVE_WINDOW"), X.AnyPropertyType)
        if not found or not found.value[0]:
            raise InputError(_("There is no active window"), _("Click on one first."))
        window = shown.create_resource_object("window", found.value[0])
        while (parent := window.query_tree().parent) != root:
            window = parent
        about = window.get_geometry()
        return about.x, about.y, about.x + about.width, about.y + about.height
    except error.XError as problem:
        raise InputError(_("The active window is gone"), _("Try again.")) from problem
    finally:
        shown.close()


async def _by_portal() -> bytes:
    from dbus_fast import DBusError, Variant  # noqa: PLC0415  (only on Wayland)

    from voice_assistant.desktop import portal  # noqa: PLC0415
    from voice_assistant.desktop.bus import session_bus  # noqa: PLC0415

    async with session_bus(DeviceError) as bus:
        await portal.listen(bus)
        await bus.listen_for_owner(portal.PORTAL)
        options = {"interactive": Variant("b", True)}
        try:
            async with asyncio.timeout(CHOSEN_S):
                results = await portal.ask(
                    bus, "org.freedesktop.portal.Screenshot", "Screenshot", "sa{sv}", "", options
                )
        except (DBusError, TimeoutError, portal.PortalEnded) as error:
            raise DeviceError(
                _("The desktop's portal took no picture of the screen"),
                _("Send a picture with `--file`."),
            ) from error
    if results is None:
        raise InputError(_("No picture was taken"), _("It was not allowed, or it was cancelled."))
    return await asyncio.to_thread(_taken, str(results["uri"].value))


def _taken(uri: str) -> bytes:
    """Return the picture that the portal made, and remove it from the user's pictures."""
    file = Path(unquote(urlsplit(uri).path))
    try:
        picture = file.read_bytes()
        file.unlink(missing_ok=True)
    except OSError as error:
        raise DeviceError(
            _("The picture of the screen cannot be read: {error}", error=error),
            _("Send a picture with `--file`."),
        ) from error
    return picture
