r"""A general entry drawn as the notes draw matrices: first places, dots, last place.

Nothing is known here about any particular Jacobian. The entry's formula is asked for its
value at the places 1, 2 and "last" of each axis; [r = s] is then 1 or 0. So −[r = s] comes
out as −I and y_a [r = b] as the column with one entry that is not zero.
"""

from __future__ import annotations

import sympy
from sympy import KroneckerDelta

from bpderiv.definitions import Layers
from bpderiv.printing import latex
from bpderiv.quantities import Axis
from bpderiv.symbols import index_symbol, size_symbol

_DOTS = {"row": r"\dots", "column": r"\vdots", "both": r"\ddots"}


def drawn_matrix(entry: sympy.Expr, axes: tuple[Axis, ...], layers: Layers) -> str:
    """LaTeX of a scalar, row, column or matrix; an array [r, b, a] is given by its entry."""
    if len(axes) == 0:
        return latex(entry)
    if len(axes) > 2:
        letters = ", ".join(axis.letter for axis in axes)
        return rf"\left[\, {latex(entry)} \,\right]_{{{letters}}}"
    if marked := _marked_place(entry, axes):
        return _column_with_one_entry(entry, axes[0], marked)
    return _with_dots(entry, axes, layers)


def _at(entry: sympy.Expr, places: dict) -> str:
    """The entry at the given places; different places are different neurons."""
    value = entry.xreplace({index_symbol(letter): place for letter, place in places.items()})
    value = value.replace(
        lambda node: isinstance(node, KroneckerDelta),
        lambda node: sympy.Integer(int(node.args[0] == node.args[1])),
    )
    return latex(value)


def _places(size) -> list:
    """1, 2, and the last place; 1 to n where the size is a small number."""
    symbol = size_symbol(size)
    if symbol.is_Integer and symbol <= 3:
        return [sympy.Integer(n) for n in range(1, int(symbol) + 1)]
    return [sympy.Integer(1), sympy.Integer(2), None, symbol]


def _with_dots(entry, axes, layers: Layers) -> str:
    sizes = [layers.size(axis.layer) for axis in axes]
    is_row = len(axes) == 1
    rows = [sympy.Integer(1)] if is_row else _places(sizes[0])
    columns = _places(sizes[-1])

    def cell(row, column) -> str:
        if row is None:
            return _DOTS["both" if column is None else "column"]
        if column is None:
            return _DOTS["row"]
        places = {axes[-1].letter: column}
        return _at(entry, places if is_row else {axes[0].letter: row, **places})

    body = r" \\ ".join(" & ".join(cell(r, c) for c in columns) for r in rows)
    size = f"{1 if is_row else sizes[0]} \\times {sizes[-1]}"
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}_{{{size}}}"


def _marked_place(entry, axes):
    """The index b if the entry is f · [r = b], zero everywhere else along its one axis."""
    axis = index_symbol(axes[0].letter)
    for factor in sympy.Mul.make_args(entry):
        if len(axes) == 1 and isinstance(factor, KroneckerDelta) and axis in factor.args:
            return next(x for x in factor.args if x != axis)
    return None


def _column_with_one_entry(entry, axis: Axis, marked) -> str:
    value = _at(entry, {axis.letter: marked})
    body = r" \\ ".join(["0", r"\vdots", value, r"\vdots", "0"])
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}} (\text{{index}} = {latex(marked)})"
