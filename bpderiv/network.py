"""The network in numpy: forward, backward, update, as section ③ of the notes says it.

Lists go by layer: index l is layer l, and the input is layer 0, which has no v, no δ and no
weights (None). W[l] leads from layer l − 1 into layer l.

Where the notes' columns meet the code's rows: the notes write one example as a column,
v_k = W y_j. Here a batch has one example per *row*, so the same line is V = Y Wᵀ, and
Wᵀ δ becomes Δ W. A weight matrix itself is the same in both: row = receiver, column =
sender. E is the sum over the rows (no mean), so a gradient adds up over the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bpderiv.activations import activation
from bpderiv.inputs import check_batch, check_count, check_eta, check_weights

# --- the algorithm --------------------------------------------------------------------------
# These functions check nothing and also run on complex numbers, which complex-step
# differentiation needs. `Network`, below, is for everybody else.


def forward(W, phi, y0, bias=False, held=None):
    """Signals v[l], y[l] of every layer, from the input rows `y0` (B × n_0).

    `held` fixes quantities instead of computing them, {("v", 2): array}: the network is cut
    there, and what follows is a function of what is held.
    """
    held = held or {}
    v, y = [None], [held.get(("y", 0), y0)]
    for l in range(1, len(W)):
        v.append(held.get(("v", l), with_bias(y[l - 1], bias) @ W[l].T))  # 2.I.iv  v = W y
        y.append(held.get(("y", l), phi[l].phi(v[l])))  # 2.I.iii  y = φ(v)
    return v, y


def backward(W, phi, v, y, d, bias=False):
    """δ[l] = −∂E/∂v[l] (B × n_l): output layer first, then layer by layer."""
    delta = [None] * len(W)
    last = len(W) - 1
    e = d - y[last]  # the definition of e; 2.I.ii is its slope
    delta[last] = e * phi[last].phi_prime(v[last])  # 3.output
    for l in reversed(range(1, last)):  # 3.order: one layer at a time
        arriving = delta[l + 1] @ without_bias(W[l + 1], bias)  # 3.hidden: Σ δ w
        delta[l] = arriving * phi[l].phi_prime(v[l])  # 3.hidden: … · φ′(v)
    return delta


def gradient(delta, y, bias=False):
    """∂E/∂W[l], arranged like W[l]: −δ yᵀ in columns, −δᵀ y in rows (summed over them)."""
    pairs = zip(delta[1:], y[:-1], strict=True)
    return [None] + [-(dl.T @ with_bias(yl, bias)) for dl, yl in pairs]  # 2.I.sum


def update(W, slope, eta):
    """The weights one step on: w(n+1) = w(n) − η ∂E/∂w."""
    return [None] + [w - eta * s for w, s in zip(W[1:], slope[1:], strict=True)]  # 1.b, 1.c


def error(e):
    """E = ½ Σ e², over all components and all rows."""
    return (e * e).sum() / 2  # 2.I.i


def with_bias(y, bias):
    """Put y_0 := 1 before the signals, if there is a bias."""
    return np.hstack([np.ones_like(y[:, :1]), y]) if bias else y


def without_bias(W, bias):
    """Leave out the bias's column: nothing flows back to y_0."""
    return W[:, 1:] if bias else W


# --- for users ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signals:
    """What a forward pass leaves behind: v[l] and y[l] for every layer, B × n_l each."""

    v: list
    y: list


@dataclass(frozen=True)
class Gradients:
    """What a backward pass leaves behind: δ[l] (B × n_l) and ∂E/∂W[l] (like W[l])."""

    delta: list
    W: list


