"""The pronunciation of English words: hibari's rules, with its dictionaries in little memory."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec
from hibari import g2p
from hibari.g2p.lexicon import Lexicon
from hibari.g2p.tagger import Tagger
from hibari.g2p.tokenize import Tokenizer

from voice_assistant.engines.voices.word_table import WordTable


class _Tags(msgspec.Struct):
    """The file of the tagger, which finds out what part of speech a word is."""

    tags: list[str]
    tagdict: dict[str, str]
    vocab: list[str]
    weights: msgspec.Raw


class Pronunciation(g2p.G2P):  # type: ignore[misc]  # the package has no types
    """Turns a text into signs for its sounds.

    The package's own constructor reads its dictionaries as dicts, which take 90 MB more.

    Args:
        british: as in Britain; else as in America.
    """

    def __init__(self, *, british: bool) -> None:
        accent = "gb" if british else "us"
        gold, silver = (
            WordTable(_asset(f"lexicon_{accent}_{grade}.json.gz")) for grade in ("gold", "silver")
        )
        tags = msgspec.json.decode(_asset("tagger.json.gz"), type=_Tags)
        self.lexicon = Lexicon(gold, silver, british)
        self.tokenizer = Tokenizer(msgspec.json.decode(_asset("tokenizer_exceptions.json")))
        self.tagger = Tagger({**msgspec.structs.asdict(tags), "weights": WordTable(tags.weights)})
        self.british = british
        self.unk = ""
        self._oov = None


def _asset(name: str) -> bytes:
    content = (Path(g2p.ASSETS) / name).read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content
