"""Plain numbers, and polynomials in one letter, as they are typed in an example."""

from __future__ import annotations

from fractions import Fraction

from bpderiv.reading import syntax as sx

#: A power is not computed beyond this exponent, nor a number beyond so many bits.
HIGHEST, LONGEST = 64, 4096

#: A polynomial's coefficients, the constant one first.
Coefficients = list[Fraction]
#: The rows of a matrix of numbers; one number is one row of one.
Rows = list[list[Fraction]]


def number(node: sx.Node | None) -> Fraction | None:
    """A plain number, or what sums, products, fractions and powers of such come to."""
    found = polynomial(node, "") if node is not None else None
    return found[0] if found and len(found) == 1 else None


def numbers(node: sx.Node) -> Rows | None:
    """The rows of a matrix of plain numbers; one number is a matrix with one entry."""
    rows = node.rows if isinstance(node, sx.Matrix) else ((node,),)
    found = [[number(cell) for cell in row] for row in rows]
    missing = any(value is None for row in found for value in row)
    return None if missing or len({len(row) for row in found}) > 1 else found


def is_numeric(node: sx.Node) -> bool:
    """Whether there is nothing but numbers, signs and brackets in it."""
    return all(isinstance(part, _NUMERIC) for part in sx.walk(node))


_NUMERIC = (sx.Number, sx.Sum, sx.Product, sx.Bracket, sx.Chain, sx.Fraction, sx.Scripted,
            sx.Matrix)  # fmt: skip


def decimals(node: sx.Node) -> int | None:
    """How many digits a plain decimal shows after its point; None if it is none."""
    if isinstance(node, sx.Sum) and len(node.terms) == 1:
        node = node.terms[0]
    return len(node.text.partition(".")[2]) if isinstance(node, sx.Number) else None


def polynomial(node: sx.Node, letter: str) -> Coefficients | None:
    """The coefficients of a polynomial in a letter; None if it is none, or too large."""
    if isinstance(node, sx.Number):
        return [Fraction(node.text)]
    if isinstance(node, sx.Name):
        return [Fraction(0), Fraction(1)] if node.text == letter else None
    if isinstance(node, sx.Bracket):
        plain = len(node.items) == 1 and not node.items[0].relations
        return polynomial(node.items[0].sides[0], letter) if plain else None
    found = _combined(node, letter)
    too_large = found and any(
        max(x.numerator.bit_length(), x.denominator.bit_length()) > LONGEST for x in found
    )
    return None if too_large else found


def _combined(node: sx.Node, letter: str) -> Coefficients | None:
    def parts(nodes) -> list[Coefficients] | None:
        found = [polynomial(x, letter) for x in nodes]
        return None if None in found else found

    if isinstance(node, sx.Sum) and (terms := parts(node.terms)):
        return _sum(terms, [-1 if sign == "-" else 1 for sign in node.signs])
    if isinstance(node, sx.Product) and (factors := parts(node.factors)):
        return _product(factors, node.signs)
    if isinstance(node, sx.Fraction) and (two := parts((node.numerator, node.denominator))):
        return _product(two, ("", "/"))
    if isinstance(node, sx.Scripted) and node.sub is None and not node.primes:
        return _power(polynomial(node.base, letter), number(node.sup))
    return None


def _sum(terms: list[Coefficients], signs: list[int]) -> Coefficients:
    total = [Fraction(0)] * max(map(len, terms))
    for term, sign in zip(terms, signs, strict=True):
        for i, coefficient in enumerate(term):
            total[i] += sign * coefficient
    return total


def _product(factors: list[Coefficients], signs) -> Coefficients | None:
    product = [Fraction(1)]
    for sign, factor in zip(signs, factors, strict=True):
        if sign == "/":
            factor = _power(factor, Fraction(-1))
        if factor is None or sign not in ("", "/", r"\cdot", r"\times"):
            return None
        longer = [Fraction(0)] * (len(product) + len(factor) - 1)
        for i, a in enumerate(product):
            for j, b in enumerate(factor):
                longer[i + j] += a * b
        product = longer
    return product


def _power(base: Coefficients | None, exponent: Fraction | None) -> Coefficients | None:
    if base is None or exponent is None or exponent.denominator > 1 or abs(exponent) > HIGHEST:
        return None
    if exponent < 0:
        return [base[0] ** int(exponent)] if len(base) == 1 and base[0] else None
    return _product([base] * int(exponent), [""] * int(exponent))
