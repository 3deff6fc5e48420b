from __future__ import annotations

import uuid

import pytest
from helpers.server.running import ME, refusals, running

from voice_assistant.server.store.history import name_from


async def converse(tmp_path, steps):
    """Run `steps(server, conversation_id)` after a conversation of three questions."""

    async def scenario():
        async with running(tmp_path) as server:
            seen = await server.chat("first question")
            conversation = seen[0]["conversation_id"]
            for question in ("second", "third"):
                await server.chat(question, conversation_id=conversation)
            return await steps(server, conversation)

    return await scenario()


async def test_messages_are_paged_from_the_newest_and_each_page_ascends(tmp_path):
    async def steps(server, conversation):
        params = {**ME, "conversation_id": conversation, "limit": 2}
        newest = (await server.client.get("/messages", params=params)).json()
        params["first_id"] = newest["data"][0]["id"]
        return newest, (await server.client.get("/messages", params=params)).json()

    newest, older = await converse(tmp_path, steps)
    assert [message["query"] for message in newest["data"]] == ["second", "third"]
    assert (newest["has_more"], newest["limit"]) == (True, 2)
    assert [message["query"] for message in older["data"]] == ["first question"]
    assert not older["has_more"]
    assert older["data"][0]["answer"] == "You said: first question"
    assert older["data"][0]["feedback"] is None


async def test_pages_that_cannot_be_are_refused(tmp_path):
    nobody = str(uuid.uuid4())

    async def steps(server, conversation):
        messages = ("/messages", {**ME, "conversation_id": conversation})
        conversations = ("/conversations", ME)
        variables = (f"/conversations/{conversation}/variables", ME)
        wrongs = [
            (*messages, {"conversation_id": ""}, 400),
            (*messages, {"conversation_id": nobody}, 404),
            (*messages, {"user": "other"}, 404),
            (*messages, {"user": ""}, 400),
            (*messages, {"limit": "0"}, 400),
            (*messages, {"limit": "101"}, 400),
            (*messages, {"limit": "many"}, 400),
            (*messages, {"first_id": nobody}, 404),
            (*conversations, {"sort_by": "name"}, 400),
            (*conversations, {"last_id": nobody}, 404),
            (*conversations, {"user": ""}, 400),
            (*variables, {"user": "other"}, 404),
            (*variables, {"last_id": nobody}, 404),
        ]
        for path, good, wrong, status in wrongs:
            response = await server.client.get(path, params={**good, **wrong})
            assert (response.status_code, wrong) == (status, wrong)
            assert response.json()["code"] == {400: "invalid_param", 404: "not_found"}[status]

    await converse(tmp_path, steps)


