"""An exercise, and the bank that all are read from: one TOML file for each notebook.

The bank is the only place where an exercise stands. The student's cells, the solved notebook and
the tests of every answer are made from it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

KINDS = ("equation", "jacobian", "shape", "number", "order", "find", "function")
#: What every exercise says; what else it may say depends on its kind.
_NEEDED = ("id", "kind", "title", "ask", "solution", "hints", "why", "another")
_WRONG = ("answer", "says")


class BankError(ValueError):
    """Something in the bank of exercises is not as it must be."""


@dataclass(frozen=True)
class WrongAnswer:
    """A wrong answer of the bank, and words that what is said of it must contain.

    `tell` is the whole sentence to be said, where no rule finds one (numbers of a Jacobian).
    """

    answer: Any
    says: str
    tell: str = ""


@dataclass(frozen=True)
class Exercise:
    """One exercise. `more` holds what only its kind needs."""

    id: str
    kind: str
    title: str
    ask: str
    solution: Any
    hints: tuple[str, ...]
    why: str
    another: str
    wrong: tuple[WrongAnswer, ...]
    more: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def notebook(self) -> str:
        """The number of its notebook, two digits."""
        return f"{int(self.id.partition('.')[0]):02}"


def read_bank(text: str, name: str) -> list[Exercise]:
    """The exercises of one file.

    Errors
    ------
    BankError
        for what is not TOML, or lacks something.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BankError(f"{name}: {error}") from None
    return [_made(dict(row), name) for row in data.get("exercise", [])]


def _made(row: dict, name: str) -> Exercise:
    where = f"{name}, exercise {row.get('id', '?')}"
    if missing := [key for key in _NEEDED if key not in row]:
        raise BankError(f"{where}: {', '.join(missing)} missing")
    if row["kind"] not in KINDS:
        raise BankError(f"{where}: a kind is one of {', '.join(KINDS)}, not {row['kind']!r}")
    wrong = row.pop("wrong", [])
    for answer in wrong:
        if missing := [key for key in _WRONG if key not in answer]:
            raise BankError(f"{where}: a wrong answer without {', '.join(missing)}")
    fields = {key: row.pop(key) for key in _NEEDED}
    fields["hints"] = tuple(fields["hints"])
    return Exercise(**fields, wrong=tuple(WrongAnswer(**x) for x in wrong), more=row)


@cache
def exercises() -> dict[str, Exercise]:
    """All exercises by their ids, in the order of the course."""
    found: dict[str, Exercise] = {}
    folder = resources.files("bpderiv.exercises") / "bank"
    for file in sorted(folder.iterdir(), key=lambda x: x.name):
        if file.name.endswith(".toml"):
            for exercise in read_bank(file.read_text(encoding="utf-8"), file.name):
                if exercise.id in found:
                    raise BankError(f"{file.name}: there are two exercises {exercise.id}")
                found[exercise.id] = exercise
    return found


def exercise(id_: str) -> Exercise:
    """The exercise with an id.

    Errors
    ------
    ValueError
        if there is none; it names those that are near.
    """
    known = exercises()
    if id_ not in known and re.search(r"[\\=]", str(id_)):
        raise ValueError(
            f"this check is for exercises, and {str(id_)[:40]!r} is the id of none. For a line of "
            "mathematics: import bpderiv, then bpderiv.check(…)"
        )
    if id_ not in known:
        number = str(id_).partition(".")[0]
        near = [x for x in known if x.partition(".")[0] == number] or list(known)
        raise ValueError(f"there is no exercise {id_!r}; there are {', '.join(near)}")
    return known[id_]
