"""The signal-flow graph i → j → k → e → E, forward or backward, as Haykin draws it."""

from __future__ import annotations

import numpy as np
from matplotlib import patheffects
from matplotlib.patches import Circle, FancyBboxPatch, Polygon

from bpderiv.figures.graph import Edge, Graph, fill_in, make_graph
from bpderiv.figures.labels import label_weights
from bpderiv.figures.naming import node_latex, plain, weight_latex
from bpderiv.figures.palette import GREY, INK, MIST, PALE, PALETTE, mix
from bpderiv.figures.picture import Picture, in_style, number, numbers, sheet

R = 0.3  # radius of a node; all lengths are inches
_LINE = 0.33  # height of a line above the picture
_STEP = 1.0  # from v to y, from y to e, from e to E


@in_style
def signal_flow(
    network=None,
    signals=None,
    *,
    sizes=(2, 2, 2),
    bias: bool = False,
    path=None,
    weight=None,
    show: str = "forward",
    gradients=None,
    d=None,
    part=None,
    example: int = 1,
    names: bool = True,
) -> Picture:
    """Draw the layers as columns of nodes v → y, joined by the weights; then e and E.

    Parameters
    ----------
    network : Network, optional
        gives sizes, bias, and the arrows' widths (proportional to |w|, dashed where w < 0).
    signals : Signals, optional
        of `network.forward(x)`: numbers at v and y.
    sizes, bias
        the layers' sizes, without a network; letters such as ("p", "z", "m") mean any size.
    path : tuple, optional
        one neuron for each layer, input first, such as (1, 2, 1), drawn thick; None in it
        means every neuron of that layer.
    weight : tuple, optional
        one weight (layer, b, a) drawn thick: into neuron b of `layer`, from neuron a.
    show : "forward" or "backward"
        backward the arrows turn round, δ is at the nodes, and Σ is what arrives at y.
    gradients : Gradients, optional
        of `network.backward(x, d)`: numbers at δ.
    d : array B × n_L, optional
        desired responses: numbers at d, e and E (of this example).
    part : str or tuple of str, optional
        where we are: "E", "e", a layer ("k": from v_k to y_k) or two ("j-k"); the rest is pale.
    example : int
        which row of the batch, from 1.
    names : bool
        whether the nodes carry their names, or only numbers.

    Errors
    ------
    ValueError
        for neurons, weights or parts that the network does not have, and arrays that do not fit.
    """
    if show not in ("forward", "backward"):
        raise ValueError(f'show is "forward" or "backward", not {show!r}')
    if network is None and (signals is not None or gradients is not None or d is not None):
        raise ValueError("signals, gradients and d belong to a network: pass it, too")
    if d is not None and signals is None:
        raise ValueError("e = d − y needs y: pass signals=network.forward(x), too")
    if show == "backward" and signals is not None and gradients is None:
        raise ValueError("backward, δ is at the nodes: pass gradients=network.backward(x, d)")
    if network is not None:
        sizes, bias = network.sizes, network.bias
    graph = make_graph(tuple(sizes), bias, path, weight, show == "backward", part)
    if network is not None:
        fill_in(graph, network, signals, gradients, d, example - 1)
    return Picture(draw(graph, names), _alt(graph, example, signals))


def draw(graph: Graph, names: bool = True, heading: tuple[str, ...] = ()):
    """Lay out, then draw: boxes of neurons, edges, nodes, and last the weights' labels.

    The lines of `heading` stand above, from the left.
    """
    place, width, height = _lay_out(graph)
    figure, axes = sheet(width, height + _LINE * len(heading))
    for n, line in enumerate(reversed(heading)):
        axes.text(0.38, height + _LINE * (n + 0.4), line, va="center", size=13)
    _draw_layers(axes, graph, place, height)
    lines = [_draw_edge(axes, graph, edge, place) for edge in graph.edges]
    for node in place:
        _draw_node(axes, graph, node, place, names)
    label_weights(axes, graph, lines)
    if graph.W is not None:
        key = "width: |w|,  dashed: w < 0" + ",  dots: unused" * graph.backward
        axes.text(width - 0.12, 0.2, key, ha="right", va="center", size=10, color="#555555")
    return figure


# --- layout ---------------------------------------------------------------------------------


def _lay_out(graph: Graph) -> tuple[dict, float, float]:
    """A place for every node (and every ⋮), and the size of the sheet."""
    depths = [_depths(graph, layer) for layer in range(graph.last + 1)]
    tallest = max(depth[-1] for depth in depths)
    above_output = depths[-1][-1] / 2 + (0.45 if not graph.backward else 0)
    middle = 0.45 + R + 0.28 + tallest / 2
    crowded = any(graph.labelled(edge) for edge in graph.edges) and tallest > 1.5
    gap = 2.0 if crowded else 1.75
    gap = max(gap, 0.2 * tallest + 0.95) if graph.last < 3 else gap - 0.25
    place: dict = {}
    x = 0.68
    for layer, depth in enumerate(depths):
        x += gap if layer else 0
        for neuron, below in zip(graph.rows[layer], depth, strict=True):
            y = middle + depth[-1] / 2 - below
            key = f"⋮{below}" if neuron is None else neuron
            if layer and neuron != 0:
                place["v", layer, key] = (x, y)
            place["y", layer, key] = (x + (_STEP if layer else 0), y)
        x += _STEP if layer else 0
    for node in [node for node in place if node[:2] == ("y", graph.last)]:
        place["e", node[2]] = (x + _STEP, place[node][1])
        if graph.backward:
            del place[node]
    place["E",] = (x + 2.1 * _STEP, middle)
    return place, x + 2.1 * _STEP + 0.75, middle + max(tallest / 2, above_output) + R + 0.55


