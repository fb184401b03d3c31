"""The backward pass taken apart: six steps that can be replaced one by one.

Bias and weights are apart here, as in most programs: W[l] is n_l × n_{l−1}, b[l] has n_l entries.
Lists go by layer, as in `bpderiv.network`; place 0, the input, is None. Rows are examples, and E is
the sum over them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bpderiv import network
from bpderiv.activations import Activation, activation

#: The steps in their order, and how each is called.
STAGES = {
    "e": "e",
    "delta_output": "δ (output)",
    "arriving": "Wᵀδ",
    "delta_hidden": "δ (hidden)",
    "dW": "∂E/∂W",
    "db": "∂E/∂b",
}
#: Where two arrays are taken for the same: difference over largest entry. It lets float32 pass.
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Trial:
    """A network with bias, and a batch: what a backward pass is tried on."""

    W: list
    b: list
    phi: list[Activation]
    x: np.ndarray
    d: np.ndarray

    @classmethod
    def random(cls, sizes, activations, *, examples: int, seed: int) -> Trial:
        """Normally distributed weights, biases, inputs and desired responses."""
        rng = np.random.default_rng(seed)
        pairs = list(zip(sizes, sizes[1:], strict=False))
        if isinstance(activations, (str, Activation)):
            activations = [activations] * len(pairs)
        W = [None, *(rng.standard_normal((n, m)) for m, n in pairs)]
        b = [None, *(rng.standard_normal(n) for n in sizes[1:])]
        x, d = (rng.standard_normal((examples, n)) for n in (sizes[0], sizes[-1]))
        return cls(W, b, [None, *map(activation, activations)], x, d)

    def changed(self, W: Callable = np.copy, b: Callable = np.copy) -> Trial:
        """The same trial, with a function applied to every matrix of weights and to every bias."""
        return replace(self, W=[None, *map(W, self.W[1:])], b=[None, *map(b, self.b[1:])])

    @cached_property
    def signals(self) -> tuple[list, list]:
        """v[l] and y[l], by `bpderiv.network.forward`."""
        return network.forward(self.with_bias_column, self.phi, self.x, bias=True)

    @property
    def with_bias_column(self) -> list:
        """W[l] as `bpderiv.network` has it, the bias first."""
        pairs = zip(self.b[1:], self.W[1:], strict=True)
        return [None, *(np.hstack([b[:, None], w]) for b, w in pairs)]

    @property
    def v(self) -> list:
        """The fields."""
        return self.signals[0]

    @property
    def y(self) -> list:
        """The signals; y[0] is the input."""
        return self.signals[1]

    def slope(self, l: int) -> np.ndarray:
        """φ′ at the fields of layer l."""
        return self.phi[l].phi_prime(self.v[l])

    @property
    def last(self) -> int:
        """The number of the output layer."""
        return len(self.W) - 1

    @property
    def B(self) -> int:
        """How many examples."""
        return len(self.x)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons in each layer, the input first."""
        return (self.x.shape[1], *(w.shape[0] for w in self.W[1:]))

    @property
    def error(self) -> float:
        """E, the sum over all rows."""
        return float(network.error(self.d - self.y[-1]))


class Way:
    """What has been found on the way back: e, and by layer arriving, delta, dW and db."""

    def __init__(self, layers: int):
        """Nothing yet."""
        self.e = None
        self.arriving, self.delta, self.dW, self.db = ([None] * layers for _ in range(4))

    def values(self) -> dict[tuple[str, int], np.ndarray]:
        """(stage, layer) → array, in the order in which they are found."""
        last = len(self.delta) - 1
        found = {("e", last): self.e, ("delta_output", last): self.delta[last]}
        for l in reversed(range(1, last)):
            found |= {("arriving", l): self.arriving[l], ("delta_hidden", l): self.delta[l]}
        for l in reversed(range(1, last + 1)):
            found |= {("dW", l): self.dW[l], ("db", l): self.db[l]}
        return found


#: One step: from the trial, what was found so far, and the layer, to what comes next.
Step = Callable[[Trial, Way, int], np.ndarray]

#: The algorithm. `bpderiv.bugs.bank` replaces one of these lines.
RIGHT: dict[str, Step] = {
    "e": lambda t, way, l: t.d - t.y[l],
    "delta_output": lambda t, way, l: way.e * t.slope(l),
    "arriving": lambda t, way, l: way.delta[l + 1] @ t.W[l + 1],
    "delta_hidden": lambda t, way, l: way.arriving[l] * t.slope(l),
    "dW": lambda t, way, l: -(way.delta[l].T @ t.y[l - 1]),
    "db": lambda t, way, l: -way.delta[l].sum(axis=0),
}


def backward(t: Trial, changes: Mapping[str, Step] | None = None) -> Way:
    """The backward pass, with some of its steps replaced.

    Errors
    ------
    ValueError
        if arrays do not fit, which a wrong step may well cause.
    """
    step = RIGHT | dict(changes or {})
    way = Way(t.last + 1)
    way.e = _shaped(step["e"](t, way, t.last), t.d)
    way.delta[t.last] = _shaped(step["delta_output"](t, way, t.last), t.d)
    for l in reversed(range(1, t.last)):
        way.arriving[l] = _shaped(step["arriving"](t, way, l), t.v[l])
        way.delta[l] = _shaped(step["delta_hidden"](t, way, l), t.v[l])
    for l in range(1, t.last + 1):
        way.dW[l] = _shaped(step["dW"](t, way, l), t.W[l])
        way.db[l] = _shaped(step["db"](t, way, l), t.b[l])
    return way


def _shaped(array: np.ndarray, like: np.ndarray) -> np.ndarray:
    if array.shape != like.shape:
        raise ValueError(f"shape {array.shape} where {like.shape} is needed")
    return array


# --- comparing -------------------------------------------------------------------------------

Values = Mapping[tuple[str, int], np.ndarray]


def fits(t: Trial, changes: Mapping[str, Step]) -> bool:
    """Whether the shapes let a pass with these changes run at all."""
    try:
        backward(t, changes)
    except ValueError:
        return False
    return True


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two arrays agree to `TOLERANCE` of the largest entry. NaN agrees with nothing."""
    if one.shape != other.shape:
        return False
    if not one.size:
        return True
    largest = max(np.abs(one).max(), np.abs(other).max())
    return bool(np.abs(one - other).max() <= TOLERANCE * largest)


def differ(t: Trial, changes, other=None, stages: tuple[str, ...] = ("dW", "db")) -> bool:
    """Whether two passes are told apart on this trial by these stages (`other`: the right pass).

    A pass that fails by shape is told from one that does not.
    """
    ran = fits(t, changes), fits(t, other or {})
    if not all(ran):
        return any(ran)
    one, two = backward(t, changes).values(), backward(t, other).values()
    return any(not same(one[key], two[key]) for key in one if key[0] in stages)


def descend(
    t: Trial, changes: Mapping[str, Step] | None = None, *, eta: float, steps: int
) -> np.ndarray:
    """E before each step of training with a changed backward pass, and after the last.

    If E grows beyond all numbers, the last one is infinite, and training stops there.
    """
    errors = [t.error]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            way = backward(t, changes)
            W = [w - eta * slope for w, slope in zip(t.W[1:], way.dW[1:], strict=True)]
            b = [b - eta * slope for b, slope in zip(t.b[1:], way.db[1:], strict=True)]
            t = replace(t, W=[None, *W], b=[None, *b])
            errors.append(t.error if np.isfinite(t.error) else np.inf)
            if errors[-1] == np.inf:
                break
    return np.array(errors)
