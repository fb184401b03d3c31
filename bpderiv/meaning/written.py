r"""A name as it is written: its letters, what hangs below and above, what follows in brackets.

`\Delta w_{ba}^{k,j}(n)` is the letters `\Delta w`, below b and a, above k and j. What the parts
mean depends on the declaration of the name and is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from bpderiv.reading import syntax as sx

#: Above a name these are operators of linear algebra.
TRANSPOSED = {"T", r"\top", r"\intercal", r"\mathsf{T}", r"\mathrm{T}"}


@dataclass(frozen=True)
class Written:
    """The parts of a name. `power` is an operator above: "T" or a whole number."""

    letters: str
    sub: tuple[sx.Node, ...] = ()
    sup: tuple[sx.Node, ...] = ()
    primes: int = 0
    power: str | int | None = None
    span: tuple[int, int] = (0, 0)


def written(node: sx.Node) -> Written | None:
    """The parts of a name; None if the node is no name with scripts."""
    if isinstance(node, sx.Name):
        return Written(node.text, span=node.span)
    if isinstance(node, sx.Scripted) and isinstance(node.base, sx.Name):
        power = operator(node.sup)
        sup = atoms(node.sup) if node.sup is not None and power is None else ()
        sub = atoms(node.sub) if node.sub is not None else ()
        return Written(node.base.text, sub, sup, node.primes, power, node.span)
    return None


def operator(sup: sx.Node | None) -> str | int | None:
    """What a script above does to a whole: "T", a power, or None if it is no operator."""
    if isinstance(sup, sx.Name) and sup.text in TRANSPOSED:
        return "T"
    if isinstance(sup, sx.Text) and sup.text == "T":
        return "T"
    if isinstance(sup, sx.Number) and sup.text.isdigit():
        return int(sup.text)
    return None


def atoms(script: sx.Node) -> tuple[sx.Node, ...]:
    """The things in a script, one by one: {ba} has two, and so has {k,b}."""
    if isinstance(script, sx.Bracket) and script.open == "{":
        return tuple(x for item in script.items for x in _atoms_of(item))
    return _juxtaposed(script)


def _atoms_of(item: sx.Chain) -> tuple[sx.Node, ...]:
    return (item,) if item.relations else _juxtaposed(item.sides[0])


def _juxtaposed(node: sx.Node) -> tuple[sx.Node, ...]:
    """The factors of a product of letters and numbers; anything else is one thing."""
    beside = isinstance(node, sx.Product) and not any(node.signs)
    if beside and all(isinstance(x, (sx.Name, sx.Number)) for x in node.factors):
        return node.factors
    return (node,)