def _depths(graph: Graph, layer: int) -> list[float]:
    """How far each row is below the first; the output needs room for d."""
    output = layer == graph.last and not graph.backward
    rows = graph.rows[layer]
    steps = [
        (0.82 if output else 0.65) if None in pair else (1.2 if output else 1.0)
        for pair in zip(rows, rows[1:], strict=False)
    ]
    return [0.0, *np.cumsum(steps).tolist()]


# --- drawing --------------------------------------------------------------------------------


def _draw_layers(axes, graph: Graph, place: dict, height: float) -> None:
    """The layers' names on top, their sizes below, and a pale box for each neuron."""
    for layer, name in enumerate(graph.layers.names):
        alone = layer == 0 or (graph.backward and layer == graph.last)
        first = place["v" if layer else "y", layer, graph.neurons(layer)[0]][0]
        centre = first + (0 if alone else _STEP / 2)
        size = graph.layers.size(name)
        below = f"${size}$ neuron{'' if size == 1 else 's'}"
        axes.text(centre, height - 0.22, f"layer ${name}$", ha="center", va="center", size=13)
        axes.text(centre, 0.2, below, ha="center", va="center", size=11)
        for neuron in [] if alone else graph.neurons(layer):
            x, y = place["v", layer, neuron]
            low = R + (0.24 if graph.values else 0.07)
            shape = "round,pad=0,rounding_size=0.3"
            pill = FancyBboxPatch(
                (x - R - 0.07, y - low), _STEP + 2 * R + 0.14, R + 0.07 + low, boxstyle=shape
            )
            pill.set(facecolor=MIST, edgecolor="none", zorder=0)
            axes.add_patch(pill)


def _look(graph: Graph, edge: Edge) -> dict:
    """Colour, width and dashes of an edge."""
    strong = graph.strong(edge)
    picked = bool(graph.path or graph.weight)
    colour, width, dash = INK, 2.6 if edge.chosen else 1.3, "-"
    if edge.weight:
        meant = edge.chosen or (bool(graph.parts or graph.pointed) and not picked)
        colour, width = (PALETTE["w"], 3.0 if picked else 1.8) if meant else (GREY, 1.1)
        if graph.W is not None:
            w = graph.value_of(edge.weight)
            largest = max(abs(one).max() for one in graph.W[1:]) or 1.0
            width = (2.5 if picked and not edge.chosen else 5) * abs(w) / largest
            width = max(width, 1.6 if edge.chosen else 0.4)
            # However thin the arrow, a dash is a dash and no dot: 7 points at least.
            dash = (0, (max(2, 7 / width), max(1, 3.5 / width))) if w < 0 else "-"
    if not strong:
        colour, width = PALE, min(width, 1.2)
    return {"color": colour, "linewidth": width, "linestyle": dash if edge.arrow else (0, (1, 2))}


def _draw_edge(axes, graph: Graph, edge: Edge, place: dict):
    """A line from rim to rim, with a head; its label above it if it is not a weight."""
    start, end = (np.array(place[node]) for node in (edge.start, edge.end))
    along = (end - start) / np.linalg.norm(end - start)
    start, end = start + R * along, end - (R + 0.02) * along
    look = _look(graph, edge)
    size = 0.045 + 0.017 * look["linewidth"]
    stop = end - 2.2 * size * along if edge.arrow else end
    z = 2 if edge.chosen else 1
    (line,) = axes.plot(*zip(start, stop, strict=True), zorder=z, solid_capstyle="butt", **look)
    line.set_gid(f"{edge.start} → {edge.end}")
    if edge.arrow:
        across = size * np.array([-along[1], along[0]])
        head = Polygon([end, stop + across, stop - across], closed=True, zorder=z)
        head.set(facecolor=look["color"], edgecolor="none")
        axes.add_patch(head)
    if edge.label:
        ink = INK if graph.strong(edge) else GREY
        x, y = (start + end) / 2
        axes.text(x, y + 0.09, edge.label, ha="center", va="bottom", size=13, color=ink)
        slope = graph.slopes.get((edge.end[1], edge.end[-1])) if graph.backward else None
        if slope is not None:
            axes.text(x, y - 0.13, number(slope), ha="center", va="top", size=9.5, color=ink)
    return line


