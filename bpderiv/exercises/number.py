"""An answer that is a number: of the example with numbers that runs through the course.

The right number is computed by the network. A question that is not about the example has its number
in the bank.
"""

from __future__ import annotations

import ast
import operator
import re
from fractions import Fraction
from numbers import Real

import numpy as np
import sympy

from bpderiv.example import pencil
from bpderiv.exercises.exercise import Exercise
from bpderiv.exercises.feedback import Feedback, Outcome

#: A number typed to so many digits after the point is taken as right.
DIGITS = 4
_AFTER = "(n+1)"
_FRACTION = re.compile(r"\\[td]?frac\s*\{?([^{}]+?)\}?\s*\{([^{}]+)\}")


def asks(exercise: Exercise) -> list[str]:
    """What may be typed."""
    if isinstance(exercise.solution, int) and "of" not in exercise.more:
        return ["A whole number, such as 1."]
    return ["A number: 0.25, 1/4 or Fraction(1, 4)."]


def wanted(exercise: Exercise) -> float:
    """The right number: an entry (counted from 1) of a quantity of the example, or as it stands.

    `times` is what it is multiplied by: a slope times a nudge.
    """
    more = exercise.more
    if "of" not in more:
        return float(exercise.solution)
    return value_of(more["of"], more.get("at"), more.get("example")) * more.get("times", 1)


def value_of(name: str, at: list[int] | None, changes: dict | None = None) -> float:
    """An entry of a quantity, named as `Example.value` takes it; with (n+1), after one step."""
    example = pencil(**(changes or {}))
    if name.endswith(_AFTER):
        example, name = example.stepped(), name.removesuffix(_AFTER)
    value = np.asarray(example.value(name), dtype=float)
    return float(value[tuple(i - 1 for i in at)] if at else value)


def judge(exercise: Exercise, answer) -> Feedback:
    """What is to be said of a number."""
    number = _number(answer)
    if number is None:
        line = f"A number is asked for, such as 0.25 or 1/4, and this is {answer!r:.60}."
        if isinstance(answer, str) and re.search(r"\d,\d", answer):
            line = "No comma, please: 1510 for fifteen hundred and ten, 0.5 for a half."
        return Feedback(exercise.id, Outcome.UNREADABLE, (line,))
    right = wanted(exercise)
    if _same(number, right):
        where = ", in the example" if "of" in exercise.more else ""
        line = f"It is {right:g}{where}.".replace("-", "−")
        return Feedback(exercise.id, Outcome.RIGHT, (line,))
    for wrong in exercise.wrong:
        known = _number(wrong.answer)
        if known is not None and _same(number, known):
            return Feedback(exercise.id, Outcome.WRONG, (wrong.says,), ((wrong.says,),))
    return Feedback(exercise.id, Outcome.WRONG, (_ratio(number, right),))


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= 0.5 * 10**-DIGITS


def _ratio(number: float, right: float) -> str:
    """What the ratio of answer to truth tells."""
    if right and _same(number / right, -1):
        return "The right size, and the opposite sign: which minus was lost, or counted twice?"
    if right and _same(number / right, 2):
        return "Exactly twice too large: is there a ½, or a square, on the way?"
    if right and _same(number / right, 0.5):
        return "Exactly half: is there a 2, or a square, on the way?"
    if right and number and (number < 0) != (right < 0):
        return "Not this number; its sign is the other one, too. Write each step down."
    return "Not this number. Write each step down, and look at each for itself."


def _number(answer) -> float | None:
    """The number, if it is one; text is read, never evaluated."""
    if isinstance(answer, (bool, np.bool_)):
        return None
    if isinstance(answer, (Real, np.number)):
        return float(answer)
    if isinstance(answer, sympy.Expr) and answer.is_number and answer.is_real:
        return float(answer)
    if isinstance(answer, np.ndarray) and answer.size == 1:
        return float(answer.reshape(()))
    if not isinstance(answer, str):
        return None
    text = _FRACTION.sub(r"(\1)/(\2)", answer.strip().strip("$"))
    for typed, plain in (("−", "-"), ("·", "*"), (r"\cdot", "*"), ("×", "*")):
        text = text.replace(typed, plain)
    try:
        return float(_worked_out(ast.parse(text.strip(), mode="eval").body))
    except (ValueError, SyntaxError, ZeroDivisionError, RecursionError, MemoryError):
        return None


_OPERATIONS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip


def _worked_out(node: ast.expr) -> Fraction:
    """A sum, product or fraction of numbers, read from its tree; there is nothing else to read.

    Errors
    ------
    ValueError
        for a name, a call, a power: whatever is no number.
    """
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return Fraction(str(node.value))
    operation = _OPERATIONS.get(type(getattr(node, "op", None)))
    if isinstance(node, ast.BinOp) and operation:
        return operation(_worked_out(node.left), _worked_out(node.right))
    if isinstance(node, ast.UnaryOp) and operation:
        return operation(_worked_out(node.operand))
    raise ValueError("not a number")
