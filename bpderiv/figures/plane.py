"""What a network with two inputs answers all over the plane of its inputs."""

from __future__ import annotations

import numpy as np
from matplotlib.lines import Line2D

from bpderiv.figures.palette import DASHES, HEIGHT, INK, PALETTE
from bpderiv.figures.picture import Picture, in_style, new_figure, number
from bpderiv.network import Network

_SIDE = 3.1  # inches
_N = 121  # points along a side
_FLAT = 1e-3  # an output that varies less has no place where it crosses one half
_DOT = {"color": "none", "marker": "o", "markeredgecolor": INK, "markeredgewidth": 2}


@in_style
def answer_plane(networks, x, d, *, low: float = -0.5, high: float = 1.5) -> Picture:
    """Draw the output over the two inputs, one panel for each network, and the examples on it.

    The darker, the larger the output. The thick line is where it is one half; the dashed lines,
    one for each neuron of the first hidden layer, are where its field is zero: there it changes
    its mind. Examples that want 1 are filled, those that want 0 are hollow.

    Parameters
    ----------
    networks : dict of str → Network
        up to three, with two inputs and one output, and their titles.
    x, d : arrays B × 2 and B × 1
    low, high : float
        the same for both inputs.

    Errors
    ------
    ValueError
        for other shapes, no network or more than three.
    """
    if not 1 <= len(networks) <= 3:
        raise ValueError(f"expected 1 to 3 networks, not {len(networks)}")
    for title, network in networks.items():
        if (network.sizes[0], network.sizes[-1]) != (2, 1):
            raise ValueError(f"{title!r}: {network!r} does not have two inputs and one output")
        network.error(x, d)  # says what is wrong with x or d
    if not low < high:
        raise ValueError(f"expected low < high, not {low} and {high}")
    x, d = np.asarray(x), np.asarray(d)[:, 0]
    keys = _keys(any(len(network.sizes) > 2 for network in networks.values()))
    columns = len(keys) if len(networks) > 1 else 2
    below = 0.8 + 0.28 * -(-len(keys) // columns)
    width, height = 0.75 + len(networks) * (_SIDE + 0.45), _SIDE + below + 0.45
    figure = new_figure(width, height)
    for n, (title, network) in enumerate(networks.items()):
        left = 0.75 + n * (_SIDE + 0.45)
        place = (left / width, below / height, _SIDE / width, _SIDE / height)
        axes = figure.add_axes(place)
        _draw(axes, network, low, high)
        for wanted, face in ((1.0, INK), (0.0, "white")):
            dots = x[(d > 0.5) == bool(wanted)]
            look = {"markerfacecolor": face, "markersize": 11, **_DOT}
            axes.plot(*dots.T, zorder=5, clip_on=False, **look)
        axes.set(xlim=(low, high), ylim=(low, high), title=title, xticks=[0, 1], yticks=[0, 1])
        axes.set_xlabel("first input", fontsize=12)
        if n == 0:
            axes.set_ylabel("second input", fontsize=12)
    look = {"frameon": False, "fontsize": 12, "borderaxespad": 0.4}
    figure.legend(handles=keys, loc="lower center", ncols=columns, **look)
    return Picture(figure, _words(networks, x, d))


def _keys(hidden: bool) -> list[Line2D]:
    """The legend: what dots and lines mean."""
    keys = [
        Line2D([], [], markerfacecolor=INK, markersize=9, label="wants 1", **_DOT),
        Line2D([], [], markerfacecolor="white", markersize=9, label="wants 0", **_DOT),
        Line2D([], [], color=PALETTE["y"], linewidth=3.5, label="output is ½"),
    ]
    dashed = Line2D([], [], color=PALETTE["e"], linewidth=2, linestyle=DASHES[1])
    dashed.set_label("a hidden field is 0")
    return [*keys, dashed] if hidden else keys


def _draw(axes, network: Network, low: float, high: float) -> None:
    line = np.linspace(low, high, _N)
    across, up = np.meshgrid(line, line)
    signals = network.forward(np.column_stack([across.ravel(), up.ravel()]))
    y = signals.y[-1].reshape(across.shape)
    axes.imshow(
        y, origin="lower", extent=(low, high, low, high), cmap=HEIGHT, vmin=0, vmax=1, zorder=0
    )
    if y.min() < 0.5 < y.max() and y.max() - y.min() > _FLAT:
        axes.contour(across, up, y, levels=[0.5], colors=[PALETTE["y"]], linewidths=3.5, zorder=3)
    for a in range(network.sizes[1] if len(network.sizes) > 2 else 0):
        v = signals.v[1][:, a].reshape(across.shape)
        if v.min() < 0 < v.max():
            dash = DASHES[1 + a % (len(DASHES) - 1)]
            look = {"colors": [PALETTE["e"]], "linewidths": 2, "linestyles": [dash]}
            axes.contour(across, up, v, levels=[0.0], zorder=4, **look)


def _words(networks, x, d) -> str:
    """What each network answers at the examples."""
    points = ", ".join(f"({number(a)}, {number(b)})" for a, b in x)
    wanted = ", ".join(number(value) for value in d)
    parts = []
    for title, network in networks.items():
        answers = ", ".join(f"{value:.2f}" for value in network.forward(x).y[-1][:, 0])
        parts.append(f"{title}: {answers}")
    return (
        f"The output over the plane of the two inputs. At {points} wanted are {wanted}; "
        f"answered are, {'; '.join(parts)}."
    )
