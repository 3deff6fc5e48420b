"""The setup of a running assistant: what the window's setup view tries and keeps."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.commands import Stop
from voice_assistant.companion.program import Heard
from voice_assistant.desktop import autostart
from voice_assistant.engines.voices.installed import find_voice
from voice_assistant.engines.voices.listing import voices
from voice_assistant.errors import AssistantError, ConfigError, NoKeyring, sentences
from voice_assistant.runtime.setup.trials import SENTENCE, ask_server, listen
from voice_assistant.server.chat_model import discovery
from voice_assistant.settings import credentials, editing, system_keyring
from voice_assistant.settings.secret import Secret
from voice_assistant.settings.sections.backend import EmbeddedSettings
from voice_assistant.sound import devices
from voice_assistant.speech.narration import Narration
from voice_assistant.speech.own_voice import speak
from voice_assistant.system import plain_files, private_files
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from voice_assistant.commands import AnyCommand
    from voice_assistant.engines.voices.listing import Listed
    from voice_assistant.runtime.live_settings import LiveSettings
    from voice_assistant.turns.services import TurnServices


class Setup:
    """Tries and keeps what a user sets up; see `companion.program.Trials`.

    Args:
        live: the settings in use.
        services: the devices of turns.
        post: takes a command: speech that goes on ends before another voice is tried.
        login_changed: called after the start at login has been switched.
    """

    def __init__(
        self,
        live: LiveSettings,
        services: TurnServices,
        post: Callable[[AnyCommand], None],
        login_changed: Callable[[], None],
    ) -> None:
        self._live = live
        self._services = services
        self._post = post
        self._login_changed = login_changed

    async def server(self, url: str, key: str, *, profile: str, anyway: bool) -> str:
        """Ask the app at `url`, then keep key and address.

        Where there is no keyring, `anyway` keeps the key in the settings file.
        """
        typed = credentials.typed_key(key).reveal() if key.strip() else ""
        told = _("The address is kept, but was not tried.")
        try:
            backend = msgspec.structs.replace(self._live.now.backend, profile=profile)
            about = await ask_server(backend, url, typed, self._live.file)
            told = _("The server accepts the key: {about}.", about=about)
        except AssistantError:
            if not anyway:
                raise
        await asyncio.to_thread(self._keep, url.strip(), Secret(typed), profile, anyway=anyway)
        self._live.read_again()
        return told

    def _keep(self, url: str, key: Secret, profile: str, *, anyway: bool) -> None:
        wanted = {"url": url}
        if key.reveal():
            try:  # first: without its key, the app would answer nothing
                system_keyring.keep_api_key(url, key, profile)
            except NoKeyring:
                if not anyway:
                    raise
                wanted["api_key"] = key.reveal()
                if not plain_files.is_missing(self._live.file):
                    self._live.file.chmod(private_files.PRIVATE)
        if profile:
            editing.change_profile(self._live.file, profile, wanted)
            return
        changes = [(editing.declared(f"backend.{name}"), one) for name, one in wanted.items()]
        editing.change_all(self._live.file, [(editing.declared("backend.kind"), "dify"), *changes])

    def delete_profile(self, name: str) -> None:
        """Take a profile out of the settings file, and its key out of the keyring."""
        if name == self._live.now.backend.profile:
            raise ConfigError(_("This profile answers now"), _("Use another one first."))
        known = self._live.now.profiles.get(name)
        editing.change_profile(self._live.file, name, None)
        self._live.read_again()
        if known and known.url:
            with contextlib.suppress(AssistantError):  # no keyring: no key
                system_keyring.forget_api_key(known.url, name)

    async def models(self) -> list[discovery.Found]:
        """Return the servers of chat models on this machine."""
        return await discovery.look()

    async def listen(self) -> AsyncIterator[Heard]:
        """Record one sentence, and yield its level and its words."""
        services = self._services
        try:
            async with contextlib.aclosing(listen(services.microphone, services.words_of)) as heard:
                async for news in heard:
                    if isinstance(news, str):
                        yield Heard(words=news)
                    else:
                        yield Heard(level_dbfs=round(news, 1))
        except AssistantError as error:
            yield Heard(problem=sentences(error.title, error.hint))

    async def say(self, text: str, engine: str, voice: str) -> None:
        """Say a text to its end, or the usual sentence for ""."""
        wished = (
            msgspec.convert({"engine": engine, "voice": voice}, EmbeddedSettings)
            if engine
            else self._live.now.embedded
        )
        found = await asyncio.to_thread(find_voice, wished)
        if found is None:
            raise ConfigError(_("This machine has no such voice"), _("Choose another one."))
        self._post(Stop())
        narration = Narration()
        self._services.player.begin(narration)
        await speak(text or SENTENCE, found, narration, self._services.speaker)

    async def offers(self) -> dict[str, list[str]]:
        """Return the names of the devices, for the settings that name one."""
        try:
            known = await asyncio.to_thread(devices.devices)
        except AssistantError:
            known = []
        return {
            key: [one.name for one in known if one.kind == kind]
            for key, kind in (("microphone.device", "input"), ("speaker.device", "output"))
        }

    def voices(self) -> list[dict[str, str]]:
        """Return the voices of this machine. Blocks."""
        return [one._asdict() for one in _best_of_language(voices())]

    def start_at_login(self, *, on: bool) -> None:
        """Let a login start the assistant, or not."""
        autostart.of_this_platform().switch(on=on)
        self._login_changed()


def _best_of_language(known: list[Listed]) -> list[Listed]:
    """Leave out the many voices of espeak-ng for languages that another engine speaks better."""
    better = {one.language for one in known if one.engine != "espeak-ng"}
    return [one for one in known if one.engine != "espeak-ng" or one.language not in better]
