"""The numpy network: its layout, its sums over rows, its bias, its update."""

import inspect
import re

import numpy as np
import pytest

from bpderiv import network as module
from bpderiv.jacobians import TABLE
from bpderiv.network import Network

NAMES = ["tanh", "logistic", "linear", "relu"]


def example(sizes=(3, 4, 2, 5), names=("tanh", "relu", "logistic"), *, seed=10, bias=False, rows=4):
    """A random network with inputs and desired responses; alive (ReLU!), or nothing is tested."""
    network = Network.random(sizes, list(names), seed=seed, bias=bias)
    rng = np.random.default_rng([seed, 2])
    x, d = rng.standard_normal((rows, sizes[0])), rng.standard_normal((rows, sizes[-1]))
    assert min(np.abs(slope).max() for slope in network.backward(x, d).W[1:]) > 1e-2
    return network, x, d


def near(left, right, bound=1e-14):
    """All arrays of two lists agree, relative to their largest entries."""
    pairs = list(zip(left, right, strict=True))
    assert all(a.shape == b.shape for a, b in pairs)
    return all(np.abs(a - b).max() <= bound * max(1e-3, np.abs(a).max()) for a, b in pairs)


# --- layout ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
def test_shapes(bias):
    """One example per row everywhere; W and ∂E/∂W are receivers × senders; layer 0 has no v, δ."""
    network, x, d = example(bias=bias)
    assert network.sizes == (3, 4, 2, 5) and network.dtype == np.float64
    signals, gradients = network.forward(x), network.backward(x, d)
    assert [y.shape for y in signals.y] == [(4, 3), (4, 4), (4, 2), (4, 5)]
    assert [v.shape for v in signals.v[1:]] == [(4, 4), (4, 2), (4, 5)]
    assert [s.shape for s in gradients.delta[1:]] == [(4, 4), (4, 2), (4, 5)]
    matrices = [(4, 3 + bias), (2, 4 + bias), (5, 2 + bias)]
    assert [w.shape for w in network.W[1:]] == matrices
    assert [w.shape for w in gradients.W[1:]] == matrices
    assert signals.v[0] is gradients.delta[0] is gradients.W[0] is network.W[0] is None
    assert np.array_equal(signals.y[0], x)
    assert isinstance(network.error(x, d), float)


@pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
def test_rows_are_the_notes_columns(bias):
    """V = Y Wᵀ is the notes' v = W y, example by example, and Δ W is Wᵀ δ, neuron by neuron."""
    network, x, d = example(bias=bias)
    signals, gradients = network.forward(x), network.backward(x, d)
    for n in range(len(x)):
        column = x[n][:, None]
        columns = [column]
        for w, phi in zip(network.W[1:], network.phi[1:], strict=True):
            if bias:
                column = np.vstack([[[1.0]], column])
            column = phi.phi(w @ column)
            columns.append(column)
        assert near(columns, [y[n][:, None] for y in signals.y])
    for l in (1, 2):
        for n in range(len(x)):
            for j in range(network.sizes[l]):
                arriving = sum(
                    gradients.delta[l + 1][n, k] * network.W[l + 1][k, j + bias]
                    for k in range(network.sizes[l + 1])
                )
                slope = network.phi[l].phi_prime(signals.v[l][n, j : j + 1])[0]
                assert abs(gradients.delta[l][n, j] - arriving * slope) < 1e-15


def test_by_hand():
    """1-1-1, linear, all numbers exact: v, y, e, E, δ and ∂E/∂W as on paper, signs included."""
    network = Network([[[3.0]], [[2.0]]], "linear")
    signals, gradients = network.forward([[0.5]]), network.backward([[0.5]], [[4.0]])
    assert [y.item() for y in signals.y] == [0.5, 1.5, 3.0]
    assert network.error([[0.5]], [[4.0]]) == 0.5
    assert [s.item() for s in gradients.delta[1:]] == [2.0, 1.0]  # δ_k = e φ′, δ_j = δ_k w φ′
    assert [w.item() for w in gradients.W[1:]] == [-1.0, -1.5]  # −δ y
    stepped = network.update([[0.5]], [[4.0]], 0.5)
    assert [w.item() for w in stepped.W[1:]] == [3.5, 2.75]


