from __future__ import annotations

import io
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from helpers.audio.corpus import by_ffmpeg, frames, mp3_file, sounds_like, without_info
from helpers.audio.signals import sine
from helpers.audio.wav_files import write_wav

from voice_assistant.audio.codec import files
from voice_assistant.audio.codec.encoder import Mp3Encoder, WavEncoder
from voice_assistant.audio.codec.files import WavWriter, being_written, read_speech
from voice_assistant.audio.codec.whole_file import TooLong
from voice_assistant.errors import InputError

needs_ffmpeg = pytest.mark.skipif(
    not (shutil.which("ffmpeg") and shutil.which("ffprobe")), reason="ffmpeg is not installed"
)
TONE = sine(16_000, 0.5)


def audio(samples, rate_hz, kind, subtype=None):
    out = io.BytesIO()
    soundfile.write(out, samples / 32768, rate_hz, format=kind, subtype=subtype)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "subtype"),
    [
        ("WAV", "PCM_16"),
        ("WAV", "PCM_24"),
        ("WAV", "PCM_U8"),
        ("WAV", "FLOAT"),
        ("WAV", "ULAW"),
        ("WAVEX", "PCM_16"),
        ("FLAC", "PCM_16"),
        ("OGG", "VORBIS"),
        ("OGG", "OPUS"),
        ("MP3", None),
        ("AIFF", "PCM_16"),
    ],
)
def test_every_common_format_is_read_as_speech(kind, subtype, tmp_path):
    file = tmp_path / "speech"
    file.write_bytes(audio(TONE, 16_000, kind, subtype))

    pcm = read_speech(file)

    assert pcm.dtype == np.int16
    assert sounds_like(pcm, TONE)


def test_sixteen_bits_at_sixteen_kilohertz_are_read_bit_for_bit():
    assert np.array_equal(read_speech(audio(TONE, 16_000, "WAV")), TONE)


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100, 48_000])
def test_every_rate_becomes_sixteen_kilohertz(rate_hz):
    pcm = read_speech(audio(sine(rate_hz, 0.5), rate_hz, "WAV"))

    assert abs(len(pcm) - 8_000) <= 1
    assert sounds_like(pcm, TONE)


