"""The messages for refusals: by the server's code, by status, by endpoint, by reason."""

from __future__ import annotations

import re
from typing import NamedTuple

from voice_assistant.api import endpoints
from voice_assistant.errors import (
    BackendError,
    ConversationOver,
    ConversationTooLong,
    Forbidden,
    ModelFailed,
    NotConfigured,
    NotFound,
    QuotaExceeded,
    RateLimited,
    Rejected,
    ServerBug,
    TooLarge,
    Unauthorized,
    UnsupportedAudio,
    WrongApp,
)
from voice_assistant.translation import N_, _

WRONG_URL = N_("The address is probably wrong: does it end in /v1?")


class Message(NamedTuple):
    """The class, title and hint of an error, as they are in the tables: not yet translated."""

    kind: type[BackendError]
    title: str
    hint: str = ""


WAIT = N_("Wait a moment and ask again.")
_ASK_OWNER = N_("The app's owner has to set this up on the server.")
SERVER_LOG = N_("The reason is in the server's log.")
OWN_LOG = N_("Ask again. If it stays so, the log may say more.")

UNAUTHORIZED = Message(
    Unauthorized,
    N_("The server does not accept the app's key"),
    N_("Set the right one with `voice-assistant config set-key`."),
)
RATE_LIMITED = Message(RateLimited, N_("The server has too many requests at once"), WAIT)
QUOTA = Message(
    QuotaExceeded,
    N_("The quota of the server's plan is used up"),
    N_("Waiting does not help: its owner has to extend it."),
)
WRONG_APP = Message(
    WrongApp,
    N_("The app behind this key cannot chat"),
    N_(
        "Use the key of a chatbot, a chatflow or an agent app: workflows and "
        "text generators take no questions."
    ),
)
NO_SPEECH_TO_TEXT = Message(
    NotConfigured, N_("Speech to text is switched off in this app, or cannot be used"), _ASK_OWNER
)
NO_TEXT_TO_SPEECH = Message(
    NotConfigured, N_("Text to speech is switched off in this app, or cannot be used"), _ASK_OWNER
)

