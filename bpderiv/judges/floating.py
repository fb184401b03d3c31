r"""The floating-point judge: what running numpy says, `bpderiv.network` moved a little.

Signals come from the network's forward pass, at random numbers; ∂X/∂Y, on either side of a claim
and in definitions, from that pass with Y moved (`moved.py`); everything else is computed as the
document defines it. A letter is an axis: all values of all letters are tried at once.

The judge knows which name is which by structure (`roles.py`), and first compares every definition
with what `bpderiv.network` computes. It does not differentiate twice, and says so: *not run*.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, singledispatchmethod
from itertools import product

import numpy as np

from bpderiv import expression as ex
from bpderiv import network
from bpderiv.document.notes import notes_declarations
from bpderiv.judges.moved import STEP, Sample, Where, each_moved, sample, slope
from bpderiv.judges.roles import (
    NOTES, Key, NotTheNetwork, Role, Text, roles, target_of, text_of,
)  # fmt: skip
from bpderiv.meaning.claims import Claim
from bpderiv.meaning.declarations import Declarations, Definition, base_of

#: Largest difference allowed, relative to the largest entry of both sides.
TOLERANCE = 1e-10
#: Where terms cancel, what is left is rounding: sides this much smaller than a term count as so big.
CANCELLED = 1e-4
#: Networks tried at every place.
SEEDS = 2


@dataclass(frozen=True)
class Difference:
    """Where the sides differ most: the letters' values, row and column (from 1), both numbers."""

    letters: tuple[tuple[str, int], ...]
    row: int
    column: int
    left: float
    right: float


@dataclass(frozen=True)
class Floating:
    """What this judge found; `holds` is None if it could not judge, and `reason` says why.

    `largest` is the largest difference met, relative to the largest entry.
    """

    holds: bool | None
    networks: int
    largest: float = 0.0
    difference: Difference | None = None
    reason: str = ""


@dataclass(frozen=True)
class Disagreement:
    """A definition that is not what `bpderiv.network` computes."""

    name: str
    latex: str
    reason: str


class Missing(Exception):
    """A quantity, or a neuron of it, that does not exist at this place of this network."""


class NotRun(Exception):
    """What this judge cannot compute."""


# --- judging --------------------------------------------------------------------------------------


def judge(claim: Claim) -> Floating:
    """Compare both sides in random networks, at every place where the window fits.

    Errors
    ------
    ValueError
        for a claim that types refute: there is nothing to compute.
    """
    if claim.problem is not None:
        raise ValueError(f"this claim is refuted by its types: {claim.problem}")
    try:
        wrong = check_definitions(claim.declarations)
    except NotTheNetwork as error:
        return Floating(None, 0, reason=f"not run: {error}")
    if wrong:
        return Floating(False, 0, reason=wrong[0].reason)
    return _tried(claim)


def _tried(claim: Claim) -> Floating:
    largest, networks, reason = 0.0, 0, claim.guess or ""
    for spot in spots(claim):
        try:
            found = compare(claim, spot)
        except Missing as missing:
            return Floating(False, networks + 1, largest, reason=str(missing))
        except NotRun as why:  # at another place something may be missing
            reason = f"not run: {why}"
            continue
        networks += 1
        largest = max(largest, found.relative)
        if found.relative > TOLERANCE:
            words = f"the sides differ by {found.relative:.1e} of the largest entry"
            return Floating(False, networks, largest, found.place, words)
        reason = reason or "entries are hidden behind dots" * found.hidden
    return Floating(None if reason else True, networks, largest, reason=reason)


@dataclass(frozen=True)
class Spot:
    """A place where a claim is tried: sizes of the network, where the window begins."""

    sizes: tuple[int, ...]
    base: int
    seed: int


def spots(claim: Claim) -> Iterator[Spot]:
    """Networks as deep as the window and deeper; all layers of different sizes, at least 2."""
    length, least = len(claim.window.layers), least_size(claim)
    for before, after in product(range(3), range(1 if claim.window.output else 3)):
        if before + after > (1 if claim.window.output else 2):
            continue
        for seed in range(SEEDS):
            sizes = list(range(least, least + before + length + after))
            random.Random(f"{before} {after} {seed}").shuffle(sizes)
            yield Spot(tuple(sizes), before, seed)


