r"""∂X/∂Y for any two quantities, derived by sympy from the definitions.

One function does it: `jacobian(X, Y)`. It cuts the network at Y, writes X out in terms of Y,
lets sympy differentiate, and tidies the sums. The result has one general entry, which holds
for any width, and can be drawn as a matrix at any chosen sizes.

Layout, the same everywhere (numerator layout): rows belong to the quantity differentiated,
columns to the variable. So ∂E/∂(vector) is a row; a vector by one scalar is a column; a
scalar by W is arranged like W; a vector by W is an array with indices [r, b, a].

>>> jacobian("e_k", "y_k").entry
-KroneckerDelta(r, s)
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

import sympy

from bpderiv import quantities
from bpderiv.compose import Composer, Phi
from bpderiv.definitions import NETWORK, Definitions, Layers
from bpderiv.drawing import drawn_matrix
from bpderiv.printing import displayed, plain
from bpderiv.quantities import Axis, Quantity
from bpderiv.sums import normal, with_letters
from bpderiv.symbols import Sum, by_name, by_value, index_symbol, size_symbol

#: The Jacobians that the notes use: (X, Y) and the id of the statement that needs it.
TABLE = (
    ("E", "e_k", "2.I.i"),
    ("e_k", "y_k", "2.I.ii"),
    ("y_k", "v_k", "2.I.iii"),
    ("v_k", "w_{ba}^{k,j}", "2.I.iv.jac"),
    ("v_k", "W^{k,j}", "2.I.iv.jac"),
    ("v_k", "y_j", "2.II.W"),
    ("y_j", "v_{j,a}", "2.II.col"),
    ("y_j", "y_{j,a}", "2.II.chain"),
    ("E", "y_k", "2.II.chain"),
    ("E", "v_k", "2.II.row"),
    ("E", "w_{ba}^{k,j}", "2.I.sum"),
    ("E", "W^{k,j}", "2.I.update"),
    ("E", "y_{j,a}", "2.II.chain"),
    ("E", "v_{j,a}", "2.II.sum"),
    ("E", "w_{ac}^{j,i}", "3.hidden"),
    ("E", "W^{j,i}", "3.update"),
)


@dataclass(frozen=True)
class Jacobian:
    """∂X/∂Y: one general entry for any width, and a matrix at any sizes.

    `raw` is the general entry as sympy left it, with every value named (`symbols.Named`).
    """

    X: Quantity
    Y: Quantity
    definitions: Definitions
    raw: sympy.Expr = field(repr=False)
    functions: Phi = field(default_factory=dict, repr=False)

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The letters that run, rows first."""
        return self.X.axes + self.Y.axes

    @property
    def shape(self) -> tuple:
        """Rows × columns; letters where the width is any. A row is (1, n), a scalar (1, 1)."""
        return self.rows_and_columns(self.definitions.layers.sizes)

    def rows_and_columns(self, sizes) -> tuple:
        """The shape at these sizes (one per layer, input first); three or four axes as an array."""
        names = self.definitions.layers.names
        along = tuple(sizes[names.index(axis.layer)] for axis in self.axes)
        if len(along) > 1:
            return along
        return (*along, 1)[:2] if self.X.axes else (1, *along, 1)[:2]

    @cached_property
    def entry(self) -> sympy.Expr:
        """The general entry in the notes' names: −e_{k,b} φ′_k(v_{k,b}) y_{j,a}."""
        return for_reading(normal(by_name(self.raw)), self.definitions, self.taken)

    @cached_property
    def composed(self) -> sympy.Expr:
        """The general entry with every name written out, down to inputs, weights and Y."""
        return normal(by_value(self.raw))

    @property
    def taken(self) -> set:
        """The letters that are free in the entry."""
        return {axis.letter for axis in self.axes} | {
            x for x in (*self.X.entry.indices, *self.Y.entry.indices) if isinstance(x, str)
        }

    @property
    def letters(self) -> dict[str, str]:
        """The index letters that do not run (b and a of w_{ba}), each with its layer."""
        return quantities.fixed_letters(self.X, self.Y)

    def explicit(self, *sizes: int, written_out: bool = False, **at: int):
        """The matrix at chosen sizes (one per layer, input first), by sympy's own `jacobian`.

        Letters that do not run are given a number: explicit(2, 3, 4, b=1, a=2). Entries are
        in the notes' names, or `written_out` down to inputs, weights and Y.

        Shapes: scalar by scalar an expression; scalar by vector 1 × n; vector by scalar
        m × 1; vector by vector m × n; scalar by W like W; vector by W an array [r, b, a].

        Errors
        ------
        ValueError
            if a size or a letter's number is missing, or a number is larger than its layer.
        """
        layers = _sized(self, sizes, at)
        return _explicit(self, layers, at, by_value if written_out else by_name)

    def at_sizes(self, *sizes: int, written_out: bool = False, **at: int):
        """The any-width entry put in at every place of that matrix: the other road to it."""
        layers = _sized(self, sizes, at)
        return _at_sizes(self, layers, at, by_value if written_out else by_name)

    def name(self) -> str:
        r"""LaTeX of the left side: \frac{\partial X}{\partial Y}."""
        return rf"\frac{{\partial {self.X.latex()}}}{{\partial {self.Y.latex()}}}"

    def latex(self) -> str:
        """LaTeX of the statement, drawn as a matrix with dots where it has axes."""
        return f"{self.name()} = {self.drawn()}"

    def drawn(self) -> str:
        """LaTeX of the right side alone."""
        return drawn_matrix(self.entry, self.axes, self.definitions.layers)

    def _repr_latex_(self) -> str:
        return displayed(self.latex())

    def __repr__(self) -> str:
        """One line: what it is, its shape and its general entry."""
        letters = ", ".join(axis.letter for axis in self.axes)
        where = f"entry ({letters})" if letters else "its only entry"
        shape = " × ".join(map(str, self.shape))
        return f"{self.plain_name()}: {shape}, {where} = {plain(self.entry)}"

    def plain_name(self) -> str:
        """∂X/∂Y in plain text."""
        X, Y = (quantity.latex().replace(r"\mathcal{E}", "E") for quantity in (self.X, self.Y))
        return f"∂{X}/∂{Y}"


