"""The requests of the history view: the record of turns, and the server's conversations."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from voice_assistant.companion.markdown import rendered
from voice_assistant.companion.program import as_json, program_of, read
from voice_assistant.companion.shown_turn import ShownTurn, is_address, printable_source
from voice_assistant.errors import InputError, sentences
from voice_assistant.history.export import FORMATS
from voice_assistant.history.latency import steps_of
from voice_assistant.history.record_file import history_file
from voice_assistant.history.store import Store
from voice_assistant.settings.titles import in_titles
from voice_assistant.system.plain_files import is_missing
from voice_assistant.text.printable import printable
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.requests import Request

    from voice_assistant.history.recorded_turn import Failure, RecordedTurn

TURNS_PER_PAGE = 30
BEFORE = 2**40
"""What is taken from the numbers of the record, so that they are below those of this start."""
MOST_CONVERSATIONS = 100
_MEDIA = {"md": "text/markdown", "json": "application/json", "csv": "text/csv"}


class _Turn(msgspec.Struct):
    number: int


class _Conversation(msgspec.Struct):
    """A conversation, and its new name; "" lets the server make one."""

    id: str
    name: str = ""


_TURN = msgspec.json.Decoder(_Turn)
_CONVERSATION = msgspec.json.Decoder(_Conversation)


async def _history(request: Request) -> Response:
    asked = request.query_params
    before = asked.get("before", "")
    turns = await asyncio.to_thread(
        _turns,
        search=asked.get("search", ""),
        before=int(before) if before.isdecimal() else None,
        conversation_id=asked.get("conversation", ""),
        limit=TURNS_PER_PAGE,
    )
    return as_json([_recorded(turn) for turn in turns])


async def _export(request: Request) -> Response:
    asked, form = request.query_params, request.path_params["form"]
    if form not in FORMATS:
        raise InputError(_("There is no such format"), _("Use {names}.", names=", ".join(FORMATS)))
    turns = await asyncio.to_thread(
        _turns,
        search=asked.get("search", ""),
        conversation_id=asked.get("conversation", ""),
        limit=None,
    )
    text = await asyncio.to_thread(FORMATS[form], turns[::-1])
    headers = {"Content-Disposition": f'attachment; filename="conversation.{form}"'}
    return Response(text, media_type=_MEDIA[form], headers=headers)


async def _delete_turn(request: Request) -> Response:
    number = (await read(request, _TURN)).number

    def delete() -> None:
        with Store(history_file()) as store:
            store.delete([number])

    await asyncio.to_thread(delete)
    return as_json({"ok": True})


async def _conversations(request: Request) -> Response:
    client = await program_of(request).connect()
    page = await client.conversations.list(limit=MOST_CONVERSATIONS)
    return as_json(
        [
            {"id": one.id, "name": printable(one.name), "updated_s": one.updated_at}
            for one in page.data
        ]
    )


async def _rename(request: Request) -> Response:
    wish = await read(request, _CONVERSATION)
    client = await program_of(request).connect()
    renamed = await client.conversations.rename(wish.id, wish.name.strip())
    return as_json({"name": printable(renamed.name)})


async def _delete_conversation(request: Request) -> Response:
    wish = await read(request, _CONVERSATION)
    client = await program_of(request).connect()
    await client.conversations.delete(wish.id)
    return as_json({"ok": True})


def earlier_turns(conversation_id: str, without: Collection[str] = ()) -> list[ShownTurn]:
    """Return the last answered turns of a conversation in the record, the oldest first. Blocks.

    Their numbers are below those of all turns to come.

    Args:
        conversation_id: the conversation's id on the server, "" for none.
        without: ids of answers that are left out.
    """
    if not conversation_id:
        return []
    turns = _turns(conversation_id=conversation_id, limit=TURNS_PER_PAGE)
    return [
        ShownTurn(
            number=turn.number - BEFORE,
            question=printable(turn.question),
            text=turn.answer,
            state="complete" if turn.state == "complete" else "incomplete",
            sources=tuple(map(printable_source, turn.sources)),
            files=_files(turn),
            message_id=turn.message_id,
        )
        for turn in reversed(turns)
        if turn.message_id and turn.message_id not in without
    ]


def _files(turn: RecordedTurn) -> tuple[str, ...]:
    """Return what names the answer's files, and the question's pictures that were kept."""
    kept = (file for file in turn.files if file in turn.kept)
    return (*filter(is_address, turn.answer_files), *kept)


def _turns(**asked: Any) -> list[RecordedTurn]:
    if is_missing(history_file()):
        return []
    with Store(history_file()) as store:
        return store.turns(**asked)


def _recorded(turn: RecordedTurn) -> dict[str, Any]:
    return {
        "number": turn.number,
        "began_s": turn.began_s,
        "state": turn.state,
        "question": printable(turn.question),
        "html": rendered(turn.answer),
        "note": _told(turn.failure) if turn.failure else "",
        "sources": tuple(map(printable_source, turn.sources)),
        "files": _files(turn),
        "message_id": turn.message_id,
        "rating": turn.rating,
        "can_rate": bool(turn.message_id),
        "conversation_id": turn.conversation_id,
        "steps": {_(name): ms for name, ms in steps_of(turn.stages).items()},
    }


def _told(failure: Failure) -> str:
    return printable(in_titles(sentences(failure.title, failure.hint)))


ROUTES = (
    Route("/history", _history),
    Route("/history/export.{form}", _export),
    Route("/history/delete", _delete_turn, methods=["POST"]),
    Route("/conversations", _conversations),
    Route("/conversations/rename", _rename, methods=["POST"]),
    Route("/conversations/delete", _delete_conversation, methods=["POST"]),
)