def least_size(claim: Claim) -> int:
    """So many neurons that every entry shown is another one, and one at least is hidden."""
    nodes = [node for side in (claim.left, claim.right) for node in ex.walk(side)]
    at = {index for node in nodes for index in _indices(node)}
    front = max((x for x in at if isinstance(x, int)), default=0)
    end = max((x.back + 1 for x in at if isinstance(x, ex.Last)), default=0)
    return max(2, front + end + 1)


def _indices(node: ex.Expression) -> tuple:
    """Whatever stands for a neuron, a row or a column in this node."""
    parts = ("row", "column", "left", "right", "start")
    found = [x for part in parts if isinstance(x := getattr(node, part, None), (int, ex.Last))]
    return (*found, *getattr(node, "indices", ()))


@dataclass(frozen=True)
class Comparison:
    """How far apart two sides are in one network, where most, and whether entries were hidden."""

    relative: float
    place: Difference
    hidden: bool


def compare(claim: Claim, spot: Spot) -> Comparison:
    """Both sides in one network, for all values of the letters at once."""
    trial = Trial(sample(spot.sizes, spot.seed), claim.declarations, roles(claim.declarations))
    places = {layer: spot.base + i for i, layer in enumerate(claim.window.layers)}
    evaluation = Evaluation(trial.state(), places)
    for letter, layer in claim.letters:
        evaluation = evaluation.along(letter, trial.sizes[places[layer]])
    sides = _both(evaluation, claim)
    shape = np.broadcast_shapes(*(side.shape for side in sides))
    left, right = (np.broadcast_to(side, shape)[0] for side in sides)
    apart, relative, hidden = _apart(left, right, evaluation.terms[0])
    *letters, row, column = np.unravel_index(np.argmax(apart), apart.shape)
    values = tuple((x, int(n) + 1) for (x, _), n in zip(claim.letters, letters, strict=True))
    at = (*letters, row, column)
    place = Difference(values, int(row) + 1, int(column) + 1, float(left[at]), float(right[at]))
    return Comparison(relative, place, hidden)


def _both(evaluation: Evaluation, claim: Claim) -> list[np.ndarray]:
    """Both sides; something missing in one of them counts more than what cannot be run."""
    sides, why = [], None
    for side in (claim.left, claim.right):
        try:
            sides.append(evaluation.value(side))
        except NotRun as error:
            why = error
    if why is not None:
        raise why
    if sides[0].shape[-2:] != sides[1].shape[-2:]:
        raise AssertionError("the types let two shapes pass that differ")
    return sides


def _apart(left, right, term=0.0) -> tuple[np.ndarray, float, bool]:
    """Differences entry by entry (0 where hidden), the largest one relative, and if any was hidden."""
    unseen = np.isnan(left) | np.isnan(right)
    if np.isinf(left).any() or np.isinf(right).any():
        raise NotRun("a number is too large")
    apart = np.where(unseen, 0, np.abs(left - right))
    scale = max(_largest(left), _largest(right), CANCELLED * term)
    most = float(apart.max())
    return apart, most / scale if most else 0.0, bool(unseen.any())


def _largest(values: np.ndarray) -> float:
    """The largest entry; what is hidden (NaN) does not count."""
    return float(np.fmax.reduce(np.abs(values), axis=None, initial=0.0))


# --- the definitions against the network ----------------------------------------------------------

#: Sizes of the networks in which definitions are compared: two, three and four layers.
_SIZES = ((3, 2), (2, 4, 3), (4, 2, 5, 3))


def check_definitions(declarations: Declarations) -> tuple[Disagreement, ...]:
    """The definitions that are not what `bpderiv.network` computes; each is compared by itself.

    Errors
    ------
    NotTheNetwork
        if they are the definitions of something else.
    """
    return _checked(text_of(declarations))


