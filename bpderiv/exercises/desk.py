"""The learner's desk: check an answer, ask for a hint or the solution, see how far one is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType

from bpderiv.exercises import choice, equation, function, number, shape, table
from bpderiv.exercises.exercise import Exercise, exercise, exercises
from bpderiv.exercises.feedback import Feedback, Outcome, in_plain_text
from bpderiv.exercises.kept import done, keep
from bpderiv.exercises.typed import is_empty


@dataclass(frozen=True)
class Kind:
    """How answers of one kind are asked for and judged; a number for how they are typed."""

    asks: Callable[[Exercise], list[str]]
    judge: Callable[[Exercise, object], Feedback]


def _kind(module: ModuleType) -> Kind:
    return Kind(module.asks, module.judge)


KINDS = {
    "equation": _kind(equation),
    "jacobian": _kind(table),
    "shape": _kind(shape),
    "number": _kind(number),
    "function": _kind(function),
    "order": Kind(choice.asks, choice.judge_order),
    "find": Kind(choice.asks, choice.judge_find),
}

#: How many hints were given, and which wrong answers were seen, in this session.
_hints: dict[str, int] = {}
_seen: dict[str, set[str]] = {}


def check(id_: str, answer=None) -> Feedback:
    r"""What is to be said of an answer to an exercise.

    >>> check("4.1", r"e_{k,b} \varphi_k'(v_{k,b})").right
    True

    A wrong answer brings the next hint; the solution is never told unasked. An answer is read, or
    called if it is a function; no text is ever run as a program.

    Errors
    ------
    ValueError
        if there is no such exercise.
    """
    asked = exercise(id_)
    found = judge(asked, answer)
    if found.right:
        keep(id_)
        return replace(found, lines=(*found.lines, asked.why, f"Another way to see it: "
                                     f"{asked.another}"))  # fmt: skip
    if found.outcome is Outcome.WRONG:
        return replace(found, lines=(*found.lines, *_next_hint(asked, answer)))
    return found


def judge(asked: Exercise, answer) -> Feedback:
    """The same for an exercise that need not be in the bank, and nothing is remembered."""
    if is_empty(answer):
        return Feedback(asked.id, Outcome.NOT_TRIED, tuple(asks(asked)))
    return KINDS[asked.kind].judge(asked, answer)


def asks(asked: Exercise) -> list[str]:
    """What kind and shape of answer is asked for, and what may be typed."""
    return KINDS[asked.kind].asks(asked)


def hint(id_: str) -> Said:
    """The next hint; after the last one, the first again."""
    asked = exercise(id_)
    number = _hints.get(id_, 0) % len(asked.hints)
    _hints[id_] = number + 1
    return Said(_hint(asked, number))


def _next_hint(asked: Exercise, answer) -> list[str]:
    """A hint for each new wrong answer; none for the same answer twice."""
    text = repr(answer)
    seen = _seen.setdefault(asked.id, set())
    number = _hints.get(asked.id, 0)
    if text in seen or number >= len(asked.hints):
        return [f'`hint("{asked.id}")` repeats the hints, `solution("{asked.id}")` tells it.']
    seen.add(text)
    _hints[asked.id] = number + 1
    return [_hint(asked, number)]


def _hint(asked: Exercise, number: int) -> str:
    return f"**Hint {number + 1} of {len(asked.hints)}.** {asked.hints[number]}"


def solution(id_: str) -> Said:
    """The solution, and why."""
    asked = exercise(id_)
    return Said("\n\n".join([solution_text(asked), asked.why]))


def solution_text(asked: Exercise) -> str:
    """The solution as Markdown."""
    if asked.kind in ("equation", "jacobian"):
        return f"${asked.more['left']} = {asked.solution}$"
    if asked.kind == "order":
        return f"The order is {choice.order_of(asked)}."
    if asked.kind == "number":
        return f"{number.wanted(asked):g}"
    if asked.kind == "function":
        return f"```python\n{function.source(asked)}\n```"
    return f"{'Line ' if asked.kind == 'find' else ''}{asked.solution}"


@dataclass(frozen=True)
class Said:
    """Some Markdown, shown in Jupyter as such and elsewhere as plain text."""

    text: str

    def __repr__(self) -> str:
        """Plain text."""
        return "\n".join(in_plain_text(line) for line in self.text.split("\n"))

    def _repr_markdown_(self) -> str:
        return self.text


def progress() -> Said:
    """Which exercises are done, notebook by notebook."""
    finished = done()
    lines = ["| notebook | done | still to do |", "|---|---|---|"]
    by_notebook: dict[str, list[str]] = {}
    for id_, asked in exercises().items():
        by_notebook.setdefault(asked.notebook, []).append(id_)
    for notebook, ids in by_notebook.items():
        left = [id_ for id_ in ids if id_ not in finished]
        count = f"{len(ids) - len(left)} of {len(ids)}"
        lines.append(f"| {notebook} | {count} | {', '.join(left) or 'all done'} |")
    return Said("\n".join(lines))


def begin_anew() -> None:
    """Forget the hints that were given in this session."""
    _hints.clear()
    _seen.clear()
