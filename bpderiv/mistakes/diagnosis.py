r"""What is wrong with a false claim: the fewest named mistakes whose undoing makes it true.

The search knows no stored corrections. It undoes mistakes at every place, one, two or three at a
time, and asks the exact judge; one name counts once, however often it was made. All shortest
combinations are told. A matrix is searched entry by entry: each entry shown is a claim of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import product

from bpderiv import expression as ex
from bpderiv.judges import exact
from bpderiv.judges.exact import Evaluation, Missing, Numbers, TooSmall, Trial
from bpderiv.meaning.claims import Claim, claim_of
from bpderiv.meaning.components import Components, NotGeneral
from bpderiv.meaning.shapes import IllTyped, Shapes, Unclear
from bpderiv.mistakes.catalogue import repaired
from bpderiv.mistakes.rules import _is_wide
from bpderiv.mistakes.setting import Setting

#: How many trees are looked at before the search gives up.
EFFORT = 8_000
#: How many rewritings one after another.
DEEPEST = 3

Names = frozenset


def diagnose(claims: tuple[Claim, ...]) -> tuple[tuple[str, ...], ...]:
    """The shortest combinations of mistakes' names for a false link; () if none was found."""
    found: set[Names] | None = None
    for claim in claims:
        if claim.problem is None and exact.judge(claim).holds is not False:
            continue
        names = _of_claim(claim)
        found = names if found is None else {a | b for a, b in product(found, names)}
    return _shortest(found or set())


def _shortest(found: set[Names]) -> tuple[tuple[str, ...], ...]:
    if not found:
        return ()
    least = min(map(len, found))
    return tuple(sorted(tuple(sorted(names)) for names in found if len(names) == least))


def _of_claim(claim: Claim) -> set[Names]:
    """All shortest sets of names for one claim; one met again is looked up."""
    return _of_new_claim(claim, claim.declarations)


@lru_cache(maxsize=1024)
def _of_new_claim(claim: Claim, _declarations) -> set[Names]:
    """Entry by entry if that is possible."""
    cells = _cell_claims(claim)
    if cells:
        parts = [_search(cell, copied=True) for cell in cells]
        if all(parts):
            unions = {Names().union(*choice) for choice in product(*parts)}
            return set(map(Names, _shortest(unions)))
    return _search(claim)


def _cell_claims(claim: Claim) -> list[Claim]:
    """The entries of a display that are false, each as a claim about numbers."""
    if (
        claim.problem is not None
        or not isinstance(claim.right, ex.Display)
        or not claim.right.cells
    ):
        return []
    components = Components(claim.declarations, claim.window, dict(claim.letters))
    found = []
    read = claim.as_read[1]
    while isinstance(read, ex.Sized):
        read = read.of
    for cell, raw in zip(claim.right.cells, read.cells, strict=True):
        try:
            left = components.entry(claim.left, cell.row, cell.column)
            made = claim_of(left, raw.value, claim.letters, claim.window, claim.declarations)
        except (NotGeneral, Unclear):
            return []
        if made.problem is not None or exact.judge(made).holds is False:
            found.append(made)
    return found


@dataclass
class _Screen:
    """A quick look at a candidate: one network, a few letters' values, the left side known."""

    claim: Claim

    def __post_init__(self):
        spots = list(exact.spots(self.claim, 1))
        self.trials = []
        for spot in (spots[0], spots[-1]):
            self.trials.append((spot, Trial(self.claim.declarations, spot.sizes, Numbers(1))))
        self.left = {}

    def passes(self, left, right, letters) -> bool:
        """Whether both sides agree where we look."""
        for number, (spot, trial) in enumerate(self.trials):
            places = {x: spot.base + i for i, x in enumerate(self.claim.window.layers)}
            for turn in (0, 1):
                values = {
                    letter: 1 + (3 * turn + i) % spot.sizes[places[layer]]
                    for i, (letter, layer) in enumerate(letters)
                }
                try:
                    one = self._left(left, (number, turn), trial, places, values)
                    two = Evaluation(trial, places, values).value(right)
                except (Missing, TooSmall, ZeroDivisionError):
                    return False
                if not _equal(one, two):
                    return False
        return True

    def _left(self, left, key, trial, places, values):
        if (left, key) not in self.left:
            self.left[left, key] = Evaluation(trial, places, values).value(left)
        return self.left[left, key]


def _equal(one, two) -> bool:
    a, b = (x.entries if isinstance(x, exact.Grid) else (x,) for x in (one, two))
    return len(a) == len(b) and all(
        x is None or y is None or x.number == y.number for x, y in zip(a, b, strict=True)
    )


#: Trees without unknown sizes: they can be evaluated as they were read.
_PLAIN = (ex.Number, ex.Entry, ex.Add, ex.Mul, ex.Power, ex.Apply, ex.Sum, ex.Equal, ex.Derivative)


