"""`setup`: asks for what a new user has to decide, or takes it from flags, and keeps it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.cli import doctor
from voice_assistant.cli.settings import set_key, tell_daemon
from voice_assistant.cli.terminal import interruption, standard_input
from voice_assistant.desktop import autostart
from voice_assistant.desktop.hotkey import check_keys
from voice_assistant.errors import AssistantError, ConfigError, sentences
from voice_assistant.settings import documentation, editing, loading, parsing
from voice_assistant.settings.steps import STEPS
from voice_assistant.system import paths
from voice_assistant.system.own_command import typeable
from voice_assistant.text.printable import printable
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.settings.catalogue import Setting
    from voice_assistant.settings.schema import Settings


def setup(*, login: str | None, **settings: str | None) -> int:
    """Set the assistant up. With a flag, nothing is asked. All is kept, or nothing.

    Args:
        login: "on" or "off": whether a login starts the assistant; None leaves that as it is.
        settings: values of settings, by the settings' keys; None leaves a setting as it is.
    """
    file = paths.config_file()
    wanted = {key: value for key, value in settings.items() if value is not None}
    asks = not wanted and login is None
    if asks and not standard_input.is_terminal():
        raise ConfigError(
            _("There is no terminal to ask in"), _("Use flags: `voice-assistant setup --help`.")
        )
    if asks:
        print(
            _(
                "Press Enter to keep the value in brackets; Ctrl+C ends the setup and changes "
                "nothing."
            )
        )
        print(typeable(_("`voice-assistant window` has the same setup as a page.")))
        wanted = _asked()
        login = _asked_login()
    changes = [
        (one := editing.declared(key), editing.value_from(one, value))
        for key, value in wanted.items()
    ]
    answers = loading.load(file, {}, usable=False).backend.profile
    editing.change_all(file, changes, lambda settings: check_keys(settings.hotkey), profile=answers)
    if login is not None:
        autostart.of_this_platform().switch(on=login == "on")
    tell_daemon()
    now = loading.load(file)
    if asks and now.backend.kind == "dify":
        if _yes(_("Give the app's key now?"), usual=True):
            set_key(chat_model=False, profile=None)
        _ask_server(now)
    print(typeable(_("Done. `voice-assistant doctor` checks whether everything works.")))
    return 0


def _asked() -> dict[str, str]:
    """Go through all steps; return the settings that the user wants changed."""
    file = paths.config_file()
    # Without the environment: the file's are asked for.
    settings = loading.load(file, {}, usable=False)
    wanted: dict[str, str] = {}
    for number, step in enumerate(STEPS, 1):
        print(
            _(
                "\n{number} of {n}: {title}. {text}",
                number=number,
                n=len(STEPS),
                title=_(step.title),
                text=_(step.text),
            )
        )
        if step.name in ("microphone", "speaker"):
            _show_devices("input" if step.name == "microphone" else "output")
        for key, title in step.titles.items():
            dify = wanted.get("backend.kind", settings.backend.kind) == "dify"
            if (key == "backend.url" and not dify) or (key == "chat_model.url" and dify):
                continue
            if typed := _typed(editing.declared(key), _(title), settings):
                wanted[key] = typed
        _try(step.name, settings, wanted)
    return wanted


def _typed(one: Setting, title: str, settings: Settings) -> str:
    """Ask for one setting until the answer can be used; "" keeps what is so."""
    value = getattr(getattr(settings, one.section), one.name)
    now = value if isinstance(value, str) else documentation.toml_value(value)
    print(f"\n{title}. {_(one.description)}")
    prompt = f"{printable(title)} [{printable(now)}]: "
    while (typed := standard_input.typed(prompt)) and (refusal := _refusal(one, typed)):
        print(refusal)
    return typed


def _try(step: str, settings: Settings, wanted: dict[str, str]) -> None:
    """Let the user hear or say a sentence, with the devices as they were chosen."""
    from voice_assistant.runtime.setup.trials import SENTENCE

    try:
        if step == "microphone" and _yes(_("Say a sentence now, and see its words?"), usual=False):
            device = wanted.get("microphone.device", settings.microphone.device)
            microphone = msgspec.structs.replace(settings.microphone, device=device)
            interruption.run(_listen(msgspec.structs.replace(settings, microphone=microphone)))
        if step == "speaker" and _yes(_("Hear a sentence now?"), usual=False):
            device = wanted.get("speaker.device", settings.speaker.device)
            speaker = msgspec.structs.replace(settings.speaker, device=device)
            interruption.run(doctor.say(SENTENCE, settings, speaker))
    except AssistantError as error:
        print(printable(sentences(error.title, error.hint)))


async def _listen(settings: Settings) -> None:
    from voice_assistant.audio.level import FLOOR_DBFS, meter
    from voice_assistant.engines.recognition.recognizer import Recognizer
    from voice_assistant.runtime.doctor.examinations import microphone_of
    from voice_assistant.runtime.setup.trials import listen

    print(_("Speak …"))
    loudest = FLOOR_DBFS
    words_of = Recognizer().recognize
    async with contextlib.aclosing(listen(microphone_of(settings), words_of)) as heard:
        async for news in heard:
            if isinstance(news, str):
                bar = meter(loudest, "#", "-")
                print(_("Level: {bar}  Words: {words}", bar=bar, words=printable(news)))
            else:
                loudest = max(loudest, news)


def _ask_server(settings: Settings) -> None:
    """Say whether the server accepts the key."""
    from voice_assistant.runtime.setup.trials import ask_server

    backend = settings.backend
    try:
        about = interruption.run(ask_server(backend, backend.url, "", paths.config_file()))
        print(printable(_("The server accepts the key: {about}.", about=about)))
    except AssistantError as error:
        print(printable(sentences(error.title, error.hint)))


def _refusal(one: Setting, typed: str) -> str:
    """Return why a value cannot be used; "" if it can."""
    try:
        text = editing.with_setting("", one, editing.value_from(one, typed), "This")
        check_keys(parsing.parse(text, "This").hotkey)
    except ConfigError as error:
        return sentences(error.title, error.hint)
    return ""


def _show_devices(kind: str) -> None:
    from voice_assistant.sound import devices

    try:
        names = [one.name for one in devices.devices() if one.kind == kind]
    except AssistantError as error:
        names = [error.title]
    print("\n" + "\n".join(f"  {printable(name)}" for name in names))


def _asked_login() -> str:
    on = _yes(_("Start the assistant when you log in?"), usual=autostart.of_this_platform().on)
    return "on" if on else "off"


def _yes(question: str, *, usual: bool) -> bool:
    print()
    return standard_input.agrees(question, usual=usual)
