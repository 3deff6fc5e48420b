"""Every command that speaks with the server, as a table.

Cheap to import: it only names what is done, and `doing` finds it.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001


class Argument(NamedTuple):
    """An argument of a command.

    Attributes:
        name: as `argparse` takes it: "id", "--limit".
        what: for `--help`.
        rest: what else `argparse` is told.
    """

    name: str
    what: str
    rest: Mapping[str, Any] = {}


class Verb(NamedTuple):
    """A command.

    Attributes:
        words: what is typed.
        what: for `--help`.
        do: the module of this package and the coroutine in it that does it.
        reaches: the methods of `api.client.Client` that it is there for.
        arguments: besides `--json`, which all of them have.
    """

    words: str
    what: str
    do: str
    reaches: tuple[str, ...]
    arguments: tuple[Argument, ...] = ()


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return share


_OPTIONAL: Mapping[str, Any] = {"nargs": "?", "default": "current"}
_LIMIT = Argument("--limit", "at most so many (default: 20)", {"type": _count, "default": 20})
_CONVERSATION = Argument("id", "its id (default: the one that goes on)", _OPTIONAL)
_MESSAGE = Argument("--message", "an answer's id (default: the last one)", {"default": ""})
_COMMENT = Argument("--comment", "why", {"default": ""})
_QUESTION = Argument("question", "what is asked")
_ANSWER = Argument("answer", "what is then answered")
_ANNOTATION = Argument("id", "its id, as the list shows it")

GROUPS = {
    "conversations": "what was talked about",
    "feedback": "tell what you think of an answer",
    "files": "files for questions",
    "app": "what the app is and can do",
    "annotations": "prepared answers (newer servers)",
    "annotations reply": "whether prepared answers are given",
}
"""What is said of words that only begin a command."""

VERBS = (
    Verb(
        "conversations list",
        "list your conversations, the latest first",
        "conversations.show_all",
        ("conversations.list",),
        (_LIMIT,),
    ),
    Verb(
        "conversations show",
        "show a conversation and all that was said in it",
        "conversations.show",
        ("conversations.list", "conversations.messages"),
        (_CONVERSATION,),
    ),
    Verb(
        "conversations rename",
        "name a conversation",
        "conversations.rename",
        ("conversations.rename",),
        (
            Argument("id", 'its id, or "current"'),
            Argument("name", "its name (default: the server makes one up)", {"nargs": "*"}),
        ),
    ),
    Verb(
        "conversations delete",
        "delete conversations with all that was said in them",
        "conversations.delete",
        ("conversations.delete",),
        (Argument("id", 'their ids, or "current"', {"nargs": "+"}),),
    ),
    Verb(
        "conversations variables",
        "show what the app remembers of a conversation (newer servers)",
        "conversations.variables",
        ("conversations.variables",),
        (_CONVERSATION,),
    ),
    Verb(
        "history",
        "show the last questions and answers of a conversation",
        "conversations.history",
        ("conversations.messages",),
        (
            Argument("--conversation", _CONVERSATION.what, {"default": "current"}),
            _LIMIT,
        ),
    ),
    Verb(
        "feedback like",
        "like an answer",
        "feedback.like",
        ("feedback",),
        (_MESSAGE, _COMMENT),
    ),
    Verb(
        "feedback dislike",
        "dislike an answer",
        "feedback.dislike",
        ("feedback",),
        (_MESSAGE, _COMMENT),
    ),
    Verb("feedback clear", "take it back", "feedback.clear", ("feedback",), (_MESSAGE,)),
    Verb(
        "files upload",
        "give the server files, and print their ids",
        "files.upload",
        ("upload_file",),
        (Argument("file", "a file", {"nargs": "+", "metavar": "FILE"}),),
    ),
    Verb("app info", "what the app is, and its server's version", "app.info", ("info",)),
    Verb("app parameters", "what the app can do, and asks for", "app.parameters", ("parameters",)),
    Verb("app meta", "the icons of the app's tools", "app.meta", ("meta",)),
    Verb("app site", "how its web page looks (newer servers)", "app.site", ("site",)),
    Verb(
        "app feedbacks",
        "what all users thought of answers, the latest first (newer servers)",
        "feedback.show_all",
        ("app_feedbacks",),
        (
            Argument("--page", "counts from 1", {"type": _count, "default": 1}),
            Argument("--limit", "so many on a page (default: 20)", {"type": _count, "default": 20}),
        ),
    ),
    Verb(
        "annotations list",
        "list prepared answers",
        "annotations.show_all",
        ("annotations.list",),
        (_LIMIT,),
    ),
    Verb(
        "annotations add",
        "prepare an answer",
        "annotations.add",
        ("annotations.create",),
        (_QUESTION, _ANSWER),
    ),
    Verb(
        "annotations edit",
        "change a prepared answer",
        "annotations.edit",
        ("annotations.update",),
        (_ANNOTATION, _QUESTION, _ANSWER),
    ),
    Verb(
        "annotations delete",
        "delete prepared answers",
        "annotations.delete",
        ("annotations.delete",),
        (Argument("id", "their ids, as the list shows them", {"nargs": "+"}),),
    ),
    Verb(
        "annotations reply enable",
        "give prepared answers to questions that are like theirs",
        "annotations.enable",
        ("annotations.set_reply",),
        (
            Argument(
                "--threshold",
                "how alike, from 0 to 1 (default: 0.9)",
                {"type": _share, "default": 0.9},
            ),
            Argument("--provider", "of the model that compares them", {"default": ""}),
            Argument("--model", "that compares them, such as embedding-3", {"default": ""}),
        ),
    ),
    Verb(
        "annotations reply disable",
        "cease to",
        "annotations.disable",
        ("annotations.set_reply",),
    ),
    Verb(
        "annotations reply status",
        "whether they are given, or how far a job is that changes it",
        "annotations.status",
        ("annotations.reply_status", "parameters"),
        (
            Argument("job", "as `enable` or `disable` printed it", {"nargs": "?", "default": ""}),
            Argument(
                "--action",
                "what the job does (default: enable)",
                {"choices": ("enable", "disable"), "default": "enable"},
            ),
        ),
    ),
)


def add(commands: Parsers) -> None:
    """Let all of them be typed."""
    groups: dict[str, Parsers] = {"": commands}
    for verb in VERBS:
        words, _, last = verb.words.rpartition(" ")
        parser = _group(groups, words).add_parser(last, help=verb.what, description=verb.what)
        for argument in verb.arguments:
            parser.add_argument(argument.name, help=argument.what, **argument.rest)
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.set_defaults(do=_do, verb=verb)


def _group(groups: dict[str, Parsers], words: str) -> Parsers:
    if words not in groups:
        before, _, last = words.rpartition(" ")
        what = GROUPS[words]
        parser = _group(groups, before).add_parser(last, help=what, description=what)
        groups[words] = parser.add_subparsers(metavar="ACTION", required=True)
    return groups[words]


def _do(options: argparse.Namespace) -> int:
    from voice_assistant.cli.api import run

    return run.run(options)
