"""The calls of the client that recorded exchanges answer, by name."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from helpers.api.expected import Chat

from voice_assistant.api.models import AnnotationReplySettings, ChatRequest, SpeechRequest, Upload
from voice_assistant.api.stream.events import (
    TtsMessage,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.api.client import Client

QUESTION = ChatRequest("What is the capital?")


async def chat(client: Client) -> Chat:
    audio = b""
    async with client.chat(QUESTION) as stream:
        async for event in stream:
            if isinstance(event, TtsMessage):
                audio += event.audio
    assert not audio or audio.startswith(b"ID3")
    ids = stream.task_id and stream.message_id and stream.conversation_id
    return Chat(stream.text, stream.complete, stream.stopped, len(audio), bool(ids))


async def spoken(client: Client) -> bytes:
    async with aclosing(client.text_to_audio(SpeechRequest("Hello."))) as chunks:
        return b"".join([chunk async for chunk in chunks])


CALLS: dict[str, Callable[[Client], Awaitable[Any]]] = {
    "chat": chat,
    "spoken": spoken,
    "meta": lambda client: client.meta(),
    "site": lambda client: client.site(),
    "blocking": lambda client: client.chat_blocking(QUESTION),
    "info": lambda client: client.info(),
    "stop": lambda client: client.stop("c859fb50-d943-4663-8cd1-0241fc135e41"),
    "messages": lambda client: client.conversations.messages("ba88805a"),
    "suggested": lambda client: client.suggested("32c3c834"),
    "feedback": lambda client: client.feedback("32c3c834", "like"),
    "feedbacks": lambda client: client.app_feedbacks(),
    "conversations": lambda client: client.conversations.list(),
    "delete": lambda client: client.conversations.delete("f32ee611"),
    "rename": lambda client: client.conversations.rename("ba88805a", "My name"),
    "variables": lambda client: client.conversations.variables("ba88805a"),
    "upload": lambda client: client.upload_file(Upload(b"x", "a.txt", "text/plain")),
    "listen": lambda client: client.audio_to_text(Upload(b"RIFF", "a.wav", "audio/wav")),
    "parameters": lambda client: client.parameters(),
    "annotations": lambda client: client.annotations.list(),
    "annotate": lambda client: client.annotations.create("What is your name?", "I am Dify."),
    "update": lambda client: client.annotations.update("b8748c74", "Q2", "A2"),
    "forget": lambda client: client.annotations.delete("b8748c74"),
    "enable": lambda client: client.annotations.set_reply(
        "enable", AnnotationReplySettings(0.9, "provider", "model")
    ),
    "status": lambda client: client.annotations.reply_status("enable", "f2124075"),
}
