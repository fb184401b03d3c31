"""Put numbers into sympy's any-width formulas.

An index letter becomes an axis of an array: e_k[b] is a vector along b, w_kj[b, a] a matrix
along (b, a), Σ_b adds up along b, [r = s] is the identity. So one formula gives all entries
of a Jacobian at once, at any size. The examples of a batch lie along an axis of their own.

φ and its derivatives are sympy's, evaluated with at least 30 digits and rounded once: nothing
here knows how `bpderiv.activations` computes φ′.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, reduce

import mpmath
import numpy as np
import sympy

from bpderiv.symbols import Component, phi

#: The axis along which the examples of a batch lie.
BATCH = "n"
_DIGITS = 30
_MOST_DIGITS = 1000


@dataclass(frozen=True)
class Labelled:
    """An array whose axes have names."""

    array: np.ndarray
    axes: tuple[str, ...] = ()

    def along(self, axes: tuple[str, ...]) -> np.ndarray:
        """The array with these axes in this order; axes that it lacks have length 1."""
        kept = [axis for axis in axes if axis in self.axes]
        array = np.transpose(self.array, [self.axes.index(axis) for axis in kept])
        return array.reshape([array.shape[kept.index(x)] if x in kept else 1 for x in axes])


@dataclass
class Evaluator:
    """Numbers for the components' families, and a φ for each layer.

    Parameters
    ----------
    values : dict
        label → array: "v_k": B × m, "w_kj": m × z (with `bias` m × (1 + z)).
    formulas : dict
        layer → φ for sympy, a function of one expression.
    sizes : dict
        size letter → number of neurons.
    bias : bool
        whether weight matrices have the bias's column, and so index 0.
    """

    values: dict
    formulas: dict
    sizes: dict
    bias: bool = False
    _known: dict = field(default_factory=dict)

    def array(self, expression: sympy.Expr, axes: tuple[tuple[str, str], ...]) -> np.ndarray:
        """All values of `expression`, B × (one axis for each letter).

        `axes` gives the letters that run, each with its size's letter.
        """
        lengths = {letter: self.sizes[size] for letter, size in axes}
        self._known.clear()
        value = self._value(expression, lengths)
        names = (BATCH, *lengths)
        batch = next(a.shape[0] for label, a in self.values.items() if not label.startswith("w"))
        return np.broadcast_to(value.along(names), (batch, *lengths.values())).copy()

    def _value(self, node: sympy.Expr, lengths: dict) -> Labelled:
        known = self._known.get(node)
        if known is None:
            known = self._known[node] = self._compute(node, lengths)
        return known

    def _compute(self, node: sympy.Expr, lengths: dict) -> Labelled:
        if node.is_Number:
            return Labelled(np.array(float(node)))
        if isinstance(node, Component):
            return self._component(node)
        if isinstance(node, sympy.KroneckerDelta):
            return self._same(node.args, lengths)
        if isinstance(node, sympy.Sum):
            return self._sum(node, lengths)
        if isinstance(node, phi):
            layer, order, argument = node.args
            point = self._value(argument, lengths)
            return Labelled(self.phi(str(layer), int(order), point.array), point.axes)
        parts = [self._value(part, lengths) for part in node.args]
        if node.is_Add:
            return _combine(np.add, parts)
        if node.is_Mul:
            return _combine(np.multiply, parts)
        if node.is_Pow:
            return _combine(np.power, parts)
        raise TypeError(f"no rule to evaluate {type(node).__name__}: {node}")

    def _same(self, indices: tuple, lengths: dict) -> Labelled:
        """[r = s]: the identity; [r = 2]: 1 at the second place, 0 elsewhere."""
        letters = tuple(str(index) for index in indices if not index.is_Integer)
        identity = np.eye(lengths[letters[0]])
        numbers = [int(index) for index in indices if index.is_Integer]
        return Labelled(identity[numbers[0] - 1] if numbers else identity, letters)

    def _sum(self, node: sympy.Sum, lengths: dict) -> Labelled:
        inner = {str(letter): self.sizes[str(high)] for letter, _low, high in node.limits}
        value = self._value(node.function, {**lengths, **inner})
        kept = tuple(axis for axis in value.axes if axis not in inner)
        last = tuple(range(-len(inner), 0))
        return Labelled(value.along((*kept, *inner)).sum(axis=last), kept)

    def _component(self, node: Component) -> Labelled:
        label = str(node.base.label)
        if label not in self.values:
            raise ValueError(f"no numbers were given for {label}, which {node} needs")
        array = self.values[label]
        weights = len(node.base.layers) == 2
        axes = [] if weights else [BATCH]
        for place, index in enumerate(node.indices):
            axis = len(axes)
            shift = int(self.bias and weights and place == 1)  # column 0 is the bias
            if index.is_Integer:
                array = array.take(0 if index == 0 else int(index) - 1 + shift, axis=axis)
            else:
                array = array[(slice(None),) * axis + (slice(shift, None),)]
                axes.append(str(index))
        return Labelled(array, tuple(axes))

    def phi(self, layer: str, order: int, points: np.ndarray) -> np.ndarray:
        """φ of a layer (order 0) or a derivative of it, at every point."""
        return evaluate_formula(self.formulas[layer], order, points)


def evaluate_formula(formula, order: int, points: np.ndarray) -> np.ndarray:
    """The derivative of that order of a formula for sympy, at every point.

    Where φ saturates, sympy's 1 − tanh² cancels about |v| digits: so many more are taken.
    """
    function = _derivative(formula, order)
    extra = int(min(np.max(np.abs(points), initial=0.0), _MOST_DIGITS))
    with mpmath.workdps(_DIGITS + extra):
        return np.array([float(function(mpmath.mpf(float(x)))) for x in points.flat]).reshape(
            points.shape
        )


@cache
def _derivative(formula, order: int):
    v = sympy.Symbol("v", real=True)
    return sympy.lambdify(v, sympy.diff(formula(v), v, order), "mpmath")


def _combine(operation, parts: list[Labelled]) -> Labelled:
    axes = tuple(dict.fromkeys(axis for part in parts for axis in part.axes))
    return Labelled(reduce(operation, [part.along(axes) for part in parts]), axes)
