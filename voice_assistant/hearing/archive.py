"""The recordings on this disk: unanswered ones, and answered ones that are kept for a while."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import shutil
import tempfile
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.audio.codec.files import being_written
from voice_assistant.audio.codec.wav import HEADER_BYTES, header
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import InputError, StorageError
from voice_assistant.settings.sections.records import RecordingSettings
from voice_assistant.system.plain_files import is_missing, listed, read, told
from voice_assistant.system.private_files import PRIVATE_FOLDER, make_folders, replace
from voice_assistant.translation import _

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.audio.format import Pcm

log = logging.getLogger(__name__)

MOST = 1000
MOST_BYTES = 1_000_000_000
"""The limits of the archive; beyond them the oldest recordings are deleted, answered ones first."""

NEEDED_BYTES = 5_000_000
"""Free bytes that the disk must have: more than two minutes of speech."""

TIDY_S = 3600.0
"""Seconds between two searches for recordings whose days are over."""

_NAME = "%Y-%m-%d_%H-%M-%S.%f"
_ANSWERED = ".answered"
_DICTATION = ".dictation"
_WORDS = ".words"
"""Ending of the file beside a recording that holds the recording's words, in UTF-8."""
SHORTEST_S = 0.1
"""Shorter recordings are deleted: nobody has said anything."""


class Kept(NamedTuple):
    """A recording on the disk.

    Attributes:
        file: a WAV file, complete, or cut off where the process was killed.
        began: when the recording began, in local time.
        seconds: the recording's length.
        answered: whether the complete answer came.
        words: the recording's words, "" while they are not known.
    """

    file: Path
    began: dt.datetime
    seconds: float
    answered: bool
    words: str = ""

    @property
    def name(self) -> str:
        """Return the recording's name; it stays the same when the recording is answered."""
        return name_of(self.file)

    @property
    def dictation(self) -> bool:
        """Return whether its words are to be typed, not asked."""
        return self.name.endswith(_DICTATION)