def jacobian(
    X: str,
    Y: str,
    definitions: Definitions = NETWORK,
    functions: Phi | None = None,
    letters: tuple[str, str] = ("r", "s"),
) -> Jacobian:
    """∂X/∂Y: cut the network at Y, write X out, differentiate.

    `X` and `Y` are typed as the notes write them ("e_k", "v_{j,a}", "W^{k,j}"). `functions`
    may choose a φ for some layers, such as {"k": sympy.tanh}; the others stay generic. `letters`
    name the row and the column of vectors (others are taken if X or Y uses them for a neuron).

    Errors
    ------
    ValueError
        if X or Y is not a quantity of the network, or one letter names neurons of two layers.
    """
    given = (quantities.read(name, definitions) for name in (X, Y))
    taken = set(quantities.fixed_letters(*given))
    upper = quantities.read(X, definitions, letters[0], taken)
    taken |= {axis.letter for axis in upper.axes}
    lower = quantities.read(Y, definitions, letters[1], taken)
    raw = _differentiate(upper, lower, definitions, functions or {})
    return Jacobian(upper, lower, definitions, raw, functions or {})


def _differentiate(X: Quantity, Y: Quantity, definitions: Definitions, functions: Phi):
    """The general entry of ∂X/∂Y, sums not yet tidied."""
    composer = Composer(definitions, cut=Y.family, functions=functions)
    return composer.component(X.entry).diff(composer.component(Y.entry))


