"""The trials of the setup, in the terminal and in the window: a server's key, the microphone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from voice_assistant.api.client import Client
from voice_assistant.audio.endpointing import Endpointing
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.level import rms_dbfs
from voice_assistant.backend.capabilities import Capabilities
from voice_assistant.errors import NothingHeard, muted_microphone
from voice_assistant.settings import credentials
from voice_assistant.settings.address import normal_address
from voice_assistant.settings.system_keyring import Keyring
from voice_assistant.settings.user_name import user_name
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from pathlib import Path

    from voice_assistant.api.models import Transcript
    from voice_assistant.audio.format import Pcm
    from voice_assistant.ports import Microphone
    from voice_assistant.settings.sections.backend import BackendSettings

SENTENCE = "It is a quarter past seven. This is how I speak."

LONGEST_S = 8.0
NOBODY_S = 5.0
"""Seconds after which a sentence is over, and in which it must begin."""

PAUSE_S = 1.2
"""Seconds of silence that end it."""

ANSWER_S = 20.0


async def introduced(client: Client) -> str:
    """Return what the server says of its app, for people: name, version, abilities.

    Raises:
        BackendError: the server refuses the key, or does not answer, or its app cannot chat.
    """
    abilities = Capabilities()
    known = await abilities.read(client)
    await abilities.introduce(client)
    abilities.check_chat()
    can = [
        *([_("hears")] if known.speech_to_text.enabled else []),
        *([_("speaks")] if known.text_to_speech.enabled else []),
    ]
    app = abilities.info.name if abilities.info else ""
    return ", ".join(filter(None, (app, abilities.server_version, *can)))


async def ask_server(backend: BackendSettings, url: str, key: str, file: Path) -> str:
    """Return what the app at `url` says of itself; see `introduced`.

    Args:
        backend: the settings of the backend, which may name another address.
        url: the address.
        key: the app's key; "" for the one that is known already.
        file: the settings file.

    Raises:
        ConfigError: the address is none, or there is no key.
        BackendError: see `introduced`.
    """
    url = normal_address(url)
    backend = msgspec.structs.replace(backend, url=url)
    if not key:
        keyring = Keyring(url, profile=backend.profile)
        key = (await credentials.api_key(backend, file, keyring)).reveal()
    user = user_name(backend)
    async with Client(url, key, user, silence_s=ANSWER_S) as client:
        return await introduced(client)


async def listen(
    microphone: Microphone, words_of: Callable[[Pcm], Awaitable[Transcript]]
) -> AsyncGenerator[float | str]:
    """Record one sentence: yield the level of each block in dBFS, and at last the words.

    Args:
        microphone: what is recorded from.
        words_of: returns the words of a recording.

    Raises:
        MicrophoneError: there is no microphone, it was lost, or it delivers only silence.
        AssistantError: the words are not found.
    """
    ears, blocks, lasted_s = Endpointing(), list[np.ndarray](), 0.0
    async with microphone.capture() as capture:
        async for block in capture:
            ears.feed(block)
            blocks.append(block)
            lasted_s += len(block) / SPEECH_RATE_HZ
            yield rms_dbfs(block)
            longest_s = LONGEST_S if ears.speech_detected else NOBODY_S
            if lasted_s > longest_s or (ears.speech_detected and ears.silence_s > PAUSE_S):
                capture.stop()
        if capture.silent:
            raise muted_microphone()
    if not ears.speech_detected:
        raise NothingHeard(_("Nobody was heard"), _("Speak a little louder, or closer."))
    yield (await words_of(np.concatenate(blocks))).text
