"""An answer that is a shape: rows × columns, in the letters of the layers' sizes."""

from __future__ import annotations

import re

from bpderiv.exercises.exercise import Exercise
from bpderiv.exercises.feedback import Feedback, Outcome

#: No size has the letter x.
_CROSS = re.compile(r"\\times|×|\bby\b|[,*x]", re.I)
#: A number, the letter of a size, or one more than it, for the bias.
_SIZE = re.compile(r"\d+|[A-Za-z](\+1)?|1\+[A-Za-z]")


def asks(exercise: Exercise) -> list[str]:
    """What may be typed."""
    if _in_numbers(exercise):
        return ['A shape, rows × columns, in numbers: "3 x 2".']
    return ['A shape, rows × columns, in the letters of sizes: "m x z", "1 x m".']


def _in_numbers(exercise: Exercise) -> bool:
    return not re.search("[a-z]", "".join(shape_of(exercise.solution)))


def judge(exercise: Exercise, answer) -> Feedback:
    """What is to be said of a shape."""
    shape, right = shape_of(answer), shape_of(exercise.solution)
    if shape is None:
        line = f'A shape has rows × columns, both, as in "m x z". This is {answer!r:.60}.'
        return Feedback(exercise.id, Outcome.UNREADABLE, (line,))
    if shape in (right, *map(shape_of, exercise.more.get("also", ()))):
        return Feedback(exercise.id, Outcome.RIGHT, (f"It has {_words(right)}.",))
    for wrong in exercise.wrong:
        if shape_of(wrong.answer) == shape:
            return Feedback(exercise.id, Outcome.WRONG, (wrong.says,), ((wrong.says,),))
    if not _in_numbers(exercise) and re.search("[02-9]", "".join(shape)):
        line = "In letters, please: how many neurons a layer has is not given here."
        return Feedback(exercise.id, Outcome.UNREADABLE, (line,))
    return Feedback(exercise.id, Outcome.WRONG, (_hint(shape, right),))


def shape_of(answer) -> tuple[str, ...] | None:
    """(rows, columns) of what was typed, or of an array's own shape; None if it is no shape."""
    if isinstance(answer, str):
        text = re.sub(r"[\s$()\[\]{}]", " ", _CROSS.sub(" × ", answer))
        parts = [part.replace(" ", "") for part in text.split("×")]
    elif isinstance(answer, (tuple, list)):
        parts = [str(part).replace(" ", "") for part in answer]
    else:
        return None
    good = 2 <= len(parts) <= 3 and all(map(_SIZE.fullmatch, parts))
    return tuple(re.sub(r"^1\+(.)", r"\1+1", part).lower() for part in parts) if good else None


def _words(shape: tuple[str, ...]) -> str:
    rows, columns = shape[0], shape[-1]
    return f"{rows} row{'s' * (rows != '1')} and {columns} column{'s' * (columns != '1')}"


def _hint(shape: tuple[str, ...], right: tuple[str, ...]) -> str:
    if shape == right[::-1]:
        return (
            "Rows and columns exchanged: rows belong to what is differentiated, or to the receiver."
        )
    if set(shape) != set(right):
        return (
            "A size is that of another layer, or one is lost. Whose rows are they, whose columns?"
        )
    return "Not this shape. Whose rows are they, whose columns?"
