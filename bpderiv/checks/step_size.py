"""How wrong finite differences are, step size by step size: the data of the V-curve."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpderiv.checks.perturb import central_slope, complex_slope, slopes_by
from bpderiv.network import Network


def _forward_slope(f: Callable, at: np.ndarray, move: np.ndarray, h: float) -> np.ndarray:
    return (f(at + h * move, float) - f(at, float)) / h


#: How the slope of f at a value, along a move, comes from a step h.
METHODS: dict[str, Callable] = {
    "forward difference": _forward_slope,
    "central difference": central_slope,
    "complex step": complex_slope,
}


def step_errors(network: Network, x, d, steps) -> dict[str, np.ndarray]:
    """How far each method is from the backward pass, for each step size.

    The measure is the largest difference over all weights, divided by the largest entry of the
    gradient: 1 means that no digit is right, 1e-16 that all of them are.
    """
    x, d, steps = (np.asarray(a, dtype=float) for a in (x, d, steps))
    right = network.backward(x, d).W
    largest = max(np.abs(slope).max() for slope in right[1:])
    return {
        name: np.array([_worst(network, x, d, right, method, h) / largest for h in steps])
        for name, method in METHODS.items()
    }


def _worst(network: Network, x, d, right: list, method: Callable, h: float) -> float:
    """The largest difference over all weights."""

    def slope(f, at, move):
        return method(f, at, move, h)

    found = (slopes_by(network, x, d, ("E", None), ("w", l), slope) for l in range(1, len(right)))
    return max(float(np.abs(a - b).max()) for a, b in zip(found, right[1:], strict=True))
