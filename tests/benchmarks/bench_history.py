"""What the record costs: the event loop while a turn is recorded, search, the file.

    python tests/benchmarks/bench_history.py [turns]

Turns are made of words in the frequencies of a language (Zipf), every tenth turn of Chinese signs.
"""

from __future__ import annotations

import itertools
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from voice_assistant import events
from voice_assistant.history.recorded_turn import RecordedTurn, Stages, State
from voice_assistant.history.recorder import Recorder
from voice_assistant.history.store import Store
from voice_assistant.history.writer import Writer

TURNS = 100_000
RNG = random.Random(7)  # noqa: S311  (the same each time)
LETTERS = "eeeeetttaaooiinnsshhrrddlluucmfwygpbvk"
WORDS = ["".join(RNG.choices(LETTERS, k=RNG.randint(2, 10))) for _ in range(20_000)]
SHARES = [*itertools.accumulate(1 / rank for rank in range(1, len(WORDS) + 1))]
SIGNS = [chr(0x4E00 + at) for at in range(3000)]
SIGN_SHARES = [*itertools.accumulate(1 / rank for rank in range(1, len(SIGNS) + 1))]


def text(words: int, *, chinese: bool) -> str:
    if chinese:
        return "".join(RNG.choices(SIGNS, cum_weights=SIGN_SHARES, k=words * 2))
    return " ".join(RNG.choices(WORDS, cum_weights=SHARES, k=words))


def turn(number: int, state: State = "complete") -> RecordedTurn:
    chinese = number % 10 == 0
    return RecordedTurn(
        began_s=1.7e9 + number * 60,
        origin="voice",
        state=state,
        question=text(8, chinese=chinese),
        answer=text(55, chinese=chinese),
        conversation_id=f"9e22ae13-775e-49f3-b35b-{number // 10:012d}",
        message_id=f"d2623427-0098-4c1f-8705-{number:012d}",
        suggestions=tuple(text(5, chinese=chinese) for _ in range(3)),
        stages=Stages(listening=20, recorded=2000, words=2200, text=2900, audio=3000, end=9000),
    )


def of_the_loop(folder: Path) -> None:
    """One turn of 600 pieces in 30 s of speech, as the event loop of the daemon sees it."""
    told: list[events.AnyEvent] = [events.Listening(turn=1), events.Transcribing(turn=1)]
    told.append(events.Asked(turn=1, question=text(8, chinese=False), source="voice"))
    told += [events.Text(turn=1, delta=f" {text(1, chinese=False)}") for _ in range(600)]
    told.append(
        events.Answered(
            turn=1,
            text=text(600, chinese=False),
            message_id="m",
            conversation_id="c",
            complete=True,
        )
    )
    told += [events.Suggested(turn=1, questions=("a", "b", "c")), events.Idle(turn=1)]
    steps_ms, process_s = [], []
    with Writer(folder / "loop.sqlite3", print) as writer:
        for _ in range(30):
            recorder = Recorder(writer)
            cpu_s = time.process_time()
            for event in told:
                began_s = time.perf_counter()
                recorder.handle(event)
                steps_ms.append((time.perf_counter() - began_s) * 1000)
            while not writer._queue.empty() or writer._unwritten:
                time.sleep(0.001)
            process_s.append(time.process_time() - cpu_s)
    steps_ms.sort()
    print(
        f"a step of the loop: median {statistics.median(steps_ms):.4f} ms, "
        f"99.9 % within {steps_ms[int(len(steps_ms) * 0.999)]:.3f} ms, "
        f"longest {steps_ms[-1]:.3f} ms"
    )
    print(f"CPU of a turn, with its writes: {statistics.median(process_s) * 1000:.1f} ms")


def fill(store: Store, turns: int) -> float:
    """Write turns; return the milliseconds for one."""
    took_s = 0.0
    for number in range(turns):
        one = turn(number)
        began_s = time.perf_counter()
        store.write(one)
        took_s += time.perf_counter() - began_s
    return took_s / turns * 1000


def of_searches(store: Store) -> None:
    searches = {
        "a frequent word": WORDS[5],
        "a rare word": WORDS[15_000],
        "two words": f"{WORDS[50]} {WORDS[9000]}",
        "a phrase of one turn": store.turn(1234).answer[20:60],
        "nothing": "xqzjxqzj",
        "one Chinese sign": SIGNS[1500],
        "two Chinese signs": SIGNS[20] + SIGNS[300],
        "four Chinese signs": store.turn(101).answer[5:9],
        "one letter": "e",
        "two letters": "qu",
        "the last 20, without a search": "",
    }
    for name, words in searches.items():
        took_ms = []
        for _ in range(7):
            began_s = time.perf_counter()
            found = store.turns(search=words)
            took_ms.append((time.perf_counter() - began_s) * 1000)
        print(f"{name:32}{statistics.median(took_ms):8.1f} ms  ({len(found)} shown)")


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        of_the_loop(folder)
        file = folder / "history.sqlite3"
        with Store(file) as store:
            print(f"{turns} turns written, {fill(store, turns):.2f} ms each")
            of_searches(store)
        size_mb = sum(one.stat().st_size for one in folder.glob("history*")) / 1e6
        print(f"file: {size_mb:.0f} MB")
        began_s = time.perf_counter()
        Store(file).close()
        print(f"opened in {(time.perf_counter() - began_s) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
