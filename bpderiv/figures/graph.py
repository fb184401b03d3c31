"""What a signal-flow graph consists of: neurons, edges and numbers, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from bpderiv.definitions import Layers
from bpderiv.figures.naming import check_neuron, check_weight, layers_of, node_latex
from bpderiv.inputs import check_array

_MOST = 6  # neurons of a layer that are all drawn
_FEW = 6  # weights between two layers that are all labelled


@dataclass(frozen=True)
class Edge:
    """One line. `part` says where it belongs; `weight` is (layer, b, a) if it is a weight."""

    part: str
    start: tuple
    end: tuple
    weight: tuple | None = None
    chosen: bool = False
    label: str = ""
    arrow: bool = True


@dataclass
class Graph:
    """All that is to be drawn; nodes are ("v", layer, neuron), ("y", …), ("e", neuron), ("E",).

    `rows` are the neurons drawn of each layer: a number, a letter, 0 for the bias, None for ⋮.
    """

    layers: Layers
    rows: list
    bias: bool
    backward: bool
    path: tuple = ()  # for each layer a neuron, or None for all of them
    weight: tuple | None = None
    parts: tuple = ()
    pointed: frozenset = frozenset()  # nodes, ("d", neuron), ("w", layer, b, a): all else is pale
    W: list | None = None
    values: dict = field(default_factory=dict)
    slopes: dict = field(default_factory=dict)
    edges: list = field(default_factory=list)

    @property
    def last(self) -> int:
        """The output layer."""
        return len(self.rows) - 1

    def neurons(self, layer: int) -> list:
        """The neurons that are drawn, without ⋮ and without the bias."""
        return [n for n in self.rows[layer] if n]

    def senders(self, layer: int) -> list:
        """The same with the bias."""
        return [n for n in self.rows[layer] if n is not None]

    def strong(self, edge: Edge) -> bool:
        """Whether an edge is where we are."""
        if self.pointed:
            return edge.weight is not None and ("w", *edge.weight) in self.pointed
        return not self.parts or edge.part in self.parts

    def value_of(self, weight: tuple) -> float:
        """The number of the weight (layer, b, a)."""
        layer, b, a = weight
        return float(self.W[layer][b - 1, a if self.bias else a - 1])

    def labelled(self, edge: Edge) -> bool:
        """Whether a weight is written at its edge: those chosen, else all if they are few."""
        if not edge.weight or not self.strong(edge):
            return False
        if self.path or self.weight:
            return edge.chosen
        layer = edge.weight[0]
        return len(self.neurons(layer)) * len(self.senders(layer - 1)) <= _FEW


def make_graph(sizes, bias, path, weight, backward, part, pointed=()) -> Graph:
    """The graph without numbers, once path, weight and part are known to make sense.

    `pointed` are the places that `Graph.pointed` describes.
    """
    for size in sizes:
        if not isinstance(size, str) and (int(size) != size or size < 1):
            raise ValueError(f"every layer needs at least one neuron; got sizes {sizes}")
    layers = layers_of(sizes)
    if path is not None and weight is not None:
        raise ValueError("give either a path or a weight, not both")
    needed = [[] for _ in sizes]
    if weight is not None:
        layer, b, a = weight = check_weight(weight, sizes, bias)
        needed[layer].append(b)
        needed[layer - 1].append(a)
    if path is not None:
        needed = [[n] if n is not None else [] for n in _check_path(path, sizes, bias)]
    if len(pointed) == 1:
        _need(pointed[0], needed)
    rows = [_rows(size, some) for size, some in zip(sizes, needed, strict=True)]
    if bias:
        rows = [*([0, *shown] for shown in rows[:-1]), rows[-1]]
    parts = _check_parts(part, layers.names, backward)
    graph = Graph(layers, rows, bias, backward, tuple(path or ()), weight, parts)
    graph.pointed = frozenset(pointed)
    graph.edges = _edges(graph)
    return graph


def _need(place: tuple, needed: list[list]) -> None:
    """Note the neurons of one place that must be drawn, however wide their layer is."""
    kind, *where = place
    if kind in ("v", "y"):
        needed[where[0]].append(where[1])
    elif kind in ("e", "d"):
        needed[-1].append(where[0])
    elif kind == "w":
        layer, b, a = where
        needed[layer].append(b)
        needed[layer - 1].append(a)


def _check_path(path, sizes, bias) -> tuple:
    if len(path) != len(sizes):
        raise ValueError(
            f"path {path} has {len(path)} neurons: give one for each of the {len(sizes)} layers"
        )
    for layer, (neuron, size) in enumerate(zip(path, sizes, strict=True)):
        if neuron is not None:
            first = 0 if bias and layer == 0 else 1
            check_neuron(neuron, size, first, f"path {path}: the neuron of layer {layer}")
    return path


def _check_parts(part, names, backward: bool) -> tuple:
    pairs = [f"{j}-{k}" for j, k in zip(names, names[1:], strict=False)]
    known = [*pairs, *names[1:], *([] if backward else ["e"]), "E"]
    parts = () if part is None else (part,) if isinstance(part, str) else tuple(part)
    for one in parts:
        if one not in known:
            raise ValueError(f"part {one!r} is not here: choose from {', '.join(known)}")
    return parts


def _rows(size, needed) -> list:
    """The neurons to draw, None where some are left out: 1, 2, 3, ⋮, 9, or 1, ⋮, a, ⋮, z."""
    if isinstance(size, str):
        letters = [n for n in needed if isinstance(n, str) and n != size]
        counted = sorted({1, *(n for n in needed if isinstance(n, int) and n)})
        first = counted if letters else sorted({*counted, 2})
        return [*first, None, *(x for n in letters for x in (n, None)), size]
    if size <= _MOST:
        return list(range(1, size + 1))
    rows: list = []
    for n in sorted({1, 2, 3, size, *(n for n in needed if n)}):
        if rows and n > rows[-1] + 1:
            rows.append(n - 1 if n == rows[-1] + 2 else None)
        rows.append(n)
    return rows


# --- edges ----------------------------------------------------------------------------------


def _edges(graph: Graph) -> list[Edge]:
    """Every edge between the neurons that are drawn; on the way back each is turned round."""
    edges = []
    for layer in range(1, graph.last + 1):
        edges += _weights(graph, layer)
        if not (graph.backward and layer == graph.last):
            edges += _activations(graph, layer)
    edges += _errors_back(graph) if graph.backward else _errors(graph)
    if graph.backward:
        return [replace(edge, start=edge.end, end=edge.start) for edge in edges]
    return edges


def _on_path(graph: Graph, layer: int, neuron) -> bool:
    return bool(graph.path) and graph.path[layer] in (None, neuron)


def _weights(graph: Graph, layer: int) -> list[Edge]:
    """The weights into a layer; nothing flows back to the input or to a bias."""
    names = graph.layers.names
    edges = []
    for b in graph.neurons(layer):
        for a in graph.senders(layer - 1):
            weight = (layer, b, a)
            chosen = weight == graph.weight or (
                _on_path(graph, layer, b) and _on_path(graph, layer - 1, a)
            )
            arrow = not (graph.backward and (layer == 1 or a == 0))
            ends = ("y", layer - 1, a), ("v", layer, b)
            part = f"{names[layer - 1]}-{names[layer]}"
            edges.append(Edge(part, *ends, weight, chosen, arrow=arrow))
    return edges


def _activations(graph: Graph, layer: int) -> list[Edge]:
    name = graph.layers.names[layer]
    label = rf"$\varphi_{name}{chr(39) * graph.backward}$"
    return [
        Edge(name, ("v", layer, b), ("y", layer, b), None, _on_path(graph, layer, b), label)
        for b in graph.neurons(layer)
    ]


def _errors(graph: Graph) -> list[Edge]:
    edges = []
    for b in graph.neurons(graph.last):
        chosen = _on_path(graph, graph.last, b)
        edges.append(Edge("e", ("y", graph.last, b), ("e", b), None, chosen, "−1"))
        edges.append(Edge("E", ("e", b), ("E",), None, chosen))
    return edges


def _errors_back(graph: Graph) -> list[Edge]:
    """From e straight to δ: ∂E/∂y is −e, and δ = e φ′(v)."""
    name = graph.layers.output
    edges = []
    for b in graph.neurons(graph.last):
        chosen = _on_path(graph, graph.last, b)
        argument = node_latex("v", graph.layers, graph.last, b)
        label = rf"$\varphi_{name}'({argument})$"
        edges.append(Edge(name, ("v", graph.last, b), ("e", b), None, chosen, label))
        edges.append(Edge("E", ("e", b), ("E",), None, chosen))
    return edges


# --- numbers --------------------------------------------------------------------------------


def fill_in(graph: Graph, network, signals, gradients, d, row: int) -> None:
    """Weights, and numbers of one example for the nodes and for the slopes φ′."""
    graph.W = network.W
    if signals is not None:
        _fill_signals(graph, network, signals, row)
        if d is not None:
            _fill_error(graph, network, d, row)
    if graph.backward and gradients is not None:
        _fill_delta(graph, network, gradients, row)


def _row(network, batch, layer: int, row: int, what: str) -> np.ndarray:
    values = np.atleast_2d(check_array(batch, what))
    if values.ndim != 2 or values.shape[1] != network.sizes[layer] or not 0 <= row < len(values):
        raise ValueError(
            f"{what} has shape {values.shape}: expected {network.sizes[layer]} columns, and a "
            f"row for example {row + 1}"
        )
    return values[row]


def _fill_signals(graph: Graph, network, signals, row: int) -> None:
    for layer in range(graph.last + 1):
        if layer:
            v = _row(network, signals.v[layer], layer, row, f"signals.v[{layer}]")
            slopes = network.phi[layer].phi_prime(v)
            graph.values |= {("v", layer, n): x for n, x in enumerate(v, start=1)}
            graph.slopes |= {(layer, n): x for n, x in enumerate(slopes, start=1)}
        y = _row(network, signals.y[layer], layer, row, f"signals.y[{layer}]")
        graph.values |= {("y", layer, n): x for n, x in enumerate(y, start=1)}


def _fill_error(graph: Graph, network, d, row: int) -> None:
    d = _row(network, d, graph.last, row, "d")
    y = [graph.values["y", graph.last, n] for n in range(1, len(d) + 1)]
    graph.values |= {("d", n): x for n, x in enumerate(d, start=1)}
    graph.values |= {("e", n): x for n, x in enumerate(d - y, start=1)}
    graph.values["E",] = ((d - y) ** 2).sum() / 2


def _fill_delta(graph: Graph, network, gradients, row: int) -> None:
    """δ takes the place of v; Σ, what arrives at a hidden neuron, takes the place of y."""
    for layer in range(1, graph.last + 1):
        delta = _row(network, gradients.delta[layer], layer, row, f"gradients.delta[{layer}]")
        graph.values |= {("v", layer, n): x for n, x in enumerate(delta, start=1)}
        if layer > 1:
            arriving = delta @ network.W[layer][:, int(network.bias) :]
            graph.values |= {("y", layer - 1, n): x for n, x in enumerate(arriving, start=1)}
