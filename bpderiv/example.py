"""The example that runs through the course: a 2-2-2 network for a pencil.

Its numbers are chosen so that everything can be worked out by hand and comes out exact:
φ_j(v) = v², φ_k(v) = ½ v². The derivations never look inside φ, so any differentiable φ
would do; these two have derivatives that everyone knows (2v and v), and they differ, so that
taking φ′ of the wrong layer shows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bpderiv.activations import Activation
from bpderiv.checks.point import Point
from bpderiv.checks.roads import numeric_jacobian, sympy_any_width
from bpderiv.jacobians import jacobian
from bpderiv.network import Gradients, Network, Signals
from bpderiv.quantities import Quantity
from bpderiv.statements import Equation
from bpderiv.symbols import component_latex

SQUARE = Activation("v²", lambda v: v**2, lambda v: 2 * v, lambda v: v**2)
HALF_SQUARE = Activation("½v²", lambda v: v**2 / 2, lambda v: v.copy(), lambda v: v**2 / 2)

#: The numbers, in the notes' names. W^{j,i} leads from layer i into layer j.
NUMBERS = {
    "y_i": [1.0, 0.5],
    "W_ji": [[0.5, -2.0], [-1.5, 1.0]],
    "W_kj": [[2.0, 1.0], [-2.0, -0.5]],
    "d_k": [0.125, 1.0],
    "eta": 0.04,
}

_WEIGHTS = {"W^{j,i}": 1, "W^{k,j}": 2}
_LAYERS = {"i": 0, "j": 1, "k": 2}


@dataclass(frozen=True)
class Example:
    """A network i → j → k at one example, with every quantity under the notes' name."""

    network: Network
    x: np.ndarray
    d: np.ndarray
    eta: float

    @property
    def point(self) -> Point:
        """The same for `bpderiv.checks`."""
        return Point(self.network, self.x, self.d, "the example")

    @cached_property
    def signals(self) -> Signals:
        """The forward pass."""
        return self.network.forward(self.x)

    @cached_property
    def gradients(self) -> Gradients:
        """The backward pass."""
        return self.network.backward(self.x, self.d)

    def value(self, name: str) -> np.ndarray | float:
        """The number(s) under a name; vectors have one axis, matrices two.

        Names: "E", "eta", "y_j", "v_k", "e_k", "d_k", "W^{k,j}", "delta_j", "phi'_j" (φ′ at
        v_j), "dE/dW^{k,j}", "Delta W^{k,j}" (one step).

        Errors
        ------
        ValueError
            for a name that this network has no quantity for.
        """
        if name in ("E", "eta"):
            return self.network.error(self.x, self.d) if name == "E" else self.eta
        if name in _WEIGHTS:
            return self.network.W[_WEIGHTS[name]]
        if name.removeprefix("dE/d") in _WEIGHTS:
            return self.gradients.W[_WEIGHTS[name.removeprefix("dE/d")]]
        if name.removeprefix("Delta ") in _WEIGHTS:
            return -self.eta * self.gradients.W[_WEIGHTS[name.removeprefix("Delta ")]]
        quantity, _, layer = name.partition("_")
        found = self._vector(quantity, _LAYERS.get(layer))
        if found is None:
            raise ValueError(f"{name!r} is not a quantity of this example; see Example.value")
        return found[0]

    def _vector(self, quantity: str, layer: int | None) -> np.ndarray | None:
        if layer is None:
            return None
        if quantity == "d":
            return self.d if layer == 2 else None
        if quantity == "e":
            return self.d - self.signals.y[2] if layer == 2 else None
        if quantity == "phi'" and layer:
            return self.network.phi[layer].phi_prime(self.signals.v[layer])
        lists = {"v": self.signals.v, "y": self.signals.y, "delta": self.gradients.delta}
        return lists[quantity][layer] if quantity in lists else None

    def show(self, *names: str) -> Equation:
        """The numbers under these names, vectors as the notes' columns."""
        shown = [f"{_left(name)} = {numbers_latex(self.value(name))}" for name in names]
        return Equation(r" \qquad ".join(shown))

    def jacobian(self, X: str, Y: str) -> np.ndarray:
        """The numbers of ∂X/∂Y here: sympy's formula for any width, numbers put in.

        X and Y are typed as for `bpderiv.jacobian`; a single neuron is given by its number
        ("v_{j,1}"). A row is 1 × n, a column m × 1.
        """
        J = numeric_jacobian(X, Y, self.point)
        return sympy_any_width(J, self.point).reshape(J.rows_and_columns(self.network.sizes))

    def map_jacobian(self, X: str, Y: str):
        """A `Picture`: the numbers of ∂X/∂Y as a map, with a name at each row and each column.

        Errors
        ------
        ValueError
            for more than one row or column of names: all the weights at once.
        """
        from bpderiv.figures.maps import jacobian_map  # matplotlib only for who draws

        J = jacobian(X, Y)
        rows, columns = (self._components(quantity) for quantity in (J.X, J.Y))
        title = rf"\partial {J.X.latex()} / \partial {J.Y.latex()}"
        return jacobian_map(self.jacobian(X, Y), title, rows, columns)

    def _components(self, quantity: Quantity) -> list[str]:
        """LaTeX of what a row or a column stands for: v_{k,1}, v_{k,2}, …"""
        name, layers = quantity.family
        if len(quantity.axes) > 1:
            raise ValueError(f"{quantity.latex()} is a matrix: pick one weight, or one neuron")
        if not quantity.axes:
            return [quantity.latex()]
        size = self.network.sizes[_LAYERS[layers[0]]]
        return [component_latex(name, layers, (n,)) for n in range(1, size + 1)]

    def stepped(self, eta: float | None = None) -> Example:
        """The example after one update with its η, or another."""
        network = self.network.update(self.x, self.d, self.eta if eta is None else eta)
        return replace(self, network=network)

    def nudged(self, layer: int, b: int, a: int, change: float) -> Example:
        """The example with one weight moved: w_ba into layer 1 (j) or 2 (k)."""
        return replace(self, network=self.network.nudged(layer, b, a, change))


