"""Answers by letters: put in order, and find the mistake.

In the bank the lines of an order stand in the right order; a learner sees them shuffled, always
in the same way. Lines of "find the mistake" are shown as they stand, numbered from 1.
"""

from __future__ import annotations

import random
import re
from string import ascii_uppercase

from bpderiv.exercises.exercise import Exercise
from bpderiv.exercises.feedback import Feedback, Outcome


def shuffled(exercise: Exercise) -> dict[str, int]:
    """Letter shown → place in the right order, from 0."""
    places = list(range(len(exercise.more["lines"])))
    random.Random(exercise.id).shuffle(places)
    if places == sorted(places):
        places.reverse()
    return dict(zip(ascii_uppercase, places, strict=False))


def lines_shown(exercise: Exercise) -> list[str]:
    """The lines as a learner sees them, Markdown."""
    lines = exercise.more["lines"]
    if exercise.kind == "find":
        return [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    return [f"- **{letter}**: {lines[place]}" for letter, place in shuffled(exercise).items()]


def order_of(exercise: Exercise) -> str:
    """The right order, in the letters shown."""
    letters = {place: letter for letter, place in shuffled(exercise).items()}
    return " ".join(letters[place] for place in range(len(letters)))


def asks(exercise: Exercise) -> list[str]:
    """What may be typed, and the lines."""
    letters = " ".join(sorted(shuffled(exercise)))
    wanted = {
        "find": "The number of the first line that is false, such as 1:",
        "order": f'The letters in order, such as "{letters}":',
    }
    return [wanted[exercise.kind], *lines_shown(exercise)]


def judge_order(exercise: Exercise, answer) -> Feedback:
    """What is to be said of an order: the first line that comes too early."""
    letters = shuffled(exercise)
    if isinstance(answer, (list, tuple)):
        answer = " ".join(map(str, answer))
    typed = re.findall(r"[A-Za-z]", answer.upper()) if isinstance(answer, str) else None
    if typed is None or sorted(typed) != sorted(letters):
        line = f"Each of {', '.join(sorted(letters))} is wanted once, in a string."
        return Feedback(exercise.id, Outcome.UNREADABLE, (line,))
    seen: set[int] = set()
    for letter in typed:
        place = letters[letter]
        for earlier, later, why in exercise.more["before"]:
            if later - 1 == place and earlier - 1 not in seen:
                first = next(x for x, at in letters.items() if at == earlier - 1)
                line = f"{letter} comes too early: {first} must stand before it. {why}"
                return Feedback(exercise.id, Outcome.WRONG, (line,), ((why,),))
        seen.add(place)
    places = (letters[letter] for letter in typed)
    ordered = [f"{n}. {exercise.more['lines'][place]}" for n, place in enumerate(places, 1)]
    said = "Each stands where it has what it needs:"
    return Feedback(exercise.id, Outcome.RIGHT, (said, *ordered))


def judge_find(exercise: Exercise, answer) -> Feedback:
    """What is to be said of the number of a line."""
    match = re.fullmatch(r"\s*(?:(?:line|sentence)\s*)?(\d+)\.?\s*", str(answer), flags=re.I)
    count = len(exercise.more["lines"])
    if isinstance(answer, bool) or not match or not 1 <= int(match[1]) <= count:
        line = f"The number of a line is wanted, from 1 to {count}."
        return Feedback(exercise.id, Outcome.UNREADABLE, (line,))
    if int(match[1]) == exercise.solution:
        line = f"The false line: {exercise.more['lines'][exercise.solution - 1]}"
        return Feedback(exercise.id, Outcome.RIGHT, (line,))
    says = next((w.says for w in exercise.wrong if str(w.answer) == match[1]), "This line is true.")
    return Feedback(exercise.id, Outcome.WRONG, (says,), ((says,),))
