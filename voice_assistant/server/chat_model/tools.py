"""The skills as tools for a chat model: a call becomes a sentence, which a skill answers.

The arguments have narrow patterns: a model is not to slip another command into a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from voice_assistant.api.wire import decode
from voice_assistant.server.skills.reply import Memory, Reply

if TYPE_CHECKING:
    from voice_assistant.server.chat_model.completion import Call
    from voice_assistant.server.skills import Skills

UNUSABLE = "The arguments cannot be used."
UNKNOWN = "There is no such tool."
UNANSWERED = "This cannot be done."


class _Tool(msgspec.Struct, forbid_unknown_fields=True):
    """The arguments of a tool; `sentence` is what a user would say for it."""

    def sentence(self) -> str:
        """Return the sentence for the skills."""
        raise NotImplementedError


class CurrentTime(_Tool):
    """Tells the time of day here."""

    def sentence(self) -> str:
        """Return the sentence for the skills."""
        return "what time is it"


class SetTimer(_Tool):
    """Sets a timer that rings once. Only use it if the user asks for a timer."""

    seconds: Annotated[int, msgspec.Meta(ge=1, le=30 * 86400, description="The timer's length")]
    name: Annotated[
        str, msgspec.Meta(pattern=r"^[A-Za-z]{0,20}$", description='One word, such as "pasta"')
    ] = ""

    def sentence(self) -> str:
        """Return the sentence for the skills."""
        return f"set a {self.name.lower()} timer for {self.seconds} seconds"


class ListTimers(_Tool):
    """Tells which timers are set, and how long they still take."""

    def sentence(self) -> str:
        """Return the sentence for the skills."""
        return "what timers are set"


class ConvertUnits(_Tool):
    """Converts lengths, weights, volumes, speeds, times and temperatures exactly."""

    amount: Annotated[float, msgspec.Meta(description="How much")]
    source: Annotated[
        str, msgspec.Meta(pattern=r"^[A-Za-z/ ]{1,30}$", description='A unit, such as "miles"')
    ]
    target: Annotated[
        str, msgspec.Meta(pattern=r"^[A-Za-z/ ]{1,30}$", description='A unit, such as "km"')
    ]

    def sentence(self) -> str:
        """Return the sentence for the skills."""
        return f"convert {self.amount:.12g} {self.source} to {self.target}"


class Calculate(_Tool):
    """Evaluates an arithmetic expression exactly."""

    expression: Annotated[
        str,
        msgspec.Meta(pattern=r"^[-+*/^()0-9. ]{1,100}$", description='Such as "(2+3)*4^2"'),
    ]

    def sentence(self) -> str:
        """Return the sentence for the skills."""
        return self.expression


TOOLS: dict[str, type[_Tool]] = {
    "current_time": CurrentTime,
    "set_timer": SetTimer,
    "list_timers": ListTimers,
    "convert_units": ConvertUnits,
    "calculate": Calculate,
}


def descriptions() -> list[dict[str, Any]]:
    """Return the tools in the form of the API."""
    kinds = list(TOOLS.values())
    _, schemas = msgspec.json.schema_components(kinds)
    return [
        {
            "type": "function",
            "function": {
                "name": name,
                "description": kind.__doc__,
                "parameters": {
                    "type": "object",
                    "properties": schemas[kind.__name__]["properties"],
                    "required": schemas[kind.__name__]["required"],
                },
            },
        }
        for name, kind in TOOLS.items()
    ]


async def use(call: Call, skills: Skills) -> str:
    """Return what a tool answers to a model's call; a bad call gets an answer in words."""
    kind = TOOLS.get(call.tool)
    if kind is None:
        return UNKNOWN
    try:
        wanted = decode(call.arguments or "{}", kind)
    except (msgspec.DecodeError, UnicodeError):
        return UNUSABLE
    reply = await skills.reply(wanted.sentence(), Memory())
    return reply.text if isinstance(reply, Reply) else UNANSWERED
