r"""Trees → sympy: matrices of small fixed sizes, with sympy's own products, transposes, Jacobians.

Derivatives are in numerator layout: a row for each entry above, a column for each below; but a
number differentiated by a matrix is arranged like the matrix.
"""

from __future__ import annotations

from itertools import product

import sympy

from bpderiv import expression as ex
from bpderiv.dispatch import by_type
from bpderiv.judges.composed import Network, Undecidable, unknown


class Hidden(sympy.Dummy):
    """An entry hidden behind dots: equal to nothing but itself."""


class Evaluation:
    """`places` maps layers' letters to numbers, `letters` neurons' letters to neurons."""

    def __init__(self, network: Network, places: dict[str, int], letters: dict[str, int]):
        """A place in a network."""
        self.network, self.places, self.letters = network, places, letters

    def size(self, dim: ex.Dim) -> int:
        """How many rows or columns."""
        return dim if isinstance(dim, int) else self.network.sizes[self.places[dim]]

    def index(self, index: ex.Index) -> int:
        """The number of a neuron."""
        if isinstance(index, ex.Last):
            return self.size(index.layer) - index.back
        return self.letters[index] if isinstance(index, str) else index

    def layers(self, node: ex.Entry | ex.Whole) -> tuple[int, ...]:
        """The numbers of a quantity's layers."""
        return tuple(self.places[layer] for layer in node.layers)

    def with_letters(self, letters: dict[str, int]) -> Evaluation:
        """The same place, and more letters that have a value."""
        return Evaluation(self.network, self.places, {**self.letters, **letters})

    @by_type
    def value(self, node: ex.Expression) -> sympy.Expr | sympy.Matrix:
        """A number, or a matrix of more than one."""
        raise Undecidable(f"no rule for {type(node).__name__}")

    @value.register
    def _(self, node: ex.Number):
        return sympy.Rational(node.value.numerator, node.value.denominator)

    @value.register
    def _(self, node: ex.Entry):
        indices = tuple(map(self.index, node.indices))
        return self.network.value(node.name, self.layers(node), indices)

    @value.register
    def _(self, node: ex.Whole):
        entries = self.network.family(node.name, self.layers(node))
        rows = self.size(node.layers[0])
        return sympy.Matrix(rows, len(entries) // rows, entries)

    @value.register
    def _(self, node: ex.Equal):
        return sympy.Integer(self.index(node.left) == self.index(node.right))

    @value.register
    def _(self, node: ex.Add):
        return _added([self.value(term) for term in node.terms])

    @value.register
    def _(self, node: ex.Sum):
        numbers = range(node.start, self.size(node.layer) + 1)
        if not numbers:
            raise Undecidable("an empty sum")
        return _added([self.with_letters({node.index: n}).value(node.body) for n in numbers])

    @value.register
    def _(self, node: ex.Mul):
        total, *factors = (self.value(factor) for factor in node.factors)
        for factor in factors:
            total = _plain(total * factor)
        return total

    @value.register
    def _(self, node: ex.Hadamard):
        total, *factors = (self.value(factor) for factor in node.factors)
        for factor in factors:
            total = total.multiply_elementwise(factor) if is_matrix(total) else total * factor
        return total

    @value.register
    def _(self, node: ex.Power):
        base = self.value(node.base)
        if base == 0 and node.exponent < 0:
            raise Undecidable("a division by zero")
        return base**node.exponent

    @value.register
    def _(self, node: ex.Apply):
        layer = self.places[node.layer]
        self.network.check_exists(node.name, (layer,))
        function = unknown(node.name, layer, node.order)
        argument = self.value(node.argument)
        return argument.applyfunc(function) if is_matrix(argument) else function(argument)

    @value.register
    def _(self, node: ex.Transpose):
        of = self.value(node.of)
        return of.T if is_matrix(of) else of

    @value.register
    def _(self, node: ex.Diag):
        return sympy.diag(*self.value(node.of))

    @value.register
    def _(self, node: ex.Identity):
        return _plain(sympy.eye(self.size(node.size)))

    @value.register
    def _(self, node: ex.Derivative):
        above, below = self.value(node.of), self.value(node.by)
        of, by = entries(above), entries(below)
        if any(map(is_hidden, of)):
            raise Undecidable("a derivative of what is hidden behind dots")
        slopes = self.network.jacobian(of, (node.by.name, self.layers(node.by)), by)
        if is_matrix(below) and below.cols > 1:
            slopes = slopes.reshape(*below.shape)
        return _plain(slopes)

    @value.register
    def _(self, node: ex.Display):
        rows, columns = self.size(node.rows), self.size(node.columns)
        shown = sympy.Matrix(rows, columns, lambda r, c: Hidden("hidden"))
        if node.general is not None:
            for r, c in product(range(rows), range(columns)):
                here = dict(zip(node.letters, (r + 1, c + 1), strict=True))
                shown[r, c] = self.with_letters(here).value(node.general)
        for cell in node.cells:
            shown[self.index(cell.row) - 1, self.index(cell.column) - 1] = self.value(cell.value)
        return _plain(shown)


def is_matrix(value) -> bool:
    """Whether it has more than one entry."""
    return isinstance(value, sympy.MatrixBase)


def entries(value) -> list[sympy.Expr]:
    """All entries, row by row."""
    return list(value) if is_matrix(value) else [value]


def is_hidden(value: sympy.Expr) -> bool:
    """Whether it is made of something hidden behind dots."""
    return any(isinstance(symbol, Hidden) for symbol in value.free_symbols)


def evaluate(network: Network, tree: ex.Expression, places: dict, letters: dict):
    """The value of a tree at a place of a network."""
    return Evaluation(network, places, letters).value(tree)


def _added(terms: list):
    return sum(terms[1:], terms[0]) if is_matrix(terms[0]) else sympy.Add(*terms)


def _plain(value):
    """A matrix of one entry is a number."""
    return value[0, 0] if is_matrix(value) and value.shape == (1, 1) else value
