"""Answers that are numpy functions: what they are given, what they must return, how they go wrong.

Data lie in rows, one for each example, as in `bpderiv.network`. Every wrong version here is a
known slip; an answer that returns the same numbers has made it. The inputs are unequal in size,
not symmetric, and there are several examples, so that nothing hides a mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np


@dataclass(frozen=True)
class Task:
    """A function to write: its arguments with their shapes, the right one, and wrong ones."""

    arguments: dict[str, str]
    returns: str
    right: Callable
    wrong: dict[str, Callable]

    def inputs(self, seed: int) -> list:
        """Random inputs of the shapes that the arguments have; a learning rate between 0 and 1."""
        rng = np.random.default_rng(seed)
        made = []
        for shape in self.arguments.values():
            letters = [x.strip() for x in shape.split("×")] if "×" in shape else []
            size = tuple(SIZES[x] for x in letters)
            made.append(rng.uniform(-2, 2, size) if size else float(rng.uniform(0.1, 0.9)))
        return made


#: Examples, and neurons of three layers: all different.
SIZES = {"B": 5, "p": 2, "z": 4, "m": 3}


def output_gradient(d, y_k, slope_k):
    """δ of the output layer: error times slope, component by component."""
    return (d - y_k) * slope_k


def hidden_gradient(delta_k, W_kj, slope_j):
    """δ of a hidden layer: collect by the weights, then times the slope."""
    return (delta_k @ W_kj) * slope_j


def weight_change(delta_k, y_j, eta):
    """ΔW: receiver times sender, summed over the examples."""
    return eta * delta_k.T @ y_j


def bias_change(delta_k, eta):
    """Δ of the biases: the sender says 1 at every example."""
    return eta * delta_k.sum(axis=0)


def forward_layer(y_j, W_kj):
    """The signals of layer k, a row for each example; φ is tanh."""
    return np.tanh(y_j @ W_kj.T)


def slopes_by_first_weights(x, d, W_ji, W_kj):
    """∂E/∂W of the weights into the hidden layer; both φ are tanh."""
    y_j = np.tanh(x @ W_ji.T)
    y_k = np.tanh(y_j @ W_kj.T)
    delta_k = (d - y_k) * (1 - y_k**2)
    delta_j = (delta_k @ W_kj) * (1 - y_j**2)
    return -delta_j.T @ x


def _back(
    x, d, W_ji, W_kj, slope_k=True, slope_j=True, sender=lambda x, y_j: x, of_field=False
) -> np.ndarray:
    """The same with one part of it changed."""
    y_j = np.tanh(x @ W_ji.T)
    v_k = y_j @ W_kj.T
    y_k = np.tanh(v_k)
    delta_k = (d - y_k) * (1 - (v_k if of_field else y_k) ** 2 if slope_k else 1)
    delta_j = (delta_k @ W_kj) * (1 - y_j**2 if slope_j else 1)
    return -delta_j.T @ sender(x, y_j)


def relative_error(found, reference):
    """The largest difference, as a part of the reference's largest entry."""
    return np.max(abs(found - reference)) / np.max(abs(reference))


