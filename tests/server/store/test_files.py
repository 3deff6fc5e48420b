from __future__ import annotations

from helpers.server.running import ME, refusals, running


async def upload(tmp_path, files, data=ME):
    async def scenario():
        async with running(tmp_path) as server:
            return await server.client.post("/files/upload", files=files, data=data)

    return await scenario()


def kept(tmp_path):
    folder = tmp_path / "files"
    return list(folder.iterdir()) if folder.exists() else []


async def test_a_file_is_kept_for_its_owner_alone(tmp_path):
    response = await upload(tmp_path, {"file": ("日本 語.txt", b"hi", "text/plain")})
    assert response.status_code == 201
    file = response.json()
    assert (file["name"], file["size"], file["extension"]) == ("日本 語.txt", 2, "txt")
    assert (file["mime_type"], file["created_by"]) == ("text/plain", "me")
    (path,) = kept(tmp_path)
    assert (path.name, path.read_bytes()) == (file["id"], b"hi")
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_file_can_be_asked_about_by_who_uploaded_it(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            files = {"file": ("red.png", b"png", "image/png")}
            file = (await server.client.post("/files/upload", files=files, data=ME)).json()
            about = {
                "type": "image",
                "transfer_method": "local_file",
                "upload_file_id": file["id"],
            }
            seen = await server.chat("what is it", files=[about])
            params = {**ME, "conversation_id": seen[0]["conversation_id"]}
            message = (await server.client.get("/messages", params=params)).json()["data"][0]
            asked = {"query": "x", "user": "other", "files": [about]}
            other = await server.client.post("/chat-messages", json=asked)
            return file, message["message_files"], other.status_code

    file, (attached,), other = await scenario()
    assert (attached["id"], attached["filename"]) == (file["id"], "red.png")
    assert (attached["type"], attached["belongs_to"]) == ("image", "user")
    assert other == 400


async def test_a_file_that_cannot_be_kept_is_refused_and_leaves_nothing(tmp_path):
    text = ("a.txt", b"x", "text/plain")
    uploads = [
        ({"other": text}, ME, (400, "no_file_uploaded")),
        ({"file": text}, {}, (400, "invalid_param")),
        ({"file": ("a/b.txt", b"x", "text/plain")}, ME, (400, "invalid_param")),
        ({"file": ("a.txt", bytes(16 << 20), "text/plain")}, ME, (413, "file_too_large")),
        ({"file": ("a.png", bytes(11 << 20), "image/png")}, ME, (413, "file_too_large")),
        ([("file", text), ("file", text)], ME, (400, "too_many_files")),
    ]
    requests = [("POST", "/files/upload", {"files": f, "data": data}) for f, data, _ in uploads]
    assert await refusals(tmp_path, requests) == [expected for *_, expected in uploads]
    assert kept(tmp_path) == []


async def test_a_file_without_a_name_is_refused(tmp_path):
    response = await upload(tmp_path, {"file": ("", b"x", "text/plain")})
    assert response.status_code == 400