@lru_cache(maxsize=64)
def _checked(text: Text) -> tuple[Disagreement, ...]:
    names = roles(text.declarations)
    found = []
    for key, _ in text.names:
        reasons = (
            _disagrees(key, layers, Trial(sample(sizes, 0), text.declarations, names, True))
            for sizes in _SIZES
            for layers in product(range(len(sizes)), repeat=key[1])
        )
        if reason := next(filter(None, reasons), None):
            latex = next((d.latex for d in text.definitions if target_of(d) == key), "")
            found.append(Disagreement(key[0], latex, reason))
    return tuple(found)


def _disagrees(key: Key, layers: tuple[int, ...], trial: Trial) -> str | None:
    """What is wrong with a name at these layers of a network; None if nothing is."""
    (name, _), role, last = key, trial.roles[key], trial.last
    where = f"{name} at layer {layers[0]}" if layers else name
    where += f" of a network with layers 0 … {last}"
    own = _stands(trial.declarations, name, layers, last)
    theirs = _stands(notes_declarations(), trial.notes_name(role), layers, last)
    if own != theirs:
        return f"{where}: here it is {own}, in bpderiv.network {theirs}"
    definition = trial.declarations.definition(name, layers, last)
    if own != "defined" or definition is None:
        return None
    try:
        made = trial.state().defined(definition, layers)
    except (Missing, NotRun) as error:
        return f"{where}: {error}"
    given = trial.state().value(role, layers)
    apart, relative, _ = _apart(made, given)
    if relative <= TOLERANCE:
        return None
    at = np.unravel_index(np.argmax(apart), apart.shape)
    numbers = f"is {made[at]:.3g} by its definition and {given[at]:.3g} in bpderiv.network"
    return f"{where} {numbers}"


def _stands(declarations: Declarations, name: str, layers: tuple[int, ...], last: int) -> str:
    """Whether a quantity is there, and where its values come from."""
    if not declarations.exists(name, layers, last):
        return "missing"
    return "defined" if declarations.definition(name, layers, last) else "given"


# --- values ---------------------------------------------------------------------------------------


class Trial:
    """A random network seen through a document's declarations.

    `by_network`: what the document defines is taken from `bpderiv.network` instead, so that its
    definitions can be compared with that one by one.
    """

    def __init__(
        self,
        sample: Sample,
        declarations: Declarations,
        roles: dict[Key, Role],
        by_network: bool = False,
    ):
        """Nothing computed yet."""
        self.sample, self.declarations, self.roles = sample, declarations, roles
        self.sizes, self.last = sample.sizes, sample.last
        self.names = {role: name for (name, _), role in roles.items()}
        self.by_network = by_network
        self._states: dict[Where | None, State] = {}

    def state(self, moved: Where | None = None) -> State:
        """All values as they are, or with the entries of one quantity moved in turn."""
        if moved not in self._states:
            self._states[moved] = State(self, moved)
        return self._states[moved]

    def notes_name(self, role: Role) -> str:
        """What the notes call it."""
        return next(name for (name, _), other in NOTES.items() if other is role)


class State:
    """The values of every quantity. Entries lie along the axes after the first."""

    def __init__(self, trial: Trial, moved: Where | None):
        """Run the network forward."""
        self.trial, self.moved = trial, moved
        self.run = trial.sample.run(moved)
        self._values: dict[Where, np.ndarray] = {}

    def value(self, role: Role, layers: tuple[int, ...]) -> np.ndarray:
        """A quantity's entries, for every entry moved."""
        given = self.run.get((role, layers))
        if given is not None:
            return given
        if (role, layers) not in self._values:
            self._values[role, layers] = self._made(role, layers)
        return self._values[role, layers]

    def _made(self, role: Role, layers: tuple[int, ...]) -> np.ndarray:
        if self.moved == (role, layers):  # cut here: held, and moved
            return each_moved(self.trial.state().value(role, layers))
        if self.trial.by_network:
            return _BY_NETWORK[role](self, layers)
        name = self.trial.names[role]
        definition = self.trial.declarations.definition(name, layers, self.trial.last)
        assert definition is not None, "definitions that do not fit the network were found before"
        try:
            return self.defined(definition, layers)
        except Nested:
            raise Nested(f"{name} is defined by a derivative and is differentiated") from None

    def defined(self, definition: Definition, layers: tuple[int, ...]) -> np.ndarray:
        """What a definition gives: all entries of its target."""
        base = base_of(definition, layers, self.trial.last)
        places = {letter: base + i for i, letter in enumerate(definition.layers)}
        evaluation = Evaluation(self, places)
        sizes = [self.trial.sizes[layer] for layer in layers]
        for letter, size in zip(definition.target.indices, sizes, strict=True):
            evaluation = evaluation.along(letter, size)
        made = evaluation.value(definition.body)[..., 0, 0]
        return np.broadcast_to(made, (made.shape[0], *sizes))

    def slopes(self, role: Role, layers: tuple[int, ...], by: Where) -> np.ndarray:
        """How a quantity changes with another: the moved entries along the first axis."""
        return self.trial.state(by).value(role, layers).imag / STEP


