"""Where the weights' labels go in a signal-flow graph: on their lines, but not on each other."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Circle

from bpderiv.figures.graph import Edge, Graph
from bpderiv.figures.naming import weight_latex
from bpderiv.figures.palette import PALETTE
from bpderiv.figures.picture import box, number

_SHARES = np.linspace(0.12, 0.78, 41)[:, None]  # where on its line a label may be
_APART = 0.12  # inches that two labels should leave free between them


def label_weights(axes, graph: Graph, lines: list) -> None:
    """Names of weights, or numbers (both on a path), each where it hides least."""
    if not any(graph.labelled(edge) for edge in graph.edges):
        return
    words = [box(text) for text in axes.texts if text.get_text()]
    fixed = words + [box(patch) for patch in axes.patches if isinstance(patch, Circle)]
    soft = [box(patch) for patch in axes.patches if not isinstance(patch, Circle)]
    paths = [np.array(line.get_xydata()) for line in lines]
    labels, places, halves, costs = [], [], [], []
    for edge, path in zip(graph.edges, paths, strict=True):
        if graph.labelled(edge):
            labels.append(_weight_label(axes, graph, edge))
            extent = box(labels[-1])
            halves.append((extent[2:] - extent[:2]) / 2 + 0.02)
            places.append(path[0] + _SHARES * (path[1] - path[0]))
            others = [other for other in paths if other is not path]
            costs.append(_costs(places[-1], halves[-1], fixed, soft, others))
    chosen = _choose(places, halves, costs)
    dropped = _without_room(places, halves, chosen, words)
    for n, label in enumerate(labels):
        label.set_position(places[n][chosen[n]])
        label.set_visible(n not in dropped)


def _weight_label(axes, graph: Graph, edge: Edge):
    name = f"${weight_latex(graph.layers, edge.weight)}$"
    value = number(graph.value_of(edge.weight)) if graph.W is not None else ""
    both = edge.chosen and sum(e.chosen and e.part == edge.part for e in graph.edges) <= 3
    label = axes.text(-9, -9, f"{name}\n{value}" if value and both else value or name)
    label.set(ha="center", va="center", zorder=5, linespacing=1.35, color=PALETTE["w"])
    label.set_size(11 if value else 13)
    label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.9})
    return label


def _costs(places, half, fixed, soft, others) -> np.ndarray:
    """What speaks against each place: texts and nodes covered, boxes touched, lines crossed."""
    covers = _shared(places, half, np.array(fixed))
    touches = _shared(places, half, np.array(soft or [[0, 0, 0, 0]])) > 0
    along = np.linspace(0, 1, 40)[:, None]
    traces = np.array([other[0] + along * (other[1] - other[0]) for other in others])
    near = (abs(traces - places[:, None, None]) < half + 0.06).all(axis=3).any(axis=2)
    hidden = 50 * (covers > 0).sum(axis=1) + 500 * covers.sum(axis=1)
    return hidden + 0.4 * touches.sum(axis=1) + near.sum(axis=1) + abs(_SHARES[:, 0] - 0.5)


def _shared(places, half, boxes) -> np.ndarray:
    """The area that a label at each place has in common with each box."""
    high = np.minimum((places + half)[:, None], boxes[None, :, 2:])
    low = np.maximum((places - half)[:, None], boxes[None, :, :2])
    return (high - low).clip(min=0).prod(axis=2)


def _choose(places, halves, costs) -> list[int]:
    """A place for each label; four rounds, so that early ones can make room for late ones."""
    chosen = [int(cost.argmin()) for cost in costs]
    for _ in range(4):
        for n, cost in enumerate(costs):
            rest = [k for k in range(len(costs)) if k != n]
            boxes = np.array([_box_at(places[k][chosen[k]], halves[k]) for k in rest])
            shared = _shared(places[n], halves[n], boxes.reshape(-1, 4))
            beside = _shared(places[n], halves[n] + _APART, boxes.reshape(-1, 4)) > 0
            crowd = 50 * (shared > 0) + 500 * shared + 0.6 * beside
            chosen[n] = int((cost + crowd.sum(1)).argmin())
    return chosen


def _box_at(place, half) -> list[float]:
    return [*(place - half), *(place + half)]


def _without_room(places, halves, chosen, words) -> set[int]:
    """Labels that would cover other words: better none than two that cannot be read."""
    kept = list(words)
    dropped = set()
    for n, place in enumerate(chosen):
        boxes = np.array(kept).reshape(-1, 4)
        if (_shared(places[n][place : place + 1], halves[n] - 0.02, boxes) > 0).any():
            dropped.add(n)
        else:
            kept.append(_box_at(places[n][place], halves[n] - 0.02))
    return dropped
