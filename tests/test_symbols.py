"""The notes' symbols in sympy: derivatives of φ, names, and how things are printed."""

import pytest
import sympy
from sympy import Derivative, KroneckerDelta, Sum

from bpderiv.printing import latex, plain
from bpderiv.symbols import Family, Named, by_name, by_value, component_latex, index_symbol, phi

k, j = sympy.symbols("k j")
b, a, r = (index_symbol(x) for x in "bar")
v, y, e, w = Family("v", "k"), Family("y", "j"), Family("e", "k"), Family("w", "k", "j")
m = sympy.Symbol("m", integer=True, positive=True)


def test_the_derivative_of_phi_is_phi_prime_and_so_on():
    x = sympy.Symbol("x")
    assert phi(k, 0, x).diff(x) == phi(k, 1, x)
    assert phi(k, 1, x).diff(x) == phi(k, 2, x)
    assert phi(k, 0, 3 * x).diff(x) == 3 * phi(k, 1, 3 * x)
    assert phi(k, 0, x) != phi(j, 0, x)


def test_a_named_value_is_its_value_to_sympy_and_its_name_to_a_reader():
    x = sympy.Symbol("x")
    named = Named(v[b], x**2)
    assert named.diff(x) == 2 * x
    assert by_name(named) == v[b] and by_value(named) == x**2
    outer = Named(y[a], phi(k, 0, named))
    assert by_name(outer.diff(x)) == 2 * x * phi(k, 1, v[b])
    assert by_value(outer) == phi(k, 0, x**2)
    assert str(outer) == "y_j[a]"


def test_families_know_their_name_and_layers():
    assert (w.quantity, w.layers) == ("w", ("k", "j"))
    assert (v.quantity, v.layers) == ("v", ("k",))
    assert Family("E").layers == ()


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (e[b], "e_{k,b}"),
        (w[b, a], "w_{ba}^{k,j}"),
        (w[b, 12], "w_{b,12}^{k,j}"),
        (phi(k, 1, v[b]), r"\varphi_k'(v_{k,b})"),
        (phi(k, 2, v[b]), r"\varphi_k''(v_{k,b})"),
        (phi(k, 1, v[b]) ** 2, r"\varphi_k'(v_{k,b})^{2}"),
        (-e[b] * y[a], r"-e_{k,b} \, y_{j,a}"),
        (-2 * e[b], r"-2 \, e_{k,b}"),
        (e[b] / 2, r"\frac{1}{2} \, e_{k,b}"),
        (Family("d", "k")[b] - e[b], "d_{k,b} - e_{k,b}"),
        (-e[b] - y[a], r"-e_{k,b} - y_{j,a}"),
        (e[b] * (y[a] + 1), r"\left(1 + y_{j,a}\right) \, e_{k,b}"),
        (KroneckerDelta(r, b), "[r = b]"),
        (Sum(w[b, a] * y[a], (a, 1, m)), r"\sum_{a=1}^{m} w_{ba}^{k,j} \, y_{j,a}"),
        (-Sum(e[b] * y[a], (b, 1, m)), r"-\left[\sum_{b=1}^{m} e_{k,b}\right] \, y_{j,a}"),
        (Sum(e[b] - y[a], (b, 1, m)), r"\sum_{b=1}^{m} \left(e_{k,b} - y_{j,a}\right)"),
        (y[a] * Sum(e[b], (b, 1, m)), r"\left[\sum_{b=1}^{m} e_{k,b}\right] \, y_{j,a}"),
        (Sum(-e[b], (b, 1, m)) * y[a], r"\left(-\sum_{b=1}^{m} e_{k,b}\right) \, y_{j,a}"),
        (Sum(2 * e[b], (b, 1, m)) / 2, r"\frac{1}{2} \, \left[2 \, \sum_{b=1}^{m} e_{k,b}\right]"),
        (1 / y[a], r"\frac{1}{y_{j,a}}"),
        (
            Sum(w[b, a] * Derivative(y[a], v[b]), (b, 1, m)),
            r"\sum_{b=1}^{m} \frac{\partial y_{j,a}}{\partial v_{k,b}} \, w_{ba}^{k,j}",
        ),
        (-2 * e[b] / y[a] ** 2, r"-\frac{2 \, e_{k,b}}{y_{j,a}^{2}}"),
        (sympy.Integer(0), "0"),
    ],
    ids=lambda x: str(x)[:40],
)
def test_printed_as_the_notes_write_it(expression, text):
    assert latex(expression) == text


def test_component_latex():
    assert component_latex("E") == r"\mathcal{E}"
    assert component_latex("delta", ("j",), ("a",)) == r"\delta_{j,a}"
    assert component_latex("v", ("k",)) == "v_k"
    assert component_latex("W", ("k", "j")) == "W^{k,j}"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (-e[b] * phi(k, 1, v[b]) * y[a], "-e_{k,b} φ_k'(v_{k,b}) y_{j,a}"),
        (KroneckerDelta(r, b) * y[a], "[r = b] y_{j,a}"),
        (-Sum(Family("delta", "k")[b] * w[b, a], (b, 1, m)), "-(Σ_b δ_{k,b} w_{ba}^{k,j})"),
        (2 * (e[b] + y[a]), "2 e_{k,b} + 2 y_{j,a}"),
        (y[a] * (e[b] + 1), "(e_{k,b} + 1) y_{j,a}"),
        (Named(y[a], e[b]), "y_{j,a}"),
        (sympy.Integer(-1), "-1"),
    ],
)
def test_plain_text(expression, text):
    """What a terminal shows: as one types it, in the notes' order."""
    assert plain(expression) == text
