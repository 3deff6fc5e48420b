"""Every model of the API, sent or received by the real client against the real server.

The classes are found, not listed: one that no call exercises fails here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from fakes import wav
from helpers.server.running import TOKEN, ScriptedRecognizer, ToneVoice, running

from server.test_audio import SECOND
from voice_assistant.api import models
from voice_assistant.api.client import Client
from voice_assistant.api.http.transport import Transport
from voice_assistant.api.models import (
    AnnotationReplySettings,
    ChatFile,
    ChatRequest,
    Parameters,
    SpeechRequest,
    Upload,
)
from voice_assistant.api.models.common import Body, Model
from voice_assistant.api.wire import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

ELSEWHERE = {
    "RetrieverResource": "the server has no documents to draw on; see the trace chat-blocking",
    "ToolIcon": "the server has no tools; see test_models of the api",
    "InputField": "the server asks for no inputs; see the trace get-parameters-inputs",
    "_FieldBody": "the same",
    **dict.fromkeys(
        ("EndUser", "LoggedRun", "LoggedUser", "Run", "RunPage", "VariableBody"),
        "the server runs no workflows; see test_newer_api of the command line",
    ),
    **dict.fromkeys(
        ("Form", "FormAction", "FormBody", "FormField", "OptionSource", "TextSource"),
        "the server waits for no forms; see the trace chat-human-input",
    ),
}
"""What the embedded server has no use for, and where it is tested instead."""


class NotingTransport(Transport):
    """Notes what is sent and what is answered."""

    crossed: list[Any]

    async def call(self, endpoint, kind, *, body=None, **rest):
        answer = await super().call(endpoint, kind, body=body, **rest)
        self.crossed += [body, answer]
        return answer

    async def upload(self, endpoint, kind, upload, user, **how):
        answer = await super().upload(endpoint, kind, upload, user, **how)
        self.crossed += [upload, answer]
        return answer

    def stream(self, endpoint, body, **rest):
        self.crossed.append(body)
        return super().stream(endpoint, body, **rest)


def all_classes() -> set[type[msgspec.Struct]]:
    """Every class of the models' modules; `Body` and `Model` are only bases."""
    found: set[type[msgspec.Struct]] = set()
    for module in pkgutil.iter_modules(models.__path__, f"{models.__name__}."):
        found |= {
            thing
            for thing in vars(importlib.import_module(module.name)).values()
            if isinstance(thing, type)
            and issubclass(thing, msgspec.Struct)
            and thing.__module__ == module.name
        }
    return found - {Body, Model}


def within(value: Any) -> Iterator[msgspec.Struct]:
    """All models in a value."""
    if isinstance(value, msgspec.Struct):
        yield value
        for field in msgspec.structs.fields(value):
            yield from within(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from within(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from within(item)


async def use_everything(client: Client) -> None:
    """Call every method of the client."""
    file = await client.upload_file(Upload(b"png", "red.png", "image/png"))
    about = ChatFile("image", "local_file", upload_file_id=file.id)
    async with client.chat(ChatRequest("what is it", inputs={"n": 1}, files=(about,))) as stream:
        assert [event async for event in stream]
    conversation = stream.conversation_id
    whole = await client.chat_blocking(ChatRequest("and then", conversation_id=conversation))
    assert whole.conversation_id == conversation
    await client.stop(stream.task_id)
    await client.suggested(whole.message_id)
    await client.feedback(whole.message_id, "like", "good")
    await client.app_feedbacks()
    await client.audio_to_text(Upload(wav(SECOND), "a.wav", "audio/wav"))
    assert b"".join([chunk async for chunk in client.text_to_audio(SpeechRequest("One."))])

    for told in (client.info, client.parameters, client.meta, client.site):
        await told()

    assert await client.has_conversation(conversation)
    await client.conversations.list()
    await client.conversations.messages(conversation)
    await client.conversations.rename(conversation, "Mine")
    await client.conversations.variables(conversation)
    await client.conversations.delete(conversation)

    made = await client.annotations.create("question", "answer")
    await client.annotations.update(made.id, "Q", "A")
    await client.annotations.list()
    settings = AnnotationReplySettings(0.9, "provider", "model")
    job = await client.annotations.set_reply("enable", settings)
    await client.annotations.reply_status("enable", job.job_id)
    await client.annotations.delete(made.id)


async def exercised(folder) -> list[msgspec.Struct]:
    """All models that have crossed the wire, whichever way."""

    async def scenario() -> list[Any]:
        parts = {"voice": ToneVoice(), "recognizer": ScriptedRecognizer()}
        async with running(folder, **parts) as server, Client(server.url, TOKEN, "me") as client:
            transport = client._transport
            transport.__class__ = NotingTransport
            transport.crossed = []
            await use_everything(client)
            return transport.crossed

    return list(within(await scenario()))


async def test_every_model_is_exercised_and_survives_the_wire(tmp_path):
    seen = await exercised(tmp_path)
    kinds = {kind for one in seen for kind in type(one).__mro__}
    unseen = {kind.__name__ for kind in all_classes() - kinds}
    assert unseen == set(ELSEWHERE), "exercise it, or say where it is tested instead"
    for one in seen:
        if isinstance(one, Model):
            assert decode(msgspec.json.encode(one), type(one)) == one


def test_fields_that_the_embedded_server_does_not_use_are_accepted():
    form = b'{"user_input_form": [{"select": {"variable": "lang", "options": ["en"]}}]}'
    (field,) = decode(form, Parameters).user_input_form
    assert (field.kind, field.variable, field.options) == ("select", "lang", ("en",))
    icon = decode(b'{"tool_icons": {"t": {"background": "#fff", "content": "x"}}}', models.AppMeta)
    assert icon.tool_icons["t"] == models.ToolIcon(background="#fff", content="x")
    source = decode(b'{"retriever_resources": [{"position": 1}]}', models.Metadata)
    assert source.sources == (models.RetrieverResource(position=1),)