class Network:
    """A layered network with given weights and activations.

    Parameters
    ----------
    weights : list of arrays
        one n_l × n_{l−1} matrix for each layer after the input; with `bias`, n_l × (1 + n_{l−1}),
        the bias first. float64 or float32, the same for all.
    activations : str, Activation, or a list of them
        φ for each layer after the input: "logistic", "tanh", "linear", "relu" or your own.
    bias : bool
        whether each matrix has a column for y_0 := 1.

    Errors
    ------
    ValueError, TypeError
        for no weights at all, sizes that do not fit, NaN or infinity, complex or whole numbers.
    """

    def __init__(self, weights: Sequence, activations="logistic", *, bias: bool = False):
        """Check the weights and keep a copy."""
        self.bias = bool(bias)
        self.W = [None, *check_weights(weights, self.bias)]
        if not isinstance(activations, (list, tuple)):
            activations = [activations] * len(weights)
        if len(activations) != len(weights):
            raise ValueError(
                f"{len(weights)} layers after the input need as many activations, "
                f"not {len(activations)}"
            )
        self.phi = [None, *map(activation, activations)]

    @classmethod
    def random(cls, sizes, activations="logistic", *, seed, bias=False, scale=1.0, dtype=float):
        """A network with normally distributed weights of the given scale.

        `sizes` are the layers' widths, input first; `seed` makes it repeatable.
        """
        if len(sizes) < 2:
            raise ValueError(f"a network needs an input and an output layer; got sizes {sizes}")
        sizes = [check_count(n, f"sizes[{l}]", least=1) for l, n in enumerate(sizes)]
        rng = np.random.default_rng(seed)
        shapes = [(n, m + bool(bias)) for m, n in zip(sizes, sizes[1:], strict=False)]
        weights = [(scale * rng.standard_normal(shape)).astype(dtype) for shape in shapes]
        return cls(weights, activations, bias=bias)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons in each layer, the input first."""
        return (self.W[1].shape[1] - self.bias, *(w.shape[0] for w in self.W[1:]))

    @property
    def dtype(self) -> np.dtype:
        """float64 or float32."""
        return self.W[1].dtype

    def forward(self, x) -> Signals:
        """Signals of every layer for the inputs `x`, one example per row (B × n_0)."""
        return Signals(*forward(self.W, self.phi, self._rows(x, "x", 0), self.bias))

    def error(self, x, d) -> float:
        """E = ½ Σ e² for inputs `x` (B × n_0) and desired responses `d` (B × n_L)."""
        x, d = self._pair(x, d)
        _, y = forward(self.W, self.phi, x, self.bias)
        return float(error(d - y[-1]))

    def backward(self, x, d) -> Gradients:
        """Local gradients and ∂E/∂W for inputs `x` and desired responses `d`, one per row."""
        x, d = self._pair(x, d)
        v, y = forward(self.W, self.phi, x, self.bias)
        delta = backward(self.W, self.phi, v, y, d, self.bias)
        return Gradients(delta, gradient(delta, y, self.bias))

    def update(self, x, d, eta) -> Network:
        """A network one step on: every weight w − η ∂E/∂w."""
        stepped = self._stepped(x, d, eta)
        if stepped is None:
            raise ValueError(f"eta = {eta} is too large: a weight is no longer a finite number")
        return stepped

    def train(self, x, d, eta, steps: int) -> tuple[Network, np.ndarray]:
        """`steps` updates with all the rows; the trained network, and E before each and after.

        If η is so large that E or a weight grows beyond all numbers, training stops there: the
        last E is then infinite, and the network is the last one whose E was finite.
        """
        check_count(steps, "steps", least=0)
        errors, network = [self.error(x, d)], self
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(steps):
                stepped = network._stepped(x, d, eta)
                E = np.inf if stepped is None else stepped.error(x, d)
                errors.append(E if np.isfinite(E) else np.inf)
                if not np.isfinite(E):
                    break
                network = stepped
        return network, np.array(errors)

    def _stepped(self, x, d, eta) -> Network | None:
        """One step on, or None if a weight is no longer finite."""
        eta = check_eta(eta, self.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            W = update(self.W, self.backward(x, d).W, eta)[1:]
        if not all(np.isfinite(w).all() for w in W):
            return None
        return Network(W, self.phi[1:], bias=self.bias)

    def nudged(self, layer: int, b: int, a: int, change: float) -> Network:
        """The same network with one weight moved: w_ba into `layer`, neurons counted from 1."""
        there = layer in range(1, len(self.W)) and 1 <= b <= self.sizes[layer]
        if not (there and 1 - self.bias <= a <= self.sizes[layer - 1]):
            raise ValueError(f"{self!r} has no weight into neuron {b} of layer {layer} from {a}")
        W = [w.copy() for w in self.W[1:]]
        W[layer - 1][b - 1, a - 1 + self.bias] += change
        return Network(W, self.phi[1:], bias=self.bias)

    def _rows(self, values, name, layer):
        return check_batch(values, name, self.sizes[layer], self.dtype)

    def _pair(self, x, d):
        x, d = self._rows(x, "x", 0), self._rows(d, "d", -1)
        if len(x) != len(d):
            raise ValueError(f"x has {len(x)} rows and d has {len(d)}: give one d for each x")
        return x, d

    def __repr__(self) -> str:
        """Sizes and activations."""
        names = ", ".join(map(str, self.phi[1:]))
        ones = ", with bias" if self.bias else ""
        return f"Network {'-'.join(map(str, self.sizes))} ({names}{ones})"
