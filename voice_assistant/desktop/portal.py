"""Requests to the desktop's portal, whose answers come as signals.

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Request.html
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from dbus_fast import Variant

if TYPE_CHECKING:
    from voice_assistant.desktop.bus import Bus

PORTAL = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
REQUEST = "org.freedesktop.portal.Request"


class PortalEnded(Exception):
    """The portal's program has ended."""


def new_token() -> str:
    """Return a name that no other request has."""
    return f"voice_assistant_{secrets.token_hex(8)}"


async def listen(bus: Bus) -> None:
    """Let the bus bring the answers of requests; call this before `ask`."""
    await bus.listen(f"sender='{PORTAL}',interface='{REQUEST}'")


async def ask(
    bus: Bus, interface: str, member: str, signature: str, *body: Any
) -> dict[str, Variant] | None:
    """Make a request; return its results, None if the user or the desktop did not allow it.

    The answer comes when the user has closed the dialogue, but may also come before the method
    returns: so its path is fixed before the call.

    Args:
        bus: the session bus, see `listen`.
        interface: the portal's interface.
        member: the interface's method.
        signature: the types of `body`.
        body: the method's arguments; the last one is the options.

    Raises:
        DBusError: there is no portal, or a portal without this interface.
        PortalEnded: the portal has ended, where the bus listens for its owner.
    """
    token = new_token()
    sender = bus.unique_name.removeprefix(":").replace(".", "_")
    path = f"{PATH}/request/{sender}/{token}"
    options = {**body[-1], "handle_token": Variant("s", token)}
    await bus.call(PORTAL, PATH, interface, member, signature, *body[:-1], options)
    while True:
        signal = await bus.signal()
        match signal.member, signal.body:
            case "Response", [code, results] if signal.path == path:
                return None if code else dict(results)
            case "NameOwnerChanged", [_, _, ""]:
                raise PortalEnded
