r"""An answer that is a Jacobian: LaTeX for any width, a sympy Matrix, or an array of numbers.

LaTeX is judged like every equation. A sympy Matrix is compared with the derived one at the sizes
that the exercise names; an array of numbers, however it is typed, with the derived one in the
example of the course.
"""

from __future__ import annotations

import json
import re

import numpy as np
import sympy

from bpderiv.example import pencil
from bpderiv.exercises import equation, sentences
from bpderiv.exercises.exercise import Exercise
from bpderiv.exercises.feedback import Feedback, Outcome
from bpderiv.jacobians import jacobian

#: Numbers typed to so many digits after the point are taken as right.
TOLERANCE = 1e-3


def asks(exercise: Exercise) -> list[str]:
    """What may be typed."""
    sizes = ", ".join(map(str, exercise.more["at"]))
    return [
        f"The Jacobian ${exercise.more['left']}$: LaTeX for any width; or a sympy Matrix at "
        f"{sizes} neurons; or an array with the numbers of the pencil example, `pencil()`.",
        *equation.asks(exercise)[1:],
    ]


def judge(exercise: Exercise, answer) -> Feedback:
    """What is to be said of a Jacobian, in whatever form."""
    if isinstance(answer, sympy.MatrixBase):
        return _compared(exercise, sympy.Matrix(answer), _explicit(exercise), _equal)
    if isinstance(answer, str):
        answer = _numbers(answer) or answer
    if isinstance(answer, (list, tuple, np.ndarray)):
        return _array(exercise, answer)
    return equation.judge(exercise, answer)


_LATEX = re.compile(r"\s*\\begin\{[bp]matrix\}(.*)\\end\{[bp]matrix\}\s*", re.S)


def _numbers(text: str) -> list | None:
    """A list or a matrix of nothing but numbers, typed as text; None for any other text."""
    match = _LATEX.fullmatch(text)
    if match:
        rows = re.split(r"\\\\", match[1].strip().removesuffix(r"\\"))
        text = f"[{', '.join('[' + row.replace('&', ',') + ']' for row in rows)}]"
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, list) else None


def _explicit(exercise: Exercise) -> sympy.Matrix:
    letters = exercise.more.get("numbers", {})
    J = jacobian(exercise.more["X"], exercise.more["Y"]).explicit(*exercise.more["at"], **letters)
    return sympy.Matrix(J) if isinstance(J, sympy.MatrixBase) else sympy.Matrix([[J]])


def _array(exercise: Exercise, answer) -> Feedback:
    try:
        typed = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        try:
            return judge(exercise, sympy.Matrix(answer))
        except (TypeError, ValueError):
            typed = np.zeros((0, 0, 0))
    if typed.ndim not in (0, 1, 2) or typed.size == 0:
        line = "A matrix is wanted: rows in a list, such as [[1, 0], [0, 1]]."
        return Feedback(exercise.id, Outcome.UNREADABLE, (line,))
    letters = exercise.more.get("numbers", {})
    names = (_numbered(exercise.more[x], letters) for x in "XY")
    right = pencil().jacobian(*names)
    for wrong in exercise.wrong:
        if wrong.tell and np.array_equal(typed.ravel(), np.ravel(wrong.answer)):
            return Feedback(exercise.id, Outcome.WRONG, (wrong.tell,), ((wrong.tell,),))
    if typed.ndim < 2 and typed.size != right.size:
        line = f"{typed.size} numbers, and in the example there are {right.size}."
        return Feedback(exercise.id, Outcome.WRONG, (line,))
    if typed.ndim < 2:
        typed = typed.reshape(right.shape)
    return _compared(exercise, typed, right, lambda a, b: bool(abs(a - b) <= TOLERANCE))


def _numbered(name: str, letters: dict) -> str:
    """The name with numbers in the place of its neurons' letters."""
    head, _, rest = name.partition("_")
    lower, sign, upper = rest.partition("^")
    for letter, number in letters.items():
        lower = lower.replace(letter, str(number))
    return head + (f"_{lower}" if rest else "") + sign + upper


def _equal(a, b) -> bool:
    return sympy.expand(a - b) == 0


def _compared(exercise: Exercise, typed, right, equal) -> Feedback:
    shape, wanted = tuple(typed.shape), tuple(right.shape)
    if _all_equal(typed, right, equal):
        line = f"Equal in all {wanted[0] * wanted[1]} entries at these sizes."
        return Feedback(exercise.id, Outcome.RIGHT, (line,))
    if shape != wanted:
        line = f"The shape is {shape[0]} × {shape[1]}, and {wanted[0]} × {wanted[1]} is wanted."
        names = (("layout",),) if _all_equal(typed, right.T, equal) else ()
        said = sentences.of(names, exercise.notebook)
        return Feedback(exercise.id, Outcome.WRONG, (line, *said), names)
    for name, other in _slips(exercise, right):
        if _all_equal(typed, other, equal):
            names = ((name,),)
            said = sentences.of(names, exercise.notebook)
            return Feedback(exercise.id, Outcome.WRONG, tuple(said), names)
    return Feedback(exercise.id, Outcome.WRONG, (_first(typed, right, equal),))


def _slips(exercise: Exercise, right) -> list[tuple[str, object]]:
    """What a known slip makes of the right table; a ½ can be lost only where E is."""
    halves = [("factor 2", 2 * right), ("factor 2", right / 2)] if exercise.more["X"] == "E" else []
    return [("sign", -right), *halves, ("transposed", right.T)]


def _all_equal(typed, right, equal) -> bool:
    return tuple(typed.shape) == tuple(right.shape) and _first(typed, right, equal) == ""


def _first(typed, right, equal) -> str:
    """Where the first entry differs, and what to ask there."""
    rows, columns = right.shape
    for r in range(rows):
        for c in range(columns):
            if not equal(typed[r, c], right[r, c]):
                where = f"Row {r + 1}, column {c + 1} is the first entry that differs. "
                if equal(right[r, c], 0 * right[r, c]):
                    return where + "Does the one depend on the other at all?"
                return where + "Nudge the variable of that column: how fast does this row follow?"
    return ""
