"""The window, served as the daemon serves it, with fakes for what it asks of the assistant."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec
from fakes import FakeProblems, until

from voice_assistant.companion.feed import Feed
from voice_assistant.companion.page_server import PageServer
from voice_assistant.companion.program import Heard, Program
from voice_assistant.errors import Unreachable
from voice_assistant.runtime.doctor.doctor import Finding
from voice_assistant.runtime.live_settings import LiveSettings, change_setting
from voice_assistant.settings.schema import Settings
from voice_assistant.status import Status

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from voice_assistant.api.client import Client
    from voice_assistant.api.models import Parameters
    from voice_assistant.commands import AnyCommand
    from voice_assistant.errors import AssistantError
    from voice_assistant.events import AnyEvent


class FakeTrials:
    """The trials of the setup, with the results that a test wants.

    Attributes:
        servers: the servers that were asked: address, key, profile, and whether they are kept
            anyway.
        deleted: the profiles that were deleted.
        refusal: why the server refuses; None: it does not.
        said: the texts that were said, with engine and voice.
        login: whether a login starts the assistant.
    """

    def __init__(self) -> None:
        self.servers: list[tuple[str, str, str, bool]] = []
        self.refusal: AssistantError | None = None
        self.said: list[tuple[str, str, str]] = []
        self.login = False
        self.deleted: list[str] = []

    async def server(self, url, key, *, profile, anyway):
        self.servers.append((url, key, profile, anyway))
        if self.refusal and not anyway:
            raise self.refusal
        return "The server accepts the key: Test app."

    def delete_profile(self, name):
        self.deleted.append(name)

    async def models(self):
        return [("Ollama", "http://127.0.0.1:11434/v1", ("llama3",))]

    async def listen(self):
        for level in (-50.0, -20.0):
            yield Heard(level_dbfs=level)
        yield Heard(words="what time is it")

    async def say(self, text, engine, voice):
        self.said.append((text, engine, voice))

    async def offers(self):
        return {"microphone.device": ["USB Microphone", "Webcam"], "speaker.device": ["HDMI"]}

    def voices(self):
        return [{"engine": "hibari", "voice": "heart", "language": "en"}]

    def start_at_login(self, *, on):
        self.login = on


class FakeDoctor:
    """A doctor with one finding of each kind.

    Attributes:
        played_back: how often a recording was played.
    """

    def __init__(self) -> None:
        self.played_back = 0

    async def findings(self):
        return [
            Finding("Microphone", ok=True, text="USB"),
            Finding(
                "Speaker",
                ok=False,
                text="No speaker was found",
                mend="Connect one.",
                step="speaker",
            ),
        ]

    async def report(self):
        return "voice-assistant 1\nok  Microphone: <USB>"

    async def play_back(self):
        self.played_back += 1


class Served:
    """A window that is served.

    Args:
        folder: holds the settings and the session.

    Attributes:
        posted: the commands that pages gave.
        live: the settings.
        sentence: the sentence that is being spoken.
        trials: what the setup tries.
        client: the client of the test's server.
        parameters: what the app can do.
    """

    def __init__(self, folder: Path) -> None:
        self.trials = FakeTrials()
        self.client: Client | None = None
        self.parameters: Parameters | None = None
        self.posted: list[AnyCommand] = []
        self.live = LiveSettings(Settings(), folder / "config.toml", FakeProblems())
        self.doctor = FakeDoctor()
        self._status = Status()
        closing = asyncio.Event()
        self.sentence = ""
        self.feed = Feed(
            lambda: self._status,
            closing,
            lambda: self.sentence,
            lambda: self.live.now.backend.trust_pictures,
        )
        self.live.follow(self.feed.settings_changed)
        self._opened: list[str] = []
        program = Program(
            feed=self.feed,
            connect=self._connect,
            parameters=self._parameters,
            post=self.posted.append,
            settings=lambda: self.live.now,
            change=self._change,
            doctor=self.doctor,
            trials=self.trials,
        )
        self.problems = FakeProblems()
        self.window = PageServer(
            program, closing, folder / "window.json", self.problems, self._opened.append
        )

    def tell(self, *events: AnyEvent) -> None:
        """Give these events to the window."""
        for event in events:
            self.feed.handle(event)

    def status(self, **changes: object) -> None:
        """Change the status."""
        self._status = msgspec.structs.replace(self._status, **changes)
        self.feed.status_changed()

    async def address(self, view: str = "") -> str:
        """Open a view of the window; return the address with the token."""
        self._opened.clear()
        self.window.open(view)
        await until(lambda: self._opened)
        return self._opened[0]

    async def _connect(self):
        if self.client is None:
            raise Unreachable("The test has no server")
        return self.client

    async def _parameters(self):
        return self.parameters

    async def _change(self, one, value):
        change_setting(self.live.file, one, value)
        return self.live.read_again().after_restart


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Served]:
    """A window that is served while the context lasts."""
    whole = Served(folder)
    ready = asyncio.Event()
    task = asyncio.create_task(whole.window.run(ready.set))
    await ready.wait()
    try:
        yield whole
    finally:
        task.cancel()
        await asyncio.wait([task])
