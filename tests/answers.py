"""Answers of the bank as a learner gives them."""

from __future__ import annotations

from bpderiv.exercises import choice
from bpderiv.exercises.exercise import Exercise
from bpderiv.exercises.functions import TASKS


def typed(asked: Exercise, answer):
    """A function for its name, letters for the places of an order; the others as they stand."""
    if asked.kind == "function":
        task = TASKS[asked.more["function"]]
        return task.right if answer == asked.solution else task.wrong[answer]
    if asked.kind == "order":
        letters = {place: letter for letter, place in choice.shuffled(asked).items()}
        return " ".join(letters[number - 1] for number in answer)
    return answer


def solved(asked: Exercise):
    """The solution."""
    return choice.order_of(asked) if asked.kind == "order" else typed(asked, asked.solution)
