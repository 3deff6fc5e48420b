"""Values of TZ that are none."""

from __future__ import annotations

import datetime as dt
import os
import time

import pytest

from voice_assistant.system import time_zone


@pytest.fixture
def zone(monkeypatch):
    def set_to(value):
        monkeypatch.setenv("TZ", value)
        time.tzset()

    yield set_to
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("odd", ["XXX-167:59:59", "XXX99999", "<+24>-24", "XXX-24:00:01"])
def test_a_zone_that_python_cannot_use_becomes_utc(zone, odd):
    zone(odd)
    assert time_zone.mend() == odd
    assert dt.datetime.now().astimezone().utcoffset() == dt.timedelta(0)
    assert os.environ["TZ"] == "UTC"
    assert time_zone.mend() == ""


@pytest.mark.parametrize("good", ["", ":", "UTC", "Nonsense/Zone", "XXX-23:59", "A" * 300])
def test_a_usable_time_zone_is_kept(zone, good):
    zone(good)
    assert time_zone.mend() == ""
    assert os.environ["TZ"] == good
