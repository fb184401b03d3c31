"""From the definitions to sympy: write a quantity out, down to where it is cut.

`Composer.component` follows `Definitions.body` downwards and stops at the quantity that we
want to differentiate by (the *cut*) and at what is given from outside. Each value on the way
keeps its name (`symbols.Named`). Sums stay Σ where sizes are letters; at whole-number sizes
(`unroll=True`) they are written out term by term.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import singledispatchmethod
from itertools import count

import sympy

from bpderiv import expression as ex
from bpderiv.definitions import Definitions
from bpderiv.symbols import (
    Component,
    Family,
    Named,
    Sum,
    by_name,
    function_symbol,
    index_symbol,
    phi,
    size_symbol,
)

#: A φ per layer, where one is chosen: {"k": sympy.tanh}. Layers not named stay generic.
Phi = dict


@dataclass
class Composer:
    """Writes quantities out in sympy.

    `cut` is the family (name, layers) at which writing out stops; `unroll` writes sums term
    by term; `functions` are the φ that were chosen; `steps` collects derivatives met (`derive.py`).
    """

    definitions: Definitions
    cut: tuple[str, tuple[str, ...]] | None = None
    unroll: bool = False
    functions: Phi = field(default_factory=dict)
    steps: list | None = None
    _fresh: count = field(default_factory=count)

    def component(self, entry: ex.Entry, bound: dict | None = None) -> sympy.Expr:
        """One component of a quantity, written out; `bound` maps bound letters to symbols."""
        indices = [self._index(x, bound or {}) for x in entry.indices]
        name = _leaf(entry, indices)
        body = None if self._is_cut(entry) else self.definitions.body(entry)
        if body is None:
            return name
        value = self.value(body, bound or {})
        return value if value.is_Number else Named(name, value)

    def _is_cut(self, entry: ex.Entry) -> bool:
        return (entry.name, entry.layers) == self.cut and 0 not in entry.indices

    def _index(self, index: ex.Index, bound: dict) -> sympy.Expr:
        if isinstance(index, int):
            return sympy.Integer(index)
        if isinstance(index, ex.Last):
            return size_symbol(self.definitions.layers.size(index.layer)) - index.back
        return bound.get(index) or index_symbol(index)

    @singledispatchmethod
    def value(self, node: ex.Expression, bound: dict) -> sympy.Expr:
        """The sympy expression of a tree."""
        raise TypeError(f"no rule to write out {type(node).__name__}")

    @value.register
    def _(self, node: ex.Number, bound):
        return sympy.Rational(node.value.numerator, node.value.denominator)

    @value.register
    def _(self, node: ex.Entry, bound):
        return self.component(node, bound)

    @value.register
    def _(self, node: ex.Add, bound):
        return sympy.Add(*(self.value(term, bound) for term in node.terms))

    @value.register
    def _(self, node: ex.Mul, bound):
        return sympy.Mul(*(self.value(factor, bound) for factor in node.factors))

    @value.register
    def _(self, node: ex.Power, bound):
        return self.value(node.base, bound) ** node.exponent

    @value.register
    def _(self, node: ex.Apply, bound):
        argument = self.value(node.argument, bound)
        chosen = self.functions.get(node.layer)
        if chosen is None:
            return phi(function_symbol(node.name, node.layer), node.order, argument)
        point = sympy.Dummy()
        return chosen(point).diff(point, node.order).subs(point, argument)

    @value.register
    def _(self, node: ex.Sum, bound):
        size = size_symbol(self.definitions.layers.size(node.layer))
        if self.unroll:
            return sympy.Add(
                *(self.value(node.body, {**bound, node.index: sympy.Integer(r)})
                  for r in range(1, int(size) + 1))
            )  # fmt: skip
        letter = self._new_letter(node.index)
        return Sum(self.value(node.body, {**bound, node.index: letter}), (letter, 1, size))

    @value.register
    def _(self, node: ex.Equal, bound):
        return sympy.KroneckerDelta(self._index(node.left, bound), self._index(node.right, bound))

    @value.register
    def _(self, node: ex.Derivative, bound):
        family = node.by.name, node.by.layers
        inside = Composer(self.definitions, family, self.unroll, self.functions, self.steps,
                          self._fresh)  # fmt: skip
        by = _leaf(node.by, [self._index(x, bound) for x in node.by.indices])
        of = inside.value(node.of, bound)
        if _slopes_unknown(of, by, self.definitions.unknown_slope):
            raise Unprovable("a second derivative of an error that is not known")
        slope = of.diff(by)
        if self.steps is not None:
            self.steps.append(Derived(_leaf_of(node.of, self, bound), by, of, slope))
        return written_out(by_name(slope), self)  # names first: this cut may lie behind them

    @value.register
    def _(self, node: ex.Outcome, bound):
        layer = node.of.layers[0]
        size = size_symbol(self.definitions.layers.size(layer))
        letter = self._new_letter(node.index)
        return Unknown(
            self.component(node.of, {**bound, node.index: letter}),
            Family(node.slope, layer)[letter], letter, size,
        )  # fmt: skip

    def _new_letter(self, letter: str) -> sympy.Symbol:
        """A symbol that no other sum uses, so that nothing is captured when sums multiply."""
        return index_symbol(f"{letter}_{next(self._fresh)}")


class Unknown(sympy.Function):
    """E = F(v_{k,1}, …, v_{k,m}) with F unknown: Unknown(v_k[b], delta_k[b], b, m).

    Its total differential is Σ_b ∂F/∂v_{k,b} dv_{k,b}, and ∂F/∂v_{k,b} is called −δ_{k,b}.
    """

    nargs = 4

    @classmethod
    def eval(cls, *args):
        """Leave it as it stands."""
        return None

    def _eval_derivative(self, s):
        field_value, local_gradient, letter, size = self.args
        return Sum(-local_gradient * field_value.diff(s), (letter, 1, size))

    def _latex(self, printer) -> str:
        of = self.args[0].args[0] if isinstance(self.args[0], Named) else self.args[0]
        first, last = (
            printer._print(of.xreplace({self.args[2]: x})) for x in (sympy.S.One, self.args[3])
        )
        return rf"F({first}, \dots, {last})"


class Unprovable(Exception):
    """Something that cannot be derived from what is known."""


@dataclass(frozen=True)
class Derived:
    """A derivative on the way: ∂of/∂by, `of` written out down to `by`, and sympy's result."""

    of: sympy.Expr | None
    by: sympy.Expr
    written: sympy.Expr
    slope: sympy.Expr


