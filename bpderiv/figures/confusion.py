"""Which class was meant, and which one was answered: a table of counts as a map."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Rectangle

from bpderiv.figures.palette import GREY, INK, MIST, PALETTE, mix
from bpderiv.figures.picture import Picture, in_style, sheet

_CELL = 0.44
_LEFT, _ABOVE = 1.0, 0.95  # room for the names of rows and columns
_SIZE = 13
_FEW = 3  # confusions that the alt text names


@in_style
def confusion_map(
    meant, answered, classes: int, *, rows: str = "written", columns: str = "answered"
) -> Picture:
    """Count each pair of classes: a row for what was meant, a column for the answer.

    What is right is on the diagonal, framed; what is wrong is orange and bold. An empty cell is 0.

    Parameters
    ----------
    meant, answered : sequences of int
        the class of each example, from 0 to `classes` − 1.
    classes : int
    rows, columns : str
        what the two sides are called.

    Errors
    ------
    ValueError
        for sequences of different lengths, none at all, or a class that does not exist.
    """
    counts = _counts(meant, answered, classes)
    width, height = _LEFT + classes * _CELL + 0.2, _ABOVE + classes * _CELL + 0.15
    figure, axes = sheet(width, height)
    left, top = _LEFT, height - _ABOVE
    worst = max(int((counts - np.diag(np.diag(counts))).max()), 1)
    for (row, column), count in np.ndenumerate(counts):
        place = (left + column * _CELL, top - (row + 1) * _CELL)
        _draw_cell(axes, place, int(count), row == column, count / worst)
    for n in range(classes):
        middle = (n + 0.5) * _CELL
        axes.text(left - 0.2, top - middle, str(n), ha="center", va="center", size=_SIZE)
        axes.text(left + middle, top + 0.2, str(n), ha="center", va="center", size=_SIZE)
    middle = classes * _CELL / 2
    look = {"ha": "center", "va": "center", "size": _SIZE}
    axes.text(left - 0.6, top - middle, rows, rotation=90, **look)
    axes.text(left + middle, top + 0.6, columns, **look)
    return Picture(figure, _words(counts, rows, columns))


def _counts(meant, answered, classes: int) -> np.ndarray:
    meant, answered = np.asarray(meant), np.asarray(answered)
    if meant.shape != answered.shape or meant.ndim != 1 or not meant.size:
        raise ValueError(
            f"shapes {meant.shape} and {answered.shape}: expected one class and one answer for "
            "each example, at least one"
        )
    for name, values in (("meant", meant), ("answered", answered)):
        if values.dtype.kind not in "iu" or values.min() < 0 or values.max() >= classes:
            raise ValueError(f"{name}: expected whole numbers from 0 to {classes - 1}")
    counts = np.zeros((classes, classes), dtype=int)
    np.add.at(counts, (meant, answered), 1)
    return counts


def _draw_cell(axes, place, count: int, right: bool, share: float) -> None:
    cell = Rectangle(place, _CELL, _CELL, edgecolor="white", linewidth=1.5)
    cell.set_facecolor(mix(PALETTE["y"], share=0.8) if right else MIST)
    if right:
        cell.set(edgecolor=PALETTE["y"], zorder=2)
    if count and not right:
        cell.set_facecolor(mix(PALETTE["e"], share=0.7 - 0.4 * share))
    axes.add_patch(cell)
    if count or right:
        wrong = count and not right
        look = {"weight": "bold" if wrong else "normal", "color": INK if count else GREY}
        x, y = place[0] + _CELL / 2, place[1] + _CELL / 2
        axes.text(x, y, str(count), ha="center", va="center", size=_SIZE, zorder=3, **look)


def _words(counts, rows: str, columns: str) -> str:
    """How many are right, and the most frequent confusions."""
    right, total = int(np.trace(counts)), int(counts.sum())
    pairs = [(int(c), i, j) for (i, j), c in np.ndenumerate(counts) if i != j and c]
    pairs.sort(key=lambda pair: (-pair[0], *pair[1:]))
    named = [f"{i} {rows}, {j} {columns}: {c}" for c, i, j in pairs[:_FEW]]
    start = f"Map of {rows} against {columns}: {right} of {total} are right, {total - right} wrong"
    return f"{start}; most often {'; '.join(named)}." if named else f"{start}."
