"""`forget`: deletes what the assistant keeps about its user."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from voice_assistant.cli.terminal.output import warn
from voice_assistant.errors import AlreadyRunning, ConfigError, InputError
from voice_assistant.settings import loading, system_keyring
from voice_assistant.system import paths
from voice_assistant.system.plain_files import is_missing, told
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voice_assistant.settings.schema import Settings

YES = "yes"


def forget(*, sure: bool) -> int:
    """Delete recordings, record, conversations, timers, logs and API keys; return the exit status.

    The settings file stays. Without `sure`, the user is asked first.

    Raises:
        AlreadyRunning: the assistant runs, and would write such files again.
        InputError: the user did not agree.
        StorageError: a folder cannot be deleted.
    """
    from voice_assistant.runtime.process.daemon_lock import only_daemon

    try:
        with only_daemon():
            _forget(sure=sure)
    except AlreadyRunning as error:
        hint = _("End it with `voice-assistant quit`, then do this again.")
        raise AlreadyRunning(error.title, hint) from error
    return 0


def _forget(*, sure: bool) -> None:
    settings = loading.load(paths.config_file())
    folders = [folder for folder in (paths.data_dir(), paths.state_dir()) if not is_missing(folder)]
    print(_("This deletes for good:"), *folders, _("the keys in the keyring"), sep="\n  ")
    if not sure and not _agreed():
        raise InputError(_("Nothing was deleted"), _('Type "{word}", or give --yes.', word=YES))
    for folder in folders:
        _delete(folder)
    for url, profile in _apps(settings):
        try:
            system_keyring.forget_api_key(url, profile)
        except ConfigError as error:
            warn(error.title, error.hint)
            break
    print(_("Done. Your settings are still in {config_file}.", config_file=paths.config_file()))


def _agreed() -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    print(_('Type "{word}" to go on: ', word=YES), end="", flush=True)
    return sys.stdin.readline().strip().lower() == YES


def _delete(folder: Path) -> None:
    with told(_("{folder} cannot be deleted", folder=folder)):
        shutil.rmtree(folder)


def _apps(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the address of each app that may have a key, and the name of its profile."""
    if settings.backend.url:
        yield settings.backend.url, ""
    if settings.chat_model.url:
        yield settings.chat_model.url, ""
    for name, profile in settings.profiles.items():
        if profile.url:
            yield profile.url, name
