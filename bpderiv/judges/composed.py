r"""A network of small fixed sizes in sympy: what a document defines, composed; its derivatives.

Every given number is a symbol of its own, every activation an `Unknown` function, of which only
its derivatives' names are known. A defined entry is a `Named` node: its name, and the value that
its definition gives it. To differentiate, sympy looks at the value. To cut the network at Y is to
put Y's names in the place of Y's values; then sympy differentiates, and the values come back.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from itertools import product

import sympy

from bpderiv.meaning.declarations import Declarations, base_of

#: Values of random symbols lie between 1 and this.
LARGEST = 10**6
#: How many derivatives and sets of symbols are remembered.
REMEMBERED = 1 << 17


class Missing(Exception):
    """A quantity that does not exist at this place of this network."""

    def __init__(self, name: str, layer: int | None):
        """Which, and in which layer."""
        super().__init__(name)
        self.name, self.layer = name, layer


class Undecidable(Exception):
    """What this judge has no means to judge; says why."""


class Named(sympy.Function):
    """Named(name, value): an entry of a quantity. Differentiated, it is its value."""

    nargs = 2

    @classmethod
    def eval(cls, name, value):
        """Leave it as it stands."""
        return None

    def _eval_derivative(self, s):
        return _slope(self.args[1], s)

    @property
    def free_symbols(self):
        """The value's: a name is not free."""
        return _symbols(self.args[1])


class Unknown(sympy.Function):
    """Unknown(name, layer, order, argument): the derivative of this order of a layer's function.

    Nothing is known of it but that its derivative is the one of the next order.
    """

    nargs = 4

    @classmethod
    def eval(cls, name, layer, order, argument):
        """Leave it as it stands."""
        return None

    def fdiff(self, argindex=4):
        """The derivative of the next order, at the same argument."""
        name, layer, order, argument = self.args
        return Unknown(name, layer, order + 1, argument)

    def _eval_derivative(self, s):
        return self.fdiff() * _slope(self.args[3], s)

    @property
    def free_symbols(self):
        """The argument's."""
        return _symbols(self.args[3])


@lru_cache(REMEMBERED)
def _slope(value: sympy.Expr, symbol: sympy.Symbol) -> sympy.Expr:
    return value.diff(symbol)


@lru_cache(REMEMBERED)
def _symbols(value: sympy.Expr) -> set:
    return value.free_symbols


Family = tuple[str, tuple[int, ...]]
Evaluate = Callable[["Network", object, dict, dict], sympy.Expr]


