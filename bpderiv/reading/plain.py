r"""A formula in one line of plain text: ∂E/∂w_ba^k,j = −e_k,b φ_k′(v_k,b) y_j,a. For tables only.

It is made for the eye, and nothing reads it back.
"""

from __future__ import annotations

from functools import singledispatch

from bpderiv.meaning.names import readable
from bpderiv.reading import syntax as sx

_SIGNS = {
    r"\cdot": "·", r"\times": "×", r"\odot": "⊙", r"\circ": "⊙", r"\equiv": "≡", r"\approx": "≈",
    r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥", r"\in": "∈", r"\to": "→", r"\ne": "≠",
    r"\neq": "≠", "-": "−", r"\top": "T",
}  # fmt: skip


@singledispatch
def plain(node: sx.Node) -> str:
    """One line of plain text."""
    return sx.latex(node)


@plain.register
def _(node: sx.Name) -> str:
    return _SIGNS.get(node.text) or readable(node.text)


@plain.register
def _(node: sx.Text) -> str:
    return node.text


@plain.register
def _(node: sx.Dots) -> str:
    return {r"\vdots": "⋮", r"\ddots": "⋱"}.get(node.text, "…")


@plain.register
def _(node: sx.Partial) -> str:
    return "∂"


@plain.register
def _(node: sx.Scripted) -> str:
    sub = f"_{_script(node.sub)}" if node.sub is not None else ""
    sup = f"^{_script(node.sup)}" if node.sup is not None else ""
    sup = {"^T": "ᵀ", "^2": "²"}.get(sup, sup)
    return plain(node.base) + sub + "′" * node.primes + sup


def _script(node: sx.Node) -> str:
    return plain(node).replace(" ", "").strip("{}")


@plain.register
def _(node: sx.Bracket) -> str:
    inside = ", ".join(map(plain, node.items))
    opened, closed = node.open.strip("\\"), node.close.strip("\\")
    return f"{opened}{inside}{closed}"


@plain.register
def _(node: sx.Fraction) -> str:
    return f"{_part(node.numerator)}/{_part(node.denominator)}"


def _part(node: sx.Node) -> str:
    text = plain(node)
    simple = not isinstance(node, sx.Sum) and " " not in text.strip()
    return text if simple else f"({text})"


@plain.register
def _(node: sx.Decorated) -> str:
    return ", ".join(map(plain, node.body.items))


@plain.register
def _(node: sx.Matrix) -> str:
    rows = (", ".join("" if cell is None else plain(cell) for cell in row) for row in node.rows)
    return f"[{'; '.join(rows)}]"


@plain.register
def _(node: sx.Summation) -> str:
    below = plain(node.sub).strip("{}").replace(" ", "") if node.sub is not None else ""
    below = below.removesuffix("=1")  # Σ_b: over all of them
    return f"Σ_{below} {plain(node.body)}"


@plain.register
def _(node: sx.Product) -> str:
    text = plain(node.factors[0])
    for sign, before, factor in zip(node.signs[1:], node.factors, node.factors[1:], strict=False):
        close = isinstance(before, sx.Partial) or isinstance(factor, sx.Bracket)
        close |= isinstance(before, sx.Name) and before.text.startswith(r"\Delta")
        between = "" if close and not sign else "/" if sign == "/" else " "
        text += f" {_sign(sign)} " if sign not in ("", "/") else between
        text += plain(factor)
    return text


def _sign(sign: str) -> str:
    return " ".join(_SIGNS.get(part, part) for part in sign.split())


@plain.register
def _(node: sx.Hadamard) -> str:
    return " ⊙ ".join(map(plain, node.factors))


@plain.register
def _(node: sx.Sum) -> str:
    text = _sign(node.signs[0]) + plain(node.terms[0])
    rest = zip(node.signs[1:], node.terms[1:], strict=True)
    return text + "".join(f" {_sign(sign)} {plain(term)}" for sign, term in rest)


@plain.register
def _(node: sx.Chain) -> str:
    rest = zip(node.relations, node.sides[1:], strict=True)
    return plain(node.sides[0]) + "".join(f" {_sign(r)} {plain(side)}" for r, side in rest)
