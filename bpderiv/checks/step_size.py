"""How wrong finite differences are, step size by step size: the data of the V-curve."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpderiv.network import Network, error, forward

#: Slope of f at 0 from a step h, where f(t) is E with one weight moved by t.
METHODS: dict[str, Callable] = {
    "forward difference": lambda f, h: (f(h) - f(0.0)) / h,
    "central difference": lambda f, h: (f(h) - f(-h)) / (2 * h),
    "complex step": lambda f, h: f(1j * h).imag / h,
}


def step_errors(network: Network, x, d, steps) -> dict[str, np.ndarray]:
    """How far each method is from the backward pass, for each step size.

    The measure is the largest difference over all weights, divided by the largest entry of the
    gradient: 1 means that no digit is right, 1e-16 that all of them are.
    """
    x, d, steps = (np.asarray(a, dtype=float) for a in (x, d, steps))
    slopes = network.backward(x, d).W
    largest = max(np.abs(slope).max() for slope in slopes[1:])
    return {
        name: np.array([_worst(network, x, d, slopes, slope_at, h) / largest for h in steps])
        for name, slope_at in METHODS.items()
    }


def _worst(network: Network, x, d, slopes, slope_at: Callable, h: float) -> float:
    """The largest difference over all weights."""
    worst = 0.0
    for l, right in enumerate(slopes):
        for place in () if right is None else np.ndindex(right.shape):
            found = slope_at(lambda t, l=l, place=place: _moved(network, x, d, l, place, t), h)
            worst = max(worst, abs(found - right[place]))
    return float(worst)


def _moved(network: Network, x, d, l: int, place, by):
    """E with one weight moved, by a real or by an imaginary number."""
    W = list(network.W)
    W[l] = W[l].astype(np.result_type(W[l], by))
    W[l][place] += by
    _, y = forward(W, network.phi, x, network.bias)
    return error(d - y[-1])
