"""Settings of those who answer: the backend, the profiles, the embedded backend, its chat model."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from voice_assistant.settings.sections.declaration import Section, at_once, needs_restart

LONGEST_USER = 255
"""Letters: the servers keep no longer name."""


class BackendSettings(Section, frozen=True):
    """Settings of the backend that answers. Only `credentials.py` reads `api_key`."""

    kind: Annotated[
        Literal["embedded", "dify"],
        at_once(
            'Who answers: "embedded" (this machine; no account is needed) or "dify" (a Dify chat '
            "app, see `url`)."
        ),
    ] = "embedded"
    url: Annotated[
        str,
        at_once(
            'The address of the app\'s API, with "/v1" at its end, such as '
            '"https://api.dify.ai/v1". Only used where a Dify app answers.'
        ),
    ] = ""
    user: Annotated[
        str,
        at_once(
            "Your name on the server: conversations belong to it. Empty: a random name is made "
            "once and kept."
        ),
        msgspec.Meta(max_length=LONGEST_USER, pattern=r"^[^\x00-\x1f\x7f]*$"),
    ] = ""
    api_key: Annotated[
        str,
        at_once(
            "The app's API key. Other places are safer: `voice-assistant config set-key` puts the "
            "key into the system's keyring. A key in this file is only read when nobody else can "
            "read the file (mode 0600)."
        ),
    ] = ""
    api_key_command: Annotated[
        str,
        at_once(
            'A command that prints the API key on its first line, such as "pass show dify". The '
            "command is not run by a shell, and cannot ask you anything in a terminal."
        ),
    ] = ""
    silence_s: Annotated[
        float,
        msgspec.Meta(ge=1.0, le=3600.0),
        at_once("An answer is given up after this many seconds without a single byte of it."),
    ] = 25.0
    queue_s: Annotated[
        float,
        msgspec.Meta(ge=1.0, le=3600.0),
        at_once(
            "A busy server takes a question and lets it wait for its turn: for at most this many "
            "seconds. After 5 seconds you are told that it waits."
        ),
    ] = 180.0
    inputs: Annotated[
        dict[str, Any],
        at_once(
            "Values for the inputs that the app asks for before a conversation, such as "
            '{ city = "Paris" }: `voice-assistant app parameters` lists them.'
        ),
    ] = msgspec.field(default_factory=dict)
    voice: Annotated[
        str,
        at_once(
            "The voice that speaks the answers: a name that the app's speech provider knows, such "
            'as "alloy"; with the embedded backend one of `voice-assistant voices list`. Speech is '
            "then requested sentence by sentence. Empty: the app's own voice."
        ),
    ] = ""
    trust_pictures: Annotated[
        bool,
        at_once(
            "The window shows the pictures of answers at once, and the record keeps them, wherever "
            "they come from. Otherwise the window shows a picture once you click on it: a model "
            "that was led astray by what it has read can hide your words in a picture's address."
        ),
    ] = False
    profile: Annotated[
        str,
        at_once(
            "The name of a profile that answers in place of this section, until another one is "
            "chosen: see [profiles] at the end. Empty: this section."
        ),
    ] = ""


class ProfileSettings(BackendSettings, frozen=True):
    """Another app or server that can answer: the same settings as those of [backend]."""

    kind: Annotated[
        Literal["embedded", "dify"],
        at_once('Who answers: "dify", unless this is "embedded".'),
    ] = "dify"


class EmbeddedSettings(Section, frozen=True):
    """The embedded backend."""

    engine: Annotated[
        Literal["auto", "hibari", "flite", "espeak-ng", "say", "sapi"],
        needs_restart(
            'The voice of the embedded backend: "hibari" (a small network; English), "flite", '
            '"espeak-ng", "say" (of macOS), "sapi" (of Windows), or "auto": the system\'s own on '
            "macOS and Windows; elsewhere the first of hibari, flite and espeak-ng that is there. "
            "Other languages than English are read by espeak-ng."
        ),
    ] = "auto"
    voice: Annotated[
        str,
        needs_restart(
            'A voice of that engine, such as "heart" for hibari or "slt" for flite: `voices list` '
            "shows them. Empty: the best voice of the engine."
        ),
    ] = ""


class ChatModelSettings(Section, frozen=True):
    """The chat model that answers what the embedded backend cannot.

    `api_key` is only ever read by `credentials.py`.
    """

    url: Annotated[
        str,
        needs_restart(
            "The address of a server with OpenAI's API, such as Ollama, LM Studio, llama.cpp or "
            'vLLM, with "/v1" at its end: "http://127.0.0.1:11434/v1". Empty: a server on this '
            'machine is used once you say "use the chat model".'
        ),
    ] = ""
    model: Annotated[
        str, needs_restart("The model's name. Empty: the first model that the server lists.")
    ] = ""
    api_key: Annotated[
        str,
        needs_restart(
            "The server's API key, if it needs one. VOICE_ASSISTANT_CHAT_MODEL_KEY and "
            "`voice-assistant config set-key --chat-model` are safer places. A key in this file is "
            "only read when nobody else can read the file (mode 0600)."
        ),
    ] = ""
    api_key_command: Annotated[
        str, needs_restart("A command that prints the API key, like that of the section backend.")
    ] = ""
    window_tokens: Annotated[
        int,
        msgspec.Meta(ge=0, le=10_000_000),
        needs_restart(
            "How many tokens the model reads at once: the talk so far is cut to that. 0: what the "
            "server says, else 4096."
        ),
    ] = 0
    sees_pictures: Annotated[
        bool,
        needs_restart("The model reads pictures, although its server does not say so."),
    ] = False
    instructions: Annotated[
        str,
        msgspec.Meta(max_length=4000),
        needs_restart('What the model should know or heed, such as "I live in Berlin".'),
    ] = ""


class ConversationSettings(Section, frozen=True):
    """Settings of the conversation that goes on."""

    idle_minutes: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=525600.0),
        needs_restart(
            "A new conversation begins with the first question after so many minutes without one. "
            "0: never; a conversation goes on until `voice-assistant new`."
        ),
    ] = 30.0
