"""Speaks English by hibari, a small network with a dictionary, in this process.

The package (https://pypi.org/project/hibari-tts, Apache-2.0) brings one voice, and runs other
models of the same kind. A sentence takes a hundredth of its duration; the network gives the
interpreter's lock back meanwhile.
"""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_assistant.audio.pauses import INAUDIBLE
from voice_assistant.engines.models.catalogue import HIBARI_VOICES
from voice_assistant.engines.models.folder import ModelFolder, ModelMissing
from voice_assistant.engines.voices.program import VoiceFailed
from voice_assistant.system.memory import give_back_memory

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    import numpy.typing as npt

    from voice_assistant.audio.format import Pcm

BUNDLED = "heart"
"""The voice that the package brings."""

LEAD_S, TAIL_S = 0.02, 0.08
"""Seconds of silence that are left around a sentence. The network makes 0.31 and 0.45: the answer
would begin late, and drag."""

FORGOTTEN_AFTER_S = 60.0
"""Seconds without a word after which what was loaded for a sentence is forgotten: 50 MB. Where a
server speaks, this voice only says what failed."""

LONG_SENTENCE_SOUNDS = 120
"""Signs for sounds in a sentence of 7 s. A sentence of 400, the longest, takes 110 MB."""

_FULL_SCALE = 32768
_SEED = 0
"""The same words sound the same each time."""


_MODELS = {model.name.removeprefix("hibari-"): model for model in HIBARI_VOICES}


def hibari_voices(models: ModelFolder | None = None) -> list[str]:
    """Return the names of the voices that are installed, the best first."""
    if not all(map(importlib.util.find_spec, ("hibari", "onnxruntime"))):
        return []
    folder = models or ModelFolder()
    return [BUNDLED, *(name for name, model in _MODELS.items() if folder.has(model))]


class Hibari:
    """One voice; the network and the dictionary are loaded with the first sentence (0.4 s).

    They are forgotten when nothing has been said for a while, unless `load` was called.

    Args:
        voice: the voice's name.
        models: where voices are that the package does not bring.
    """

    def __init__(self, voice: str = BUNDLED, models: ModelFolder | None = None) -> None:
        self._voice = voice
        self._models = models or ModelFolder()
        self._network: Any = None
        # One sentence at a time: it needs up to 100 MB while it is made. Twelve at once: 570 MB.
        self._thread = ThreadPoolExecutor(1, "voice")
        self._turn = threading.Lock()
        self._stays = False
        self._speaking = 0
        self._forgetting: asyncio.TimerHandle | None = None

    async def speak(self, text: str) -> AsyncGenerator[tuple[Pcm, int], None]:
        """Yield the samples of a text and their rate in Hz, sentence by sentence."""
        if self._forgetting:
            self._forgetting.cancel()
        self._speaking += 1
        spoken = self._spoken(text)
        loop = asyncio.get_running_loop()
        try:
            while block := await loop.run_in_executor(self._thread, next, spoken, None):
                yield block
        finally:
            self._speaking -= 1
            if not self._stays:
                self._forgetting = loop.call_later(FORGOTTEN_AFTER_S, self._forget)

    def load(self) -> None:
        """Load the network and the dictionary, which then stay loaded."""
        self._stays = True
        self._load()

    def _forget(self) -> None:
        if not (self._speaking or self._stays):
            self._network = None
            gc.collect()  # the dictionary has circles of references
            give_back_memory()

    def _load(self) -> Any:
        with self._turn:
            if self._network is None:
                # onnxruntime comes before hibari, which would load it in its own way.
                from voice_assistant.engines.onnx import onnxruntime  # noqa: I001, PLC0415
                from hibari import Hibari as Network  # noqa: PLC0415  (loads onnxruntime)
                from hibari.voices import VOICES  # noqa: PLC0415

                from voice_assistant.engines.voices.pronunciation import (  # noqa: PLC0415
                    Pronunciation,
                )

                british = VOICES[self._voice]["british"]
                network = Network(self._voice, self._file(), g2p=Pronunciation(british=british))
                network.sess = _Session(network.sess, onnxruntime.RunOptions())
                self._network = network
            return self._network

    def _file(self) -> str | None:
        """Return the file of the voice; None if the package brings it.

        Raises:
            VoiceFailed: it is not installed any more, or damaged.
        """
        if self._voice == BUNDLED:
            return None
        model = _MODELS[self._voice]
        try:
            return str(self._models.checked(model) / model.files[0].name)
        except ModelMissing as error:
            raise VoiceFailed(error.title, error.hint) from error

    def _spoken(self, text: str) -> Iterator[tuple[Pcm, int]]:
        network = self._load()
        for sound in network.stream(text, seed=_SEED):
            pcm = np.clip(np.rint(sound * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1)
            rate_hz: int = network.sample_rate
            yield _trimmed(pcm.astype(np.int16), rate_hz), rate_hz


class _Session:
    """Runs the network, and gives back what a long sentence needed; else all of it would be kept.

    It could always be given back, and all sentences would take a third longer.

    Args:
        session: the network.
        options: new ones of onnxruntime, to be used here.
    """

    def __init__(self, session: Any, options: Any) -> None:
        self._session = session
        options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        self._giving_back = options
        self._grown = False

    def run(self, outputs: None, inputs: dict[str, Any]) -> Any:
        """Return what the network makes of a sentence."""
        before, self._grown = self._grown, inputs["ids"].size > LONG_SENTENCE_SOUNDS
        # What this run returns is not given back by this run, but by the next one.
        options = self._giving_back if self._grown or before else None
        return self._session.run(outputs, inputs, options)


def _trimmed(pcm: Pcm, rate_hz: int) -> Pcm:
    """Return a sentence without most of the silence around it; nothing, if it is all silence."""
    audible: npt.NDArray[np.intp] = np.flatnonzero((pcm > INAUDIBLE) | (pcm < -INAUDIBLE))
    if not audible.size:
        return pcm[:0]
    begin = max(0, int(audible[0]) - int(LEAD_S * rate_hz))
    return pcm[begin : int(audible[-1]) + int(TAIL_S * rate_hz)]
