from __future__ import annotations

from helpers.server.running import ScriptedRecognizer, ToneVoice, running


async def get(tmp_path, path, **parts):
    async def scenario():
        async with running(tmp_path, **parts) as server:
            return (await server.client.get(path)).json()

    return await scenario()


async def test_parameters_offer_speech_where_the_engines_are(tmp_path):
    offered = await get(tmp_path, "/parameters", voice=ToneVoice(), recognizer=ScriptedRecognizer())
    assert offered["speech_to_text"] == {"enabled": True}
    assert offered["text_to_speech"] == {
        "enabled": True,
        "voice": "tone",
        "language": "en-US",
        "autoPlay": "enabled",
    }
    assert offered["suggested_questions_after_answer"] == {"enabled": True}
    assert offered["suggested_questions"]
    assert offered["user_input_form"] == []


async def test_parameters_do_not_offer_speech_where_the_engines_are_missing(tmp_path):
    offered = await get(tmp_path, "/parameters")
    assert offered["speech_to_text"] == {"enabled": False}
    assert offered["text_to_speech"]["enabled"] is False
    assert offered["text_to_speech"]["autoPlay"] == "disabled"


async def test_info_meta_and_site_have_the_fields_of_the_documents(tmp_path):
    info = await get(tmp_path, "/info")
    assert set(info) == {"name", "description", "tags", "mode", "author_name"}
    assert info["mode"] == "advanced-chat"
    assert await get(tmp_path, "/meta") == {"tool_icons": {}}
    site = await get(tmp_path, "/site")
    assert site["title"] == info["name"]
    assert site["icon_type"] == "emoji"
