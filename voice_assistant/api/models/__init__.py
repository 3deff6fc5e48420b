"""The requests and responses of the API; `api.stream.events` has the event stream.

Field names are those in the JSON. Times (`created_at` ...) are Unix seconds unless a docstring says
otherwise. Every field of a response has a default: no server sends all fields, and older and newer
servers send different ones.
"""

from __future__ import annotations

from voice_assistant.api.models.annotations import (
    Annotation,
    AnnotationBody,
    AnnotationPage,
    AnnotationReplyAction,
    AnnotationReplyJob,
    AnnotationReplySettings,
)
from voice_assistant.api.models.app import (
    AppInfo,
    AppMeta,
    FileUpload,
    ImageUpload,
    InputField,
    Parameters,
    Site,
    Switch,
    SystemParameters,
    TextToSpeech,
    ToolIcon,
)
from voice_assistant.api.models.chat import (
    ChatBody,
    ChatCompletion,
    ChatFile,
    ChatRequest,
    Metadata,
    RetrieverResource,
    Usage,
)
from voice_assistant.api.models.common import Inputs, Json, JsonObject, Result, UserBody
from voice_assistant.api.models.conversations import (
    Conversation,
    ConversationPage,
    RenameBody,
    SortBy,
    Variable,
    VariableBody,
    VariablePage,
)
from voice_assistant.api.models.forms import (
    Form,
    FormAction,
    FormBody,
    FormField,
    FormValue,
)
from voice_assistant.api.models.media import (
    SpeechBody,
    SpeechRequest,
    Transcript,
    Upload,
    UploadedFile,
)
from voice_assistant.api.models.messages import (
    AppFeedback,
    AppFeedbackPage,
    Feedback,
    FeedbackBody,
    HistoryMessage,
    MessageAttachment,
    MessagePage,
    Rating,
    SuggestedQuestions,
)
from voice_assistant.api.models.runs import EndUser, LoggedRun, Run, RunPage

__all__ = [
    "Annotation",
    "AnnotationBody",
    "AnnotationPage",
    "AnnotationReplyAction",
    "AnnotationReplyJob",
    "AnnotationReplySettings",
    "AppFeedback",
    "AppFeedbackPage",
    "AppInfo",
    "AppMeta",
    "ChatBody",
    "ChatCompletion",
    "ChatFile",
    "ChatRequest",
    "Conversation",
    "ConversationPage",
    "EndUser",
    "Feedback",
    "FeedbackBody",
    "FileUpload",
    "Form",
    "FormAction",
    "FormBody",
    "FormField",
    "FormValue",
    "HistoryMessage",
    "ImageUpload",
    "InputField",
    "Inputs",
    "Json",
    "JsonObject",
    "LoggedRun",
    "MessageAttachment",
    "MessagePage",
    "Metadata",
    "Parameters",
    "Rating",
    "RenameBody",
    "Result",
    "RetrieverResource",
    "Run",
    "RunPage",
    "Site",
    "SortBy",
    "SpeechBody",
    "SpeechRequest",
    "SuggestedQuestions",
    "Switch",
    "SystemParameters",
    "TextToSpeech",
    "ToolIcon",
    "Transcript",
    "Upload",
    "UploadedFile",
    "Usage",
    "UserBody",
    "Variable",
    "VariableBody",
    "VariablePage",
]
