"""What can be typed, and which function does it."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from voice_assistant import __version__
from voice_assistant.cli.api import verbs
from voice_assistant.errors import AssistantError
from voice_assistant.system import time_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EXIT_CODES = """\
exit status:
  0    done
  1    a bug: the traceback is shown
  2    the command line is wrong
  3    a setting is wrong, or the API key is missing
  4    a microphone, speaker or other part of the desktop is missing
  5    the backend cannot be reached, or does not answer in time
  6    the backend refuses the API key
  7    the backend failed or refused
  8    nothing to ask: no words heard, no audio in the file
  9    the assistant is not running
  10   the assistant is running already, or the port is taken
  11   this server is too old for that
  130  interrupted
"""


def run(arguments: Sequence[str]) -> int:
    """Parse and do; the exit status. Errors for people go to standard error, with their hint."""
    options = parse(arguments)
    if odd := time_zone.mend():
        print(f"voice-assistant: TZ names no time zone: {odd}. Times are in UTC.", file=sys.stderr)
    try:
        do: Callable[[argparse.Namespace], int] = options.do
        return do(options)
    except AssistantError as error:
        print(f"voice-assistant: {error.title}.", file=sys.stderr)
        if error.hint:
            print(error.hint, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing may be written at exit any more.
        sys.stderr.close()
        return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What was typed; `do` of the result does it. Ends the program where it makes no sense."""
    return _parser().parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="voice-assistant",
        description="Hold a key, speak, and hear the answer.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"voice-assistant {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    _add(commands, "run", "start the assistant in the tray", _run)
    _add_asking(commands)
    _add_steering(commands)
    serve = _add(commands, "serve", "the embedded backend alone, for other programs", _serve)
    serve.add_argument("--port", type=int, default=0, help="default: any that is free")
    _add(commands, "devices", "list microphones and speakers", _devices)
    verbs.add(commands)

    _add_recordings(commands)
    config = _add(commands, "config", "settings", None).add_subparsers(
        metavar="ACTION", required=True
    )
    show = _add(config, "show", "print the settings in use (never the key)", _config_show)
    show.add_argument("--default", action="store_true", help="every setting with its meaning")
    _add(config, "schema", "print the JSON schema of the settings file", _config_schema)
    _add(config, "path", "print where the settings are read from", _config_path)
    _add(config, "set-key", "put the app's API key into the keyring", _config_set_key)
    _add_place(commands)
    return parser


def _add_asking(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = _add(commands, "demo", "one spoken turn, on any machine", _demo)
    demo.add_argument("--audio", metavar="FILE", help="the spoken question (default: one we made)")
    demo.add_argument("--json", action="store_true", help="print one event a line")

    ask = _add(commands, "ask", "ask one question, with or without a running assistant", _ask)
    ask.add_argument("text", type=_words, nargs="*", metavar="TEXT", help="the question")
    ask.add_argument("--audio", metavar="FILE", help="the question, spoken")
    ask.add_argument(
        "--file",
        metavar="FILE",
        action="append",
        default=[],
        help="a file that the question is about, where the app takes files; may be repeated",
    )
    ask.add_argument("--json", action="store_true", help="print one event a line")
    ask.add_argument("--no-speech", action="store_true", help="do not speak the answer")
    ask.add_argument("--new", action="store_true", help="begin a new conversation")
    ask.add_argument("--save-speech", metavar="FILE", help="write what is spoken as WAV")


def _add_steering(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What the running assistant is told."""
    for name, what in (
        ("press", "the talk key goes down: listen"),
        ("release", "the talk key comes up: answer"),
        ("toggle", "listen, or finish listening"),
        ("stop", "end speech and generation"),
        ("pause", "hold what is being said"),
        ("resume", "go on with it"),
        ("repeat", "say the last answer again"),
        ("new", "the next question begins a new conversation"),
        ("quit", "end the assistant"),
    ):
        _add(commands, name, f"running assistant: {what}", _signal).set_defaults(signal=name)
    skip = _add(commands, "skip", "running assistant: go on with the next sentence", _skip)
    skip.add_argument("--back", action="store_true", help="this sentence, or the last one, again")
    volume = _add(commands, "volume", "running assistant: how loud it is", _volume)
    volume.add_argument("level", type=_percent, nargs="?", metavar="N", help="from 0 to 100")
    speed = _add(commands, "speed", "running assistant: how fast it speaks", _speed)
    speed.add_argument(
        "factor", type=float, nargs="?", metavar="N", help="from 0.5 to 3; 1: normal"
    )
    status = _add(commands, "status", "running assistant: how it is", _status)
    status.add_argument("--json", action="store_true", help="for programs")


def _add_recordings(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    recordings = _add(
        commands, "recordings", "what was said and is still on this disk", None
    ).add_subparsers(metavar="ACTION", required=True)
    which = "its number in the list (1 is the newest), or its name"
    show = _add(recordings, "list", "list them, newest first", _recordings_list)
    show.add_argument("--json", action="store_true", help="for programs")
    play = _add(recordings, "play", "let one be heard", _recordings_play)
    play.add_argument("which", nargs="?", default="1", metavar="RECORDING", help=which)
    retry = _add(recordings, "retry", "have one answered after all", _recordings_retry)
    retry.add_argument(
        "which", nargs="?", default="", metavar="RECORDING", help=f"{which}; the newest unanswered"
    )
    retry.add_argument("--json", action="store_true", help="print one event a line")
    delete = _add(recordings, "delete", "delete some of them", _recordings_delete)
    chosen = delete.add_mutually_exclusive_group(required=True)
    chosen.add_argument("which", nargs="*", default=[], metavar="RECORDING", help=which)
    chosen.add_argument("--all", action="store_true", help="all of them")


def _add_place(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Where the desktop has the assistant."""
    autostart = _add(
        commands, "autostart", "start the assistant when you log in", None
    ).add_subparsers(metavar="ACTION", required=True)
    _add(autostart, "on", "start it from now on", _autostart_switch).set_defaults(on=True)
    _add(autostart, "off", "start it no more", _autostart_switch).set_defaults(on=False)
    status = _add(autostart, "status", "whether it is started", _autostart_status)
    status.add_argument("--json", action="store_true", help="for programs")
    menu = _add(commands, "menu", "its entry in the applications menu", None).add_subparsers(
        metavar="ACTION", required=True
    )
    _add(menu, "add", "write the entry anew", _menu_add)
    _add(menu, "remove", "remove it and its icon; no login starts it either", _menu_remove)


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    what: str,
    do: Callable[[argparse.Namespace], int] | None,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=what, description=what)
    if do:
        parser.set_defaults(do=do)
    return parser


def _run(_: argparse.Namespace) -> int:
    from voice_assistant.cli import daemon

    return daemon.run()


def _signal(options: argparse.Namespace) -> int:
    from voice_assistant.cli import signal

    return signal.send(options.signal)


def _skip(options: argparse.Namespace) -> int:
    from voice_assistant.cli import signal

    return signal.send("back" if options.back else "skip")


def _words(argument: str) -> str:
    """What was typed; a terminal of another encoding than UTF-8 makes of its letters no text."""
    return os.fsencode(argument).decode(errors="replace")


def _percent(text: str) -> int:
    """A whole number: 0.5, as the settings say half, would be next to silence, and stay so."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no whole number from 0 to 100; 50 is half as loud as it comes"
        ) from None


def _volume(options: argparse.Namespace) -> int:
    from voice_assistant.cli import daemon

    return daemon.volume(options.level)


def _speed(options: argparse.Namespace) -> int:
    from voice_assistant.cli import daemon

    return daemon.speed(options.factor)


def _status(options: argparse.Namespace) -> int:
    from voice_assistant.cli import daemon

    return daemon.status(as_json=options.json)


def _serve(options: argparse.Namespace) -> int:
    from voice_assistant.cli import daemon

    return daemon.serve(options.port)


def _ask(options: argparse.Namespace) -> int:
    from voice_assistant.cli import asking

    return asking.ask(options)


def _demo(options: argparse.Namespace) -> int:
    from voice_assistant.cli import demo

    return demo.demo(options.audio, as_json=options.json)


def _devices(_: argparse.Namespace) -> int:
    from voice_assistant.cli import daemon

    return daemon.devices()


def _recordings_list(options: argparse.Namespace) -> int:
    from voice_assistant.cli import recordings

    return recordings.show(as_json=options.json)


def _recordings_play(options: argparse.Namespace) -> int:
    from voice_assistant.cli import recordings

    return recordings.play(options.which)


def _recordings_retry(options: argparse.Namespace) -> int:
    from voice_assistant.cli import recordings

    return recordings.retry(options.which, as_json=options.json)


def _recordings_delete(options: argparse.Namespace) -> int:
    from voice_assistant.cli import recordings

    return recordings.delete(options.which, every=options.all)


def _config_show(options: argparse.Namespace) -> int:
    from voice_assistant.cli import settings

    return settings.show(default=options.default)


def _config_schema(_: argparse.Namespace) -> int:
    from voice_assistant.cli import settings

    return settings.schema()


def _config_path(_: argparse.Namespace) -> int:
    from voice_assistant.cli import settings

    return settings.path()


def _config_set_key(_: argparse.Namespace) -> int:
    from voice_assistant.cli import settings

    return settings.set_key()


def _autostart_switch(options: argparse.Namespace) -> int:
    from voice_assistant.cli import desktop_entry

    return desktop_entry.switch_autostart(on=options.on)


def _autostart_status(options: argparse.Namespace) -> int:
    from voice_assistant.cli import desktop_entry

    return desktop_entry.show_autostart(as_json=options.json)


def _menu_add(_: argparse.Namespace) -> int:
    from voice_assistant.cli import desktop_entry

    return desktop_entry.add_to_menu()


def _menu_remove(_: argparse.Namespace) -> int:
    from voice_assistant.cli import desktop_entry

    return desktop_entry.remove_from_menu()
