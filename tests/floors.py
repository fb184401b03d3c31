"""How much a green run must have checked, and how that is counted.

A test suite can go green by checking nothing: a loop over an empty table, a notebook that is not
collected. So tests count what they prove (the fixture `count`), and `pytest --floors` is red when
a count is below its floor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

#: Raised by hand when the course grows. Never lowered in silence: a commit that lowers a number
#: says in its message what is no longer checked, and why that is right.
FLOORS = {
    "proofs": 52,
    "jacobians": 32,
    "comparisons": 1730,
    "mutants": 225,
    "equations of the notes": 46,
    "typed equations": 348,
    "planted mistakes": 13000,
    "exercises": 72,
    "wrong answers": 411,
    "equal forms": 260,
    "answers named": 135,
    "bugs named": 195,
    "notebooks": 20,
}

WORDS = {
    "proofs": "proofs",
    "jacobians": "Jacobians",
    "comparisons": "comparisons",
    "mutants": "mutants",
    "equations of the notes": "equations of the notes",
    "typed equations": "typed equations",
    "planted mistakes": "planted mistakes",
    "exercises": "exercises",
    "wrong answers": "wrong answers",
    "equal forms": "equal forms",
    "answers named": "answers named",
    "bugs named": "bugs named",
    "notebooks": "notebooks ran",
}

#: What tests may count; notebooks are counted by themselves.
COUNTABLE = WORDS.keys() - {"notebooks"}

#: Counts travel from xdist's workers with the test reports, as user properties of this name.
PROPERTY = "bpderiv count: "
SAID = "bpderiv says"


@dataclass
class Tally:
    """What the reports of a run add up to."""

    counted: Counter = field(default_factory=Counter)
    cells: dict[str, list[bool]] = field(default_factory=dict)  # notebook: did each cell pass?
    said: list[str] = field(default_factory=list)  # sentences for the end of the run

    def add(self, report) -> None:
        """Take in one report of pytest's: only a test that passed has proved anything."""
        notebook, cell, _ = report.nodeid.partition(".ipynb::")
        if cell and (report.when == "call" or not report.passed):
            self.cells.setdefault(f"{notebook}.ipynb", []).append(report.passed)
        if report.when == "call" and report.passed:
            for name, number in report.user_properties:
                if name.startswith(PROPERTY):
                    self.counted[name.removeprefix(PROPERTY)] += number
                elif name == SAID:
                    self.said.append(number)

    def counts(self, cells_in: Callable[[str], int]) -> dict[str, int]:
        """All counts. A notebook ran if all cells passed that `cells_in` says it has."""
        ran = [name for name, passed in self.cells.items() if all(passed) and passed]
        complete = [name for name in ran if len(self.cells[name]) == cells_in(name)]
        return {kind: self.counted[kind] for kind in WORDS} | {"notebooks": len(complete)}


def summary(counts: dict[str, int]) -> str:
    """One line for the end of the run."""
    return "bpderiv: " + ", ".join(f"{counts[kind]} {word}" for kind, word in WORDS.items())


def shortfalls(counts: dict[str, int], floors: dict[str, int] = FLOORS) -> list[str]:
    """A sentence for each count below its floor."""
    return [
        f"too few {kind}: {counts[kind]}, but tests/floors.py asks for {floor}"
        for kind, floor in floors.items()
        if counts[kind] < floor
    ]
