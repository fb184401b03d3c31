r"""Matrix algebra written component by component: the general entry of a tree.

`entry(tree, r, c)` is the entry in row r, column c, as a tree of scalars: (W y)_r is Σ_a w_{ra}
y_a, diag(x)_{rc} is [r = c] x_r, ∂x/∂y in row r, column c is ∂x_r/∂y_c. With it a claim about
matrices of any size becomes one claim about numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import chain, count

from bpderiv import expression as ex
from bpderiv.dispatch import by_type
from bpderiv.meaning.declarations import Declarations
from bpderiv.meaning.shapes import UNKNOWN, Shape, Shapes
from bpderiv.meaning.window import Window


class NotGeneral(Exception):
    """There is no general entry: a display whose entries follow no formula."""


class Components:
    """Writes trees of one claim out by components. New letters are numbered from 0."""

    def __init__(self, declarations: Declarations, window: Window, letters: dict[str, str],
                 names: Iterable[str] = ()):  # fmt: skip
        """The claim's declarations, window and free letters; `names` for the first new letters."""
        self.declarations, self.window = declarations, window
        self.letters = dict(letters)
        self._fresh = chain(names, (f"◦{number}" for number in count()))

    def shape(self, tree: ex.Expression) -> Shape:
        """Rows and columns."""
        return Shapes(self.declarations, self.window, self.letters).settle(tree, UNKNOWN)[1]

    def letter(self, layer: ex.Dim) -> str:
        """A letter that nothing else uses."""
        name = next(self._fresh)
        if isinstance(layer, str):
            self.letters[name] = layer
        return name

    def place(self, dim: ex.Dim) -> ex.Index:
        """A general row or column: a letter, or 1 where there is only one."""
        return self.letter(dim) if isinstance(dim, str) else 1

    @by_type
    def entry(self, tree: ex.Expression, r: ex.Index, c: ex.Index) -> ex.Expression:
        """The entry in row r, column c."""
        raise TypeError(f"no rule for {type(tree).__name__}")

    @entry.register(ex.Number)
    @entry.register(ex.Entry)
    @entry.register(ex.Equal)
    def _(self, tree, r, c):
        return tree

    @entry.register
    def _(self, tree: ex.Whole, r, c):
        return ex.Entry(tree.name, tree.layers, (r, c)[: len(tree.layers)])

    @entry.register
    def _(self, tree: ex.Add, r, c):
        return ex.Add(tuple(self.entry(term, r, c) for term in tree.terms))

    @entry.register
    def _(self, tree: ex.Hadamard, r, c):
        return ex.Mul(tuple(self.entry(factor, r, c) for factor in tree.factors))

    @entry.register
    def _(self, tree: ex.Apply, r, c):
        return replace(tree, argument=self.entry(tree.argument, r, c))

    @entry.register
    def _(self, tree: ex.Sum, r, c):
        body = self.entry(tree.body, r, c)
        whole = ex.Sum(tree.index, tree.layer, body)
        left_out = [_at(body, tree.index, number) for number in range(1, tree.start)]
        minus = ex.Number(Fraction(-1))
        return ex.Add((whole, *(ex.Mul((minus, x)) for x in left_out))) if left_out else whole

    @entry.register
    def _(self, tree: ex.Transpose, r, c):
        return self.entry(tree.of, c, r)

    @entry.register
    def _(self, tree: ex.Identity, r, c):
        return self._equal(r, c, tree.size)

    @entry.register
    def _(self, tree: ex.Diag, r, c):
        layer = self.shape(tree.of)[0]
        return ex.Mul((self._equal(r, c, layer), self.entry(tree.of, r, 1)))

    def _equal(self, r, c, layer):
        if r == c:
            return ex.Number(Fraction(1))
        return ex.Equal(r, c, layer)

    @entry.register
    def _(self, tree: ex.Power, r, c):
        if self.shape(tree.base) == (1, 1):
            return ex.Power(self.entry(tree.base, 1, 1), tree.exponent)
        return self._product([tree.base] * tree.exponent, r, c)

    @entry.register
    def _(self, tree: ex.Mul, r, c):
        return self._product(list(tree.factors), r, c)

    def _product(self, factors, r, c):
        """Σ over the inner letters; numbers stand before it.

        From left to right: where the product so far is a number (a row times a column), it is a
        factor by itself, and what follows begins anew.
        """
        scalars, wide, total = [], [], (1, 1)
        for factor in factors:
            shape = self.shape(factor)
            if shape == (1, 1):
                scalars.append(self.entry(factor, 1, 1))
                continue
            wide.append((factor, shape))
            total = (total[0] if len(wide) > 1 else shape[0], shape[1])
            if total == (1, 1):
                scalars.append(self._chained(wide, 1, 1, ()))
                wide = []
        return self._chained(wide, r, c, scalars)

    def _chained(self, wide, r, c, scalars):
        """The entry of a product of matrices whose columns meet rows, times some numbers."""
        for at, (_, (_, columns)) in enumerate(wide[:-1], 1):
            if isinstance(columns, int) and columns > 1:  # two columns: two terms, not a Σ
                return ex.Add(tuple(
                    ex.Mul((self._chained(wide[:at], r, number, scalars),
                            self._chained(wide[at:], number, c, ())))
                    for number in range(1, columns + 1)
                ))  # fmt: skip
        parts, bounds, row = [], [], r
        for at, (factor, (_, columns)) in enumerate(wide):
            last = at == len(wide) - 1
            column = c if last else self.place(columns)
            if not last and isinstance(columns, str):
                bounds.append((column, columns))
            parts.append(self.entry(factor, row, column))
            row = column
        product = ex.Mul((*scalars, *parts))
        for letter, layer in reversed(bounds):
            product = ex.Sum(letter, layer, product)
        return product

    @entry.register
    def _(self, tree: ex.Derivative, r, c):
        above, below = self.shape(tree.of), self.shape(tree.by)
        if below[1] != 1:
            return ex.Derivative(self.entry(tree.of, 1, 1), self.entry(tree.by, r, c))
        row = 1 if above == (1, 1) else r
        return ex.Derivative(self.entry(tree.of, row, 1), self.entry(tree.by, c, 1))

    @entry.register
    def _(self, tree: ex.Display, r, c):
        if tree.general is None:
            shown = self._shown(tree)
            if (r, c) in shown:
                return shown[r, c]
            raise NotGeneral("a display whose entries follow no one formula")
        result = tree.general
        for letter, place in zip(tree.letters, (r, c), strict=True):
            result = _at(result, letter, place)
        return self.entry(result, 1, 1)

    def _shown(self, tree: ex.Display):
        return {(cell.row, cell.column): cell.value for cell in tree.cells}


def _at(tree: ex.Expression, letter: str, place: ex.Index) -> ex.Expression:
    """The tree with a letter's place taken by another index."""

    def there(index):
        return place if index == letter else index

    def rule(node):
        if isinstance(node, (ex.Entry,)):
            return replace(node, indices=tuple(map(there, node.indices)))
        if isinstance(node, ex.Equal):
            left, right = there(node.left), there(node.right)
            if left == right:
                return ex.Number(Fraction(1))
            return replace(node, left=left, right=right)
        return node

    return ex.rewrite(tree, rule)
