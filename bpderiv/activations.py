"""Activation functions φ: for numpy (with φ′), and for sympy.

Each φ is written twice, once for numbers and once for sympy; φ′ only for numbers, because
sympy derives it. The tests compare the numbers with sympy's φ and with sympy's derivative.

φ′ is computed from v, not from y: φ′ = y (1 − y) cancels when a neuron saturates (at v = 10
half of the digits are gone), exp(−|v|) does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import sympy


@dataclass(frozen=True)
class Activation:
    """One φ, applied to each component.

    `phi` accepts complex arrays (for complex-step differentiation), `phi_prime` real ones;
    both keep the shape and the dtype. `formula` is φ for sympy.
    """

    name: str
    phi: Callable[[np.ndarray], np.ndarray]
    phi_prime: Callable[[np.ndarray], np.ndarray]
    formula: Callable[[sympy.Expr], sympy.Expr]

    def __str__(self) -> str:
        """The name."""
        return self.name


def _logistic(v):
    # exp of a number that is never positive: no overflow at either end.
    t = np.exp(np.where(v.real >= 0, -v, v))
    return np.where(v.real >= 0, 1, t) / (1 + t)


def _logistic_prime(v):
    t = np.exp(-np.abs(v))
    return t / (1 + t) ** 2


def _tanh_prime(v):
    t = np.exp(-np.abs(v)) ** 2  # 2 |v| could overflow
    return 4 * t / (1 + t) ** 2


def _relu(v):
    return np.where(v.real > 0, v, np.zeros_like(v))


def _relu_prime(v):
    # At v = 0 there is no derivative; 0 is our choice, as in most libraries.
    return (v > 0).astype(v.dtype)


def _linear(v):
    return v.copy()


#: The built-in functions, by name.
ACTIVATIONS = {
    function.name: function
    for function in (
        Activation("logistic", _logistic, _logistic_prime, lambda v: 1 / (1 + sympy.exp(-v))),
        Activation("tanh", np.tanh, _tanh_prime, sympy.tanh),
        Activation("linear", _linear, np.ones_like, lambda v: v),
        Activation("relu", _relu, _relu_prime, lambda v: sympy.Piecewise((v, v > 0), (0, True))),
    )
}


def activation(choice: str | Activation) -> Activation:
    """The activation of that name; an `Activation` of your own is passed through.

    Errors
    ------
    ValueError
        if the name is unknown.
    """
    if isinstance(choice, Activation):
        return choice
    if not isinstance(choice, str) or choice not in ACTIVATIONS:
        raise ValueError(
            f"unknown activation {choice!r}: choose {', '.join(ACTIVATIONS)}, "
            "or give a bpderiv.activations.Activation of your own"
        )
    return ACTIVATIONS[choice]