def _search(claim: Claim, copied: bool = False) -> set[Names]:
    """Breadth first, by the number of names; one name may be used at several places.

    x = x mends nothing, unless the left side is not typed but made (`copied`): an entry. Two
    mistakes are undone in the order of the catalogue: the other order gives the same tree.
    """
    screen = _Screen(claim)
    at = Setting(claim.declarations, claim.window, claim.letters)
    left, right = claim.as_read
    level = {(key(right), Names()): (0, Names(), right)}
    seen, known = {key(right)}, {}
    found: set[Names] = set()
    for depth in range(DEEPEST):
        if depth == 1 and (found := _on_the_left(claim, at)):
            return found
        following: dict[tuple, tuple] = {}
        for first, names, tree in level.values():
            for row, name, new in repaired(tree, at, first):
                mark, both = key(new), names | {name}
                if mark in seen or (mark, both) in following or new == left and not copied:
                    continue
                if mark not in known:
                    known[mark] = _sensible(new, claim) and _makes_true(claim, screen, left, new)
                following[mark, both] = row, both, new
                if known[mark]:
                    found.add(both)
                if len(known) > EFFORT:
                    return _least(found)
        if found:
            return _least(found)
        seen.update(mark for mark, _ in following)
        level = following
    return found


def _on_the_left(claim: Claim, at: Setting) -> set[Names]:
    """Single mistakes on the left side."""
    left, right = claim.as_read
    screen = _Screen(claim)
    known, found = {}, set()
    for _, name, new in repaired(left, at):
        mark = key(new)
        if mark not in known and new != right:
            known[mark] = _sensible(new, claim) and _makes_true(claim, screen, new, right)
        if known.get(mark):
            found.add(Names({name}))
    return found


def _least(found: set[Names]) -> set[Names]:
    least = min(map(len, found), default=0)
    return {names for names in found if len(names) == least}


def key(tree: ex.Expression) -> int:
    """A number for a tree, the same for products of numbers in any order."""
    if isinstance(tree, ex.Mul):
        parts = _factors(tree)
        marks = [key(part) for part in parts]
        return hash(("·", tuple(sorted(marks) if not any(map(_is_wide, parts)) else marks)))
    return hash((type(tree).__name__, *(_key_of(getattr(tree, f.name)) for f in fields(tree)
                                        if f.name != "span")))  # fmt: skip


def _key_of(value):
    if isinstance(value, ex.Expression):
        return key(value)
    return tuple(map(_key_of, value)) if isinstance(value, tuple) else value


def _factors(tree: ex.Expression):
    if not isinstance(tree, ex.Mul):
        return [tree]
    return [part for factor in tree.factors for part in _factors(factor)]


def _sensible(tree: ex.Expression, claim: Claim) -> bool:
    """No derivative of something that cannot depend on its variable: it would only be a nought."""
    return all(
        _depends(node.of, node.by, claim)
        for node in ex.walk(tree)
        if isinstance(node, ex.Derivative)
    )


def _depends(of: ex.Expression, by: ex.Expression, claim: Claim) -> bool:
    """Whether a quantity in `of` is made of `by`, by the definitions (layers, not neurons)."""
    wanted = by.name, tuple(by.layers)
    return any(
        wanted in _made_of(claim.declarations, claim.window, node.name, tuple(node.layers))
        for node in ex.walk(of)
        if isinstance(node, (ex.Entry, ex.Whole))
    )


@lru_cache(maxsize=2048)
def _made_of(declarations, window, name: str, layers: tuple[str, ...]) -> frozenset:
    """All (name, layers) in this window that a quantity is made of; itself, too."""
    found, queue = set(), [(name, layers)]
    while queue:
        at = queue.pop()
        if at in found:
            continue
        found.add(at)
        for definition in declarations.defining(at[0], len(at[1])):
            places = _placed(definition, at[1], window)
            for node in ex.walk(definition.body) if places else ():
                if isinstance(node, ex.Entry):
                    queue.append((node.name, tuple(places[x] for x in node.layers)))
    return frozenset(found)


def _placed(definition, layers: tuple[str, ...], window) -> dict | None:
    """The definition's layers in the window's letters; layers outside have names of their own."""
    first = len(window.layers) - len(definition.layers)
    if layers:
        if layers[0] not in window.layers:
            return None
        first = window.place(layers[0]) - definition.layers.index(definition.target.layers[0])
    inside = range(len(window.layers))
    return {
        letter: window.layers[first + i] if first + i in inside else f"#{first + i}"
        for i, letter in enumerate(definition.layers)
    }


def _makes_true(claim: Claim, screen: _Screen, left, right) -> bool:
    """Whether the claim with this right side holds."""
    plain = all(isinstance(node, _PLAIN) for side in (left, right) for node in ex.walk(side))
    if plain and claim.problem is None and not screen.passes(left, right, claim.letters):
        return False
    shapes = Shapes(claim.declarations, claim.window, dict(claim.letters))
    try:
        settled = shapes.both(left, right)
    except (IllTyped, Unclear):
        return False
    if shapes.guesses or not plain and not screen.passes(*settled, claim.letters):
        return False
    mended = claim_of(left, right, claim.letters, claim.window, claim.declarations)
    return exact.judge(mended).holds is True
