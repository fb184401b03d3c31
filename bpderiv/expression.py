"""Expressions written component by component: the small language of the definitions.

A forward equation such as v_{k,b} = Σ_a w_{ba} y_{j,a} is kept as a tree of the nodes below.
The tree has no algebra in it: it only says what is written. `bpderiv.symbols` turns it into
sympy, and whoever needs another reading (exact numbers, LaTeX) walks the same tree.

An *index* is a letter ("b": any neuron) or a number (2: the second neuron; neurons count
from 1, as in the notes). A *layer* is a letter; in a definition it is a place in the window
j → k and is filled in by `bpderiv.definitions`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from fractions import Fraction

Index = str | int


@dataclass(frozen=True)
class Expression:
    """Any node. Trees compare by what they say, so equal trees are equal objects."""


@dataclass(frozen=True)
class Number(Expression):
    """An exact number, such as ½."""

    value: Fraction


@dataclass(frozen=True)
class Entry(Expression):
    """One component of a named quantity: v_{k,b} is Entry("v", ("k",), ("b",))."""

    name: str
    layers: tuple[str, ...] = ()
    indices: tuple[Index, ...] = ()


@dataclass(frozen=True)
class Add(Expression):
    """A sum of written-out terms."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True)
class Mul(Expression):
    """A product."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True)
class Power(Expression):
    """A whole power, such as e²."""

    base: Expression
    exponent: int


@dataclass(frozen=True)
class Apply(Expression):
    """φ of a layer (or a derivative of it: order 1 is φ′) at an argument."""

    layer: str
    argument: Expression
    order: int = 0


@dataclass(frozen=True)
class Sum(Expression):
    """Σ over all neurons of a layer, from 1 to the layer's size."""

    index: str
    layer: str
    body: Expression


@dataclass(frozen=True)
class Outcome(Expression):
    """An unknown differentiable function of all components of `of`, as `index` runs.

    It stands for "whatever the layers after this one make of it": E = F(v_{k,1}, …, v_{k,m}).
    """

    index: str
    of: Entry


def rewrite(tree: Expression, rule: Callable[[Expression], Expression]) -> Expression:
    """Rebuild `tree` from the leaves up, passing every node through `rule`."""

    def visit(value):
        if isinstance(value, Expression):
            return rewrite(value, rule)
        if isinstance(value, tuple):
            return tuple(visit(item) for item in value)
        return value

    changed = {field.name: visit(getattr(tree, field.name)) for field in fields(tree)}
    return rule(replace(tree, **changed))
