"""`setup`: asks for what a new user has to decide, or takes it from flags, and keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.cli import standard_input
from voice_assistant.cli.settings import set_key, tell_daemon
from voice_assistant.desktop import autostart
from voice_assistant.desktop.hotkey import check_keys
from voice_assistant.errors import AssistantError, ConfigError
from voice_assistant.settings import documentation, editing, loading
from voice_assistant.system import paths
from voice_assistant.system.own_command import typeable
from voice_assistant.text.printable import printable

if TYPE_CHECKING:
    from voice_assistant.settings.catalogue import Setting

STEPS = {
    "backend.kind": "Who answers",
    "backend.url": "The address of the Dify app's API",
    "microphone.device": "The microphone",
    "speaker.device": "The speaker",
    "hotkey.keys": "The talk key",
    "hotkey.mode": "How to talk",
    "microphone.end_after_silence_s": "Seconds of silence that end a question",
    "speech.speed": "How fast answers are spoken",
}
"""The settings that are asked for, each with its title."""

_YES = {"y": True, "yes": True, "on": True, "n": False, "no": False, "off": False}


def setup(
    *,
    backend: str | None,
    url: str | None,
    microphone: str | None,
    speaker: str | None,
    talk_key: str | None,
    mode: str | None,
    silence: str | None,
    speed: str | None,
    login: str | None,
) -> int:
    """Set the assistant up. With a flag, nothing is asked.

    All is kept, or nothing. The flags are values of `STEPS`, in this order; None leaves a setting
    as it is. `login` is "on" or "off": whether a login starts the assistant.
    """
    file = paths.config_file()
    flags = (backend, url, microphone, speaker, talk_key, mode, silence, speed)
    given = zip(STEPS, flags, strict=True)
    wanted = {key: value for key, value in given if value is not None}
    asks = not wanted and login is None
    if asks and standard_input.is_piped():
        raise ConfigError(
            "There is no terminal to ask in", "Use flags: `voice-assistant setup --help`."
        )
    if asks:
        print("Press Enter to keep what stands in brackets; Ctrl+C ends this and keeps nothing.")
        wanted = _asked()
        login = _asked_login()
    changes = [
        (one := editing.declared(key), editing.value_from(one, value))
        for key, value in wanted.items()
    ]
    editing.change_all(file, changes, lambda settings: check_keys(settings.hotkey))
    if login is not None:
        autostart.of_this_platform().switch(on=_YES[login])
    tell_daemon()
    settings = loading.load(file)
    if asks and settings.backend.kind == "dify" and _yes("Give the app's API key now?", usual=True):
        set_key(chat_model=False, profile=None)
    print(typeable("Done. `voice-assistant doctor` looks whether everything works."))
    return 0


def _asked() -> dict[str, str]:
    """Ask for each setting; return those that the user wants changed."""
    settings = loading.parse(loading.read(paths.config_file()) or "", str(paths.config_file()))
    wanted: dict[str, str] = {}
    for key, title in STEPS.items():
        one = editing.declared(key)
        value = getattr(getattr(settings, one.section), one.name)
        now = value if isinstance(value, str) else documentation.toml_value(value)
        if key == "backend.url" and wanted.get("backend.kind", settings.backend.kind) != "dify":
            continue
        if key.endswith(".device"):
            _show_devices("input" if key.startswith("microphone") else "output")
        print(f"\n{title}. {one.description}")
        while (typed := input(f"{printable(title)} [{printable(now)}]: ").strip()) and (
            refusal := _refusal(one, typed)
        ):
            print(refusal)
        if typed:
            wanted[key] = typed
    return wanted


def _refusal(one: Setting, typed: str) -> str:
    """Return why a value cannot be used; "" if it can."""
    try:
        text = editing.with_setting("", one, editing.value_from(one, typed), "This")
        check_keys(loading.parse(text, "This").hotkey)
    except ConfigError as error:
        return f"{error.title}. {error.hint}"
    return ""


def _show_devices(kind: str) -> None:
    from voice_assistant.sound import devices

    try:
        names = [one.name for one in devices.devices() if one.kind == kind]
    except AssistantError as error:
        names = [error.title]
    print("\n" + "\n".join(f"  {printable(name)}" for name in names))


def _asked_login() -> str:
    on = _yes("Start the assistant when you log in?", usual=autostart.of_this_platform().on)
    return "on" if on else "off"


def _yes(question: str, *, usual: bool) -> bool:
    typed = input(f"\n{question} [{'yes' if usual else 'no'}]: ").strip().lower()
    return _YES.get(typed, usual)