def _leaf_of(node: ex.Expression, composer: Composer, bound: dict) -> sympy.Expr | None:
    """The name of what is differentiated, if it is a quantity."""
    if not isinstance(node, ex.Entry):
        return None
    return _leaf(node, [composer._index(x, bound) for x in node.indices])


def _slopes_unknown(of: sympy.Expr, by: sympy.Expr, slope: str | None) -> bool:
    """Whether ∂of/∂by would need the second derivatives of an unknown E."""
    if isinstance(of, Unknown) or not isinstance(by, Component):
        return False
    if isinstance(of, Component):
        return of.base.quantity == slope
    return any(_slopes_unknown(part, by, slope) for part in of.args)


def _leaf(entry: ex.Entry, indices: list) -> sympy.Expr:
    family = Family(entry.name, *entry.layers)
    return family[tuple(indices)] if indices else sympy.Symbol(entry.name)


def written_out(expression: sympy.Expr, composer: Composer) -> sympy.Expr:
    """Every component in `expression` replaced by what the definitions make of it."""
    found = {
        part: composer.component(
            ex.Entry(part.base.quantity, part.base.layers, tuple(map(_tree_index, part.indices))),
            {str(x): x for x in part.indices if not x.is_Integer},
        )
        for part in expression.atoms(Component)
    }
    return expression.xreplace(found)


def _tree_index(index: sympy.Expr) -> ex.Index:
    return int(index) if index.is_Integer else str(index)
