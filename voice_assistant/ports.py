"""Protocols between rooms: the devices, the backend and the reports of problems that turns need.

Each protocol stands here; its implementations stand elsewhere: devices in `sound/`, the backend in
`api/`, notifications in `desktop/`, the report of problems in `subscribers/` and `runtime/`.
All methods run on the asyncio thread. Samples are always `Pcm`: mono, int16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from voice_assistant.api.client import ChatStream
    from voice_assistant.api.models import (
        AppInfo,
        ChatRequest,
        FormValue,
        HistoryMessage,
        Parameters,
        SpeechRequest,
        Transcript,
        Upload,
        UploadedFile,
    )
    from voice_assistant.audio.format import Pcm
    from voice_assistant.commands import AnyCommand
    from voice_assistant.errors import AssistantError

MICROPHONE = "microphone"
SPEAKER = "speaker"
SOUND_SYSTEM = "sound system"
BACKEND = "backend"
INPUTS = "inputs"
SPEECH_TO_TEXT = "speech to text"
VOICE = "voice"
RECORDINGS = "recordings"
CONVERSATION = "conversation"
HISTORY = "history"
"""Names of parts that several rooms know: one reports a problem, another clears or shows it."""


TURN = "turn"
"""The kind of the notification with question and answer."""

ALARM = "alarm"
"""The kind of a notification that does not leave by itself."""

BODY_MAX = 400
"""The characters of a notification's body: desktops cut longer ones anywhere."""


class Capture(Protocol):
    """One recording in progress: an iterator over its blocks (16 kHz) until `stop`."""

    @property
    def silent(self) -> bool:
        """Whether the microphone has delivered only zeros so far, as a muted microphone does."""
        ...

    def __aiter__(self) -> AsyncIterator[Pcm]:
        """Iterate over the blocks since the capture was opened; the iterator ends after `stop`.

        Raises:
            MicrophoneError: the microphone was lost or delivers nothing.
        """
        ...

    def stop(self) -> None:
        """End the capture after the sound up to now; returns at once. More calls do nothing."""
        ...


class Microphone(Protocol):
    """The microphone that questions are spoken to."""

    def capture(self) -> AbstractAsyncContextManager[Capture]:
        """Open the microphone; the end of the context closes it.

        Raises:
            MicrophoneError: there is no microphone, or it cannot be opened.
        """
        ...


class SpeechDetector(Protocol):
    """Tells speech from silence and noise: see `audio.endpointing`."""

    @property
    def speech_detected(self) -> bool:
        """Whether somebody has spoken."""
        ...

    @property
    def speech_s(self) -> float:
        """Seconds of speech so far."""
        ...

    @property
    def silence_s(self) -> float:
        """Seconds since the end of the last speech, or since the beginning."""
        ...

    @property
    def voice_dbfs(self) -> float | None:
        """The level of the speech's loudest part; None while nobody has spoken."""
        ...

    def feed(self, pcm: Pcm) -> None:
        """Take the next samples, 16 kHz."""
        ...


class Playback(Protocol):
    """One thing being played: an answer, or a short sound."""

    @property
    def played_s(self) -> float:
        """Seconds of sound that were played so far."""
        ...

    @property
    def silenced(self) -> bool:
        """Whether `abort` ended it before `finish` did: nothing that is written is played."""
        ...

    async def write(self, pcm: Pcm, rate_hz: int) -> None:
        """Add samples; playing begins with the first 0.25 s. Waits while much is still unplayed.

        `abort` ends the waiting.

        Raises:
            SpeakerError: there is no speaker, or it was lost and no other took over.
        """
        ...

    async def flush(self) -> None:
        """Play all written samples, without waiting for more.

        Raises:
            SpeakerError: there is no speaker, or it was lost and no other took over.
        """
        ...

    async def finish(self) -> float:
        """End the writing: wait until all is played, or for `abort`; return the seconds played.

        Raises:
            SpeakerError: there is no speaker, or it was lost and no other took over.
        """
        ...

    def abort(self) -> float:
        """Silence the playback at once; return the seconds played. Harmless after the end."""
        ...


class Speaker(Protocol):
    """The loudspeaker that answers and sounds are played on."""

    def play(self, *, prompt: bool = False) -> Playback:
        """Begin a new playback; the previous playback is silenced.

        Args:
            prompt: the sound begins at once. Otherwise a device that was asleep is given some
                silence first, because it swallows what it plays while it wakes up.

        Raises:
            SpeakerError: there is no speaker, or it cannot be opened.
        """
        ...


