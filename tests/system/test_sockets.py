"""Whose a local connection is."""

from __future__ import annotations

import os
import socket
import sys

import pytest

from voice_assistant.system.sockets import is_ours, tells_owners


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_a_connection_is_ours_and_no_other_is():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            own = client.getsockname()[1]
            assert is_ours(own, port)
            assert not is_ours(port, port)
            assert not is_ours(own, port + 1)


def test_a_connection_of_another_account_is_not(tmp_path):
    table = tmp_path / "tcp"
    row = "0: 0100007F:1234 0100007F:2345 01 00000000:00000000 00:00000000 00000000 {} 0 1"
    table.write_text(f"head\n {row.format(os.getuid())}\n")
    assert is_ours(0x1234, 0x2345, table)
    table.write_text(f"head\n {row.format(os.getuid() + 1)}\n")
    assert not is_ours(0x1234, 0x2345, table)


def test_where_the_system_does_not_tell_nothing_is_ours(tmp_path):
    assert not tells_owners(tmp_path / "none")
    assert not is_ours(1, 2, tmp_path / "none")
