"""δ by layer: how large the local gradients are, from the output back to the first hidden layer."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import LogLocator, NullFormatter

from bpderiv.figures.curves import COLOURS, label_ends
from bpderiv.figures.palette import DASHES
from bpderiv.figures.picture import Picture, in_style, new_figure, number
from bpderiv.network import Network


@in_style
def delta_by_layer(networks: dict[str, Network], x, d) -> Picture:
    """Draw the mean size of δ in each layer, on a logarithmic axis; the output is on the left.

    Parameters
    ----------
    networks : dict of label → Network
        up to five, all of one depth.
    x, d : arrays, shapes B × (first layer) and B × (last layer)

    Errors
    ------
    ValueError
        for no network or more than five, networks of different depths, or a layer whose δ are
        all zero (a logarithm has no place for them).
    """
    if not 1 <= len(networks) <= len(DASHES):
        raise ValueError(f"expected 1 to {len(DASHES)} networks, not {len(networks)}")
    if len({len(network.W) for network in networks.values()}) > 1:
        raise ValueError("the networks must have the same number of layers")
    sizes = {name: _sizes(name, network, x, d) for name, network in networks.items()}
    figure = new_figure(7.5, 3.9)
    axes = figure.add_axes((0.16, 0.17, 0.6, 0.77))
    for (name, values), dash, colour in zip(sizes.items(), DASHES, COLOURS, strict=False):
        axes.plot(values, linestyle=dash, color=colour, marker="o", label=name, zorder=3)
    axes.set(xlabel="layers back from the output", yscale="log")
    axes.set_ylabel("mean size of δ")
    axes.set_xticks(range(len(next(iter(sizes.values())))))
    axes.yaxis.set_major_locator(LogLocator())
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(lambda value, _: number(value))
    axes.grid(axis="y", color="#E4E4E4", zorder=0)
    label_ends(axes)
    return Picture(figure, _alt(sizes))


def _sizes(name: str, network: Network, x, d) -> np.ndarray:
    """Mean |δ| of each layer, the output's first."""
    found = [abs(delta).mean() for delta in network.backward(x, d).delta[1:]]
    if min(found) == 0:
        raise ValueError(f"{name}: all δ of a layer are zero, and a logarithm has no place for 0")
    return np.array(found[::-1])


def _alt(sizes: dict[str, np.ndarray]) -> str:
    parts = [
        f"{name}: from {number(values[0])} at the output to {number(values[-1])} in the first "
        f"hidden layer"
        for name, values in sizes.items()
    ]
    return f"Mean size of δ by layer, on a logarithmic axis; {'; '.join(parts)}."