class Archive:
    """The folder of recordings. The archive keeps nothing in memory, it always reads the disk.

    A recording that a process still writes does not belong to the archive yet.

    Args:
        folder: the folder; created for the owner only.
        settings: how long answered recordings are kept.

    Attributes:
        off_the_record: True deletes each recording as soon as it is answered.
    """

    def __init__(self, folder: Path, settings: RecordingSettings = RecordingSettings()) -> None:
        self._folder = folder
        self._keep_days = settings.keep_days
        self.off_the_record = False

    def use(self, settings: RecordingSettings) -> None:
        """Keep answered recordings as long as these settings say."""
        self._keep_days = settings.keep_days

    def new_file(self, *, dictation: bool = False) -> Path:
        """Return the file of the next recording, and make its folder.

        Args:
            dictation: its words are to be typed, not asked.

        Raises:
            OSError: the folder cannot be made.
        """
        make_folders(self._folder, PRIVATE_FOLDER)
        kind = _DICTATION if dictation else ""
        now = dt.datetime.now().astimezone()
        # A clock that stands, or is set back, must not cost an earlier recording its file.
        while self._has(name := f"{now:{_NAME}}{kind}"):
            now += dt.timedelta(microseconds=1)
        return self._folder / f"{name}.wav"

    def every(self) -> list[Kept]:
        """Return all recordings, newest first.

        Raises:
            StorageError: the folder cannot be read.
        """
        return [kept for kept in self._all() if kept.seconds >= SHORTEST_S]

    @property
    def changed_ns(self) -> int:
        """Return when a recording last came or went, on the disk's clock; 0 before the first."""
        try:
            return self._folder.stat().st_mtime_ns
        except OSError:
            return 0

    def newest(self) -> Kept | None:
        """Return the newest recording that is not answered, or None.

        Raises:
            StorageError: the folder cannot be read.
        """
        return next((kept for kept in self.every() if not kept.answered), None)

    def find(self, which: str = "") -> Kept:
        """Return the recording of that name, or of that number in `every` (1 is the newest).

        Args:
            which: name or number; "" for the newest recording that is not answered.

        Raises:
            InputError: there is no such recording.
            StorageError: the folder cannot be read.
        """
        if not which:
            if newest := self.newest():
                return newest
            raise InputError(
                _("There is no recording that waits for an answer"),
                _("Recordings are deleted as soon as they are answered."),
            )
        kept_ones = self.every()
        for number, kept in enumerate(kept_ones, 1):
            if which in {kept.name, str(number)}:
                return kept
        raise InputError(
            _("There is no recording {which}", which=which),
            _("`voice-assistant recordings list` shows them."),
        )

    def answered(self, file: Path) -> None:
        """Mark a recording as answered: delete it, or keep it for `keep_days`.

        Raises:
            OSError: the disk refuses that.
        """
        if not self._keep_days or self.off_the_record:
            self.delete(file)
        elif not file.stem.endswith(_ANSWERED) and not is_missing(file):
            file.rename(file.with_name(f"{file.stem}{_ANSWERED}.wav"))

    def delete(self, file: Path) -> None:
        """Delete a recording and its words.

        Raises:
            OSError: the disk refuses that.
        """
        file.unlink(missing_ok=True)
        _words_file(file).unlink(missing_ok=True)

    def keep(self, file: Path, pcm: Pcm) -> None:
        """Write a whole recording, of which the disk has lost or refused a part.

        Raises:
            StorageError: the disk refuses it. What the disk has of it stays.
        """
        data = pcm.astype("<i2", copy=False).tobytes()
        replace(file, header(SPEECH_RATE_HZ, len(data)) + data)

    def keep_words(self, file: Path, words: str) -> None:
        """Write a recording's words beside it. If the disk refuses them, only they are lost."""
        try:
            replace(_words_file(file), words.encode("utf-8", "replace"))
        except StorageError as error:
            log.warning("the words of a recording cannot be kept: %s", error)

    def tidy(self) -> None:
        """Delete recordings that need not be kept. The log names those that cannot be deleted."""
        try:
            self._tidy()
        except StorageError as error:
            log.warning("recordings that need not be kept stay: %s", error)

    def _tidy(self) -> None:
        now = dt.datetime.now().astimezone()
        room = MOST_BYTES
        newest_first = self._all()
        dearest_first = sorted(newest_first, key=lambda kept: kept.answered)
        for place, kept in enumerate(dearest_first):
            old = kept.answered and now - kept.began > dt.timedelta(days=self._keep_days)
            try:
                room -= kept.file.stat().st_size
            except OSError as error:
                log.info("the recording of %s stays: %s", kept.began, error)
                continue
            if old or kept.seconds < SHORTEST_S:
                self._drop(kept.file)
            elif place >= MOST or room < 0:
                log.warning("there are too many recordings: the one of %s goes", kept.began)
                self._drop(kept.file)
        self._drop_lost_words()

    async def keep_tidy(self, every_s: float = TIDY_S) -> None:
        """Delete recordings that need not be kept, every `every_s` seconds, until cancelled."""
        while True:
            self.tidy()
            await asyncio.sleep(every_s)

    def check(self) -> None:
        """Check that recordings can be kept.

        Raises:
            StorageError: they cannot.
        """
        try:
            self.new_file()
            with tempfile.TemporaryFile(dir=self._folder, buffering=0) as tried:
                tried.write(b"\0")
            free_bytes = shutil.disk_usage(self._folder).free
        except OSError as error:
            raise not_kept(error.strerror or error) from error
        if free_bytes < NEEDED_BYTES:
            raise not_kept(_("the disk is full"))

    def _has(self, name: str) -> bool:
        return any((self._folder / f"{name}{end}.wav").exists() for end in ("", _ANSWERED))

    def _drop_lost_words(self) -> None:
        """Delete words whose recording another program has deleted."""
        found = [*self._folder.glob(f"*{_WORDS}"), *self._folder.glob(f"*{_WORDS}.*.part")]
        # Recordings are listed after words: another process may just have added both.
        there = {name_of(file) for file in listed(self._folder) if file.suffix == ".wav"}
        for words in found:
            name = words.name.partition(_WORDS)[0]
            if name not in there and _began(name):
                self._drop(words)

    def _drop(self, file: Path) -> None:
        try:
            self.delete(file)
        except OSError as error:
            log.warning("a recording cannot be deleted: %s", error)

    def _all(self) -> list[Kept]:
        with told(_("{path} cannot be read", path=self._folder)):
            found = [_kept(file) for file in listed(self._folder) if file.suffix == ".wav"]
        return sorted(filter(None, found), key=lambda kept: kept.began, reverse=True)


def name_of(file: Path) -> str:
    """Return the name of the recording in `file`; it is the same for an answered recording."""
    return file.stem.removesuffix(_ANSWERED)


def not_kept(reason: object) -> StorageError:
    """Return the error for a disk that does not keep recordings."""
    return StorageError(
        _("Recordings cannot be kept on the disk: {reason}", reason=reason),
        _(
            "Check that the folder of the recordings is yours, and that the disk has room. Until "
            "then, what you say is only in memory, and lost if the question fails."
        ),
    )


def _kept(file: Path) -> Kept | None:
    """Return the recording in a file; None for a foreign file, a growing one, or one just gone.

    Raises:
        OSError: the disk does not tell.
    """
    name = name_of(file)
    began = _began(name)
    # `being_written` opens the file: at a FIFO it would wait for the writer.
    if began is None or not file.is_file():
        return None
    try:
        samples = max(0, file.stat().st_size - HEADER_BYTES) // 2
        with contextlib.suppress(PermissionError):  # whoever may not read it is told when he tries
            if being_written(file):
                return None
    except FileNotFoundError:
        return None
    return Kept(file, began, samples / SPEECH_RATE_HZ, name != file.stem, _words_of(file))


def _began(name: str) -> dt.datetime | None:
    """Return when the recording of that name began; None for a name that is not a recording's."""
    try:
        return dt.datetime.strptime(name.removesuffix(_DICTATION), _NAME).astimezone()
    except ValueError:
        return None


def _words_file(file: Path) -> Path:
    return file.with_name(f"{name_of(file)}{_WORDS}")


def _words_of(file: Path) -> str:
    try:
        return read(_words_file(file)).decode("utf-8", "replace").strip()
    except OSError:
        return ""
