r"""Equal or not: expressions multiplied out, and at random numbers.

A *view* leaves some named entries as they are and opens the others. What is equal with more names
left is equal once they are opened, and has fewer terms; so the judge takes the closest view in
which both sides agree at random numbers, and multiplies them out there.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from functools import reduce

import sympy

from bpderiv.dispatch import by_type
from bpderiv.judges.composed import Named, Undecidable, Unknown
from bpderiv.judges.polynomials import ONE, Quotient, added

#: Random numbers are whole and lie between 1 and this.
LARGEST = 10**6


class View:
    """Expressions with the names left for which `closed` says so; everything is remembered."""

    def __init__(self, closed: Callable[[Named], bool]):
        """Nothing looked at yet."""
        self.closed = closed
        self._quotients: dict[sympy.Expr, Quotient] = {}
        self._letters: dict[tuple, int] = {}
        self._numbers: dict[sympy.Expr, int | Fraction] = {}
        self._terms: dict[sympy.Expr, int] = {}

    # --- multiplied out -------------------------------------------------------------------------

    def equal(self, left: sympy.Expr, right: sympy.Expr) -> bool:
        """Whether both are the same formula, once they are multiplied out.

        Errors
        ------
        Undecidable
            for what is neither a sum, a product or a power, nor a name or a number.
        """
        return self._quotient(left).equals(self._quotient(right))

    def _quotient(self, node: sympy.Expr) -> Quotient:
        if node not in self._quotients:
            self._quotients[node] = self._multiplied_out(node)
        return self._quotients[node]

    def _letter(self, *key) -> Quotient:
        """A letter for a symbol, or for a function at an argument: another for each."""
        return Quotient({(self._letters.setdefault(key, len(self._letters)),): 1})

    @by_type
    def _multiplied_out(self, node: sympy.Expr) -> Quotient:
        if isinstance(node, Unknown):  # each has a type of its own
            return self._letter(node.which, self._quotient(node.args[0]).key())
        if isinstance(node, sympy.Rational):
            return Quotient({(): _of_sympy(node)} if node else {})
        raise Undecidable(f"{node} cannot be multiplied out")

    @_multiplied_out.register
    def _(self, node: Named):
        return self._letter(node.symbol) if self.closed(node) else self._quotient(node.value)

    @_multiplied_out.register
    def _(self, node: sympy.Symbol):
        return self._letter(node)

    @_multiplied_out.register
    def _(self, node: sympy.Add):
        parts = [self._quotient(part) for part in node.args]
        if all(part.under == ONE for part in parts):
            return Quotient(added(part.over for part in parts))
        return reduce(Quotient.__add__, parts)

    @_multiplied_out.register
    def _(self, node: sympy.Mul):
        return reduce(Quotient.__mul__, map(self._quotient, node.args))

    @_multiplied_out.register
    def _(self, node: sympy.Pow):
        try:
            return self._quotient(node.base) ** int(node.exp)
        except ZeroDivisionError:
            raise Undecidable("a division by something that is zero") from None

    # --- how many terms -------------------------------------------------------------------------

    def terms(self, node: sympy.Expr) -> int:
        """A bound for the number of terms, multiplied out."""
        if node not in self._terms:
            self._terms[node] = self._count(node)
        return self._terms[node]

    @by_type
    def _count(self, node: sympy.Expr) -> int:
        return 1

    @_count.register
    def _(self, node: Named):
        return 1 if self.closed(node) else self.terms(node.value)

    @_count.register
    def _(self, node: sympy.Add):
        return sum(map(self.terms, node.args))

    @_count.register
    def _(self, node: sympy.Mul):
        return sympy.prod(map(self.terms, node.args))

    @_count.register
    def _(self, node: sympy.Pow):
        return self.terms(node.base) ** abs(int(node.exp))

    # --- random numbers -------------------------------------------------------------------------

    def number(self, node: sympy.Expr) -> int | Fraction:
        """Its value where every symbol is a random number; exact, and the same each time."""
        if node not in self._numbers:
            self._numbers[node] = _plain(self._compute(node))
        return self._numbers[node]

    @by_type
    def _compute(self, node: sympy.Expr) -> int | Fraction:
        if isinstance(node, Unknown):  # each has a type of its own
            return _random(node.which, self.number(node.args[0]))
        if isinstance(node, sympy.Rational):
            return _of_sympy(node)
        raise Undecidable(f"{node} is not a number")

    @_compute.register
    def _(self, node: Named):
        return self.number(node.symbol if self.closed(node) else node.value)

    @_compute.register
    def _(self, node: sympy.Symbol):
        return _random(node.name)

    @_compute.register
    def _(self, node: sympy.Add):
        return sum(map(self.number, node.args))

    @_compute.register
    def _(self, node: sympy.Mul):
        product = 1
        for part in node.args:
            product *= self.number(part)
        return product

    @_compute.register
    def _(self, node: sympy.Pow):
        base, exponent = self.number(node.base), int(node.exp)
        if base == 0 and exponent < 0:
            raise Undecidable("a division by something that is zero at random numbers")
        return base**exponent if exponent >= 0 else Fraction(1, 1) / Fraction(base) ** -exponent


def _of_sympy(number: sympy.Rational) -> int | Fraction:
    return _plain(Fraction(int(number.p), int(number.q)))


def _plain(number: int | Fraction) -> int | Fraction:
    """The same number, as int if it is whole: functions at 2 and at 4/2 have the same value."""
    return number.numerator if number.denominator == 1 else number


def _random(*key) -> int:
    """A number for a symbol, or for a function at an argument: another for each."""
    return random.Random(str(key)).randint(1, LARGEST)


def views() -> tuple[View, ...]:
    """All names left; those that a derivative defines opened; everything opened."""
    return View(lambda name: True), View(lambda name: not name.derived), View(lambda name: False)
