"""Random networks of `bpderiv.network`, run forward as they are and with one quantity moved.

To find how everything depends on a quantity Y, hold Y, move one entry of it by i·h, run the rest
of the network forward: the imaginary parts, divided by h, are the slopes (*complex step*). All
entries of Y are moved in turn, and the results stacked along the first axis of every array. No
backward pass, and no formula for a derivative, is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle, islice
from math import factorial

import numpy as np
import sympy

from bpderiv import network
from bpderiv.activations import ACTIVATIONS, Activation
from bpderiv.judges.roles import HELD, Role

#: How far an entry is moved along the imaginary axis. Nothing is subtracted, so it can be tiny.
STEP = 1e-30
#: The circle for derivatives of φ: no φ below has a singularity less than 1 away from real numbers.
_RADIUS, _AROUND = 0.5, 64
#: A quantity at its layers, counted from the input, 0: a weight is (Role.WEIGHT, (2, 1)).
Where = tuple[Role, tuple[int, ...]]


def _softplus_prime(v):
    return 1 / (1 + np.exp(-v))


def _bell(v):
    return np.exp(-v * v)


#: Smooth functions, none of them like another; two of them are the package's own.
SMOOTH = (
    ACTIVATIONS["logistic"],
    ACTIVATIONS["tanh"],
    Activation("sine", np.sin, np.cos, sympy.sin),
    Activation("bell", _bell, lambda v: -2 * v * _bell(v), lambda v: sympy.exp(-(v**2))),
    Activation("arctan", np.arctan, lambda v: 1 / (1 + v * v), sympy.atan),
    Activation("softplus", lambda v: np.log(1 + np.exp(v)), _softplus_prime,
               lambda v: sympy.log(1 + sympy.exp(v))),
    Activation("arsinh", np.arcsinh, lambda v: 1 / np.sqrt(1 + v * v), sympy.asinh),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Run:
    """A forward pass: every quantity that is not defined by others, and v and y of every layer.

    Lists go by layer. The first axis of every array counts the moved entries; it has length 1
    where nothing was moved.
    """

    values: dict[Where, np.ndarray]

    def get(self, where: Where) -> np.ndarray | None:
        """An array, entries along the axes after the first; None if a run does not give it."""
        return self.values.get(where)


class Sample:
    """A random network at a random example, with a desired response and a step size."""

    def __init__(self, sizes: tuple[int, ...], seed: int):
        """The same numbers for the same sizes and seed. Neighbours have different functions."""
        rng = np.random.default_rng([seed, *sizes])
        self.sizes = sizes
        # Scaled so that fields stay of size 1: where functions saturate digits are lost.
        self.weights = [None] + [
            rng.standard_normal((n, m)) / np.sqrt(m / 2)
            for m, n in zip(sizes, sizes[1:], strict=False)
        ]
        order = [SMOOTH[place] for place in rng.permutation(len(SMOOTH))]
        self.functions = [None, *islice(cycle(order), len(sizes) - 1)]
        self.inputs = rng.standard_normal((1, sizes[0]))
        self.desired = rng.standard_normal((1, sizes[-1]))
        self.step_size = rng.uniform(0.5, 1.5, 1)
        self._runs: dict[Where | None, Run] = {}

    @property
    def last(self) -> int:
        """The number of the output layer."""
        return len(self.sizes) - 1

    def run(self, moved: Where | None = None) -> Run:
        """A forward pass, nothing moved, or the entries of one quantity moved in turn."""
        if moved not in self._runs:
            self._runs[moved] = self._made(moved)
        return self._runs[moved]

    def _made(self, moved: Where | None) -> Run:
        if moved is None:
            return self.forward(self.weights, self.inputs)
        role, layers = moved
        # What is made of the signals only after the forward pass leaves the pass as it is.
        rule = _RUNS.get(role)
        return rule(self, layers) if rule else self.run()

    def forward(self, weights, inputs, held=None) -> Run:
        """`bpderiv.network.forward`, and what goes in."""
        fields, signals = network.forward(weights, self.functions, inputs, held=held)
        values: dict[Where, np.ndarray] = {
            (Role.DESIRED, (self.last,)): self.desired,
            (Role.STEP_SIZE, ()): self.step_size,
            (Role.SIGNAL, (0,)): signals[0],
        }
        for l in range(1, len(weights)):
            values[Role.WEIGHT, (l, l - 1)] = weights[l][np.newaxis]
            values[Role.FIELD, (l,)] = fields[l]
            values[Role.SIGNAL, (l,)] = signals[l]
        return Run(values)


def each_moved(values: np.ndarray) -> np.ndarray:
    """Copies of an array, one for each entry, with that entry moved; `values` has a first axis."""
    shape, size = values.shape[1:], values[0].size
    return values + 1j * STEP * np.eye(size).reshape(size, *shape)


def _move_held(role: Role) -> Callable:
    """Hold fields or signals of a layer, one moved copy for each row of a batch."""

    def rule(sample: Sample, layers: tuple[int, ...]) -> Run:
        (layer,) = layers
        at = each_moved(sample.run().values[role, layers])
        inputs = np.repeat(sample.inputs, len(at), axis=0).astype(complex)
        return sample.forward(sample.weights, inputs, {(HELD[role], layer): at})

    return rule


def _move_weights(sample: Sample, layers: tuple[int, ...]) -> Run:
    """One forward pass for each weight that leads into the first of the layers."""
    layer, runs = layers[0], []
    for moved in each_moved(sample.weights[layer][np.newaxis]):
        weights = [w if l != layer else moved for l, w in enumerate(sample.weights)]
        runs.append(sample.forward(weights, sample.inputs).values)
    return Run({where: np.concatenate([run[where] for run in runs]) for where in runs[0]})


def _move_given(role: Role) -> Callable:
    """What takes no part in the forward pass is moved after it."""

    def rule(sample: Sample, layers: tuple[int, ...]) -> Run:
        values = sample.run().values
        return Run({**values, (role, layers): each_moved(values[role, layers])})

    return rule


_RUNS: dict[Role, Callable[[Sample, tuple[int, ...]], Run]] = {
    Role.FIELD: _move_held(Role.FIELD),
    Role.SIGNAL: _move_held(Role.SIGNAL),
    Role.WEIGHT: _move_weights,
    Role.DESIRED: _move_given(Role.DESIRED),
    Role.STEP_SIZE: _move_given(Role.STEP_SIZE),
}


def slope(function: Activation, order: int, points: np.ndarray) -> np.ndarray:
    """The derivative of a φ: its own φ′; beyond that the mean over a circle (Cauchy's formula).

    Inside the circle φ has no singularity, and then the mean over points of it is as good as exact.
    """
    if order == 1:
        return function.phi_prime(points)
    turns = np.exp(2j * np.pi * np.arange(_AROUND) / _AROUND)
    around = function.phi(points[..., np.newaxis] + _RADIUS * turns)
    return (around * turns**-order).mean(axis=-1).real * factorial(order) / _RADIUS**order


@lru_cache(maxsize=256)
def sample(sizes: tuple[int, ...], seed: int) -> Sample:
    """A random network; its forward passes are kept for the claims to come."""
    return Sample(sizes, seed)
