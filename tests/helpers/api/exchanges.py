"""The meaning of each recorded exchange: the call that it answers, and the result of that call."""

from __future__ import annotations

from helpers.api.expected import (
    BAD_AUDIO,
    BAD_KEY,
    BUSY,
    FAILED,
    GONE,
    INVALID,
    MISSING,
    NO_ID,
    NO_JSON,
    NO_KEY,
    NO_ROUTE,
    SILENT,
    Chat,
    Expected,
    Fails,
    all_on,
    answered,
    asks_for_four,
    audio_of,
    begins,
    done,
    messages,
    page,
    switches,
    uploaded,
)
from helpers.replay import VERSIONS

from voice_assistant.errors import (
    MissingEndpoint,
    ModelFailed,
    NotConfigured,
    Rejected,
    ServerBug,
    TooLarge,
    WrongApp,
)

OLD, NEW = VERSIONS


CAPITAL = (
    "Hello, this is the local test assistant. I heard your question and I will answer it in a few "
    "sentences. Paris is the capital of France! Is there anything else you would like to know? "
    "The temperature is 3.5 degrees today."
)
THINK = (
    "\nThe user wants an answer. I should not say this aloud.\n\nSecret plan number one.\n",
    "\n\nThe answer is forty two. It was easy to find.",
)
DETAILS = (
    '<details style="color:gray;background-color: #f8f8f8;padding: 8px;border-radius: 4px;" open>'
    " <summary> Thinking... </summary>"
)
CJK = "你好，我是本地的测试助手。今天天气很好！こんにちは、元気ですか？ 😀 Done."  # noqa: RUF001
LONG = " This is sentence number 1 of a long answer."
IMAGE = ("image",)
ANY_FILE = ("image", "document", "audio")
THREE = ("What is the population of Paris?", "Which river crosses Paris?", "Is it rainy?")
TABLE: dict[str, tuple[str, Expected]] = {
    # answers
    "alloff-chat": ("blocking", begins("OK.")),
    "chat-autogen-name-false": ("blocking", begins("OK.")),
    "chat-blocking": ("blocking", begins(CAPITAL)),
    "chat-blocking-llm-500": ("blocking", INVALID),
    "chat-keepalive": ("chat", {OLD: answered("OK.", audio=4797), NEW: answered("OK.")}),
    "chat-stream-continue": ("chat", {OLD: answered(CJK, audio=128493), NEW: answered(CJK)}),
    "chat-stream-empty-answer": ("chat", answered("")),
    "chat-stream-full": (
        "chat",
        {OLD: answered(CAPITAL, audio=80487), NEW: answered(CAPITAL, audio=71370)},
    ),
    "chat-stream-llm-500": ("chat", Fails(ModelFailed)),
    "chat-stream-moderation-input": ("chat", answered("INPUT BLOCKED", audio=6813)),
    "chat-stream-noautoplay": ("chat", answered(CAPITAL)),
    "chat-stream-stall-ping": ("chat", {OLD: answered("OK.", audio=4797), NEW: answered("OK.")}),
    "chat-stream-ttsfail": (
        "chat",
        lambda value: (
            value.text.startswith("First sentence") and value.complete and value.audio == 22653
        ),
    ),
    "chat-think-autoplay-hangs": (
        "chat",
        answered(f"<think>{THINK[0]}</think>{THINK[1]}", audio=24525),
    ),
    "chat-think-details-autoplay": (
        "chat",
        answered(f"{DETAILS}{THINK[0]}</details>{THINK[1]}", audio=114759),
    ),
    "chat-stream-markdown": (
        "chat",
        lambda value: value.text.endswith("That was all of it.") and value.complete and value.audio,
    ),
    "chat-two-answers-slow-node": (
        "chat",
        answered(
            "One moment, please. I am looking it up.Paris is the capital of France.", audio=17325
        ),
    ),
    "chat-llm-midfail": ("chat", Fails(ModelFailed)),
    "chat-node-fails-not-llm": ("chat", Fails(ModelFailed)),
    "chatmode-llm-fails": ("chat", Fails(ModelFailed, "completion_request_error")),
    "chat-human-input": ("chat", Chat("", False, False, 0, has_ids=True)),  # it asks a person
    "chat-busy-queue-40s": ("chat", SILENT),  # the rest was not recorded
    "chat-user-int": ("blocking", begins("OK.")),
    "chat-user-space": ("blocking", begins("OK.")),
    "chat-with-file": ("chat", {OLD: answered("OK.", audio=4797), NEW: answered("OK.")}),
    "end-race": (
        "chat",
        {OLD: answered(CAPITAL, audio=80487), NEW: answered(CAPITAL, audio=36477)},
    ),
    "inputs-chat": ("blocking", begins("OK.")),
    "rate-after": ("blocking", begins("OK.")),
    "rate-first": (
        "chat",
        {OLD: lambda value: value.text.startswith(LONG) and value.complete, NEW: BUSY},
    ),
    "stop-midstream-noautoplay": (
        "chat",
        lambda value: value.text.startswith(LONG) and value.stopped and not value.complete,
    ),
    "err-429-concurrent": ("chat", BUSY),
    "err-auth-chat-bad-key": ("chat", BAD_KEY),
    "err-chat-bad-json": ("chat", Fails(Rejected, "bad_request")),
    "err-chat-bad-mode": ("chat", INVALID),
    "err-chat-conv-not-uuid": ("chat", INVALID),
    "err-chat-conv-null": ("chat", {OLD: answered("OK.", audio=4797), NEW: answered("OK.")}),
    "err-chat-conv-other-user": ("chat", {OLD: GONE, NEW: SILENT}),
    "err-chat-conv-unknown": ("chat", {OLD: GONE, NEW: SILENT}),
    "err-chat-conv-unknown-blocking": ("blocking", GONE),
    "err-chat-empty-body": ("chat", Fails(Rejected, "bad_request")),
    "err-chat-empty-query": ("chat", {OLD: INVALID, NEW: SILENT}),
    "err-chat-file-disabled-app": ("chat", answered("OK.")),
    "err-chat-unpublished": ("chat", INVALID),
    "err-chat-workflow-app": ("chat", Fails(WrongApp, "not_chat_app")),
    "err-chat-form-ctype": ("chat", NO_JSON),
    "err-chat-input-too-long": ("chat", INVALID),
    "err-chat-missing-required-input": ("chat", {OLD: INVALID, NEW: SILENT}),
    "err-chat-no-inputs": ("chat", INVALID),
    "err-chat-no-mode": ("chat", Fails(ServerBug)),  # JSON where a stream was asked for
    "err-chat-no-query": ("chat", INVALID),
    "err-chat-no-user": ("chat", INVALID),
    "err-chat-select-bad": ("chat", {OLD: INVALID, NEW: SILENT}),
    "err-param-nouser-json-array": ("chat", FAILED),
    "dir-trailing-slash": ("chat", NO_ROUTE),
    # stop
    "disconnect-stop-after": ("stop", done),
    "stop-midstream-noautoplay-stopreq": ("stop", done),
    "stop-unknown-task": ("stop", done),
    "stop-wrong-user-stopreq": ("stop", done),
    "err-stop-get": ("stop", Fails(MissingEndpoint)),
    "err-stop-no-user": ("stop", INVALID),
    "err-405": ("chat", Fails(MissingEndpoint)),
    # messages
    "messages": ("messages", messages(CAPITAL, CJK)),
    "messages-after-feedback": (
        "messages",
        lambda value: (
            [message.feedback and message.feedback.rating for message in value.data]
            == ["like", None]
        ),
    ),
    "messages-limit1": ("messages", messages(CJK, limit=1, more=True)),
    "messages-no-user": ("messages", GONE),
    "messages-with-file": (
        "messages",
        lambda value: (
            [(file.filename, file.size, file.belongs_to) for file in value.data[0].message_files]
            == [("red.png", 190, "user")]
        ),
    ),
    "disconnect-messages-after-0.5": ("messages", messages("")),
    "disconnect-messages-after-8": (
        "messages",
        {OLD: messages(""), NEW: lambda value: value.data[0].answer.startswith(LONG)},
    ),
    "stop-messages-after": ("messages", messages("Hello, this is the local test assistant.")),
    "err-messages-first_id-unknown": ("messages", GONE),
    "err-messages-limit0": ("messages", INVALID),
    "err-messages-limit101": ("messages", INVALID),
    "err-messages-no-conv": ("messages", INVALID),
    "err-messages-other-user": ("messages", GONE),
    "err-messages-unknown-conv": ("messages", GONE),
    # suggestions and feedback
    "suggested": ("suggested", lambda value: value == THREE),
    "end-race-suggested-at-end": ("suggested", lambda value: value == THREE),
    "err-suggested-no-user": ("suggested", INVALID),
    "err-suggested-notuuid": ("suggested", NO_ID),
    "err-suggested-other-user": ("suggested", GONE),
    "err-suggested-unknown": ("suggested", GONE),
    "feedback-like": ("feedback", done),
    "feedback-null": ("feedback", done),
    "feedback-null-again": ("feedback", INVALID),
    "err-feedback-bad": ("feedback", INVALID),
    "err-feedback-nouser": ("feedback", INVALID),
    "err-feedback-unknown": ("feedback", GONE),
    "app-feedbacks": ("feedbacks", {OLD: MISSING, NEW: lambda value: value.data == ()}),
    "get-app-feedbacks": ("feedbacks", {OLD: MISSING, NEW: lambda value: value.data == ()}),
    # conversations
    "conversations": (
        "conversations",
        {
            OLD: lambda value: (
                {item.name for item in value.data} == {"Stub chat title", "New conversation"}
                and all(item.id and item.created_at for item in value.data)
            ),
            NEW: lambda value: {item.introduction for item in value.data} == {"Hello!"},
        },
    ),
    "conversations-lastid-empty": ("conversations", page(2, more=True, limit=2)),
    "conversations-limit2": ("conversations", page(2, more=True, limit=2)),
    "conversations-newuser": ("conversations", page(0, more=False)),
    "conversations-nouser": ("conversations", page(0, more=False)),
    "conversations-pinned": ("conversations", page(1, more=True, limit=1)),
    "err-conversations-lastid-unknown": ("conversations", GONE),
    "err-conversations-sort": ("conversations", INVALID),
    "delete-conv": ("delete", done),
    "err-delete-again": ("delete", GONE),
    "err-delete-nobody": ("delete", NO_JSON),
    "err-delete-otheruser": ("delete", GONE),
    "rename": ("rename", lambda value: value.name == "My name" and value.updated_at),
    "rename-empty": ("rename", {OLD: lambda value: value.name == "", NEW: INVALID}),
    "rename-none": ("rename", {OLD: FAILED, NEW: INVALID}),
    "err-rename-unknown": ("rename", GONE),
    "conv-variables": ("variables", {OLD: MISSING, NEW: page(0, more=False)}),
    "conv-variables-filter": ("variables", {OLD: MISSING, NEW: FAILED}),
    "conv-variables-inputs": (
        "variables",
        {
            OLD: MISSING,
            NEW: lambda value: (
                (value.data[0].name, value.data[0].value_type, value.data[0].value)
                == ("counter", "number", "3")
            ),
        },
    ),
    "err-conv-variables-unknown": ("variables", {OLD: MISSING, NEW: GONE}),
    # files
    "file-empty": ("upload", uploaded("a.txt", 0, "txt")),
    "file-exe": ("upload", uploaded("a.exe", 2, "exe")),
    "file-png": ("upload", uploaded("red.png", 190, "png")),
    "file-unicode-name": ("upload", uploaded("日本 語.txt", 2, "txt")),
    "file-wav": ("upload", uploaded("hello.wav", 117882, "wav")),
    "err-file-noext": (
        "upload",
        {OLD: uploaded("noext", 2, "noext"), NEW: lambda value: value.name == "noext"},
    ),
    "err-file-nofilename": ("upload", Fails(Rejected, "filename_not_exists_error")),
    "err-file-none": (
        "upload",
        {OLD: NO_KEY, NEW: Fails(Rejected, "no_file_uploaded")},
    ),
    "err-file-png-11MB": ("upload", Fails(TooLarge, "file_too_large")),
    "err-file-slash": (
        "upload",
        {OLD: uploaded("a/b.png", 190, "png"), NEW: INVALID},
    ),
    "err-file-txt-16MB": ("upload", Fails(TooLarge, "file_too_large")),
    "file-preview": ("upload", NO_ROUTE),
    # speech to text
    "stt-chunked-upload": ("listen", lambda value: value.text == "heard 2.7 seconds of wav audio"),
    "stt-m4a": ("listen", lambda value: "m4a" in value.text),
    "stt-mp3-audio-mp3": ("listen", lambda value: "mp3" in value.text),
    "stt-mp3-audio-mpeg": ("listen", {OLD: lambda value: "mp3" in value.text, NEW: BAD_AUDIO}),
    "stt-no-user": ("listen", lambda value: "wav" in value.text),
    "stt-wav": ("listen", lambda value: value.text == "heard 2.7 seconds of wav audio"),
    "stt-webm": ("listen", {OLD: lambda value: "webm" in value.text, NEW: BAD_AUDIO}),
    "stt-webm-codecs": ("listen", {OLD: lambda value: "webm" in value.text, NEW: BAD_AUDIO}),
    "err-stt-29MB-garbage": ("listen", lambda value: "wav" in value.text),
    "err-stt-31MB-badkey": ("listen", BAD_KEY),
    "err-stt-disabled": ("listen", Fails(NotConfigured, "invalid_param")),
    "err-stt-empty-file": ("listen", Fails(Rejected, "completion_request_error")),
    "err-stt-provider-down": ("listen", Fails(Rejected, "completion_request_error")),
    "err-stt-flac": ("listen", BAD_AUDIO),
    "err-stt-garbage": ("listen", Fails(Rejected, "completion_request_error")),
    "err-stt-json": ("listen", NO_KEY),
    "err-stt-no-file-part": ("listen", NO_KEY),
    "err-stt-no-filename": ("listen", lambda value: "wav" in value.text),
    "err-stt-no-part-ctype": ("listen", BAD_AUDIO),
    "err-stt-octet": ("listen", BAD_AUDIO),
    "err-stt-ogg": ("listen", BAD_AUDIO),
    "err-stt-video-webm": ("listen", BAD_AUDIO),
    "err-stt-wrong-field": ("listen", NO_KEY),
    "err-stt-x-wav": ("listen", BAD_AUDIO),
    # text to speech
    "end-race-tts-at-end": ("spoken", audio_of(78957)),
    "tts-app-noautoplay": ("spoken", audio_of(4221)),
    "tts-message-id": ("spoken", audio_of(78957)),
    "tts-message-id-other-user": ("spoken", audio_of(78957)),
    "tts-no-user": ("spoken", audio_of(6957)),
    "tts-text": ("spoken", audio_of(24093)),
    "tts-text-streaming-false": ("spoken", audio_of(6957)),
    "tts-text-streaming-true": ("spoken", audio_of(6957)),
    "tts-voice": ("spoken", audio_of(6813)),
    "tts-voice-unknown": ("spoken", audio_of(6957)),
    "err-tts-blank": ("spoken", {OLD: Fails(ServerBug), NEW: audio_of(477)}),
    "err-tts-disabled": ("spoken", Fails(NotConfigured)),
    "err-tts-empty-text": ("spoken", {OLD: Fails(ServerBug), NEW: audio_of(477)}),
    "err-tts-form": ("spoken", NO_JSON),
    "err-tts-message-id-notuuid": ("spoken", NO_ID),
    "err-tts-message-id-unknown": ("spoken", NO_ID),
    "err-tts-none": ("spoken", Fails(NotConfigured)),
    # the app
    "err-404-route": ("info", NO_ROUTE),
    "err-auth-bad-key": ("info", BAD_KEY),
    "err-auth-missing": ("info", BAD_KEY),
    "err-auth-noscheme": ("info", BAD_KEY),
    "err-auth-not-bearer": ("info", BAD_KEY),
    "get-info": (
        "info",
        lambda value: value.name == "full" and value.mode in ("", "advanced-chat"),
    ),
    "root-v1": ("info", {OLD: lambda value: value.name == "", NEW: NO_ROUTE}),
    "get-meta": ("meta", lambda value: value.tool_icons == {}),
    "get-parameters": ("parameters", {OLD: all_on(IMAGE), NEW: all_on(ANY_FILE)}),
    "get-parameters-alloff": (
        "parameters",
        switches(stt=False, tts=False, suggested=False, auto_play=None, files=()),
    ),
    "get-parameters-inputs": ("parameters", asks_for_four),
    "get-parameters-noautoplay": (
        "parameters",
        lambda value: value.text_to_speech.enabled and value.text_to_speech.auto_play is False,
    ),
    "get-parameters-chatflow-annotation-on": (
        "parameters",
        lambda value: value.text_to_speech.auto_play and not value.annotation_reply.enabled,
    ),
    "get-parameters-fileinput": (
        "parameters",
        lambda value: (
            [(field.kind, field.variable, field.required) for field in value.user_input_form]
            == [("file", "doc", True)]
        ),
    ),
    "get-parameters-user": ("parameters", {OLD: all_on(IMAGE), NEW: all_on(ANY_FILE)}),
    "parameters-gzip": (
        "parameters",
        lambda value: (
            value.opening_statement == "Hello!"
            and value.suggested_questions == ("What can you do?",)
        ),
    ),
    "get-site": (
        "site",
        {OLD: MISSING, NEW: lambda value: value.icon == "🤖" and value.show_workflow_steps},
    ),
    # annotations
    "get-annotations": ("annotations", {OLD: MISSING, NEW: page(0, more=False)}),
    "annotation-list": (
        "annotations",
        {OLD: MISSING, NEW: lambda value: (value.total, value.data[0].answer) == (1, "I am Dify.")},
    ),
    "annotation-create": (
        "annotate",
        {OLD: MISSING, NEW: lambda value: value.answer == "I am Dify." and value.id},
    ),
    "annotation-update": ("update", {OLD: MISSING, NEW: lambda value: value.question == "Q2"}),
    "annotation-delete": ("forget", {OLD: MISSING, NEW: done}),
    "annotation-reply-enable": (
        "enable",
        {OLD: MISSING, NEW: lambda value: value.job_status == "waiting" and value.job_id},
    ),
    "annotation-reply-disable": (
        "enable",
        {OLD: MISSING, NEW: lambda value: value.job_status == "waiting"},
    ),
    "annotation-reply-status": ("status", lambda value: value.job_status == "waiting"),
    "err-annotation-create-missing": ("annotate", {OLD: MISSING, NEW: INVALID}),
    "err-annotation-delete": ("forget", {OLD: MISSING, NEW: GONE}),
    "err-annotation-reply-status-notuuid": ("status", NO_ID),
    "err-annotation-update-notuuid": ("update", NO_ID),
    "err-annotation-reply-status": ("status", {OLD: MISSING, NEW: INVALID}),
}
