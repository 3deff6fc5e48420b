"""Turns broken connections and broken answers into errors with a title and a hint."""

from __future__ import annotations

import ssl
from http import HTTPStatus
from typing import NamedTuple, TypeVar

import httpx

from voice_assistant.api.failures.refusals import OWN_LOG, WAIT, WRONG_URL, Message
from voice_assistant.errors import BackendError, BrokenStream, TimedOut, TooLarge, Unreachable
from voice_assistant.translation import N_, _

E = TypeVar("E", bound=BackendError)

PATIENCE = N_(
    "A proxy on the way may hold answers back, or the server is slow: then raise "
    "backend.silence_s in the settings."
)
"""The usual reasons for an answer that is late, and the setting that helps."""

_OWN_GONE = N_("The program that answers on this machine no longer responds")
"""Of the embedded backend, which is a part of this program: people know no address of it."""

_PROXY_HINT = N_(
    "Is it the right proxy, and is it running? NO_PROXY names servers that need no proxy."
)


class Way(NamedTuple):
    """The way to the server, for messages.

    Attributes:
        host: the server's name and port.
        url: the base URL.
        proxy: the proxy in between and the variable that names it, "" without one.
        own: whether the server is the embedded backend.
    """

    host: str
    url: str = ""
    proxy: str = ""
    own: bool = False

    @property
    def wrong_url(self) -> str:
        """The hint for an address without an API."""
        if self.own:
            return _(OWN_LOG)
        address = self.url.rstrip("/")
        if not address or address.endswith("/v1"):
            return _(WRONG_URL)
        return _("The address is probably wrong: try {address}/v1.", address=address)


NO_WAY = Way("the server")


def own_gone(kind: type[E]) -> E:
    """Return the error for an embedded backend that has ended, or hangs: it is started anew."""
    return kind(_(_OWN_GONE), _(WAIT))


def cut_off(size: int, way: Way = NO_WAY) -> BackendError:
    """Return the error for a working server that closes the connection twice during an upload."""
    if way.own:
        return own_gone(Unreachable)
    return TooLarge(
        _(
            "The server breaks off while {size:.0f} MB are sent: too much for it, probably",
            size=size / 1000000.0,
        ),
        _("Send something smaller, or have the server's limit raised."),
    )


def too_slow(way: Way = NO_WAY) -> TimedOut:
    """Return the error for speech that arrives too slowly."""
    if way.own:
        return own_gone(TimedOut)
    return TimedOut(_("The server sends speech too slowly to be heard"), _(WAIT))


def connection_failure(
    error: httpx.RequestError, way: Way, *, patience: bool = False
) -> BackendError:
    """Return the error for a failure below HTTP.

    Args:
        error: the error of httpx; its text is never repeated, because it may hold the key.
        way: how the server is reached.
        patience: True if the setting `backend.silence_s` decides how long the client waits.
    """
    if way.proxy and (failed := _proxy_failure(error, way)):
        return failed
    if isinstance(error, httpx.ConnectError) and _is_about_certificate(error):
        return Unreachable(
            _("The certificate of {host} is not trusted", host=way.host),
            _(
                "Is it the right server? If its certificate is one of your own, name the file in "
                "the environment variable SSL_CERT_FILE."
            ),
        )
    told = next(told for kinds, told in _BELOW_HTTP if isinstance(error, kinds))
    if way.own:
        return own_gone(told.kind)
    hint = _(told.hint)
    if patience and told.kind is TimedOut:
        hint = f"{hint} {_(PATIENCE)}"
    return told.kind(_(told.title, host=way.host), hint)


