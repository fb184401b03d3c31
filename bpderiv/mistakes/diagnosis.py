r"""What is wrong with a false claim: the fewest named mistakes whose undoing makes it true.

The search knows no stored corrections. It undoes mistakes at every place, one, two or three at a
time, and asks the exact judge; one name counts once, however often it was made. All shortest
combinations are told. A matrix is searched entry by entry: each entry shown is a claim of its own.
"""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from math import prod

from bpderiv import expression as ex
from bpderiv.judges import exact
from bpderiv.judges.exact import Evaluation, Missing, Numbers, TooSmall, Trial
from bpderiv.meaning.claims import Claim, claim_of
from bpderiv.meaning.components import Components, NotGeneral
from bpderiv.meaning.shapes import IllTyped, Shapes, Unclear
from bpderiv.mistakes.catalogue import CATALOGUE, OF_WINDOWS, repairs
from bpderiv.mistakes.rules import _is_wide, free_letters
from bpderiv.mistakes.setting import Setting

#: How many trees are looked at before the search gives up; fewer if they are costly.
EFFORT = 24_000
#: The same where a long search is not worth its time.
QUICK = 3_000
#: How many nodes of trees are made, of those met twice, too: long formulas have large trees.
NODES = 6_000_000


#: (names, rewritings) in the order in which they are tried: the fewest names first.
STAGES = ((1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3))


@dataclass(frozen=True)
class Mark:
    """A name, where it was first needed, and its row in the catalogue."""

    where: int
    row: int
    name: str


@dataclass(frozen=True)
class Found:
    """Marks, one for each name, and how many rewritings they took."""

    marks: tuple[Mark, ...] = ()
    steps: int = 0

    @property
    def names(self) -> frozenset[str]:
        """The names, in no order."""
        return frozenset(mark.name for mark in self.marks)

    def told(self) -> tuple[str, ...]:
        """The names in reading order."""
        return tuple(mark.name for mark in sorted(self.marks, key=lambda m: (m.where, m.row)))

    def rank(self) -> tuple:
        """Which of several to tell first: fewer rewritings, then what the catalogue has first."""
        rows = sorted((mark.row for mark in self.marks), reverse=True)
        return self.steps, rows, self.told()

    def with_mark(self, mark: Mark) -> Found:
        """One rewriting more."""
        first = {mark.name: mark}
        for old in self.marks:
            if old.name not in first or old.where <= first[old.name].where:
                first[old.name] = old
        return Found(tuple(first.values()), self.steps + 1)

    def and_also(self, other: Found) -> Found:
        """The names of both."""
        found = self
        for mark in other.marks:
            found = found.with_mark(mark)
        return replace(found, steps=max(self.steps, other.steps))


def diagnose(claims: tuple[Claim, ...], effort: int | None = None) -> tuple[tuple[str, ...], ...]:
    """The shortest combinations of mistakes' names for a false link; () if none was found.

    The most plausible first, and in each the names in reading order. `effort` is how many trees
    are looked at before the search gives up (default: EFFORT).
    """
    found: list[Found] | None = None
    with _uncollected():
        for claim in claims:
            if claim.problem is None and exact.judge(claim).holds is not False:
                continue
            here = _of_claim(claim, effort or EFFORT)
            found = here if found is None else _together([found, here])
    best = sorted(found or [], key=Found.rank)
    return tuple(one.told() for one in best)


