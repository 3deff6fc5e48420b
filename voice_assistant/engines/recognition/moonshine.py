"""Runs Moonshine, a small network that writes down English speech, by onnxruntime.

The network is that of Jeffries et al., "Moonshine: Speech Recognition for Live Transcription and
Voice Commands" (arXiv:2410.15608): an encoder turns sound into a row of vectors, a decoder writes
one token (a piece of a word) after the other. What its files expect is told by their own signatures
(`InferenceSession.get_inputs`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.engines.onnx import onnxruntime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from voice_assistant.audio.format import Pcm

    Floats = npt.NDArray[np.float32]

ENCODER, DECODER, VOCABULARY = "encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"
"""The files of a model."""

BEGIN, END = 1, 2
"""The tokens before and after every text."""
_SPECIAL = 3
"""The first token that is part of a text."""

AROUND_S = 0.3
"""Seconds of silence that are put around speech. Of 78 commands (`bench_recognition.py`) 74 clean
ones, 71 at 20 dB and 54 at 10 dB are right with it; 75, 69 and 49 without."""

_SPACE = "\u2581"
_PREFIX = "past_key_values"


class Moonshine:
    """The network and its vocabulary; several threads may use it at the same time.

    Args:
        folder: where the model's files are.

    Attributes:
        tokens: the text of each token; a "\u2581" is a space.

    Raises:
        Exception: (onnxruntime's own) the files are not this network's.
    """

    def __init__(self, folder: Path) -> None:
        # Weights in another order are faster for the decoder (30 ms instead of 45 for a command),
        # and only take memory (8 MB) for the encoder.
        self._encoder = _session(folder / ENCODER, reorder=False)
        self._decoder = _session(folder / DECODER, reorder=True)
        self._vocabulary = _vocabulary((folder / VOCABULARY).read_bytes())
        self.tokens = [piece.decode(errors="replace") for piece in self._vocabulary]

    def encode(self, pcm: Pcm, around_s: float = AROUND_S) -> Floats:
        """Return the vectors of speech (16 kHz) with silence around it, shape (1, m, width).

        Time and memory grow with the square of the length: 15 s take 30 MB.
        """
        around = int(around_s * SPEECH_RATE_HZ)
        sound = np.zeros((1, len(pcm) + 2 * around), np.float32)
        sound[0, around : around + len(pcm)] = pcm / np.float32(32768)
        inputs = {"input_values": sound, "attention_mask": np.ones(sound.shape, np.int64)}
        vectors: Floats = self._encoder.run(None, inputs)[0]
        return vectors

    def decoding(self, *ways: Floats) -> Decoding | Together:
        """Begin to write down what was encoded, in one way or in several ways."""
        each = [Decoding(self._decoder, vectors) for vectors in ways]
        return each[0] if len(each) == 1 else Together(each)

    def text(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens."""
        pieces = b"".join(self._vocabulary[token] for token in tokens if token >= _SPECIAL)
        return pieces.decode(errors="replace").replace(_SPACE, " ").strip()

    def is_text(self, token: int) -> bool:
        """Return whether a token is part of a text."""
        return _SPECIAL <= token < len(self.tokens)


def _session(file: Path, *, reorder: bool) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One thread is as fast for sentences, and the other cores belong to other utterances.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Long pieces need 50 MB: an arena would keep them, for each thread that ever needed them.
    options.enable_cpu_mem_arena = False
    # The daemon and the embedded backend then have the same weights in memory, once.
    options.add_session_config_entry("session.use_memory_mapped_ort_model", "1")
    options.add_session_config_entry("session.use_ort_model_bytes_for_initializers", "1")
    options.add_session_config_entry("session.disable_prepacking", "0" if reorder else "1")
    return onnxruntime.InferenceSession(file, options, ["CPUExecutionProvider"])


class Decoding:
    """Texts on their way from the vectors of one sound, token by token; all of equal length.

    Args:
        session: the decoder.
        vectors: the sound.
    """

    def __init__(self, session: onnxruntime.InferenceSession, vectors: Floats) -> None:
        self._session = session
        self._vectors = vectors
        self._past: dict[str, Floats] = {}

    def begin(self) -> Floats:
        """Return the log probability of each token as the first of the text, shape (1, tokens)."""
        empty = {
            given.name: np.zeros(
                (1, given.shape[1], self._length(given.name), given.shape[3]), np.float32
            )
            for given in self._session.get_inputs()
            if given.name.startswith(_PREFIX)
        }
        return self._run([BEGIN], empty, first=True)

    def go_on(self, tokens: Sequence[int], texts: Sequence[int] = (0,)) -> Floats:
        """Return the log probability of each token as the next one, shape (n, tokens).

        Args:
            tokens: the n tokens that are written now.
            texts: for each of them, which of the texts before it goes on; the others end.
        """
        going_on = list(texts)
        past = {
            # What was made of the sound is the same for all texts.
            name: _of_length(len(tokens), kept) if ".encoder." in name else kept[going_on]
            for name, kept in self._past.items()
        }
        return self._run(tokens, past)

    def _length(self, name: str) -> int:
        return 0 if ".decoder." in name else self._vectors.shape[1]

    def _run(
        self, tokens: Sequence[int], past: dict[str, Floats], *, first: bool = False
    ) -> Floats:
        count = len(tokens)
        logits, *present = self._session.run(
            None,
            {
                "input_ids": np.array(tokens, np.int64).reshape(count, 1),
                "encoder_hidden_states": np.repeat(self._vectors, count, axis=0),
                # This mask is in samples, of which it takes every 384th: one stands for all.
                "encoder_attention_mask": np.ones((count, 1), np.int64),
                "use_cache_branch": np.array([not first]),
                **past,
            },
        )
        # What was made of the sound is made once: later it comes back empty.
        self._past = {
            name: new if first or ".decoder." in name else past[name]
            for name, new in zip(past, present, strict=True)
        }
        last: Floats = logits[:, -1]
        last = last - last.max(axis=1, keepdims=True)
        probabilities: Floats = last - np.log(np.exp(last).sum(axis=1, keepdims=True))
        return probabilities


class Together:
    """One text on its way from several ways in which a sound was encoded.

    What one of them misses another one hears: a token is as likely as all of them find it on
    average.

    Args:
        each: one for each way.
    """

    def __init__(self, each: Sequence[Decoding]) -> None:
        self._each = each

    def begin(self) -> Floats:
        """See `Decoding.begin`."""
        return _mean([one.begin() for one in self._each])

    def go_on(self, tokens: Sequence[int], texts: Sequence[int] = (0,)) -> Floats:
        """See `Decoding.go_on`."""
        return _mean([one.go_on(tokens, texts) for one in self._each])


def _mean(likely: Sequence[Floats]) -> Floats:
    mean: Floats = np.mean(likely, axis=0)
    return mean


def _of_length(count: int, same: Floats) -> Floats:
    """Return an array of this length from one whose items are all the same, copied if need be."""
    return same[:count] if count <= len(same) else np.repeat(same[:1], count, axis=0)


def _vocabulary(data: bytes) -> list[bytes]:
    """Return the tokens of a vocabulary file: the length of each (one byte, or two), its bytes."""
    tokens = []
    at = 0
    while at < len(data):
        size, at = data[at], at + 1
        if size > 127:  # noqa: PLR2004  (the high bit: the second byte counts 128s)
            size, at = size - 128 + 128 * data[at], at + 1
        tokens.append(data[at : at + size])
        at += size
    return tokens
