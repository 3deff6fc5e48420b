"""The table of endpoints in the README of `voice_assistant/api`.

`python tests/helpers/api/endpoint_table.py` renews it.

Which recorded exchanges test an endpoint is told by the requests that were recorded.
"""

from __future__ import annotations

import functools
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.append(str(Path(__file__).parents[2]))

from helpers.api.exchanges import TABLE
from helpers.api.expected import MISSING
from helpers.replay import TRACES, VERSIONS

from voice_assistant.api.endpoints import ENDPOINTS
from voice_assistant.cli.api.verbs import VERBS

if TYPE_CHECKING:
    from voice_assistant.api.endpoints import Endpoint

DOCUMENT = Path(__file__).parents[3] / "voice_assistant" / "api" / "README.md"
BEGIN = "<!-- the endpoints: made by tests/helpers/api/endpoint_table.py -->\n"
END = "<!-- the end of the endpoints -->\n"

BY_TALKING = {
    "chat": "ask TEXT",
    "chat_blocking": "",
    "stop": "stop",
    "suggested": "ask TEXT",
    "audio_to_text": "ask --audio FILE",
    "text_to_audio": "ask TEXT",
    "upload_file": "ask --file FILE",
    "parameters": "ask TEXT",
    "info": "status",
    "runs.follow": "ask TEXT",
}
"""What reaches an endpoint besides the commands that are there for it."""


RECORDED = 23
"""Endpoints with a higher number are in the documents, and no server with them was recorded."""

BEST = (
    "chat-stream-full",
    "stop-midstream-noautoplay-stopreq",
    "file-png",
    "get-info",
    "stt-wav",
    "tts-text",
)
"""Those of many that tell most."""


def table() -> str:
    """Return the table as Markdown."""
    head = ("#", "Endpoint", "`Client`", "Command", *VERSIONS)
    rows = [head, ("--:", *["---"] * (len(head) - 1)), *map(_row, _numbered().items())]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def renewed(text: str) -> str:
    """Return the document with the table as it should be."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _numbered() -> dict[int, list[Endpoint]]:
    numbered: dict[int, list[Endpoint]] = {}
    for endpoint in ENDPOINTS:
        numbered.setdefault(endpoint.number, []).append(endpoint)
    return numbered


def _row(numbered: tuple[int, list[Endpoint]]) -> tuple[str, ...]:
    number, endpoints = numbered
    first = endpoints[0]
    return (
        str(number),
        f"{', '.join(dict.fromkeys(one.method for one in endpoints))} `{first.path}`",
        ", ".join(f"`{endpoint.call}`" for endpoint in endpoints),
        ", ".join(f"`{words}`" for endpoint in endpoints for words in commands(endpoint)),
        *(_tested(first, version) for version in VERSIONS),
    )


def commands(endpoint: Endpoint) -> list[str]:
    """Return the commands that reach the endpoint."""
    found = [verb.words for verb in VERBS if endpoint.call in verb.reaches]
    return [*found, *filter(None, [BY_TALKING.get(endpoint.call)])]


def traces(endpoint: Endpoint, version: str) -> list[str]:
    """Return the exchanges recorded with the endpoint, in the order of the table of meanings."""
    path = re.sub(r"\{\w+\}", "[^/? ]+", endpoint.path)
    request = re.compile(rf"{endpoint.method} /v1{path}(\?\S*)? ")
    return [name for name, sent in _requests(version).items() if request.match(sent)]


@functools.cache
def _requests(version: str) -> dict[str, str]:
    """Return the first line of each recorded request."""
    files = {name: TRACES / version / f"{name}.request.txt" for name in TABLE}
    return {
        name: file.read_text(encoding="utf-8", errors="replace").partition("\n")[0]
        for name, file in files.items()
        if file.exists()
    }


def _tested(endpoint: Endpoint, version: str) -> str:
    names = traces(endpoint, version)
    if not names and endpoint.number > RECORDED:
        return "from the documents"
    if not names:
        return "not there" if endpoint.since and version == VERSIONS[0] else ""
    best = next((name for name in names if name in BEST), names[0])
    meaning = TABLE[best][1]
    meaning = meaning[version] if isinstance(meaning, dict) else meaning
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{'not there: ' if meaning is MISSING else ''}`{best}`{more}"


if __name__ == "__main__":
    DOCUMENT.write_text(renewed(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
