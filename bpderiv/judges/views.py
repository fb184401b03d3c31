r"""Equal or not: expressions as polynomials, and at random numbers.

A *view* leaves some named entries as they are and opens the others. What is equal with more names
left is equal once they are opened, and has fewer terms; so the judge takes the closest view in
which both sides agree at random numbers, and expands there.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import sympy

from bpderiv.dispatch import by_type
from bpderiv.judges.composed import Named, Undecidable, Unknown, rebuilt

#: Random numbers are whole and lie between 1 and this.
LARGEST = 10**6


class View:
    """Expressions with the names left for which `closed` says so; everything is remembered."""

    def __init__(self, closed: Callable[[Named], bool]):
        """Nothing looked at yet."""
        self.closed = closed
        self._polynomials: dict[sympy.Expr, sympy.Expr] = {}
        self._points: dict[tuple, sympy.Symbol] = {}
        self._numbers: dict[sympy.Expr, int | Fraction] = {}
        self._terms: dict[sympy.Expr, int] = {}

    # --- polynomials ----------------------------------------------------------------------------

    def is_zero(self, difference: sympy.Expr) -> bool:
        """Whether it expands to 0."""
        return self._polynomial(difference).expand() == 0

    def _polynomial(self, node: sympy.Expr) -> sympy.Expr:
        """Names replaced by symbols or values, and unknown functions by a symbol per argument."""
        return rebuilt(node, self._opened, self._polynomials)

    def _opened(self, node):
        if isinstance(node, Named):
            return node.symbol if self.closed(node) else self._polynomial(node.value).expand()
        if isinstance(node, Unknown):
            key = node.which, self._polynomial(node.args[0]).expand()
            return self._points.setdefault(key, sympy.Symbol(f"value {len(self._points)}"))
        return None

    # --- how many terms -------------------------------------------------------------------------

    def terms(self, node: sympy.Expr) -> int:
        """A bound for the number of terms after expansion."""
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
            self._numbers[node] = self._compute(node)
        return self._numbers[node]

    @by_type
    def _compute(self, node: sympy.Expr) -> int | Fraction:
        if isinstance(node, Unknown):  # each has a type of its own
            return _random(node.which, self.number(node.args[0]))
        if isinstance(node, sympy.Rational):
            return int(node) if node.is_Integer else Fraction(int(node.p), int(node.q))
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


def _random(*key) -> int:
    """A number for a symbol, or for a function at an argument: another for each."""
    return random.Random(str(key)).randint(1, LARGEST)


def views() -> tuple[View, ...]:
    """All names left; those that a derivative defines opened; everything opened."""
    return View(lambda name: True), View(lambda name: not name.derived), View(lambda name: False)