class Nested(NotRun):
    """A derivative of a derivative."""


def _error_signal(state: State, layers: tuple[int, ...]) -> np.ndarray:
    return state.value(Role.DESIRED, layers) - state.value(Role.SIGNAL, layers)


def _error(state: State, layers: tuple[int, ...]) -> np.ndarray:
    signals = state.value(Role.ERROR_SIGNAL, (state.trial.last,))
    return np.array([network.error(row) for row in signals])


def _share(state: State, layers: tuple[int, ...]) -> np.ndarray:
    signals = state.value(Role.ERROR_SIGNAL, layers)
    return np.array([[network.error(one) for one in row] for row in signals])


def _local_gradient(state: State, layers: tuple[int, ...]) -> np.ndarray:
    return -state.slopes(Role.ERROR, (), (Role.FIELD, layers))[np.newaxis]


def _next_weight(state: State, layers: tuple[int, ...]) -> np.ndarray:
    weights = state.value(Role.WEIGHT, layers)
    slopes = state.slopes(Role.ERROR, (), (Role.WEIGHT, layers)).reshape(weights.shape)
    step_size = state.value(Role.STEP_SIZE, ())
    return network.update([None, weights], [None, slopes], step_size)[1]


def _change(state: State, layers: tuple[int, ...]) -> np.ndarray:
    return state.value(Role.NEXT_WEIGHT, layers) - state.value(Role.WEIGHT, layers)


#: What `bpderiv.network` says a quantity is (signals and fields are in its forward pass already).
_BY_NETWORK: dict[Role, Callable[[State, tuple[int, ...]], np.ndarray]] = {
    Role.ERROR_SIGNAL: _error_signal,
    Role.ERROR: _error,
    Role.SHARE: _share,
    Role.LOCAL_GRADIENT: _local_gradient,
    Role.NEXT_WEIGHT: _next_weight,
    Role.CHANGE: _change,
}


# --- trees ----------------------------------------------------------------------------------------