def test_stereo_is_mixed():
    both = np.stack([TONE, TONE // 2], axis=1)

    assert np.abs(read_speech(audio(both, 16_000, "WAV")).astype(int) - TONE * 0.75).max() <= 1


def test_of_stereo_with_sound_on_one_side_that_side_is_read():
    both = np.stack([TONE, np.zeros_like(TONE)], axis=1)
    pcm = read_speech(audio(both, 16_000, "WAV")).astype(int)

    assert np.abs(pcm - TONE)[320:].max() <= 1, "after one block, in which it is faded in"


@pytest.mark.parametrize("encoder", [WavEncoder, Mp3Encoder])
def test_files_of_all_our_encoders_are_read(encoder):
    made = encoder(16_000)

    assert sounds_like(read_speech(made.feed(TONE) + made.finish()), TONE)


@needs_ffmpeg
@pytest.mark.parametrize(
    ("kind", "options"),
    [("ipod", ["-c:a", "aac"]), ("webm", ["-c:a", "libopus"]), ("adts", ["-c:a", "aac"])],
)
def test_formats_that_libsndfile_does_not_know_are_read_by_ffmpeg(kind, options):
    assert sounds_like(read_speech(by_ffmpeg(TONE, kind, *options)), TONE)


def test_without_ffmpeg_the_message_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(InputError, match=r"memo.m4a cannot be read without ffmpeg") as caught:
        read_speech(b"\0\0\0\x20ftypM4A \0\0\0\0", "memo.m4a")

    assert "Install ffmpeg" in caught.value.hint


@pytest.mark.parametrize("path", ["", None])
@pytest.mark.parametrize(
    "content", [b"milk\neggs\n" * 99, b"<html><body>404</body></html>" * 9, b'{"a": 1}', b"\xff"]
)
def test_a_file_without_audio_is_refused_with_a_hint(content, path, tmp_path, monkeypatch, capfd):
    if path is not None:
        monkeypatch.setenv("PATH", path)
    file = tmp_path / "notes.txt"
    file.write_bytes(content)

    with pytest.raises(InputError, match=r"^notes.txt is not an audio file$") as caught:
        read_speech(file)

    assert "WAV, MP3, FLAC" in caught.value.hint
    assert capfd.readouterr() == ("", "")


@needs_ffmpeg
def test_a_film_without_sound_is_no_audio():
    command = [
        "ffmpeg",
        "-loglevel",
        "error",
        "-f",
        "lavfi",
        "-i",
        "color=s=16x16:d=0.2",
        "-f",
        "matroska",
        "-",
    ]
    film = subprocess.run(command, capture_output=True, check=True).stdout

    with pytest.raises(InputError, match=r"film.mkv is not an audio file"):
        read_speech(film, "film.mkv")


def test_a_missing_file_a_folder_and_an_empty_file_are_told_apart(tmp_path):
    (tmp_path / "empty.wav").touch()

    with pytest.raises(InputError, match=r"There is no file .*gone.wav"):
        read_speech(tmp_path / "gone.wav")
    with pytest.raises(InputError, match="is a folder"):
        read_speech(tmp_path)
    with pytest.raises(InputError, match=r"^empty.wav is empty$"):
        read_speech(tmp_path / "empty.wav")
    with pytest.raises(InputError, match=r"^the recording is empty$"):
        read_speech(b"")


def test_what_may_never_end_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for file in (tmp_path / "pipe", Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(InputError, match=f"^{file} is no plain file$"):
            read_speech(file)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_of_somebody_else_cannot_be_read(tmp_path):
    file = tmp_path / "secret.wav"
    file.write_bytes(b"x")
    file.chmod(0)

    with pytest.raises(InputError, match=r"secret.wav cannot be read"):
        read_speech(file)


def test_a_file_without_samples_holds_no_sound():
    with pytest.raises(InputError, match=r"silent.wav holds no sound"):
        read_speech(audio(TONE[:0], 16_000, "WAV"), "silent.wav")


def test_a_file_as_large_as_a_film_is_refused_unread(tmp_path):
    file = tmp_path / "film.mkv"
    with file.open("wb") as out:
        out.truncate(files.MAX_FILE_BYTES + 1)  # sparse: takes no room

    with pytest.raises(InputError, match=r"film.mkv is too large"):
        read_speech(file)


def test_a_written_file_is_read_back(tmp_path):
    write_wav(tmp_path / "a.wav", TONE, 22_050)

    pcm, rate_hz = soundfile.read(tmp_path / "a.wav", dtype="int16")

    assert rate_hz == 22_050
    assert np.array_equal(pcm, TONE)


def test_a_closed_file_tells_its_true_length(tmp_path):
    with WavWriter(tmp_path / "a.wav", 16_000) as writer:
        writer.write(TONE)
        writer.write(TONE)
    writer.close()

    data = (tmp_path / "a.wav").read_bytes()
    assert int.from_bytes(data[40:44], "little") == len(data) - 44 == 4 * len(TONE)
    assert int.from_bytes(data[4:8], "little") == len(data) - 8


def test_a_growing_file_can_be_read_at_any_time(tmp_path):
    with WavWriter(tmp_path / "a.wav", 16_000) as writer:
        for count in range(1, 4):
            writer.write(TONE[:1_000])
            assert len(read_speech(tmp_path / "a.wav")) == count * 1_000


def test_a_file_is_being_written_until_it_is_closed_and_nobody_waits_for_that(tmp_path):
    file = tmp_path / "a.wav"
    with WavWriter(file, 16_000):
        assert being_written(file)
        WavWriter(file, 16_000).close()
        assert being_written(file)
    assert not being_written(file)


def test_a_killed_process_leaves_what_it_wrote(tmp_path):
    program = (
        "import sys, os, pathlib, numpy as np\n"
        "from voice_assistant.audio.codec.files import WavWriter\n"
        "writer = WavWriter(pathlib.Path(sys.argv[1]), 16000)\n"
        "writer.write(np.arange(5000, dtype=np.int16))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path / "a.wav"], check=False)

    assert done.returncode == -signal.SIGKILL
    assert np.array_equal(read_speech(tmp_path / "a.wav"), np.arange(5000))


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_the_owner_can_read_a_recording(tmp_path):
    existed = tmp_path / "b.wav"
    existed.touch(mode=0o644)
    for file in (tmp_path / "a.wav", existed):
        with WavWriter(file, 16_000):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        WavWriter(tmp_path / "no" / "a.wav", 16_000)


def test_an_untagged_mp3_of_varying_bitrate_is_read_to_its_end():
    whole = mp3_file("vbr-xing-16")

    pcm = read_speech(without_info(whole.data))

    assert len(pcm) == len(frames(whole.data)) * 576
    assert len(soundfile.read(io.BytesIO(without_info(whole.data)))[0]) < len(pcm)  # cut by it


def test_a_wav_file_that_says_it_is_empty_is_read_to_its_end():
    data = audio(TONE, 16_000, "WAV")

    pcm = read_speech(data[:4] + bytes(4) + data[8:40] + bytes(4) + data[44:])

    assert np.array_equal(pcm, TONE)


@pytest.mark.parametrize("subtype", ["IMA_ADPCM", "MS_ADPCM", "GSM610", "ALAW"])
def test_the_codings_of_old_recorders_are_read(subtype):
    pcm = read_speech(audio(TONE, 16_000, "WAV", subtype))

    assert sounds_like(pcm, TONE)


@pytest.mark.parametrize("kind", ["FLAC", "WAV", "OGG"])
def test_a_file_that_is_too_long_is_refused_before_its_end_is_decoded(kind):
    data = audio(np.zeros(60_000, np.int16), 8_000, kind)
    assert read_speech(data, longest_s=8).size == 120_000
    with pytest.raises(TooLong, match="the recording is longer than"):
        read_speech(data, longest_s=5)


@pytest.mark.parametrize("rate_hz", [0, 1, 3_999, 192_001, 2**31, 2**32 - 1])
def test_a_rate_at_which_nobody_keeps_speech_is_refused(rate_hz):
    data = bytearray(WavEncoder(16_000).feed(np.full(16_000, 99, np.int16)))
    data[24:28] = rate_hz.to_bytes(4, "little")
    with pytest.raises(InputError):
        read_speech(bytes(data))


def test_a_flac_file_of_one_sample_a_second_is_refused_by_its_rate():
    with pytest.raises(InputError, match="1 samples a second"):
        read_speech(audio(np.zeros(5_000, np.int16), 1, "FLAC"))
