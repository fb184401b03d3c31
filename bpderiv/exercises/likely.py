"""Which mistake makes a right answer into this wrong one: by its values, however it is written.

The catalogue's mistakes are planted in the solution, one at a time and then two, and each result
is evaluated in two random networks. A wrong answer with the same values is that mistake, in
whatever form it is typed. What no planted mistake explains is left to the search of
`bpderiv.mistakes.diagnosis`, which knows no solution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import islice, product

from bpderiv import expression as ex
from bpderiv.judges.exact import (
    Evaluation,
    Missing,
    Numbers,
    TooSmall,
    Trial,
    entries_of,
    least_size,
    spots,
)
from bpderiv.meaning.claims import Claim, claim_of
from bpderiv.meaning.shapes import Unclear
from bpderiv.mistakes.catalogue import called, planted, variants
from bpderiv.mistakes.diagnosis import diagnose, key, of_windows
from bpderiv.mistakes.setting import Setting

#: How many pairs of mistakes are planted before the search takes over.
PAIRS = 3000
#: How long that search may go on: a learner waits.
EFFORT = 8000
#: Neurons looked at in each layer: not all, since two tell one from the other.
NEURONS = 2

Names = tuple[str, ...]
Values = tuple
Table = dict[Values | int, list[Names]]


class Likely:
    """A true claim (left side = solution), and what mistakes make of its right side."""

    def __init__(self, solution: Claim):
        """Two networks, larger than what the solution shows."""
        self.solution = solution
        self._at = Setting.of(solution)
        least = max(NEURONS + 1, least_size(solution))
        first, *_, last = spots(solution, 1)
        self._trials = []
        for spot in (first, last):
            sizes = tuple(least + sum(x < y for x in spot.sizes) for y in spot.sizes)
            places = {layer: spot.base + i for i, layer in enumerate(solution.window.layers)}
            trial = Trial(solution.declarations, sizes, Numbers(1))
            self._trials.append((trial, places))

    def names_of(self, claim: Claim) -> tuple[Names, ...]:
        """The shortest combinations of mistakes that explain a false claim; () if none does."""
        if found := of_windows(claim):
            return found
        seen = self.values(claim)
        for table in ("_single", "_double") if seen is not None else ():
            if found := getattr(self, table).get(seen):
                return tuple(found)
        found = diagnose((claim,), EFFORT)
        if seen is None and not found:  # it has no values: look for its form
            found = tuple(self._double.get(key(claim.as_read[1]), ()))
        return found

    def _seen(self, claim: Claim, tree: ex.Expression) -> Values | int:
        """What a wrong answer is looked up by: its values, or its form where it has none."""
        values = self.values(claim)
        return key(tree) if values is None else values

    def values(self, claim: Claim) -> Values | None:
        """The right side in both networks, for every value of the letters; None if it has none."""
        letters = self.solution.letters
        if claim.problem is not None or not set(claim.letters) <= set(letters):
            return None
        try:
            return tuple(
                _numbers(Evaluation(trial, places, chosen).value(claim.right))
                for trial, places in self._trials
                for chosen in self._choices()
            )
        except (Missing, TooSmall, ZeroDivisionError):
            return None

    def _choices(self) -> Iterator[dict[str, int]]:
        names = [letter for letter, _ in self.solution.letters]
        for chosen in product(range(1, NEURONS + 1), repeat=len(names)):
            yield dict(zip(names, chosen, strict=True))

    @cached_property
    def _single(self) -> Table:
        """What one mistake makes of the solution."""
        return self._table(self._once())

    @cached_property
    def _double(self) -> Table:
        """What two mistakes make of it; one name made twice counts once."""
        twice = (
            (tuple(sorted({*names, name})), tree)
            for names, before in list(self._once())
            for name, tree in planted(before, self._at)
        )
        return self._table(islice(twice, PAIRS))

    def _once(self) -> Iterator[tuple[Names, ex.Expression]]:
        solution = self.solution.as_read[1]
        for name, tree in planted(solution, self._at):
            yield (name,), tree
        for name, rule in _MORE.items():
            for variant in variants(solution, rule, self._at):
                yield (name.format(called(variant.old, variant.at)),), variant.tree

    def _table(self, trees: Iterable[tuple[Names, ex.Expression]]) -> Table:
        known = self.solution
        right, found = self.values(known), {}
        for names, tree in trees:
            try:
                made = claim_of(
                    known.as_read[0], tree, known.letters, known.window, known.declarations
                )
            except Unclear:
                continue
            seen = self._seen(made, tree)
            if seen != right and names not in found.setdefault(seen, []):
                found[seen].append(names)
        return {seen: _shortest(names) for seen, names in found.items()}


def _no_slopes(node: ex.Expression, at: Setting) -> Iterator[ex.Expression]:
    """I for diag(φ′(v))."""
    if isinstance(node, ex.Diag) and isinstance(node.of, ex.Apply) and node.of.order:
        yield ex.Identity()


def _nothing(node: ex.Expression, at: Setting) -> Iterator[ex.Expression]:
    """1 for a factor, even if it is the only one."""
    if isinstance(node, (ex.Entry, ex.Derivative)):
        yield ex.Number(Fraction(1))


def _slope_of(made: Callable[[ex.Expression], ex.Expression | None]):
    """A rule: the slope of one special φ in the place of φ′(v)."""

    def rule(node: ex.Expression, at: Setting) -> Iterator[ex.Expression]:
        if isinstance(node, ex.Apply) and node.order == 1:
            slope = made(node)
            if slope is not None:
                yield slope

    return rule


def _signal(node: ex.Apply) -> ex.Entry | None:
    """The signal of the neuron whose slope this is; none for a whole layer."""
    field = node.argument
    return replace(field, name="y") if isinstance(field, ex.Entry) else None


def _logistic(node: ex.Apply) -> ex.Expression | None:
    y = _signal(node)
    return y and ex.Mul((y, ex.Add((_ONE, ex.Mul((_MINUS, y))))))


def _tanh(node: ex.Apply) -> ex.Expression | None:
    y = _signal(node)
    return y and ex.Add((_ONE, ex.Mul((_MINUS, ex.Power(y, 2)))))


_ONE, _MINUS = ex.Number(Fraction(1)), ex.Number(Fraction(-1))
#: What only an answer shows: in a text nobody could say where it was lost, or which φ was meant.
_MORE = {
    "φ′ missing": _no_slopes,
    "{} missing": _nothing,
    "slope of the logistic curve": _slope_of(_logistic),
    "slope of tanh": _slope_of(_tanh),
    "slope of half the square": _slope_of(lambda node: node.argument),
    "slope of the square": _slope_of(lambda node: ex.Mul((ex.Number(Fraction(2)), node.argument))),
}


def _numbers(value) -> tuple:
    return tuple(None if x is None else x.number for x in entries_of(value))


def _shortest(names: list[Names]) -> list[Names]:
    least = min(map(len, names))
    return [x for x in names if len(x) == least]