class SpeechFile(Speaker, Protocol):
    """A speaker that also writes the sound it plays into a file.

    Its playbacks raise `InputError` if the file cannot be written.
    """

    def close(self) -> None:
        """Complete the file.

        Raises:
            InputError: the file cannot be written.
        """
        ...


class Backend(Protocol):
    """The part of the API that a turn uses; `api.client.Client` has the whole API.

    Every method raises `errors.BackendError`.
    """

    @property
    def app(self) -> str:
        """A name for the app and the user, whatever the address is; "" if that is not known."""
        ...

    @property
    def server_version(self) -> str:
        """The version that the server named last; "" before the first response."""
        ...

    async def info(self) -> AppInfo:
        """Return the app's name and description."""
        ...

    async def parameters(self) -> Parameters:
        """Return the app's abilities and the limits of its inputs."""
        ...

    async def has_conversation(self, conversation_id: str) -> bool:
        """Return whether the server (still) has a conversation."""
        ...

    async def upload_file(self, upload: Upload) -> UploadedFile:
        """Send a file, and return the reference to it for questions."""
        ...

    async def audio_to_text(self, upload: Upload) -> Transcript:
        """Return the words of a recording."""
        ...

    def chat(
        self, request: ChatRequest, *, sure: bool = False
    ) -> AbstractAsyncContextManager[ChatStream]:
        """Ask a question; the context is the stream of the answer's events.

        Args:
            request: the question.
            sure: True if the server will not refuse it, see `Client.chat`.
        """
        ...

    def follow_run(
        self, run_id: str, *, filled_in: Sequence[str] = ()
    ) -> AbstractAsyncContextManager[ChatStream]:
        """Follow a run of the app's workflow once more; the context is the stream of its events.

        Args:
            run_id: the run.
            filled_in: ids of forms at which the run does not end, see `Runs.follow`.
        """
        ...

    async def fill_in_form(
        self, form_token: str, action: str, values: Mapping[str, FormValue]
    ) -> None:
        """Fill in a form with which the app asks, see `Forms.fill_in`."""
        ...

    async def find_message(
        self, *, conversation_id: str = "", message_id: str = "", query: str = "", since: float = 0
    ) -> HistoryMessage | None:
        """Return one of the user's latest messages, see `Client.find_message`."""
        ...

    async def stop(self, task_id: str) -> None:
        """End the generation of an answer."""
        ...

    def text_to_audio(self, request: SpeechRequest) -> AsyncGenerator[bytes, None]:
        """Yield the speech for a text, in the audio format of the server's provider."""
        ...

    async def suggested(self, message_id: str) -> Sequence[str]:
        """Return the questions that the server suggests after a message."""
        ...


class Button(Protocol):
    """A button of a notification."""

    @property
    def label(self) -> str:
        """The text on the button."""
        ...

    @property
    def command(self) -> AnyCommand:
        """The command that a click on the button posts."""
        ...


class Notifier(Protocol):
    """Shows short messages on the desktop. Never raises: faults are reported to `Problems`."""

    async def show(
        self,
        title: str,
        body: str,
        buttons: Sequence[Button] = (),
        extras: Sequence[Sequence[Button]] = (),
        *,
        growing: bool = False,
        stay_s: float | None = None,
        kind: str = TURN,
    ) -> None:
        """Show the one notification of a kind, or change it in place. Plain text, no markup.

        Args:
            title: one line.
            body: the text below the title.
            buttons: the choices that can be clicked.
            extras: groups of further choices, for displays with room for a whole group.
            growing: more text follows soon, so no history of the desktop should keep this one.
            stay_s: seconds until it leaves by itself, 0.0 for never; None: as the desktop decides.
            kind: what it is about; a notification of another kind is left as it is.
        """
        ...

    async def close(self, kind: str) -> None:
        """Close the notification of a kind, if it is shown."""
        ...


class Problems(Protocol):
    """Receives the reports that a device or another part does not work, or works again.

    Both methods return at once and never raise.
    """

    def report_problem(self, part: str, error: AssistantError) -> None:
        """Report that `part` does not work. Reporting the same problem again does no harm."""
        ...

    def clear_problem(self, part: str) -> None:
        """Report that `part` works (again). No effect without a problem."""
        ...


class Warn(Protocol):
    """Warns the user about a missing part or an unwise setting: by a line or a notification."""

    def __call__(self, title: str, hint: str, /) -> None:
        """Warn with a `title` (what happened) and a `hint` (what to do; "" for no hint)."""
        ...
