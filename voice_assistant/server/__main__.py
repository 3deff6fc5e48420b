"""The embedded backend's process: `python -m voice_assistant.server`, started by the app.

The process reads one JSON line, a `Greeting`, from standard input, serves, and prints one JSON
line, `{"url": ..., "version": ...}`. Then it prints an empty line every few seconds to show that it
is alive. The process ends when its standard input ends: the parent process is gone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.errors import ConfigError
from voice_assistant.server.composition import Options, composed
from voice_assistant.server.handshake import Greeting, Ready
from voice_assistant.server.http.guard import VERSION
from voice_assistant.server.http.serving import listen, serving, url_of
from voice_assistant.settings.sections.backend import EmbeddedSettings
from voice_assistant.system.memory import keep_little_memory
from voice_assistant.system.process_signals import on_signal

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("voice_assistant.server")

STDIN = 0
LINE_LIMIT = 1 << 16


def main() -> int:
    """Serve until the parent process is gone; return the exit status."""
    keep_little_memory()
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    arguments = _arguments()
    embedded = EmbeddedSettings(engine=arguments.engine, voice=arguments.voice)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is meant for the parent
    try:
        greeting = _read_greeting()
        hears = not arguments.hears_later
        options = Options(arguments.data, embedded, greeting.chat_model, hears)
        asyncio.run(_serve(options, arguments.port, greeting))
    except ConfigError as error:
        log.error("%s. %s", error.title, error.hint)  # noqa: TRY400  (a message, not a bug)
        return error.exit_code
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="voice_assistant.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="the port; 0 chooses a free port")
    parser.add_argument("--data", type=Path, required=True, help="the folder for all data")
    parser.add_argument(
        "--engine", default="auto", help="auto, hibari, flite, espeak-ng, say, sapi"
    )
    parser.add_argument("--voice", default="", help="a voice of that engine")
    parser.add_argument(
        "--hears-later", action="store_true", help="load the recogniser with the first recording"
    )
    return parser.parse_args()


def _read_greeting() -> Greeting:
    line = b""
    while not line.endswith(b"\n") and len(line) < LINE_LIMIT:
        byte = os.read(STDIN, 1)  # no buffer: only the end of standard input matters later
        if not byte:
            break
        line += byte
    try:
        return msgspec.json.decode(line, type=Greeting)
    except msgspec.DecodeError as error:
        raise ConfigError(
            "No token on standard input",
            "The assistant starts this program; for other programs, run `voice-assistant serve`.",
        ) from error


async def _serve(options: Options, port: int, greeting: Greeting) -> None:
    loop = asyncio.get_running_loop()
    told_to_end = asyncio.Event()

    def end() -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(told_to_end.set)

    on_signal(signal.SIGTERM, told_to_end.set)
    threading.Thread(target=_await_end_of_stdin, args=(end,), daemon=True).start()
    with listen(port) as listener:
        async with composed(options) as parts, serving(parts, greeting.token, listener):
            ready = msgspec.json.encode(Ready(url_of(listener), VERSION))
            os.write(sys.stdout.fileno(), ready + b"\n")
            while not told_to_end.is_set():
                try:
                    async with asyncio.timeout(greeting.beat_s):
                        await told_to_end.wait()
                except TimeoutError:
                    with contextlib.suppress(BrokenPipeError):  # standard input ends then, too
                        os.write(sys.stdout.fileno(), b"\n")


def _await_end_of_stdin(end: Callable[[], None]) -> None:
    while os.read(STDIN, LINE_LIMIT):
        pass
    end()


if __name__ == "__main__":
    sys.exit(main())
