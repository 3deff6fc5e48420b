"""The errors that people read: each says what happened (`title`) and what to do (`hint`).

    AssistantError
    ├ ConfigError               a setting is wrong
    │ └ KeyringSilent           the keyring with the key does not answer yet
    ├ DeviceError               a part of the desktop is missing or was lost
    │ ├ MicrophoneError
    │ ├ SpeakerError
    │ ├ HotkeyError
    │ ├ TrayError
    │ ├ OverlayError            no captions above all windows
    │ ├ NotificationError
    │ └ StorageError
    ├ InputError                the given file or text cannot be used (no audio, an empty question)
    │ └ NothingHeard            a recording without words
    ├ DaemonError
    │ ├ NotRunning              a command was sent, and no daemon runs
    │ └ AlreadyRunning          a second daemon
    └ BackendError              the server; carries `status` and the server's own `code`
      ├ Unreachable             no connection
      ├ TimedOut                the server took the request and did not answer in time
      ├ Unauthorized            401
      ├ Forbidden               403
      ├ NotFound                404 with a JSON body: a conversation, message or job that is gone
      │ └ ConversationOver      the server has closed the conversation: the next one begins
      ├ MissingEndpoint         404 or 405 for the route itself: an older server
      ├ TooLarge                413
      ├ UnsupportedAudio        415
      ├ RateLimited             429, or 400 "Too many requests"
      ├ NotConfigured           the app has no model, or speech is switched off
      │ └ WrongApp              the app takes no questions: a workflow, or a text generator
      ├ QuotaExceeded
      ├ Rejected                any other refusal of the request
      ├ ModelFailed             the answer broke off: the model failed
      │ └ ConversationTooLong   the model cannot read all of the conversation any more
      ├ BrokenStream            the answer broke off: nothing arrived, or the connection was lost
      └ ServerBug               HTML, plain 500, nonsense

Every class has a `code` for programs (the `code` of a `failed` event) and an `exit_code`, the exit
status of the command line.
"""

from __future__ import annotations

from voice_assistant.translation import N_, _

INTERRUPTED = 130
EXIT_STATUS = {
    0: N_("done"),
    1: N_("a bug: the traceback is shown"),
    2: N_("the command line is wrong"),
    3: N_("a setting is wrong, or the app's key is missing"),
    4: N_("a microphone, speaker or other part of the desktop is missing"),
    5: N_("the server cannot be reached, or does not answer in time"),
    6: N_("the server refuses the key"),
    7: N_("the server failed or refused"),
    8: N_("nothing to ask: no words heard, no audio in the file"),
    9: N_("the assistant is not running"),
    10: N_("the assistant is running already, or the port is taken"),
    11: N_("the server is too old for this command"),
    INTERRUPTED: N_("interrupted"),
}
"""The meaning of each exit status of the command line; `--help` prints this table. Each class below
has its own exit status or inherits that of its parent."""


class AssistantError(Exception):
    """The root: the user reads the title and the hint of such an error, not a traceback.

    Args:
        title: says what happened, in one short sentence without a full stop.
        hint: says what the user can do, in one or two sentences; may be empty.
    """

    code = "error"
    exit_code = 1

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint


def sentences(title: str, hint: str = "") -> str:
    """Return title and hint of an error as people read them one after the other."""
    return _("{title}. {hint}", title=title, hint=hint).strip()


class ConfigError(AssistantError):
    """A setting that cannot be used; the title names file and key."""

    code = "config"
    exit_code = 3


class KeyringSilent(ConfigError):
    """The keyring with the key does not answer yet: it may wait for its user."""


class NoKeyring(ConfigError):
    """The desktop has no keyring at all."""

    code = "no_keyring"


class DeviceError(AssistantError):
    """A part of the desktop (a device or a service) is missing or was lost."""

    code = "device"
    exit_code = 4


class MicrophoneError(DeviceError):
    """There is no microphone, or the microphone was lost during a recording."""

    code = "microphone"


class MicrophoneReplaced(MicrophoneError):
    """The chosen microphone cannot be used, and another one is: questions can be asked."""


class MicrophoneOff(MicrophoneError):
    """The user has switched the microphone off: nothing is broken."""

    code = "microphone_off"


def microphone_off() -> MicrophoneOff:
    """Return the error for a microphone that the user has switched off."""
    return MicrophoneOff(
        _("The microphone is switched off"),
        _("Switch it on in the tray, or with `voice-assistant mute off`."),
    )


