from __future__ import annotations

import asyncio
import os
import socket

import pytest
from fakes import until

from voice_assistant.system import service


@pytest.fixture
def manager(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def said(manager) -> str:
    try:
        return manager.recv(100).decode()
    except BlockingIOError:
        return ""


def test_the_service_manager_hears_what_is_told(manager, tmp_path):
    service.tell(service.READY, {"NOTIFY_SOCKET": str(tmp_path / "notify")})
    assert said(manager) == "READY=1"


@pytest.mark.parametrize("address", ["", "/nowhere/notify", "@nowhere"])
def test_without_one_nothing_happens(address):
    service.tell(service.READY, {"NOTIFY_SOCKET": address})


async def test_signs_of_life_come_as_often_as_they_are_wanted(manager, tmp_path):
    environ = {
        "NOTIFY_SOCKET": str(tmp_path / "notify"),
        "WATCHDOG_USEC": "20000",
        "WATCHDOG_PID": str(os.getpid()),
    }
    living = asyncio.create_task(service.tell_of_life(environ))
    for _ in range(3):
        await until(lambda: said(manager) == "WATCHDOG=1")
    living.cancel()
    await until(lambda: said(manager) == "STOPPING=1")


@pytest.mark.parametrize("watched", ["", "1"], ids=["nobody watches", "another process is watched"])
async def test_without_a_watchdog_no_signs_of_life_are_sent(manager, tmp_path, watched):
    environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_PID": watched}
    living = asyncio.create_task(service.tell_of_life(environ | {"WATCHDOG_USEC": "2000"}))
    await asyncio.sleep(0.02)
    living.cancel()
    await asyncio.wait([living])
    assert said(manager) == "STOPPING=1"
