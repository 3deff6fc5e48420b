"""The client: one method for each endpoint of the API, for older and newer servers."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal, Self

from msgspec import UNSET, structs

from voice_assistant.api import endpoints
from voice_assistant.api.annotations import Annotations
from voice_assistant.api.conversations import Conversations
from voice_assistant.api.failures import breakdowns, failures
from voice_assistant.api.forms import Forms
from voice_assistant.api.http.connections import ANSWER_S
from voice_assistant.api.http.transport import (
    MOST_SPEECH_BYTES,
    PROVIDER_S,
    Transport,
)
from voice_assistant.api.models import (
    AppFeedbackPage,
    AppInfo,
    AppMeta,
    ChatBody,
    ChatCompletion,
    ChatRequest,
    EndUser,
    FeedbackBody,
    HistoryMessage,
    Parameters,
    Rating,
    Result,
    Site,
    SpeechBody,
    SpeechRequest,
    SuggestedQuestions,
    Transcript,
    Upload,
    UploadedFile,
    UserBody,
)
from voice_assistant.api.runs import Runs
from voice_assistant.api.stream.chat_stream import ChatStream
from voice_assistant.api.stream.liveness import is_trickle
from voice_assistant.errors import BackendError, InputError, NotFound
from voice_assistant.system.suspend import asleep_s
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager
    from types import TracebackType

    from voice_assistant.api.http.authorization import RenewKey
    from voice_assistant.api.models import FormValue

__all__ = ["ChatStream", "Client"]

log = logging.getLogger(__name__)

MOST_SUGGESTIONS, LONGEST_SUGGESTION = 10, 500
"""The most suggested questions, and the most characters of each: a larger menu is unreadable."""

LATEST_CONVERSATIONS = 3
"""So many conversations are searched for a message whose conversation is not known."""

MOST_FILE_BYTES = 500_000_000
"""The most bytes of a file; servers take less from people."""

SOUND = r"audio|video|octet-stream|^$"
"""What the Content-Type of speech may be: its bytes tell the format."""

SPEECH_BYTES_PER_S = 4000
"""A recording that has more bytes than these for each second may take longer than it plays; few
have less (32 kbit/s)."""

STOP_S = 3.0
"""How long the server may take to stop an answer that was given up. Only the closing of the client
waits for this."""


class Client:
    """One app on one server, as one user. Use it as an async context manager.

    Args:
        url: the base URL, which ends in `/v1`.
        api_key: the app's key.
        user: the user's name; conversations belong to this name.
        silence_s: seconds without a byte after which an answer counts as broken.
        queue_s: seconds that a question may wait for its turn on a busy server.
        asleep_s: returns how long the machine has slept.
        renew_key: reads the key again when the server refuses it; the request is then repeated.
        own: whether the server is the embedded backend: errors then name it so, by no address.

    Attributes:
        conversations: the user's conversations, their messages and variables.
        annotations: the app's prepared answers.
        runs: the runs of the app's workflow.
        forms: the forms with which a run asks a person.

    Every method raises `errors.BackendError`; a method's docstring names its other errors.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        user: str,
        *,
        silence_s: float = 25.0,
        queue_s: float = 180.0,
        asleep_s: Callable[[], float] = asleep_s,
        renew_key: RenewKey | None = None,
        own: bool = False,
    ) -> None:
        self._transport = Transport(url, api_key, asleep_s, renew_key, own=own)
        self.conversations = Conversations(self._transport, user)
        self.annotations = Annotations(self._transport)
        self.forms = Forms(self._transport, user)
        self.runs = Runs(self._transport, user, silence_s)
        self._user = user
        self._silence_s = silence_s
        self._queue_s = queue_s
        self._asleep_s = asleep_s
        self._stopping: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Return the client; connections are opened when they are needed."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close all connections."""
        if self._stopping:
            await asyncio.wait(self._stopping, timeout=STOP_S)
        await self._transport.aclose()

    def use_key(self, api_key: str) -> None:
        """Use this key from the next request on."""
        self._transport.authorization.key = api_key

    @property
    def app(self) -> str:
        """A name for the app and the user, made from the key: it is the same at each address."""
        known_by = f"{self._transport.authorization.key}\0{self._user}".encode()
        return hashlib.sha256(known_by).hexdigest()[:32]

    @property
    def server_version(self) -> str:
        """The version that the server named last ("1.14.0"), "" before its first response."""
        return self._transport.server_version

    @property
    def server_ahead_s(self) -> float | None:
        """Seconds that the server's clock is ahead of ours; None if the server does not say."""
        return self._transport.server_ahead_s

    # Questions and answers

    @asynccontextmanager
    async def chat(self, request: ChatRequest, *, sure: bool = False) -> AsyncIterator[ChatStream]:
        """Ask a question, and follow the answer; an early end of the context closes the connection.

        A failed question is not repeated, because the server may have received it. An answer that
        is given up is stopped.

        Args:
            request: the question.
            sure: True if the server will not refuse the question: its conversation exists or is
                new, and its inputs are complete. One ping and then silence is then a queue, and no
                refusal.
        """
        body = self._chat_body(request, "streaming")
        queue_s = self._queue_s if sure else 0.0
        async with self._transport.stream(
            endpoints.CHAT,
            body,
            media="text/event-stream",
            answer_s=self._silence_s,
            between_s=max(self._silence_s, queue_s),
        ) as chunks:
            stream = ChatStream(
                chunks,
                self._silence_s,
                self._transport.masked,
                way=self._transport.way,
                queue_s=queue_s,
                asleep_s=self._asleep_s,
            )
            try:
                yield stream
            finally:
                if stream.given_up and stream.task_id:
                    stopping = asyncio.create_task(self._stop_unheard(stream.task_id))
                    self._stopping.add(stopping)
                    stopping.add_done_callback(self._stopping.discard)

    async def chat_blocking(self, request: ChatRequest) -> ChatCompletion:
        """Ask a question, wait for the complete answer, and return it."""
        body = self._chat_body(request, "blocking")
        return await self._transport.call(
            endpoints.CHAT_BLOCKING, ChatCompletion, body=body, answer_s=PROVIDER_S
        )

    async def has_conversation(self, conversation_id: str) -> bool:
        """Return whether the server (still) has a conversation of the user."""
        try:
            await self.conversations.messages(
                conversation_id, limit=1, answer_s=min(ANSWER_S, self._silence_s)
            )
        except NotFound:
            return False
        return True

    def follow_run(
        self, run_id: str, *, filled_in: Sequence[str] = ()
    ) -> AbstractAsyncContextManager[ChatStream]:
        """Follow a run of the app's workflow once more, see `Runs.follow`."""
        return self.runs.follow(run_id, filled_in=filled_in)

    async def fill_in_form(
        self, form_token: str, action: str, values: Mapping[str, FormValue]
    ) -> None:
        """Fill in a form of the app, see `Forms.fill_in`."""
        await self.forms.fill_in(form_token, action, values)

    async def find_message(
        self, *, conversation_id: str = "", message_id: str = "", query: str = "", since: float = 0
    ) -> HistoryMessage | None:
        """Return one of the user's latest messages, None if there is no such message.

        Args:
            conversation_id: where to look; "" looks into the latest conversations.
            message_id: the message's id, if known; otherwise the newest message with `query`.
            query: the words of the question.
            since: Unix seconds before which the message was not written.
        """
        ids = [conversation_id]
        if not conversation_id:
            page = await self.conversations.list(limit=LATEST_CONVERSATIONS)
            ids = [one.id for one in page.data if one.updated_at >= since]
        for id_ in ids:
            for message in reversed((await self.conversations.messages(id_)).data):
                if message_id == message.id:
                    return message
                if not message_id and message.query == query and message.created_at >= since:
                    return message
        return None

    async def stop(self, task_id: str) -> None:
        """Stop the generation of an answer; servers report success even for an unknown task."""
        await self._transport.call(
            endpoints.STOP, Result, ids={"task_id": task_id}, body=UserBody(self._user)
        )

    async def _stop_unheard(self, task_id: str) -> None:
        """Stop an answer that was given up; a failure is only logged."""
        try:
            async with asyncio.timeout(STOP_S):
                await self.stop(task_id)
        except (BackendError, TimeoutError) as error:
            log.info("the server did not confirm that it stopped: %r", error)

    async def suggested(self, message_id: str) -> tuple[str, ...]:
        """Return the first suggested questions after a message; some servers take minutes."""
        found = await self._transport.call(
            endpoints.SUGGESTED,
            SuggestedQuestions,
            ids={"message_id": message_id},
            params={"user": self._user},
            answer_s=PROVIDER_S,
        )
        usable = (question for question in found.data if len(question) <= LONGEST_SUGGESTION)
        return tuple(itertools.islice(usable, MOST_SUGGESTIONS))

    async def feedback(self, message_id: str, rating: Rating | None, content: str = "") -> None:
        """Rate an answer; None deletes the rating (`Rejected` if there is no rating)."""
        body = FeedbackBody(rating=rating, user=self._user, content=content or UNSET)
        await self._transport.call(
            endpoints.FEEDBACK, Result, ids={"message_id": message_id}, body=body
        )

    async def app_feedbacks(self, *, page: int = 1, limit: int = 20) -> AppFeedbackPage:
        """Return a page of all users' ratings, newest first. Newer servers only."""
        return await self._transport.call(
            endpoints.APP_FEEDBACKS, AppFeedbackPage, params={"page": page, "limit": limit}
        )

    # Files and speech

    async def upload_file(self, upload: Upload) -> UploadedFile:
        """Send a file, and return its reference; questions refer to the file by its id.

        Raises:
            InputError: the file cannot be read.
        """
        return await self._transport.upload(endpoints.UPLOAD_FILE, UploadedFile, upload, self._user)

    async def preview_file(self, file_id: str) -> AsyncGenerator[bytes, None]:
        """Yield a file that was uploaded and belongs to a question. Newer servers only.

        Closing the iterator early closes the connection.
        """
        size = 0
        async with self._transport.stream(
            endpoints.PREVIEW_FILE,
            None,
            ids={"file_id": file_id},
            params={"user": self._user, "as_attachment": "true"},
            media="",
            answer_s=PROVIDER_S,
        ) as chunks:
            async for chunk in chunks:
                size += len(chunk)
                if size > MOST_FILE_BYTES:
                    raise failures.too_much(MOST_FILE_BYTES, _("The file"))
                yield chunk

    async def audio_to_text(self, upload: Upload) -> Transcript:
        """Return the words of a recording. A long one is waited for as long as it takes to play.

        Raises:
            InputError: the file cannot be read.
        """
        return await self._transport.upload(
            endpoints.AUDIO_TO_TEXT, Transcript, upload, self._user, bytes_per_s=SPEECH_BYTES_PER_S
        )

    async def text_to_audio(self, request: SpeechRequest) -> AsyncGenerator[bytes, None]:
        """Yield the speech for a text or an answer, in the audio format of the server's provider.

        Closing the iterator early closes the connection.

        Raises:
            InputError: the request has neither a text nor an answer.
        """
        if not (request.text.strip() or request.message_id):
            raise InputError(_("There is nothing to speak"))
        body = SpeechBody(
            text=request.text,
            message_id=request.message_id,
            voice=request.voice,
            user=self._user,
        )
        size, waited_s, clock = 0, 0.0, asyncio.get_running_loop().time
        async with self._transport.stream(
            endpoints.TEXT_TO_AUDIO, body, media=SOUND, answer_s=PROVIDER_S
        ) as chunks:
            begin = clock()
            async for chunk in chunks:
                size += len(chunk)
                waited_s += clock() - begin
                if size > MOST_SPEECH_BYTES:
                    raise failures.too_much(MOST_SPEECH_BYTES, _("Speech that the server sends"))
                if is_trickle(size, waited_s, PROVIDER_S):
                    raise breakdowns.too_slow(self._transport.way)
                yield chunk
                begin = clock()  # the time of a slow listener does not count
        if not size:
            raise failures.no_sound()

    # The app

    async def info(self) -> AppInfo:
        """Return the app's name and description."""
        return await self._transport.call(
            endpoints.INFO, AppInfo, answer_s=min(ANSWER_S, self._silence_s)
        )

    async def parameters(self) -> Parameters:
        """Return the app's abilities. A server that is late even with these hangs."""
        return await self._transport.call(
            endpoints.PARAMETERS,
            Parameters,
            params={"user": self._user},
            answer_s=min(ANSWER_S, self._silence_s),
        )

    async def end_user(self, end_user_id: str) -> EndUser:
        """Return what the server knows of a user of the app, by the server's own id."""
        return await self._transport.call(
            endpoints.END_USER, EndUser, ids={"end_user_id": end_user_id}
        )

    async def meta(self) -> AppMeta:
        """Return the icons of the app's tools."""
        return await self._transport.call(endpoints.META, AppMeta, params={"user": self._user})

    async def site(self) -> Site:
        """Return the look of the app's web page. Newer servers only."""
        return await self._transport.call(endpoints.SITE, Site)

    def _chat_body(
        self, request: ChatRequest, response_mode: Literal["streaming", "blocking"]
    ) -> ChatBody:
        return ChatBody(**structs.asdict(request), user=self._user, response_mode=response_mode)
