r"""The syntax tree of a formula: what is written, with no meaning yet.

A tree prints itself back: `latex(tree)` is LaTeX that reads as the same tree. Every node
remembers where in the source it stands (`span`), so that whoever finds something wrong with it
can point at it; two trees are equal when they say the same, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from functools import singledispatch


@dataclass(frozen=True)
class Node:
    """Any node; `span` is (start, end) in the source."""

    span: tuple[int, int] = field(default=(0, 0), compare=False, repr=False, kw_only=True)


@dataclass(frozen=True)
class Number(Node):
    """A number as typed: "12", "0.5"."""

    text: str


@dataclass(frozen=True)
class Name(Node):
    r"""One letter, as typed: "w", r"\varphi", r"\mathcal{E}"."""

    text: str


@dataclass(frozen=True)
class Text(Node):
    r"""Words within a formula: \text{index}, \operatorname{diag}."""

    command: str
    text: str


@dataclass(frozen=True)
class Dots(Node):
    r"""\dots and its kin."""

    text: str


@dataclass(frozen=True)
class Partial(Node):
    """The sign ∂."""


@dataclass(frozen=True)
class Scripted(Node):
    """A base with what hangs on it: below, above, and primes."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0


@dataclass(frozen=True)
class Bracket(Node):
    r"""Brackets and what they hold: `open` and `close` as typed, "{" for braces."""

    open: str
    items: tuple[Chain, ...]
    close: str


@dataclass(frozen=True)
class Fraction(Node):
    r"""\frac, \tfrac or \dfrac."""

    command: str
    numerator: Node
    denominator: Node


@dataclass(frozen=True)
class Decorated(Node):
    r"""\boxed{…} or \underbrace{…}."""

    command: str
    body: Bracket


@dataclass(frozen=True)
class Matrix(Node):
    """A matrix; an empty cell is None."""

    kind: str
    rows: tuple[tuple[Node | None, ...], ...]


@dataclass(frozen=True)
class Summation(Node):
    """Σ over what `sub` and `sup` say; it takes the rest of its term."""

    sub: Node | None
    sup: Node | None
    body: Node


@dataclass(frozen=True)
class Product(Node):
    r"""Factors side by side; `signs[i]` stands before factor i: "", "\cdot", "\times", "*", "/",
    "\cdot -". The first is "".
    """

    factors: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Hadamard(Node):
    r"""Component-wise product: \odot, \circ."""

    factors: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Sum(Node):
    """Terms with their signs; `signs[0]` is "" or "-" or "+"."""

    terms: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Chain(Node):
    """a = b = c: sides, and the relations between them."""

    sides: tuple[Node, ...]
    relations: tuple[str, ...] = ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes below it, first to last."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below."""
    for item in fields(node):
        yield from _nodes(getattr(node, item.name))


def _nodes(value) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)


def rebuild(node: Node, rule) -> Node:
    """The tree with every node passed through `rule`, from the leaves up."""

    def visit(value):
        if isinstance(value, Node):
            return rebuild(value, rule)
        if isinstance(value, tuple):
            return tuple(visit(part) for part in value)
        return value

    return rule(replace(node, **{f.name: visit(getattr(node, f.name)) for f in fields(node)}))


@singledispatch
def latex(node: Node) -> str:
    """LaTeX that reads as this very tree."""
    raise TypeError(f"no rule to print {type(node).__name__}")


@latex.register(Number)
@latex.register(Name)
@latex.register(Dots)
def _(node):
    return node.text


@latex.register
def _(node: Text) -> str:
    return rf"\{node.command}{{{node.text}}}"


@latex.register
def _(node: Partial) -> str:
    return r"\partial"


@latex.register
def _(node: Scripted) -> str:
    sub = f"_{_argument(node.sub)}" if node.sub is not None else ""
    sup = f"^{_argument(node.sup)}" if node.sup is not None else ""
    base = latex(node.base)
    if isinstance(node.base, (Scripted, Fraction)):
        base = f"{{{base}}}"
    return base + "'" * node.primes + sub + sup


@latex.register
def _(node: Bracket) -> str:
    return f"{node.open}{', '.join(map(latex, node.items))}{node.close}"


@latex.register
def _(node: Fraction) -> str:
    return f"{node.command}{_argument(node.numerator)}{_argument(node.denominator)}"


@latex.register
def _(node: Decorated) -> str:
    return f"{node.command}{latex(node.body)}"


@latex.register
def _(node: Matrix) -> str:
    lines = [" & ".join("" if cell is None else latex(cell) for cell in row) for row in node.rows]
    if node.rows[-1] == (None,):
        lines.append("")  # an empty row at the end is one only if a line break follows it
    rows = r" \\ ".join(lines)
    return rf"\begin{{{node.kind}}} {rows} \end{{{node.kind}}}"


@latex.register
def _(node: Summation) -> str:
    limits = "".join(
        f"{sign}{_argument(x)}" for sign, x in (("_", node.sub), ("^", node.sup)) if x is not None
    )
    return rf"\sum{limits} {latex(node.body)}"


@latex.register(Product)
@latex.register(Hadamard)
def _(node):
    between = (f" {sign} " if sign else " " for sign in node.signs[1:])
    rest = (sign + latex(factor) for sign, factor in zip(between, node.factors[1:], strict=True))
    return latex(node.factors[0]) + "".join(rest)


@latex.register
def _(node: Sum) -> str:
    first = f"{node.signs[0]}{latex(node.terms[0])}"
    rest = zip(node.signs[1:], node.terms[1:], strict=True)
    return first + "".join(f" {sign} {latex(term)}" for sign, term in rest)


@latex.register
def _(node: Chain) -> str:
    rest = zip(node.relations, node.sides[1:], strict=True)
    return latex(node.sides[0]) + "".join(f" {sign} {latex(side)}" for sign, side in rest)


def _argument(node: Node) -> str:
    """A script or an argument of a fraction: in braces, unless it is one digit or letter."""
    text = latex(node)
    if isinstance(node, Bracket) and node.open == "{":
        return text
    return text if isinstance(node, Number) and len(text) == 1 else f"{{{text}}}"
