"""What tests share: a real desktop without a screen."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import hypothesis
import platformdirs
import pytest
from bench import Desktop

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator


# The homes of tests are empty; the models are those of the user who runs the tests.
os.environ.setdefault(
    "VOICE_ASSISTANT_MODELS", str(platformdirs.user_data_path("voice-assistant") / "models")
)

# Tests read English words and 24 hours, whatever the language of the user who runs them.
if everything := os.environ.pop("LC_ALL", ""):
    os.environ["LANG"] = everything
os.environ |= {"LANGUAGE": "en", "LC_TIME": "en_GB.UTF-8", "LC_NUMERIC": "en_GB.UTF-8"}

hypothesis.settings.register_profile("the same stories each time", derandomize=True)

REAL_PARTS = ("tests/desktop/", "tests/e2e/")
REAL_SOUND = "tests/sound/"

MOST_PRINTED = 100_000
"""Letters of a test's output that are kept."""


def pytest_configure(config: pytest.Config) -> None:
    """Tell the same stories each time, unless a seed is given, as `packaging/check.sh` does.

    A change is not to be refused for a story that it has nothing to do with.
    """
    if config.getoption("--hypothesis-seed") is None:
        hypothesis.settings.load_profile("the same stories each time")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the slow tests: those with real sound servers, panels and voices.

    They, and those with real sound, have two more tries: a machine that stands still for a second
    in the middle of a sentence proves nothing. What was tried again is counted in the summary. Long
    tests, in which that is not so rare, have to be able to wait. `-p no:rerunfailures` shows which
    tests are unsteady.
    """
    tries_again = config.pluginmanager.hasplugin("rerunfailures")
    items.sort(key=lambda item: not item.nodeid.startswith(REAL_PARTS))
    for item in items:
        real = item.nodeid.startswith((*REAL_PARTS, REAL_SOUND))
        if tries_again and real and item.get_closest_marker("long") is None:
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the end of what a test has printed.

    PortAudio's thread prints without end once it spins, and a report of gigabytes would end the
    test process, with all tests that it still has.
    """
    report = yield
    report.sections = [(title, text[-MOST_PRINTED:]) for title, text in report.sections]
    return report


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The loop of tests that are coroutines."""
    return "asyncio"


@pytest.fixture(scope="session")
def desktop() -> Iterator[Desktop]:
    """A whole desktop, shared by the tests of one process: leave it as you found it.

    A test that kills or changes parts makes a desktop of its own by `make_desktop`.
    """
    with Desktop() as whole:
        yield whole


@pytest.fixture
def make_desktop() -> Iterator[Callable[..., Desktop]]:
    """Desktops of the test's own, whole or in part: `make_desktop(panel=False, sound=False)`."""
    with ExitStack() as stack:

        def make(**parts: Any) -> Desktop:
            return stack.enter_context(Desktop(**parts))

        yield make
