"""The backward pass of numpy against every other road to the gradient, on random networks."""

import inspect

import autograd_road
import numpy as np
import pytest

from bpderiv import network as module
from bpderiv.checks.comparison import TOLERANCE, compare
from bpderiv.checks.gradients import (
    COMPOSED_DEPTH,
    GRADIENT_ROADS,
    compare_gradients,
    composed_gradient,
    recursion,
)
from bpderiv.checks.point import random_point
from bpderiv.network import Network

#: Networks for the fast roads, the first of them for the slow ones too: 10 and 2 of each depth.
FAST, SLOW = range(60), range(12)
NAMES = ["logistic", "tanh", "linear", "relu"]


def random_network(seed):
    """Depth 1 to 6, neighbours of unequal width, mixed φ, with and without bias, three rows."""
    rng = np.random.default_rng([seed, 7])
    depth, bias = 1 + seed % 6, bool(seed // 6 % 2)
    sizes = [int(rng.integers(1, 6))]
    while len(sizes) <= depth:
        sizes.append(int(rng.choice([n for n in range(1, 6) if n != sizes[-1]])))
    names = [str(name) for name in rng.choice(NAMES, depth)]
    network = Network.random(sizes, names, seed=seed, bias=bias, scale=float(rng.uniform(0.3, 1)))
    return network, rng.standard_normal((3, sizes[0])), rng.standard_normal((3, sizes[-1]))


def autograd(network, x, d):
    """∂E/∂W[l] by HIPS autograd, through a forward pass that is not bpderiv's."""
    names = [str(phi) for phi in network.phi[1:]]
    return [None, *autograd_road.gradient(network.W[1:], names, x, d, network.bias)]


RECURSION, COMPOSED, COMPLEX, CENTRAL = GRADIENT_ROADS
AUTOGRAD = {"autograd": (autograd, TOLERANCE)}
EXACT = {n: road for n, road in GRADIENT_ROADS.items() if n != CENTRAL} | AUTOGRAD
QUICK = {COMPLEX: GRADIENT_ROADS[COMPLEX]} | AUTOGRAD


def expected(roads, depth):
    """How many comparisons there must be."""
    return depth * sum(name != COMPOSED or depth <= COMPOSED_DEPTH for name in roads)


# --- the networks ---------------------------------------------------------------------------------


def test_the_networks_are_a_good_sample():
    """All depths, biases and activations occur, widths differ, and most networks are alive."""
    assert len(FAST) >= 40 and len(SLOW) >= 12 and set(SLOW) <= set(FAST)
    for seeds, each in ((FAST, 4), (SLOW, 1)):
        networks = [random_network(seed) for seed in seeds]
        kinds = [(len(n.sizes) - 1, n.bias) for n, _, _ in networks]
        assert min(kinds.count((d, b)) for d in range(1, 7) for b in (False, True)) >= each
        assert {str(phi) for n, _, _ in networks for phi in n.phi[1:]} == set(NAMES)
        for network, x, _ in networks:
            assert all(a != b for a, b in zip(network.sizes, network.sizes[1:], strict=False))
            assert len(x) == 3 and max(np.abs(w).max() for w in network.W[1:]) < 4
    alive = [np.abs(n.backward(x, d).W[1]).max() > 0 for n, x, d in map(random_network, FAST)]
    assert sum(alive) >= 45  # of 60; in the others a layer of ReLUs is off in all rows


# --- backward against the others ------------------------------------------------------------------


def exactly_equal(seed, roads) -> int:
    """How many comparisons were made; none may be missing or above 1e-13."""
    network, x, d = random_network(seed)
    report = compare_gradients(network, x, d, roads)
    assert report.agree, repr(report)
    assert max(c.relative for c in report.comparisons) <= 1e-13, "no help from allowed noise"
    assert len(report.comparisons) == expected(roads, len(network.W) - 1)
    assert {c.tolerance for c in report.comparisons} == {1e-13}
    return len(report.comparisons)


@pytest.mark.parametrize("seed", FAST)
def test_backward_complex_step_and_autograd(seed, count):
    """Fast roads, 60 networks. Measured: complex step 4.5e-15, autograd 3e-15."""
    count("comparisons", exactly_equal(seed, QUICK))


@pytest.mark.parametrize("seed", SLOW)
def test_backward_and_all_exact_roads(seed, count):
    """sympy's roads too, 12 networks. Measured: recursion 4e-15, composed 5e-16."""
    count("comparisons", exactly_equal(seed, EXACT))


@pytest.mark.parametrize("seed", FAST)
def test_backward_and_central_differences(seed, count):
    """The error is about ε E / h, however small the gradient is. Measured: 2.6e-9."""
    network, x, d = random_network(seed)
    central = GRADIENT_ROADS[CENTRAL][0](network, x, d)
    for left, right in zip(network.backward(x, d).W[1:], central[1:], strict=True):
        assert np.abs(left - right).max() <= 1e-8 * max(1, network.error(x, d), np.abs(left).max())
    count("comparisons", len(central) - 1)


@pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
def test_the_default_report(bias, count):
    """Without a choice of roads, all four are taken, with their tolerances, each for each layer."""
    point = random_point((2, 4, 3), ("tanh", "logistic"), 3, bias=bias)
    report = compare_gradients(point.network, point.x, point.d)
    assert report.agree, repr(report)
    assert [(c.what, c.right, c.tolerance) for c in report.comparisons] == [
        (f"∂E/∂W[{l}]", name, 1e-7 if name == CENTRAL else 1e-13)
        for name in GRADIENT_ROADS
        for l in (1, 2)
    ]
    assert {c.left for c in report.comparisons} == {"numpy, backward pass"}
    assert [c.size for c in report.comparisons] == [4 * (2 + bias), 3 * (4 + bias)] * 4
    count("comparisons", len(report.comparisons))


@pytest.mark.parametrize("seed", SLOW)
def test_delta_of_the_recursion(seed, count):
    """δ of every layer, not only what follows from it."""
    network, x, d = random_network(seed)
    pairs = zip(network.backward(x, d).delta[1:], recursion(network, x, d)[0][1:], strict=True)
    found = [compare("δ", ("", a), ("", b)) for a, b in pairs]
    assert found and all(c.agree for c in found), repr(found)
    count("comparisons", len(found))


def test_the_composed_road_ends_at_depth_3():
    """Deeper, E is not written out as a whole, and the report does not claim that it was."""
    assert COMPOSED_DEPTH == 3
    for depth in (3, 4):
        point = random_point((2, 1, 2, 1, 2)[: depth + 1], "tanh", 1)
        roads = {name: GRADIENT_ROADS[name] for name in (RECURSION, COMPOSED)}
        report = compare_gradients(point.network, point.x, point.d, roads)
        assert ("composed" in repr(report)) == ("composed" in report._repr_html_()) == (depth == 3)
        assert len(report.comparisons) == (6 if depth == 3 else 4)
        assert report.verdict.startswith(f"{len(report.comparisons)} of {len(report.comparisons)}")


# --- nothing flows --------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
def test_dead_relu(bias, count):
    """All hidden neurons are off in all rows: what is zero is exactly zero by every road."""
    hidden, last = -np.ones((4, 2 + bias)), np.full((3, 4 + bias), 0.7)
    network = Network([hidden, last], ["relu", "tanh"], bias=bias)
    x, d = np.array([[1.0, 2.0], [0.5, 0.1], [3.0, 1.0]]), np.full((3, 3), 0.9)
    assert not network.forward(x).y[1].any() and network.error(x, d) > 0
    report = compare_gradients(network, x, d, GRADIENT_ROADS | AUTOGRAD)
    assert report.agree and len(report.comparisons) == 10
    for c in report.comparisons:
        zero = c.what == "∂E/∂W[1]" or not bias
        assert ("are both exactly zero" in repr(c)) == zero
    slopes = network.backward(x, d).W
    assert not slopes[1].any() and not slopes[2][:, bias:].any()
    if bias:
        assert np.abs(slopes[2][:, 0]).min() > 0.1, "the bias of the output goes on learning"
    count("comparisons", len(report.comparisons))


def test_no_error_no_gradient():
    """d is what the network says: e is 0, and so is every derivative, exactly, backwards."""
    network, x, _ = random_network(9)
    gradients = network.backward(x, network.forward(x).y[-1])
    assert not any(a.any() for a in (*gradients.delta[1:], *gradients.W[1:]))


# --- these comparisons can fail -------------------------------------------------------------------


class Planted(Network):
    """A network whose backward pass is wrong in one entry, by 1e-9 of the largest."""

    def backward(self, x, d):
        gradients = super().backward(x, d)
        gradients.W[2][1, 0] += 1e-9 * np.abs(gradients.W[2]).max()
        return gradients


def test_one_wrong_entry_is_seen():
    """Every exact road sees it, in the right matrix and at the right place, and in no other."""
    point = random_point((2, 4, 3), ("tanh", "logistic"), 3, bias=True)
    network = Planted(point.network.W[1:], point.network.phi[1:], bias=True)
    report = compare_gradients(network, point.x, point.d, EXACT)
    assert not report.agree and len(report.comparisons) == 8
    for c in report.comparisons:
        assert c.agree == (c.what == "∂E/∂W[1]")
        assert c.agree or c.place == (1, 0)


#: Mistakes that one makes in a backward pass: the function, the code, what stands there instead.
MUTANTS = [
    ("backward", "e = d - y[last]", "e = y[last] - d"),
    ("backward", "e * phi[last].phi_prime(v[last])", "e"),
    ("backward", "phi_prime(v[last])", "phi_prime(y[last])"),
    ("backward", "phi[last].phi_prime", "phi[last - 1].phi_prime"),
    ("backward", "arriving * phi[l].phi_prime(v[l])", "arriving"),
    ("backward", "phi_prime(v[l])", "phi_prime(y[l])"),
    ("backward", "phi[l].phi_prime", "phi[l + 1].phi_prime"),
    ("backward", "delta[l + 1] @", "(delta[l + 1] * phi[l + 1].phi_prime(v[l + 1])) @"),
    ("backward", "delta[l + 1] @", "(d - y[last]) @"),
    ("backward", "without_bias(W[l + 1], bias)", "W[l + 1][:, : W[l].shape[0]]"),
    ("backward", "reversed(range(1, last))", "range(1, last)"),
    ("gradient", "-(dl.T", "+(dl.T"),
    ("gradient", "(dl.T @ with_bias(yl, bias))", "(dl.T @ with_bias(yl, bias)) / len(dl)"),
    ("gradient", "with_bias(yl, bias)", "np.hstack([yl, np.ones_like(yl[:, :1])])"),
    ("gradient", "with_bias(yl, bias)", "with_bias(np.roll(yl, 1, axis=0), bias)"),
    ("gradient", "zip(delta[1:], y[:-1]", "zip(delta[1:], [y[0], *y[:1], y[2]]"),
]


@pytest.mark.parametrize(("function", "code", "instead"), MUTANTS)
def test_mistakes_are_seen(function, code, instead, monkeypatch, count):
    """Each mistake is refused by each of the fast roads: none of them shares the backward pass."""
    network = Network.random((3, 2, 3, 2), ["tanh", "logistic", "tanh"], seed=5, bias=True)
    rng = np.random.default_rng(5)
    x, d = rng.standard_normal((3, 3)), rng.standard_normal((3, 2))
    source = inspect.getsource(getattr(module, function))
    assert source.count(code) == 1, "the code has changed: change the mutant too"
    assert compare_gradients(network, x, d, QUICK).agree
    scope = dict(vars(module))
    exec(source.replace(code, instead), scope)
    monkeypatch.setattr(module, function, scope[function])
    try:
        report = compare_gradients(network, x, d, QUICK)
    except (ValueError, TypeError):
        seen = set(QUICK)  # shapes do not fit, or a δ that is not there yet
    else:
        seen = {c.right for c in report.comparisons if not c.agree}
    assert seen == set(QUICK)
    count("mutants")


def test_how_many_mistakes():
    """The table was not emptied."""
    assert len(MUTANTS) >= 16


# --- once wrong ----------------------------------------------------------------------------------


def test_a_right_gradient_is_called_different():
    """The tolerance of central differences must know E: their error is ε E / h, not relative to
    the gradient. About a third of random logistic networks 3-3-3-3-3-3-3 are called DIFFERENT.
    """
    for seed in range(20):
        point = random_point((3,) * 7, "logistic", seed)
        roads = {CENTRAL: GRADIENT_ROADS[CENTRAL]}
        assert compare_gradients(point.network, point.x, point.d, roads).agree


@pytest.mark.parametrize("left_over", [0.0, 1e-6])
def test_a_network_that_has_learned(left_over):
    """e = d − y loses digits when y comes near d, by every road. What is left of ∂E/∂W is right
    to 1e-16 of y, not to 1e-13 of itself; with d = y the complex step says 1e-17, backward 0.
    """
    network, x, _ = random_network(7)
    d = network.forward(x).y[-1] + left_over
    assert compare_gradients(network, x, d, QUICK).agree


def test_a_saturated_neuron():
    """tanh at v = 30: numpy's φ′ is right, the checks' own evaluation has lost its digits."""
    network = Network([[[30.0]]], "tanh")
    roads = {name: GRADIENT_ROADS[name] for name in (RECURSION, COMPOSED)}
    assert compare_gradients(network, np.array([[1.0]]), np.array([[0.0]]), roads).agree


def test_float32():
    """Either a tolerance for float32, or a sentence that says it is not compared."""
    network = Network.random((2, 3), "tanh", seed=1, dtype=np.float32)
    x, d = np.ones((1, 2), np.float32), np.ones((1, 3), np.float32)
    try:
        report = compare_gradients(network, x, d)
    except (ValueError, TypeError):
        return
    assert report.agree


def test_no_roads():
    """No roads, no comparisons; and such a report does not agree."""
    point = random_point((1, 1), "tanh", 1)
    assert compare_gradients(point.network, point.x, point.d, {}).comparisons == ()


def test_composed_gradient_has_the_bias_first():
    """The composed road arranges its matrices like W: receivers × (1 + senders)."""
    point = random_point((2, 1, 3), "tanh", 2, bias=True)
    found = composed_gradient(point.network, point.x, point.d)
    assert found[0] is None and [w.shape for w in found[1:]] == [(1, 3), (3, 2)]
    delta = point.network.backward(point.x, point.d).delta
    assert np.abs(found[2][:, 0] + delta[2][0]).max() < 1e-15
