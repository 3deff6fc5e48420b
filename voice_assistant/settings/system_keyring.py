"""The API keys in the system's keyring: found, kept and deleted there."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from voice_assistant.errors import ConfigError, KeyringSilent, NoKeyring
from voice_assistant.settings.address import identity, spellings, without_password
from voice_assistant.system import own_thread
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from concurrent.futures import Future

    from voice_assistant.settings.secret import Secret

log = logging.getLogger(__name__)

SERVICE = "voice-assistant"
"""The name under which the keyring shows the keys of this program."""

ANSWER_S = 30.0
"""How long a keyring may take to answer: the user may have to unlock it."""

NO_KEY_HINT = N_(
    "Put it into the keyring with `voice-assistant config set-key`, or set "
    "VOICE_ASSISTANT_API_KEY or backend.api_key_command."
)


class Keyring:
    """Asks the system's keyring for the key of one app, one question at a time.

    A keyring may show a prompt and wait for the user. Meanwhile no second prompt is opened, and the
    program continues, and can end, without an answer.

    Args:
        url: the address of the app.
        limit_s: seconds to wait for an answer.
        profile: the name of the app's profile: several apps may have one address.
    """

    def __init__(self, url: str, limit_s: float = ANSWER_S, profile: str = "") -> None:
        self._url = url
        self._profile = profile
        self._limit_s = limit_s
        self._question: Future[str | None] | None = None
        self._asked_at = 0.0

    async def key(self) -> str | None:
        """Return the key; None if the keyring has no key.

        Raises:
            ConfigError: the keyring cannot be used, or does not answer. The next call waits for
                the same question again.
        """
        now = asyncio.get_running_loop().time()
        if self._question is None or self._question.done():
            self._asked_at = now
            self._question = own_thread.start(lambda: _from_keyring(self._url, self._profile))
        try:
            return await own_thread.outcome(self._question, self._asked_at + self._limit_s - now)
        except TimeoutError as error:
            raise KeyringSilent(
                _("The system's keyring does not answer"),
                _(
                    "It may be waiting for you: look for its window and unlock it. If "
                    "there is none, start the assistant again, or use "
                    "VOICE_ASSISTANT_API_KEY or backend.api_key_command instead."
                ),
            ) from error


def keep_api_key(url: str, key: Secret, profile: str = "") -> None:
    """Keep the key for the app at `url` in the system's keyring.

    Raises:
        NoKeyring: there is no keyring.
        ConfigError: the keyring is locked, or cannot be used for another reason.
    """
    import keyring  # noqa: PLC0415  (slow, and rarely needed)

    try:
        keyring.set_password(SERVICE, _account(identity(url), profile), key.reveal())
    except keyring.errors.NoKeyringError as error:
        raise NoKeyring(
            _("This desktop has no keyring"),
            _(
                "Install one, such as gnome-keyring or KWallet; or put the key into the settings "
                "file as backend.api_key, and let nobody else read that file."
            ),
        ) from error
    except Exception as error:  # each kind of keyring has errors of its own kind
        raise ConfigError(
            _("The system's keyring cannot be used: {reason}", reason=_reason(error)),
            _("Unlock it, or use VOICE_ASSISTANT_API_KEY or backend.api_key_command instead."),
        ) from error


def forget_api_key(url: str, profile: str = "") -> bool:
    """Delete the key for the app at `url` from the system's keyring; return whether it had one.

    Raises:
        ConfigError: there is no keyring, or it is locked.
    """
    try:
        import keyring  # noqa: PLC0415  (slow, and rarely needed)

        accounts = [_account(spelling, profile) for spelling in spellings(url)]
        known = [account for account in accounts if keyring.get_password(SERVICE, account)]
        for account in known:
            keyring.delete_password(SERVICE, account)
    except Exception as error:  # each kind of keyring has errors of its own kind
        raise ConfigError(
            _("The system's keyring cannot be used: {reason}", reason=_reason(error)),
            _(
                "Delete the entries of {name} in the desktop's program for passwords.",
                name=SERVICE,
            ),
        ) from error
    return bool(known)


def _from_keyring(url: str, profile: str) -> str | None:
    try:
        import keyring  # noqa: PLC0415  (slow, and rarely needed)

        # Older versions kept the key under the address as the user wrote it.
        accounts = (_account(spelling, profile) for spelling in spellings(url))
        ring = keyring.get_keyring()  # the same for all: the first may take long to answer
        found = (ring.get_password(SERVICE, account) for account in accounts)
        return next(filter(None, found), None)
    except Exception as error:  # each kind of keyring has errors of its own kind
        log.info(
            "the system's keyring cannot be used: %s", _reason(error)
        )  # asked every few seconds
        raise ConfigError(
            _("There is no key for {server}", server=without_password(url)),
            _(
                "The system's keyring cannot be used ({reason}). {hint}",
                reason=_reason(error),
                hint=_(NO_KEY_HINT),
            ),
        ) from error


def _account(address: str, profile: str) -> str:
    """Return the name under which the keyring has a key."""
    return f"{address}#{profile}" if profile else address


def _reason(error: Exception) -> str:
    first, _, _ = str(error).strip().partition("\n")
    return first.partition(". ")[0].rstrip(".") or type(error).__name__
