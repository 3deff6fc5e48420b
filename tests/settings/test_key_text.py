from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.settings.key_text import LONGEST, decode, find_key

KEY = "app-9fK2.x_Y~z+/="


@pytest.mark.parametrize(
    "text",
    [
        "{key}",
        "{key}\n",
        "{key}\r\n",
        "  {key}\t\n",
        "\n\n  \n{key}\nlogin: me\n",
        "{key}\nurl: https://dify.example\nlogin: me\n",
        "{key}\r\nurl: https://dify.example\r\n",
        "{key}\nold api key: app-OLD\n",
        "\ufeff{key}\n",
        "\u200b{key}\u200b\u2060",
        "app-9fK2.x_\u00ad\u200bY~z+/=",
        "\x1b[1;32m{key}\x1b[0m\n",
        "\x1b[38;5;208m\x1b[K{key}\x1b(B\x1b[m",
        "\x1b]0;my vault\x07{key}",
        "\x1b]8;;https://vault.example\x1b\\{key}\x1b]8;;\x1b\\",
        "api_key: {key}",
        "api-key:{key}",
        "API Key: {key}",
        "key={key}",
        "DIFY_API_KEY={key}",
        "export DIFY_API_KEY='{key}'",
        'token = "{key}";',
        "password: {key}",
        "Bearer {key}",
        "bearer   {key}",
        "Authorization: Bearer {key}",
        "'{key}'",
        "\u201c{key}\u201d",
        '"Bearer {key}"',
        "login: me\nurl: https://dify.example\napi_key: {key}\n",
        "My vault, opened\nsecret: {key}",
        '{{\n  "id": 7,\n  "api_key": "{key}",\n  "user": "me"\n}}',
    ],
)
def test_the_key_is_found_as_programs_print_it_and_people_paste_it(text):
    assert find_key(text.format(key=KEY)) == KEY


@pytest.mark.parametrize("key", ["k", "sk-abc", "abckey==", "a:b", "a=b", "x" * LONGEST])
def test_a_plain_key_is_left_as_it_is(key):
    assert find_key(key) == key


@pytest.mark.parametrize("text", ["", " ", "\n\r\n", "\ufeff", "\u200b\n", "\x1b[0m\x1b[32m\n"])
def test_a_text_with_nothing_to_see_in_it_has_an_empty_key(text):
    assert find_key(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "two words",
        "gpg: decryption failed",
        "https://dify.example/v1",
        "app-\u2026",
        "clé-app",
        "app-\x07bell",
        "app-nul\0",
        "<html>",
        '{"api_key":"app-x"}',
        "api_key:",
        "x" * (LONGEST + 1),
    ],
)
def test_text_that_cannot_be_a_key_gives_no_key(text):
    assert find_key(text) is None


@given(st.text())
def test_whatever_is_found_can_be_sent_in_a_header(text):
    key = find_key(text)
    assert not key or (key.isascii() and key.isprintable() and " " not in key)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_output_is_read_in_the_encodings_that_programs_use(encoding):
    assert find_key(decode(f"{KEY}\r\n".encode(encoding))) == KEY


def test_output_in_no_encoding_is_read_as_far_as_it_goes():
    assert find_key(decode(b"app-x\nname: J\xe9r\xf4me\n")) == "app-x"
    assert find_key(decode(b"")) == ""
