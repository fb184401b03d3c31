"""The bank: wrong backward passes, each with its name, its change and a tutor's sentence.

Most were found in issue trackers, on question sites and in papers. Each replaces one step of the
right pass (two where weights and biases go wrong together), in every layer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bpderiv.bugs.steps import RIGHT, STAGES, Step, Trial, Way


@dataclass(frozen=True)
class Bug:
    """One wrong pass.

    `stage` is the step at which it first shows; `changes` holds the steps that are replaced.
    `by_rate` gives the changes for a learning rate, where the mistake depends on one.
    """

    name: str
    does: str
    says: str
    stage: str
    changes: dict[str, Step]
    by_rate: Callable[[float], dict[str, Step]] | None = None

    def __repr__(self) -> str:
        """The name and where it shows."""
        return f"{self.name} (first seen at {STAGES[self.stage]})"


#: φ′ as programs write it, from the signal: y(1 − y) and 1 − y².
FROM_SIGNAL = {"logistic": lambda y: y * (1 - y), "tanh": lambda y: 1 - y * y}


def _signal_formula(t: Trial, l: int, at: np.ndarray) -> np.ndarray:
    """The formula that wants a signal; where φ has none, φ′ as it should be."""
    formula = FROM_SIGNAL.get(t.phi[l].name)
    return formula(at) if formula else t.slope(l)


def _row(array: np.ndarray, like: np.ndarray) -> np.ndarray:
    """The same row for all examples."""
    return np.broadcast_to(array, like.shape)


def _wrong_column(t: Trial, way: Way, l: int) -> np.ndarray:
    """With the bias as first column of W, the last column was cut off on the way back."""
    with_bias = np.hstack([t.b[l + 1][:, None], t.W[l + 1]])
    return (way.delta[l + 1] @ with_bias)[:, :-1]


def _updated(eta: float) -> dict[str, Step]:
    """W was changed before δ went back through it."""
    return {
        "arriving": lambda t, way, l: (
            way.delta[l + 1] @ (t.W[l + 1] - eta * RIGHT["dW"](t, way, l + 1))
        )
    }


def _both(change: Callable[[np.ndarray, Trial], np.ndarray]) -> dict[str, Step]:
    """The same change to the gradients of weights and of biases."""
    return {
        name: lambda t, way, l, name=name: change(RIGHT[name](t, way, l), t)
        for name in ("dW", "db")
    }


def _passed_on(t: Trial, way: Way, l: int) -> np.ndarray:
    """What came before φ′ of the later layer: e at the output, else what arrived there."""
    return way.e if l + 1 == t.last else way.arriving[l + 1]


# fmt: off
BANK: tuple[Bug, ...] = (
    # --- e
    Bug("sign of e lost", "takes y − d for e, and goes on as if it were d − y",
        "Right size, opposite sign: where did −I go?", "e",
        {"e": lambda t, way, l: t.y[l] - t.d}),
    Bug("factor 2", "passes 2e back",
        "Exactly double: does your E carry its ½?", "e",
        {"e": lambda t, way, l: 2 * (t.d - t.y[l])}),
    Bug("½e² for e", "passes the error back instead of its slope",
        "How does E change when e does?", "e",
        {"e": lambda t, way, l: (t.d - t.y[l]) ** 2 / 2}),
    Bug("size of e only", "passes |e| back",
        "Too large and too small are not the same: keep the sign of e.", "e",
        {"e": lambda t, way, l: np.abs(t.d - t.y[l])}),
    Bug("mean over the outputs", "divides e by the number of output neurons",
        "Too small by the number of outputs: E adds them up.", "e",
        {"e": lambda t, way, l: (t.d - t.y[l]) / t.d.shape[1]}),
    Bug("2 e over all entries", "has the slope of the mean of e², over examples and outputs",
        "This is the mean squared error of a library: which E is yours?", "e",
        {"e": lambda t, way, l: 2 * (t.d - t.y[l]) / t.d.size}),
    Bug("e averaged too early", "averages e over the batch before it goes back",
        "Each example has its own e. Add up gradients, not errors.", "e",
        {"e": lambda t, way, l: _row((t.d - t.y[l]).mean(axis=0), t.d)}),
    # --- δ at the output
    Bug("φ′ missing at the output", "takes e for δ (right for cross-entropy, not for this E)",
        "You crossed from y to v without φ′. Or is your E another one?", "delta_output",
        {"delta_output": lambda t, way, l: way.e}),
    Bug("φ′ taken at y, at the output", "puts the signal into φ′, which wants the field",
        "Right function, wrong place.", "delta_output",
        {"delta_output": lambda t, way, l: way.e * t.phi[l].phi_prime(t.y[l])}),
    Bug("formula for y fed with v, at the output", "writes y(1 − y) or 1 − y², with v for y",
        "Right formula, but it wants the signal.", "delta_output",
        {"delta_output": lambda t, way, l: way.e * _signal_formula(t, l, t.v[l])}),
    Bug("φ′ of the wrong layer, at the output", "takes the φ′ of the hidden layer",
        "Which φ made this y?", "delta_output",
        {"delta_output": lambda t, way, l: way.e * t.phi[max(l - 1, 1)].phi_prime(t.v[l])}),
    Bug("φ for φ′ at the output", "multiplies by the signal",
        "You multiplied by the height, not by the slope.", "delta_output",
        {"delta_output": lambda t, way, l: way.e * t.y[l]}),
    Bug("φ′ replaces e", "takes φ′ alone for δ",
        "Multiply what arrives.", "delta_output",
        {"delta_output": lambda t, way, l: t.slope(l)}),
    # --- what arrives at a hidden layer
    Bug("W for Wᵀ", "multiplies by the matrix as it goes forward",
        "Write one component: which index is summed?", "arriving",
        {"arriving": lambda t, way, l: way.delta[l + 1] @ t.W[l + 1].T}),
    Bug("wrong layer's weights", "goes back through the weights that lead into the layer",
        "Use the arrows that leave the neuron.", "arriving",
        {"arriving": lambda t, way, l: way.delta[l + 1] @ t.W[l]}),
    Bug("e for δ passed on", "leaves out the φ′ of the layer after: Wᵀe for Wᵀδ",
        "What arrives is δ, not e: you left out the φ′ of the layer after.", "arriving",
        {"arriving": lambda t, way, l: _passed_on(t, way, l) @ t.W[l + 1]}),
    Bug("sign lost between layers", "takes one more minus on the way to the hidden layer",
        "δ brings its sign along. Why a new minus?", "arriving",
        {"arriving": lambda t, way, l: -RIGHT["arriving"](t, way, l)}),
    Bug("one path only", "takes the first receiver, and forgets the others",
        "All receivers lead to E; you took one.", "arriving",
        {"arriving": lambda t, way, l: way.delta[l + 1][:, :1] @ t.W[l + 1][:1]}),
    Bug("mean over the paths", "divides by the number of receivers",
        "Paths add. They do not average.", "arriving",
        {"arriving": lambda t, way, l: RIGHT["arriving"](t, way, l) / len(t.W[l + 1])}),
    Bug("product of sums", "adds up δ, adds up the weights, and multiplies the two",
        "Each δ goes with its own weight: multiply first, then add.", "arriving",
        {"arriving": lambda t, way, l: (
            way.delta[l + 1].sum(axis=1, keepdims=True) * t.W[l + 1].sum(axis=0))}),
    Bug("Hadamard for Wᵀδ", "takes from each δ only the weight to the neuron of the same number",
        "Every output must be heard.", "arriving",
        {"arriving": lambda t, way, l: way.delta[l + 1] * np.diag(t.W[l + 1])}),
    Bug("inverse for transpose", "undoes the layer (pseudo-inverse)",
        "You share out blame, you do not undo the layer.", "arriving",
        {"arriving": lambda t, way, l: way.delta[l + 1] @ np.linalg.pinv(t.W[l + 1]).T}),
    Bug("∂E/∂W passed on", "goes back through the gradient instead of the weights",
        "Backwards you cross W, not its gradient.", "arriving",
        {"arriving": lambda t, way, l: way.delta[l + 1] @ RIGHT["dW"](t, way, l + 1)}),
    Bug("updated W used going back", "changes W before δ has gone through it",
        "One pass, one W.", "arriving", _updated(0.1), _updated),
    Bug("wrong column cut off", "passes the bias's column backward, and drops another",
        "Nothing flows back into the bias: which column is it in?", "arriving",
        {"arriving": _wrong_column}),
    # --- δ at a hidden layer
    Bug("φ′ missing at a hidden neuron", "takes what arrives for δ",
        "You stopped before v.", "delta_hidden",
        {"delta_hidden": lambda t, way, l: way.arriving[l]}),
    Bug("φ′ taken at y, at a hidden neuron", "puts the signal into φ′, which wants the field",
        "Right function, wrong place.", "delta_hidden",
        {"delta_hidden": lambda t, way, l: way.arriving[l] * t.phi[l].phi_prime(t.y[l])}),
    Bug("formula for y fed with v, at a hidden neuron",
        "writes y(1 − y) or 1 − y², with v for y",
        "Right formula, but it wants the signal.", "delta_hidden",
        {"delta_hidden": lambda t, way, l: way.arriving[l] * _signal_formula(t, l, t.v[l])}),
    Bug("φ′ of the wrong layer, at a hidden neuron", "takes the φ′ of the layer after",
        "This is φ′ of the layer after: whose field is in it?", "delta_hidden",
        {"delta_hidden": lambda t, way, l: way.arriving[l] * t.phi[l + 1].phi_prime(t.v[l])}),
    Bug("φ for φ′ at a hidden neuron", "multiplies by the signal",
        "You multiplied by the height, not by the slope.", "delta_hidden",
        {"delta_hidden": lambda t, way, l: way.arriving[l] * t.y[l]}),
    Bug("φ′ replaces what arrives", "takes φ′ alone for δ",
        "Multiply what arrives.", "delta_hidden",
        {"delta_hidden": lambda t, way, l: t.slope(l)}),
    # --- the weights' gradient (with the biases', where both go wrong together)
    Bug("sign of the gradient lost", "hands back the step (−∂E/∂W) for the gradient",
        "Which line is the gradient, which the step?", "dW", _both(lambda g, t: -g)),
    Bug("mean for sum over the batch", "divides by the number of examples",
        "Too small by B: E adds the examples up.", "dW", _both(lambda g, t: g / t.B)),
    Bug("B times too large", "counts the batch twice",
        "Too large by B. Where did you already add up?", "dW", _both(lambda g, t: g * t.B)),
    Bug("= for += over the batch", "keeps the last example only",
        "Examples add up: += and not =.", "dW",
        {"dW": lambda t, way, l: -(way.delta[l][-1:].T @ t.y[l - 1][-1:]),
         "db": lambda t, way, l: -way.delta[l][-1]}),
    Bug("outer product transposed", "has a row for each sender",
        "Entry (b, a): receiver b, sender a.", "dW",
        {"dW": lambda t, way, l: RIGHT["dW"](t, way, l).T}),
    Bug("output for input", "multiplies δ by the receiver's own signal",
        "What did this weight multiply?", "dW",
        {"dW": lambda t, way, l: -(way.delta[l].T @ t.y[l])}),
    Bug("field for signal", "multiplies δ by the sender's field",
        "The weight never saw v of its sender: what did it multiply?", "dW",
        {"dW": lambda t, way, l: -(way.delta[l].T @ (t.v[l - 1] if l > 1 else t.x))}),
    Bug("input left out", "gives all weights of a neuron the same gradient",
        "The same step for unequal inputs?", "dW",
        {"dW": lambda t, way, l: -_row(way.delta[l].sum(axis=0)[:, None], t.W[l])}),
    Bug("mean for the weights only", "averages over the batch for W, and adds up for b",
        "b is a weight like the others: sum or mean, but the same for both.", "dW",
        {"dW": lambda t, way, l: RIGHT["dW"](t, way, l) / t.B}),
    # --- the biases' gradient
    Bug("bias gradient as mean", "adds up over the batch for W, and averages for b",
        "b is a weight like the others: sum or mean, but the same for both.", "db",
        {"db": lambda t, way, l: -way.delta[l].mean(axis=0)}),
    Bug("bias summed over the neurons", "gives all biases of a layer one and the same number",
        "A gradient has its parameter's shape.", "db",
        {"db": lambda t, way, l: -_row(way.delta[l].sum(), t.b[l])}),
    Bug("bias forgotten", "leaves the gradient of the biases at 0",
        "Move b a little: does E stay where it is?", "db",
        {"db": lambda t, way, l: np.zeros_like(t.b[l])}),
)
# fmt: on


def bug(name: str) -> Bug:
    """The bug of that name.

    Errors
    ------
    ValueError
        if the bank has none.
    """
    found = [one for one in BANK if one.name == name]
    if not found:
        raise ValueError(f"no bug is called {name!r}; BANK has: {', '.join(b.name for b in BANK)}")
    return found[0]
