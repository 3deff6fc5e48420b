"""The talk key on Wayland: the desktop watches the key and reports its moves through the portal.

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html
The desktop asks the user once; afterwards the key is chosen in the desktop's own settings.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from dbus_fast import DBusError, Variant

from voice_assistant.desktop import portal
from voice_assistant.desktop.bus import Bus, session_bus
from voice_assistant.desktop.entry import APP_ID, FILE
from voice_assistant.desktop.hotkey.follower import Move
from voice_assistant.desktop.hotkey.keys import TALK, Chord, by_command
from voice_assistant.desktop.portal import PATH, PORTAL
from voice_assistant.errors import HotkeyError
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from dbus_fast import Message

log = logging.getLogger(__name__)

SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
SESSION = "org.freedesktop.portal.Session"
REGISTRY = "org.freedesktop.host.portal.Registry"
DESCRIPTIONS = {
    TALK: ("talk", N_("Talk to the voice assistant")),
    "hotkey.dictate": ("dictate", N_("Dictate into the window in front")),
    "hotkey.stop": ("stop", N_("Stop the voice assistant's answer")),
    "hotkey.pause": ("pause", N_("Hold the voice assistant's answer, or go on with it")),
    "hotkey.repeat": ("repeat", N_("Hear the voice assistant's last answer again")),
    "hotkey.skip": ("skip", N_("Hear the next sentence of the voice assistant's answer")),
    "hotkey.new": ("new", N_("Begin a new conversation with the voice assistant")),
    **{
        f"hotkey.follow_up_{number}": (f"follow_up_{number}", what)
        for number, what in (
            (1, N_("Ask the first follow-up question")),
            (2, N_("Ask the second follow-up question")),
            (3, N_("Ask the third follow-up question")),
        )
    },
    "hotkey.back": ("back", N_("Hear a sentence of the voice assistant's answer again")),
    "hotkey.rate_good": ("rate-good", N_("Rate the voice assistant's last answer as good")),
    "hotkey.rate_bad": ("rate-bad", N_("Rate the voice assistant's last answer as bad")),
    "hotkey.profile": ("profile", N_("Let the voice assistant ask another app")),
    "hotkey.conversation": (
        "conversation",
        N_("Let the voice assistant listen again after answers"),
    ),
    "hotkey.mute": ("mute", N_("Switch the voice assistant's microphone off or on")),
    "hotkey.window": ("window", N_("Open the voice assistant's window")),
    "hotkey.screen": ("screen", N_("Ask the voice assistant about the screen")),
    "hotkey.type": ("type", N_("Type a question for the voice assistant")),
    "hotkey.captions": ("captions", N_("Show the voice assistant's words in large letters")),
    "hotkey.off_the_record": ("off-the-record", N_("Let the voice assistant keep no record")),
}
"""For every key's setting: the key's name for the portal, and the text that the desktop shows."""
MISSING = {
    f"org.freedesktop.DBus.Error.{name}"
    for name in ("ServiceUnknown", "NameHasNoOwner", "UnknownMethod", "UnknownInterface")
}


LOST_RELEASE_S = 1.0
"""Seconds between two activations from which the key was released unseen: repetitions of a held
key come sooner. Some desktops never report the release."""


class PortalHotkey:
    """A supervised part: calls `moved` once when the key goes down, and once when it comes up."""

    def __init__(self, chord: Chord, moved: Callable[[Move], None], setting: str = TALK) -> None:
        self.name = setting
        self._shortcut, what = DESCRIPTIONS[setting]
        self._what = _(what)
        self._chord = chord
        self._moved = moved
        self._held = False
        self._activated_s = 0.0

    async def run(self, ready: Callable[[], None]) -> None:
        """Pass on the key's moves until cancelled.

        Raises:
            HotkeyError: no portal, the user or the desktop refused, or the session was closed.
        """
        if self._chord.only_x11:
            raise HotkeyError(
                _("On Wayland, no program can watch {title}", title=self._chord.title),
                _(
                    "Choose a key such as f9 in {name}. {by_command}",
                    name=self.name,
                    by_command=by_command(),
                ),
            )
        async with session_bus(HotkeyError) as bus:
            try:
                session = await self._bind(bus)
            except (DBusError, TimeoutError) as error:
                raise _refused(error) from error
            ready()
            try:
                while True:
                    self._take(await bus.signal(), session)
            finally:
                self._turn(down=False)

    async def _bind(self, bus: Bus) -> str:
        """Bind the key; return the path of the session that the key belongs to."""
        await bus.listen_for_owner(PORTAL)
        await portal.listen(bus)
        await bus.listen(f"sender='{PORTAL}',interface='{SESSION}'")
        await bus.listen(f"sender='{PORTAL}',interface='{SHORTCUTS}'")
        await _register(bus)
        token = Variant("s", portal.new_token())
        created = await _ask(bus, "CreateSession", "a{sv}", {"session_handle_token": token})
        session = str(created["session_handle"].value)
        shortcut = {
            "description": Variant("s", self._what),
            "preferred_trigger": Variant("s", self._chord.trigger),
        }
        bound = await _ask(
            bus, "BindShortcuts", "oa(sa{sv})sa{sv}", session, [[self._shortcut, shortcut]], "", {}
        )
        log.info("the desktop listens for the talk key: %s", _triggers(bound))
        return session

    def _take(self, signal: Message, session: str) -> None:
        match signal.member, signal.body:
            case "Activated", [path, name, *_] if (path, name) == (session, self._shortcut):
                now_s = asyncio.get_running_loop().time()
                lost = self._held and now_s - self._activated_s > LOST_RELEASE_S
                self._activated_s = now_s
                self._turn(down=not lost)
            case "Deactivated", [path, name, *_] if (path, name) == (session, self._shortcut):
                self._turn(down=False)
            case "Closed", _ if signal.path == session:
                raise HotkeyError(_("The desktop took the talk key back"), by_command())
            case "NameOwnerChanged", [_, _, ""]:
                raise _ended()

    def _turn(self, *, down: bool) -> None:
        if down != self._held:
            self._held = down
            self._moved(Move.DOWN if down else Move.UP)


async def version() -> int:
    """Return the version of the portal's interface for keys.

    Raises:
        HotkeyError: there is no session bus, or no such portal.
    """
    async with session_bus(HotkeyError) as bus:
        try:
            [found] = await bus.call(
                PORTAL, PATH, "org.freedesktop.DBus.Properties", "Get", "ss", SHORTCUTS, "version"
            )
        except (DBusError, TimeoutError) as error:
            raise HotkeyError(_("This desktop has no portal for keys"), by_command()) from error
    return int(found.value)


async def _register(bus: Bus) -> None:
    """Register our name with the portal, before any other call.

    xdg-desktop-portal takes the name since 1.19.4. It needs what `g_desktop_app_info_new` finds: a
    desktop entry of that name which is not hidden, and whose program exists (its
    `xdp_app_info_host_new_registered` sets XDP_APP_INFO_FLAG_REQUIRE_GAPPINFO). Since 1.21 it gives
    no shortcuts to programs without a name (its pull request 1817). See `desktop/applications.py`.

    Raises:
        TimeoutError: the portal does not answer, and would not answer any other call.
    """
    try:
        await bus.call(PORTAL, PATH, REGISTRY, "Register", "sa{sv}", APP_ID, {})
    except DBusError as error:
        log.info("the portal does not register us: %s", error)


async def _ask(bus: Bus, member: str, signature: str, *body: Any) -> dict[str, Variant]:
    """Make a request to the portal for global shortcuts; the last part of `body` is the options.

    Raises:
        HotkeyError: the user did not allow it, or the portal ended.
    """
    try:
        results = await portal.ask(bus, SHORTCUTS, member, signature, *body)
    except portal.PortalEnded as error:
        raise _ended() from error
    if results is None:
        raise HotkeyError(
            _("Watching for the talk key was not allowed"),
            _(
                "Allow it in the desktop's settings and start again. {by_command}",
                by_command=by_command(),
            ),
        )
    return results


def _triggers(results: dict[str, Variant]) -> str:
    """Return the key in the desktop's words; it may not be the key that we asked for."""
    shortcuts = results["shortcuts"].value if "shortcuts" in results else []
    described = (
        properties["trigger_description"].value
        for _name, properties in shortcuts
        if "trigger_description" in properties
    )
    return ", ".join(described) or _("the desktop does not say which")


def _ended() -> HotkeyError:
    return HotkeyError(_("The desktop's portal ended, and the talk key with it"), by_command())


def _refused(error: Exception) -> HotkeyError:
    # These errors mean that there is no portal, or a portal without this interface.
    if isinstance(error, DBusError) and error.type in MISSING:
        return HotkeyError(_("This desktop has no portal for global keys"), by_command())
    if isinstance(error, TimeoutError):
        return HotkeyError(
            _("The desktop's portal does not answer"),
            _(
                "Restart it (its program is xdg-desktop-portal), or log in again. {by_command}",
                by_command=by_command(),
            ),
        )
    return HotkeyError(
        _("The desktop's portal did not bind the talk key: {error}", error=error),
        _(
            "It knows programs by their entry in the applications menu, {file}; "
            "`voice-assistant menu add` writes it again. {by_command}",
            file=FILE,
            by_command=by_command(),
        ),
    )
