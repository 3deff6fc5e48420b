"""Builds the services of turns from the settings."""

from __future__ import annotations

import asyncio
import contextlib
import copy
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.audio.earcons import end_tones, start_tones
from voice_assistant.audio.echo import BandStop, Echo
from voice_assistant.audio.endpointing import Endpointing
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.voice_activity import detector
from voice_assistant.command_words.spoken import spoken_where_nothing_goes_on
from voice_assistant.desktop import clipboard, typist
from voice_assistant.engines.recognition.command_grammar import Commands
from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.engines.voices.installed import find_voice
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.attention import Attention
from voice_assistant.hearing.recordings import Recordings
from voice_assistant.history.record_file import history_file
from voice_assistant.history.recorder import Recorder
from voice_assistant.history.writer import Writer
from voice_assistant.ports import HISTORY
from voice_assistant.settings import loading
from voice_assistant.settings.preferences import Preferences
from voice_assistant.sound.files import WavSpeaker
from voice_assistant.speech.earcon_player import EarconPlayer
from voice_assistant.speech.player import Player
from voice_assistant.system import paths
from voice_assistant.turns.answer.late_answers import LateAnswers
from voice_assistant.turns.answer.thoughtful_apps import ThoughtfulApps
from voice_assistant.turns.services import TurnServices, at_once

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voice_assistant import ports
    from voice_assistant.audio.voice_activity import VoiceActivity
    from voice_assistant.backend.apps import App, Apps
    from voice_assistant.engines.voices.voice import Voice
    from voice_assistant.errors import AssistantError
    from voice_assistant.settings.schema import Settings

    Tones = list[tuple[float, float, float]]

START_SOUND_OVER_S = 0.7
"""Seconds after the microphone was opened until the start sound is over: a loudspeaker may play it
late."""


def services_for(  # noqa: PLR0917  (callers build the arguments just before, in this order)
    settings: Settings,
    apps: Apps,
    microphone: ports.Microphone,
    speaker: ports.Speaker,
    problems: ports.Problems,
    data: Path | None = None,
    recorder: Recorder | None = None,
) -> TurnServices:
    """Return the services of turns.

    Args:
        settings: all settings.
        apps: the apps that can answer.
        microphone: records questions.
        speaker: plays answers.
        problems: gets the errors of what turns go on without.
        data: the folder below which all data is kept (default: the data folder).
        recorder: keeps the record of these turns, which follow it themselves; None: no record.
    """
    data = data or paths.data_dir()
    voices = detector(settings.microphone.voice_activity)
    app = apps.in_use
    recognizer = Recognizer(lambda: _spoken_commands(services.settings))
    services = TurnServices(
        app_name=app.link.name,
        connect=app.link.connect,
        server_words=app.link.words_so_far,
        tell_heard=app.link.tell_heard,
        capabilities=app.capabilities,
        conversation=app.conversation,
        microphone=microphone,
        speaker=speaker,
        player=Player(volume=settings.speaker.volume, speed=settings.speech.speed),
        voice=_voice(settings),
        recordings=Recordings(
            Archive(data / "recordings", settings.recordings),
            app.link.upload_format,
            problems,
            lambda: _echo(services.settings),
        ),
        settings=settings,
        sounds=EarconPlayer(settings.sounds, speaker, problems),
        local_words=recognizer.recognize,
        recognizer=recognizer,
        ears=lambda: _ears(services.settings, voices()),
        saved=WavSpeaker,
        problems=problems,
        attention=Attention(settings.hands_free),
        thoughtful=ThoughtfulApps(data / "thoughtful-apps.json"),
        late=LateAnswers(data / "unanswered.json"),
        recorded=recorder.written if recorder else at_once,
        type_text=typist.type_text,
        copy_text=clipboard.copy,
        profiled=lambda name: _of_profile(services, apps, name),
    )
    return services


def _voice(settings: Settings) -> Voice | None:
    """Return this machine's voice; None if it has none, or if nobody wants to hear it."""
    return find_voice(settings.embedded) if settings.speech.local_voice else None


