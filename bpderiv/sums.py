"""Sums over layers of any width: one normal form, so that equal expressions become equal.

An expression becomes a sum of terms  number · Σ_r Σ_s … product,  and each term is tidied:

- *collapse*: Σ_r f(r) [r = b] is f(b), because [r = b] is 1 at one place and 0 elsewhere;
- *rename*: the letter of a sum means nothing outside it, so all get the same letters.

Sizes stay symbols: nothing here ever needs to know how wide a layer is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, permutations

import sympy
from sympy import KroneckerDelta

from bpderiv.symbols import Component, Sum, index_symbol, phi

_counter = count()


@dataclass(frozen=True)
class Term:
    """number · Σ over `bounds` of the product of `factors`; a bound is (letter, size)."""

    number: sympy.Expr
    factors: tuple[sympy.Expr, ...]
    bounds: tuple[tuple[sympy.Symbol, sympy.Expr], ...] = ()


def normal(expression: sympy.Expr, depth: int = 0) -> sympy.Expr:
    """The normal form. Two expressions whose difference has normal form 0 are equal.

    (The converse is not promised: a difference that does not vanish here is "not proved".)
    """
    return sympy.Add(*(_rebuild(collapse(term), depth) for term in terms(expression)))


def terms(expression: sympy.Expr) -> list[Term]:
    """Multiply everything out; every Σ gets a letter of its own."""
    if expression.is_Add:
        return [term for part in expression.args for term in terms(part)]
    if expression.is_Mul:
        product = [Term(sympy.S.One, ())]
        for factor in expression.args:
            product = [_times(left, right) for left in product for right in terms(factor)]
        return product
    if expression.is_Pow and expression.exp.is_Integer and expression.exp > 1:
        return terms(sympy.Mul(*[expression.base] * int(expression.exp), evaluate=False))
    if isinstance(expression, sympy.Sum):
        return _open(expression)
    if expression.is_Number:
        return [Term(expression, ())] if expression else []
    return [Term(sympy.S.One, (expression,))]


def _times(left: Term, right: Term) -> Term:
    return Term(
        left.number * right.number, left.factors + right.factors, left.bounds + right.bounds
    )


def _open(sum_: sympy.Sum) -> list[Term]:
    """The terms under a Σ, its letters replaced by fresh ones."""
    body, bounds = sum_.function, []
    for letter, low, high in sum_.limits:
        if low != 1:
            raise ValueError(f"a sum over a layer runs from 1, not from {low}: {sum_}")
        fresh = index_symbol(f"_{next(_counter)}")
        body = body.xreplace({letter: fresh})
        bounds.append((fresh, high))
    return [Term(t.number, t.factors, t.bounds + tuple(bounds)) for t in terms(body)]


def collapse(term: Term) -> Term:
    """Use up every [r = s]: a bound r is replaced by s; of two free ones the first is kept."""
    number, factors, bounds = term.number, list(term.factors), dict(term.bounds)
    kept = []
    while delta := next((f for f in factors if isinstance(f, KroneckerDelta)), None):
        factors.remove(delta)
        old, new = delta.args if delta.args[0] in bounds else reversed(delta.args)
        if old in bounds:
            del bounds[old]
        else:
            new, old = sorted(delta.args, key=str)
            kept.append(delta)
        factors = [f.xreplace({old: new}) for f in factors]
        if any(f.is_zero for f in factors):
            return Term(sympy.S.Zero, ())
    return Term(number, (*factors, *kept), tuple(bounds.items()))


def _rebuild(term: Term, depth: int) -> sympy.Expr:
    """The term as sympy writes it, with the first of all possible namings of its letters."""
    if not term.number:
        return sympy.S.Zero
    factors = [_inside(f, depth) for f in term.factors]
    used = set().union(*(f.free_symbols for f in factors)) if factors else set()
    factors += [size for letter, size in term.bounds if letter not in used]  # Σ_r 1 = m
    bounds = [b for b in term.bounds if b[0] in used]
    named = (_named(factors, order, depth) for order in _orders(bounds))
    product, limits = min(named, key=lambda x: _Spelled(x[0]))
    return term.number * (Sum(product, *limits) if limits else product)


class _Spelled:
    """An expression, ordered as it is spelled; spelled only if there is another to compare with."""

    def __init__(self, of):
        self.of = of

    def __lt__(self, other):
        return str(self.of) < str(other.of)


def _orders(bounds):
    """Orders of the letters; only letters over the same size can change places."""
    by_size = sorted(bounds, key=lambda bound: str(bound[1]))
    for order in permutations(by_size):
        if [b[1] for b in order] == [b[1] for b in by_size]:
            yield order


def _named(factors, order, depth):
    names, limits = {}, []
    for place, (letter, size) in enumerate(order):
        names[letter] = index_symbol(f"_{depth}_{place}")
        limits.append((names[letter], 1, size))
    return sympy.Mul(*(f.xreplace(names) for f in factors)), limits


def _inside(factor: sympy.Expr, depth: int) -> sympy.Expr:
    """A factor with what is inside it (the argument of φ) in normal form."""
    if isinstance(factor, (Component, KroneckerDelta)) or not factor.args:
        return factor
    if isinstance(factor, phi):
        return phi(*factor.args[:2], normal(factor.args[2], depth + 1))
    return factor.func(*(normal(part, depth + 1) for part in factor.args))


def with_letters(expression: sympy.Expr, letters: dict, taken: set) -> sympy.Expr:
    """Give the sums of a normal form letters for reading.

    `letters` maps a size to the neuron's letter of its layer; a letter that is taken (free in
    the expression, or used by an outer sum) gives way to r, s, t, …, and then to b′, r′, …
    """
    if isinstance(expression, sympy.Sum):
        names, body = {}, expression.function
        for letter, _low, size in expression.limits:
            choice = [letters.get(size, "r"), *"rstuq"]
            used = taken | set(map(str, names.values()))
            names[letter] = index_symbol(next(spare_letters(choice, used)))
        limits = [(names[x], low, high) for x, low, high in expression.limits]
        inner = with_letters(body.xreplace(names), letters, taken | set(map(str, names.values())))
        return Sum(inner, *limits)
    if not expression.args or not expression.has(sympy.Sum):
        return expression
    return expression.func(*(with_letters(a, letters, taken) for a in expression.args))


def spare_letters(choice: Iterable[str], taken: set) -> Iterator[str]:
    """Those that are not taken, then all with a prime, with two, …: without end."""
    primed = (letter + "′" * primes for primes in count() for letter in choice)
    return (letter for letter in primed if letter not in taken)


def gathered(expression: sympy.Expr) -> sympy.Expr:
    """The same expression, shorter to read: sums over the same letters joined, common factors
    taken out. For display only.
    """
    joined: dict = {}
    for part in sympy.Add.make_args(expression):
        number, rest = part.as_coeff_Mul()
        is_sum = isinstance(rest, sympy.Sum)
        limits, body = (rest.limits, rest.function) if is_sum else ((), rest)
        joined[limits] = joined.get(limits, 0) + number * body
    parts = []
    for limits, body in joined.items():
        number, short = sympy.factor_terms(body, sign=True).as_coeff_Mul()
        parts.append(number * (Sum(short, *limits) if limits else short))
    return sympy.Add(*parts)