async def test_conversations_are_sorted_and_paged(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            ids = [(await server.chat(f"question {n}"))[0]["conversation_id"] for n in range(3)]
            await server.chat("again", conversation_id=ids[0])
            pages = {}
            for sort_by in ("created_at", "-created_at", "updated_at", "-updated_at"):
                last, pages[sort_by] = "", []
                for _ in range(2):
                    params = {**ME, "limit": 2, "last_id": last, "sort_by": sort_by}
                    page = (await server.client.get("/conversations", params=params)).json()
                    pages[sort_by] += [ids.index(one["id"]) for one in page["data"]]
                    last = page["data"][-1]["id"]
                assert not page["has_more"]
            return pages

    pages = await scenario()
    assert pages["created_at"] == [0, 1, 2]
    assert pages["-created_at"] == [2, 1, 0]
    assert pages["updated_at"] == [1, 2, 0]
    assert pages["-updated_at"] == [0, 2, 1]


async def test_a_conversation_is_renamed_by_hand_or_from_its_first_question(tmp_path):
    async def steps(server, conversation):
        path = f"/conversations/{conversation}/name"
        by_hand = await server.client.post(path, json={"name": "Mine", **ME})
        made = await server.client.post(path, json={"auto_generate": True, **ME})
        neither = await server.client.post(path, json=ME)
        other = await server.client.post(path, json={"name": "Mine", "user": "other"})
        return by_hand.json(), made.json(), neither.status_code, other.status_code

    by_hand, made, neither, other = await converse(tmp_path, steps)
    assert by_hand["name"] == "Mine"
    assert made["name"] == "first question"
    assert set(made) >= {"id", "inputs", "status", "introduction", "created_at", "updated_at"}
    assert (neither, other) == (400, 404)


async def test_a_conversation_is_not_named_where_that_was_not_wanted(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            await server.chat("hi", auto_generate_name=False)
            return (await server.client.get("/conversations", params=ME)).json()

    assert (await scenario())["data"][0]["name"] == "New conversation"


async def test_a_deleted_conversation_is_gone_with_its_messages(tmp_path):
    async def steps(server, conversation):
        async def delete(user):
            path = f"/conversations/{conversation}"
            return (await server.client.request("DELETE", path, json={"user": user})).status_code

        statuses = [await delete("other"), await delete("me"), await delete("me")]
        params = {**ME, "conversation_id": conversation}
        statuses.append((await server.client.get("/messages", params=params)).status_code)
        return statuses

    assert await converse(tmp_path, steps) == [404, 204, 404, 404]


async def test_ratings_are_kept_changed_and_taken_back(tmp_path):
    async def steps(server, conversation):
        params = {**ME, "conversation_id": conversation, "limit": 1}
        message = (await server.client.get("/messages", params=params)).json()["data"][0]
        path = f"/messages/{message['id']}/feedbacks"

        async def rate(**fields):
            return (await server.client.post(path, json={**ME, **fields})).status_code

        async def rating():
            page = (await server.client.get("/messages", params=params)).json()
            return page["data"][0]["feedback"]

        assert await rate(rating="dislike", content="meh") == 200
        assert await rate(rating="like", content="well") == 200
        assert await rating() == {"rating": "like"}
        listed = (await server.client.get("/app/feedbacks")).json()["data"]
        assert await rate(rating="meh") == 400
        assert await rate(rating=None) == 200
        assert await rate(rating=None) == 400
        assert await rating() is None
        assert await rate(rating="like", user="other") == 404
        return message, listed

    message, listed = await converse(tmp_path, steps)
    (feedback,) = listed
    assert feedback["message_id"] == message["id"]
    assert feedback["conversation_id"] == message["conversation_id"]
    assert (feedback["rating"], feedback["content"]) == ("like", "well")
    assert (feedback["from_source"], feedback["from_end_user_id"]) == ("user", "me")


async def test_variables_are_what_the_skills_remember(tmp_path):
    async def steps(server, conversation):
        server.parts.history.remember(
            conversation, '{"intent":"timer","slots":{"minutes":5},"n":3}'
        )
        path = f"/conversations/{conversation}/variables"
        everything = (await server.client.get(path, params=ME)).json()
        one = (await server.client.get(path, params={**ME, "variable_name": "intent"})).json()
        first = (await server.client.get(path, params={**ME, "limit": 1})).json()
        rest = {**ME, "last_id": first["data"][0]["id"]}
        return everything, one, first, (await server.client.get(path, params=rest)).json()

    everything, one, first, rest = await converse(tmp_path, steps)
    assert [(v["name"], v["value_type"], v["value"]) for v in everything["data"]] == [
        ("intent", "string", "timer"),
        ("slots", "object", '{"minutes":5}'),
        ("n", "number", "3"),
    ]
    assert [v["name"] for v in one["data"]] == ["intent"]
    assert (first["has_more"], len(first["data"])) == (True, 1)
    assert (rest["has_more"], [v["name"] for v in rest["data"]]) == (False, ["slots", "n"])


async def test_a_conversation_of_nobody_is_not_found(tmp_path):
    nobody = uuid.uuid4()
    requests = [
        ("GET", f"/messages/{nobody}/suggested", {"params": ME}),
        ("POST", f"/messages/{nobody}/feedbacks", {"json": {"rating": "like", **ME}}),
        ("GET", f"/conversations/{nobody}/variables", {"params": ME}),
        ("POST", f"/conversations/{nobody}/name", {"json": {"name": "x", **ME}}),
        ("DELETE", f"/conversations/{nobody}", {"json": ME}),
        ("GET", "/conversations/abc/variables", {"params": ME}),
    ]
    assert await refusals(tmp_path, requests) == [(404, "not_found")] * len(requests)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What time is it?", "What time is it?"),
        ("  two\n words ", "two words"),
        ("   ", "New conversation"),
        ("word " * 20, "word word word word word word word word word …"),
    ],
)
def test_a_name_is_the_beginning_of_a_question(question, name):
    assert name_from(question) == name
