"""The table of the API's endpoints, for the client, its errors, and the documentation."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from voice_assistant.translation import N_


class Endpoint(NamedTuple):
    """One endpoint.

    Attributes:
        number: the endpoint's number in the documentation.
        method: the HTTP method.
        path: the path below the base URL, with ids in braces.
        call: the method of `Client`.
        purpose: the endpoint's purpose, for "This server has no ...": a plural or a mass noun.
        since: the first server version (about) that has the endpoint, "" for all versions.
    """

    number: int
    method: str
    path: str
    call: str
    purpose: str
    since: str = ""

    def url(self, **ids: str) -> str:
        """Return the path with `ids` filled in; special characters are escaped."""
        return self.path.format(**{name: quote(value, safe="") for name, value in ids.items()})


OWN = range(1, 24)
"""The numbers of the endpoints that the embedded backend answers."""

CHAT = Endpoint(1, "POST", "/chat-messages", "chat", "chat")
CHAT_BLOCKING = Endpoint(1, "POST", "/chat-messages", "chat_blocking", "chat")
STOP = Endpoint(2, "POST", "/chat-messages/{task_id}/stop", "stop", "stopping")
MESSAGES = Endpoint(3, "GET", "/messages", "conversations.messages", N_("message history"))
SUGGESTED = Endpoint(
    4, "GET", "/messages/{message_id}/suggested", "suggested", N_("suggested questions")
)
FEEDBACK = Endpoint(5, "POST", "/messages/{message_id}/feedbacks", "feedback", "feedback")
APP_FEEDBACKS = Endpoint(
    6, "GET", "/app/feedbacks", "app_feedbacks", N_("lists of feedback"), "1.4"
)
CONVERSATIONS = Endpoint(7, "GET", "/conversations", "conversations.list", "conversations")
DELETE_CONVERSATION = Endpoint(
    8, "DELETE", "/conversations/{conversation_id}", "conversations.delete", "conversations"
)
RENAME_CONVERSATION = Endpoint(
    9,
    "POST",
    "/conversations/{conversation_id}/name",
    "conversations.rename",
    N_("conversation names"),
)
VARIABLES = Endpoint(
    10,
    "GET",
    "/conversations/{conversation_id}/variables",
    "conversations.variables",
    N_("conversation variables"),
    "1.4",
)
UPLOAD_FILE = Endpoint(11, "POST", "/files/upload", "upload_file", N_("file uploads"))
AUDIO_TO_TEXT = Endpoint(12, "POST", "/audio-to-text", "audio_to_text", N_("speech to text"))
TEXT_TO_AUDIO = Endpoint(13, "POST", "/text-to-audio", "text_to_audio", N_("text to speech"))
INFO = Endpoint(14, "GET", "/info", "info", N_("app information"))
PARAMETERS = Endpoint(15, "GET", "/parameters", "parameters", N_("app parameters"))
META = Endpoint(16, "GET", "/meta", "meta", N_("tool icons"))
SITE = Endpoint(17, "GET", "/site", "site", N_("site settings"), "1.2")
ANNOTATIONS = Endpoint(18, "GET", "/apps/annotations", "annotations.list", "annotations", "1.2")
CREATE_ANNOTATION = Endpoint(
    19, "POST", "/apps/annotations", "annotations.create", "annotations", "1.2"
)
UPDATE_ANNOTATION = Endpoint(
    20, "PUT", "/apps/annotations/{annotation_id}", "annotations.update", "annotations", "1.2"
)
DELETE_ANNOTATION = Endpoint(
    21, "DELETE", "/apps/annotations/{annotation_id}", "annotations.delete", "annotations", "1.2"
)
SET_ANNOTATION_REPLY = Endpoint(
    22,
    "POST",
    "/apps/annotation-reply/{action}",
    "annotations.set_reply",
    N_("annotation replies"),
    "1.2",
)
ANNOTATION_REPLY_STATUS = Endpoint(
    23,
    "GET",
    "/apps/annotation-reply/{action}/status/{job_id}",
    "annotations.reply_status",
    N_("annotation replies"),
    "1.2",
)
PREVIEW_FILE = Endpoint(
    24, "GET", "/files/{file_id}/preview", "preview_file", N_("previews of files"), "1.7"
)
END_USER = Endpoint(25, "GET", "/end-users/{end_user_id}", "end_user", N_("users to show"), "1.11")
SET_VARIABLE = Endpoint(
    26,
    "PUT",
    "/conversations/{conversation_id}/variables/{variable_id}",
    "conversations.set_variable",
    N_("conversation variables to set"),
    "1.8",
)
FORM = Endpoint(27, "GET", "/form/human_input/{form_token}", "forms.get", "forms", "1.13")
FILL_IN_FORM = Endpoint(
    27, "POST", "/form/human_input/{form_token}", "forms.fill_in", "forms", "1.13"
)
RUN_EVENTS = Endpoint(
    28, "GET", "/workflow/{run_id}/events", "runs.follow", N_("runs to follow"), "1.13"
)
RUN = Endpoint(29, "GET", "/workflows/run/{run_id}", "runs.get", N_("runs to show"))
RUNS = Endpoint(30, "GET", "/workflows/logs", "runs.list", N_("lists of runs"))

ENDPOINTS = (
    CHAT,
    CHAT_BLOCKING,
    STOP,
    MESSAGES,
    SUGGESTED,
    FEEDBACK,
    APP_FEEDBACKS,
    CONVERSATIONS,
    DELETE_CONVERSATION,
    RENAME_CONVERSATION,
    VARIABLES,
    UPLOAD_FILE,
    AUDIO_TO_TEXT,
    TEXT_TO_AUDIO,
    INFO,
    PARAMETERS,
    META,
    SITE,
    ANNOTATIONS,
    CREATE_ANNOTATION,
    UPDATE_ANNOTATION,
    DELETE_ANNOTATION,
    SET_ANNOTATION_REPLY,
    ANNOTATION_REPLY_STATUS,
    PREVIEW_FILE,
    END_USER,
    SET_VARIABLE,
    FORM,
    FILL_IN_FORM,
    RUN_EVENTS,
    RUN,
    RUNS,
)
"""All endpoints, in the order of the documentation; an endpoint with two
modes or two methods appears twice."""
