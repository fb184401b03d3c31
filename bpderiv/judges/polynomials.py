"""Formulas multiplied out: polynomials, and one polynomial over another.

A *monomial* is a product of letters, in order; letters are numbers here, and one that is squared
stands twice: x²y is (0, 0, 1). A *polynomial* is a number for each of its monomials, none of them
0, so that equal polynomials are equal dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

Polynomial = dict[tuple[int, ...], int | Fraction]

#: The polynomial 1. (No polynomial is ever changed once it is made.)
ONE: Polynomial = {(): 1}


def added(polynomials: Iterable[Polynomial]) -> Polynomial:
    """The sum."""
    total: Polynomial = {}
    for one in polynomials:
        for monomial, number in one.items():
            total[monomial] = total.get(monomial, 0) + number
    return {monomial: number for monomial, number in total.items() if number}


def multiplied(left: Polynomial, right: Polynomial) -> Polynomial:
    """The product."""
    if left == ONE or right == ONE:
        return right if left == ONE else left
    product: Polynomial = {}
    for a, x in left.items():
        for b, y in right.items():
            monomial = tuple(sorted(a + b))
            product[monomial] = product.get(monomial, 0) + x * y
    return {monomial: number for monomial, number in product.items() if number}


@dataclass(frozen=True)
class Quotient:
    """A polynomial over another one, which is not 0."""

    over: Polynomial
    under: Polynomial = field(default_factory=lambda: ONE)

    def __add__(self, other: Quotient) -> Quotient:
        """Over a common denominator."""
        if self.under == other.under:
            return Quotient(added((self.over, other.over)), self.under)
        sides = multiplied(self.over, other.under), multiplied(other.over, self.under)
        return Quotient(added(sides), multiplied(self.under, other.under))

    def __mul__(self, other: Quotient) -> Quotient:
        return Quotient(multiplied(self.over, other.over), multiplied(self.under, other.under))

    def __pow__(self, exponent: int) -> Quotient:
        """A whole power. ZeroDivisionError for 1/0."""
        if exponent < 0 and not self.over:
            raise ZeroDivisionError("1/0")
        base = self if exponent >= 0 else Quotient(self.under, self.over)
        product = Quotient(ONE)
        for _ in range(abs(exponent)):
            product = product * base
        return product

    def equals(self, other: Quotient) -> bool:
        """Whether both are the same for all letters."""
        return multiplied(self.over, other.under) == multiplied(other.over, self.under)

    def key(self) -> tuple:
        """What can be looked up in a dictionary; the same for equal polynomials."""
        return frozenset(self.over.items()), frozenset(self.under.items())
