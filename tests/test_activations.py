"""φ and φ′ of numpy against sympy's formula and sympy's derivative."""

import mpmath
import numpy as np
import pytest
import sympy

from bpderiv.activations import ACTIVATIONS, Activation, activation
from bpderiv.checks.evaluate import evaluate_formula
from bpderiv.network import Network

#: Largest relative error allowed. Measured: 2.3e-16 (φ), 4.4e-16 (φ′).
BOUND = 1e-15
#: Where sympy's 30 digits are enough for 16 correct ones, even in 1 − tanh²(v).
MODERATE = 15

NAMES = ["logistic", "tanh", "linear", "relu"]


def both_signs(values):
    return np.concatenate([values, np.negative(values)])


def points(largest):
    """±1e-300 … ±largest: chosen ones, evenly spread ones, and all orders of magnitude."""
    rng = np.random.default_rng(1)
    chosen = [1e-300, 1e-20, 1e-8, 1e-3, 0.1, 0.3, 0.5, 0.7, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30]
    spread = [*rng.uniform(0, largest, 60), *10 ** rng.uniform(-6, np.log10(largest), 60)]
    return both_signs([v for v in chosen if v <= largest] + spread)


def exact(formula, order, points):
    """sympy's derivative with 400 digits: 1 − tanh²(v) has some left at v = 300 too."""
    v = sympy.Symbol("v", real=True)
    function = sympy.lambdify(v, sympy.diff(formula(v), v, order), "mpmath")
    with mpmath.workdps(400):
        return np.array([float(function(mpmath.mpf(float(x)))) for x in points])


def relative_error(found, true):
    """Largest relative error, where the true value is 0: 0 or infinite."""
    error = np.abs(found - true)
    return np.divide(error, np.abs(true), out=np.where(error > 0, np.inf, 0), where=true != 0).max()


def numpy_value(function, order, points):
    return function.phi_prime(points) if order else function.phi(points)


def test_no_activation_is_left_out():
    """A new built-in φ must be added here, or nothing compares it."""
    assert list(ACTIVATIONS) == NAMES
    assert len(points(30)) >= 250 and np.abs(points(30)).max() == 30


@pytest.mark.parametrize("order", [0, 1], ids=["phi", "phi_prime"])
@pytest.mark.parametrize("name", NAMES)
def test_numpy_against_sympy(name, order):
    """φ or φ′ for numbers is not sympy's φ or its derivative, somewhere up to ±300."""
    function, v = ACTIVATIONS[name], points(300)
    assert relative_error(numpy_value(function, order, v), exact(function.formula, order, v)) <= (
        BOUND
    )


@pytest.mark.parametrize("order", [0, 1], ids=["phi", "phi_prime"])
@pytest.mark.parametrize("name", NAMES)
def test_numpy_against_the_checks_own_evaluation(name, order):
    """The checks' `evaluate_formula` (30 digits) and numpy differ at a moderate v."""
    function, v = ACTIVATIONS[name], points(MODERATE)
    true = evaluate_formula(function.formula, order, v)
    assert true.shape == v.shape
    assert relative_error(numpy_value(function, order, v), true) <= BOUND


def test_the_checks_evaluation_of_tanh_prime_when_saturated():
    """`evaluate_formula` promises 30 digits; at v = 30 it has 4, beyond v = 35 none (it says 0)."""
    v = both_signs([18.0, 20.0, 30.0, 40.0])
    assert relative_error(evaluate_formula(sympy.tanh, 1, v), exact(sympy.tanh, 1, v)) <= BOUND


def test_the_textbook_formulas_would_fail():
    """The bound is tight enough to tell y (1 − y) and 1 − y² from φ′ computed from v."""
    for name, v, from_y in (
        ("logistic", 10.0, lambda y: y * (1 - y)),
        ("tanh", 5.0, lambda y: 1 - y**2),
    ):
        function, v = ACTIVATIONS[name], np.array([v])
        true = exact(function.formula, 1, v)
        assert relative_error(from_y(function.phi(v)), true) > 10 * BOUND
        assert relative_error(function.phi_prime(v), true) <= BOUND


