"""Gives each server's address one form, under which its key and conversations are kept."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

from voice_assistant.errors import ConfigError
from voice_assistant.translation import N_, _

_DEFAULT_PORTS = {"http": 80, "https": 443}
_PORTS = N_("Ports are numbers from 1 to 65535.")
_AROUND = " \t\r\n\v\f\0\"'`<>\u00a0\u200b\u2018\u2019\u201c\u201d\ufeff"
"""Characters that are often copied with an address: blanks, line ends, quotes, brackets."""

_ENDS = f"{_AROUND}.\u3002"
"""What no name of a server begins or ends with; the last is a point of Chinese and Japanese."""

_USER_INFO = re.compile(r"^([a-z][a-z0-9+.-]*://)?[^/?#]*@", re.IGNORECASE)


def normal_address(
    url: str, name: str = "backend.url", example: str = "https://api.dify.ai/v1"
) -> str:
    """Return the one form of a server's address.

    Scheme and host are in small letters. Blanks and quotes around the address, the scheme's default
    port, slashes at the end, and the text after `?` or `#` are left out.

    Args:
        url: the address as a person wrote it.
        name: the setting or variable with the address, for messages.
        example: an address that could be meant, for messages.

    Raises:
        ConfigError: `url` is not an address, or holds a password; the message does not repeat it.
    """
    text = url.strip(_AROUND)
    try:
        parts = urlsplit(text)
        host = _host(parts)
    except ValueError as error:
        raise _wrong(
            name, _("is no address"), _("Copy it from the page of the app's API in Dify.")
        ) from error
    if "@" in parts.netloc:
        raise _wrong(
            name,
            _("holds a user name or a password"),
            _("They would be sent in place of the app's key: leave them out of the address."),
        )
    try:
        port = parts.port
    except ValueError as error:
        raise _wrong(name, _("names a port that does not exist"), _(_PORTS)) from error
    if parts.scheme not in _DEFAULT_PORTS or not host or not _is_clean(text + host):
        raise _wrong(
            name,
            _("is {text!r}", text=text),
            _(
                'An address begins with "{scheme}//", such as "{example}".',
                scheme=example.partition("//")[0],
                example=example,
            ),
        )
    if port == 0:
        raise _wrong(name, _("names a port that does not exist"), _(_PORTS))
    return f"{parts.scheme}://{_netloc(parts, host, port)}{_path(parts)}"


def identity(name: str) -> str:
    """Return the one form of a server's address; a name that is not an address stays as it is."""
    try:
        return normal_address(name)
    except ConfigError:
        return name


def is_on_this_machine(url: str) -> bool:
    """Return whether a server's address can only lead to this machine itself."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def spellings(url: str) -> tuple[str, ...]:
    """Return the spellings of an address under which older versions may have kept a key.

    The one form comes first, then `url` itself, then the one form with usual additions.
    """
    normal = identity(url)
    scheme, _, rest = normal.partition("://")
    host, slash, path = rest.partition("/")
    with_port = f"{scheme}://{host}:{_DEFAULT_PORTS.get(scheme)}{slash}{path}"
    tails = ("/", " ", "\r", "\n")
    longer = [normal + tail for tail in tails] + [with_port, f"{with_port}/"]
    return tuple(dict.fromkeys([normal, url, *longer]))


def without_password(url: str) -> str:
    """Return `url` with three stars in place of a user name and password."""
    return _USER_INFO.sub(r"\1***@", url)


def _host(parts: SplitResult) -> str:
    """Return the name of the server as it is asked for, in small letters.

    A sign that stands for others becomes those before the ends are cut: "\u2024" is a point.
    """
    host = unicodedata.normalize("NFKC", parts.hostname or "").strip(_ENDS).lower()
    with contextlib.suppress(UnicodeError):  # a name that no server has, or no name at all
        host = host.encode("idna").decode().strip(_ENDS)
    return host


def _netloc(parts: SplitResult, host: str, port: int | None) -> str:
    host = f"[{host}]" if ":" in host else host
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def _path(parts: SplitResult) -> str:
    return re.sub("/+", "/", parts.path).rstrip(f"/{_AROUND}")


def _is_clean(text: str) -> bool:
    """Return whether `text` has no blank and no control character."""
    return text.isprintable() and " " not in text


def _wrong(name: str, what: str, hint: str) -> ConfigError:
    return ConfigError(f"{name} {what}", hint)
