r"""The exact judge: random networks, exact numbers, every index value. No tolerance.

A network has random weights, inputs and desired responses, a random polynomial for every φ, and
layers of different sizes. What a document defines is computed as it is defined; ∂X/∂Y walks the
tape back from X and stops at Y. A claim is tried at every place where its window fits, and is
refuted by one network in which the two sides differ.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from itertools import product

from bpderiv import expression as ex
from bpderiv.dispatch import by_type
from bpderiv.judges.tape import PRIME, Tape, Value
from bpderiv.meaning.claims import Claim
from bpderiv.meaning.declarations import Declarations, base_of
from bpderiv.meaning.names import readable

#: So many networks are kept for the next claims.
NETWORKS = 64

#: Degree of the random φ. Its derivatives up to the third are then not zero.
DEGREE = 4


class Missing(Exception):
    """A quantity that does not exist at this place of this network."""

    def __init__(self, name: str, layer: int):
        """Which, and in which layer."""
        super().__init__(name)
        self.name, self.layer = name, layer


class TooSmall(Exception):
    """A neuron's number that this network has not: it is too small for the claim."""


@dataclass(frozen=True)
class Grid:
    """A matrix of values; None is an entry hidden behind dots."""

    rows: int
    columns: int
    entries: tuple

    def at(self, row: int, column: int):
        """An entry, counted from 0."""
        return self.entries[row * self.columns + column]


def entries_of(value) -> tuple:
    """The entries of a grid; a number is its own."""
    return value.entries if isinstance(value, Grid) else (value,)


class Numbers:
    """A network's given numbers: random residues, the same in whatever order they are asked for."""

    def __init__(self, seed: int, prime: int | None = PRIME):
        """The same seed gives the same numbers."""
        self.seed, self.prime = seed, prime

    def given(self, name: str, layers: tuple[int, ...], indices: tuple[int, ...]):
        """What is given from outside: in a network of the notes a weight, an input, …"""
        return self._drawn(name, layers, indices)

    def function(self, name: str, layer: int) -> list:
        """The coefficients of a φ."""
        return [self._drawn(name, layer, power) for power in range(DEGREE + 1)]

    def _drawn(self, *key) -> int:
        digest = blake2b(repr((self.seed, key)).encode(), digest_size=16).digest()
        return 1 + int.from_bytes(digest) % (self.prime - 1)


@dataclass
class Trial:
    """A network with layers 0 … last of the given sizes, and the window at `base` in it."""

    declarations: Declarations
    sizes: tuple[int, ...]
    numbers: Numbers
    tape: Tape = field(default_factory=Tape)

    def __post_init__(self):
        """Nothing computed yet."""
        self._values: dict[tuple, Value] = {}
        self._functions: dict[tuple, list] = {}
        self._busy: set[tuple] = set()

    @property
    def last(self) -> int:
        """The number of the output layer."""
        return len(self.sizes) - 1

    def value(self, name: str, layers: tuple[int, ...], indices: tuple[int, ...]) -> Value:
        """An entry of a quantity; neurons are counted from 1."""
        key = name, layers, indices
        if key in self._values:
            return self._values[key]
        if not self.declarations.exists(name, layers, self.last):
            raise Missing(name, layers[0] if layers else -1)
        for index, layer in zip(indices, layers, strict=True):
            if not 1 <= index <= self.sizes[layer]:
                raise TooSmall(f"{name} has no neuron {index} in layer {layer}")
        self._values[key] = self._computed(key)
        return self._values[key]

    def _computed(self, key) -> Value:
        name, layers, indices = key
        definition = self.declarations.definition(name, layers, self.last)
        if definition is None:
            return self.tape.make(self.numbers.given(*key))
        if key in self._busy:
            raise RecursionError(f"{name} is defined by itself")
        self._busy.add(key)
        base = base_of(definition, layers, self.last)
        places = {letter: base + i for i, letter in enumerate(definition.layers)}
        letters = dict(zip(definition.target.indices, indices, strict=True))
        try:
            return self.tape.same(Evaluation(self, places, letters).value(definition.body))
        finally:  # also where something is missing: the trial may be asked again
            self._busy.discard(key)

    def function(self, name: str, layer: int) -> list:
        """The coefficients of φ of a layer."""
        if (name, layer) not in self._functions:
            if not self.declarations.exists(name, (layer,), self.last):
                raise Missing(name, layer)
            self._functions[name, layer] = self.numbers.function(name, layer)
        return self._functions[name, layer]


