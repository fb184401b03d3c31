"""Curves: E against the steps of training, and activation functions with their slopes."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from bpderiv.activations import activation
from bpderiv.figures.palette import DASHES, GREY, INK, PALETTE
from bpderiv.figures.picture import Picture, box, in_style, new_figure, number
from bpderiv.inputs import check_array

COLOURS = (PALETTE["w"], PALETTE["e"], PALETTE["y"], PALETTE["v"], "#6E6E6E")


@in_style
def error_curve(
    errors, *, log: bool = False, xlabel: str = "steps", title: str = "", per: str = ""
) -> Picture:
    """Draw E before each step (or epoch) and after the last, one curve or several.

    Parameters
    ----------
    errors : array, or dict of str → array
        E at step 0, 1, 2, …, as `Network.train` returns it; several curves with their labels.
        An infinite last E (training that diverged) is told, not drawn.
    log : bool
        whether E has a logarithmic axis.
    xlabel, title : str
        what is counted from left to right, and what stands above.
    per : str
        of what E is the mean ("image"), if E was divided for the picture.

    Errors
    ------
    ValueError
        for NaN, infinity before the end, E < 0, an empty curve, more than five curves, and with
        `log` for E = 0.
    """
    curves = errors if isinstance(errors, dict) else {"": errors}
    if not 1 <= len(curves) <= len(DASHES):
        raise ValueError(f"expected 1 to {len(DASHES)} curves, not {len(curves)}")
    curves = dict(_finite_part(name, values) for name, values in curves.items())
    curves = {name: _check_curve(values, name, log) for name, values in curves.items()}
    figure = new_figure(7.5, 3.9)
    axes = figure.add_axes((0.16, 0.17, 0.6 if len(curves) > 1 else 0.8, 0.7 if title else 0.77))
    for (name, values), dash, colour in zip(curves.items(), DASHES, COLOURS, strict=False):
        marker = "o" if len(values) <= 12 else ""
        axes.plot(values, linestyle=dash, color=colour, marker=marker, label=name, zorder=3)
    axes.set(xlabel=xlabel, yscale="log" if log else "linear", title=title)
    axes.text(
        -0.19 if len(curves) > 1 else -0.14,
        0.5,
        r"$\mathcal{E}$" + (f"\nper\n{per}" if per else ""),
        size=13 if per else 18,
        transform=axes.transAxes,
        ha="center",
        va="center",
    )
    longest = max(len(values) for values in curves.values())
    axes.set_xlim(0, max(longest - 1, 1))
    if log:
        low, high = axes.get_ylim()
        subs = (1.0, 2.0, 5.0) if high < 300 * low else (1.0,)
        axes.yaxis.set_major_locator(LogLocator(subs=subs))
        axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_ylim(bottom=0.0)
    axes.yaxis.set_major_formatter(lambda value, _: number(value))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axes.grid(axis="y", color="#E4E4E4", zorder=0)
    label_ends(axes)
    return Picture(figure, _alt(curves, log, xlabel, per))


def _finite_part(name: str, values) -> tuple[str, np.ndarray]:
    """A curve without an infinite end; its label tells."""
    values = np.asarray(values)
    if values.ndim == 1 and values.size > 1 and values.dtype.kind == "f" and values[-1] == np.inf:
        return f"{name} → ∞".strip(), values[:-1]
    return name, values


def _check_curve(values, name: str, log: bool) -> np.ndarray:
    array = np.asarray(values)
    if array.dtype.kind in "iu":
        array = array.astype(float)
    array = check_array(array, f"errors[{name!r}]" if name else "errors")
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"errors {name!r} has shape {array.shape}: expected one number a step")
    if (array < 0).any() or (log and (array == 0).any()):
        raise ValueError(
            f"errors {name!r} has E = {array.min():g} at step {array.argmin()}: E is a sum of "
            f"squares, never below 0{', and a logarithmic axis needs E > 0' if log else ''}"
        )
    return array


def label_ends(axes) -> None:
    """Each curve's label at its end; where ends meet, labels move apart."""
    lines = [line for line in axes.lines if not line.get_label().startswith("_")]
    lines = [line for line in lines if line.get_label()]
    figure = axes.get_figure()
    frame = box(axes)
    ends = [axes.transData.transform(line.get_xydata()[-1]) / figure.dpi for line in lines]
    heights = spread([end[1] for end in ends], 0.24, frame[1] + 0.05, frame[3] - 0.05)
    for line, height in zip(lines, heights, strict=True):
        place = np.array([frame[2] + 0.3, height]) * figure.dpi
        axes.annotate(
            line.get_label(),
            line.get_xydata()[-1],
            axes.transAxes.inverted().transform(place),
            textcoords="axes fraction",
            va="center",
            size=12,
            color=INK,
            arrowprops={
                "arrowstyle": "-",
                "color": line.get_color(),
                "linewidth": 1.4,
                "linestyle": line.get_linestyle(),
                "shrinkA": 1,
                "shrinkB": 1,
            },
        )


