"""Every applicable mistake of the catalogue, planted in every true link of notes and notebooks.

A planted equation must not hold: refuted by types or by the exact judge, or not readable any more
because its dots no longer follow one formula. The few that leave an equal equation are listed by
hand, each with its reason.
"""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from quick import exact_alone

from bpderiv.checking import check_files, find_files
from bpderiv.colours import without_colour
from bpderiv.document.notes import notes_declarations
from bpderiv.judges import exact, floating
from bpderiv.meaning.claims import Claim, claim_of
from bpderiv.meaning.shapes import SCALAR, UNKNOWN, IllTyped, Shapes, Unclear
from bpderiv.meaning.window import Window
from bpderiv.mistakes.catalogue import CATALOGUE, planted, variants
from bpderiv.mistakes.setting import Setting

ROOT = Path(__file__).parent.parent

_SAME_SLOPE = "∂E/∂e_b is e_b: the same number"
_HELD = "d and e differ by y only, and y is held fixed: ∂E/∂d = ∂E/∂e"
_NUMBER = "a row times a column is a number, and a number is its own transpose"
_SYMMETRIC = "a diagonal matrix is its own transpose"
_COMMUTES = "∂e/∂y is −I, and commutes with every matrix"
_ONE_TERM = "∂v_r/∂w_ba is nothing but for r = b: with b for r the same term is left"

#: (statement, mistake) → why the equation is equal. Grows only by hand.
EQUAL = {
    (r"\mathcal{E}_j(n) := \tfrac{1}{2} e_j^2(n)", "∂E/∂e for e"): _SAME_SLOPE,
    (r"\mathcal{E}(n) := \tfrac{1}{2} \sum_{b=1}^{m} e_{k,b}^2(n)", "∂E/∂e for e"): _SAME_SLOPE,
    (r"\mathcal{E}_{k,b}(n) := \tfrac{1}{2} e_{k,b}^2(n)", "∂E/∂e for e"): _SAME_SLOPE,
    (r"e_{k,b}(n) := d_{k,b}(n) - y_{k,b}(n)", "∂E/∂e for e"): _SAME_SLOPE,
    ("2.II.sum", "∂E/∂e for e"): _SAME_SLOPE,
    ("2.I.sum.scalar", "∂E/∂e for e"): _SAME_SLOPE,
    ("2.I.delta.value", "∂E/∂e for e"): _SAME_SLOPE,
    ("3.output", "∂E/∂e for e"): _SAME_SLOPE,
    ("2.I.chain", "d for e"): _HELD,
    ("2.II.chain", "d for e"): _HELD,
    ("2.II.chain.delta", "d for e"): _HELD,
    ("2.I.i#1", "d for e"): _HELD,
    ("2.I.i.ok#2", "d for e"): _HELD,
    ("2.I.chain", "layout"): _NUMBER,
    ("2.II.chain", "layout"): _NUMBER,
    ("2.II.chain.delta", "layout"): _NUMBER,
    ("2.I.sum", "layout"): _NUMBER,
    ("2.I.sum", "transposed"): _NUMBER,
    ("2.I.i#1", "transposed"): _NUMBER,
    ("2.I.i.ok#2", "transposed"): _NUMBER,
    ("2.I.ii", "layout"): _SYMMETRIC,
    ("2.I.ii.value", "layout"): _SYMMETRIC,
    ("2.I.ii.entries.ok", "layout"): _SYMMETRIC,
    ("2.I.iii", "layout"): _SYMMETRIC,
    ("2.I.iii", "transposed"): _SYMMETRIC,
    ("2.I.chain", "order of the factors"): _COMMUTES,
    ("2.II.chain", "order of the factors"): _COMMUTES,
    ("2.II.chain.delta", "order of the factors"): _COMMUTES,
    ("∂E by a weight as a sum", "neighbouring index"): _ONE_TERM,
    ("∂E by a weight as a sum", "Σ missing"): _ONE_TERM,
    ("∂E by a weight as a sum", "Kronecker symbol too much"): _ONE_TERM,
    ("2.I.iv.jac.entry", "Kronecker symbol too much"): _ONE_TERM,
    ("∂E by a weight as a sum", "wrong index summed"): _ONE_TERM,
}
#: An equation of notebook 02 without an id.
_NAMED = {
    r"\sum_{s=1}^{m} \frac{\partial \mathcal{E}(n)}{\partial v_{k,s}(n)}": "∂E by a weight as a sum"
}


@cache
def rows():
    """All links, judged."""
    with exact_alone():
        return check_files(find_files([str(ROOT / "notes"), str(ROOT / "notebooks")]))


@cache
def true_claims() -> dict[tuple, tuple[str, Claim]]:
    """Each true claim once, with the name of its statement."""
    found: dict[tuple, tuple[str, Claim]] = {}
    for row in rows():
        if row.kind == "claim" and row.holds:
            latex = without_colour(row.latex)
            name = next((n for part, n in _NAMED.items() if part in latex), row.id or latex)
            for claim in row.claims:
                found.setdefault((claim, claim.window), (name, claim))
    return found


