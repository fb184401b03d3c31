"""The checks, each by itself, as small as they can be and still see everything.

`alone[name]()` is True when that check finds nothing wrong. The mutation tests run them one at
a time, to show that each can fail without the help of the others.
"""

from __future__ import annotations

import numpy as np
import sympy

from bpderiv.checks.comparison import CENTRAL_TOLERANCE, TOLERANCE, compare
from bpderiv.checks.gradients import composed_gradient, recursion, wiggled_gradient
from bpderiv.checks.perturb import central_difference, complex_step
from bpderiv.checks.point import random_point
from bpderiv.checks.roads import (
    by_wiggling,
    jacobian_pairs,
    sympy_any_width,
    sympy_composed,
    sympy_explicit,
)
from bpderiv.definitions import NETWORK, Definitions
from bpderiv.directions import prove_along
from bpderiv.jacobians import TABLE, jacobian
from bpderiv.proofs import HIDDEN_NEURON, HIDDEN_WEIGHT, OUTPUT_WEIGHT, induction, prove

BIASED = Definitions.with_bias()
#: The table without the one matrix that takes longest; its single weight stays.
SMALL = [(X, Y) for X, Y, _id in TABLE if (X, Y) != ("E", "W^{j,i}")]
PAIRS = [pair for pair in jacobian_pairs() if pair != ("E", "W^{j,i}")]
#: Sizes that differ from each other, so that no transpose is hidden.
SIZES = (4, 3, 2)


def point(bias: bool):
    """A random network of these sizes."""
    return random_point(SIZES, ("tanh", "logistic"), 11, bias=bias)


def network():
    """Three layers of weights, a bias, and more examples than one."""
    made = random_point((3, 2, 4, 2), ("tanh", "logistic", "tanh"), 12, bias=True)
    rng = np.random.default_rng(13)
    return made.network, rng.standard_normal((3, 3)), rng.standard_normal((3, 2))


def proofs() -> bool:
    chains = [
        OUTPUT_WEIGHT,
        HIDDEN_NEURON,
        HIDDEN_WEIGHT,
        ("E", "e_k", "y_k", "v_k", "W^{k,j}"),
        ("e_k", "y_k", "v_k", "y_j"),
    ]
    found = [prove(names, NETWORK) for names in chains]
    found.append(prove(("E", "e_k", "y_k", "v_k", "y_j", "v_j", "w_{a0}^{j,i}"), BIASED))
    return all(p.proved and p.any_width for p in found) and induction().proved


def explicit() -> bool:
    for X, Y in SMALL:
        if not _forms_agree(jacobian(X, Y, NETWORK)):
            return False
    chosen = {"k": sympy.sin, "j": sympy.tanh}
    return _forms_agree(jacobian("E", "w_{ac}^{j,i}", NETWORK, chosen), written_out=True)


def _forms_agree(J, **form) -> bool:
    """The formula for any width put in everywhere is sympy's matrix, in the layout agreed on."""
    at = dict.fromkeys(J.letters, 2)
    left, right = J.explicit(*SIZES, **at, **form), J.at_sizes(*SIZES, **at, **form)
    if not J.axes:
        return sympy.expand(left - right) == 0
    layout = tuple(SIZES["ijk".index(axis.layer)] for axis in J.axes)
    if len(layout) == 1:
        layout = (*layout, 1) if J.X.axes else (1, *layout)
    pairs = zip(sympy.flatten(left.tolist()), sympy.flatten(right.tolist()), strict=True)
    return left.shape == right.shape == layout and all(sympy.expand(x - y) == 0 for x, y in pairs)


def _against_complex_step(road, biases=(False, True)) -> bool:
    for bias in biases:
        here = point(bias)
        for X, Y in PAIRS:
            J = jacobian(X, Y, here.definitions)
            reference = by_wiggling(J, here, complex_step)
            if not compare("", ("", road(J, here)), ("", reference), TOLERANCE).agree:
                return False
    return True


def _gradients_agree(left: list, right: list, tolerance=TOLERANCE) -> bool:
    pairs = zip(left[1:], right[1:], strict=True)
    return all(compare("", ("", x), ("", y), tolerance).agree for x, y in pairs)


def backward_by(road, tolerance=TOLERANCE) -> bool:
    """numpy's backward pass against another road, on `network()`."""
    made, x, d = network()
    return _gradients_agree(made.backward(x, d).W, road(made, x, d), tolerance)


def autograd_gradient(made, x, d) -> list:
    from autograd_road import gradient  # HIPS autograd: tests only

    names = [str(f) for f in made.phi[1:]]
    return [None, *gradient(made.W[1:], names, x, d, bias=made.bias)]


def directions() -> bool:
    found = [prove_along(X, Y, NETWORK) for X, Y in PAIRS]
    found.append(prove_along("E", "W^{k,j}", BIASED))
    return all(p.proved and p.any_width for p in found)


#: The quick ones first: most mutants are seen by them. Proofs take longest where they fail.
ALONE = {
    "backward = complex step": lambda: backward_by(
        lambda n, x, d: wiggled_gradient(n, x, d, complex_step)
    ),
    "backward = central differences": lambda: backward_by(
        lambda n, x, d: wiggled_gradient(n, x, d, central_difference), CENTRAL_TOLERANCE
    ),
    "backward = autograd": lambda: backward_by(autograd_gradient),
    "backward = recursion": lambda: backward_by(lambda n, x, d: recursion(n, x, d)[1]),
    "composed = complex step": lambda: _against_complex_step(sympy_composed),
    "any width = complex step": lambda: _against_complex_step(sympy_any_width),
    "explicit = complex step": lambda: _against_complex_step(sympy_explicit, [False]),
    "any width = explicit": explicit,
    "backward = composed E": lambda: backward_by(composed_gradient),
    "slopes along directions": directions,
    "proofs for any width": proofs,
}
