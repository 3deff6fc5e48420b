"""Ratings: in the record at once, on the server as soon as it takes them."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from fakes import until
from helpers.system.disk import dead_disk
from history.test_store import said

from voice_assistant import events
from voice_assistant.commands import Rate
from voice_assistant.errors import NotFound, Rejected, Unreachable
from voice_assistant.history.store import Store
from voice_assistant.subscribers.ratings import Ratings, send_ratings


class Server:
    name = "app"

    def __init__(self):
        self.ratings = []
        self.error = None
        self.away = False

    async def connect(self):
        if self.away:
            raise Unreachable("No connection")
        return self

    async def feedback(self, message_id, rating, content=""):
        if self.error:
            raise self.error
        self.ratings.append((message_id, rating, content))


async def at_once():
    pass


@pytest.fixture
def file(tmp_path):
    return tmp_path / "history.sqlite3"


def write(file, *message_ids, app="app"):
    with Store(file) as store:
        return [store.write(said(message_id=one, app=app)) for one in message_ids]


def rated(file):
    with Store(file) as store:
        return [(turn.rating, turn.comment, turn.rating_sent) for turn in store.turns()][::-1]


@contextlib.asynccontextmanager
async def running(file, server, retry_s=0.01):
    ratings = Ratings(file, lambda: [server], at_once, retry_s=retry_s)
    ratings.told = []
    ratings.warn_by(lambda title, _: ratings.told.append(title))
    task = asyncio.create_task(ratings.run())
    yield ratings
    task.cancel()
    await asyncio.wait([task])


def answered(message_id):
    return events.Answered(text="", message_id=message_id, conversation_id="", complete=True)


async def test_the_last_answer_is_rated_and_the_rating_taken_back(file):
    server = Server()
    write(file, "m1", "m2")
    async with running(file, server) as ratings:
        ratings.handle(answered("m2"))
        assert ratings.can_rate
        ratings.rate(Rate(rating="good", comment="short"))
        await until(lambda: server.ratings)
        assert (ratings.rating, ratings.can_rate) == ("good", True)
        ratings.rate(Rate(rating=""))
        await until(lambda: len(server.ratings) == 2)
        assert ratings.rating == ""
        await until(lambda: rated(file) == [("", "", True), ("", "", True)])
    assert server.ratings == [("m2", "like", "short"), ("m2", None, "")]


async def test_a_turn_is_rated_by_its_number(file):
    server = Server()
    first, _ = write(file, "m1", "m2")
    async with running(file, server) as ratings:
        ratings.handle(answered("m2"))
        ratings.rate(Rate(rating="bad", turn=first))
        await until(lambda: server.ratings)
        assert ratings.rating == "", "that of the last answer"
    assert server.ratings == [("m1", "dislike", "")]


async def test_a_rating_waits_for_a_server_that_is_away_also_over_a_restart(file):
    server = Server()
    server.away = True
    write(file, "m1")
    async with running(file, server) as ratings:
        ratings.rate(Rate(rating="good"))
        await until(lambda: rated(file) == [("good", "", False)])
    async with running(file, server):
        server.away = False
        await until(lambda: rated(file) == [("good", "", True)])
    assert server.ratings == [("m1", "like", "")]


async def test_ratings_of_another_app_wait_for_that_app(file):
    server = Server()
    write(file, "m1", app="another")
    with Store(file) as store:
        store.rate(1, "good")
    await send_ratings(file, server)
    assert server.ratings == []
    server.name = "another"
    await send_ratings(file, server)
    assert server.ratings == [("m1", "like", "")]


@pytest.mark.parametrize("error", [NotFound("gone"), Rejected("no")])
async def test_a_rating_that_the_server_refuses_for_good_is_not_sent_again(file, error):
    server = Server()
    server.error = error
    write(file, "m1", "m2")
    with Store(file) as store:
        store.rate(1, "good")
    await send_ratings(file, server)
    assert rated(file)[0] == ("good", "", True)


async def test_an_answer_off_the_record_cannot_be_rated_and_no_other_is_instead(file):
    server = Server()
    write(file, "m1")
    async with running(file, server) as ratings:
        ratings.handle(events.Asked(question="?", source="text"))
        assert not ratings.can_rate
        ratings.rate(Rate(rating="bad"))
        await until(lambda: len(ratings.told) == 1)
        ratings.handle(answered("off"))
        ratings.rate(Rate(rating="bad"))
        await until(lambda: len(ratings.told) == 2)
    assert ratings.told == [
        "There is no answer that could be rated",
        "The answer is not in the record",
    ]
    assert rated(file) == [("", "", True)]
    assert server.ratings == []


async def test_without_a_record_nothing_is_asked_of_the_server(file):
    server = Server()
    server.away = True
    async with running(file, server):
        await asyncio.sleep(0.05)
    assert not file.exists()


def test_a_rating_that_was_changed_while_it_was_sent_is_sent_again(file):
    write(file, "m1")
    with Store(file) as store:
        first = store.rate(1, "good")
        store.rate(1, "bad")
        store.rating_was_sent(first)
        assert [turn.rating for turn in store.unsent_ratings("app")] == ["bad"]
        store.write(said("changed", number=1, message_id="m1", app="app"))
        assert store.turn(1).rating == "bad", "writing the turn keeps its rating"


async def test_ratings_wait_for_a_disk_that_is_away(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    with dead_disk(folder):
        ratings = Ratings(folder / "history.sqlite3", list, at_once, retry_s=0.01)
        task = asyncio.create_task(ratings.run())
        await asyncio.wait([task], timeout=0.05)
        assert not task.done()
    task.cancel()
