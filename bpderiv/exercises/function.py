"""An answer that is a numpy function: it is called, and compared with the right one.

It is the learner's own function object; no text is ever run.
"""

from __future__ import annotations

import inspect
import re

import numpy as np

from bpderiv.exercises import sentences
from bpderiv.exercises.exercise import Exercise
from bpderiv.exercises.feedback import Feedback, Outcome
from bpderiv.exercises.functions import SAID, SIZES, TASKS, Task

#: Sets of inputs; largest difference, as a part of the largest number.
SEEDS, TOLERANCE = (1, 2, 4), 1e-9


def asks(exercise: Exercise) -> list[str]:
    """The arguments and their shapes."""
    task = TASKS[exercise.more["function"]]
    arguments = ", ".join(f"`{name}` ({shape})" for name, shape in task.arguments.items())
    return [f"A function of {arguments}; it returns {task.returns}. B counts the examples."]


def judge(exercise: Exercise, answer) -> Feedback:
    """What is to be said of a function."""
    task = TASKS[exercise.more["function"]]
    if not callable(answer):
        line = f"A function is wanted: give its name, without brackets. This is {answer!r:.60}."
        return Feedback(exercise.id, Outcome.UNREADABLE, (line,))
    returned = []
    for seed in SEEDS:
        inputs = task.inputs(seed)
        given = [np.copy(x) if isinstance(x, np.ndarray) else x for x in inputs]
        try:
            result = answer(*given)
        except Exception as error:  # whatever a learner's function raises is told to the learner
            return Feedback(exercise.id, Outcome.WRONG, (_stopped(error), _shapes(task)))
        if any(not np.array_equal(a, b) for a, b in zip(given, inputs, strict=True)):
            line = "It changes what it was given; the way back still needs it. Work on copies."
            return Feedback(exercise.id, Outcome.WRONG, (line,))
        problem = _problem(result, task.right(*inputs))
        if problem:
            return Feedback(exercise.id, Outcome.WRONG, (problem, *_named(task, returned, result)))
        returned.append(np.asarray(result, dtype=float))
    return _compared(exercise, task, returned)


#: numpy's words for sizes that do not fit.
_MISFIT = re.compile(r"mismatch|could not be broadcast|not aligned|incompatible")


def _stopped(error: Exception) -> str:
    """What an error tells, first what a learner can do about it."""
    said = f"{type(error).__name__}: {str(error)[:200]}"
    if isinstance(error, ValueError) and _MISFIT.search(said):
        return (
            "It stopped at sizes that do not fit. Write the shape below each factor: in `@` the "
            "inner two must be equal, in `*` all. Is a `.T` missing, or one too many? Is `*` "
            "written for `@`? Or does a slope stand at another layer than its own? "
            f"(numpy: {said})"
        )
    return f"It stopped, with {said}"


def _compared(exercise: Exercise, task: Task, returned: list[np.ndarray]) -> Feedback:
    if _same(returned, task, task.right):
        line = f"The same numbers on {len(SEEDS)} random inputs, {SIZES['B']} examples each."
        return Feedback(exercise.id, Outcome.RIGHT, (line,))
    for name, wrong in task.wrong.items():
        if _same(returned, task, wrong):
            return Feedback(exercise.id, Outcome.WRONG, (_said(name),), ((name,),))
    right = [np.asarray(task.right(*task.inputs(seed))) for seed in SEEDS]
    lines = (_largest(returned[0], right[0]), *_ratio(returned, right))
    return Feedback(exercise.id, Outcome.WRONG, lines)


def _largest(result: np.ndarray, right: np.ndarray) -> str:
    if right.ndim == 0:
        return f"Other numbers: on the first input {result:.3g} in the place of {right:.3g}."
    where = np.unravel_index(np.argmax(abs(result - right)), right.shape)
    place = ", ".join(str(int(i) + 1) for i in where)
    return f"Other numbers; the largest difference stands at ({place}), counted from 1."


def _same(returned: list[np.ndarray], task: Task, other) -> bool:
    for seed, result in zip(SEEDS, returned, strict=True):
        wanted = np.asarray(other(*task.inputs(seed)))
        if wanted.shape != result.shape:
            return False
        if np.max(abs(result - wanted)) > TOLERANCE * np.max(abs(wanted)):
            return False
    return True


def _problem(result, right: np.ndarray) -> str:
    """What is wrong before numbers are compared; "" if nothing is."""
    if result is None:
        return "It returns nothing: is there a `return`?"
    try:
        array = np.asarray(result, dtype=float)
    except (TypeError, ValueError):
        return f"It returns {result!r:.60}, and an array of numbers is wanted."
    if array.shape != right.shape:
        return f"It returns the shape {array.shape}, and {right.shape} is wanted."
    return "" if np.isfinite(array).all() else "It returns numbers that are not finite."


def _named(task: Task, returned: list, result) -> list[str]:
    """The slip that gives this other shape, if one does."""
    if returned or result is None:
        return []
    for name, wrong in task.wrong.items():
        wanted = np.asarray(wrong(*task.inputs(SEEDS[0])))
        if wanted.shape == np.shape(result) and np.allclose(wanted, result):
            return [_said(name)]
    return []


def _said(name: str) -> str:
    return f"**{name}**. {SAID.get(name) or sentences.sentence(name)}"


def _ratio(returned: list[np.ndarray], right: list[np.ndarray]) -> list[str]:
    """What a ratio of answer and truth tells that is the same on all inputs."""
    pairs = zip(returned, right, strict=True)
    ratios = np.concatenate([np.ravel(a / np.where(b == 0, 1, b)) for a, b in pairs])
    if np.ptp(ratios) > 1e-6:
        return []
    return [f"Every number is {ratios[0]:.3g} times the right one: which factor is that?"]


def _shapes(task: Task) -> str:
    sizes = ", ".join(f"{letter} = {size}" for letter, size in SIZES.items())
    return f"The shapes: {', '.join(f'{n} {s}' for n, s in task.arguments.items())} ({sizes})."


def source(exercise: Exercise) -> str:
    """The right function as one would write it."""
    return inspect.getsource(TASKS[exercise.more["function"]].right).rstrip()