def pencil(**changes) -> Example:
    """The example; any of its numbers may be changed: pencil(d_k=[1.0, 0.0], eta=0.02).

    Names: y_i (input), d_k (desired response), W_ji, W_kj (weights, row = receiver), eta.

    Errors
    ------
    TypeError
        for a name that the example does not have; what the network refuses, it says itself.
    """
    unknown = set(changes) - set(NUMBERS)
    if unknown:
        raise TypeError(f"the example has {', '.join(NUMBERS)}; not {', '.join(sorted(unknown))}")
    numbers = {
        name: np.asarray(value, dtype=float) for name, value in {**NUMBERS, **changes}.items()
    }
    network = Network([numbers["W_ji"], numbers["W_kj"]], [SQUARE, HALF_SQUARE])
    x, d = numbers["y_i"][None], numbers["d_k"][None]
    return Example(network, x, d, float(numbers["eta"]))


def numbers_latex(value, digits: int = 4) -> str:
    """A number, column or matrix as LaTeX, rounded to `digits` after the point."""
    array = np.asarray(value, dtype=float)
    if array.ndim == 0:
        return _number(array, digits)
    rows = array[:, None] if array.ndim == 1 else array
    body = r" \\ ".join(" & ".join(_number(x, digits) for x in row) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def _number(x, digits: int) -> str:
    text = f"{round(float(x), digits) + 0.0:.{digits}f}".rstrip("0").rstrip(".")
    return text


def _left(name: str) -> str:
    """LaTeX of a name as `Example.value` takes it."""
    if name.startswith("dE/d"):
        return rf"\frac{{\partial \mathcal{{E}}}}{{\partial {name[4:]}}}"
    if name in ("E", "eta"):
        return {"E": r"\mathcal{E}", "eta": r"\eta"}[name]
    if name.removeprefix("Delta ") in _WEIGHTS:
        return name.replace("Delta", r"\Delta")
    quantity, _, layer = name.partition("_")
    if quantity == "phi'":
        return rf"\varphi_{layer}'(v_{layer})"
    return component_latex(quantity, (layer,))
