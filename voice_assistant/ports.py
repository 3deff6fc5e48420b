"""Protocols between rooms: what turns need of devices and the backend, and where problems go.

Each protocol is owned here and fulfilled elsewhere: devices in `sound/`, the backend in `api/`,
notifications in `desktop/`, the report of problems in `subscribers/` and `runtime/`.
All of them live on the asyncio thread. Samples are always `Pcm`: mono, int16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence
    from contextlib import AbstractAsyncContextManager

    from voice_assistant.api.client import ChatStream
    from voice_assistant.api.models import (
        AppInfo,
        ChatRequest,
        Parameters,
        SpeechRequest,
        Upload,
        UploadedFile,
    )
    from voice_assistant.audio.format import Pcm
    from voice_assistant.commands import AnyCommand
    from voice_assistant.errors import AssistantError

SPEAKER = "speaker"
RECORDINGS = "recordings"
CONVERSATION = "conversation"
"""Names of parts whose problems are reported in one room and cleared by a check in another."""


class Capture(Protocol):
    """One recording in progress: iterate over its blocks (16 kHz) until it is stopped."""

    @property
    def silent(self) -> bool:
        """Nothing but zeros has been delivered so far: a microphone that is muted."""
        ...

    def __aiter__(self) -> AsyncIterator[Pcm]:
        """The blocks, from the moment the capture was opened. Ends after `stop`.

        Raises:
            MicrophoneError: the device was lost or delivers nothing.
        """
        ...

    def stop(self) -> None:
        """End the capture with what was said until now; returns at once. Harmless if done twice."""
        ...


class Microphone(Protocol):
    """Where speech comes from."""

    def capture(self) -> AbstractAsyncContextManager[Capture]:
        """Open the microphone; leaving the context closes it.

        Raises:
            MicrophoneError: there is none, or it cannot be opened.
        """
        ...


class SpeechDetector(Protocol):
    """What knows speech from silence and noise: see `audio.endpointing`."""

    @property
    def speech_detected(self) -> bool:
        """Somebody has spoken."""
        ...

    @property
    def speech_s(self) -> float:
        """Seconds of speech so far."""
        ...

    @property
    def silence_s(self) -> float:
        """How long nobody has spoken since, or at all."""
        ...

    def feed(self, pcm: Pcm) -> None:
        """The next samples, 16 kHz."""
        ...


class Playback(Protocol):
    """One thing being played: an answer, or a short sound."""

    @property
    def played_s(self) -> float:
        """Seconds that have been heard so far."""
        ...

    async def write(self, pcm: Pcm, rate_hz: int) -> None:
        """Add samples; sound begins with the first 0.25 s. Waits while much is still to be heard.

        An `abort` meanwhile makes it return.

        Raises:
            SpeakerError: there is no speaker, or it was lost and no other took over.
        """
        ...

    async def flush(self) -> None:
        """What was written is to be heard whole, without waiting for more.

        Raises:
            SpeakerError: there is no speaker, or it was lost and no other took over.
        """
        ...

    async def finish(self) -> float:
        """No more will be written: wait until all is heard, or an `abort`; seconds heard.

        Raises:
            SpeakerError: there is no speaker, or it was lost and no other took over.
        """
        ...

    def abort(self) -> float:
        """Silence, now; seconds heard. Harmless after the end."""
        ...


class Speaker(Protocol):
    """Where speech goes."""

    def play(self) -> Playback:
        """Begin something new; whatever still plays is silenced.

        Raises:
            SpeakerError: there is none, or it cannot be opened.
        """
        ...


class SpeechFile(Speaker, Protocol):
    """A speaker that also writes what it plays into a file.

    Its playbacks raise `InputError` where the file cannot be written.
    """

    def close(self) -> None:
        """Complete the file.

        Raises:
            InputError: it cannot be written.
        """
        ...


class Backend(Protocol):
    """The part of the API that a turn uses; see `api.client.Client`, which has all of it.

    Every method raises `errors.BackendError`.
    """

    @property
    def server_version(self) -> str:
        """What the server last called itself; "" until it has answered."""
        ...

    async def info(self) -> AppInfo:
        """What the app is."""
        ...

    async def parameters(self) -> Parameters:
        """What the app can do."""
        ...

    async def has_conversation(self, conversation_id: str) -> bool:
        """Whether the server (still) has a conversation."""
        ...

    async def upload_file(self, upload: Upload) -> UploadedFile:
        """Send a file that questions may then refer to."""
        ...

    async def audio_to_text(self, upload: Upload) -> str:
        """The words of a recording; "" where there are none."""
        ...

    def chat(self, request: ChatRequest) -> AbstractAsyncContextManager[ChatStream]:
        """Ask, and follow the answer while it is written."""
        ...

    async def stop(self, task_id: str) -> None:
        """End the generation of an answer."""
        ...

    def text_to_audio(self, request: SpeechRequest) -> AsyncGenerator[bytes, None]:
        """Speech for a text, in whatever format the server's provider makes."""
        ...

    async def suggested(self, message_id: str) -> Sequence[str]:
        """What could be asked next."""
        ...


class Button(Protocol):
    """A choice within a notification."""

    @property
    def label(self) -> str:
        """What it says."""
        ...

    @property
    def command(self) -> AnyCommand:
        """What a click on it posts."""
        ...


class Notifier(Protocol):
    """Where the desktop shows short messages. Never raises: `Problems` has what is missing."""

    async def show(
        self, title: str, body: str, buttons: Sequence[Button] = (), *, growing: bool = False
    ) -> None:
        """Show, or change in place, the assistant's one notification. Plain text, no markup.

        Args:
            title: one line.
            body: what stands below it.
            buttons: what can be clicked.
            growing: more will follow soon, so that no history of the desktop should keep this.
        """
        ...


class Problems(Protocol):
    """Where a device, or another part, reports that it does not work, and that it works again.

    Both methods return at once and never raise.
    """

    def report_problem(self, part: str, error: AssistantError) -> None:
        """Report that `part` does not work. Reporting the same problem again does no harm."""
        ...

    def clear_problem(self, part: str) -> None:
        """Report that `part` works (again). No effect without a problem."""
        ...


class Warn(Protocol):
    """Tells the user that something is missing or unwise: on the terminal, in a notification."""

    def __call__(self, title: str, hint: str, /) -> None:
        """Tell what happened (`title`), and what to do about it (`hint`, "" for nothing)."""
        ...