# --- batches --------------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
def test_E_is_a_sum_over_rows(bias):
    """No mean anywhere: E and ∂E/∂W of a batch are the sums of its rows'; twice the rows, twice."""
    network, x, d = example(bias=bias)
    rows = [(x[n : n + 1], d[n : n + 1]) for n in range(len(x))]
    assert abs(network.error(x, d) - sum(network.error(*row) for row in rows)) < 1e-14
    e = d - network.forward(x).y[-1]
    assert abs(network.error(x, d) - 0.5 * sum(q * q for q in e.flat)) < 1e-14
    whole = network.backward(x, d)
    singles = [network.backward(*row) for row in rows]
    assert near(whole.W[1:], [sum(s.W[l] for s in singles) for l in (1, 2, 3)])
    assert near(whole.delta[1:], [np.vstack([s.delta[l] for s in singles]) for l in (1, 2, 3)])
    twice = np.vstack([x, x]), np.vstack([d, d])
    assert abs(network.error(*twice) / network.error(x, d) - 2) < 1e-15
    assert near(network.backward(*twice).W[1:], [2 * w for w in whole.W[1:]])


# --- bias -----------------------------------------------------------------------------------------


def test_a_bias_is_one_more_input():
    """One layer: the bias is the weight of an input that is 1, written by hand; gradients too."""
    biased, x, d = example((3, 4), ["tanh"], bias=True)
    plain = Network(biased.W[1:], "tanh")
    by_hand = np.hstack([np.ones((4, 1)), x])
    assert near(biased.forward(x).y[1:], plain.forward(by_hand).y[1:])
    assert near(biased.backward(x, d).W[1:], plain.backward(by_hand, d).W[1:])
    assert near(biased.backward(x, d).delta[1:], plain.backward(by_hand, d).delta[1:])


def test_a_bias_is_a_neuron_that_is_always_1():
    """Deeper: a plain network whose neuron 0 hands the 1 on does the same, gradients too."""
    names = ["relu", "linear", "tanh"]  # φ(1) = 1 in the hidden layers
    biased, x, d = example(names=names, bias=True)
    handing_on = [np.eye(1, w.shape[1]) for w in biased.W[1:-1]]
    weights = [np.vstack(pair) for pair in zip(handing_on, biased.W[1:-1], strict=True)]
    plain = Network([*weights, biased.W[-1]], names)
    by_hand = np.hstack([np.ones((4, 1)), x])
    assert plain.sizes == (4, 5, 3, 5)
    found, wanted = plain.forward(by_hand).y, biased.forward(x).y
    assert near([found[1][:, 1:], found[2][:, 1:], found[3]], wanted[1:])
    found, wanted = plain.backward(by_hand, d), biased.backward(x, d)
    assert near([found.W[1][1:], found.W[2][1:], found.W[3]], wanted.W[1:])
    assert near([found.delta[1][:, 1:], found.delta[2][:, 1:], found.delta[3]], wanted.delta[1:])
    assert np.abs(found.delta[2][:, 0]).min() > 0, "something arrives there, and is left out"


def test_a_bias_of_zero_is_no_bias():
    """With zeros in the first columns the outputs are those without a bias."""
    plain, x, _ = example()
    weights = [np.hstack([np.zeros((len(w), 1)), w]) for w in plain.W[1:]]
    biased = Network(weights, ["tanh", "relu", "logistic"], bias=True)
    assert biased.sizes == plain.sizes
    assert near(biased.forward(x).y, plain.forward(x).y)


# --- update and train -----------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
def test_update_is_w_minus_eta_times_slope(bias):
    """To the last bit, for every weight; the old network stays as it was."""
    network, x, d = example(bias=bias)
    before, slopes = [w.copy() for w in network.W[1:]], network.backward(x, d).W[1:]
    stepped = network.update(x, d, 0.3)
    for old, now, slope, new in zip(before, network.W[1:], slopes, stepped.W[1:], strict=True):
        assert np.array_equal(new, old - 0.3 * slope)
        assert np.array_equal(now, old) and not np.shares_memory(now, new)
        assert np.abs(new - old).max() > 0
    assert stepped.phi == network.phi and stepped.bias == network.bias