BY_CODE = {
    "unauthorized": UNAUTHORIZED,
    "forbidden": Message(
        Forbidden, N_("The server does not allow this"), N_("Is the app's API switched on?")
    ),
    "not_found": Message(
        NotFound, N_("The server does not know it"), N_("It may have been deleted.")
    ),
    "conversation_not_exists": Message(
        NotFound,
        N_("The conversation does not exist"),
        N_("It may have been deleted: begin a new one."),
    ),
    "app_unavailable": Message(NotConfigured, N_("The app is not ready for use"), _ASK_OWNER),
    "provider_not_initialize": Message(
        NotConfigured,
        N_("The app has no working model"),
        N_("Its model provider lacks a valid key."),
    ),
    "provider_quota_exceeded": Message(
        QuotaExceeded,
        N_("The model provider's quota is used up"),
        N_("Its owner has to extend it."),
    ),
    "model_currently_not_support": Message(
        NotConfigured, N_("The app's model cannot be used now"), _ASK_OWNER
    ),
    "completion_request_error": Message(
        ModelFailed,
        N_("The model provider refused the request"),
        N_("Ask again. If it stays so, the app's owner has to look at the server's log."),
    ),
    "conversation_completed": Message(
        ConversationOver, N_("The server has closed the conversation"), N_("Begin a new one.")
    ),
    "agent_not_published": Message(
        NotConfigured,
        N_("The agent is not published yet"),
        N_("Its owner has to publish it in Dify."),
    ),
    "workflow_version_execution_not_allowed": Message(
        Forbidden,
        N_("The server's plan does not allow this version of the app"),
        N_("Its owner has to use the published version, or to extend the plan."),
    ),
    "not_chat_app": WRONG_APP,
    "not_workflow_app": WRONG_APP,
    "not_completion_app": WRONG_APP,
    "human_input_form_expired": Message(
        Rejected, N_("The form of the app has expired"), N_("Ask again.")
    ),
    "human_input_form_submitted": Message(
        Rejected, N_("The form of the app has been filled in already"), N_("Ask again.")
    ),
    "speech_to_text_disabled": NO_SPEECH_TO_TEXT,
    "provider_not_support_speech_to_text": NO_SPEECH_TO_TEXT,
    "text_to_speech_disabled": NO_TEXT_TO_SPEECH,
    "provider_not_support_text_to_speech": NO_TEXT_TO_SPEECH,
    "no_audio_uploaded": Message(Rejected, N_("The server received no audio")),
    "audio_too_large": Message(
        TooLarge, N_("The recording is too large for the server"), N_("Record a shorter question.")
    ),
    "unsupported_audio_type": Message(
        UnsupportedAudio, N_("The server does not take this kind of audio"), N_("WAV and MP3 work.")
    ),
    "no_file_uploaded": Message(Rejected, N_("The server received no file")),
    "too_many_files": Message(Rejected, N_("The server takes one file at a time")),
    "filename_not_exists_error": Message(
        Rejected, N_("The server does not take a file without a name")
    ),
    "file_too_large": Message(TooLarge, N_("The file is too large for the server")),
    "unsupported_file_type": Message(
        UnsupportedAudio, N_("The server does not take this kind of file")
    ),
    "unsupported_preview": Message(Rejected, N_("The server cannot preview this file")),
    "unsupported_estimate": Message(Rejected, N_("The server cannot estimate this file")),
    "s3_connection_failed": Message(
        ServerBug, N_("The server cannot reach its file store"), SERVER_LOG
    ),
    "s3_permission_denied": Message(
        ServerBug, N_("The server may not write to its file store"), SERVER_LOG
    ),
    "s3_file_too_large": Message(TooLarge, N_("The file is too large for the server's file store")),
    "too_many_requests": RATE_LIMITED,
    "rate_limit_error": QUOTA,
    "workflow_paused": Message(
        ModelFailed,
        N_("The app waits for somebody else to fill in a form"),
        N_("It was sent to that person; ask again once it is filled in."),
    ),
}
"""The messages by the `code` in the response's body."""

BY_STATUS = {
    401: UNAUTHORIZED,
    403: BY_CODE["forbidden"],
    404: BY_CODE["not_found"],
    413: BY_CODE["file_too_large"],
    415: BY_CODE["unsupported_file_type"],
    429: RATE_LIMITED,
    502: Message(ServerBug, N_("The server behind the address does not answer"), WAIT),
    503: Message(ServerBug, N_("The server is overloaded or restarting"), WAIT),
    504: Message(ServerBug, N_("The server behind the address did not answer in time"), WAIT),
}
"""The messages by status, for responses without a known code."""

BY_ENDPOINT = {
    (endpoints.AUDIO_TO_TEXT, "invalid_param"): NO_SPEECH_TO_TEXT,
    (endpoints.AUDIO_TO_TEXT, "app_unavailable"): NO_SPEECH_TO_TEXT,
    (endpoints.AUDIO_TO_TEXT, "completion_request_error"): Message(
        Rejected,
        N_("The speech provider could not use the recording"),
        N_("Try again, or let this machine listen: local in [speech_to_text]."),
    ),
    (endpoints.TEXT_TO_AUDIO, "invalid_param"): NO_TEXT_TO_SPEECH,
    (endpoints.TEXT_TO_AUDIO, "app_unavailable"): NO_TEXT_TO_SPEECH,
    (endpoints.TEXT_TO_AUDIO, "completion_request_error"): Message(
        Rejected, N_("The speech provider could not speak the text")
    ),
    (endpoints.SUGGESTED, "bad_request"): Message(
        NotConfigured, N_("Suggested questions are switched off in this app"), _ASK_OWNER
    ),
}
"""The messages by endpoint and code, for codes with another meaning at this endpoint: switched-off
features have the codes of ordinary refusals."""