_LAYER_K = "B × m"
_LAYER_J = "B × z"
TASKS = {
    "forward_layer": Task(
        {"y_j": _LAYER_J, "W_kj": "m × z"}, _LAYER_K, forward_layer,
        {
            "φ missing": lambda y_j, W_kj: y_j @ W_kj.T,
            "φ′ for φ": lambda y_j, W_kj: 1 - np.tanh(y_j @ W_kj.T) ** 2,
            "φ before the sum": lambda y_j, W_kj: np.tanh(y_j) @ W_kj.T,
            "examples in columns": lambda y_j, W_kj: np.tanh(W_kj @ y_j.T),
            "mean of what arrives": lambda y_j, W_kj: np.tanh(y_j @ W_kj.T / y_j.shape[1]),
            "one example for all": lambda y_j, W_kj: np.tanh((0 * y_j + y_j[0]) @ W_kj.T),
        },
    ),
    "output_gradient": Task(
        {"d": _LAYER_K, "y_k": _LAYER_K, "slope_k": _LAYER_K}, _LAYER_K, output_gradient,
        {
            "sign": lambda d, y_k, slope_k: (y_k - d) * slope_k,
            "φ′ missing": lambda d, y_k, slope_k: d - y_k,
            "e missing": lambda d, y_k, slope_k: slope_k,
            "d for e": lambda d, y_k, slope_k: d * slope_k,
            "factor 2": lambda d, y_k, slope_k: 2 * (d - y_k) * slope_k,
        },
    ),
    "hidden_gradient": Task(
        {"delta_k": _LAYER_K, "W_kj": "m × z", "slope_j": _LAYER_J}, _LAYER_J, hidden_gradient,
        {
            "φ′ missing": lambda delta_k, W_kj, slope_j: delta_k @ W_kj,
            "δ missing": lambda delta_k, W_kj, slope_j: W_kj.sum(axis=0) * slope_j,
            "w missing": lambda delta_k, W_kj, slope_j: delta_k.sum(axis=1)[:, None] * slope_j,
            "sign": lambda delta_k, W_kj, slope_j: -(delta_k @ W_kj) * slope_j,
            "sum over paths": lambda delta_k, W_kj, slope_j: delta_k[:, :1] * W_kj[0] * slope_j,
        },
    ),
    "weight_change": Task(
        {"delta_k": _LAYER_K, "y_j": _LAYER_J, "eta": "a number"}, "m × z", weight_change,
        {
            "layout": lambda delta_k, y_j, eta: eta * y_j.T @ delta_k,
            "sign": lambda delta_k, y_j, eta: -eta * delta_k.T @ y_j,
            "mean": lambda delta_k, y_j, eta: eta * delta_k.T @ y_j / len(y_j),
            "η missing": lambda delta_k, y_j, eta: delta_k.T @ y_j,
            "first example": lambda delta_k, y_j, eta: eta * np.outer(delta_k[0], y_j[0]),
            "y missing": lambda delta_k, y_j, eta: (
                eta * delta_k.sum(axis=0)[:, None] + 0 * y_j[:1]
            ),
        },
    ),
    "bias_change": Task(
        {"delta_k": _LAYER_K, "eta": "a number"}, "m numbers", bias_change,
        {
            "mean": lambda delta_k, eta: eta * delta_k.mean(axis=0),
            "sign": lambda delta_k, eta: -eta * delta_k.sum(axis=0),
            "neurons summed": lambda delta_k, eta: np.full(
                delta_k.shape[1], eta * delta_k.sum() / delta_k.shape[1]
            ),
            "first example": lambda delta_k, eta: eta * delta_k[0],
            "η missing": lambda delta_k, eta: delta_k.sum(axis=0),
        },
    ),
    "relative_error": Task(
        {"found": _LAYER_K, "reference": _LAYER_K}, "a number", relative_error,
        {
            "not divided": lambda found, reference: np.max(abs(found - reference)),
            "entry by entry": lambda found, reference: np.max(
                abs(found - reference) / abs(reference)
            ),
            "mean of all": lambda found, reference: np.mean(abs(found - reference)) / np.max(
                abs(reference)
            ),
            "signed": lambda found, reference: np.max(found - reference) / np.max(reference),
            "the wrong one": lambda found, reference: np.max(abs(found - reference)) / np.max(
                abs(found)
            ),
            "the larger of both": lambda found, reference: np.max(abs(found - reference)) / max(
                np.max(abs(found)), np.max(abs(reference))
            ),
        },
    ),
    "slopes_by_first_weights": Task(
        {"x": "B × p", "d": _LAYER_K, "W_ji": "z × p", "W_kj": "m × z"}, "z × p",
        slopes_by_first_weights,
        {
            "e for δ": partial(_back, slope_k=False),
            "sign": lambda *given: -slopes_by_first_weights(*given),
            "φ′ missing": partial(_back, slope_j=False),
            "mean": lambda x, *rest: slopes_by_first_weights(x, *rest) / len(x),
            "layout": lambda *given: slopes_by_first_weights(*given).T,
            "y of the wrong layer": partial(_back, sender=lambda x, y_j: y_j),
            "v for y": partial(_back, of_field=True),
        },
    ),
}  # fmt: skip

#: What is said of a wrong version, where the catalogue's sentence is not enough.
SAID = {
    "not divided": "It depends on the unit in which the gradient is measured: is 0.01 much or "
                   "little?",
    "entry by entry": "Divided entry by entry: it blows up where the reference is near zero.",
    "mean of all": "A mean: one wrong entry among thousands would be drowned in it.",
    "signed": "Take both without their sign: a difference downwards counts as much.",
    "the wrong one": "Divide by the reference, not by what is on trial.",
    "the larger of both": "That is the notebook's `relative`, divided by the larger of the two. "
                          "Here divide by the reference alone.",
    "v for y": "1 − y² is made of the signal y. Is a field in its place?",
    "φ missing": "These are the fields. One step is left, from a field to its signal.",
    "φ′ for φ": "This is the slope of tanh at the field; the signal is tanh itself.",
    "φ before the sum": "tanh was taken too early: first add up what arrives, then take it of the "
                        "field.",
    "examples in columns": "The right numbers, each example in a column: here an example is a row, "
                           "before and after.",
    "mean of what arrives": "A field adds up what arrives, and this is the mean of it.",
    "one example for all": "Every row is that of the first example: each has its own signals.",
    "mean": "Too small by a constant factor: a sum was asked for, and this is a mean.",
    "sum over paths": "Only the path through the first neuron of layer $k$ was taken: all paths "
                      "add up.",
    "first example": "Only the first example counts here: the examples add up.",
    "neurons summed": "Every neuron has a bias of its own: sum over the examples, not over the "
                      "neurons.",
    "e missing": "The error signal is missing: a slope alone does not know what is wanted.",
    "δ missing": "What arrives is δ of layer $k$, through the weights: δ is missing.",
    "w missing": "Each δ arrives through its own weight: the weights are missing.",
    "y missing": "What did this weight multiply? The sender's signal is missing.",
}  # fmt: skip
