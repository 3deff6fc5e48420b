"""`serve`: the embedded backend alone, for other programs."""

from __future__ import annotations

import asyncio

from voice_assistant.backend.chat_access import chat_access
from voice_assistant.server.composition import Options
from voice_assistant.server.http import standalone
from voice_assistant.settings import loading
from voice_assistant.system import logs, paths
from voice_assistant.translation import _


def serve(port: int) -> int:
    """Serve the embedded backend alone, until Ctrl+C."""
    settings = loading.load(paths.config_file())
    logs.start(settings.log.level)
    token_file = paths.data_dir() / "serve-token"
    access = asyncio.run(chat_access(settings.chat_model, paths.config_file()))
    options = Options(paths.data_dir() / "embedded", settings.embedded, access)

    def announce(url: str) -> None:
        print(
            _("Serving at {url}\nThe key is in {token_file}", url=url, token_file=token_file),
            flush=True,
        )

    standalone.serve(options, port, token_file, announce)
    return 0
