"""The documents tell of every endpoint, as the code has it."""

from __future__ import annotations

import pytest
from helpers.api import endpoint_table
from helpers.replay import VERSIONS

from voice_assistant.api.endpoints import ENDPOINTS


def test_the_table_in_the_documents_is_made_from_the_code():
    text = endpoint_table.DOCUMENT.read_text(encoding="utf-8")
    assert endpoint_table.BEGIN in text
    assert text == endpoint_table.renewed(text), (
        "renew it: python tests/helpers/api/endpoint_table.py"
    )


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=[one.call for one in ENDPOINTS])
def test_every_endpoint_is_reached_by_a_command_and_tested_on_both_versions(endpoint):
    assert endpoint_table.commands(endpoint) or endpoint.call == "chat_blocking"  # for programs
    if endpoint.number > endpoint_table.RECORDED:
        return
    if endpoint.number != 23:
        assert all(endpoint_table.traces(endpoint, version) for version in VERSIONS)
    else:  # nothing to follow on a server that cannot begin it
        assert endpoint_table.traces(endpoint, VERSIONS[1])
