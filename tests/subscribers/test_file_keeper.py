"""Files of answers, and pictures of questions, are kept with their turns."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest
from fakes import until
from helpers.replay import replay, response

from voice_assistant import events
from voice_assistant.commands import OpenFiles
from voice_assistant.desktop import viewer
from voice_assistant.errors import InputError
from voice_assistant.history.recorder import Recorder
from voice_assistant.history.store import Store
from voice_assistant.history.writer import Writer
from voice_assistant.subscribers.file_keeper import FileKeeper
from voice_assistant.system.temporary import temporary_folder

PICTURE = b"\x89PNG" + bytes(100)


@contextlib.asynccontextmanager
async def keeping(file, *, trusted=False, **recorder):
    """A recorder and a keeper that follow events."""
    with Writer(file, lambda _: None) as writer:
        recorded = Recorder(writer, **recorder)
        keeper = FileKeeper(file, recorded, lambda: trusted)
        keeper.told = []
        keeper.warn_by(lambda *warning: keeper.told.append(warning))
        task = asyncio.create_task(keeper.run())

        def tell(*told):
            for event in told:
                recorded.handle(event)
                keeper.handle(event)

        yield keeper, tell
        await keeper.done()
        task.cancel()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "history.sqlite3"


def turn(server, *brought, files=(), number=1, text="a"):
    return (
        events.Asked(question="q", source="text", files=files, app=server, turn=number),
        events.Answered(
            text=text,
            message_id=f"m{number}",
            conversation_id="c",
            complete=True,
            files=brought,
            turn=number,
        ),
        events.Idle(turn=number),
    )


def kept(file):
    with Store(file) as store:
        (turn,) = store.turns(limit=1)
        return {name: copy.read_bytes() for name, copy in store.kept_files.copies(turn).items()}


async def test_the_files_of_an_answer_are_kept_although_one_is_gone(file, tmp_path):
    routes = {
        "GET /files/a.png": response(200, PICTURE, "image/png"),
        "GET /files/gone.png": response(404, b"", "text/plain"),
    }
    async with replay(routes) as server, keeping(file) as (_, tell):
        tell(*turn(f"{server.url} (work)", server.url + "/files/gone.png", "/files/a.png"))
    assert kept(file) == {"/files/a.png": PICTURE}
    folder = tmp_path / "history-files"
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_a_picture_of_the_screen_is_kept_and_the_users_own_file_stays_where_it_is(file):
    own = Path(__file__)
    with temporary_folder() as folder:
        screen = Path(folder) / "screen.png"
        screen.write_bytes(PICTURE)
        async with keeping(file) as (_, tell):
            tell(*turn("server", files=(str(screen), str(own))))
    assert kept(file) == {str(screen): PICTURE}


async def test_off_the_record_nothing_is_kept(file, tmp_path):
    async with replay({}) as server:
        with temporary_folder() as folder:
            screen = Path(folder) / "screen.png"
            screen.write_bytes(PICTURE)
            async with keeping(file, off=True) as (_, tell):
                tell(*turn(server.url, "/files/a.png", files=(str(screen),)))
        assert not server.requests
    assert not list(tmp_path.iterdir())


async def test_the_copies_go_with_their_turn(file, tmp_path):
    async with (
        replay({"GET /files/a.png": response(200, PICTURE, "image/png")}) as server,
        keeping(file) as (keeper, tell),
    ):
        for number in (1, 2, 3):
            tell(*turn(server.url, "/files/a.png", number=number))
        await keeper.done()
    folder = tmp_path / "history-files"
    with Store(file) as store:
        assert len(list(folder.iterdir())) == 3
        store.delete([1])
        assert len(list(folder.iterdir())) == 2
        store.kept_files.keep(
            1, "late", next(folder.iterdir()).name
        )  # the turn was deleted meanwhile
        assert len(list(folder.iterdir())) == 1
        store.delete_all()
    assert not folder.exists()


async def test_the_files_of_the_last_answer_are_opened_unless_they_may_be_programs(
    file, monkeypatch
):
    shown = []
    real = viewer.show

    def show(copy):
        with contextlib.suppress(InputError):
            if copy.suffix == ".sh":
                real(copy)
        shown.append(copy.suffix)
        if copy.suffix == ".sh":
            raise InputError("x.sh is not opened: it may be a program")

    monkeypatch.setattr(viewer, "show", show)
    routes = {
        "GET /files/a.png": response(200, PICTURE, "image/png"),
        "GET /files/x.sh": response(200, b"rm -rf ~", "image/png"),
    }
    async with replay(routes) as server, keeping(file) as (keeper, tell):
        keeper.open(OpenFiles())
        await until(lambda: keeper.told)
        assert keeper.told.pop()[0] == "There is no answer yet"
        tell(*turn(server.url, "/files/a.png", "/files/x.sh"))
        keeper.open(OpenFiles())
        await until(lambda: keeper.told)
    assert shown == [".png", ".sh"]
    assert "may be a program" in keeper.told[0][0]


async def test_pictures_within_the_text_are_kept_as_files_are(file):
    text = "Look: ![a cat](/files/a.png), and ![a spy](https://spy.example/x.png?said=secret)."
    routes = {"GET /files/a.png": response(200, PICTURE, "image/png")}
    async with replay(routes) as server, keeping(file) as (keeper, tell):
        tell(*turn(server.url, "/files/a.png", text=text))
        await keeper.done()
        assert [one.path for one in server.requests] == ["/files/a.png"], "once"
    assert kept(file) == {"/files/a.png": PICTURE}


@pytest.mark.parametrize(
    ("trusted", "fetched"),
    [(False, ["/own.png"]), (True, ["/own.png", "https://other.example/x.png"])],
)
def test_a_picture_of_another_server_is_fetched_only_if_that_is_trusted(file, trusted, fetched):
    keeper = FileKeeper(file, Recorder(None), lambda: trusted)
    text = "![a](/own.png) ![b](https://other.example/x.png)"
    assert list(keeper._pictures(text, "https://dify.example/v1")) == fetched
