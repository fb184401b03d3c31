"""What a formula means: the tree that definitions, claims and judges share.

Two layers of one language. *Scalars*, written component by component, are what the network is
defined with: v_{k,b} = Σ_a w_{ba} y_{j,a}. *Matrices* and derivatives are what texts claim things
with: δ_j = (Wᵀ δ_k) ⊙ φ′_j(v_j). The tree has no algebra in it: it only says what is written, all
names, layers and indices filled in. Whoever judges (sympy, exact numbers, numpy) walks the same
tree with their own rules.

An *index* is a letter ("b": any neuron), a number (2: the second neuron; neurons count from 1, as
in the notes) or `Last("k")`, the last neuron of layer k. A *layer* is a letter of the window in
which the formula stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import cache
from operator import is_


@dataclass(frozen=True)
class Last:
    """The position of a layer's last neuron, or `back` places before it."""

    layer: str
    back: int = 0


Index = str | int | Last
#: A number of rows or columns: a layer's letter (its size), a number, or None: not said.
Dim = str | int | None


@dataclass(frozen=True)
class Expression:
    """Any node. Trees compare by what they say, so equal trees are equal objects.

    `span` is where in the source it was read; it takes no part in comparisons.
    """

    span: tuple[int, int] = field(default=(0, 0), compare=False, repr=False, kw_only=True)


# --- scalars --------------------------------------------------------------------------------


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
    """A product: of numbers, or of matrices, in this order."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True)
class Power(Expression):
    """A whole power of a scalar, such as e²; 1/x is x to the −1."""

    base: Expression
    exponent: int


@dataclass(frozen=True)
class Apply(Expression):
    """φ of a layer (or a derivative of it: order 1 is φ′) at an argument, entry by entry."""

    layer: str
    argument: Expression
    order: int = 0
    name: str = field(kw_only=True)


@dataclass(frozen=True)
class Sum(Expression):
    """Σ over the neurons of a layer, from `start` to the layer's size."""

    index: str
    layer: str
    body: Expression
    start: int = 1


@dataclass(frozen=True)
class Equal(Expression):
    """Kronecker's symbol [r = b]: 1 if both are the same neuron of the layer, else 0."""

    left: Index
    right: Index
    layer: str


@dataclass(frozen=True)
class Outcome(Expression):
    """An unknown differentiable function of all components of `of`, as `index` runs.

    It stands for "whatever the layers after this one make of it": E = F(v_{k,1}, …, v_{k,m}).
    `slope` is what −∂F/∂v is called.
    """

    index: str
    of: Entry
    slope: str


# --- matrices and derivatives ---------------------------------------------------------------


@dataclass(frozen=True)
class Whole(Expression):
    """All components of a quantity: the column v_k, the matrix W^{k,j}; named like its entry."""

    name: str
    layers: tuple[str, ...]


@dataclass(frozen=True)
class Transpose(Expression):
    """Rows and columns exchanged."""

    of: Expression


@dataclass(frozen=True)
class Hadamard(Expression):
    """A product component by component."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True)
class Diag(Expression):
    """The diagonal matrix made of a column."""

    of: Expression


@dataclass(frozen=True)
class Identity(Expression):
    """The unit matrix."""

    size: Dim = None


@dataclass(frozen=True)
class Derivative(Expression):
    """∂of/∂by: rows belong to `of`, columns to `by`; a scalar by a matrix is arranged like it."""

    of: Expression
    by: Expression


@dataclass(frozen=True)
class Sized(Expression):
    """An expression with its size written below: (…)_{m × z}."""

    of: Expression
    rows: Dim
    columns: Dim


@dataclass(frozen=True)
class Cell(Expression):
    """An entry that a display shows, and its place."""

    row: Index
    column: Index
    value: Expression


@dataclass(frozen=True)
class Display(Expression):
    """A matrix drawn entry by entry, perhaps with dots.

    `cells` are the entries shown. `letters` (row, column) and `general` are the one formula that
    all entries follow; None if the entries shown do not tell. `others` stands at all places of a
    column or row but that of the marked cell (index = b).
    """

    rows: Dim
    columns: Dim
    cells: tuple[Cell, ...]
    letters: tuple[str, str] = ("", "")
    general: Expression | None = None


@dataclass(frozen=True)
class Misplaced(Expression):
    """What cannot stand where it stands: a quantity in the place of a neuron's letter, …"""

    why: str


@cache
def parts(kind: type) -> tuple[str, ...]:
    """The names of what a kind of node is made of; `span` says only where it stands."""
    return tuple(part.name for part in fields(kind) if part.name != "span")


def walk(tree: Expression) -> Iterator[Expression]:
    """The node and all below it."""
    below = [tree]
    while below:
        node = below.pop()
        yield node
        below.extend(reversed(children(node)))


def children(tree: Expression) -> tuple[Expression, ...]:
    """The expressions directly below a node; kept in it, for they are asked for again and again."""
    found = tree.__dict__.get("_children")
    if found is None:
        values = (getattr(tree, name) for name in parts(type(tree)))
        found = tuple(node for value in values for node in _expressions(value))
        object.__setattr__(tree, "_children", found)
    return found


def _expressions(value) -> Iterator[Expression]:
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _expressions(item)


def changed(tree: Expression, **new) -> Expression:
    """A node with some of its parts exchanged; the node itself if they are what it has.

    The same as `dataclasses.replace` for nodes, and quicker.
    """
    old = tree.__dict__
    if all(_is_the_same(value, old[name]) for name, value in new.items()):
        return tree
    made = object.__new__(type(tree))
    made.__dict__.update({name: old[name] for name in (*parts(type(tree)), "span")} | new)
    return made


def _is_the_same(value, old) -> bool:
    """Whether nothing was put in its place; equal trees with other spans are not the same."""
    if isinstance(value, tuple) and isinstance(old, tuple):
        return len(value) == len(old) and all(map(is_, value, old))
    return value is old


def rewrite(tree: Expression, rule: Callable[[Expression], Expression]) -> Expression:
    """Rebuild `tree` from the leaves up, passing every node through `rule`."""

    def visit(value):
        if isinstance(value, Expression):
            return rewrite(value, rule)
        if isinstance(value, tuple):
            return tuple(visit(item) for item in value)
        return value

    return rule(changed(tree, **{name: visit(getattr(tree, name)) for name in parts(type(tree))}))