def test_update_goes_downhill():
    """The sign: a small step lowers E by η |∂E/∂w|², and a step against it raises E."""
    network, x, d = example()
    squares = sum((slope**2).sum() for slope in network.backward(x, d).W[1:])
    gained = network.error(x, d) - network.update(x, d, 1e-6).error(x, d)
    assert abs(gained / (1e-6 * squares) - 1) < 1e-4


def test_train():
    """steps + 1 errors, the first before and the last after; falling; the same as by hand."""
    network, x, d = example()
    before = [w.copy() for w in network.W[1:]]
    trained, errors = network.train(x, d, 0.02, 25)
    assert errors.shape == (26,) and (np.diff(errors) < 0).all()
    assert errors[0] == network.error(x, d) and errors[-1] == trained.error(x, d)
    assert errors[-1] < 0.9 * errors[0]
    by_hand = network
    for _ in range(25):
        by_hand = by_hand.update(x, d, 0.02)
    assert all(np.array_equal(a, b) for a, b in zip(trained.W[1:], by_hand.W[1:], strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(network.W[1:], before, strict=True))


def test_train_no_steps():
    """No steps: one error, the same weights."""
    network, x, d = example()
    trained, errors = network.train(x, d, 0.1, 0)
    assert errors.tolist() == [network.error(x, d)]
    assert near(trained.W[1:], network.W[1:], 0)


# --- float32, random, repr ------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
@pytest.mark.parametrize("name", NAMES)
def test_float32(name, bias):
    """Nothing in a float32 network is float64, and its gradient is right to about 1e-5."""
    network, x, d = example(names=[name] * 3, bias=bias)
    weights = [w.astype(np.float32) for w in network.W[1:]]
    single = Network(weights, name, bias=bias)
    double = Network([w.astype(float) for w in weights], name, bias=bias)
    x, d = x.astype(np.float32), d.astype(np.float32)
    signals, gradients = single.forward(x), single.backward(x, d)
    stepped = single.train(x, d, 0.1, 2)[0]
    found = [*signals.v, *signals.y, *gradients.delta, *gradients.W, *single.W, *stepped.W]
    assert {a.dtype for a in found if a is not None} == {np.dtype(np.float32)}
    assert single.dtype == np.float32
    exact = double.backward(x.astype(float), d.astype(float)).W
    for a, b in zip(gradients.W[1:], exact[1:], strict=True):
        assert np.abs(a - b).max() <= 1e-5 * np.abs(b).max()


def test_random_is_repeatable():
    """The same seed gives the same weights, another one others; scale and dtype do their work."""
    one, same, other = (Network.random((5, 6, 7), seed=s) for s in (1, 1, 2))
    for l in (1, 2):
        assert np.array_equal(one.W[l], same.W[l])
        assert np.abs(one.W[l] - other.W[l]).max() > 0.1
    wide = Network.random((5, 6, 7), seed=1, scale=3.0)
    assert near(wide.W[1:], [3 * w for w in one.W[1:]])
    half = Network.random((5, 6, 7), seed=1, dtype=np.float32)
    assert half.dtype == np.float32 and np.array_equal(half.W[2], one.W[2].astype(np.float32))
    many = Network.random((100, 100), seed=3).W[1]
    assert abs(many.mean()) < 0.05 and abs(many.std() - 1) < 0.05
    assert Network.random((2, 3), seed=1, bias=True).W[1].shape == (3, 3)


def test_repr():
    """Sizes and activations, in one line."""
    assert repr(example()[0]) == "Network 3-4-2-5 (tanh, relu, logistic)"
    assert repr(example(bias=True)[0]) == "Network 3-4-2-5 (tanh, relu, logistic, with bias)"
    assert repr(Network([[[1.0]]])) == "Network 1-1 (logistic)"


# --- cutting the network --------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
@pytest.mark.parametrize("name", ["v", "y"])
def test_held_cuts_the_network(name, bias):
    """What is held stands in its place; before it nothing changes, after it everything follows."""
    network, x, _ = example(bias=bias)
    v, y = module.forward(network.W, network.phi, x, bias)
    held = np.full((4, 2), 0.25)
    v_cut, y_cut = module.forward(network.W, network.phi, x, bias, {(name, 2): held})
    assert np.array_equal(y_cut[1], y[1]) and np.array_equal(v_cut[1], v[1])
    if name == "v":
        assert np.array_equal(v_cut[2], held)
        assert np.array_equal(y_cut[2], network.phi[2].phi(held))
    else:
        assert np.array_equal(y_cut[2], held)
        assert np.array_equal(v_cut[2], v[2]), "v before a held y is what it was"
    rest = Network(network.W[3:], ["logistic"], bias=bias).forward(y_cut[2])
    assert near([v_cut[3], y_cut[3]], [rest.v[1], rest.y[1]])
    assert np.abs(v_cut[3] - v[3]).max() > 0


def test_held_input_and_held_present_values():
    """("y", 0) stands for the input; holding a value that is there anyway changes nothing."""
    network, x, _ = example()
    v, y = module.forward(network.W, network.phi, x)
    other = module.forward(network.W, network.phi, x + 1, held={("y", 0): x})
    assert near(other[1], y, 0)
    for where in [("v", 1), ("y", 1), ("v", 3), ("y", 3), ("y", 0)]:
        values = {where: (v if where[0] == "v" else y)[where[1]]}
        assert near(module.forward(network.W, network.phi, x, held=values)[1], y, 0)


# --- the code that readers see --------------------------------------------------------------------

_IDS = re.compile(r"#.*(?<![\w.])([123]\.[A-Za-z][\w.]*)")
_BOOKKEEPING = re.compile(
    r"\s*(def .*|return .*|held = held or \{\}|v, y = \[None\], .*"
    r"|delta = \[None\] \* len\(W\)|last = len\(W\) - 1|for l in range\(1, len\(W\)\):)"
)


def lines_of(function):
    """The function's lines of code, without its docstring."""
    before, _docstring, after = inspect.getsource(function).split('"""')
    return [x for x in (before + after).splitlines() if x.strip()]


def without_id(function):
    """Lines that compute and cite nothing."""
    lines = [x for x in lines_of(function) if not _IDS.search(x)]
    return [x for x in lines if not _BOOKKEEPING.fullmatch(x.split("  # noqa")[0])]


@pytest.mark.parametrize("name", ["forward", "backward"])
def test_every_line_that_computes_cites_an_equation(name):
    """A line of the algorithm that stands on nothing: no id of the notes after it."""
    assert without_id(getattr(module, name)) == []


@pytest.mark.parametrize("name", ["gradient", "update", "error"])
def test_every_result_cites_an_equation(name):
    """These consist of one computation, in the last line."""
    assert _IDS.search(lines_of(getattr(module, name))[-1])


def test_backward_fits_on_a_screen():
    """The whole algorithm can be seen at once, docstring included."""
    assert len(inspect.getsource(module.backward).splitlines()) <= 20
    assert len(lines_of(module.backward)) >= 8, "the way these tests read the source"


def test_the_equations_cited_are_the_right_ones():
    """Backward needs the output rule, the hidden rule and the order; nothing unheard of."""
    text = {f: inspect.getsource(getattr(module, f)) for f in ("forward", "backward", "gradient")}
    cited = {f: set(_IDS.findall(t)) for f, t in text.items()}
    assert cited["backward"] == {"2.I.ii", "3.output", "3.hidden", "3.order"}
    assert {"2.I.iii", "2.I.iv"} <= cited["forward"] and cited["gradient"] == {"2.I.sum"}
    known = {id_ for _X, _Y, id_ in TABLE}
    assert {"2.I.ii", "2.I.iii", "2.I.sum", "3.hidden"} <= known


def test_the_reading_of_the_source_sees_a_bare_line():
    """The two tests above can fail: a function with a line that cites nothing."""
    assert without_id(_bare) == ["    e = d - y  # the error", "    g = e * y"]


def _bare(d, y):
    """Not the network's."""
    last = len(W) - 1  # noqa: F821, F841
    e = d - y  # the error
    g = e * y
    h = g * y  # 2.I.iv  because
    return h
