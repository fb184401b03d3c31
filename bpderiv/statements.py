r"""Equations to show: a left side, and a right side that was derived.

`local_gradient` and `weight_change` are the two quantities that the notes define from a
derivative: δ := −∂E/∂v and Δw := −η ∂E/∂w.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from bpderiv.definitions import NETWORK, Definitions
from bpderiv.jacobians import Jacobian, jacobian
from bpderiv.printing import displayed, latex
from bpderiv.symbols import component_latex


@dataclass(frozen=True)
class Equation:
    """LaTeX of an equation, for display; `right` is the derived expression, if there is one."""

    text: str
    right: sympy.Basic | None = None

    def _repr_latex_(self) -> str:
        return displayed(self.text)

    def __repr__(self) -> str:
        """The LaTeX."""
        return self.text


def matrix_at(J: Jacobian, *sizes: int, **at: int) -> Equation:
    """∂X/∂Y as an explicit matrix at chosen sizes, drawn entry by entry."""
    matrix = J.explicit(*sizes, **at)
    where = "".join(f",\\; {letter} = {number}" for letter, number in at.items())
    if isinstance(matrix, sympy.NDimArray):
        layers = [latex(sympy.Matrix(matrix[r, :, :])) for r in range(matrix.shape[0])]
        drawn = r"\left[\; " + r" \;,\quad ".join(layers) + r" \;\right]_{r = 1, \dots}"
    else:
        drawn = latex(matrix)
    return Equation(f"{J.name()} = {drawn}{where}", matrix)


def local_gradient(layer: str, definitions: Definitions = NETWORK) -> Equation:
    r"""δ of one neuron of a layer: −∂E/∂v, derived (2.I.delta).

    A hidden layer's δ is given in terms of the next layer's: what comes after that layer is
    left unknown (2.II.result).

    Errors
    ------
    ValueError
        for a layer that does not exist or has no v (the input layer).
    """
    neuron = definitions.layers.neuron(layer)
    if definitions.layers.before(layer) is None:
        raise ValueError(f"the input layer {layer} has no v, and so no local gradient")
    quantity = f"v_{{{layer},{neuron}}}"
    if layer != definitions.layers.output:
        names = definitions.layers.names
        definitions = definitions.unknown_after(names[names.index(layer) + 1])
    slope = jacobian("E", quantity, definitions)
    right = -slope.entry
    delta = component_latex("delta", (layer,), (neuron,))
    return Equation(rf"{delta} := -{slope.name()} = {latex(right)}", right)


def weight_change(receiver: str = "k", definitions: Definitions = NETWORK) -> Equation:
    r"""Δw of one weight: −η ∂E/∂w, with ∂E/∂w in terms of the receiver's δ (2.I.update)."""
    layers = definitions.layers
    sender = layers.before(receiver)
    if sender is None:
        raise ValueError(f"no weights lead into the input layer {receiver!r}")
    indices = layers.neuron(receiver), layers.neuron(sender)
    weight = f"w_{{{''.join(indices)}}}^{{{receiver},{sender}}}"
    slope = jacobian("E", weight, definitions.unknown_after(receiver))
    right = -sympy.Symbol("eta") * slope.entry
    left = r"\Delta " + component_latex("w", (receiver, sender), indices)
    return Equation(rf"{left} := -\eta \, {slope.name()} = {latex(right)}", right)