class Network:
    """Layers 0 … last of the given sizes; `evaluate` turns a definition's body into sympy."""

    def __init__(self, declarations: Declarations, sizes: tuple[int, ...], evaluate: Evaluate):
        """Nothing composed yet."""
        self.declarations, self.sizes, self._evaluate = declarations, sizes, evaluate
        self.last = len(sizes) - 1
        self._values: dict[tuple, sympy.Expr] = {}
        self._busy: set[tuple] = set()
        self._family: dict[sympy.Symbol, Family] = {}
        self._cuts: dict[Family, dict] = {}
        self._back: dict[Family, dict] = {}
        self._slopes: dict[tuple, sympy.Expr] = {}
        self._opened: dict[sympy.Expr, sympy.Expr] = {}
        self._points: dict[tuple, sympy.Symbol] = {}
        self._terms: dict[sympy.Expr, int] = {}
        self._numbers: dict[sympy.Expr, object] = {}

    # --- values ---------------------------------------------------------------------------------

    def value(self, name: str, layers: tuple[int, ...], indices: tuple[int, ...]) -> sympy.Expr:
        """An entry of a quantity; neurons are counted from 1."""
        key = name, layers, indices
        if key not in self._values:
            if not self.declarations.exists(name, layers, self.last):
                raise Missing(name, layers[0] if layers else None)
            for index, layer in zip(indices, layers, strict=True):
                if not 1 <= index <= self.sizes[layer]:
                    raise Undecidable(f"{name} has no neuron {index} in layer {layer}")
            self._values[key] = self._composed(name, layers, indices)
        return self._values[key]

    def _composed(self, name, layers, indices):
        """A symbol for what is given, a name with its value for what is defined."""
        symbol = sympy.Symbol(f"{name} {layers} {indices}")
        self._family[symbol] = name, layers
        definition = self.declarations.definition(name, layers, self.last)
        if definition is None:
            return symbol
        if symbol in self._busy:
            raise Undecidable(f"{name} is defined by itself")
        self._busy.add(symbol)
        base = base_of(definition, layers, self.last)
        places = {letter: base + i for i, letter in enumerate(definition.layers)}
        letters = dict(zip(definition.target.indices, indices, strict=True))
        try:
            return Named(symbol, self._evaluate(self, definition.body, places, letters))
        finally:
            self._busy.discard(symbol)

    def family(self, name: str, layers: tuple[int, ...]) -> list[sympy.Expr]:
        """All entries of a quantity, row by row."""
        ranges = [range(1, self.sizes[layer] + 1) for layer in layers]
        return [self.value(name, layers, at) for at in product(*ranges)]

    # --- derivatives ----------------------------------------------------------------------------

    def jacobian(self, of: list, family: Family, by: list) -> sympy.Matrix:
        """∂of/∂by: row = of, column = by; what `by` is made of is held fixed."""
        cut = self._cuts.setdefault(family, {})
        above = [_rebuilt(x, lambda node: self._at_cut(node, family), cut) for x in of]
        names = [_name(x) for x in by]
        missing = [(x, s) for x in above for s in names if (x, s) not in self._slopes]
        if missing:
            slopes = sympy.Matrix(above).jacobian(names)
            back = self._back.setdefault(family, {_name(x): x for x in self.family(*family)})
            for (x, s), slope in zip(product(above, names), slopes, strict=True):
                self._slopes[x, s] = _rebuilt(slope, lambda node: None, back)
        return sympy.Matrix(len(of), len(by), [self._slopes[x, s] for x in above for s in names])

    def _at_cut(self, node, family):
        if isinstance(node, Named) and self._family.get(node.args[0]) == family:
            return node.args[0]
        return None

    # --- equal or not ---------------------------------------------------------------------------

    def opened(self, node: sympy.Expr) -> sympy.Expr:
        """Every name replaced by its value, every value of an unknown function by a symbol."""
        return _rebuilt(node, self._open, self._opened)

    def _open(self, node):
        if isinstance(node, Named):
            return self.opened(node.args[1]).expand()
        if isinstance(node, Unknown):
            name, layer, order, argument = node.args
            key = name, layer, order, self.opened(argument).expand()
            return self._points.setdefault(key, sympy.Symbol(f"value {len(self._points)}"))
        return None

    def terms(self, node: sympy.Expr) -> int:
        """No more terms than this has the opened and expanded expression."""
        if node not in self._terms:
            self._terms[node] = self._counted(node)
        return self._terms[node]

    def _counted(self, node):
        if isinstance(node, Named):
            return self.terms(node.args[1])
        if isinstance(node, sympy.Add):
            return sum(map(self.terms, node.args))
        if isinstance(node, sympy.Mul):
            return sympy.prod([self.terms(x) for x in node.args])
        if isinstance(node, sympy.Pow) and node.exp.is_Integer:
            return self.terms(node.base) ** abs(int(node.exp))
        return 1

    def number(self, node: sympy.Expr):
        """The expression at random whole numbers, the same each time; exact."""
        if node not in self._numbers:
            self._numbers[node] = self._computed(node)
        return self._numbers[node]

    def _computed(self, node):
        if isinstance(node, Named):
            return self.number(node.args[1])
        if isinstance(node, Unknown):
            *which, argument = node.args
            return _random(which, self.number(argument))
        if isinstance(node, sympy.Symbol):
            return _random(node.name)
        if isinstance(node, sympy.Rational):
            return int(node.p) if node.q == 1 else Fraction(int(node.p), int(node.q))
        if isinstance(node, sympy.Pow):
            return Fraction(self.number(node.base)) ** int(node.exp)
        result = 0 if isinstance(node, sympy.Add) else 1
        for part in node.args:
            number = self.number(part)
            result = result + number if isinstance(node, sympy.Add) else result * number
        return result


def _random(*key) -> int:
    return random.Random(str(key)).randint(1, LARGEST)


def _name(entry: sympy.Expr) -> sympy.Symbol:
    return entry.args[0] if isinstance(entry, Named) else entry


def _rebuilt(node: sympy.Expr, rule: Callable, memo: dict) -> sympy.Expr:
    """The expression rebuilt, `rule` first asked at every node; shared parts are visited once."""
    if node in memo:
        return memo[node]
    made = rule(node)
    if made is None:
        made = node
        if isinstance(node, Named):
            made = Named(node.args[0], _rebuilt(node.args[1], rule, memo))
        elif isinstance(node, Unknown):
            made = Unknown(*node.args[:3], _rebuilt(node.args[3], rule, memo))
        elif node.args:
            made = node.func(*(_rebuilt(x, rule, memo) for x in node.args))
    memo[node] = made
    return made
