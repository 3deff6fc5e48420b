"""Lets the user choose, by voice, a chat model on this machine for what no skill answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.server.skills.reply import Answer

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked

USE = "Use the chat model"
LEAVE = "Stop using the chat model"
SETUP = "Open the setup"
"""Opens the setup of the assistant's window, where a model or a Dify app is connected: a command
word of the assistant (`command_words/`), and a question to whoever else asks this backend."""

NONE_FOUND = (
    "I find no chat model on this machine. Start one, such as with Ollama or LM Studio, and ask me"
    " again; the setup connects other servers."
)
IN_SETTINGS = "Your settings choose the chat model: change them there."


async def use(asked: Asked) -> Answer:
    """For "Use the chat model"."""
    chosen = asked.means.chat_model
    if chosen.given:
        return Answer(IN_SETTINGS)
    found = await chosen.found(anew=True)
    if found is None:
        return Answer(NONE_FOUND, (SETUP, USE))
    chosen.use(found)
    return Answer(
        f"From now on {found.models[0]} by {found.server} answers what I cannot.",
        ("Which chat model do you use?", LEAVE),
    )


def leave(asked: Asked) -> Answer:
    """For "Stop using the chat model"."""
    chosen = asked.means.chat_model
    if chosen.given:
        return Answer(IN_SETTINGS)
    chosen.leave()
    return Answer("The chat model is not used any more.", (USE,))


def which(asked: Asked) -> Answer:
    """For "Which chat model do you use"."""
    access = asked.means.chat_model.access
    if access is None:
        return Answer("No chat model is used.", (USE, SETUP))
    name = access.model or "The model of that server"
    host = access.url.partition("://")[2].partition("/")[0]
    return Answer(f"{name} at {host}.", () if asked.means.chat_model.given else (LEAVE,))


def how(asked: Asked) -> Answer:  # noqa: ARG001
    """For "How do I connect a model"."""
    return Answer(
        "Start a chat model on this machine, such as with Ollama or LM Studio, then say: use the"
        " chat model. Another server, or a Dify app, is connected in the setup.",
        (SETUP, USE, "What can you do?"),
    )
