"""What can go wrong, told to people: what happened (`title`) and what to do (`hint`).

    AssistantError
    ├ ConfigError               a setting is wrong
    ├ DeviceError               a part of the desktop is missing or was lost
    │ ├ MicrophoneError
    │ ├ SpeakerError
    │ ├ HotkeyError
    │ ├ TrayError
    │ ├ NotificationError
    │ └ StorageError
    ├ InputError                what was given cannot be used (no audio, an empty question)
    │ └ NothingHeard            a recording without words
    ├ DaemonError
    │ ├ NotRunning              a command for the daemon, and there is none
    │ └ AlreadyRunning          a second daemon
    └ BackendError              the server; carries `status` and the server's own `code`
      ├ Unreachable             no connection
      ├ TimedOut                a connection, and no answer
      ├ Unauthorized            401
      ├ Forbidden               403
      ├ NotFound                404 with a JSON body: a conversation, message or job that is gone
      │ └ ConversationOver      the server has closed the conversation: the next one begins
      ├ MissingEndpoint         404 or 405 for the route itself: an older server
      ├ TooLarge                413
      ├ UnsupportedAudio        415
      ├ RateLimited             429, or 400 "Too many requests"
      ├ NotConfigured           the app has no model, or speech is switched off
      ├ QuotaExceeded
      ├ Rejected                any other refusal of the request
      ├ ModelFailed             the answer broke off: the model failed
      ├ BrokenStream            the answer broke off: silence, or the connection was lost
      └ ServerBug               HTML, plain 500, nonsense

Every class has a `code` for programs (the `code` of a `failed` event) and an `exit_code`, the exit
status of the command line.
"""

from __future__ import annotations

INTERRUPTED = 130
EXIT_STATUS = {
    0: "done",
    1: "a bug: the traceback is shown",
    2: "the command line is wrong",
    3: "a setting is wrong, or the API key is missing",
    4: "a microphone, speaker or other part of the desktop is missing",
    5: "the backend cannot be reached, or does not answer in time",
    6: "the backend refuses the API key",
    7: "the backend failed or refused",
    8: "nothing to ask: no words heard, no audio in the file",
    9: "the assistant is not running",
    10: "the assistant is running already, or the port is taken",
    11: "this server is too old for that",
    INTERRUPTED: "interrupted",
}
"""What the exit status of the command line means; `--help` prints it. Each class below has its own
or that of its parent."""


class AssistantError(Exception):
    """The root: anything that is said to the user instead of shown as a traceback.

    Args:
        title: what happened, in one short sentence without a full stop.
        hint: what to do about it, one or two sentences; may be empty.
    """

    code = "error"
    exit_code = 1

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint


class ConfigError(AssistantError):
    """A setting that cannot be used; the title names file and key."""

    code = "config"
    exit_code = 3


class DeviceError(AssistantError):
    """A part of the desktop is missing or was lost."""

    code = "device"
    exit_code = 4


class MicrophoneError(DeviceError):
    """No microphone, or it was lost while recording."""

    code = "microphone"


def muted_microphone() -> MicrophoneError:
    """The error of a microphone that delivers nothing but zeros."""
    return MicrophoneError(
        "The microphone delivers only silence", "Is it muted? Look in the sound settings."
    )


class SpeakerError(DeviceError):
    """No sound output, or it was lost while speaking."""

    code = "speaker"


class HotkeyError(DeviceError):
    """The global key cannot be had: no display, or another program has it."""

    code = "hotkey"


class TrayError(DeviceError):
    """No place for a tray icon."""

    code = "tray"


class NotificationError(DeviceError):
    """No notification daemon."""

    code = "notifications"


class StorageError(DeviceError):
    """No room on the disk, or no right to write there."""

    code = "storage"


class InputError(AssistantError):
    """What was given cannot be used: a file that is no audio, an empty question."""

    code = "input"
    exit_code = 8


class NothingHeard(InputError):
    """A recording in which no words were found. An outcome, not a fault."""

    code = "nothing_heard"


class DaemonError(AssistantError):
    """The running daemon, or that there is none."""

    code = "daemon"
    exit_code = 9


class NotRunning(DaemonError):
    """A command for the daemon, and no daemon runs."""

    code = "not_running"


class AlreadyRunning(DaemonError):
    """A daemon of this user runs already."""

    code = "already_running"
    exit_code = 10


class BackendError(AssistantError):
    """The server did not do what was asked.

    Args:
        title: see `AssistantError`.
        hint: see `AssistantError`.
        status: the HTTP status, 0 where there was none.
        server_code: the `code` of the server's error body, "" where there was none.
    """

    code = "backend"
    exit_code = 7

    def __init__(
        self, title: str, hint: str = "", *, status: int = 0, server_code: str = ""
    ) -> None:
        super().__init__(title, hint)
        self.status = status
        self.server_code = server_code


class Unreachable(BackendError):
    """No connection could be made."""

    code = "unreachable"
    exit_code = 5


class TimedOut(BackendError):
    """The server took the request and did not answer in time."""

    code = "timed_out"
    exit_code = 5


class Unauthorized(BackendError):
    """401: the key is missing or wrong."""

    code = "unauthorized"
    exit_code = 6


class Forbidden(BackendError):
    """403: the key is right and the app's API is switched off, or this is not allowed."""

    code = "forbidden"
    exit_code = 6


class NotFound(BackendError):
    """404 with a JSON body: a conversation, message, file or job that the server does not know."""

    code = "not_found"


class ConversationOver(NotFound):
    """The server has closed the conversation: the question belongs into a new one."""

    code = "conversation_over"


class MissingEndpoint(BackendError):
    """The server is too old for what was asked: it has no such route."""

    code = "missing_endpoint"
    exit_code = 11


class TooLarge(BackendError):
    """413: the upload is over the server's limit."""

    code = "too_large"


class UnsupportedAudio(BackendError):
    """415: the server does not take this kind of file."""

    code = "unsupported_audio"


class RateLimited(BackendError):
    """Too many requests at once, or in a while.

    Args:
        title: see `AssistantError`.
        hint: see `AssistantError`.
        status: the HTTP status: 429, or 400 on servers that answer so.
        server_code: the `code` of the server's error body.
        retry_after_s: seconds to wait as told by the server, None where it did not say.
    """

    code = "rate_limited"

    def __init__(
        self,
        title: str,
        hint: str = "",
        *,
        status: int = 0,
        server_code: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(title, hint, status=status, server_code=server_code)
        self.retry_after_s = retry_after_s


class NotConfigured(BackendError):
    """The app lacks what this needs: a model, speech to text, text to speech."""

    code = "not_configured"


class QuotaExceeded(BackendError):
    """The provider's quota is used up."""

    code = "quota_exceeded"


class Rejected(BackendError):
    """Any other refusal of the request."""

    code = "rejected"


class ModelFailed(BackendError):
    """The answer broke off because the model failed."""

    code = "model_failed"


class BrokenStream(BackendError):
    """The answer broke off: silence for too long, or the connection was lost."""

    code = "broken_stream"


class ServerBug(BackendError):
    """The server answered with something that is no answer: HTML, a plain 500, nonsense."""

    code = "server_bug"


def exit_code(code: str) -> int:
    """The exit status for the `code` of a `failed` event; 1 for a bug."""
    kinds = [AssistantError]
    for kind in kinds:
        if kind.code == code:
            return kind.exit_code
        kinds.extend(kind.__subclasses__())
    return 1