def _echo(settings: Settings) -> Echo | None:
    """Return what removes our sounds from a recording; None if the assistant makes none."""
    own = _own_sounds(settings)
    return Echo(*own) if own else None


def _ears(settings: Settings, voices: VoiceActivity) -> Endpointing:
    """Return the speech detector of one recording, which is deaf to our sounds."""
    own = _own_sounds(settings)
    return Endpointing(voices, BandStop(*own) if own else None)


def _of_profile(services: TurnServices, apps: Apps, name: str) -> TurnServices:
    """Return the services with which a profile answers, as the settings file has it now.

    Raises:
        ConfigError: there is no such profile, or the file cannot be used.
    """
    backend = loading.load(paths.config_file(), profile=name).backend
    profiled = copy.copy(services)
    profiled.settings = msgspec.structs.replace(services.settings, backend=backend)
    _answer_by(profiled, apps.of(backend))
    return profiled


def _answer_by(services: TurnServices, app: App) -> None:
    services.app_name, services.connect = app.link.name, app.link.connect
    services.server_words, services.tell_heard = app.link.words_so_far, app.link.tell_heard
    services.capabilities, services.conversation = app.capabilities, app.conversation
    services.recordings = services.recordings.sent_as(app.link.upload_format)


def _expects(settings: Settings) -> object:
    """Return what the commands depend on that may be spoken."""
    return settings.backend.kind, settings.hands_free.wake_phrase


def _spoken_commands(settings: Settings) -> Commands:
    """Return what may be ordered of backend and assistant; the wake word may come first."""
    if settings.backend.kind != "embedded":
        return Commands()
    from voice_assistant.server.skills import grammar  # noqa: PLC0415  (20 MB, for who needs it)

    spoken = grammar.commands(spoken_where_nothing_goes_on())
    return spoken.after(settings.hands_free.wake_phrase)


def use_settings(services: TurnServices, apps: Apps, before: Settings, settings: Settings) -> None:
    """Let the next turns follow changed settings, and this one the volume and the speed.

    Args:
        services: the services of turns.
        apps: the apps that can answer.
        before: the settings until now, as the file had them.
        settings: the settings from now on.
    """
    services.settings = settings
    if settings.backend != before.backend:
        apps.use(settings.backend)
        _answer_by(services, apps.in_use)
    if services.recognizer and _expects(settings) != _expects(before):
        services.recognizer.let_go()
    services.sounds.use(settings.sounds)
    services.attention.use(settings.hands_free)
    services.recordings.archive.use(settings.recordings)
    if settings.speech.local_voice != before.speech.local_voice:
        services.voice = _voice(settings)
    if settings.speaker.volume != before.speaker.volume:
        services.player.set_volume(settings.speaker.volume)
    if settings.speech.speed != before.speech.speed:
        services.player.set_speed(settings.speech.speed)


def _own_sounds(settings: Settings) -> tuple[list[Tones], int, float] | None:
    """Return our sounds that the microphone may record, their rate, and the seconds they come in.

    None if the assistant makes no sounds.
    """
    if not settings.sounds.enabled:
        return None
    pre_roll_s = settings.microphone.pre_roll_s
    # A pre-roll may reach back to the end sound of the previous question.
    sounds = [start_tones(), end_tones()] if pre_roll_s else [start_tones()]
    return sounds, SPEECH_RATE_HZ, pre_roll_s + START_SOUND_OVER_S


def preferences_for(settings: Settings) -> Preferences:
    """Return the volume and speed that the user chose, in the user's state folder."""
    return Preferences(paths.state_dir() / "choices.json", settings)


@contextlib.contextmanager
def recorder_for(settings: Settings, problems: ports.Problems) -> Iterator[Recorder]:
    """Record turns within the context; its end waits until they are written."""
    loop = asyncio.get_running_loop()

    def tell(error: AssistantError | None) -> None:
        if error:
            problems.report_problem(HISTORY, error)
        else:
            problems.clear_problem(HISTORY)

    def report(error: AssistantError | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop may be closed already
            loop.call_soon_threadsafe(tell, error)

    history = settings.history
    with Writer(history_file(), report, keep_days=history.keep_days) as writer:
        yield Recorder(writer, off=not history.enabled)
