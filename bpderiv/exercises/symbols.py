"""The letters of an exercise as sympy's symbols, for who would rather type Python than LaTeX.

>>> x = symbols("4.1")
>>> x.e_k[x.b] * x.phi_k.prime(x.v_k[x.b])
e_k[b]*phi_k'(v_k[b])
"""

from __future__ import annotations

from types import SimpleNamespace

import sympy

from bpderiv import expression as ex
from bpderiv.definitions import PLAIN_NAMES
from bpderiv.exercises.equation import task_of
from bpderiv.exercises.exercise import exercise
from bpderiv.symbols import Family, index_symbol, phi, size_symbol


class Function:
    """φ of a layer: phi_k(v) is φ, phi_k.prime(v) is φ′."""

    def __init__(self, layer: str):
        """The φ of this layer."""
        self._layer = sympy.Symbol(layer)

    def __call__(self, argument) -> sympy.Expr:
        """φ at an argument."""
        return phi(self._layer, 0, argument)

    def prime(self, argument) -> sympy.Expr:
        """φ′ at an argument."""
        return phi(self._layer, 1, argument)


def symbols(id_: str) -> SimpleNamespace:
    """All letters that the exercise's answer may need: quantities, φ, indices, sizes.

    Errors
    ------
    ValueError
        if the exercise is none that asks for an expression.
    """
    asked = exercise(id_)
    if asked.kind not in ("equation", "jacobian"):
        raise ValueError(f"exercise {id_} asks for no expression: it needs no symbols")
    task = task_of(asked)
    found: dict = {}
    for tree in (*task.trees, task.sides(task.left)[-1]):
        for node in ex.walk(tree):
            found |= _symbol(node)
    found |= {letter: index_symbol(letter) for letter in task.window.neurons}
    found |= {letter: size_symbol(letter) for letter in task.window.sizes}
    return SimpleNamespace(**found)


def _symbol(node: ex.Expression) -> dict:
    if isinstance(node, ex.Apply):
        return {f"{PLAIN_NAMES.get(node.name, node.name)}_{node.layer}": Function(node.layer)}
    if isinstance(node, (ex.Entry, ex.Whole)):
        name = PLAIN_NAMES.get(node.name, node.name)
        if not node.layers:
            return {name: sympy.Symbol(name)}
        if name.isidentifier():
            return {f"{name}_{''.join(node.layers)}": Family(name, *node.layers)}
    return {}
