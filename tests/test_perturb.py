"""Derivatives by wiggling: right where known by hand, sharp enough to see one wrong entry."""

import numpy as np
import pytest

from bpderiv.activations import ACTIVATIONS, Activation
from bpderiv.checks.comparison import CENTRAL_TOLERANCE, TOLERANCE, compare
from bpderiv.checks.perturb import CENTRAL_H, central_difference, complex_step, quantity
from bpderiv.checks.step_size import step_errors
from bpderiv.network import Network

BOTH = pytest.mark.parametrize(
    ("slope", "bound"),
    [(complex_step, 1e-15), (central_difference, 1e-9)],
    ids=["complex step", "central differences"],
)
E = ("E", None)


def small(bias=False, rows=1, seed=4):
    """A 3-4-2 network at a random batch."""
    network = Network.random((3, 4, 2), ["tanh", "logistic"], seed=seed, bias=bias)
    rng = np.random.default_rng(seed)
    return network, rng.standard_normal((rows, 3)), rng.standard_normal((rows, 2))


def wiggled(slope, network, x, d):
    return [slope(network, x, d, E, ("w", l)) for l in range(1, len(network.W))]


# --- known derivatives ----------------------------------------------------------------------------


@BOTH
def test_one_linear_neuron(slope, bound):
    """E = ½ (d − w x)²: ∂E/∂w = −(d − w x) x and so on, all by hand: 1-1, w = 3, x = 2, d = 10."""
    network, x, d = Network([[[3.0]]], "linear"), np.array([[2.0]]), np.array([[10.0]])
    known = {
        (E, ("w", 1)): -8, (E, ("y", 0)): -12, (E, ("e", 1)): 4, (E, ("y", 1)): -4,
        (E, ("v", 1)): -4, (("e", 1), ("y", 1)): -1, (("v", 1), ("w", 1)): 2,
        (("v", 1), ("y", 0)): 3, (("y", 1), ("v", 1)): 1, (("e", 1), ("w", 1)): -2,
    }  # fmt: skip
    for (X, Y), value in known.items():
        assert abs(slope(network, x, d, X, Y).item() - value) <= bound * abs(value)


@BOTH
def test_one_curved_neuron(slope, bound):
    """∂y/∂v of tanh is 1 − tanh², of logistic y (1 − y), here at v = w x = 0.6."""
    x, d = np.array([[2.0]]), np.array([[0.0]])
    for name, known in (
        ("tanh", 1 - np.tanh(0.6) ** 2),
        ("logistic", np.exp(-0.6) / (1 + np.exp(-0.6)) ** 2),
    ):
        network = Network([[[0.3]]], name)
        assert abs(slope(network, x, d, ("y", 1), ("v", 1)).item() - known) <= bound
        assert abs(slope(network, x, d, ("y", 1), ("w", 1)).item() - 2 * known) <= 2 * bound


@BOTH
@pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
def test_axes_are_those_of_X_then_those_of_Y(slope, bound, bias):
    """∂v/∂W has [row, r, b, a] = y_a where r = b; ∂v/∂y is W without its bias; ∂e/∂y is −1."""
    network, x, d = small(bias, rows=2)
    y = network.forward(x).y[1]
    if bias:
        y = np.hstack([np.ones((2, 1)), y])
    by_weights = slope(network, x, d, ("v", 2), ("w", 2))
    assert by_weights.shape == (2, 2, 2, 4 + bias)
    known = np.einsum("rb,na->nrba", np.eye(2), y)
    assert np.abs(by_weights - known).max() <= bound
    by_signals = slope(network, x, d, ("v", 2), ("y", 1))
    assert by_signals.shape == (2, 2, 2, 4)
    known = np.einsum("nm,ba->nbma", np.eye(2), network.W[2][:, bias:])
    assert np.abs(by_signals - known).max() <= bound
    errors = slope(network, x, d, ("e", 2), ("y", 2))
    assert np.abs(errors + np.einsum("nm,rs->nrms", np.eye(2), np.eye(2))).max() <= bound


