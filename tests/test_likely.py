"""Mistakes in answers are named: whatever the catalogue plants in an equal form of the solution.

The forms are typed by hand (`tests/forms`), so the mistakes stand in other trees than those that
the naming starts from. And wrong answers by someone who knew neither catalogue nor exercises.
"""

from __future__ import annotations

import random
from collections import Counter

from test_forms import LATEX

from bpderiv.exercises.equation import likely_of, task_of
from bpderiv.exercises.exercise import exercise
from bpderiv.exercises.typed import latex_of
from bpderiv.judges import exact
from bpderiv.meaning.claims import claim_of
from bpderiv.meaning.shapes import Unclear
from bpderiv.mistakes.catalogue import planted
from bpderiv.mistakes.setting import Setting

#: Wrong answers for each exercise, and equal forms that they are made of.
EACH, FORMS = 5, 2


def wrong_answers(id_: str):
    """(name, claim) with one mistake in an equal form; true ones and unclear ones left out."""
    task = task_of(exercise(id_))
    true = [link.claims[0] for form in LATEX[id_] for link in task.links(latex_of(form))[:1]]
    pool = [
        (name, tree, claim)
        for claim in random.Random(id_).sample(true, min(FORMS, len(true)))
        if claim.problem is None
        for name, tree in planted(claim.as_read[1], Setting.of(claim))
    ]
    random.Random(id_).shuffle(pool)
    for name, tree, claim in pool:
        try:
            made = claim_of(claim.as_read[0], tree, claim.letters, claim.window, claim.declarations)
        except Unclear:
            continue
        if made.problem is not None or exact.judge(made).holds is False:
            yield name, made


def test_planted_mistakes_are_named(say, count):
    """At least 95 %; any name whose rewriting gives an equal expression is right."""
    found = Counter()
    for id_ in LATEX:
        answers = wrong_answers(id_)
        for name, claim in (next(answers, None) for _ in range(EACH)):
            names = likely_of(task_of(exercise(id_))).names_of(claim)
            found["its own" if (name,) in names else "another" if names else "none"] += 1
    total = found.total()
    count("answers named", total - found["none"])
    say(
        f"mistakes in equal forms of right answers: {total}; named {total - found['none']}, "
        f"{found['its own']} of them by the very name"
    )
    assert found["none"] <= 0.05 * total and found["its own"] >= 0.9 * total