@contextmanager
def _uncollected():
    """No collection of garbage meanwhile: it would walk a million numbers again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _together(parts: list[list[Found]]) -> list[Found]:
    """What explains all parts at once: the shortest unions."""
    unions = [Found()]
    for part in parts:
        unions = _once(a.and_also(b) for a, b in product(unions, part))
    return _least(unions)


def _once(found) -> list[Found]:
    """Each set of names once, by the fewest rewritings."""
    best: dict[frozenset, Found] = {}
    for one in found:
        names = one.names
        if names not in best or one.rank() < best[names].rank():
            best[names] = one
    return list(best.values())


def _least(found: list[Found]) -> list[Found]:
    """Those with the fewest names."""
    least = min((len(one.marks) for one in found), default=0)
    return [one for one in found if len(one.marks) == least]


def _of_claim(claim: Claim, effort: int) -> list[Found]:
    """All shortest combinations for one claim; one met again is looked up."""
    return _of_new_claim(claim, claim.declarations, effort)


@lru_cache(maxsize=1024)
def _of_new_claim(claim: Claim, _declarations, effort: int) -> list[Found]:
    """Entry by entry if that is possible."""
    cells = _cell_claims(claim)
    if cells:
        parts = [_Search(cell, copied=True, effort=effort).run() for cell in cells]
        if all(parts):
            return _together(parts)
    search = _Search(claim, copied=False, effort=effort)
    single = _of_windows(claim) + search.run(STAGES[:1])
    return single or _where_it_exists(claim, effort) or search.run(STAGES[1:])


def of_windows(claim: Claim) -> tuple[tuple[str, ...], ...]:
    """The names for a claim that is true of some layers only; () if it is of none."""
    return tuple(one.told() for one in _of_windows(claim))


def _of_windows(claim: Claim) -> list[Found]:
    """What is said of more layers than it is true of."""
    found = []
    for name, change in OF_WINDOWS:
        window = change(claim.window)
        if window == claim.window or claim.problem is not None:
            continue
        narrower = claim_of(*claim.as_read, claim.letters, window, claim.declarations)
        if exact.holds(narrower):
            found.append(_of_window(claim, name))
    return found


def _of_window(claim: Claim, name: str) -> Found:
    return Found((Mark(claim.place[0], -1, name),))


def _where_it_exists(claim: Claim, effort: int) -> list[Found]:
    """What is false where all quantities exist: the claim names one that may be missing."""
    difference = None if claim.problem else exact.judge(claim).difference
    if difference is None or not difference.missing:
        return []
    name, change = OF_WINDOWS[-1]
    claim = claim_of(*claim.as_read, claim.letters, change(claim.window), claim.declarations)
    found = exact.judge(claim)
    if found.holds is not False or found.difference.missing:
        return []
    search = _Search(claim, copied=False, effort=effort)
    return [one.and_also(_of_window(claim, name)) for one in search.run()]


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


class _Remembering(Evaluation):
    """An evaluation that remembers `known` subtrees: the trees of a search share most of theirs."""

    def __init__(self, trial, places, letters, known: dict):
        """`known` is kept from tree to tree."""
        super().__init__(trial, places, letters)
        self.known = known

    def value(self, node):
        """A number, or a grid of them."""
        if "_kept" not in node.__dict__:
            return super().value(node)
        mark = id(node), tuple(self.letters.items())
        if mark not in self.known:
            self.known[mark] = node, super().value(node)  # the node, too: its id stays its own
        return self.known[mark][1]


@dataclass
class _Screen:
    """A quick look at a candidate: one network, a few letters' values."""

    claim: Claim

    def __post_init__(self):
        spots = list(exact.spots(self.claim, 1))
        self.trials = []
        for spot in (spots[0], spots[-1]):
            spot = _narrow(spot)
            trial = Trial(self.claim.declarations, spot.sizes, Numbers(1))
            self.trials.append((spot, trial, {}))

    def keep(self, *trees: ex.Expression):
        """Remember the values of these trees' nodes from now on, and of no others."""
        for _, _, known in self.trials:
            known.clear()
        for tree in trees:
            for node in ex.walk(tree):
                if not isinstance(node, (ex.Number, ex.Entry)):
                    node.__dict__["_kept"] = True

    def numbers(self) -> int:
        """How many numbers were computed."""
        return sum(trial.tape.make(0).order for _, trial, _ in self.trials)

    def passes(self, left, right, letters) -> bool:
        """Whether both sides agree where we look."""
        for spot, trial, known in self.trials:
            places = {x: spot.base + i for i, x in enumerate(self.claim.window.layers)}
            for turn in (0, 1):
                values = {
                    letter: 1 + (3 * turn + i) % spot.sizes[places[layer]]
                    for i, (letter, layer) in enumerate(letters)
                }
                try:
                    one, two = (
                        _Remembering(trial, places, values, known).value(x) for x in (left, right)
                    )
                except (Missing, TooSmall, ZeroDivisionError):
                    return False
                if not _equal(one, two):
                    return False
        return True


