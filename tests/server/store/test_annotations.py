from __future__ import annotations

import uuid

from helpers.server.running import kinds, refusals, running, text_of

from voice_assistant.server.store.annotations import similarity

ANNOTATION = {"question": "What is your name?", "answer": "I am nobody."}
PATH = "/apps/annotations"


async def test_annotations_are_made_changed_listed_and_deleted(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            client = server.client
            made = await client.post(PATH, json=ANNOTATION)
            assert made.status_code == 201
            one = f"{PATH}/{made.json()['id']}"
            for n in range(2):
                await client.post(PATH, json={"question": f"q{n}", "answer": "a"})
            changed = (await client.put(one, json={"question": "Q2", "answer": "A2"})).json()
            page = (await client.get(PATH, params={"page": 2, "limit": 2})).json()
            deleted = [(await client.delete(one)).status_code for _ in range(2)]
            return made.json(), changed, page, deleted

    made, changed, page, deleted = await scenario()
    assert made["question"] == "What is your name?"
    assert made["hit_count"] == 0
    assert changed == {**made, "question": "Q2", "answer": "A2"}
    assert page == {"data": [changed], "has_more": False, "limit": 2, "total": 3, "page": 2}
    assert deleted == [204, 404]


async def test_an_invalid_annotation_is_refused(tmp_path):
    reply = "/apps/annotation-reply"
    nobody = uuid.uuid4()
    requests = [
        ("POST", PATH, {"json": {"question": "x"}}),
        ("POST", PATH, {"json": {"question": "", "answer": "x"}}),
        ("GET", PATH, {"params": {"page": 0}}),
        ("POST", f"{reply}/maybe", {"json": {}}),
        ("POST", f"{reply}/enable", {"json": {"score_threshold": 2}}),
        ("GET", f"{reply}/enable/status/{nobody}", {}),
    ]
    assert await refusals(tmp_path, requests) == [(400, "invalid_param")] * len(requests)
    gone = [("PUT", f"{PATH}/{nobody}", {"json": ANNOTATION}), ("DELETE", f"{PATH}/{nobody}", {})]
    assert await refusals(tmp_path, gone) == [(404, "not_found")] * 2


async def test_a_similar_question_gets_the_prepared_answer_while_that_is_enabled(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:

            async def switch(action):
                path = f"/apps/annotation-reply/{action}"
                settings = {
                    "score_threshold": 0.9,
                    "embedding_provider_name": "x",
                    "embedding_model_name": "y",
                }
                job = (await server.client.post(path, json=settings)).json()
                assert job["job_status"] == "waiting"
                status = (await server.client.get(f"{path}/status/{job['job_id']}")).json()
                enabled = (await server.client.get("/parameters")).json()["annotation_reply"]
                return status, enabled

            await server.client.post(PATH, json=ANNOTATION)
            answers = [text_of(await server.chat("what is your name"))]
            enabled = await switch("enable")
            seen = await server.chat("What is you name")
            answers += [text_of(seen), text_of(await server.chat("what is your shoe size"))]
            disabled = await switch("disable")
            answers.append(text_of(await server.chat("what is your name")))
            (one,) = (await server.client.get(PATH)).json()["data"]
            return answers, enabled, disabled, one["hit_count"], kinds(seen)

    answers, enabled, disabled, hits, seen = await scenario()
    assert answers == [
        "You said: what is your name",
        "I am nobody.",
        "You said: what is your shoe size",
        "You said: what is your name",
    ]
    assert (enabled[0]["job_status"], enabled[1]) == ("completed", {"enabled": True})
    assert (disabled[0]["job_status"], disabled[1]) == ("completed", {"enabled": False})
    assert hits == 1
    assert seen == ["workflow_started", "message", "workflow_finished", "message_end"]


def test_similarity_looks_at_words_alone():
    assert similarity("What is your name?", "  what is YOUR name") == 1
    assert similarity("", "") == 1
    assert similarity("stop", "go") < 0.5
