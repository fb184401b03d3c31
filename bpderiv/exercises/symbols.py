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

from dataclasses import replace
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

    def __init__(self, rows: list[tuple[str, str]], head: str = "is", note: str = "", **found):
        """`rows` are pairs of Python and LaTeX; `note` is said below them."""
        super().__init__(**found)
        self._rows, self._head, self._note = rows, head, note

    def __repr__(self) -> str:
        """How each letter is typed in Python, and the same in LaTeX."""
        wide = max((len(typed) for typed, _ in self._rows), default=0) + 6
        lines = [f"{typed:{wide}}{latex}" for typed, latex in self._rows]
        return "\n".join([*lines, *filter(None, [self._note])])

    def _repr_markdown_(self) -> str:
        rows = [f"| `{typed}` | ${latex}$ |" for typed, latex in self._rows]
        table = "\n".join([f"| Python | {self._head} |", "|---|---|", *rows] if rows else [])
        return "\n\n".join(filter(None, [table, self._note]))


_OF_A_MATRIX = (
    "In a Matrix, numbers stand in the place of letters: one row or column for each neuron, at the "
    "sizes that the exercise names."
)
_LATEX_ONLY = "Columns and matrices of any size have no symbols here: type LaTeX."


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
    numbers = asked.more.get("numbers", {}) if asked.kind == "jacobian" else None
    trees = [(tree if numbers is None else _numbered(tree, numbers)) for tree in task.trees]
    pairs = zip(trees, task.letters, strict=True)
    rows = {_typed(tree, task.window): latex for tree, latex in reversed([*pairs])}
    if numbers is not None:
        return Letters(_sensible(rows), "an entry of", _OF_A_MATRIX, **found)
    if any(isinstance(node, ex.Whole) for tree in task.trees for node in ex.walk(tree)):
        return Letters([], note=_LATEX_ONLY, **found)
    return Letters(_sensible(rows), **found)


def _sensible(rows: dict[str, str]) -> list[tuple[str, str]]:
    """(Python, LaTeX) in their order, but what needs more than one symbol, or is a last entry."""
    return [row for row in reversed(rows.items()) if row[0] and "Last(" not in row[0]]


def _numbered(tree: ex.Expression, numbers: dict[str, int]) -> ex.Expression:
    """The first entry of a column or a matrix; of one neuron the number that stands for it."""
    if isinstance(tree, ex.Whole):
        return ex.Entry(tree.name, tree.layers, (1,) * max(1, len(tree.layers)))
    if isinstance(tree, ex.Entry):
        return replace(tree, indices=tuple(numbers.get(i, i) for i in tree.indices))
    if isinstance(tree, ex.Diag):
        return _numbered(tree.of, numbers)
    if isinstance(tree, ex.Apply):
        return replace(tree, argument=_numbered(tree.argument, numbers))
    return tree


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
