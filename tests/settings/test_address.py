"""One form for the address of a server, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from voice_assistant.errors import ConfigError
from voice_assistant.settings.address import identity, normal_address, spellings, without_password

ONE = "https://dify.example/v1"


@pytest.mark.parametrize(
    "url",
    [
        ONE,
        "https://dify.example/v1/",
        "https://dify.example/v1//",
        "https://dify.example//v1",
        " https://dify.example/v1 \n",
        "https://dify.example/v1\r",
        "HTTPS://Dify.Example/v1",
        "https://dify.example:443/v1",
        "https://dify.example./v1",
        '"https://dify.example/v1"',
        "'https://dify.example/v1/'",
        "<https://dify.example/v1>",
        "\ufeffhttps://dify.example/v1\u200b",
        "https://dify.example/v1?x=1#top",
        *(f"https://dify{point}example/v1" for point in "\u2024\u3002\ufe52\uff0e\uff61"),
        *(f"https://dify.example{point}/v1" for point in "\u2024\u3002\ufe52\uff0e\uff61"),
        "https://\uff44\uff49\uff46\uff59.example/v1",
    ],
)
def test_an_address_has_one_form(url):
    assert normal_address(url) == ONE
    assert identity(url) == ONE


@pytest.mark.parametrize(
    "url",
    [
        *("http://dify.example/v1", "https://dify.example:80/v1", "https://dify.example"),
        *("https://dify.example/V1", "https://dify.example/app/v1", "https://other.example/v1"),
        *("http://[::1]:5001/v1", "http://192.0.2.7/v1", "https://xn--bcher-kva.example/v1"),
    ],
)
def test_addresses_of_other_servers_stay_different(url):
    assert normal_address(url) == url != ONE


def test_a_name_in_letters_of_its_language_is_the_one_that_is_asked_for():
    assert normal_address("https://b\u00fccher.example/v1") == "https://xn--bcher-kva.example/v1"


@pytest.mark.parametrize(
    "url",
    [
        *("", "dify.example/v1", "ftp://dify.example/v1", "https://", "https:///v1", "/v1"),
        *("https://dify.example:99999/v1", "https://dify.example:0/v1", "https://dify:x/v1"),
        *("https://[::1/v1", "https://dify example/v1", "https://dify.example/v\x001"),
        *("https://dify\u00b4s.example/v1", "https://\u2026/v1", "https://dify\uff0fexample/v1"),
    ],
)
def test_a_malformed_address_is_refused_by_the_name_of_its_setting(url):
    with pytest.raises(ConfigError, match=r"VOICE_ASSISTANT_URL"):
        normal_address(url, "VOICE_ASSISTANT_URL")
    assert identity(url) == url


@pytest.mark.parametrize("who", ["me:secret@", "secret@", ":secret@", "@"])
def test_a_password_in_an_address_is_refused_and_not_repeated(who):
    with pytest.raises(ConfigError, match="password") as caught:
        normal_address(f"https://{who}dify.example/v1")
    assert "secret" not in caught.value.title + caught.value.hint


def test_the_one_form_is_the_first_spelling_that_is_looked_for():
    assert spellings("HTTPS://dify.example/v1/")[:2] == (ONE, "HTTPS://dify.example/v1/")
    assert {f"{ONE}/", f"{ONE} ", f"{ONE}\r", "https://dify.example:443/v1"} <= set(spellings(ONE))
    assert spellings("the embedded backend")[0] == "the embedded backend"


@given(st.text())
@example("'?")
@example("0</")
@example("<0>./?")
@example("0\u2024")  # one dot leader: a point
@example("\u20250")  # two dot leader
@example("0\u2026")  # an ellipsis
@example("\u2488")  # "1." in one sign
@example("0\ufe52")  # a small full stop
@example("0\u1fef")  # a varia: a backquote
@example("0\u00b4")  # an acute accent: a blank with an accent
@example("0\u00ad.")  # a soft hyphen: nothing
def test_no_text_breaks_it_and_the_one_form_stays_as_it_is(text):
    for url in (text, f"https://{text}", f"https://dify.example/{text}"):
        once = identity(url)
        assert identity(once) == once


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://api.dify.ai/v1", "https://api.dify.ai/v1"),
        ("https://me:HUSH@host:8443/v1", "https://***@host:8443/v1"),
        ("HTTPS://HUSH@host", "HTTPS://***@host"),
        ("me:HUSH@host/v1", "***@host/v1"),
        ("http://host/v1/@me", "http://host/v1/@me"),
    ],
)
def test_an_address_is_shown_without_user_and_password(url, shown):
    assert without_password(url) == shown
