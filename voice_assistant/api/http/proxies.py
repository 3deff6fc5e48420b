"""Finds the proxy that the environment names for a server.

This module reads the variables, not httpx: httpx uses them for servers on this machine too, and
raises `ValueError`, `ImportError` or `InvalidURL` for values that other programs accept.
"""

from __future__ import annotations

import ipaddress
import os
import re
import sys
import urllib.request
from typing import TYPE_CHECKING, NamedTuple

import httpx

from voice_assistant.errors import ConfigError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEMES = {
    "http": "http",
    "https": "https",
    "socks": "socks5",  # as GNOME's network settings write it
    "socks5": "socks5",
    "socks5h": "socks5",  # httpx lets the proxy look names up in either case
}
"""The schemes that people write, and httpx's name for each."""

_BRACKETED = re.compile(r"\[([^\]]*)\](/\d+)?(?::(\d+))?")
_PLAIN = re.compile(r"([^:]*)(?::(\d+))?")

_PORTS = range(1, 2**16)

_NONE = "direct"
"""The scheme of an address that means "no proxy", as desktop settings write it."""


class Proxy(NamedTuple):
    """A proxy on the way to the server.

    Attributes:
        url: the proxy's address in the form of httpx, perhaps with a password.
        source: the environment variable that names the proxy.
    """

    url: str
    source: str

    @property
    def name(self) -> str:
        """The proxy's host and port and the variable's name, for messages."""
        return _(
            "{proxy} (set by {source})",
            proxy=httpx.URL(self.url).netloc.decode(),
            source=self.source,
        )


def proxy_for(server: httpx.URL, environ: Mapping[str, str] = os.environ) -> Proxy | None:
    """Return the proxy that the environment names for `server`, None without a proxy.

    Servers on this machine never need a proxy, whatever the environment says.

    Raises:
        ConfigError: the variable's value cannot be used. The message names the variable, but not
            its value, which may hold a password.
    """
    if is_loopback(server.host):
        return None
    value, source = _wanted(server.scheme, environ)
    if not value or is_exempt(server, _first(environ, "no_proxy")[0]):
        return None
    return _checked(value, source)


def is_loopback(host: str) -> bool:
    """Return whether `host` can only mean this machine."""
    name = host.rstrip(".").lower()
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback or address.is_unspecified


def is_exempt(server: httpx.URL, no_proxy: str) -> bool:
    """Return whether the text of NO_PROXY names `server`.

    The rules are curl's: an entry is a name, which includes all names below it (a leading dot
    changes nothing), an address, a network, or `*` for all servers. An entry may end in a port.
    Other entries are ignored.
    """
    host = server.host.rstrip(".").lower()
    port = server.port or {"http": 80, "https": 443}.get(server.scheme)
    entries = re.split(r"[,\s]+", no_proxy.strip().lower())
    return any(entry == "*" or _matches(entry, host, port) for entry in entries if entry)


def _matches(entry: str, host: str, port: int | None) -> bool:
    if bracketed := _BRACKETED.fullmatch(entry):
        name, wanted = bracketed[1] + (bracketed[2] or ""), bracketed[3]
    elif plain := _PLAIN.fullmatch(entry):
        name, wanted = plain[1], plain[2]
    else:
        name, wanted = entry, None  # an IPv6 address or network
    if wanted and wanted != str(port):
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        domain = name.removeprefix("*").strip(".")
        return bool(domain) and (host == domain or host.endswith(f".{domain}"))
    try:
        return address in ipaddress.ip_network(name, strict=False)
    except ValueError:
        return False


def _wanted(scheme: str, environ: Mapping[str, str]) -> tuple[str, str]:
    for name in (f"{scheme}_proxy", "all_proxy"):
        value, source = _first(environ, name)
        if value:
            return value, source
    if sys.platform in ("win32", "darwin"):
        return urllib.request.getproxies().get(scheme, ""), _("the system's network settings")
    return "", ""


def _first(environ: Mapping[str, str], name: str) -> tuple[str, str]:
    """Return the value of a variable (small letters first, then capitals) and its spelling."""
    for spelling in (name, name.upper()):
        if value := environ.get(spelling, "").strip():
            return value, spelling
    return "", name


def _checked(value: str, source: str) -> Proxy | None:
    scheme, separator, rest = value.partition("://")
    if not separator:
        scheme, rest = "http", value
    scheme = scheme.lower()
    if scheme == _NONE:
        return None
    if scheme not in _SCHEMES:
        raise ConfigError(
            _("The proxy that {source} names is of a kind that cannot be used", source=source),
            _(
                "It begins with http://, https:// or socks5://. Correct {source}, or "
                "name the server in NO_PROXY.",
                source=source,
            ),
        )
    try:
        address = httpx.URL(f"{_SCHEMES[scheme]}://{rest}")
        host = address.host
    except (httpx.InvalidURL, UnicodeError) as error:  # UnicodeError: `idna`'s, of the host
        raise _odd(source) from error
    odd_port = address.port is not None and address.port not in _PORTS
    if not host or odd_port or address.fragment:
        raise _odd(source)
    return Proxy(str(address), source)


def _odd(source: str) -> ConfigError:
    return ConfigError(
        _("{source} holds no address of a proxy", source=source),
        _(
            "It looks like http://proxy.example:8080. In a user name or password, "
            "signs such as # and @ are written %23 and %40. Correct {source}, or "
            "name the server in NO_PROXY.",
            source=source,
        ),
    )
