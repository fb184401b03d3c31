"""All that learners are told of answers, praise too, in one stored file.

`python feedback.py` (from `make messages`) stores it anew; `test_exercises.py` compares. How a
learner's mistakes are named, and how kindly, is read there in one go.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from answers import solved, typed

from bpderiv.exercises import desk
from bpderiv.exercises.exercise import exercises

STORED = Path(__file__).parent / "feedback.md"
#: What no exercise can read, each with the exercise that it is given to.
UNREADABLE = (
    ("4.1", r"e_{k,b"), ("4.1", r"f_{k,b}"), ("4.1", r"e_{k,c} \varphi_k'(v_{k,b})"),
    ("4.1", 3), ("4.1", [1, 2]), ("4.1", r"e_{k,b}, y_{k,b}"), ("4.1", "x" * 5000),
    ("4.1", r"E_{k,b}"), ("4.1", "__import__('os')"),
    ("4.5", "much"), ("4.5", [1]), ("4.5", True), ("4.5", "1/0"),
    ("4.6", 7), ("4.6", lambda delta_k, y_j, eta: 1 / 0), ("4.6", lambda delta_k, y_j, eta: None),
    ("4.6", lambda delta_k, y_j, eta: "x"), ("4.6", lambda: 0),
    ("4.7", 0), ("4.7", "first"), ("4.8", "A B"), ("4.8", 12), ("5.1", "wide"), ("5.1", 3),
    ("5.5", "[[0], [1]]"), ("5.5", [["x"]]), ("5.5", []),
)  # fmt: skip
#: Steps, whole layers, equal forms that an exercise did not expect.
STEPS = (
    ("4.1", r"\delta_{k,b} = -\frac{\partial \mathcal{E}}{\partial v_{k,b}} = "
            r"e_{k,b} \varphi_k'(v_{k,b})"),
    ("4.1", r"-\frac{\partial \mathcal{E}}{\partial v_{k,b}} = e_{k,b} y_{k,b}"),
    ("4.1", r"e_k \odot \varphi_k'(v_k)"),
    ("4.1", r"(d_{k,b} - y_{k,b}) \varphi_k'(v_{k,b})"),
    ("4.1", r"\delta_{k,b}"),
)  # fmt: skip


def cases():
    """(what was answered, what is said)."""
    for id_, asked in exercises().items():
        yield f"{id_}, not tried", desk.judge(asked, None)
        yield f"{id_}, solution", desk.check(id_, solved(asked))
        for number, wrong in enumerate(asked.wrong):
            yield f"{id_}: {wrong.answer}", judged(id_, number)
    for id_, answer in (*UNREADABLE, *STEPS):
        shown = "a function" if callable(answer) else f"{answer!s:.200}"
        yield f"{id_}: {shown}", desk.judge(exercises()[id_], answer)


@cache
def judged(id_: str, number: int):
    """What is said of one of the wrong answers beside an exercise; two tests ask."""
    asked = exercises()[id_]
    return desk.judge(asked, typed(asked, asked.wrong[number].answer))


def text() -> str:
    """The whole file."""
    parts = ["# What learners are told\n\nMade by `make messages`; compared by a test.\n"]
    parts += [f"```\n{given}\n```\n```text\n{said!r}\n```\n" for given, said in cases()]
    return "\n".join(parts)


if __name__ == "__main__":
    STORED.write_text(text(), encoding="utf-8")
    print(f"{STORED.name}: written", file=sys.stderr)
