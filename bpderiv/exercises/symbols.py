"""The letters of an exercise as sympy's symbols, for who would rather type Python than LaTeX.

>>> x = symbols("4.1")
>>> x
x.e_k[x.b]                     e_{k,b}
x.phi_k.prime(x.v_k[x.b])      \varphi_k'(v_{k,b})
x.y_k[x.b]                     y_{k,b}
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
from bpderiv.meaning.window import Window
from bpderiv.symbols import Family, index_symbol, phi, size_symbol


class Letters(SimpleNamespace):
    """The symbols of an exercise; shown, they tell how each of its letters is typed."""

    def __init__(self, rows: list[tuple[str, str]], **found):
        """`rows` are pairs of Python and LaTeX."""
        super().__init__(**found)
        self._rows = rows

    def __repr__(self) -> str:
        """How each letter is typed in Python, and the same in LaTeX."""
        wide = max((len(typed) for typed, _ in self._rows), default=0) + 6
        return "\n".join(f"{typed:{wide}}{latex}" for typed, latex in self._rows)

    def _repr_markdown_(self) -> str:
        lines = ["| Python | is |", "|---|---|"]
        return "\n".join([*lines, *(f"| `{typed}` | ${latex}$ |" for typed, latex in self._rows)])


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
    pairs = zip(task.trees, task.letters, strict=True)
    rows = [(_typed(tree, task.window), latex) for tree, latex in pairs]
    return Letters([row for row in rows if row[0]], **found)


def _typed(node: ex.Expression, window: Window) -> str:
    """How a letter is typed with the symbols, called x; "" for what needs more than one."""
    if isinstance(node, ex.Apply):
        name = f"x.{PLAIN_NAMES.get(node.name, node.name)}_{node.layer}"
        return f"{name}{'.prime' * (node.order == 1)}({_typed(node.argument, window) or '…'})"
    if isinstance(node, ex.Entry):
        name = f"x.{PLAIN_NAMES.get(node.name, node.name)}{'_' * bool(node.layers)}"
        at = ", ".join(str(i) if isinstance(i, int) else f"x.{i}" for i in node.indices)
        return f"{name}{''.join(node.layers)}{f'[{at}]' if at else ''}"
    if isinstance(node, ex.Sum):
        size = window.sizes[window.layers.index(node.layer)]
        return f"sympy.Sum({_typed(node.body, window) or '…'}, (x.{node.index}, 1, x.{size}))"
    return ""


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
