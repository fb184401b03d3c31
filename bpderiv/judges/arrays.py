r"""Trees → numpy arrays: the rules of the floating-point judge.

A letter is an axis: Σ_a w_{ba} y_{j,a} is an array along b, made of one along (b, a) and one along
a. All values of all letters are computed at once, and so are all entries of a matrix.
"""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TYPE_CHECKING

import numpy as np

from bpderiv import expression as ex
from bpderiv.judges.moved import STEP, Where, slope

if TYPE_CHECKING:
    from bpderiv.judges.trials import State


class Missing(Exception):
    """A quantity, or a neuron of it, that does not exist at this place of this network."""


class NotRun(Exception):
    """What this judge cannot compute."""


class Nested(NotRun):
    """A derivative of a derivative."""


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
            if index not in self.letters:
                raise Missing(f"nothing says which neuron {index} is")
            axis, numbers = self.letters[index]
            return numbers.reshape(-1, *(1,) * (self.depth - axis + 1))
        number = index if isinstance(index, int) else self.size(index.layer) - index.back
        return np.full((1,) * (self.depth + 2), number)

    def quantity(self, name: str, layers: tuple[str, ...]) -> tuple[Where, np.ndarray]:
        """Which quantity a name is here, and its entries."""
        trial, at = self.state.trial, tuple(self.places[layer] for layer in layers)
        self._exists(name, layers)
        role = trial.roles[name, len(layers)]
        return (role, at), self.state.value(role, at)

    def _exists(self, name: str, layers: tuple[str, ...]) -> None:
        trial, at = self.state.trial, tuple(self.places[layer] for layer in layers)
        if not trial.declarations.exists(name, at, trial.last):
            which = " and ".join(f"{x} (number {l})" for x, l in zip(layers, at, strict=True))
            of = f" of layer {which}" if layers else ""
            raise Missing(f"there is no {name}{of} in a network with layers 0 … {trial.last}")

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
        return magnitude(term.imag) / STEP if np.iscomplexobj(term) else magnitude(term)

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
        self._exists(node.name, (node.layer,))
        function = self.state.trial.sample.functions[self.places[node.layer]]
        at = self.value(node.argument)
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


def magnitude(values: np.ndarray) -> float:
    """The largest entry; what is hidden (NaN) does not count."""
    return float(np.fmax.reduce(np.abs(values), axis=None, initial=0.0))
