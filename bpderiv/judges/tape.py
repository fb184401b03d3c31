r"""Exact numbers that remember how they were made: a tape for derivatives.

Each value on the tape knows its parents and its slope by each. Walking back from X gives ∂X/∂(any
value on the way); the slopes are values on the tape themselves, so that they can be differentiated
again. Numbers are residues modulo a large prime, where two different formulas agree by chance
once in about 10¹⁷ times, or fractions, where they can be shown to a reader.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from contextlib import contextmanager
from fractions import Fraction
from itertools import count

#: A prime; residues modulo it are the numbers of the random trials.
PRIME = 2**61 - 1


def _plain(value: int | Fraction) -> int | Fraction:
    """The same number, as int if it is whole."""
    return value.numerator if value.denominator == 1 else value


class Value:
    """A number on a tape."""

    __slots__ = ("number", "parents", "order")

    def __init__(self, number, parents, order):
        """`parents` are (value, slope); a slope is a value, or a function that makes it."""
        self.number, self.parents, self.order = number, parents, order


class Tape:
    """Makes values. `prime` is None for fractions."""

    def __init__(self, prime: int | None = PRIME):
        """An empty tape."""
        self.prime = prime
        self._order = count()
        self._slopes: dict[Value, dict[Value, Value]] = {}
        self.zero, self.one = self.constant(0), self.constant(1)

    def number(self, value):
        """A whole number or fraction as a number of this tape."""
        if self.prime is None:
            return Fraction(value)
        return value.numerator * pow(value.denominator, -1, self.prime) % self.prime

    def make(self, number, parents=()) -> Value:
        """A value with known parents."""
        if self.prime is not None:
            number %= self.prime
        elif isinstance(number, Fraction):
            number = _plain(number)  # int is faster
        return Value(number, parents, next(self._order))

    def constant(self, value) -> Value:
        """A number that depends on nothing."""
        return self.make(self.number(value))

    def same(self, value: Value) -> Value:
        """The same number under a name of its own: a place where one can cut."""
        return self.make(value.number, ((value, self.one),))

    def add(self, a: Value, b: Value) -> Value:
        """a + b."""
        if a is self.zero:
            return b
        if b is self.zero:
            return a
        return self.make(a.number + b.number, ((a, self.one), (b, self.one)))

    def mul(self, a: Value, b: Value) -> Value:
        """a · b."""
        if a is self.one:
            return b
        if b is self.one:
            return a
        if a is self.zero or b is self.zero:
            return self.zero
        return self.make(a.number * b.number, ((a, b), (b, a)))

    def inverse(self, a: Value) -> Value:
        """1 / a. ZeroDivisionError if a is 0."""
        if a.number == 0:
            raise ZeroDivisionError("division by zero")
        number = Fraction(1, a.number) if self.prime is None else pow(a.number, -1, self.prime)
        return self.make(number, ((a, lambda: self._inverse_slope(a)),))

    def _inverse_slope(self, a: Value) -> Value:
        inverse = self.inverse(a)
        return self.mul(self.constant(-1), self.mul(inverse, inverse))

    def polynomial(self, coefficients, x: Value, order: int = 0) -> Value:
        """Σ c_r x^r, or its derivative of an order, at x."""
        slopes = coefficients
        for _ in range(order):
            slopes = [r * c for r, c in enumerate(slopes)][1:] or [0]
        number = 0
        for c in reversed(slopes):
            number = number * x.number + c
        return self.make(number, ((x, lambda: self.polynomial(coefficients, x, order + 1)),))

    def slopes(self, x: Value) -> dict[Value, Value]:
        """∂x/∂(value) for every value that x was made of."""
        if x not in self._slopes:
            self._slopes[x] = self._walk_back(x)
        return self._slopes[x]

    @contextmanager
    def passing(self):
        """Within it, values are made that nobody will ask for again: their slopes are forgotten."""
        start = next(self._order)
        try:
            yield
        finally:
            for value in [value for value in self._slopes if value.order > start]:
                del self._slopes[value]

    def _walk_back(self, x: Value) -> dict[Value, Value]:
        found = {x: self.one}
        queue = [(-x.order, x)]
        while queue:
            _, value = heapq.heappop(queue)
            arriving = found[value]
            for parent, slope in value.parents:
                if isinstance(slope, Callable):
                    slope = slope()
                share = self.mul(arriving, slope)
                if parent in found:
                    found[parent] = self.add(found[parent], share)
                else:
                    found[parent] = share
                    heapq.heappush(queue, (-parent.order, parent))
        return found
