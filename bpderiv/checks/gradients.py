"""The gradient of a network of any depth by several roads.

`recursion` puts sympy's induction to work: δ of a layer from δ of the next, each formula
evaluated at every pair of layers. `composed_gradient` differentiates the whole E at once.
The others wiggle numpy's forward pass.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpderiv.checks.comparison import CENTRAL_TOLERANCE, TOLERANCE, Report, compare
from bpderiv.checks.evaluate import Evaluator
from bpderiv.checks.perturb import CENTRAL_H, central_difference, complex_step
from bpderiv.checks.point import Point
from bpderiv.compose import Composer
from bpderiv.definitions import NETWORK, Definitions
from bpderiv.expression import Entry
from bpderiv.jacobians import jacobian
from bpderiv.network import Network
from bpderiv.proofs import induction
from bpderiv.symbols import by_name


def recursion(network: Network, x, d) -> tuple[list, list]:
    """δ[l] and ∂E/∂W[l] of every layer from sympy's induction, formulas evaluated.

    The three formulas are those of `bpderiv.proofs.induction`; each is put to work at every
    pair of layers. v, y and e come from the definitions, not from numpy's forward pass.
    """
    definitions = Definitions.with_bias() if network.bias else NETWORK
    base, step, weights = (part.chain.product for part in induction(definitions).parts)
    v, y, e = _signals(network, x, d, definitions)
    last = len(network.W) - 1
    delta, slope = [None] * (last + 1), [None] * (last + 1)
    for l in range(last, 0, -1):
        if l == last:
            values = {"e_k": e, "v_k": v[l]}
            delta[l] = -_window(network, l, values).array(base, (_B,))
        else:
            values = {"delta_k": delta[l + 1], "v_j": v[l], "w_kj": network.W[l + 1]}
            delta[l] = -_window(network, l + 1, values).array(step, (_A,))
        values = {"delta_k": delta[l], "y_j": y[l - 1]}
        slope[l] = _window(network, l, values).array(weights, (_B, _A)).sum(axis=0)
        if network.bias:  # y_0 = 1
            slope[l] = np.hstack([-delta[l].sum(axis=0)[:, None], slope[l]])
    return delta, slope


#: Letters that run, with their size's letter: b over layer k, a over layer j.
_B, _A = ("b", "m"), ("a", "z")


def _signals(network: Network, x, d, definitions: Definitions) -> tuple[list, list, np.ndarray]:
    """v[l], y[l] and e from the definitions, one line at a time."""
    field, signal, error = (
        by_name(Composer(definitions).value(definitions.body(Entry(name, ("k",), ("b",))), {}))
        for name in "vye"
    )
    v, y = [None], [x]
    for l in range(1, len(network.W)):
        values = {"w_kj": network.W[l], "y_j": y[l - 1]}
        v.append(_window(network, l, values).array(field, (_B,)))
        y.append(_window(network, l, {"v_k": v[l]}).array(signal, (_B,)))
    return v, y, _window(network, len(v) - 1, {"d_k": d, "y_k": y[-1]}).array(error, (_B,))


def _window(network: Network, k: int, values: dict) -> Evaluator:
    """Numbers for a formula in the window j → k, with k the layer of that number."""
    formulas = {"k": network.phi[k].formula}
    if k > 1:
        formulas["j"] = network.phi[k - 1].formula
    sizes = {"m": network.sizes[k], "z": network.sizes[k - 1]}
    return Evaluator(values, formulas, sizes, network.bias)


def composed_gradient(network: Network, x, d) -> list:
    """∂E/∂W[l] from the whole E written out; depth 1 to 3. Adds up over the rows."""
    point = Point(network, x, d)
    names = point.definitions.layers.names
    return [None] + [_composed(point, j, k) for j, k in zip(names, names[1:], strict=False)]


def _composed(point: Point, j: str, k: str) -> np.ndarray:
    """∂E/∂W^{k,j}, the bias's column first if there is one."""
    layers = point.definitions.layers
    b, a = layers.neuron(k), layers.neuron(j)
    along_b, along_a = (b, layers.size(k)), (a, layers.size(j))
    wanted = [(f"w_{{{b}{a}}}^{{{k},{j}}}", (along_b, along_a))]
    if point.network.bias:
        wanted.insert(0, (f"w_{{{b}0}}^{{{k},{j}}}", (along_b,)))
    blocks = []
    for weight, axes in wanted:
        formula = jacobian("E", weight, point.definitions).composed
        block = point.evaluator().array(formula, axes).sum(axis=0)
        blocks.append(block.reshape(len(block), -1))
    return np.hstack(blocks)


def wiggled_gradient(network: Network, x, d, slope: Callable) -> list:
    """∂E/∂W[l] from numpy's forward pass."""
    layers = range(1, len(network.W))
    return [None, *(slope(network, x, d, ("E", None), ("w", l)) for l in layers)]


def central_gradient(network: Network, x, d) -> list:
    """∂E/∂W[l] by central differences."""
    return wiggled_gradient(network, x, d, central_difference)


#: The roads to the gradient, each against numpy's backward pass.
GRADIENT_ROADS = {
    "sympy, recursion": (lambda n, x, d: recursion(n, x, d)[1], TOLERANCE),
    "sympy, composed": (composed_gradient, TOLERANCE),
    "numpy, complex step": (lambda n, x, d: wiggled_gradient(n, x, d, complex_step), TOLERANCE),
    "numpy, central differences": (central_gradient, CENTRAL_TOLERANCE),
}
#: Deeper than this, E is not written out as a whole.
COMPOSED_DEPTH = 3


def compare_gradients(network: Network, x, d, roads=None, about: str = "") -> Report:
    """Every ∂E/∂W[l] of numpy's backward pass against every other road.

    `x` is B × n_0, `d` is B × n_L. The composed E is left out beyond depth 3. A float32
    network is held to float32's digits. `about` says where network and data come from.

    Errors
    ------
    ValueError, TypeError
        where `Network.backward` refuses x or d.
    """
    backward = network.backward(x, d).W
    x, d = np.asarray(x), np.asarray(d)
    digits = float(np.finfo(network.dtype).eps / np.finfo(float).eps)
    noise, depth, comparisons = _noise(network, x, d), len(network.W) - 1, []
    for name, (road, tolerance) in (GRADIENT_ROADS if roads is None else roads).items():
        if road is composed_gradient and depth > COMPOSED_DEPTH:
            continue
        more = _central_noise(network, x, d) if road is central_gradient else 0.0
        for l, slope in enumerate(road(network, x, d)[1:], start=1):
            comparisons.append(
                compare(
                    f"∂E/∂W[{l}]", ("numpy, backward pass", backward[l]), (name, slope),
                    max(tolerance, TOLERANCE * digits), noise[l] + more,
                )
            )  # fmt: skip
    return Report(tuple(comparisons), about or repr(network))


def _noise(network: Network, x, d) -> list:
    """What rounding of e = d − y can do to each gradient, by every road alike.

    When y comes near d, e loses its digits. The gradient is linear in e: put the rounding
    error in the place of e and see.
    """
    y = network.forward(x).y[-1]
    rounding = np.finfo(network.dtype).eps * (np.abs(d) + np.abs(y))
    slopes = network.backward(x, (y + 16 * rounding).astype(network.dtype)).W
    return [None, *(float(np.abs(slope).max()) for slope in slopes[1:])]


def _central_noise(network: Network, x, d) -> float:
    """What rounding of E does to a central difference: ε E / h, however small the slope."""
    return 4 * float(np.finfo(float).eps) * network.error(x, d) / CENTRAL_H
