"""The normal form of sums: equal expressions become equal, and never an unequal one."""

from zlib import crc32

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import KroneckerDelta, Sum

from bpderiv.sums import normal
from bpderiv.symbols import Family, index_symbol, phi, size_symbol

a, b, r, s, t = (index_symbol(x) for x in "abrst")
m, z = size_symbol("m"), size_symbol("z")
e, x, w = Family("e", "k"), Family("x", "k"), Family("w", "k", "j")
y = Family("y", "j")


def test_collapse_uses_up_the_bound_letter():
    assert normal(Sum(e[r] * KroneckerDelta(r, b), (r, 1, m))) == e[b]


def test_collapse_goes_through_two_sums():
    inner = Sum(w[r, s] * KroneckerDelta(s, a), (s, 1, z))
    assert normal(Sum(inner * KroneckerDelta(b, r), (r, 1, m))) == w[b, a]


def test_a_letter_of_a_sum_means_nothing_outside():
    assert normal(Sum(e[r], (r, 1, m)) - Sum(e[s], (s, 1, m))) == 0


def test_order_of_sums_over_one_size_does_not_matter():
    left = Sum(Sum(e[r] * x[s] * phi(sympy.Symbol("k"), 0, e[r] * x[s]), (r, 1, m)), (s, 1, m))
    right = Sum(Sum(x[t] * e[a] * phi(sympy.Symbol("k"), 0, x[t] * e[a]), (t, 1, m)), (a, 1, m))
    assert normal(left - right) == 0


def test_a_product_of_sums_does_not_mix_their_letters():
    """(Σ e_r)(Σ x_r) is a double sum, not Σ e_r x_r."""
    product = Sum(e[r], (r, 1, m)) * Sum(x[r], (r, 1, m))
    assert normal(product - Sum(e[r] * x[r], (r, 1, m))) != 0
    assert normal(product - Sum(Sum(e[r] * x[s], (r, 1, m)), (s, 1, m))) == 0


def test_a_square_of_a_sum_is_a_double_sum():
    square = Sum(e[r], (r, 1, m)) ** 2
    assert normal(square - Sum(Sum(e[r] * e[s], (r, 1, m)), (s, 1, m))) == 0
    assert normal(square - Sum(e[r] ** 2, (r, 1, m))) != 0


def test_a_sum_of_ones_counts():
    assert normal(Sum(e[b], (r, 1, m))) == m * e[b]


def test_two_free_letters_are_told_apart():
    assert normal(e[r] * KroneckerDelta(r, s) - e[s] * KroneckerDelta(r, s)) == 0
    assert normal(e[r] - e[s]) != 0
    assert normal(KroneckerDelta(r, s)) != 1


def test_arguments_of_phi_are_compared_too():
    k = sympy.Symbol("k")
    left = phi(k, 1, Sum(w[b, r] * y[r], (r, 1, z)))
    right = phi(k, 1, Sum(y[s] * w[b, s], (s, 1, z)))
    assert normal(left - right) == 0
    assert normal(left - phi(k, 1, Sum(y[s] * w[s, b], (s, 1, z)))) != 0
    assert normal(left - phi(k, 0, Sum(y[s] * w[b, s], (s, 1, z)))) != 0


def test_an_inner_sum_may_use_the_outer_letters_neighbourhood():
    """Σ_r e_r φ(Σ_s e_s x_r): inner and outer run over one size and must not be confused."""
    k = sympy.Symbol("k")
    expression = Sum(e[r] * phi(k, 0, Sum(e[s] * x[r], (s, 1, m))), (r, 1, m))
    wrong = Sum(e[r] * phi(k, 0, Sum(e[s] * x[s], (s, 1, m))), (r, 1, m))
    assert normal(expression - wrong) != 0
    assert normal(normal(expression) - expression) == 0


def test_the_bias_index_is_no_neuron():
    assert KroneckerDelta(0, r) == 0


FACTORS = [e[r], e[s], e[b], x[r], x[s], KroneckerDelta(r, s), KroneckerDelta(r, b), 2, -1]


@st.composite
def expressions(draw):
    """Sums of products of components, under one or two Σ over the same size."""
    terms = draw(
        st.lists(st.lists(st.sampled_from(FACTORS), min_size=1, max_size=4), min_size=1, max_size=3)
    )
    body = sympy.Add(*(sympy.Mul(*factors) for factors in terms))
    for letter in draw(st.permutations([r, s])):
        body = Sum(body, (letter, 1, m)) * draw(st.sampled_from([1, e[b], e[r]]))
    return body


def number(expression, free):
    """The expression at size 3, all sums written out, components made into numbers."""
    fixed = expression.subs({m: sympy.Integer(3), **free}).doit()  # subs spares bound letters
    values = {c: sympy.Integer(crc32(str(c).encode()) % 97 + 1) for c in fixed.atoms(sympy.Indexed)}
    return fixed.xreplace(values)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(expressions())
def test_the_normal_form_has_the_same_value(expression):
    free = {b: sympy.Integer(2), r: sympy.Integer(1), s: sympy.Integer(3)}
    tidy = normal(expression)
    assert number(tidy, free) == number(expression, free)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(expressions())
def test_the_normal_form_is_normal(expression):
    assert normal(normal(expression)) == normal(expression)


@pytest.mark.parametrize("expression", [sympy.Integer(0), e[b] - e[b], sympy.S.Zero * e[b]])
def test_zero_is_zero(expression):
    assert normal(expression) == 0
