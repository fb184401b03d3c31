"""Training is the update of the notes, step after step, and nothing else."""

import inspect
import time

import numpy as np
import pytest

import bpderiv.training as module
from bpderiv import Network, complex_step
from bpderiv.digits import digits
from bpderiv.training import epoch, epochs

RNG = np.random.default_rng(3)
X, D = RNG.normal(size=(7, 3)), RNG.uniform(size=(7, 2))
KINDS = [("tanh", "logistic", True), ("logistic", "linear", False)]


def network(kinds=("tanh", "logistic"), bias=True):
    return Network.random((3, 4, 2), kinds, seed=5, bias=bias)


def same(one, other) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one.W[1:], other.W[1:], strict=True))


@pytest.mark.parametrize(("hidden", "output", "bias"), KINDS)
@pytest.mark.parametrize("batch", [1, 3, 7, 100])
def test_an_epoch_is_the_updates_of_its_batches(hidden, output, bias, batch):
    """Step by step what `Network.update` does, with the rows in the order given."""
    start = network([hidden, output], bias)
    order = np.random.default_rng(1).permutation(7)
    W = epoch(start, X, D, 0.3, order, batch)
    by_hand = start
    for first in range(0, 7, batch):
        rows = order[first : first + batch]
        by_hand = by_hand.update(X[rows], D[rows], 0.3)
    assert all(np.array_equal(a, b) for a, b in zip(W[1:], by_hand.W[1:], strict=True))


@pytest.mark.parametrize(("hidden", "output", "bias"), KINDS)
@pytest.mark.parametrize("rows", [[2], [0, 4, 5]])
def test_the_change_is_minus_eta_times_the_slope_found_by_nudging(hidden, output, bias, rows):
    """The complex step runs the network forward only: it knows no δ."""
    start = network([hidden, output], bias)
    W = epoch(start, X, D, 0.25, rows, len(rows))
    for l in (1, 2):
        slopes = sum(complex_step(start, X[[n]], D[[n]], ("E", None), ("w", l)) for n in rows)
        slopes = np.asarray(slopes).reshape(start.W[l].shape)
        assert np.abs((W[l] - start.W[l]) + 0.25 * slopes).max() < 1e-14


def test_nothing_but_the_four_functions_of_the_notebook_touches_the_weights():
    """No line of an epoch computes by itself."""
    lines = inspect.getsource(epoch).split('"""')[2].splitlines()
    lines = [line.strip() for line in lines if "W" in line]
    assert lines == [
        "W, phi, bias = network.W, network.phi, network.bias",
        "v, y = forward(W, phi, x[rows], bias)",
        "delta = backward(W, phi, v, y, d[rows], bias)",
        "W = update(W, gradient(delta, y, bias), eta)",
        "return W",
    ]


def test_every_epoch_shows_every_example_once_in_its_own_order(monkeypatch):
    shown = []
    plain = module.epoch
    monkeypatch.setattr(
        module, "epoch", lambda *args: shown.append(args[4].tolist()) or plain(*args)
    )
    epochs(network(), X, D, 0.1, 3, seed=8)
    assert [sorted(order) for order in shown] == [list(range(7))] * 3
    assert len({tuple(order) for order in shown}) == 3


def test_the_story_begins_with_the_start_and_is_repeatable():
    start = network()
    before = [w.copy() for w in start.W[1:]]
    one, again, other = (epochs(start, X, D, 0.1, 4, seed=s, batch=2) for s in (1, 1, 2))
    assert len(one) == 5 and one[0] is start
    assert all(np.array_equal(a, b) for a, b in zip(start.W[1:], before, strict=True))
    assert all(same(a, b) for a, b in zip(one, again, strict=True))
    assert not same(one[-1], other[-1])
    assert (one[-1].phi, one[-1].bias) == (start.phi, start.bias)
    assert epochs(start, X, D, 0.1, 0, seed=1) == [start]


def test_one_batch_of_all_is_train():
    """Up to the order in which floating point adds."""
    story = epochs(network(), X, D, 0.1, 6, seed=1, batch=7)
    trained, _ = network().train(X, D, 0.1, 6)
    for a, b in zip(story[-1].W[1:], trained.W[1:], strict=True):
        assert np.abs(a - b).max() < 1e-13


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"eta": 0}, ValueError, "eta"),
        ({"count": -1}, ValueError, "count"),
        ({"batch": 0}, ValueError, "batch"),
        ({"d": D[:3]}, ValueError, "one d for each x"),
        ({"x": X[:, :2]}, ValueError, "x has shape"),
    ],
)
def test_what_makes_no_sense_is_refused(change, kind, message):
    arguments = {"x": X, "d": D, "eta": 0.1, "count": 2, "seed": 1, **change}
    with pytest.raises(kind, match=message):
        epochs(network(), **arguments)


def test_an_eta_that_blows_up_is_named():
    start = network(["linear", "linear"])
    with pytest.raises(ValueError, match="eta = 50.0 is too large: in epoch 1 a weight"):
        epochs(start, np.tile(X, (60, 1)), np.tile(D, (60, 1)), 50.0, 1, seed=1)


# --- the digits -----------------------------------------------------------------------------------


def encoded(part):
    d = np.zeros((len(part), 10))
    d[np.arange(len(part)), part.digit] = 1.0
    return part.pixels / 16, d


@pytest.fixture(scope="module")
def learned():
    """Notebook 07's training, and the same from weights that differ in their ninth digit."""
    x, d = encoded(digits()[0])
    start = Network.random((64, 20, 10), seed=1, bias=True, scale=0.1)
    began = time.perf_counter()
    story = epochs(start, x, d, 0.5, 20, seed=1)
    seconds = time.perf_counter() - began
    noise = np.random.default_rng(2)
    W = [w * (1 + 1e-9 * noise.standard_normal(w.shape)) for w in start.W[1:]]
    moved = epochs(Network(W, bias=True), x, d, 0.5, 20, seed=1)
    return story, moved, seconds


def answers(network, part):
    return network.forward(encoded(part)[0]).y[-1].argmax(axis=1)


def test_digits_to_96_percent_in_20_seconds(learned, say):
    story, _, seconds = learned
    held_out = digits()[1]
    right = (answers(story[-1], held_out) == held_out.digit).mean()
    assert right >= 0.96 and seconds < 20
    say(f"digits: {right:.1%} of {len(held_out)} held-out images right after {seconds:.1f} s")


def test_another_blas_would_give_the_same_answers(learned):
    """Rounding differs from machine to machine by 1e-16; what is stored must not depend on it."""
    story, moved, _ = learned
    for part in digits():
        for n in (1, 2, 5, 10, 20):
            assert np.array_equal(answers(story[n], part), answers(moved[n], part))


X_XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
D_XOR = np.array([[0.0], [1.0], [1.0], [0.0]])


def solved(hidden: int, seed: int) -> bool:
    start = Network.random((2, hidden, 1), seed=seed, bias=True)
    trained, _ = start.train(X_XOR, D_XOR, 2.0, 1000)
    return bool(((trained.forward(X_XOR).y[-1] > 0.5) == (D_XOR > 0.5)).all())


def test_xor_from_ten_seeds(say):
    """Two hidden neurons do not always find it. The rate is told, not improved."""
    rates = {hidden: [seed for seed in range(10) if solved(hidden, seed)] for hidden in (2, 3)}
    assert rates == {2: [0, 1, 2, 3, 4, 7, 9], 3: list(range(10))}
    say(f"XOR from 10 seeds: {len(rates[2])} with 2 hidden neurons, {len(rates[3])} with 3")
