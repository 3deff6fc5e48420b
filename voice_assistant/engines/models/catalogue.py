"""The models that can be installed, each pinned by the SHA-256 of its files."""

from __future__ import annotations

from typing import NamedTuple

from voice_assistant.translation import N_


class ModelFile(NamedTuple):
    """A file of a model.

    Attributes:
        name: its name in the model's folder.
        size: its size in bytes.
        sha256: its hash, in hexadecimal digits.
        member: its path within the archive that is downloaded; "" if it is downloaded itself.
    """

    name: str
    size: int
    sha256: str
    member: str = ""


class Model(NamedTuple):
    """A model, which is one download, or one for each file.

    Attributes:
        name: as it is typed, and the name of its folder.
        what: what it is for.
        licence: the name of its licence.
        url: where it is published; with a "/" at its end, the folder of its files.
        size: the size of the downloads in bytes.
        sha256: the hash of the one download; "" where each file is one.
        files: what is kept of it.
        package: the Python package that is this download, as pip knows it; "" if it is none.
        required: the assistant is deaf without it.
    """

    name: str
    what: str
    licence: str
    url: str
    size: int
    sha256: str
    files: tuple[ModelFile, ...]
    package: str = ""
    required: bool = False


_MOONSHINE = "moonshine_voice/assets/tiny-en"

MOONSHINE = Model(
    name="moonshine-tiny-en",
    what=N_("recognises English speech"),
    licence="MIT, Copyright (c) 2025 Moonshine AI",
    # Its makers publish no smaller package; every one of this version holds the same files.
    url="https://files.pythonhosted.org/packages/fd/a3/"
    "e3c0156664e9505af7b23072c3e947cec3a7ee938764c70424051366c368/"
    "moonshine_voice-0.1.0-py3-none-manylinux_2_34_x86_64.whl",
    size=56_369_045,
    sha256="0f833deb43bad5dcfb4cfd3257b6df83ef9abd3f27be3199622fe41932e8d916",
    files=(
        ModelFile(
            "encoder_model.ort",
            13_281_600,
            "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
            f"{_MOONSHINE}/encoder_model.ort",
        ),
        ModelFile(
            "decoder_model_merged.ort",
            30_412_256,
            "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
            f"{_MOONSHINE}/decoder_model_merged.ort",
        ),
        ModelFile(
            "tokenizer.bin",
            249_974,
            "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
            f"{_MOONSHINE}/tokenizer.bin",
        ),
        ModelFile(
            "LICENSE",
            1_070,
            "5da20e09cad096fb153b6c80b26c270027f9601285c498e571fc74fee5ab7157",
            "moonshine_voice-0.1.0.dist-info/licenses/LICENSE",
        ),
    ),
    package="moonshine-voice==0.1.0",
    required=True,
)

MOONSHINE_BASE = Model(
    name="moonshine-base-en",
    what=N_("recognises English speech with fewer mistakes, and takes more time and memory"),
    licence="MIT, Copyright (c) 2025 Moonshine AI",
    # Its makers publish it beside the program, and no hash of it; three other programs that pin it
    # agree about these.
    url="https://download.moonshine.ai/model/base-en/quantized/base-en/",
    size=141_001_190,
    sha256="",
    files=(
        ModelFile(
            "encoder_model.ort",
            31_326_816,
            "7c66495948d0d08ec1af454cd4b5514862ae6511e94712a60e6d83eaec8dc8cf",
        ),
        ModelFile(
            "decoder_model_merged.ort",
            109_424_400,
            "d9d7b333af34bc552580576ddcf248a1c6c839e0d3b43b09afb9376ed009899d",
        ),
        ModelFile(
            "tokenizer.bin",
            249_974,
            "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
        ),
    ),
)

RECOGNISERS = (MOONSHINE_BASE, MOONSHINE)
"""The networks that recognise speech: the first that is installed is used."""


def _hibari(name: str, what: str, file: str, size: int, sha256: str) -> Model:
    return Model(
        name=f"hibari-{name}",
        what=what,
        licence="Apache-2.0, by Maureese Williams",
        url=f"https://huggingface.co/maureesewilliams/hibari/resolve/main/voices/{file}",
        size=size,
        sha256=sha256,
        files=(ModelFile(file, size, sha256),),
    )


HIBARI_VOICES = (
    _hibari(
        "fenrir",
        N_("speaks English: an American man"),
        "am_fenrir_v2.int8.onnx",
        8_031_158,
        "f59fbd87908c91f827bc21b1b89443757b9a8580db9eee20aa948deb731321f4",
    ),
    _hibari(
        "emma",
        N_("speaks English: a British woman"),
        "bf_emma.int8.onnx",
        7_936_868,
        "f709f0488ee63b583a22189a955aaf4257b9806dd330be3490661e53af0a89c1",
    ),
    _hibari(
        "fable",
        N_("speaks English: a British man"),
        "bm_fable.int8.onnx",
        7_936_868,
        "c28529302f2d27cd12f62625c24425888c4e3c2675583100ec530259136b8bc6",
    ),
    _hibari(
        "kore",
        N_("speaks English: another American woman"),
        "af_kore.int8.onnx",
        7_936_868,
        "346885752673e45d42f9864c9e2432094bc4b6385df060d4b83273da764d2fa9",
    ),
)
"""The voices beside the one that the package hibari-tts brings; sizes and hashes are those of its
`assets/voices.json` (0.2.1)."""

MODELS = (MOONSHINE, MOONSHINE_BASE, *HIBARI_VOICES)