def spread(heights, gap: float, low: float, high: float) -> list[float]:
    """The same heights, moved as little as needed to be `gap` apart within low … high."""
    order = np.argsort(heights, kind="stable")
    placed = np.array([heights[n] for n in order], dtype=float)
    for n in range(1, len(placed)):
        placed[n] = max(placed[n], placed[n - 1] + gap)
    if len(placed) and placed[-1] > high:
        placed[-1] = high
        for n in reversed(range(len(placed) - 1)):
            placed[n] = min(placed[n], placed[n + 1] - gap)
    result = np.empty(len(placed))
    result[order] = np.maximum(placed, low + gap * np.arange(len(placed)))
    return result.tolist()


def _alt(curves, log: bool, counted: str, per: str) -> str:
    """From where to where each curve goes."""
    parts = []
    for name, values in curves.items():
        text = f"from {number(values[0])} to {number(values[-1])} in {len(values) - 1} {counted}"
        low = int(values.argmin())
        if values[-1] > values[low] and low > 0:
            text += f" (lowest {number(values[low])} at {counted.removesuffix('s')} {low})"
        parts.append(f"{name}: {text}" if name else text)
    scale = " (logarithmic)" if log else ""
    of = f" per {per}" if per else ""
    return f"E{of}{scale} against the {counted} of training; {'; '.join(parts)}."


# --- activation functions -------------------------------------------------------------------


@in_style
def activation_curves(names=("logistic", "tanh", "relu"), *, widest: float = 4.0) -> Picture:
    """Draw φ and, beside it, φ′ for the chosen activations, from v = −widest to widest.

    Parameters
    ----------
    names : str, Activation, or up to five of them
    widest : float
        the largest |v| drawn.

    Errors
    ------
    ValueError
        for unknown names, none, or more than five.
    """
    chosen = [names] if isinstance(names, str) or not np.iterable(names) else list(names)
    if not 1 <= len(chosen) <= len(DASHES):
        raise ValueError(f"expected 1 to {len(DASHES)} activations, not {len(chosen)}")
    if not (np.isfinite(widest) and widest > 0):
        raise ValueError(f"widest must be a finite number above 0, not {widest}")
    chosen = [activation(name) for name in chosen]
    v = np.linspace(-widest, widest, 801)
    figure = new_figure(9.5, 4.1)
    left = figure.add_axes((0.07, 0.15, 0.4, 0.64))
    right = figure.add_axes((0.57, 0.15, 0.4, 0.64))
    for n, function in enumerate(chosen):
        look = {"linestyle": DASHES[n], "color": COLOURS[n], "linewidth": 3.0 - 0.35 * n}
        left.plot(v, function.phi(v), label=function.name, **look)
        right.plot(v, _with_gaps(function.phi_prime(v)), label=function.name, **look)
    left.set(title=r"$\varphi(v)$", ylim=_room(left, 2.0))
    right.set(title=r"$\varphi'(v)$", ylim=_room(right, 1.5))
    for axes in (left, right):
        axes.set_xlim(-widest, widest)
        axes.set_xlabel("$v$", size=15)
        axes.title.set_size(16)
        axes.axhline(0, color=GREY, linewidth=0.8, zorder=0)
        axes.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    handles, labels = left.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="upper center", ncols=5, handlelength=3.4, frameon=False, fontsize=12
    )
    return Picture(figure, _activation_alt(chosen, widest))


def _with_gaps(slope) -> np.ndarray:
    """A gap where φ′ jumps, so that no line is drawn there."""
    slope = slope.copy()
    slope[1:][np.abs(np.diff(slope)) > 0.5] = np.nan
    return slope


def _room(axes, most: float) -> tuple[float, float]:
    """All the curves with some room, but never more than `most` away from 0."""
    values = np.concatenate([line.get_ydata() for line in axes.lines])
    low, high = max(np.nanmin(values), -most), min(np.nanmax(values), most)
    return low - 0.1 * (high - low + 0.1), high + 0.1 * (high - low + 0.1)


def _activation_alt(chosen, widest: float) -> str:
    """Values at the ends and slopes at 0."""
    at = np.array([-widest, 0.0, widest])
    parts = []
    for function in chosen:
        low, _, high = function.phi(at)
        slopes = function.phi_prime(at)
        parts.append(
            f"{function.name}: φ from {number(low)} to {number(high)}, "
            f"φ′ = {number(slopes[0])}, {number(slopes[1])}, {number(slopes[2])}"
        )
    return (
        f"Curves of φ and, beside it, φ′ from v = {number(-widest)} to {number(widest)}; "
        f"{'; '.join(parts)} at v = {number(-widest)}, 0, {number(widest)}."
    )
