"""Every Jacobian by several roads, which share as little as possible.

=================  ===========================================================================
any width          sympy's formula for any width, numbers put in (`checks.evaluate`)
composed           the same, every name written out down to inputs and weights
explicit           sympy's matrix at these sizes, numbers put in by sympy
backward           numpy's backward pass (`bpderiv.network`), where it has the Jacobian
complex step       numpy's forward pass, wiggled by i·h (`checks.perturb`)
central            numpy's forward pass, wiggled by ±h
=================  ===========================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import sympy

from bpderiv.checks.comparison import CENTRAL_TOLERANCE, TOLERANCE, Report, compare
from bpderiv.checks.evaluate import Evaluator
from bpderiv.checks.perturb import central_difference, complex_step
from bpderiv.checks.point import Point
from bpderiv.jacobians import TABLE, Jacobian, jacobian
from bpderiv.quantities import Quantity
from bpderiv.symbols import Component, by_name, by_value, phi

#: What φ is differentiated by.
_X = sympy.Dummy(real=True)


def sympy_any_width(J: Jacobian, point: Point) -> np.ndarray:
    """The any-width entry in the notes' names, at the point's signals."""
    return _evaluated(J, by_name(J.raw), point.evaluator(point.signals))


def sympy_composed(J: Jacobian, point: Point) -> np.ndarray:
    """The any-width entry written out down to inputs and weights; nothing else is known.

    A quantity that is differentiated by is cut, so its value is needed too.
    """
    name, layers = J.Y.family
    label = f"{name}_{''.join(layers)}"
    cut = {label: {**point.given(), **point.signals}[label]}
    return _evaluated(J, by_value(J.raw), point.evaluator(cut))


def _evaluated(J: Jacobian, formula, evaluator: Evaluator) -> np.ndarray:
    layers = J.definitions.layers
    axes = tuple((axis.letter, layers.size(axis.layer)) for axis in J.axes)
    return evaluator.array(formula, axes)[0]


def sympy_explicit(J: Jacobian, point: Point) -> np.ndarray:
    """sympy's matrix at the network's sizes; sympy puts the numbers in, with 30 digits."""
    matrix = J.explicit(*point.network.sizes)
    values, shift = {**point.given(), **point.signals}, int(point.network.bias)

    def number(component: Component) -> sympy.Float:
        array = values[str(component.base.label)]
        if len(component.base.layers) == 2:
            b, a = map(int, component.indices)
            return sympy.Float(float(array[b - 1, a - 1 + shift]), 30)
        return sympy.Float(float(array[0, int(component.indices[0]) - 1]), 30)

    def insert(entry: sympy.Expr) -> float:
        numbers = entry.xreplace({c: number(c) for c in entry.atoms(Component)})
        return float(numbers.replace(phi, lambda k, n, v: _phi_number(point, k, n, v)).evalf(30))

    flat = sympy.flatten(matrix.tolist()) if hasattr(matrix, "tolist") else [matrix]
    return np.array([insert(entry) for entry in flat]).reshape(_numpy_shape(J, point))


def _phi_number(point: Point, layer, order, v) -> sympy.Expr:
    formula = point.network.phi[point.number[str(layer)]].formula
    return _derivative(formula, int(order)).subs(_X, v)


@lru_cache(64)
def _derivative(formula: Callable, order: int) -> sympy.Expr:
    return sympy.diff(formula(_X), _X, order)


def _numpy_shape(J: Jacobian, point: Point) -> tuple[int, ...]:
    return tuple(point.network.sizes[point.number[axis.layer]] for axis in J.axes)


def by_wiggling(J: Jacobian, point: Point, slope: Callable) -> np.ndarray:
    """∂X/∂Y from numpy's forward pass; `slope` is `complex_step` or `central_difference`."""

    def where(family):
        name, layers = family
        return name, point.number[layers[0]] if layers else None

    found = slope(point.network, point.x, point.d, where(J.X.family), where(J.Y.family))
    picks = (*_pick(J.X, point), *_pick(J.Y, point))
    return found[picks].reshape(_numpy_shape(J, point))


def _pick(quantity: Quantity, point: Point) -> tuple:
    """Which entries of numpy's array the quantity is: the first row; without the bias's column."""
    name, layers = quantity.family
    shift = int(point.network.bias and len(layers) == 2)
    running = {axis.letter for axis in quantity.axes}
    picks = [] if len(layers) != 1 else [0]
    for place, index in enumerate(quantity.entry.indices):
        first = shift if place == 1 else 0
        if index in running:
            picks.append(slice(first, None))
        else:
            picks.append(0 if index == 0 else index - 1 + first)
    return tuple(picks)


def numpy_backward(J: Jacobian, point: Point) -> np.ndarray | None:
    """What the backward pass says of it: ∂E/∂v and ∂E/∂W; None for other Jacobians."""
    (X, _), (Y, layers) = J.X.family, J.Y.family
    if X != "E" or Y not in "vw":
        return None
    found = point.network.backward(point.x, point.d)
    layer = point.number[layers[0]]
    array = -found.delta[layer] if Y == "v" else found.W[layer]
    return array[_pick(J.Y, point)]


#: The roads that every Jacobian is computed by, and the tolerance of each against the first.
ROADS = {
    "sympy, any width": (sympy_any_width, TOLERANCE),
    "sympy, composed": (sympy_composed, TOLERANCE),
    "sympy, explicit": (sympy_explicit, TOLERANCE),
    "numpy, backward pass": (numpy_backward, TOLERANCE),
    "numpy, complex step": (lambda J, p: by_wiggling(J, p, complex_step), TOLERANCE),
    "numpy, central differences": (
        lambda J, p: by_wiggling(J, p, central_difference),
        CENTRAL_TOLERANCE,
    ),
}


def whole(name: str) -> str:
    """A quantity without its fixed neuron: v_{j,a} → v_j, w_{ba}^{k,j} → W^{k,j}."""
    if name.startswith("w_"):
        return "W" + name[name.index("^") :]
    return name.split(",")[0].replace("{", "") if "," in name and "^" not in name else name


def jacobian_pairs(table=TABLE) -> list[tuple[str, str]]:
    """The pairs of the table with whole layers in the place of single neurons, each once."""
    return list(dict.fromkeys((whole(X), whole(Y)) for X, Y, _id in table))


def numeric_jacobian(X: str, Y: str, point: Point) -> Jacobian:
    """∂X/∂Y if it has numbers at the point: no neuron in it may be only a letter."""
    J = jacobian(X, Y, point.definitions)
    if J.letters:
        raise ValueError(
            f"∂{X}/∂{Y} has no numbers while {', '.join(J.letters)} can be any neuron: "
            "compare whole layers, as v_k, or type a number, as v_{k,1}"
        )
    return J


def compare_jacobian(X: str, Y: str, point: Point, roads=None) -> Report:
    """∂X/∂Y by every road, each against the first.

    X and Y are typed as for `bpderiv.jacobian`; a single neuron by its number ("v_{k,1}").

    Errors
    ------
    ValueError
        for a quantity that the network does not have, or a neuron that is only a letter.
    """
    J = numeric_jacobian(X, Y, point)
    found = {}
    for name, (road, tolerance) in (ROADS if roads is None else roads).items():
        array = road(J, point)
        if array is not None:
            found[name] = (array, tolerance)
    if not found:
        return Report((), point.about)
    (first, (reference, _)), *others = found.items()
    what = f"∂{X}/∂{Y}"
    return Report(
        tuple(
            compare(what, (first, reference), (name, array), tolerance)
            for name, (array, tolerance) in others
        ),
        point.about,
    )
