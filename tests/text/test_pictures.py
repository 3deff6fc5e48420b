"""Which pictures a Markdown text shows."""

from __future__ import annotations

import pytest

from voice_assistant.text.pictures import picture_addresses


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("No picture, but a [link](https://x.example/a.png)!", ()),
        ("Here: ![a cat](https://x.example/cat.png).", ("https://x.example/cat.png",)),
        ("![](/files/tools/a.png?sign=x&t=1 'A title')", ("/files/tools/a.png?sign=x&t=1",)),
        ("![a](<https://x.example/a b.png>)", ("https://x.example/a%20b.png",)),
        ("![a][one] ![b][one]\n\n[one]: https://x.example/1.png", ("https://x.example/1.png",)),
        ("[![a](https://x.example/1.png)](https://x.example)", ("https://x.example/1.png",)),
        ("| a |\n|---|\n| ![b](https://x.example/2.png) |", ("https://x.example/2.png",)),
        ("```\n![a](https://x.example/code.png)\n```\n`![a](https://x.example/b.png)`", ()),
        ("![a](javascript:alert(1)) ![b]() ![c](", ()),
    ],
)
def test_the_pictures_of_a_text_are_those_that_would_be_shown(text, addresses):
    assert picture_addresses(text) == addresses