def _sized(jacobian: Jacobian, sizes: tuple, at: dict) -> Layers:
    """The layers with whole-number sizes, once sizes and numbers for letters make sense."""
    names = jacobian.definitions.layers.names
    whole = [isinstance(n, numbers.Integral) and n >= 1 for n in sizes]
    if len(sizes) != len(names) or not all(whole):
        raise ValueError(
            f"give {len(names)} whole sizes, one for each of {' → '.join(names)}; got {sizes}"
        )
    layers = jacobian.definitions.layers.with_sizes(*map(int, sizes))
    if set(at) != set(jacobian.letters):
        wanted = ", ".join(f"{x}=1" for x in jacobian.letters) or "none"
        raise ValueError(f"give a number for each letter that does not run ({wanted}); got {at}")
    chosen = [(letter, layer, at[letter]) for letter, layer in jacobian.letters.items()]
    for quantity in (jacobian.X, jacobian.Y):
        pairs = zip(quantity.entry.indices, quantity.entry.layers, strict=True)
        chosen += [(quantity.latex(), layer, n) for n, layer in pairs if isinstance(n, int) and n]
    for name, layer, number in chosen:
        if not isinstance(number, numbers.Integral) or not 1 <= number <= layers.size(layer):
            raise ValueError(
                f"{name} = {number}, but layer {layer} has {layers.size(layer)} neurons, "
                "numbered from 1"
            )
    return layers


def _explicit(jacobian: Jacobian, layers: Layers, at: dict, shown: Callable):
    """X's components by Y's components, differentiated as a sympy Matrix."""
    definitions = replace(jacobian.definitions, layers=layers)
    composer = Composer(
        definitions, cut=jacobian.Y.family, unroll=True, functions=jacobian.functions
    )
    rows, columns = (
        [composer.component(q.entry, place) for place in _places(q.axes, layers, at)]
        for q in (jacobian.X, jacobian.Y)
    )
    matrix = sympy.Matrix(rows).jacobian(columns).applyfunc(shown)
    return _arrange(list(matrix), jacobian, layers)


def _at_sizes(jacobian: Jacobian, layers: Layers, at: dict, shown: Callable):
    """The formula for any width, evaluated at every place."""
    lengths = {
        size_symbol(any_size): sympy.Integer(layers.size(name))
        for name, any_size in zip(layers.names, jacobian.definitions.layers.sizes, strict=True)
    }
    formula = normal(shown(jacobian.raw)).xreplace(lengths)
    entries = []
    for place in _places(jacobian.axes, layers, at):
        chosen = {index_symbol(letter): number for letter, number in place.items()}
        value = formula.xreplace(chosen)
        entries.append(value.doit() if value.has(sympy.Sum) else value)
    return _arrange(entries, jacobian, layers)


def _places(axes: tuple[Axis, ...], layers: Layers, at: dict) -> Iterator[dict]:
    """Every place along the axes, as letter → number; the last axis runs fastest."""
    fixed = {letter: sympy.Integer(number) for letter, number in at.items()}
    for place in product(*(range(1, layers.size(axis.layer) + 1) for axis in axes)):
        running = zip((axis.letter for axis in axes), map(sympy.Integer, place), strict=True)
        yield {**fixed, **dict(running)}


def _arrange(entries: list, jacobian: Jacobian, layers: Layers):
    """Put the entries (last axis fastest) in the layout of the module's docstring."""
    if not jacobian.axes:
        return entries[0]
    shape = jacobian.rows_and_columns(layers.sizes)
    if len(shape) > 2:
        return sympy.ImmutableDenseNDimArray(entries, shape)
    return sympy.Matrix(*shape, entries)


def summed(expression: sympy.Expr, axes: tuple[Axis, ...], layers: Layers) -> sympy.Expr:
    """Σ over the letters of the axes, each over its whole layer."""
    for axis in axes:
        limits = (index_symbol(axis.letter), 1, size_symbol(layers.size(axis.layer)))
        expression = Sum(expression, limits)
    return expression


def for_reading(expression, definitions: Definitions, taken: set) -> sympy.Expr:
    """A normal form whose sums run over the neurons' letters that the notes use."""
    layers = definitions.layers
    letters = {size_symbol(layers.size(x)): layers.neuron(x) for x in layers.names}
    return with_letters(expression, letters, taken)