def mutants(claim: Claim):
    """(name, both sides) with one mistake in one of them; each pair once."""
    at = Setting(claim.declarations, claim.window, claim.letters)
    seen = set()
    for side in (0, 1):
        for name, tree in planted(claim.as_read[side], at):
            sides = [*claim.as_read]
            sides[side] = tree
            if tuple(sides) not in seen:
                seen.add(tuple(sides))
                yield name, sides


def outcome(claim: Claim, sides) -> str:
    """What becomes of a planted equation."""
    try:
        mutant = claim_of(*sides, claim.letters, claim.window, claim.declarations)
    except Unclear:
        return "unread"
    if mutant.problem:
        return "types"
    holds = exact.judge(mutant, 1).holds
    return {True: "holds", False: "exact", None: "undecided"}[holds]


def test_every_planted_mistake_is_rejected(count, say):
    results, equal = Counter(), Counter()
    for name, claim in true_claims().values():
        for mistake, sides in mutants(claim):
            found = outcome(claim, sides)
            if found == "holds":
                equal[name, mistake] += 1
            results[found] += 1
    assert set(equal) == set(EQUAL)
    total = sum(results.values())
    count("planted mistakes", total - results["holds"])
    say(
        f"planted mistakes: {total} in {len(true_claims())} true links; refuted by types "
        f"{results['types']}, by exact numbers {results['exact']}; not accepted because the dots "
        f"follow no formula any more {results['unread'] + results['undecided']}; equal "
        f"{results['holds']}, listed with reasons"
    )


def test_the_catalogue_is_large_enough():
    assert len(CATALOGUE) >= 27
    assert len({mistake.pattern for mistake in CATALOGUE}) >= 22


#: Rules that find no place in the course: they are there to undo what learners write.
NEVER_PLANTED = {
    "identity_missing": "no side of a line of the course is a bare number beside a matrix",
    "link_missing": "no chain of the course has a gap",
    "sum_of_products": "no line of the course multiplies two sums over one layer",
}


def test_every_mistake_of_the_catalogue_is_planted_somewhere():
    """A row that never applies in the whole course would be dead."""
    idle = {mistake.plant.__name__ for mistake in CATALOGUE}
    for _, claim in true_claims().values():
        at = Setting(claim.declarations, claim.window, claim.letters)
        for mistake in CATALOGUE:
            plant = mistake.plant
            if plant.__name__ in idle and any(list(variants(x, plant, at)) for x in claim.as_read):
                idle.discard(plant.__name__)
    assert idle == NEVER_PLANTED.keys()


@pytest.mark.parametrize("id_", ["2.I.ii", "2.II.result", "3.output", "2.I.update#2"])
def test_the_floating_judge_alone_sees_what_the_exact_judge_sees(id_):
    """Two judges with nothing in common but the tree: neither lets pass what the other refutes."""
    claim = next(claim for name, claim in true_claims().values() if name == id_)
    seen = 0
    for _, sides in mutants(claim):
        if outcome(claim, sides) == "exact":
            mutant = claim_of(*sides, claim.letters, claim.window, claim.declarations)
            found = floating.judge(mutant)
            assert found.holds is not True, sides
            seen += found.holds is False
    assert seen >= 10


# --- mistakes in the definitions themselves -------------------------------------------------------


def definition_mutants():
    """(definition, mistake, declarations with that mistake, or None if types refuse it)."""
    declarations = notes_declarations()
    for number, definition in enumerate(declarations.definitions):
        window = Window(definition.layers, ("z", "m"), ("a", "b"), definition.output)
        letters = zip(definition.target.indices, definition.target.layers, strict=True)
        at = Setting(declarations, window, tuple(letters))
        seen = set()
        for name, tree in planted(definition.body, at):
            if tree not in seen:
                seen.add(tree)
                yield definition, name, _with(declarations, number, tree, window, at)


def _with(declarations, number, tree, window, at):
    try:
        settled, shape = Shapes(declarations, window, dict(at.letters)).settle(tree, UNKNOWN)
    except (IllTyped, Unclear):
        return None
    if shape != SCALAR:
        return None
    mutant = copy.copy(declarations)
    mutant.definitions = [*declarations.definitions]
    mutant.definitions[number] = replace(declarations.definitions[number], body=settled)
    return mutant


def reddens(mutant) -> bool | None:
    """Whether the floating-point judge sees it; None if it defines something by itself."""
    try:
        return bool(floating.check_definitions(mutant))
    except ValueError:  # Δw by w(n+1), which is w + Δw; in a text that is refused as it is read
        return None


def test_every_mistake_in_a_definition_turns_the_floating_judge_red(count, say):
    results, equal = Counter(), set()
    for definition, name, mutant in definition_mutants():
        red = None if mutant is None else reddens(mutant)
        results[red] += 1
        if red is False:
            equal.add((definition.latex.partition(" :=")[0], name))
    assert equal == EQUAL_DEFINITIONS.keys()
    count("planted mistakes", results[True])
    say(
        f"planted in definitions: {results[True]} turn the floating-point judge red, "
        f"{results[None]} are no definitions any more, {len(equal)} are equal"
    )


#: (what is defined, mistake) → why it is the same definition.
EQUAL_DEFINITIONS = {
    (r"\mathcal{E}_{k,b}(n)", "∂E/∂e for e"): _SAME_SLOPE,
    (r"\mathcal{E}(n)", "∂E/∂e for e"): _SAME_SLOPE,
}
