"""Decodes one MP3 file while it arrives, with the same result as decoding it at once.

libsndfile (with libmpg123 in it) cannot read a file that grows. So each run of new frames is
decoded as a small file of its own, the window: first the earlier frames that influence the new
frames, then the new frames. The window's last samples are those of the new frames. A frame depends
on:

- the two frames before it, through the overlap of the transform and the memory of the filter bank;
- the bit reservoir: the sound of a frame begins up to 511 bytes of sound before the frame.

The window begins with an Info frame that has the exact number of frames. Without it, libsndfile
would guess the window's length from its first frames, and cut windows of varying bitrate short.
"""

from __future__ import annotations

import io
import logging
from collections import deque
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from voice_assistant.audio.codec.mp3 import info_frame, parse_info, silent_frame
from voice_assistant.audio.format import to_pcm

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from voice_assistant.audio.codec.mp3 import Frame
    from voice_assistant.audio.format import Mix, Pcm

log = logging.getLogger(__name__)

_WARM_UP_FRAMES = 2
_KEPT_FRAMES = 96  # frames of 8 kbit/s, in two channels, hold 3 bytes of a reservoir of 255
_MOST_LACKING = 0.9  # of the frames that a file tells of: some numbers are off by a few
_LONGEST_RUN = 128  # frames; 3 s of speech


class Mp3File:
    """Decodes the frames of one file: samples mixed to mono, without encoder delay and padding.

    Args:
        first: the file's first frame.
    """

    def __init__(self, first: Frame) -> None:
        self.header = first.header
        info = parse_info(first)
        self._told_frames = info.frames if info else 0  # 0: unknown
        self._begin, self._end = (info.begin, info.end) if info else (0, None)
        self._new = [] if info else [first]  # not decoded yet
        self._history: deque[Frame] = deque(maxlen=_KEPT_FRAMES)
        self._position = 0  # samples in front of the first new frame

    def add(self, frame: Frame) -> bool:
        """Add the next frame; return False if the frame belongs to the next file.

        An untagged file directly behind another untagged file of the same format looks like its
        continuation. Both are played as one file, and the encoder's delay is heard as a pause.
        """
        if not frame.header.alike(self.header) or parse_info(frame):
            return False
        frames = self._position // self.header.samples + len(self._new)
        # The number may be wrong. A frame whose sound begins in an earlier frame begins no file.
        if self._told_frames and frames >= self._told_frames and not frame.reaches_back:
            return False
        self._new.append(frame)
        return True

    @property
    def lacks_frames(self) -> bool:
        """Whether there are, so far, much fewer frames than the file itself tells of."""
        frames = self._position // self.header.samples + len(self._new)
        return frames < _MOST_LACKING * self._told_frames

    def lose_frame(self) -> None:
        """Note that a frame is missing behind the added frames."""
        self._position += self.header.samples
        self._history.clear()  # frames that need the lost frame are muted: better than noise

    def decode(self, mix: Mix = to_pcm) -> Pcm:
        """Return the samples of the frames that were added since the last call, mixed by `mix`."""
        new, self._new = self._new, []
        runs = (new[at : at + _LONGEST_RUN] for at in range(0, len(new), _LONGEST_RUN))
        return np.concatenate(
            [np.empty(0, np.int16), *(self._decode_run(run, mix) for run in runs)]
        )

    def _decode_run(self, frames: Sequence[Frame], mix: Mix) -> Pcm:
        length = len(frames) * self.header.samples
        begin = max(0, self._begin - self._position)
        end = length if self._end is None else min(length, self._end - self._position)
        pcm = np.empty(0, np.int16)
        if begin < end:
            pcm = mix(_decode_window([*self._warm_up(), *frames], length)[begin:end])
        self._position += length
        self._history.extend(frames)
        return pcm

    def _warm_up(self) -> list[Frame]:
        """Return the earlier frames that the next frame needs."""
        history = list(self._history)
        start = max(0, len(history) - _WARM_UP_FRAMES)
        missing = history[start].reaches_back if history else 0
        while start > 0 and missing > 0:
            start -= 1
            missing -= history[start].header.main_length
        return history[start:]


def _decode_window(frames: Sequence[Frame], length: int) -> npt.NDArray[np.float32]:
    """Return the last `length` samples of some frames, one column a channel."""
    # Behind the Info frame the decoder drops samples for its own delay: let these be silence.
    like = frames[0].data
    window = [info_frame(like, len(frames) + 1), silent_frame(like)]
    reservoir = 0
    for frame in frames:
        # A frame whose sound begins before the window would be noise.
        missing = frame.reaches_back > reservoir
        window.append(frame.muted(reservoir) if missing else frame.data)
        reservoir += frame.header.main_length
    try:
        samples, _ = soundfile.read(io.BytesIO(b"".join(window)), dtype="float32")
    except soundfile.LibsndfileError as error:
        log.warning("%d frames of MP3 cannot be decoded: %s", len(frames), error)
        return np.zeros(length, np.float32)
    last: npt.NDArray[np.float32] = samples[-length:]
    return last
