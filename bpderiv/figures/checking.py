"""Pictures about checking: how wrong finite differences are, and what data let pass unseen."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator, NullLocator

from bpderiv.figures.curves import COLOURS
from bpderiv.figures.palette import DASHES, GREY, INK, MIST
from bpderiv.figures.picture import Picture, in_style, new_figure, sheet, text_size
from bpderiv.inputs import check_array

_MARKERS = ("o", "s", "^", "D", "v")
#: Errors below this are rounding, and drawn here: 0 has no place on a logarithmic axis.
FLOOR = 1e-16
_HIDDEN = "#4A4A4A"
#: A method whose error with the smallest step is below this does not rise again.
_GOOD = 1e-12


@in_style
def v_curve(steps, errors) -> Picture:
    """Draw the error of difference formulas against the step h, both axes logarithmic.

    Parameters
    ----------
    steps : array
        the step sizes, all above 0.
    errors : dict of str → array
        for each method one error for each step, relative, as `bpderiv.checks.step_size` gives
        them; at most five methods. Errors below 1e-16 are drawn there.

    Errors
    ------
    ValueError
        for lengths that differ, negative numbers, NaN, no steps or too many curves.
    """
    steps, errors = _check_steps(steps, errors)
    figure = new_figure(9.0, 4.7)
    axes = figure.add_axes((0.12, 0.16, 0.84, 0.68))
    for n, (name, values) in enumerate(errors.items()):
        look = {"linestyle": DASHES[n], "color": COLOURS[n], "marker": _MARKERS[n]}
        axes.plot(steps, np.maximum(values, FLOOR), label=name, markersize=6, zorder=3, **look)
    axes.set(xscale="log", yscale="log", ylim=(FLOOR / 6, 30))
    for axis, every in ((axes.xaxis, 2), (axes.yaxis, 4)):
        axis.set_major_locator(LogLocator(base=10.0**every, numticks=30))
        axis.set_minor_locator(NullLocator())
    axes.set_xlabel("step $h$", size=14)
    axes.set_ylabel("relative error", size=14)
    axes.grid(color="#E4E4E4", zorder=0)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="upper center", ncols=3, handlelength=4, frameon=False, fontsize=12
    )
    return Picture(figure, _v_alt(steps, errors))


def _check_steps(steps, errors) -> tuple[np.ndarray, dict]:
    steps = check_array(steps, "steps")
    if steps.ndim != 1 or not steps.size or (steps <= 0).any():
        raise ValueError("steps should be a list of numbers above 0")
    if not 1 <= len(errors) <= len(DASHES):
        raise ValueError(f"expected 1 to {len(DASHES)} curves, not {len(errors)}")
    errors = {name: check_array(values, f"errors[{name!r}]") for name, values in errors.items()}
    for name, values in errors.items():
        if values.shape != steps.shape or (values < 0).any():
            raise ValueError(f"errors[{name!r}] should hold one error, not below 0, for each step")
    return steps, errors


def _v_alt(steps, errors) -> str:
    """Shapes, not digits: the left side of the picture is rounding, which no two machines share."""
    parts = [f"{name} {_shape(steps, values)}" for name, values in errors.items()]
    low, high = (f"1e{round(np.log10(h))}".replace("-", "−") for h in (steps.min(), steps.max()))
    return (
        f"Relative error against the step h, from {low} to {high}, both logarithmic. "
        f"Read from large steps to small ones: {'; '.join(parts)}."
    )


def _shape(steps, values) -> str:
    values = np.maximum(values, FLOOR)
    if values[np.argmin(steps)] < _GOOD:
        return "falls and stays at the bottom, for all the smaller steps"
    good = np.log10(steps[values <= 30 * values.min()])
    near = 3 * round((good.mean() + 2) / 3) - 2
    return f"falls, is lowest near 1e{near} (to a factor of 30), and rises again".replace("-", "−")


@in_style
def seen_map(seen, rows, columns) -> Picture:
    """Draw a table of mistakes and checks: which check sees which mistake.

    Parameters
    ----------
    seen : array of bool
        a row for each mistake, a column for each check: whether it sees the mistake.
    rows, columns : list of str
        their names; those of columns may have several lines.

    Errors
    ------
    ValueError
        if the numbers of names do not fit, or there is nothing to draw.
    """
    seen = np.asarray(seen, dtype=bool)
    if seen.shape != (len(rows), len(columns)) or not seen.size:
        raise ValueError(f"{len(rows)} × {len(columns)} names for a table of {seen.shape}")
    left = max(text_size(name, 11)[0] for name in rows) + 0.4
    wide = max(text_size(name, 11)[0] for name in columns) + 0.2
    top = max(text_size(name, 11)[1] for name in columns) + 0.25
    tall, foot = 0.245, 0.5
    width, height = left + wide * len(columns) + 0.15, foot + tall * len(rows) + top
    figure, axes = sheet(width, height)
    for c, name in enumerate(columns):
        x = left + wide * (c + 0.5)
        axes.text(x, height - top + 0.1, name, ha="center", va="bottom", size=11)
    for r, name in enumerate(rows):
        y = height - top - tall * (r + 0.5)
        axes.text(left - 0.15, y, name, ha="right", va="center", size=11)
        for c in range(len(columns)):
            _cell(axes, left + wide * c, y - tall / 2, wide, tall, seen[r, c])
    _legend(axes, left, tall)
    return Picture(figure, _seen_alt(seen, columns))


def _cell(axes, x: float, y: float, wide: float, tall: float, is_seen: bool) -> None:
    """Hidden: dark, with a white cross. Seen: light, with nothing in it."""
    colour = MIST if is_seen else _HIDDEN
    look = {"facecolor": colour, "edgecolor": GREY, "linewidth": 0.5}
    place = axes.add_patch(Rectangle((x + 0.03, y + 0.02), wide - 0.06, tall - 0.04, **look))
    place.set_gid("seen" if is_seen else "hidden")
    if not is_seen:
        middle = x + wide / 2, y + tall / 2
        axes.plot(*middle, marker="x", color="white", markersize=7, markeredgewidth=2)


def _legend(axes, left: float, tall: float) -> None:
    for x, is_seen, word in ((left, False, "hidden"), (left + 1.6, True, "seen")):
        _cell(axes, x, 0.12, 0.6, tall, is_seen)
        axes.text(x + 0.7, 0.12 + tall / 2, word, va="center", size=11, color=INK)
        axes.patches[-1].set_gid("legend")


def _seen_alt(seen, columns) -> str:
    """How many each column hides."""
    names = [" ".join(name.split()) for name in columns]
    counts = [f"{name}: {(~seen[:, c]).sum()}" for c, name in enumerate(names)]
    return (
        f"Table of {seen.shape[0]} mistakes (rows) and {seen.shape[1]} sets of data (columns): "
        f"which mistakes stay hidden. Number of those hidden by {'; '.join(counts)}."
    )
