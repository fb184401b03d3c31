"""One weight is nudged: how much does each quantity on its way to E change?"""

from __future__ import annotations

import numpy as np

from bpderiv import network as algorithm
from bpderiv.figures.naming import check_weight, layers_of, node_latex, plain, weight_latex
from bpderiv.figures.palette import GREY, INK, PALETTE, mix
from bpderiv.figures.picture import Picture, in_style, new_figure, number

_MOST = 3  # neurons of a later layer that are shown
_TINY = 1e-150  # step of complex-step differentiation: no difference, so no cancellation


@in_style
def wiggle(network, x, d, weight, size: float = 0.1) -> Picture:
    """Draw what w → w + size changes: v and y of the receiving neuron, …, e, and E.

    A bar is the true change; the black mark on it is what the derivative predicts,
    (∂quantity/∂w) · size. For a small size they agree.

    Parameters
    ----------
    network : Network
    x, d : arrays 1 × n_0 and 1 × n_L
        one example.
    weight : tuple
        (layer, b, a): into neuron b of `layer`, from neuron a.
    size : float
        how far the weight is nudged; not 0.

    Errors
    ------
    ValueError
        for a weight that the network does not have, more than one example, a size of 0 or NaN.
    """
    weight = check_weight(weight, network.sizes, network.bias)
    if not np.isfinite(size) or size == 0:
        raise ValueError(f"size must be a finite number other than 0, not {size}")
    network.error(x, d)  # checks x and d
    if len(x) != 1:
        raise ValueError(f"expected one example (one row of x and d), not {len(x)}")
    rows = _rows(network, x, d, weight, float(size))
    name = weight_latex(layers_of(network.sizes), weight)
    return Picture(_draw(rows, name, size), _alt(rows, name, network, weight, size))


def _rows(network, x, d, weight, size) -> list[tuple]:
    """(kind, LaTeX, before, change, predicted change) of each quantity on the way."""
    before = _quantities(network, x, d, weight, 0.0)
    after = _quantities(network, x, d, weight, size)
    slopes = _quantities(network, x, d, weight, 1j * _TINY)
    layers = layers_of(network.sizes)
    rows = []
    for key, old in before.items():
        latex = r"\mathcal{E}" if key == ("E",) else node_latex(key[0], layers, *key[1:])
        change = after[key].real - old.real
        rows.append((key[0], latex, old.real, change, slopes[key].imag / _TINY * size, key))
    return [row[:5] for row in _most_changed(rows, weight[0])]


def _quantities(network, x, d, weight, nudge) -> dict:
    """Every v, y and e that the weight can reach, and E, as complex numbers."""
    layer, b, a = weight
    W = [None, *(w.astype(complex) for w in network.W[1:])]
    W[layer][b - 1, a - 1 + network.bias] += nudge
    v, y = algorithm.forward(W, network.phi, np.asarray(x, dtype=complex), network.bias)
    last = len(W) - 1
    found = {("v", layer, b): v[layer][0, b - 1], ("y", layer, b): y[layer][0, b - 1]}
    for later in range(layer + 1, last + 1):
        for kind, signal in (("v", v), ("y", y)):
            found |= {(kind, later, n): s for n, s in enumerate(signal[later][0], start=1)}
    e = np.asarray(d, dtype=complex) - y[last]
    reached = [b] if layer == last else range(1, e.shape[1] + 1)
    found |= {("e", last, n): e[0, n - 1] for n in reached}
    found["E",] = algorithm.error(e)
    return found


def _most_changed(rows, layer) -> list:
    """In each later layer, the neurons whose v changes most, in their order."""
    kept = []
    for later in {row[5][1] for row in rows if len(row[5]) == 3}:
        v = [row for row in rows if row[5][:2] == ("v", later)]
        v = sorted(v, key=lambda row: -abs(row[3]))[:_MOST]
        kept += [(later, row[5][2]) for row in v]
    return [row for row in rows if len(row[5]) == 1 or row[5][1:] in kept]


def _draw(rows, name: str, size: float):
    """Horizontal bars; at the left the names and values, at the right the changes."""
    figure = new_figure(8.4, 1.7 + 0.4 * len(rows))
    height = figure.get_size_inches()[1]
    axes = figure.add_axes((0.2, 0.65 / height, 0.47, 0.4 * len(rows) / height))
    largest = max(max(abs(row[3]), abs(row[4])) for row in rows) or 1.0
    for place, (kind, latex, before, change, predicted) in enumerate(rows):
        colour = PALETTE.get(kind, GREY)
        axes.barh(place, change, 0.6, color=mix(colour, share=0.35), edgecolor=colour, zorder=2)
        axes.plot([predicted] * 2, [place - 0.4, place + 0.4], color=INK, linewidth=2, zorder=3)
        _write(axes, -0.23, place, f"${latex}$", "right", 15)
        _write(axes, -0.21, place, f"= {number(before)}", "left", 11)
        _write(axes, 1.27, place, ("+" if change > 0 else "") + number(change), "right", 12)
        _write(axes, 1.57, place, ("+" if predicted > 0 else "") + number(predicted), "right", 12)
    for x, word, side in (
        (-0.21, "before", "left"),
        (1.27, "change", "right"),
        (1.57, "predicted", "right"),
    ):
        _write(axes, x, -0.95, word, side, 11)
    axes.axvline(0, color=GREY, linewidth=1)
    axes.set(xlim=(-1.08 * largest, 1.08 * largest), ylim=(len(rows) - 0.5, -0.5), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("bar: change;  black mark: predicted by the derivative", size=11)
    axes.xaxis.set_major_formatter(lambda value, _: number(value))
    axes.locator_params(axis="x", nbins=5)
    title = f"${name}$ is nudged by {number(size)}"
    figure.text(0.45, 1 - 0.25 / height, title, ha="center", va="center", size=14)
    return figure


def _write(axes, x: float, place: float, text: str, side: str, size: float) -> None:
    """A text in the row `place`, beside the bars."""
    where = axes.get_yaxis_transform()
    axes.text(x, place, text, transform=where, ha=side, va="center", size=size)


def _alt(rows, name, network, weight, size) -> str:
    """Every change, and what the derivative said about E."""
    changes = ", ".join(f"{plain(row[1])} by {number(row[3])}" for row in rows)
    layer = weight[0]
    wide = layer < len(network.sizes) - 1 and max(network.sizes[layer + 1 :]) > _MOST
    only = f" (in later layers the {_MOST} neurons that change most)" if wide else ""
    return (
        f"Nudging {plain(name)} by {number(size)} changes{only} {changes}. The derivative "
        f"predicts {number(rows[-1][4])} for E."
    )
