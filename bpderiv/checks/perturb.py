"""Derivatives by wiggling: complex step and central differences through numpy's forward pass.

To find ∂X/∂Y, hold Y fixed at its present value, move one entry of it by a little, run the
rest of the network forward and see how X moves. No derivative, and no φ′, is used.

- *complex step*: move by i·h and read the imaginary part. Nothing is subtracted, so h can be
  1e-30 and the result is exact but for rounding.
- *central differences*: move by ±h and subtract. About a third of the digits is lost.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpderiv.network import Network, error, forward

_COMPLEX_H = 1e-30
#: ε^(1/3), where the error of the formula (h²) and of the rounding (ε/h) balance.
CENTRAL_H = float(np.finfo(np.float64).eps) ** (1 / 3)

Where = tuple[str, int | None]


def quantity(network: Network, x, d, where: Where, held=None, dtype=float) -> np.ndarray:
    """The value of E, e, d, v, y or W while another quantity is held.

    `where` is ("E", None), ("e", L), ("d", L), ("v", l), ("y", l) or ("w", l); `held` maps one
    of these to an array. Values are computed in `dtype`, float64 or complex128.

    Errors
    ------
    ValueError
        for a quantity that the network does not have.
    """
    held, last = dict(held or {}), len(network.W) - 1
    W = [w if w is None else held.get(("w", l), w).astype(dtype) for l, w in enumerate(network.W)]
    v, y = forward(W, network.phi, np.asarray(x, dtype=dtype), network.bias, held)
    d = held.get(("d", last), d)
    e = held.get(("e", last), d - y[-1])
    there = {("E", None): error(e), ("e", last): e, ("d", last): d}
    for name, values in (("w", W), ("v", v), ("y", y)):
        there |= {(name, l): value for l, value in enumerate(values) if value is not None}
    if where not in there:
        raise ValueError(f"{where!r} is not in this network; it has {list(there)}")
    return np.asarray(there[where])


def complex_step(network: Network, x, d, X: Where, Y: Where) -> np.ndarray:
    """∂X/∂Y with the axes of X, then those of Y (batches keep their row axis)."""
    return slopes_by(
        network, x, d, X, Y, lambda f, at, move: complex_slope(f, at, move, _COMPLEX_H)
    )


def central_difference(
    network: Network, x, d, X: Where, Y: Where, h: float = CENTRAL_H
) -> np.ndarray:
    """The same by central differences with step `h`."""
    return slopes_by(network, x, d, X, Y, lambda f, at, move: central_slope(f, at, move, h))


def complex_slope(f: Callable, at: np.ndarray, move: np.ndarray, h: float) -> np.ndarray:
    """The slope of f(value, dtype) along `move`, from one imaginary step."""
    return f(at + 1j * h * move, complex).imag / h


def central_slope(f: Callable, at: np.ndarray, move: np.ndarray, h: float) -> np.ndarray:
    """The same from two real steps, to both sides."""
    return (f(at + h * move, float) - f(at - h * move, float)) / (2 * h)


def slopes_by(network, x, d, X: Where, Y: Where, slope: Callable) -> np.ndarray:
    """∂X/∂Y with `slope(f, at, move)` as the method.

    The entries of Y are moved one at a time; the slopes of X are stacked along the last axes.
    """
    at = quantity(network, x, d, Y)

    def moved(value, dtype):
        return quantity(network, x, d, X, held={Y: value}, dtype=dtype)

    columns = []
    for place in np.ndindex(at.shape):
        move = np.zeros(at.shape)
        move[place] = 1
        columns.append(slope(moved, at, move))
    slopes = np.array(columns).reshape(*at.shape, *columns[0].shape)
    return np.moveaxis(slopes, range(at.ndim), range(-at.ndim, 0))