def _narrow(spot: exact.Spot) -> exact.Spot:
    """The same place in a network whose layers have two sizes only, one after the other.

    What agrees here by chance is seen by the exact judge, in layers that are all different.
    """
    least = min(spot.sizes)
    return replace(spot, sizes=tuple(least + at % 2 for at in range(len(spot.sizes))))


def _equal(one, two) -> bool:
    a, b = map(exact.entries_of, (one, two))
    return len(a) == len(b) and all(
        x is None or y is None or x.number == y.number for x, y in zip(a, b, strict=True)
    )


#: Trees without unknown sizes: they can be evaluated as they were read.
_PLAIN = (ex.Number, ex.Entry, ex.Add, ex.Mul, ex.Power, ex.Apply, ex.Sum, ex.Equal, ex.Derivative)


@dataclass(frozen=True)
class _State:
    """A tree that mistakes were undone in, and the last one's row."""

    tree: ex.Expression
    found: Found = Found()
    row: int = 0


#: Rows that say that something is missing.
_MISSING = {row for row, x in enumerate(CATALOGUE) if x.pattern.endswith("missing")}


def _worth(claim: Claim, effort: int) -> int:
    """Of a number alone, such as 6.5, mistakes make any formula: only the likeliest are tried."""
    said = any(isinstance(node, (ex.Entry, ex.Whole)) for node in ex.walk(claim.as_read[1]))
    return effort if said else min(effort, QUICK)


