"""A numpy network at one example, in the notes' letters: numbers for sympy's symbols."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpderiv.checks.evaluate import Evaluator
from bpderiv.compose import Composer
from bpderiv.definitions import Definitions, Layers
from bpderiv.expression import Entry
from bpderiv.network import Network
from bpderiv.symbols import by_name


@dataclass(frozen=True)
class Point:
    """A numpy network at one example (or a batch), with letters for its layers.

    `x` is B × n_0 and `d` is B × n_L; Jacobians are taken at the first row. The layers are
    called …, i, j, k, the output last. `about` says where the numbers come from, such as a seed.
    """

    network: Network
    x: np.ndarray
    d: np.ndarray
    about: str = ""

    @property
    def definitions(self) -> Definitions:
        """The definitions for a network of this depth, any width."""
        layers = Layers.of_depth(len(self.network.W) - 1)
        return Definitions.with_bias(layers) if self.network.bias else Definitions(layers)

    @property
    def number(self) -> dict[str, int]:
        """Layer letter → layer number."""
        return {name: l for l, name in enumerate(self.definitions.layers.names)}

    def given(self) -> dict[str, np.ndarray]:
        """What the definitions take from outside: inputs, desired responses, weights."""
        names = self.definitions.layers.names
        pairs = zip(names, names[1:], self.network.W[1:], strict=False)
        weights = {f"w_{k}{j}": W for j, k, W in pairs}
        return {f"y_{names[0]}": self.x, f"d_{names[-1]}": self.d, **weights}

    def evaluator(self, values: dict | None = None) -> Evaluator:
        """Numbers for sympy's formulas: what is given, and `values`."""
        layers = self.definitions.layers
        return Evaluator(
            {**self.given(), **(values or {})},
            {name: self.network.phi[l].formula for name, l in self.number.items() if l},
            dict(zip(layers.sizes, self.network.sizes, strict=True)),
            self.network.bias,
        )

    @cached_property
    def signals(self) -> dict[str, np.ndarray]:
        """v, y and e of every layer, from the definitions one line at a time (not from numpy's
        forward pass).
        """
        layers, values = self.definitions.layers, {}
        for layer in layers.names[1:]:
            for name in ("v", "y"):
                values[f"{name}_{layer}"] = self._one_step(name, layer, values)
        values[f"e_{layers.output}"] = self._one_step("e", layers.output, values)
        return values

    def _one_step(self, name: str, layer: str, values: dict) -> np.ndarray:
        layers = self.definitions.layers
        letter = layers.neuron(layer)
        body = self.definitions.body(Entry(name, (layer,), (letter,)))
        formula = by_name(Composer(self.definitions).value(body, {}))
        return self.evaluator(values).array(formula, ((letter, layers.size(layer)),))


def random_point(sizes, activations, seed: int, *, bias: bool = False, scale: float = 1.0) -> Point:
    """A random network at a random example; the same for the same seed."""
    network = Network.random(sizes, activations, seed=seed, bias=bias, scale=scale)
    rng = np.random.default_rng([seed, 1])
    x, d = rng.standard_normal((1, sizes[0])), rng.standard_normal((1, sizes[-1]))
    return Point(network, x, d, f"random {network!r}, seed {seed}")
