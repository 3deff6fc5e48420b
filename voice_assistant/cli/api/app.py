"""`app`: shows the app's name and abilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Shown
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.api.models import InputField, Parameters, Switch


class About(msgspec.Struct):
    """An app and its server; `server_version` is the server's `X-Version`."""

    name: str
    description: str
    tags: tuple[str, ...]
    mode: str
    author_name: str
    server: str
    server_version: str


async def info(at: Connected) -> Shown:
    """Show the app's name, description and server."""
    found = await at.client.info()
    about = About(
        **msgspec.structs.asdict(found), server=at.server, server_version=at.client.server_version
    )
    told = {
        _("name"): about.name,
        _("description"): about.description,
        _("tags"): ", ".join(about.tags),
        _("mode"): about.mode,
        _("author"): about.author_name,
        _("server"): about.server,
        _("version"): about.server_version or _("unknown"),
    }
    return Shown(about, words.facts(told))


async def parameters(at: Connected) -> Shown:
    """Show the app's abilities, and the inputs that it needs."""
    found = await at.client.parameters()
    files = found.file_upload
    told = {
        _("speech to text"): _on(found.speech_to_text),
        _("text to speech"): _speech(found),
        _("suggested questions"): _on(found.suggested_questions_after_answer),
        _("sources of answers"): _on(found.retriever_resource),
        _("prepared answers"): _on(found.annotation_reply),
        _("files"): ", ".join(files.types) or _("none"),
        _("opening"): found.opening_statement,
        _("to begin with"): " / ".join(found.suggested_questions),
    }
    given = at.settings.backend.inputs
    rows = [(one.variable, _field(one), _set(one, given)) for one in found.user_input_form]
    inputs = words.table(rows, empty="")
    text = words.facts(told)
    return Shown(
        found,
        _("{text}\n\nInputs, set in [backend.inputs]:\n{inputs}", text=text, inputs=inputs)
        if inputs
        else text,
    )


async def meta(at: Connected) -> Shown:
    """Show the icons of the app's tools."""
    found = await at.client.meta()
    rows = [
        (name, icon if isinstance(icon, str) else icon.content)
        for name, icon in found.tool_icons.items()
    ]
    return Shown(found, words.table(rows, empty=_("The app has no tools.")))


async def site(at: Connected) -> Shown:
    """Show the look of the app's web page."""
    found = await at.client.site()
    fields = msgspec.structs.asdict(found)
    switches = {name: "yes" if on else "no" for name, on in fields.items() if isinstance(on, bool)}
    told = {name.replace("_", " "): text for name, text in (fields | switches).items()}
    return Shown(found, words.facts(told))


def _on(switch: Switch) -> str:
    return "on" if switch.enabled else "off"


def _speech(found: Parameters) -> str:
    speech = found.text_to_speech
    if not speech.enabled:
        return "off"
    auto_play = {True: _("within answers"), False: _("requested after answers"), None: ""}
    about = (speech.voice, speech.language, auto_play[speech.auto_play])
    return ", ".join(filter(None, ("on", *about)))


def _field(field: InputField) -> str:
    about = [field.kind, "required" if field.required else "optional", field.label]
    if field.options:
        about.append(_("one of: {names}", names=", ".join(field.options)))
    if field.max_length:
        about.append(_("at most {max_length} characters", max_length=field.max_length))
    return ", ".join(filter(None, about))


def _set(field: InputField, given: dict[str, object]) -> str:
    return _("set") if field.variable in given else _("not set")