class _Search:
    """A search, stage by stage; the first stage that finds something ends it.

    x = x mends nothing, unless the left side is not typed but made (`copied`): an entry. Two
    mistakes are undone in the order of the catalogue: the other order gives the same tree.
    """

    def __init__(self, claim: Claim, copied: bool, effort: int):
        """Nothing looked at yet."""
        self.claim, self.copied, self.effort = claim, copied, _worth(claim, effort)
        self.at = Setting.of(claim)
        self.screen = _Screen(claim)
        self.left, self.right = claim.as_read
        self.known: dict[int, bool] = {key(self.right): False}
        self.first: dict[int, int] = {key(self.right): 0}
        self.states = {(0, 0): [_State(self.right)]}
        self.nodes = 0
        self.sizes = [sum(1 for _ in ex.walk(side)) for side in claim.as_read]

    def run(self, stages=STAGES) -> list[Found]:
        """What the first of these stages finds that finds something."""
        for stage in stages:
            if found := self.stage(*stage) or (stage == (1, 1) and self.on_the_left()):
                return found
        return []

    def stage(self, names: int, steps: int) -> list[Found]:
        """All trees with so many names and rewritings; what makes the claim true."""
        found, states, seen = [], [], set()
        before = None
        for state, row, fresh in self._sources(names, steps):
            if state is not before:
                self.screen.keep(self.left, state.tree)
                before = state
            for repair in repairs(state.tree, self.at, (row,)):
                if self._too_long(self.sizes[1]):
                    self.states[names, steps] = states
                    return _once(found)
                if (repair.name not in state.found.names) is not fresh:
                    continue
                mark = key(repair.tree)
                one = state.found.with_mark(Mark(repair.where, repair.row, repair.name))
                if self.first.setdefault(mark, steps) < steps or (mark, one.names) in seen:
                    continue
                if repair.tree == self.left and not self.copied:
                    continue
                if mark not in self.known and self._work() > self._effort(names, steps):
                    self.states[names, steps] = states
                    return _once(found)
                seen.add((mark, one.names))
                if self._true(mark, self.left, repair.tree):
                    found.append(one)
                states.append(_State(repair.tree, one, repair.row))
        self.states[names, steps] = states
        return _once(found)

    def _sources(self, names: int, steps: int):
        """(state, row of the catalogue, whether the name must be a new one).

        What there are few places for comes first; people leave out more than they add.
        """
        single = [mark for state in self.states.get((1, 1), ()) for mark in state.found.marks]
        places = Counter(mark.name for mark in single)
        rows = Counter(mark.row for mark in single)
        kinds = Counter(row for row, _ in {(mark.row, mark.name) for mark in single})

        def cost(source):
            state, row, _ = source
            steps = [(places[mark.name], mark.row) for mark in state.found.marks]
            steps.append((rows[row] / max(1, kinds[row]), row))
            return prod(many / (16 if at in _MISSING else 1) for many, at in steps)

        sources = [
            (state, row, False)
            for state in self.states.get((names, steps - 1), ())
            for row in sorted({m.row for m in state.found.marks if m.row >= state.row})
        ]
        sources += [
            (state, row, True)
            for state in self.states.get((names - 1, steps - 1), ())
            for row in range(state.row, len(CATALOGUE))
        ]
        return sorted(sources, key=cost)

    def _effort(self, names: int, steps: int) -> int:
        """One name at many places must leave room for two names."""
        return self.effort // 6 if names == 1 < steps else self.effort

    def _work(self) -> int:
        """How much was done so far: trees looked at, and numbers computed for them."""
        return len(self.known) + self.screen.numbers() // 100

    def _too_long(self, nodes: int) -> bool:
        """Count a tree of about so many nodes; whether these are too many by now."""
        self.nodes += nodes
        return self.nodes > NODES * self.effort // EFFORT

    def on_the_left(self) -> list[Found]:
        """Single mistakes on the left side."""
        found, known = [], {}
        self.screen.keep(self.left, self.right)
        for repair in repairs(self.left, self.at):
            # Nothing is remembered here from tree to tree: each costs more.
            if self._too_long(12 * sum(self.sizes)):
                break
            mark = key(repair.tree)
            if repair.tree == self.right:
                continue
            if mark not in known:
                known[mark] = self._looks_true(repair.tree, self.right)
            if known[mark]:
                mark = Mark(repair.where, repair.row, repair.name)
                found.append(Found().with_mark(mark))
        return _once(found)

    def _true(self, mark: int, left, right) -> bool:
        if mark not in self.known:
            self.known[mark] = self._looks_true(left, right)
        return self.known[mark]

    def _looks_true(self, left, right) -> bool:
        return _sensible(left, self.claim) and _sensible(right, self.claim) and _makes_true(
            self.claim, self.screen, left, right
        )  # fmt: skip


def key(tree: ex.Expression) -> int:
    """A number for a tree, the same for products of numbers in any order; kept in the tree."""
    found = tree.__dict__.get("_key")
    if found is None:
        found = _new_key(tree)
        object.__setattr__(tree, "_key", found)
    return found


def _new_key(tree: ex.Expression) -> int:
    if isinstance(tree, ex.Mul):
        parts = _factors(tree)
        marks = [key(part) for part in parts]
        return hash(("·", tuple(sorted(marks) if not any(map(_is_wide, parts)) else marks)))
    kind = type(tree)
    return hash((kind.__name__, *(_key_of(getattr(tree, name)) for name in ex.parts(kind))))


def _key_of(value):
    if isinstance(value, ex.Expression):
        return key(value)
    return tuple(map(_key_of, value)) if isinstance(value, tuple) else value


def _factors(tree: ex.Expression):
    if not isinstance(tree, ex.Mul):
        return [tree]
    return [part for factor in tree.factors for part in _factors(factor)]


def _sensible(tree: ex.Expression, claim: Claim) -> bool:
    """Every letter is known, and no derivative is of something that cannot depend on its variable.

    Such a derivative would only be a nought.
    """
    return free_letters(tree) <= {letter for letter, _ in claim.letters} and all(
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
