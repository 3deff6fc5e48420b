"""The table of all commands of the command line.

The parser, `--help` and the table of endpoints in the README of `voice_assistant/api` are made from
this table. To add a command, add a line here and write its function. A command that is only sent to
the daemon has its line in `signal.py`, the part of the table that is small enough for `press` to
load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voice_assistant.cli import signal
from voice_assistant.cli.api import verbs
from voice_assistant.cli.parsing import numbers
from voice_assistant.cli.parsing.command import AS_EVENTS, AS_JSON, Argument, Command, ServerCommand
from voice_assistant.cli.parsing.lazy import LazyModule
from voice_assistant.translation import N_

if TYPE_CHECKING:
    from voice_assistant.cli import (
        asking,
        daemon,
        demo,
        desktop_entry,
        devices,
        doctor,
        forget,
        form,
        history,
        lifecycle,
        models,
        orders,
        profile,
        rating,
        recordings,
        serve,
        settings,
        setup,
        status,
        voices,
    )
    from voice_assistant.cli.parsing import completion
    from voice_assistant.cli.terminal import standard_input
else:
    asking = LazyModule("voice_assistant.cli.asking")
    completion = LazyModule("voice_assistant.cli.parsing.completion")
    daemon = LazyModule("voice_assistant.cli.daemon")
    demo = LazyModule("voice_assistant.cli.demo")
    desktop_entry = LazyModule("voice_assistant.cli.desktop_entry")
    devices = LazyModule("voice_assistant.cli.devices")
    doctor = LazyModule("voice_assistant.cli.doctor")
    form = LazyModule("voice_assistant.cli.form")
    forget = LazyModule("voice_assistant.cli.forget")
    history = LazyModule("voice_assistant.cli.history")
    lifecycle = LazyModule("voice_assistant.cli.lifecycle")
    models = LazyModule("voice_assistant.cli.models")
    orders = LazyModule("voice_assistant.cli.orders")
    profile = LazyModule("voice_assistant.cli.profile")
    rating = LazyModule("voice_assistant.cli.rating")
    recordings = LazyModule("voice_assistant.cli.recordings")
    serve = LazyModule("voice_assistant.cli.serve")
    settings = LazyModule("voice_assistant.cli.settings")
    setup = LazyModule("voice_assistant.cli.setup")
    standard_input = LazyModule("voice_assistant.cli.terminal.standard_input")
    status = LazyModule("voice_assistant.cli.status")
    voices = LazyModule("voice_assistant.cli.voices")


SIGNALS = {
    "press": N_("the talk key goes down: listen"),
    "release": N_("the talk key comes up: answer the question"),
    "toggle": N_("listen, or finish listening"),
    "dictate": N_("listen, and type what is said into the window in front; or finish that"),
    "stop": N_("end speech and generation, and an alarm that rings"),
    "snooze": N_("silence the alarm that rings for a while"),
    "pause": N_("pause the answer"),
    "resume": N_("resume the paused answer, or the one that a restart has cut off"),
    "repeat": N_("speak the last answer again"),
    "skip": N_("skip to the next sentence"),
    "new": N_("begin a new conversation with the next question"),
}
"""The help texts of the commands in `signal.py`; `window` may also be given a view."""


def _signal(name: str, what: str) -> Command:
    """Return a command that is sent to the running daemon without change."""
    arguments = _SIGNAL_ARGUMENTS.get(name, ())
    return Command(name, what, signal.send, *arguments, fixed={"command": name}, of_running=True)


def _switch(name: str, on: str, off: str) -> tuple[Command, ...]:
    """Return the commands that switch something of the running daemon on and off."""

    def to(place: str, what: str, *, on: bool | None) -> Command:
        fixed = {"command": name, "on": on}
        return Command(f"{name} {place}", what, orders.switch, fixed=fixed, of_running=True)

    return (
        to("on", on, on=True),
        to("off", off, on=False),
        to("toggle", "switch between on and off; for a key", on=None),
    )


def _flag(name: str, key: str, what: str, **options: Any) -> Argument:
    """Return an argument of `setup` that is the value of a setting."""
    return Argument(name, what, dest=key, **options)


_SIGNAL_ARGUMENTS = {
    "skip": (
        Argument(
            "--back",
            "speak this sentence, or the previous one, again",
            dest="command",
            action="store_const",
            const="back",
        ),
    )
}
_SEARCH = Argument("--search", "turns with all of these words", default="", metavar="WORDS")
_SINCE = Argument(
    "--since",
    "turns since a date (2026-01-31) or a time ago (30m, 2h, 3d, 1w)",
    type=numbers.since,
    default=0.0,
    metavar="TIME",
)
_PROFILE = Argument("--profile", "turns of this profile", metavar="NAME")
_TURN = Argument(
    "number",
    "the turn's number in the list (default: the last question)",
    type=int,
    nargs="?",
    default=0,
    metavar="N",
)
_MODEL = N_("a model's name, as `models list` shows it")
_RECORDING = N_("the recording's number in the list (1 is the newest), or its name")
_KEY = Argument("key", "the setting, such as speech.speed", metavar="KEY")

GROUPS = {
    **verbs.GROUPS,
    "history": N_("the record of questions and answers on this disk"),
    "profile": N_("which app or server answers"),
    "rate": N_("rate an answer; the server gets it when it is there"),
    "conversation": N_("conversation mode: the assistant listens again after each answer"),
    "wake": N_("whether the assistant waits for the wake word"),
    "mute": N_("whether the microphone is switched off"),
    "screen": N_("a question about your screen"),
    "recordings": N_("the recordings that are kept on this disk"),
    "voices": N_("the voices of this machine"),
    "models": N_("the networks that hear and speak on this machine"),
    "config": N_("settings"),
    "autostart": N_("start the assistant when you log in"),
    "service": N_("the assistant as a service of systemd, which restarts it after a failure"),
    "menu": N_("the assistant's entry in the applications menu"),
}
"""The help texts of words that only begin a command."""

COMMANDS: tuple[Command | ServerCommand, ...] = (
    Command("run", "start the assistant in the tray", daemon.run),
    Command("quit", "end the running assistant", lifecycle.end),
    Command("restart", "end the running assistant, and start it again", lifecycle.restart),
    Command(
        "forget",
        "delete recordings, record, conversations, timers, logs and keys",
        forget.forget,
        Argument("--yes", "do not ask first", dest="sure", action="store_true"),
    ),
    Command("version", "show the version, and its commit", lifecycle.show_version),
    Command(
        "demo",
        "ask and answer one spoken question, on any machine",
        demo.demo,
        Argument("--audio", "a file with the spoken question (default: our own)", metavar="FILE"),
        AS_EVENTS,
    ),
    Command(
        "ask",
        "ask one question, with or without a running assistant",
        asking.ask,
        Argument("text", "the question", type=standard_input.word, nargs="*", metavar="TEXT"),
        Argument("--audio", "a file with the spoken question", metavar="FILE"),
        Argument(
            "--file",
            "a file that the question is about, if the app accepts files; may be repeated",
            dest="files",
            metavar="FILE",
            action="append",
            default=[],
        ),
        AS_EVENTS,
        Argument("--no-speech", "do not speak the answer", dest="speech", action="store_false"),
        Argument(
            "--literal",
            'ask the question also if its words are a command word such as "slower"',
            action="store_true",
        ),
        Argument(
            "--form",
            "running assistant: answer the form with which the app asks: a button, NAME=VALUE "
            "or NAME=@FILE; may be repeated",
            metavar="ANSWER",
            action="append",
            default=[],
        ),
        Argument("--new", "begin a new conversation", action="store_true"),
        Argument("--profile", "the profile that answers this question", metavar="NAME"),
        Argument("--clipboard", "ask about what was copied, text or picture", action="store_true"),
        Argument("--selection", "ask about the selected text", action="store_true"),
        Argument(
            "--screen",
            'send a picture of the screen, of the active "window", or of a region (640x480+10+20)',
            nargs="?",
            const="screen",
            metavar="PART",
        ),
        Argument("--save-speech", "write the spoken answer as WAV", metavar="FILE"),
        Argument(
            "--follow",
            "ask the follow-up question of this number, which the running assistant shows",
            type=int,
            metavar="N",
        ),
        Argument("--plain", "print whole lines, for screen readers", action="store_true"),
    ),
    *(_signal(name, what) for name, what in SIGNALS.items()),
    Command(
        "window",
        "open the window",
        orders.window,
        Argument(
            "view",
            "what it shows (default: the conversation)",
            nargs="?",
            choices=("type", "captions", "history", "settings", "setup", "doctor"),
            default="",
        ),
        of_running=True,
    ),
    Command(
        "screen",
        "show you a picture of your screen, and ask whether it may be sent",
        orders.look_at_screen,
        of_running=True,
    ),
    Command(
        "screen send",
        "send the picture with its question",
        orders.consent,
        fixed={"given": True},
        of_running=True,
    ),
    Command(
        "screen drop",
        "forget the picture",
        orders.consent,
        fixed={"given": False},
        of_running=True,
    ),
    Command(
        "form",
        "answer the form with which the app asks",
        form.fill,
        Argument(
            "items",
            "a button, NAME=VALUE or NAME=@FILE",
            nargs="+",
            metavar="ANSWER",
        ),
        of_running=True,
    ),
    Command(
        "volume",
        "show or change its volume",
        orders.volume,
        Argument("level", "from 0 to 100", type=numbers.percent, nargs="?", metavar="N"),
        of_running=True,
    ),
    Command(
        "speed",
        "show or change its speed of speech",
        orders.speed,
        Argument("factor", "from 0.5 to 3; 1: normal", type=float, nargs="?", metavar="N"),
        of_running=True,
    ),
    *_switch(
        "conversation",
        "listen again after each answer (conversation mode)",
        N_("listen only when asked to"),
    ),
    *_switch(
        "wake",
        "wait for the wake word; a restart changes nothing",
        N_("do not wait for the wake word"),
    ),
    *_switch(
        "mute",
        "close the microphone, until `off`; a restart changes nothing",
        N_("let the microphone be opened again"),
    ),
    Command(
        "status",
        "show what it is doing and what is missing",
        status.show,
        AS_JSON,
        Argument("--follow", "print one line of JSON for each change", action="store_true"),
        of_running=True,
    ),
    Command(
        "serve",
        "serve what answers on this machine alone, for other programs",
        serve.serve,
        Argument("--port", "default: any free port", type=int, default=0),
    ),
    Command(
        "setup",
        "set the assistant up: asks in a terminal, or takes flags",
        setup.setup,
        _flag("--backend", "backend.kind", "who answers: embedded or dify", metavar="KIND"),
        _flag("--url", "backend.url", "the address of the Dify app's API", metavar="URL"),
        _flag(
            "--chat-model", "chat_model.url", "the address of a chat model's server", metavar="URL"
        ),
        _flag(
            "--microphone", "microphone.device", "a part of the microphone's name", metavar="NAME"
        ),
        _flag("--speaker", "speaker.device", "a part of the speaker's name", metavar="NAME"),
        _flag("--talk-key", "hotkey.keys", "such as ctrl+alt+space or f9", metavar="KEY"),
        _flag("--mode", "hotkey.mode", "how to talk: hold, toggle or hybrid", metavar="MODE"),
        _flag(
            "--silence",
            "microphone.end_after_silence_s",
            "seconds of silence that end a question",
            metavar="N",
        ),
        _flag(
            "--slow-speaker",
            "hands_free.slow_speaker",
            "wait longer for a slow speaker",
            choices=("on", "off"),
        ),
        _flag("--voice", "embedded.voice", "the voice, see `voices list`", metavar="NAME"),
        _flag("--speed", "speech.speed", "from 0.5 to 3; 1: normal", metavar="N"),
        Argument("--login", "whether a login starts the assistant", choices=("on", "off")),
    ),
    Command(
        "doctor",
        "examine what the assistant needs, and say what to do about the rest",
        doctor.examine,
        AS_JSON,
        Argument("--bundle", "show a text for a report to others, then write it", metavar="FILE"),
        Argument("--speak", "also say what does not work", action="store_true"),
    ),
    Command(
        "completion",
        "print what a shell needs to complete these commands, or a manual page",
        lambda kind: completion.show(kind, COMMANDS, GROUPS),
        Argument("kind", "bash, zsh, fish or man", choices=["bash", "zsh", "fish", "man"]),
    ),
    Command("devices", "list microphones and speakers", devices.show),
    *verbs.VERBS,
    Command(
        "history",
        "show the last questions and answers, or search all of them",
        history.show_all,
        _SEARCH,
        _SINCE,
        _PROFILE,
        Argument(
            "--limit",
            "the largest number (default: 20)",
            type=numbers.count,
            default=20,
            metavar="N",
        ),
        Argument("--latency", "show how long the stages of these turns took", action="store_true"),
        AS_JSON,
    ),
    Command(
        "history show", "show a turn with all that is known of it", history.show, _TURN, AS_JSON
    ),
    Command(
        "history export",
        "write turns to standard output, the oldest first",
        history.export,
        _SEARCH,
        _SINCE,
        _PROFILE,
        Argument(
            "--format",
            "md (default), json or csv",
            dest="form",
            choices=("md", "json", "csv"),
            default="md",
        ),
    ),
    Command(
        "history delete",
        "delete turns from this disk",
        history.delete,
        Argument(
            "numbers",
            N_("the turn's number in the list"),
            one_of=True,
            type=int,
            nargs="*",
            default=[],
            metavar="N",
        ),
        Argument("--all", "delete all turns", one_of=True, dest="every", action="store_true"),
    ),
    Command(
        "history again",
        "ask a question again",
        history.again,
        _TURN,
        AS_EVENTS,
    ),
    Command(
        "history files",
        "list the kept files of a turn: those that its answer brought, and its pictures",
        history.files,
        _TURN,
        Argument("--save", "copy them into this folder", default="", metavar="DIR"),
        Argument("--open", "open them", dest="opened", action="store_true"),
        AS_JSON,
    ),
    Command("history copy", "copy an answer to the clipboard", history.copy, _TURN),
    Command(
        "history off",
        "keep nothing in the record, until `on` or a restart",
        history.off_the_record,
        fixed={"off": True},
        of_running=True,
    ),
    Command(
        "history on",
        "keep turns in the record again",
        history.off_the_record,
        fixed={"off": False},
        of_running=True,
    ),
    *(
        Command(
            f"rate {word}",
            what,
            rating.rate,
            Argument(
                "number",
                "the turn's number in the list (default: the last answer)",
                type=int,
                nargs="?",
                default=0,
                metavar="N",
            ),
            Argument("--comment", "the reason", default=""),
            fixed={"rating": value},
        )
        for word, value, what in (
            ("good", "good", N_("rate an answer as good")),
            ("bad", "bad", N_("rate an answer as bad")),
            ("clear", "", N_("take a rating back")),
        )
    ),
    Command("profile list", "list the profiles of the settings", profile.show, AS_JSON),
    Command(
        "profile use",
        "let another profile answer, from the next question on",
        profile.use,
        Argument("name", "the profile's name; default: the section [backend]", metavar="NAME"),
    ),
    Command("recordings list", "list the recordings, newest first", recordings.show, AS_JSON),
    Command(
        "recordings play",
        "play a kept recording",
        recordings.play,
        Argument("which", _RECORDING, nargs="?", default="1", metavar="RECORDING"),
    ),
    Command(
        "recordings retry",
        "answer a kept recording",
        recordings.retry,
        Argument(
            "which",
            "the recording's number in the list (1 is the newest), or its name; default: the "
            "newest unanswered recording",
            nargs="?",
            default="",
            metavar="RECORDING",
        ),
        AS_EVENTS,
    ),
    Command(
        "recordings delete",
        "delete recordings",
        recordings.delete,
        Argument("names", _RECORDING, one_of=True, nargs="*", default=[], metavar="RECORDING"),
        Argument("--all", "delete all recordings", one_of=True, dest="every", action="store_true"),
    ),
    Command("voices list", "list the voices; * marks the one in use", voices.show, AS_JSON),
    Command(
        "voices play",
        "let a voice say a sentence",
        voices.play,
        Argument(
            "engine",
            "default: the voice in use",
            nargs="?",
            choices=("hibari", "flite", "espeak-ng", "say", "sapi"),
        ),
        Argument("voice", "a voice of that engine", nargs="?", default="", metavar="VOICE"),
        Argument("--text", "what is said", default="", metavar="TEXT"),
    ),
    Command("models list", "list the models, and which are installed", models.show, AS_JSON),
    Command(
        "models install",
        "download models; what broke off goes on where it ended",
        models.install,
        Argument(
            "names",
            "a model's name, as `models list` shows it; default: all that are needed",
            nargs="*",
            metavar="MODEL",
        ),
        Argument(
            "--from",
            "a file or a folder that was downloaded already, or a mirror's address",
            dest="source",
            metavar="FILE|URL",
        ),
    ),
    Command(
        "models verify",
        "read every byte of the installed models",
        models.verify,
        Argument(
            "names",
            "a model's name, as `models list` shows it; default: all that are installed",
            nargs="*",
            metavar="MODEL",
        ),
    ),
    Command(
        "models remove",
        "delete installed models",
        models.remove,
        Argument("names", _MODEL, nargs="+", metavar="MODEL"),
    ),
    Command(
        "config show",
        "print the settings in use (never the key)",
        settings.show,
        Argument("--default", "print every setting with its meaning", action="store_true"),
    ),
    Command("config schema", "print the JSON schema of the settings file", settings.schema),
    Command("config path", "print the path of the settings file", settings.path),
    Command("config get", "print one setting", settings.get, _KEY),
    Command(
        "config set",
        "change one setting",
        settings.set_value,
        _KEY,
        Argument("value", "the new value", metavar="VALUE"),
    ),
    Command(
        "config unset",
        "take a setting out of the file: its default holds",
        settings.unset,
        _KEY,
    ),
    Command("config edit", "open the settings file in your editor", settings.edit),
    Command(
        "config set-key",
        "put the app's key into the keyring",
        settings.set_key,
        Argument("--chat-model", "the key of chat_model.url instead", action="store_true"),
        Argument("--profile", "the profile whose app the key belongs to", metavar="NAME"),
    ),
    Command(
        "config chat-models",
        "list the chat models that run on this machine",
        settings.chat_models,
    ),
    Command(
        "autostart on",
        "start the assistant at each login",
        desktop_entry.switch_autostart,
        fixed={"on": True},
    ),
    Command(
        "autostart off",
        "stop starting the assistant at login",
        desktop_entry.switch_autostart,
        fixed={"on": False},
    ),
    Command(
        "autostart status",
        "show whether a login starts the assistant",
        desktop_entry.show_autostart,
        AS_JSON,
    ),
    Command(
        "service on",
        "let systemd run the assistant, now and at each login",
        desktop_entry.switch_service,
        fixed={"on": True},
    ),
    Command(
        "service off",
        "end and remove the service",
        desktop_entry.switch_service,
        fixed={"on": False},
    ),
    Command("menu add", "rewrite the entry", desktop_entry.add_to_menu),
    Command(
        "menu remove",
        "remove the entry and its icon; stop starting at login",
        desktop_entry.remove_from_menu,
    ),
)
