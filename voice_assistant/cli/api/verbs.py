"""Every command that asks the server, as a table: a part of the one in `cli/commands.py`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from voice_assistant.cli.command import Argument, ServerCommand
from voice_assistant.cli.lazy import LazyModule

if TYPE_CHECKING:
    from voice_assistant.cli.api import annotations as prepared
    from voice_assistant.cli.api import app, conversations, feedback, files
else:
    app = LazyModule("voice_assistant.cli.api.app")
    conversations = LazyModule("voice_assistant.cli.api.conversations")
    feedback = LazyModule("voice_assistant.cli.api.feedback")
    files = LazyModule("voice_assistant.cli.api.files")
    prepared = LazyModule("voice_assistant.cli.api.annotations")


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


_LIMIT = Argument("--limit", "at most so many (default: 20)", type=_count, default=20)
_CONVERSATION = Argument(
    "conversation",
    "its id (default: the current one)",
    nargs="?",
    default="current",
    metavar="ID",
)
_MESSAGE = Argument("--message", "an answer's id (default: the last one)", default="")
_COMMENT = Argument("--comment", "why", default="")
_QUESTION = Argument("question", "what is asked")
_ANSWER = Argument("answer", "what is then answered")
_ANNOTATION = Argument("annotation", "its id, as the list shows it", metavar="ID")

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
    ServerCommand(
        "conversations list",
        "list your conversations, the latest first",
        conversations.show_all,
        ("conversations.list",),
        _LIMIT,
    ),
    ServerCommand(
        "conversations show",
        "show a conversation and all that was said in it",
        conversations.show,
        ("conversations.list", "conversations.messages"),
        _CONVERSATION,
    ),
    ServerCommand(
        "conversations rename",
        "name a conversation",
        conversations.rename,
        ("conversations.rename",),
        Argument("conversation", 'its id, or "current"', metavar="ID"),
        Argument("name", "its name (default: the server makes one up)", nargs="*", metavar="NAME"),
    ),
    ServerCommand(
        "conversations delete",
        "delete conversations with all that was said in them",
        conversations.delete,
        ("conversations.delete",),
        Argument("conversations", 'their ids, or "current"', nargs="+", metavar="ID"),
    ),
    ServerCommand(
        "conversations variables",
        "show what the app remembers of a conversation (newer servers)",
        conversations.variables,
        ("conversations.variables",),
        _CONVERSATION,
    ),
    ServerCommand(
        "history",
        "show the last questions and answers of a conversation",
        conversations.history,
        ("conversations.messages",),
        Argument("--conversation", _CONVERSATION.what, default="current"),
        _LIMIT,
    ),
    ServerCommand(
        "feedback like",
        "like an answer",
        feedback.like,
        ("feedback",),
        _MESSAGE,
        _COMMENT,
    ),
    ServerCommand(
        "feedback dislike",
        "dislike an answer",
        feedback.dislike,
        ("feedback",),
        _MESSAGE,
        _COMMENT,
    ),
    ServerCommand(
        "feedback clear",
        "take back what you thought of an answer",
        feedback.clear,
        ("feedback",),
        _MESSAGE,
    ),
    ServerCommand(
        "files upload",
        "give the server files, and print their ids",
        files.upload,
        ("upload_file",),
        Argument("names", "a file", nargs="+", metavar="FILE"),
    ),
    ServerCommand("app info", "what the app is, and its server's version", app.info, ("info",)),
    ServerCommand(
        "app parameters", "what the app can do, and asks for", app.parameters, ("parameters",)
    ),
    ServerCommand("app meta", "the icons of the app's tools", app.meta, ("meta",)),
    ServerCommand("app site", "how its web page looks (newer servers)", app.site, ("site",)),
    ServerCommand(
        "app feedbacks",
        "what all users thought of answers, the latest first (newer servers)",
        feedback.show_all,
        ("app_feedbacks",),
        Argument("--page", "counts from 1", type=_count, default=1),
        Argument("--limit", "so many on a page (default: 20)", type=_count, default=20),
    ),
    ServerCommand(
        "annotations list",
        "list prepared answers",
        prepared.show_all,
        ("annotations.list",),
        _LIMIT,
    ),
    ServerCommand(
        "annotations add",
        "prepare an answer",
        prepared.add,
        ("annotations.create",),
        _QUESTION,
        _ANSWER,
    ),
    ServerCommand(
        "annotations edit",
        "change a prepared answer",
        prepared.edit,
        ("annotations.update",),
        _ANNOTATION,
        _QUESTION,
        _ANSWER,
    ),
    ServerCommand(
        "annotations delete",
        "delete prepared answers",
        prepared.delete,
        ("annotations.delete",),
        Argument("annotations", "their ids, as the list shows them", nargs="+", metavar="ID"),
    ),
    ServerCommand(
        "annotations reply enable",
        "give prepared answers to questions that are like theirs",
        prepared.enable,
        ("annotations.set_reply",),
        Argument(
            "--threshold",
            "how alike, from 0 to 1 (default: 0.9)",
            type=_share,
            default=0.9,
        ),
        Argument("--provider", "of the model that compares them", default=""),
        Argument("--model", "that compares them, such as embedding-3", default=""),
    ),
    ServerCommand(
        "annotations reply disable",
        "stop giving prepared answers",
        prepared.disable,
        ("annotations.set_reply",),
    ),
    ServerCommand(
        "annotations reply status",
        "show whether prepared answers are given, or how far a job is",
        prepared.status,
        ("annotations.reply_status", "parameters"),
        Argument("job", "as `enable` or `disable` printed it", nargs="?", default=""),
        Argument(
            "--action",
            "what the job does (default: enable)",
            choices=("enable", "disable"),
            default="enable",
        ),
    ),
)
