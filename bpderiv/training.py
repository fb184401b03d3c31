"""Training with the algorithm of section ③ of the notes, and nothing else.

No momentum, no other error, no rate that changes: a step is forward, back, w − η ∂E/∂w.
What training adds is bookkeeping: which examples each step sees, and in which order.
"""

from __future__ import annotations

import numpy as np

from bpderiv.inputs import check_count, check_eta
from bpderiv.network import Network, backward, forward, gradient, update


def epoch(network, x, d, eta, order, batch=1):
    """Show every example of `order` once, `batch` at a time; the weights after all the steps."""
    W, phi, bias = network.W, network.phi, network.bias
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        v, y = forward(W, phi, x[rows], bias)
        delta = backward(W, phi, v, y, d[rows], bias)
        W = update(W, gradient(delta, y, bias), eta)
    return W


def epochs(network: Network, x, d, eta, count: int, *, seed, batch: int = 1) -> list[Network]:
    """The network before training, and after each of `count` epochs (all examples once).

    Parameters
    ----------
    network : Network
        where to start; it stays as it is.
    x, d : arrays B × n_0 and B × n_L
        inputs and desired responses, one example per row.
    eta : float
        the learning rate of every step.
    count : int
        how many epochs.
    seed : int
        of the order of the examples, which is shuffled anew for every epoch.
    batch : int
        how many examples one step sees; their slopes are added up (no mean).

    Errors
    ------
    ValueError
        what the network refuses; and if η is so large that a weight grows beyond all numbers.
    """
    x, d = network._pair(x, d)
    eta = check_eta(eta, network.dtype)
    check_count(count, "count", least=0)
    check_count(batch, "batch", least=1)
    rng = np.random.default_rng(seed)
    story = [network]
    for n in range(1, count + 1):
        with np.errstate(over="ignore", invalid="ignore"):
            W = epoch(story[-1], x, d, eta, rng.permutation(len(x)), batch)
        if not all(np.isfinite(w).all() for w in W[1:]):
            raise ValueError(
                f"eta = {eta} is too large: in epoch {n} a weight is no longer a finite number"
            )
        story.append(Network(W[1:], network.phi[1:], bias=network.bias))
    return story