@BOTH
def test_what_does_not_depend_has_slope_zero(slope, bound):
    """y_1 does not depend on v_2, nor on W_2, nor one example on another: exactly zero."""
    network, x, d = small(rows=2)
    assert not slope(network, x, d, ("y", 1), ("v", 2)).any()
    assert not slope(network, x, d, ("v", 1), ("w", 2)).any()
    across = slope(network, x, d, ("y", 2), ("y", 0))
    assert not across[0, :, 1].any() and not across[1, :, 0].any() and across[0, :, 0].all()


# --- any layer ------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
def test_starts_at_any_layer(slope, bound, bias, count):
    """∂E/∂v of every layer is −δ; ∂E/∂y of a middle layer is −δ W of the next."""
    network = Network.random((3, 4, 2, 3), ["tanh", "logistic", "tanh"], seed=2, bias=bias)
    rng = np.random.default_rng(3)
    x, d = rng.standard_normal((2, 3)), rng.standard_normal((2, 3))
    delta = network.backward(x, d).delta
    found = {("v", l): -delta[l] for l in (1, 2, 3)}
    found |= {("y", l): -delta[l + 1] @ network.W[l + 1][:, bias:] for l in (0, 1, 2)}
    found |= {("y", 3): -(d - network.forward(x).y[3])}
    tolerance = TOLERANCE if slope is complex_step else CENTRAL_TOLERANCE
    for Y, known in found.items():
        comparison = compare(str(Y), ("backward", known), ("w", slope(network, x, d, E, Y)))
        assert comparison.relative <= tolerance
    assert len(found) == 7
    count("comparisons", len(found))


@BOTH
def test_moves_are_made_where_the_network_is(slope, bound):
    """Y is held at its present value: ∂E/∂v_2 is taken at v_2, not at 0; nothing is changed."""
    network, x, d = small()
    before = [w.copy() for w in network.W[1:]]
    y = network.forward(x).y[2]
    known = -(d - y) * y * (1 - y)
    assert np.abs(slope(network, x, d, E, ("v", 2)) - known).max() <= bound
    assert all(np.array_equal(a, b) for a, b in zip(network.W[1:], before, strict=True))


def test_values_of_quantities():
    """The plain values, and what follows from a held one."""
    network, x, d = small()
    signals = network.forward(x)
    assert np.array_equal(quantity(network, x, d, ("v", 1)), signals.v[1])
    assert np.array_equal(quantity(network, x, d, ("y", 0)), x)
    assert np.array_equal(quantity(network, x, d, ("w", 2)), network.W[2])
    assert np.array_equal(quantity(network, x, d, ("e", 2)), d - signals.y[2])
    assert quantity(network, x, d, E) == network.error(x, d)
    assert quantity(network, x, d, E, {("e", 2): np.array([[3.0, 4.0]])}) == 12.5
    assert quantity(network, x, d, E, {("y", 2): d}) == 0
    assert quantity(network, x, d, E, dtype=complex).dtype == complex


@pytest.mark.parametrize("where", [("q", 2), ("vy", 1), ("v", 0), ("e", 1), ("d", 1)])
def test_an_unknown_quantity(where):
    """A name that is no quantity, or not one of this layer, is refused and never taken for E."""
    with pytest.raises(ValueError, match="is not in this network; it has"):
        quantity(*small(), where)


# --- how exact ------------------------------------------------------------------------------------


def test_how_exact_the_two_are():
    """Complex step: rounding only. Central differences: about half of the digits, no better."""
    exact, half = [], []
    for seed in range(12):
        network, x, d = small(bias=bool(seed % 2), rows=2, seed=seed)
        backward = network.backward(x, d).W[1:]
        for slope, found in ((complex_step, exact), (central_difference, half)):
            for known, by_slope in zip(backward, wiggled(slope, network, x, d), strict=True):
                found.append(compare("", ("", known), ("", by_slope)).relative)
    assert len(exact) == len(half) == 24
    assert max(exact) <= 5e-15  # measured: 1.2e-15
    assert 1e-12 < np.median(half) < 1e-9 and max(half) <= 1e-8  # measured: 1.6e-10, 1.3e-9


