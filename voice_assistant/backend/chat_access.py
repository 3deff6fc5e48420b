"""The access of the embedded backend to the chat model of the settings."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from voice_assistant.errors import ConfigError
from voice_assistant.server.chat_model.access import Access
from voice_assistant.settings import credentials

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.settings.sections.backend import ChatModelSettings

log = logging.getLogger(__name__)


async def chat_access(settings: ChatModelSettings, file: Path) -> Access:
    """Return the access to the chat model, with its key; without an address if none is set.

    Without the key the backend works, and the model's server says what is wrong.

    Args:
        settings: the settings of the chat model.
        file: the settings file.
    """
    key = ""
    try:
        if found := await credentials.chat_model_key(settings, file):
            key = found.reveal()
    except ConfigError as error:
        log.warning("the key of the chat model is missing: %s. %s", error.title, error.hint)
    return Access(
        settings.url,
        settings.model,
        key,
        settings.window_tokens,
        settings.sees_pictures,
        settings.instructions,
    )
