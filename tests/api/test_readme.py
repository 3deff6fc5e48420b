"""The README tells of every endpoint, as the code has it."""

from __future__ import annotations

import pytest
from helpers.api import readme
from helpers.replay import VERSIONS

from voice_assistant.api.endpoints import ENDPOINTS


def test_the_table_in_the_readme_is_made_from_the_code():
    text = readme.README.read_text(encoding="utf-8")
    assert readme.BEGIN in text
    assert text == readme.renewed(text), "renew it: python tests/helpers/api/readme.py"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=[one.call for one in ENDPOINTS])
def test_every_endpoint_is_reached_by_a_command_and_tested_on_both_versions(endpoint):
    assert readme.commands(endpoint) or endpoint.call == "chat_blocking"  # for programs
    if endpoint.number > readme.RECORDED:
        return
    if endpoint.number != 23:
        assert all(readme.traces(endpoint, version) for version in VERSIONS)
    else:  # nothing to follow on a server that cannot begin it
        assert readme.traces(endpoint, VERSIONS[1])