def test_the_measure_sees_an_error():
    """The measure of this file can fail: one φ′ of 300 is off by 3e-15."""
    v = points(30)
    true = exact(sympy.tanh, 1, v)
    off = true.copy()
    off[17] *= 1 + 3e-15
    assert relative_error(true, true) == 0
    assert relative_error(off, true) > BOUND
    assert relative_error(np.array([1e-300]), np.array([0.0])) == np.inf


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("logistic", 0, 1), ("tanh", -1, 1), ("linear", -800, 800), ("relu", 0, 800)],
)
def test_beyond_overflow(name, low, high):
    """exp(800) overflows: φ and φ′ must stay finite, and no warning may come (-W error)."""
    function, v = ACTIVATIONS[name], np.array([-800.0, 800.0])
    with np.errstate(all="warn", under="ignore"):
        assert function.phi(v).tolist() == [low, high]
        slope = {"linear": [1, 1], "relu": [0, 1]}.get(name, [0, 0])
        assert function.phi_prime(v).tolist() == slope


def test_at_the_largest_numbers():
    """The largest finite v are finite numbers too."""
    v = both_signs([1e308, np.finfo(float).max])
    for name in NAMES:
        with np.errstate(all="raise", under="ignore"):
            assert np.isfinite(ACTIVATIONS[name].phi(v)).all()
            assert np.isfinite(ACTIVATIONS[name].phi_prime(v)).all()


def test_relu_at_zero():
    """At v = 0 ReLU has no derivative; ours is 0, for −0 too, and sympy's choice is the same."""
    relu, zero = ACTIVATIONS["relu"], np.array([0.0, -0.0])
    assert relu.phi(zero).tolist() == [0, 0]
    assert relu.phi_prime(zero).tolist() == [0, 0]
    assert evaluate_formula(relu.formula, 1, zero).tolist() == [0, 0]
    assert relu.phi_prime(np.array([5e-324, -5e-324])).tolist() == [1, 0]


@pytest.mark.parametrize("name", NAMES)
def test_float32_stays_float32(name):
    """A float64 constant inside φ would turn a float32 network into a float64 one."""
    function, v = ACTIVATIONS[name], points(80).astype(np.float32)
    for order in (0, 1):
        found = numpy_value(function, order, v)
        assert found.dtype == np.float32 and found.shape == v.shape
        true = numpy_value(function, order, v.astype(float))
        tiny = np.abs(true) < np.finfo(np.float32).tiny
        assert relative_error(found[~tiny].astype(float), true[~tiny]) <= 5e-7


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_keeps_its_shape_and_is_not_changed(name):
    """φ works entry by entry and returns a new array (linear must not return its argument)."""
    function, v = ACTIVATIONS[name], np.linspace(-2, 2, 12).reshape(3, 4)
    v.flags.writeable = False
    for order in (0, 1):
        found = numpy_value(function, order, v)
        assert found.shape == (3, 4) and not np.shares_memory(found, v)
        assert np.array_equal(found[1], numpy_value(function, order, v[1]))


@pytest.mark.parametrize("name", NAMES)
def test_complex_step(name):
    """φ takes complex v, and its imaginary part after a step of i·h is h φ′(v)."""
    function, h = ACTIVATIONS[name], 1e-30
    v = np.concatenate([points(30), [-800.0, 800.0]])
    moved = function.phi(v + 1j * h)
    assert moved.dtype == complex
    assert relative_error(moved.imag / h, function.phi_prime(v)) <= BOUND
    assert relative_error(moved.real, function.phi(v)) <= BOUND


def test_unknown_name():
    """The message names what was given, all that there is, and the way to one's own."""
    with pytest.raises(ValueError) as caught:
        activation("sigmoid")
    assert str(caught.value) == (
        "unknown activation 'sigmoid': choose logistic, tanh, linear, relu, "
        "or give a bpderiv.activations.Activation of your own"
    )


def test_by_name():
    """Names lead to the functions, and a function shows as its name."""
    for name in NAMES:
        assert activation(name) is ACTIVATIONS[name]
        assert str(activation(name)) == name


def test_a_function_of_ones_own():
    """The user's φ passes through untouched, and a network uses it, φ′ included."""
    cube = Activation("cube", lambda v: v**3, lambda v: 3 * v**2, lambda v: v**3)
    assert activation(cube) is cube
    network = Network([[[2.0]], [[0.5]]], [cube, "linear"])
    signals = network.forward([[1.5]])
    assert [y[0, 0] for y in signals.y] == [1.5, 27, 13.5]
    gradient = network.backward([[1.5]], [[13.0]]).W
    assert gradient[2][0, 0] == 0.5 * 27  # (y − d) y_j
    assert gradient[1][0, 0] == 0.5 * 0.5 * 3 * 3**2 * 1.5
    assert repr(network) == "Network 1-1-1 (cube, linear)"
