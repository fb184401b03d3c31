"""Point at one symbol: where it is in the network, what it is, its shape and its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from bpderiv.definitions import Definitions, Layers
from bpderiv.figures.flow import draw
from bpderiv.figures.graph import Graph, fill_in, make_graph
from bpderiv.figures.naming import check_neuron, plain
from bpderiv.figures.picture import Picture, in_style, maths, number, numbers
from bpderiv.quantities import Quantity, read

#: What one component is called, and where it is: {b} and {k}, and for a weight {a} and {j}.
_CALLED = {
    "y": "the signal of {b} of layer {k}",
    "v": "the field of {b} of layer {k}",
    "e": "the error signal of {b} of layer {k}",
    "d": "the desired response of {b} of layer {k}",
    "w": "the weight into {b} of layer {k}, from {a} of layer {j}",
    "E": "the error of the network",
}
#: What all of them together are called.
_ALL_CALLED = {
    "y": "all the signals of layer {k}",
    "v": "all the fields of layer {k}",
    "e": "all the error signals of layer {k}",
    "d": "all the desired responses of layer {k}",
    "w": "all the weights into layer {k}, from layer {j}",
}

_MOST = 12  # numbers that are written out


@dataclass(frozen=True)
class _Meant:
    """What a symbol stands for in one network: the places it marks, and its numbers."""

    latex: str
    called: str
    shape: str
    places: tuple[tuple, ...]


@in_style
def point_at(network, x, d, symbol: str) -> Picture:
    """Draw the network with all pale but one symbol, and say above what it is.

    Parameters
    ----------
    network : Network
    x, d : arrays 1 × n_0 and 1 × n_L
        one example.
    symbol : str
        as the notes write it: "v_{j,1}", "w_{21}^{k,j}", "E"; a whole layer "y_k", "W^{k,j}";
        or with a letter for any neuron, "e_{k,b}".

    Errors
    ------
    ValueError
        for a symbol that is no quantity of this network, and for more than one example.
    """
    network.error(x, d)  # checks x and d
    if len(x) != 1:
        raise ValueError(f"expected one example (one row of x and d), not {len(x)}")
    layers = Layers.of_depth(len(network.sizes) - 1)
    definitions = Definitions.with_bias(layers) if network.bias else Definitions(layers)
    quantity = read(symbol, definitions)
    meant = _meaning(quantity, layers, network, symbol)
    sizes = tuple(network.sizes)
    graph = make_graph(sizes, network.bias, None, None, False, None, meant.places)
    fill_in(graph, network, network.forward(x), None, d, 0)
    values = [_value(graph, place) for place in meant.places]
    lines = f"{maths(meant.latex)}:  {meant.called}", f"{meant.shape}:  {_written(values, meant)}"
    return Picture(draw(graph, heading=lines), _alt(graph, meant, values))


def _meaning(quantity: Quantity, layers: Layers, network, symbol: str) -> _Meant:
    """The words for a quantity, and every place of the graph that belongs to it."""
    name, within = quantity.family
    labels = dict(zip("kj", (f"${layer}$" for layer in within), strict=False))
    labels |= dict(zip("ba", map(_neuron, quantity.entry.indices), strict=False))
    places = _places(quantity, layers, network, symbol)
    if quantity.axes:
        called, shape = _ALL_CALLED[name], _shape(quantity, layers, network)
    else:
        called, shape = _CALLED[name], "one number" + " for each" * (len(places) > 1)
    return _Meant(quantity.latex(), called.format(**labels), shape, places)


def _places(quantity: Quantity, layers: Layers, network, symbol: str) -> tuple[tuple, ...]:
    """Nodes ("v", layer, neuron), ("e", neuron), ("E",), and weights ("w", layer, b, a)."""
    name, within = quantity.family
    at = [layers.names.index(layer) for layer in within]
    neurons = []
    for n, (place, index) in enumerate(zip(at, quantity.entry.indices, strict=True)):
        first = 0 if network.bias and n == 1 else 1
        if isinstance(index, int):
            what = f"{symbol!r}: the neuron of layer {within[n]}"
            check_neuron(index, network.sizes[place], first, what)
        some = range(first, network.sizes[place] + 1)
        neurons.append([index] if isinstance(index, int) else some)
    before = at[:1] if name in "vyw" else []
    return tuple((name, *before, *chosen) for chosen in product(*neurons))


def _neuron(index: int | str) -> str:
    if index == 0:
        return "the bias, neuron 0,"
    return f"neuron {index}" if isinstance(index, int) else f"any neuron ${index}$"


def _shape(quantity: Quantity, layers: Layers, network) -> str:
    """A column or a matrix, in letters and in numbers."""
    letters = [str(layers.size(axis.layer)) for axis in quantity.axes]
    here = [network.sizes[layers.names.index(axis.layer)] for axis in quantity.axes]
    if len(here) == 1:
        return f"a column, ${letters[0]}$ × 1, here {here[0]} × 1"
    if network.bias:
        letters[1], here[1] = f"(1 + {letters[1]})", here[1] + 1
    return f"a matrix, ${letters[0]}$ × ${letters[1]}$, here {here[0]} × {here[1]}"


def _value(graph: Graph, place: tuple) -> float:
    return graph.value_of(place[1:]) if place[0] == "w" else graph.values[place]


def _written(values: list[float], meant: _Meant) -> str:
    """One number, a list, or the rows of a matrix; no more than a line can hold."""
    if len(values) == 1:
        return number(values[0])
    if len(values) > _MOST:
        return f"{len(values)} numbers, from {number(min(values))} to {number(max(values))}"
    receivers = len({place[2] for place in meant.places}) if meant.places[0][0] == "w" else 1
    return ", ".join(map(numbers, np.array(values).reshape(receivers, -1)))


def _alt(graph: Graph, meant: _Meant, values: list[float]) -> str:
    """The heading in words, and what the picture marks."""
    sizes = "-".join(map(str, graph.layers.sizes))
    what = plain(f"{meant.called}; {meant.shape}: {_written(values, meant)}")
    return f"Signal-flow graph of a {sizes} network, all pale but {plain(meant.latex)}: {what}."