class Evaluation:
    """Trees → values: `places` maps layers' letters to numbers, `letters` neurons' letters."""

    def __init__(self, trial: Trial, places: dict[str, int], letters: dict[str, int]):
        """A place in a network."""
        self.trial, self.places, self.letters = trial, places, dict(letters)
        self.tape = trial.tape

    def size(self, dim: ex.Dim) -> int:
        """How many rows or columns."""
        return dim if isinstance(dim, int) else self.trial.sizes[self.places[dim]]

    def index(self, index: ex.Index) -> int:
        """The number of a neuron."""
        if isinstance(index, ex.Last):
            return self.size(index.layer) - index.back
        return self.letters[index] if isinstance(index, str) else index

    @by_type
    def value(self, node: ex.Expression) -> Value | Grid | None:
        """A number, or a grid of them."""
        raise TypeError(f"no rule for {type(node).__name__}")

    @value.register
    def _(self, node: ex.Number):
        return self.tape.constant(node.value)

    @value.register
    def _(self, node: ex.Entry):
        layers = tuple(self.places[x] for x in node.layers)
        return self.trial.value(node.name, layers, tuple(map(self.index, node.indices)))

    @value.register
    def _(self, node: ex.Whole):
        layers = tuple(self.places[x] for x in node.layers)
        ranges = [range(1, self.trial.sizes[layer] + 1) for layer in layers]
        entries = tuple(self.trial.value(node.name, layers, at) for at in product(*ranges))
        return Grid(len(ranges[0]), len(entries) // len(ranges[0]), entries)

    @value.register
    def _(self, node: ex.Add):
        total = self.value(node.terms[0])
        for term in node.terms[1:]:
            total = self._entrywise(self._plus, total, self.value(term))
        return total

    def _plus(self, a, b):
        return None if a is None or b is None else self.tape.add(a, b)

    def _times(self, a, b):
        """A product; nothing times something hidden is nothing."""
        if a is None or b is None:
            known = b if a is None else a
            return self.tape.zero if known is not None and known is self.tape.zero else None
        return self.tape.mul(a, b)

    def _entrywise(self, rule, a, b):
        if not isinstance(a, Grid):
            return rule(a, b)
        return Grid(a.rows, a.columns, tuple(map(rule, a.entries, b.entries)))

    @value.register
    def _(self, node: ex.Hadamard):
        total = self.value(node.factors[0])
        for factor in node.factors[1:]:
            total = self._entrywise(self._times, total, self.value(factor))
        return total

    @value.register
    def _(self, node: ex.Mul):
        total = self.value(node.factors[0])
        for factor in node.factors[1:]:
            total = self._matrix_product(total, self.value(factor))
        return total

    def _matrix_product(self, a, b):
        for grid, other in ((a, b), (b, a)):
            if not isinstance(grid, Grid):
                return self._scaled(grid, other)
            if len(grid.entries) == 1:
                return self._scaled(grid.entries[0], other)
        entries = []
        for r in range(a.rows):
            for c in range(b.columns):
                entry = self.tape.zero
                for i in range(a.columns):
                    entry = self._plus(entry, self._times(a.at(r, i), b.at(i, c)))
                    if entry is None:
                        break
                entries.append(entry)
        return _grid(a.rows, b.columns, tuple(entries))

    def _scaled(self, scalar, other):
        if not isinstance(other, Grid):
            return self._times(scalar, other)
        return Grid(other.rows, other.columns, tuple(self._times(scalar, x) for x in other.entries))

    @value.register
    def _(self, node: ex.Power):
        base = self.value(node.base)
        if node.exponent < 0:
            base = self.tape.inverse(_scalar(base))
        result = base
        for _ in range(abs(node.exponent) - 1):
            result = self._matrix_product(result, base)
        return result if node.exponent else self.tape.one

    @value.register
    def _(self, node: ex.Apply):
        coefficients = self.trial.function(node.name, self.places[node.layer])
        argument = self.value(node.argument)

        def applied(x):
            return None if x is None else self.tape.polynomial(coefficients, x, node.order)

        if isinstance(argument, Grid):
            return Grid(argument.rows, argument.columns, tuple(map(applied, argument.entries)))
        return applied(argument)

    @value.register
    def _(self, node: ex.Sum):
        total, before = None, self.letters.get(node.index)
        for number in range(node.start, self.size(node.layer) + 1):
            self.letters[node.index] = number
            term = self.value(node.body)
            total = term if total is None else self._entrywise(self._plus, total, term)
        self.letters.pop(node.index, None)
        if before is not None:
            self.letters[node.index] = before
        if total is None:
            raise TooSmall("an empty sum")
        return total

    @value.register
    def _(self, node: ex.Equal):
        size = self.size(node.layer)
        left, right = self.index(node.left), self.index(node.right)
        if not (1 <= left <= size and 1 <= right <= size):
            raise TooSmall(f"layer {node.layer} has {size} neurons")
        return self.tape.one if left == right else self.tape.zero

    @value.register
    def _(self, node: ex.Transpose):
        of = self.value(node.of)
        if not isinstance(of, Grid):
            return of
        places = product(range(of.columns), range(of.rows))
        return Grid(of.columns, of.rows, tuple(of.at(c, r) for r, c in places))

    @value.register
    def _(self, node: ex.Diag):
        entries = self.value(node.of).entries
        places = product(range(len(entries)), repeat=2)
        return _grid(
            len(entries), len(entries),
            tuple(entries[r] if r == c else self.tape.zero for r, c in places),
        )  # fmt: skip

    @value.register
    def _(self, node: ex.Identity):
        size = self.size(node.size)
        places = product(range(size), repeat=2)
        return _grid(
            size, size, tuple(self.tape.one if r == c else self.tape.zero for r, c in places)
        )

    @value.register
    def _(self, node: ex.Derivative):
        of, by = self.value(node.of), self.value(node.by)
        if isinstance(by, Grid) and by.columns > 1 and isinstance(of, Grid):
            of = of.entries[0]
        rows = of.entries if isinstance(of, Grid) else (of,)
        columns = by.entries if isinstance(by, Grid) else (by,)
        if None in rows:
            raise TooSmall("a derivative of something hidden behind dots")
        entries = tuple(self.tape.slopes(x).get(y, self.tape.zero) for x in rows for y in columns)
        if isinstance(by, Grid) and by.columns > 1:
            return Grid(by.rows, by.columns, entries)
        return _grid(len(rows), len(columns), entries)

    @value.register
    def _(self, node: ex.Display):
        rows, columns = self.size(node.rows), self.size(node.columns)
        entries: list = [None] * (rows * columns)
        if node.general is not None:
            for r, c in product(range(rows), range(columns)):
                self.letters.update(zip(node.letters, (r + 1, c + 1), strict=True))
                entries[r * columns + c] = self.value(node.general)
        for cell in node.cells:
            r, c = self.index(cell.row), self.index(cell.column)
            if not (1 <= r <= rows and 1 <= c <= columns):
                raise TooSmall("the matrix shows more entries than it has")
            entries[(r - 1) * columns + c - 1] = self.value(cell.value)
        return _grid(rows, columns, tuple(entries))


def _grid(rows: int, columns: int, entries: tuple):
    """A grid; one entry alone is a number."""
    return entries[0] if rows == columns == 1 else Grid(rows, columns, entries)


def _scalar(value):
    return value.entries[0] if isinstance(value, Grid) else value


@dataclass(frozen=True)
class Spot:
    """A place where a claim is tried: sizes of the network, where the window begins."""

    sizes: tuple[int, ...]
    base: int
    seed: int


@dataclass(frozen=True)
class Difference:
    """Where the sides differ: the letters' values, row and column (from 1), both numbers."""

    spot: Spot
    letters: tuple[tuple[str, int], ...]
    row: int
    column: int
    left: object
    right: object
    missing: str | None = None


@dataclass(frozen=True)
class Exact:
    """What the exact judge found."""

    holds: bool | None
    networks: int
    difference: Difference | None = None
    hidden: bool = False
    reason: str = ""


def judge(claim: Claim, seeds: int = 2) -> Exact:
    """Try a claim at every place where its window fits, in networks one and two layers deeper."""
    networks, hidden = 0, False
    for spot in spots(claim, seeds):
        try:
            trial = network(claim.declarations, tuple(claim.declarations.definitions), spot)
            with trial.tape.passing():
                found, unseen = compare(claim, spot, trial)
        except ZeroDivisionError:
            return Exact(None, networks, reason="something is divided by zero")
        except TooSmall as error:
            return Exact(None, networks, reason=f"the networks tried are too small: {error}")
        networks += 1
        hidden |= unseen
        if found is not None:
            return Exact(False, networks, found, hidden)
    reason = "the dots hide entries" if hidden else ""
    return Exact(None if hidden else True, networks, None, hidden, reason)


def holds(claim: Claim) -> bool:
    """Whether types let a claim pass and it holds on all networks tried; False if undecided."""
    return claim.problem is None and judge(claim).holds is True


@lru_cache(NETWORKS)
def network(declarations: Declarations, _definitions: tuple, spot: Spot) -> Trial:
    """A random network, kept for the next claim with the same definitions."""
    seed = hash((spot.sizes, spot.base, spot.seed)) & 0x7FFFFFFF
    return Trial(declarations, spot.sizes, Numbers(seed))


def spots(claim: Claim, seeds: int):
    """Depths, places and sizes: all layers of different sizes, larger than what a display shows."""
    length, least = len(claim.window.layers), least_size(claim)
    deeper = 1 if claim.window.output else 2
    for seed in range(seeds):
        for extra in range(deeper + 1):
            last = length - 1 + extra
            bases = [extra] if claim.window.output else range(extra + 1)
            for base in bases:
                rng = random.Random(31 * seed + 7 * extra + base)
                sizes = list(range(least, least + last + 1))
                rng.shuffle(sizes)
                yield Spot(tuple(sizes), base, seed)


def least_size(claim: Claim) -> int:
    """Layers have room for all entries shown and all numbers written, and one more."""
    nodes = [node for side in (claim.left, claim.right) for node in ex.walk(side)]
    return 1 + max(1, *map(_needs, nodes))


def _needs(node: ex.Expression) -> int:
    """How many neurons a node asks of a layer."""
    if isinstance(node, ex.Display):
        return max(
            sum(
                max((_count(x) for x in places if isinstance(x, kind)), default=0)
                for kind in (int, ex.Last)
            )
            for places in ({c.row for c in node.cells}, {c.column for c in node.cells})
        )
    if isinstance(node, ex.Sum):
        return node.start
    if isinstance(node, ex.Equal):
        return max(_count(node.left), _count(node.right))
    return max((_count(index) for index in getattr(node, "indices", ())), default=0)


def _count(index: ex.Index) -> int:
    """The least number of neurons that an index asks for."""
    if isinstance(index, ex.Last):
        return index.back + 1
    return index if isinstance(index, int) else 0


def compare(claim: Claim, spot: Spot, trial: Trial):
    """(the first difference or None, whether entries were hidden behind dots) in one network."""
    places = {layer: spot.base + i for i, layer in enumerate(claim.window.layers)}
    names = [letter for letter, _ in claim.letters]
    ranges = [range(1, spot.sizes[places[layer]] + 1) for _, layer in claim.letters]
    hidden = False
    for values in product(*ranges):
        letters = dict(zip(names, values, strict=True))
        try:
            left, right = (
                Evaluation(trial, places, letters).value(x) for x in (claim.left, claim.right)
            )
        except Missing as missing:
            return Difference(spot, tuple(letters.items()), 0, 0, None, None,
                              _missing(missing, claim, places)), hidden  # fmt: skip
        found, unseen = _first_difference(left, right)
        hidden |= unseen
        if found is not None:
            return Difference(spot, tuple(letters.items()), *found), hidden
    return None, hidden


def _missing(missing: Missing, claim: Claim, places: dict[str, int]) -> str:
    layer = next((x for x, number in places.items() if number == missing.layer), "?")
    return f"{readable(missing.name)} of layer {layer}"


def _first_difference(left, right):
    columns = left.columns if isinstance(left, Grid) else 1
    one, two = entries_of(left), entries_of(right)
    if len(one) != len(two):
        raise AssertionError("the types let two shapes pass that differ")
    hidden = False
    for place, (a, b) in enumerate(zip(one, two, strict=True)):
        if a is None or b is None:
            hidden = True
        elif a.number != b.number:
            return (place // columns + 1, place % columns + 1, a.number, b.number), hidden
    return None, hidden