_AGAIN = N_("Ask again. If it stays so, the app's owner has to look at the server's log.")
MODEL_PROVIDER = N_("model provider")
SPEECH_PROVIDER = N_("speech provider")
_MOST = 20_000  # characters that are searched

BY_REASON = (
    (
        (
            *("context_length_exceeded", "maximum context length", "context (window|length|size)"),
            *("prompt is too long", "input is too long", "too many (input )?tokens"),
            *("tokens? exceeds?", "exceeds? .{0,60}tokens", "range of input length"),
            *("reduce the length of", "(token|input) limit exceeded"),
        ),
        Message(
            ConversationTooLong, N_("The conversation has become too long"), N_("Begin a new one.")
        ),
    ),
    (
        (
            *("insufficient_quota", "current quota", "credit balance", "insufficient balance"),
            *("billing", "arrearage"),
        ),
        Message(
            QuotaExceeded, N_("The {who}'s quota is used up"), N_("Its owner has to extend it.")
        ),
    ),
    (
        ("credentials? (is|are) not initiali[sz]ed", "provider .{0,40}not initiali[sz]ed"),
        BY_CODE["provider_not_initialize"],
    ),
    (
        ("invalid_api_key", "(incorrect|invalid) api key", "authentication", r"\b401\b"),
        Message(
            NotConfigured,
            N_("The {who} does not accept the app's own key"),
            N_("The app's owner has to set a valid one on the server."),
        ),
    ),
    (
        (
            *("rate.?limit", "too many requests", "resource_exhausted", r"\b429\b"),
            *("quota exceeded for quota metric", "requests per (second|minute|day)"),
        ),
        Message(RateLimited, N_("The {who} has too many requests at once"), WAIT),
    ),
    (
        (
            *("content_filter", "content (management )?policy", "responsible ?ai"),
            *("data_inspection", "content exists risk", "inappropriate content"),
            "blocked .{0,40}safety",
        ),
        Message(ModelFailed, N_("The {who} does not answer this"), N_("Say it differently.")),
    ),
    (
        ("certificate.?verify.?failed", "certificate verification failed", "self.signed cert"),
        Message(ModelFailed, N_("The server does not trust the {who}'s certificate"), SERVER_LOG),
    ),
    (
        (
            *("connection ?error", "connect ?timeout", "read ?timeout", "timed? ?out"),
            *("connection (refused|reset|aborted)", "failed to establish"),
            *("max(imum)? retries", "name or service not known", "unreachable"),
            *("remote ?disconnected", "overloaded", "(service|server) ?unavailable"),
            *("temporarily unavailable", "bad gateway", "try again (in|later)"),
            r"\b50[234]\b",
        ),
        Message(ModelFailed, N_("The {who} cannot be reached or is overloaded"), WAIT),
    ),
    (
        ("model.{0,60}(not exist|not found|not supported|deprecated)",),
        BY_CODE["model_currently_not_support"],
    ),
    (
        (
            *("jsondecodeerror", "expecting (value|property name|.{1,5}delimiter)"),
            *("unexpected token", "(not valid|invalid) json"),
        ),
        Message(ModelFailed, N_("The {who}'s answer could not be read by the server"), _AGAIN),
    ),
    (
        ("plugin ?daemon", "plugin runtime"),
        Message(ModelFailed, N_("The server's plugin for the {who} does not work"), _AGAIN),
    ),
    (
        ("max(imum)? execution (time|steps)", "max steps"),
        Message(
            ModelFailed,
            N_("The app took longer than its server allows"),
            N_("Ask for less at once."),
        ),
    ),
)
"""The messages by the reason of a provider, the {who}. Servers pass such reasons on without a code;
the first row with a pattern in the server's text counts."""


def by_reason(text: str, who: str = MODEL_PROVIDER) -> Message | None:
    """Return the message for a provider's reason, None for an unknown reason."""
    for patterns, told in BY_REASON:
        if re.search("|".join(patterns), text[:_MOST], re.IGNORECASE):
            return told._replace(title=_(told.title, who=_(who)))
    return None