class Evaluation:
    """Trees → arrays, with axes (moved entry, one for each letter, row, column).

    An axis has length 1 where nothing depends on it; a number has one row and one column. What is
    hidden behind dots is NaN. `places` maps layers' letters to numbers.
    """

    def __init__(self, state: State, places: dict[str, int]):
        """A place in a network; no letters yet."""
        self.state, self.places = state, places
        self.letters: dict[str, tuple[int, np.ndarray]] = {}
        self.depth = 0
        #: The largest term added so far.
        self.terms = [0.0]

    def along(self, letter: str, size: int, start: int = 1) -> Evaluation:
        """The same with one more letter, which runs from `start` to `size`."""
        deeper = self._copy(self.state)
        deeper.letters[letter] = self.depth, np.arange(start, size + 1)
        deeper.depth += 1
        return deeper

    def _copy(self, state: State) -> Evaluation:
        copy = Evaluation(state, self.places)
        copy.letters, copy.depth, copy.terms = dict(self.letters), self.depth, self.terms
        return copy

    def size(self, dim: ex.Dim) -> int:
        """How many rows or columns."""
        return dim if isinstance(dim, int) else self.state.trial.sizes[self.places[dim]]

    def numbers(self, index: ex.Index) -> np.ndarray:
        """The neurons that an index stands for, along the axis of its letter."""
        if isinstance(index, str):
            axis, numbers = self.letters[index]
            return numbers.reshape(-1, *(1,) * (self.depth - axis + 1))
        number = index if isinstance(index, int) else self.size(index.layer) - index.back
        return np.full((1,) * (self.depth + 2), number)

    def quantity(self, name: str, layers: tuple[str, ...]) -> tuple[Where, np.ndarray]:
        """Which quantity a name is here, and its entries."""
        trial, at = self.state.trial, tuple(self.places[layer] for layer in layers)
        if not trial.declarations.exists(name, at, trial.last):
            raise Missing(f"there is no {name} of layer {layers[0]} here")
        role = trial.roles[name, len(layers)]
        return (role, at), self.state.value(role, at)

    def positions(self, node: ex.Entry, shape: tuple[int, ...]) -> tuple[np.ndarray, ...]:
        """Where an entry stands in its array, counted from 0."""
        found = tuple(self.numbers(index) - 1 for index in node.indices)
        for position, size in zip(found, shape, strict=True):
            if position.min() < 0 or position.max() >= size:
                raise Missing(f"{node.name} has {size} entries here and not those that are named")
        return found

    @singledispatchmethod
    def value(self, node: ex.Expression) -> np.ndarray:
        """All values of a tree."""
        raise TypeError(f"no rule for {type(node).__name__}")

    @value.register
    def _(self, node: ex.Number):
        return np.full((1,) * (self.depth + 3), float(node.value))

    @value.register
    def _(self, node: ex.Entry):
        _, array = self.quantity(node.name, node.layers)
        moved = np.arange(len(array)).reshape(-1, *(1,) * (self.depth + 2))
        return array[(moved, *self.positions(node, array.shape[1:]))]

    @value.register
    def _(self, node: ex.Whole):
        _, array = self.quantity(node.name, node.layers)
        rows, *columns = array.shape[1:]
        return array.reshape(len(array), *(1,) * self.depth, rows, *(columns or [1]))

    @value.register
    def _(self, node: ex.Add):
        terms = [self.value(term) for term in node.terms]
        total = terms[0]
        for term in terms[1:]:
            total = _alike(total, term) + term
        self.terms[0] = max(self.terms[0], *map(self._extent, terms))
        return total

    def _extent(self, term: np.ndarray) -> float:
        """How large a term is: where something is moved, how large its slope."""
        return _largest(term.imag) / STEP if np.iscomplexobj(term) else _largest(term)

    @value.register
    def _(self, node: ex.Mul):
        total = self.value(node.factors[0])
        for factor in node.factors[1:]:
            total = _product(total, self.value(factor))
        return total

    @value.register
    def _(self, node: ex.Hadamard):
        total = self.value(node.factors[0])
        for factor in node.factors[1:]:
            value = self.value(factor)
            total = _times(_alike(total, value), value)
        return total

    @value.register
    def _(self, node: ex.Power):
        base = self.value(node.base)
        if node.exponent < 0:
            if not base.all():
                raise NotRun("a division by zero")
            base = 1 / base
        total = base if node.exponent else np.ones_like(base)
        for _ in range(abs(node.exponent) - 1):
            total = _product(total, base)
        return total

    @value.register
    def _(self, node: ex.Apply):
        trial, layer = self.state.trial, self.places[node.layer]
        if not trial.declarations.exists(node.name, (layer,), trial.last):
            raise Missing(f"there is no {node.name} of layer {node.layer} here")
        function, at = trial.sample.functions[layer], self.value(node.argument)
        if node.order == 0:
            return function.phi(at)
        if not np.iscomplexobj(at):
            return slope(function, node.order, at)
        # A φ′ is for real numbers; moved by so little, it moves along its tangent.
        here, next_ = (slope(function, node.order + more, at.real) for more in (0, 1))
        return here + 1j * at.imag * next_

    @value.register
    def _(self, node: ex.Sum):
        size = self.size(node.layer)
        body = self.along(node.index, size, node.start).value(node.body)
        axis = self.depth + 1
        repeated = 1 if body.shape[axis] > 1 else max(0, size - node.start + 1)
        return body.sum(axis=axis) * repeated

    @value.register
    def _(self, node: ex.Equal):
        same = self.numbers(node.left) == self.numbers(node.right)
        return same.astype(float).reshape(1, *(1,) * (self.depth + 2 - same.ndim), *same.shape)

    @value.register
    def _(self, node: ex.Transpose):
        return self.value(node.of).swapaxes(-1, -2)

    @value.register
    def _(self, node: ex.Diag):
        column = self.value(node.of)
        return _times(column, np.eye(column.shape[-2]))

    @value.register
    def _(self, node: ex.Identity):
        size = self.size(node.size)
        return np.eye(size).reshape((1,) * (self.depth + 1) + (size, size))

    @value.register
    def _(self, node: ex.Display):
        rows, columns = self.size(node.rows), self.size(node.columns)
        everywhere = np.full((1, 1), np.nan)
        if node.general is not None:
            place = self.along(node.letters[0], rows).along(node.letters[1], columns)
            everywhere = place.value(node.general)[..., 0, 0]
        cells = [(cell, self.value(cell.value)[..., 0, 0]) for cell in node.cells]
        fronts = [everywhere.shape[:-2], *(value.shape for _, value in cells)]
        shape = (*np.broadcast_shapes((1,) * (self.depth + 1), *fronts), rows, columns)
        dtype = np.result_type(everywhere, *(value for _, value in cells))
        entries = np.broadcast_to(everywhere, shape).astype(dtype)
        for cell, value in cells:
            row, column = (self.numbers(index).item() for index in (cell.row, cell.column))
            entries[..., row - 1, column - 1] = value
        return entries

    @value.register
    def _(self, node: ex.Derivative):
        if self.state.moved is not None:
            raise Nested("a derivative stands under another one")
        by, array = self.quantity(node.by.name, node.by.layers)
        of = self._copy(self.state.trial.state(by)).value(node.of)
        if np.isnan(of).any():
            raise NotRun("a derivative of something hidden behind dots")
        slopes = np.broadcast_to(of.imag / STEP, (array[0].size, *of.shape[1:]))
        if isinstance(node.by, ex.Whole):
            return self._by_whole(slopes, array.shape[1:])
        return self._by_entry(slopes, node.by, array.shape[1:])

    def _by_whole(self, slopes: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """∂column/∂column has a row for each entry above; ∂number/∂matrix is arranged like it."""
        if len(shape) == 1:
            return np.moveaxis(slopes[..., 0], 0, -1)[np.newaxis]
        alone = np.moveaxis(slopes[..., 0, 0], 0, -1)
        return alone.reshape(1, *alone.shape[:-1], *shape)

    def _by_entry(self, slopes: np.ndarray, entry: ex.Entry, shape: tuple[int, ...]) -> np.ndarray:
        """Of all entries moved, those that the letters name."""
        chosen = np.zeros((1,) * (self.depth + 2), dtype=int)
        for position, size in zip(self.positions(entry, shape), shape, strict=True):
            chosen = chosen * size + position
        return np.take_along_axis(slopes, chosen[np.newaxis], axis=0)


def _alike(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The first of two matrices of one size."""
    if one.shape[-2:] != other.shape[-2:]:
        raise AssertionError("the types let two shapes pass that differ")
    return one


def _product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Of numbers and matrices."""
    if (1, 1) in (a.shape[-2:], b.shape[-2:]):
        return _times(a, b)
    total = a @ b
    if np.isnan(total).any():  # zero times hidden is zero
        total = _times(a[..., np.newaxis], b[..., np.newaxis, :, :]).sum(axis=-2)
    return total


def _times(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Entry by entry; zero times something hidden is zero."""
    total = a * b
    if np.isnan(total).any():
        total = np.where((a == 0) | (b == 0), 0, total)
    return total
