"""Dates, times and numbers: in the form of the locale, or of the chosen language."""

from __future__ import annotations

import time

import pytest

from voice_assistant.system import local_form
from voice_assistant.translation import AUTO, choose

EVENING = time.mktime((2026, 11, 30, 22, 5, 0, 0, 0, -1))


@pytest.fixture
def under(monkeypatch):
    """Sets the environment's locale, and a language if one is chosen."""

    def use(locale: str, language: str = AUTO) -> None:
        for name in ("LC_ALL", "LC_TIME", "LC_NUMERIC"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LANG", locale)
        choose(language)

    yield use
    choose(AUTO)


@pytest.mark.parametrize(
    ("locale", "moment", "number"),
    [
        ("C.UTF-8", "30 Nov 2026 22:05", "12,345.7"),
        ("en_US.UTF-8", "Nov 30, 2026 10:05\N{NARROW NO-BREAK SPACE}PM", "12,345.7"),
        ("de_DE.UTF-8@euro", "30.11.2026 22:05", "12.345,7"),
        ("zh_CN.GB18030", "2026年11月30日 22:05", "12,345.7"),
        ("xx_YY", "30 Nov 2026 22:05", "12,345.7"),
    ],
)
def test_dates_and_numbers_have_the_form_of_the_locale(under, locale, moment, number) -> None:
    under(locale)
    assert local_form.moment(EVENING) == moment
    assert local_form.number(12345.678, 1) == number


def test_a_category_of_its_own_wins(under, monkeypatch) -> None:
    under("en_US.UTF-8")
    monkeypatch.setenv("LC_TIME", "de_DE.UTF-8")
    assert local_form.date(EVENING) == "30.11.2026"
    assert local_form.number(1.5, 1) == "1.5"


def test_a_chosen_language_brings_its_form(under) -> None:
    under("en_US.UTF-8", "zh_CN")
    assert local_form.date(EVENING) == "2026年11月30日"


def test_today_is_a_time_and_tomorrow_has_its_day(under) -> None:
    under("zh_CN.UTF-8")
    assert local_form.soon(time.time()) == local_form.clock(time.time())
    assert local_form.soon(time.time() + 86400)[:1] == "周"


def test_percents_are_whole(under) -> None:
    under("C")
    assert local_form.percent(0.756) == "76%"
