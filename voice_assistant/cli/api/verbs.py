"""The table of all commands that ask the server: a part of the table in `cli/commands.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.cli.parsing import numbers
from voice_assistant.cli.parsing.command import Argument, ServerCommand
from voice_assistant.cli.parsing.lazy import LazyModule
from voice_assistant.translation import N_

if TYPE_CHECKING:
    from voice_assistant.cli.api import annotations as prepared
    from voice_assistant.cli.api import app, conversations, feedback, files, forms, runs, users
else:
    app = LazyModule("voice_assistant.cli.api.app")
    conversations = LazyModule("voice_assistant.cli.api.conversations")
    feedback = LazyModule("voice_assistant.cli.api.feedback")
    files = LazyModule("voice_assistant.cli.api.files")
    forms = LazyModule("voice_assistant.cli.api.forms")
    runs = LazyModule("voice_assistant.cli.api.runs")
    users = LazyModule("voice_assistant.cli.api.users")
    prepared = LazyModule("voice_assistant.cli.api.annotations")


_LIMIT = Argument("--limit", "the largest number (default: 20)", type=numbers.count, default=20)
_CONVERSATION = Argument(
    "conversation",
    "the conversation's id (default: the current one)",
    nargs="?",
    default="current",
    metavar="ID",
)
_MESSAGE = Argument("--message", "an answer's id (default: the last one)", default="")
_COMMENT = Argument("--comment", "the reason", default="")
_RUN = Argument("run", "the run's id", metavar="ID")
_FORM = Argument("form", "the form's token", metavar="TOKEN")
_QUESTION = Argument("question", "the question")
_ANSWER = Argument("answer", "the prepared answer to it")
_ANNOTATION = Argument("annotation", "the prepared answer's id from the list", metavar="ID")

GROUPS = {
    "conversations": N_("your conversations with the app"),
    "conversations variables": N_("the app's variables of a conversation (newer servers)"),
    "feedback": N_("rate an answer"),
    "files": N_("files for questions"),
    "app": N_("information about the app"),
    "runs": N_("runs of the app's workflow (newer servers)"),
    "forms": N_("forms with which a workflow asks a person (newer servers)"),
    "end-users": N_("users of the app (newer servers)"),
    "annotations": N_("prepared answers (newer servers)"),
    "annotations reply": N_("whether prepared answers are given"),
}
"""The help texts of words that only begin a command."""

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
        "show a conversation with all its messages",
        conversations.show,
        ("conversations.list", "conversations.messages"),
        _CONVERSATION,
    ),
    ServerCommand(
        "conversations continue",
        "let the next question belong to an older conversation",
        conversations.resume,
        ("conversations.list",),
        Argument(
            "conversation",
            "the conversation's number in the list (1 is the latest), or its id",
            metavar="N",
        ),
    ),
    ServerCommand(
        "conversations rename",
        "name a conversation",
        conversations.rename,
        ("conversations.rename",),
        Argument("conversation", 'the conversation\'s id, or "current"', metavar="ID"),
        Argument("name", "the name (default: the server makes a name)", nargs="*", metavar="NAME"),
    ),
    ServerCommand(
        "conversations delete",
        "delete conversations with all their messages",
        conversations.delete,
        ("conversations.delete",),
        Argument("conversations", 'the conversations\' ids, or "current"', nargs="+", metavar="ID"),
    ),
    ServerCommand(
        "conversations variables list",
        "show the app's variables of a conversation (newer servers)",
        conversations.variables,
        ("conversations.variables",),
        _CONVERSATION,
    ),
    ServerCommand(
        "conversations variables set",
        "give a variable a new value (newer servers)",
        conversations.set_variable,
        ("conversations.set_variable",),
        Argument("conversation", 'the conversation\'s id, or "current"', metavar="ID"),
        Argument("name", "the variable's name or id", metavar="NAME"),
        Argument("value", "the new value: a text, or JSON for other kinds", metavar="VALUE"),
    ),
    ServerCommand(
        "conversations messages",
        "show the last messages of a conversation, as the server has them",
        conversations.messages,
        ("conversations.messages",),
        _CONVERSATION,
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
        "delete your rating of an answer",
        feedback.clear,
        ("feedback",),
        _MESSAGE,
    ),
    ServerCommand(
        "files upload",
        "upload files to the server, and print their ids",
        files.upload,
        ("upload_file",),
        Argument("names", "a file", nargs="+", metavar="FILE"),
    ),
    ServerCommand(
        "files preview",
        "get a file that belongs to a question (newer servers)",
        files.preview,
        ("preview_file",),
        Argument("file", "the file's id, as `files upload` printed it", metavar="ID"),
        Argument("to", "the file to write", metavar="FILE"),
    ),
    ServerCommand(
        "runs list", "list the runs, the latest first", runs.show_all, ("runs.list",), _LIMIT
    ),
    ServerCommand("runs show", "show a run", runs.show, ("runs.get",), _RUN),
    ServerCommand("runs follow", "follow a run to its end", runs.follow, ("runs.follow",), _RUN),
    ServerCommand("forms show", "show a form", forms.show, ("forms.get",), _FORM),
    ServerCommand(
        "forms fill-in",
        "fill in a form and press one of its buttons: the run then goes on",
        forms.fill_in,
        ("forms.fill_in",),
        _FORM,
        Argument("button", "the button's text or id", metavar="BUTTON"),
        Argument("values", "values of the fields", nargs="*", metavar="NAME=VALUE"),
    ),
    ServerCommand(
        "end-users show",
        "show what the server knows of a user",
        users.show,
        ("end_user",),
        Argument("user", "the server's id, such as a file's `created_by`", metavar="ID"),
    ),
    ServerCommand("app info", "show the app's name and its server's version", app.info, ("info",)),
    ServerCommand(
        "app parameters", "show the app's abilities and inputs", app.parameters, ("parameters",)
    ),
    ServerCommand("app meta", "show the icons of the app's tools", app.meta, ("meta",)),
    ServerCommand(
        "app site", "show the app's web page settings (newer servers)", app.site, ("site",)
    ),
    ServerCommand(
        "app feedbacks",
        "show all users' ratings of answers, the latest first (newer servers)",
        feedback.show_all,
        ("app_feedbacks",),
        Argument("--page", "the first page (default: 1)", type=numbers.count, default=1),
        _LIMIT,
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
        "add a prepared answer",
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
        Argument("annotations", "the prepared answers' ids from the list", nargs="+", metavar="ID"),
    ),
    ServerCommand(
        "annotations reply enable",
        "start giving prepared answers to similar questions",
        prepared.enable,
        ("annotations.set_reply",),
        Argument(
            "--threshold",
            "how similar questions must be, from 0 to 1 (default: 0.9)",
            type=numbers.share,
            default=0.9,
        ),
        Argument("--provider", "the provider of the model that compares questions", default=""),
        Argument("--model", "the model, such as embedding-3", default=""),
    ),
    ServerCommand(
        "annotations reply disable",
        "stop giving prepared answers",
        prepared.disable,
        ("annotations.set_reply",),
    ),
    ServerCommand(
        "annotations reply status",
        "show whether prepared answers are given, or the state of a job",
        prepared.status,
        ("annotations.reply_status", "parameters"),
        Argument("job", "the job's id, which `enable` or `disable` printed", nargs="?", default=""),
        Argument(
            "--action",
            "what the job does (default: enable)",
            choices=("enable", "disable"),
            default="enable",
        ),
    ),
)
