r"""A network of small fixed sizes in sympy: what a document defines, composed, and its derivatives.

What is given is a symbol, every entry its own; a function of a layer is an `Unknown`, of which
only the derivatives have names. An entry that is defined is a `Named`: a symbol that knows its
value. To sympy it is its value when it is differentiated. To cut the network at Y, the entries of
Y become plain symbols; sympy differentiates, and the entries come back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from itertools import product

import sympy

from bpderiv import expression as ex
from bpderiv.meaning.declarations import Declarations, Definition, base_of

#: How many derivatives and sets of symbols are remembered.
REMEMBERED = 1 << 16

#: A quantity at its layers: name, numbers of the layers.
Family = tuple[str, tuple[int, ...]]


class Missing(Exception):
    """A quantity that does not exist at this place of this network."""

    def __init__(self, name: str, layers: tuple[int, ...]):
        """Which, and at which layers."""
        super().__init__(name)
        self.name, self.layers = name, layers


class Undecidable(Exception):
    """What the explicit judge cannot judge; says why."""


# --- entries and functions as sympy sees them -----------------------------------------------------


class Named(sympy.AtomicExpr):
    """A defined entry: its symbol, its value, its family, and whether a derivative defines it.

    Differentiated, it is its value. Otherwise sympy takes it for an atom, so that nothing walks
    through a whole network that only looks at one layer.
    """

    is_commutative = True
    __slots__ = ("symbol", "value", "family", "derived")

    def __new__(cls, symbol: sympy.Symbol, value: sympy.Expr, family: Family, derived: bool):
        """The entry called `symbol`."""
        made = super().__new__(cls)
        made.symbol, made.value, made.family, made.derived = symbol, value, family, derived
        return made

    def _hashable_content(self):
        return self.symbol, self.value

    def with_value(self, value: sympy.Expr) -> Named:
        """The same entry after a cut below it."""
        return self if value is self.value else Named(self.symbol, value, self.family, self.derived)

    def _eval_derivative(self, s):
        return _slope(self.value, s)

    #: sympy's atoms have a shortcut here: they depend on nothing but themselves.
    _eval_derivative_n_times = sympy.Basic._eval_derivative_n_times

    @property
    def free_symbols(self):
        """The value's."""
        return _symbols(self.value)

    def _sympystr(self, printer):
        return self.symbol.name


class Unknown(sympy.Function):
    """A function of a layer, or one of its derivatives; `which` is (name, layer, order).

    All that is known of it is the name of its derivative.
    """

    which: tuple[str, int, int]

    @classmethod
    def eval(cls, argument):
        """Leave it as it stands."""
        return None

    def fdiff(self, argindex=1):
        """The derivative of the next order, at the same argument."""
        name, layer, order = self.which
        return unknown(name, layer, order + 1)(self.args[0])


@cache
def unknown(name: str, layer: int, order: int) -> type[Unknown]:
    """The derivative of this order of a layer's function; order 0 is the function."""
    which = (name, layer, order)
    return type(f"{name} {layer} {order}", (Unknown,), {"which": which, "nargs": 1})


@lru_cache(REMEMBERED)
def _slope(value: sympy.Expr, symbol: sympy.Symbol) -> sympy.Expr:
    return value.diff(symbol)


@lru_cache(REMEMBERED)
def _symbols(value: sympy.Expr) -> set:
    return value.free_symbols


def rebuilt(node: sympy.Expr, rule: Callable, memo: dict) -> sympy.Expr:
    """The expression, `rule` asked first at every node; what occurs many times is visited once."""
    if node not in memo:
        made = rule(node)
        if made is None and isinstance(node, Named):
            made = node.with_value(rebuilt(node.value, rule, memo))
        elif made is None:
            parts = [rebuilt(part, rule, memo) for part in node.args]
            same = all(a is b for a, b in zip(parts, node.args, strict=True))
            made = node if same else node.func(*parts)
        memo[node] = made
    return memo[node]


# --- the network ----------------------------------------------------------------------------------


class Network:
    """Layers 0 … last of the given sizes. `evaluate` makes a definition's body a sympy expression:
    evaluate(network, body, places, letters).
    """

    def __init__(self, declarations: Declarations, sizes: tuple[int, ...], evaluate: Callable):
        """Nothing composed yet."""
        self.declarations, self.sizes, self._evaluate = declarations, sizes, evaluate
        self.last = len(sizes) - 1
        #: Every symbol's entry: name, layers, indices.
        self.entries: dict[sympy.Symbol, tuple] = {}
        self._values: dict[tuple, sympy.Expr] = {}
        self._busy: set[tuple] = set()
        self._cuts: dict[Family, dict] = {}
        self._returns: dict[Family, dict] = {}

    def value(self, name: str, layers: tuple[int, ...], indices: tuple[int, ...]) -> sympy.Expr:
        """An entry of a quantity; neurons are counted from 1."""
        key = name, layers, indices
        if key not in self._values:
            self.check_exists(name, layers)
            for index, layer in zip(indices, layers, strict=True):
                if not 1 <= index <= self.sizes[layer]:
                    raise Undecidable(f"neuron {index} of a layer with {self.sizes[layer]}")
            self._values[key] = self._composed(key)
        return self._values[key]

    def check_exists(self, name: str, layers: tuple[int, ...]) -> None:
        """Raise Missing if the network has not this quantity at these layers."""
        if not self.declarations.exists(name, layers, self.last):
            raise Missing(name, layers)

    def _composed(self, key) -> sympy.Expr:
        """A symbol for what is given, a symbol with its value for what is defined."""
        name, layers, indices = key
        symbol = sympy.Symbol(f"{name} {layers} {indices}")
        self.entries[symbol] = key
        definition = self.declarations.definition(name, layers, self.last)
        if definition is None:
            return symbol
        if key in self._busy:
            raise Undecidable(f"{name} is defined by itself")
        self._busy.add(key)
        try:
            value = self._defined(definition, layers, indices)
        finally:
            self._busy.discard(key)
        derived = any(isinstance(node, ex.Derivative) for node in ex.walk(definition.body))
        return Named(symbol, value, (name, layers), derived)

    def _defined(self, definition: Definition, layers, indices) -> sympy.Expr:
        base = base_of(definition, layers, self.last)
        places = {letter: base + i for i, letter in enumerate(definition.layers)}
        letters = dict(zip(definition.target.indices, indices, strict=True))
        return self._evaluate(self, definition.body, places, letters)

    def family(self, name: str, layers: tuple[int, ...]) -> list[sympy.Expr]:
        """All entries of a quantity, row by row."""
        ranges = [range(1, self.sizes[layer] + 1) for layer in layers]
        return [self.value(name, layers, at) for at in product(*ranges)]

    def jacobian(self, of: list, family: Family, by: list) -> sympy.Matrix:
        """∂of/∂by: a row for each of `of`, a column for each of `by`, entries of one family."""

        def at_cut(node):
            return node.symbol if isinstance(node, Named) and node.family == family else None

        cut = self._cuts.setdefault(family, {})
        above = sympy.Matrix([rebuilt(x, at_cut, cut) for x in of])
        slopes = above.jacobian([_symbol(x) for x in by])
        if family not in self._returns:
            self._returns[family] = {_symbol(x): x for x in self.family(*family)}
        back = self._returns[family]
        return slopes.applyfunc(lambda slope: rebuilt(slope, lambda node: None, back))


def _symbol(entry: sympy.Expr) -> sympy.Symbol:
    return entry.symbol if isinstance(entry, Named) else entry