def test_the_step_of_central_differences_is_near_the_best():
    """A hundred times larger or smaller h is worse: the comment on CENTRAL_H is true."""
    network, x, d = small()
    known = network.backward(x, d).W[1]

    def worst(h):
        found = central_difference(network, x, d, E, ("w", 1), h=h)
        return compare("", ("", known), ("", found)).relative

    assert worst(CENTRAL_H) < worst(100 * CENTRAL_H) / 100
    assert worst(CENTRAL_H) < worst(CENTRAL_H / 100) / 10


@pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
def test_one_wrong_entry_is_seen(bias):
    """1e-9 of the largest entry, planted in ONE entry of the gradient, each in its turn.

    The complex step sees it and says where. Central differences do not, at the tolerance that
    they need: this is why the complex step is there.
    """
    network, x, d = small(bias, rows=2)
    right = network.backward(x, d).W[1:]
    by_complex = wiggled(complex_step, network, x, d)
    by_central = wiggled(central_difference, network, x, d)
    planted = 0
    for l, slope in enumerate(right):
        for place in np.ndindex(slope.shape):
            wrong = slope.copy()
            wrong[place] += 1e-9 * np.abs(slope).max()
            seen = compare("", ("backward", wrong), ("complex step", by_complex[l]), TOLERANCE)
            assert not seen.agree and seen.place == place
            assert abs(seen.relative / 1e-9 - 1) < 1e-5
            assert compare("", ("b", wrong), ("c", by_central[l]), CENTRAL_TOLERANCE).agree
            planted += 1
        assert compare("", ("backward", slope), ("complex step", by_complex[l]), TOLERANCE).agree
    assert planted == (26 if bias else 20)


def test_a_wrong_derivative_of_phi_is_seen():
    """The forward pass alone decides: a φ′ that is 1e-9 off parts backward and complex step."""
    good = ACTIVATIONS["tanh"]
    off = Activation("off", good.phi, lambda v: good.phi_prime(v) * (1 + 1e-9), good.formula)
    network, x, d = small()
    wrong = Network(network.W[1:], [off, "logistic"])
    found = compare(
        "", ("", wrong.backward(x, d).W[1]), ("", wiggled(complex_step, wrong, x, d)[0])
    )
    assert 0.9e-9 < found.relative < 1.1e-9 and not found.agree


# --- step sizes -----------------------------------------------------------------------------------


def test_the_error_of_each_formula_is_the_one_known_by_hand():
    """E = ½ (10 − 2w)² at w = 3: slope −8, second derivative 4, no third one."""
    network, x, d = Network([[[3.0]]], "linear"), [[2.0]], [[10.0]]
    found = step_errors(network, x, d, [1.0, 0.25])
    assert found["forward difference"] == pytest.approx([2 / 8, 0.5 / 8])  # h/2 · 4, over 8
    assert found["central difference"] == pytest.approx([0, 0], abs=1e-15)
    assert found["complex step"] == pytest.approx([0, 0], abs=1e-15)


@pytest.mark.parametrize("bias", [False, True])
def test_errors_fall_as_h_and_as_h_squared_and_then_rounding_takes_over(bias):
    network, x, d = small(bias, rows=5)
    at = 10.0 ** -np.arange(2, 17)
    found = step_errors(network, x, d, at)
    fall = {name: np.log10(values[0] / values[1]) for name, values in found.items()}
    for name, order in zip(found, (1, 2, 2), strict=True):
        assert fall[name] == pytest.approx(order, abs=0.1), name
    lowest = {name: at[values.argmin()] for name, values in found.items()}
    eps = np.finfo(float).eps
    assert eps ** (1 / 2) / 10 < lowest["forward difference"] < 10 * eps ** (1 / 2)
    assert eps ** (1 / 3) / 10 < lowest["central difference"] < 10 * eps ** (1 / 3)
    assert found["central difference"][-1] > 1e-3 and found["complex step"][6:].max() < 1e-14
    assert found["central difference"].min() < 1e-8 < found["forward difference"].min() * 10


def test_the_weights_are_left_as_they_were():
    network, x, d = small()
    before = [w.copy() for w in network.W[1:]]
    step_errors(network, x, d, [0.1])
    assert all(map(np.array_equal, before, network.W[1:]))