_BELOW_HTTP: tuple[tuple[tuple[type[Exception], ...], Message], ...] = (
    (
        (httpx.ConnectTimeout, httpx.ConnectError),
        Message(
            Unreachable,
            N_("No connection to {host}"),
            N_("Is the server running? Check the network and the server's address."),
        ),
    ),
    ((httpx.TimeoutException,), Message(TimedOut, N_("{host} does not answer"), WAIT)),
    (
        (httpx.UnsupportedProtocol, httpx.LocalProtocolError),
        Message(
            Unreachable, N_("Nothing can be sent to {host}"), N_("Check the server's address.")
        ),
    ),
    (
        (httpx.DecodingError,),
        Message(
            Unreachable,
            N_("{host} compresses its answers in a way that was not requested"),
            N_("A proxy on the way may do that."),
        ),
    ),
    ((Exception,), Message(Unreachable, N_("The connection to {host} broke"), WAIT)),
)
"""The messages by kind of error; the first matching row counts."""


def _proxy_failure(error: httpx.RequestError, way: Way) -> Unreachable | None:
    """Return the error for a failure at the proxy; None if the proxy is not the cause."""
    match error:
        case httpx.ProxyError() if str(HTTPStatus.PROXY_AUTHENTICATION_REQUIRED.value) in str(
            error
        ):
            return proxy_wants_a_name(way.proxy)
        case httpx.ProxyError():
            return Unreachable(
                _("The proxy {proxy} does not connect to {host}", proxy=way.proxy, host=way.host),
                _PROXY_HINT,
            )
        case httpx.ConnectTimeout() | httpx.ConnectError() if not _is_about_certificate(error):
            return Unreachable(
                _("No connection to the proxy {proxy}", proxy=way.proxy), _(_PROXY_HINT)
            )
        case httpx.NetworkError() | httpx.RemoteProtocolError() if not _is_about_certificate(error):
            return Unreachable(
                _(
                    "The connection to {host} broke at the proxy {proxy}",
                    host=way.host,
                    proxy=way.proxy,
                ),
                _PROXY_HINT,
            )
        case _:
            return None


def proxy_wants_a_name(proxy: str, status: int = 0) -> Unreachable:
    """Return the error for a proxy that demands a password; `proxy` is "" if it is not known."""
    return Unreachable(
        _("The proxy {proxy} wants a user name and a password", proxy=proxy)
        if proxy
        else _("A proxy on the way wants a user name and a password"),
        _("Write them into its address: http://name:password@proxy:8080."),
        status=status,
    )


def endless(what: str) -> BrokenStream:
    """Return the error for an answer without a reasonable end."""
    return BrokenStream(_("The answer was given up: {what}", what=what), _("Ask again."))


def lost(cause: Exception | None = None, way: Way = NO_WAY) -> BrokenStream:
    """Return the error for an answer whose connection closed before its end.

    The error is raised later, so the function sets its cause.
    """
    broken = BrokenStream(_("The answer broke off: the connection was lost"), _("Ask again."))
    if way.own:
        broken = own_gone(BrokenStream)
    broken.__cause__ = cause
    return broken


def silent(*, began: bool, waited_s: float, cause: Exception, way: Way = NO_WAY) -> BrokenStream:
    """Return the error for an answer that stopped arriving, or never began."""
    broken = BrokenStream(
        _("The answer broke off: nothing came for {waited_s:.0f} seconds", waited_s=waited_s),
        _("Ask again. {patience}", patience=_(PATIENCE)),
    )
    if way.own:
        broken = own_gone(BrokenStream)
    elif not began:
        broken = BrokenStream(
            _(
                "The server took the question and said nothing for {waited_s:.0f} seconds",
                waited_s=waited_s,
            ),
            _(
                "Ask again; if the conversation is an old one, begin a new one. {patience}",
                patience=_(PATIENCE),
            ),
        )
    broken.__cause__ = cause
    return broken


def busy(waited_s: float, cause: Exception) -> BrokenStream:
    """Return the error for a question that waited too long in the server's queue."""
    broken = BrokenStream(
        _(
            "The server is busy: the question waited {waited_s:.0f} seconds for its turn",
            waited_s=waited_s,
        ),
        _("Ask again later, or raise backend.queue_s in the settings."),
    )
    broken.__cause__ = cause
    return broken


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None