def _draw_node(axes, graph: Graph, node: tuple, place: dict, names: bool) -> None:
    """A circle with its name, and its number below."""
    x, y = place[node]
    if str(node[-1]).startswith("⋮"):
        axes.text(x, y, "⋮", ha="center", va="center", size=16, color=GREY)
        return
    is_bias = node[-1] == 0
    strong = _is_strong(graph, node)
    ink = INK if strong else GREY
    kind, label = _name(graph, node)
    colour = PALETTE.get(kind, GREY)
    circle = Circle((x, y), R, zorder=3, linewidth=1.6 if strong else 0.8)
    circle.set_gid(str(node))
    circle.set_facecolor(mix(colour, share=0.6) if strong and not is_bias else "white")
    circle.set_edgecolor(mix(colour, "black", 0.25) if strong else PALE)
    axes.add_patch(circle)
    style = {"ha": "center", "zorder": 4, "color": ink}
    value = 1.0 if is_bias else graph.values.get(node)
    if names or value is None:
        axes.text(x, y, f"${label}$", va="center", size=14, **style)
        if value is not None:
            shown = axes.text(x, y - R - 0.04, number(value), va="top", size=10.5, **style)
            shown.set_path_effects([patheffects.withStroke(linewidth=2.5, foreground="white")])
    else:
        text = number(value)
        axes.text(x, y, text, va="center", size=10.5 if len(text) < 7 else 9, **style)
    if kind == "e" and not graph.backward:
        _draw_desired(axes, graph, node, place)


def _is_strong(graph: Graph, node: tuple) -> bool:
    """A node is strong if an edge at it is; on the way back the input is not reached."""
    if graph.pointed:
        return node in graph.pointed
    touching = [edge for edge in graph.edges if node in (edge.start, edge.end)]
    if graph.backward and node[0] == "y" and (node[1] == 0 or node[2] == 0) and not graph.parts:
        return any(edge.chosen for edge in touching)
    return any(graph.strong(edge) for edge in touching)


def _draw_desired(axes, graph: Graph, node: tuple, place: dict) -> None:
    """The desired response, entering e from above; it is as strong as e, if it is not the one."""
    x, y = place[node]
    strong = ("d", node[1]) in graph.pointed if graph.pointed else _is_strong(graph, node)
    ink = INK if strong else GREY
    text = f"${node_latex('d', graph.layers, graph.last, node[1])}$"
    if ("d", node[1]) in graph.values:
        text += f" = {number(graph.values['d', node[1]])}"
    axes.text(x, y + R + 0.17, text, ha="center", va="bottom", size=11, color=ink)
    arrow = {"arrowstyle": "-|>", "color": ink, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (x, y + R), (x, y + R + 0.18), arrowprops=arrow)


def _name(graph: Graph, node: tuple) -> tuple[str, str]:
    """Which quantity is at a node, and its LaTeX."""
    if node == ("E",):
        return "E", r"\mathcal{E}"
    if node[0] == "e":
        return "e", node_latex("e", graph.layers, graph.last, node[1])
    kind, layer, neuron = node
    if graph.backward and kind == "y" and layer and neuron != 0:
        return "sum", r"\Sigma"
    kind = "delta" if graph.backward and kind == "v" else kind
    return kind, node_latex(kind, graph.layers, layer, neuron)


# --- words ----------------------------------------------------------------------------------


def _alt(graph: Graph, example: int, signals) -> str:
    """What is to be seen, in at most three sentences."""
    way = "backward, with δ at the nodes" if graph.backward else "forward"
    where = f"; all is pale but {', '.join(graph.parts)}" if graph.parts else ""
    text = [
        f"Signal-flow graph of a {'-'.join(map(str, graph.layers.sizes))} network "
        f"(layers {' → '.join(graph.layers.names)}, then e and E), arrows {way}{where}."
    ]
    chosen = [edge for edge in graph.edges if edge.chosen and graph.strong(edge)]
    thick = [edge.weight for edge in chosen if edge.weight]
    if thick:
        names = [plain(weight_latex(graph.layers, weight)) for weight in thick]
        if graph.W is not None:
            values = [number(graph.value_of(weight)) for weight in thick]
            names = [f"{name} = {value}" for name, value in zip(names, values, strict=True)]
        text.append(f"Drawn thick: {', '.join(names)}.")
    if graph.values:
        count = len(signals.y[0]) if signals is not None else 1
        which = f" of example {example} of {count}" if count > 1 else ""
        text.append(f"Numbers{which}: {_numbers(graph)}.")
    return " ".join(text)


def _numbers(graph: Graph) -> str:
    """The numbers by layer: v_j = (0.3, −1), …, E = 0.178."""
    groups: dict[str, list] = {}
    for node, value in graph.values.items():
        if node == ("E",) or (graph.backward and node[0] in ("y", "d")):
            continue
        kind = "δ" if graph.backward and node[0] == "v" else node[0]
        layer = graph.layers.names[node[1]] if len(node) == 3 else graph.layers.output
        groups.setdefault(f"{kind}_{layer}", []).append(value)
    parts = [f"{name} = {numbers(values)}" for name, values in groups.items()]
    if ("E",) in graph.values:
        parts.append(f"E = {number(graph.values['E',])}")
    return ", ".join(parts)