def muted_microphone() -> MicrophoneError:
    """Return the error of a microphone that delivers only zeros."""
    return MicrophoneError(
        _("The microphone delivers only silence"), _("Is it muted? Look in the sound settings.")
    )


class SpeakerError(DeviceError):
    """There is no sound output, or the sound output was lost during speech."""

    code = "speaker"


class HotkeyError(DeviceError):
    """The global talk key cannot be used: no display, or another program uses the key."""

    code = "hotkey"


class TrayError(DeviceError):
    """The desktop has no place for a tray icon."""

    code = "tray"


class OverlayError(DeviceError):
    """Captions cannot be shown above all windows."""

    code = "overlay"


class NotificationError(DeviceError):
    """The desktop has no notification service."""

    code = "notifications"


class StorageError(DeviceError):
    """The disk is full, or the user has no right to write there."""

    code = "storage"


class InputError(AssistantError):
    """The given file or text cannot be used: a file without audio, an empty question."""

    code = "input"
    exit_code = 8


class NothingHeard(InputError):
    """A recording has no words in it. This is an outcome, not a fault."""

    code = "nothing_heard"


class DaemonError(AssistantError):
    """The daemon does not run, or runs already."""

    code = "daemon"
    exit_code = 9


class NotRunning(DaemonError):
    """A command was sent to the daemon, and no daemon runs."""

    code = "not_running"


class Hanging(DaemonError):
    """The daemon runs, and does not answer."""

    code = "hanging"


class AlreadyRunning(DaemonError):
    """A daemon of this user runs already."""

    code = "already_running"
    exit_code = 10


class BackendError(AssistantError):
    """The server did not do what the request asked for.

    Args:
        title: see `AssistantError`.
        hint: see `AssistantError`.
        status: the HTTP status, 0 without a response.
        server_code: the `code` of the server's error body, "" without such a body.
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
    """401: the API key is missing or wrong."""

    code = "unauthorized"
    exit_code = 6


class Forbidden(BackendError):
    """403: the API key is right, but the app's API is switched off or the request is forbidden."""

    code = "forbidden"
    exit_code = 6


class NotFound(BackendError):
    """404 with a JSON body: a conversation, message, file or job that the server does not know."""

    code = "not_found"


class ConversationOver(NotFound):
    """The server has closed the conversation: the question needs a new conversation."""

    code = "conversation_over"


class MissingEndpoint(BackendError):
    """The server is too old for the request: the server has no such route."""

    code = "missing_endpoint"
    exit_code = 11


class TooLarge(BackendError):
    """413: the upload is over the server's limit."""

    code = "too_large"


class UnsupportedAudio(BackendError):
    """415: the server does not take this kind of file."""

    code = "unsupported_audio"


class RateLimited(BackendError):
    """The client sent too many requests at once, or in a short time.

    Args:
        title: see `AssistantError`.
        hint: see `AssistantError`.
        status: the HTTP status: 429, or 400 from servers that use 400 for this.
        server_code: the `code` of the server's error body.
        retry_after_s: seconds that the server asks the client to wait, None if the server gave
            no time.
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
    """The app lacks a part that the request needs: a model, speech to text, text to speech."""

    code = "not_configured"


class WrongApp(NotConfigured):
    """The app behind the key takes no questions: a workflow, or an app that generates texts."""

    code = "wrong_app"


class QuotaExceeded(BackendError):
    """The provider's quota is used up."""

    code = "quota_exceeded"


class Rejected(BackendError):
    """The server refused the request for any other reason."""

    code = "rejected"


class ModelFailed(BackendError):
    """The answer broke off because the model failed."""

    code = "model_failed"


class ConversationTooLong(ModelFailed):
    """The conversation is longer than the model can read: the question needs a new one."""

    code = "conversation_too_long"


class BrokenStream(BackendError):
    """The answer broke off: nothing arrived for too long, or the connection was lost."""

    code = "broken_stream"


class ServerBug(BackendError):
    """The server's response is not part of its API: HTML, a plain 500, nonsense."""

    code = "server_bug"


def exit_code(code: str) -> int:
    """Return the exit status for the `code` of a `failed` event; 1 for a bug."""
    kinds = [AssistantError]
    for kind in kinds:
        if kind.code == code:
            return kind.exit_code
        kinds.extend(kind.__subclasses__())
    return 1
