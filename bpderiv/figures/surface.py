"""E over two weights of a network, and the path that gradient steps take on it."""

from __future__ import annotations

import math

import numpy as np
from matplotlib import patheffects

from bpderiv.figures.naming import check_weight, layers_of, plain, weight_latex
from bpderiv.figures.palette import GREY, HEIGHT, INK, PALETTE
from bpderiv.figures.picture import Picture, box, in_style, new_figure, number, numbers
from bpderiv.inputs import check_eta
from bpderiv.network import Network

_NEAR = 6.0  # points farther than this from the start do not widen the picture
_FAR = 20.0  # a step that leads farther than this many widths of the picture ends the line


@in_style
def error_surface(
    network, x, d, first, second, *, eta=0.5, steps: int = 20, window=None, n: int = 41
) -> Picture:
    """Draw E as a contour map over two weights, with the path of w − η ∂E/∂w on it.

    All other weights stay as they are in `network`, where the path begins.

    Parameters
    ----------
    network : Network
    x, d : arrays B × n_0 and B × n_L
        the examples that E sums over.
    first, second : tuples
        the weights (layer, b, a) along the two axes: into neuron b of `layer`, from neuron a.
    eta : float or list of floats
        learning rate; several are drawn side by side.
    steps : int
        how many steps; 0 draws the map alone.
    window : (left, right, bottom, top), optional
        what is shown; else the paths with room around them, as far as they stay near.
    n : int
        E is computed at n × n places.

    Errors
    ------
    ValueError
        for a weight that the network does not have, twice the same one, a wrong η or window.
    """
    first, second = (check_weight(w, network.sizes, network.bias) for w in (first, second))
    if first == second:
        raise ValueError(f"the two weights are the same, {first}: choose two different ones")
    if steps < 0 or n < 3:
        raise ValueError(f"expected steps ≥ 0 and n ≥ 3, not {steps} and {n}")
    etas = [check_eta(one) for one in (eta if np.iterable(eta) else [eta])]
    if not etas:
        raise ValueError("give at least one eta")
    network.error(x, d)  # checks x and d
    land = _Land(network, x, d, first, second)
    paths = [land.path(one, steps) for one in etas]
    window = _check_window(window, paths)
    heights = land.heights(window, n)
    names = [weight_latex(layers_of(network.sizes), w) for w in (first, second)]
    figure = _draw(window, heights, names, etas, paths, land.height(land.start))
    return Picture(figure, _alt(land, window, heights, names, etas, paths, steps))


class _Land:
    """E as a function of two weights of a network."""

    def __init__(self, network, x, d, first, second):
        self.network, self.x, self.d = network, x, d
        self.places = [(layer, (b - 1, a - 1 + network.bias)) for layer, b, a in (first, second)]
        self.start = np.array([float(network.W[layer][ba]) for layer, ba in self.places])

    def at(self, point) -> Network:
        """The network with its two weights at `point`."""
        W = [w.copy() for w in self.network.W[1:]]
        for (layer, ba), value in zip(self.places, point, strict=True):
            W[layer - 1][ba] = value
        return Network(W, self.network.phi[1:], bias=self.network.bias)

    def height(self, point) -> float:
        """E at the two weights `point`."""
        return self.at(point).error(self.x, self.d)

    def slope(self, point) -> np.ndarray:
        """∂E/∂(the two weights), by the network's own backward pass."""
        gradient = self.at(point).backward(self.x, self.d).W
        return np.array([float(gradient[layer][ba]) for layer, ba in self.places])

    def path(self, eta: float, steps: int) -> np.ndarray:
        """The start and the place after each step, as long as these are finite numbers."""
        points = [self.start]
        with np.errstate(all="ignore"):
            for _ in range(steps):
                point = points[-1] - eta * self.slope(points[-1])
                if not np.isfinite(point).all() or not math.isfinite(self.height(point)):
                    break
                points.append(point)
        return np.array(points)

    def heights(self, window, n: int):
        """E at n × n places of the window: the axes, and a row for each second weight."""
        across, up = np.linspace(*window[:2], n), np.linspace(*window[2:], n)
        with np.errstate(all="ignore"):
            E = np.array([[self.height((a, b)) for a in across] for b in up])
        if not np.isfinite(E).all():
            raise ValueError(f"E is not finite everywhere in {window}: choose a smaller window")
        return across, up, E


def _check_window(window, paths) -> tuple:
    """The window, or a square one around the paths that is neither tiny nor very large."""
    if window is not None:
        left, right, bottom, top = map(float, window)
        if not (np.isfinite(window).all() and left < right and bottom < top):
            raise ValueError(f"window {window}: expected (left, right, bottom, top), finite")
        return left, right, bottom, top
    points = np.concatenate(paths)
    near = points[np.abs(points - points[0]).max(axis=1) <= _NEAR]
    low, high = near.min(axis=0), near.max(axis=0)
    half = max(1.0, 0.65 * float((high - low).max()))
    (a, b), around = (low + high) / 2, np.array([-half, half])
    return (*(a + around).tolist(), *(b + around).tolist())


# --- drawing --------------------------------------------------------------------------------


def _draw(window, heights, names, etas, paths, start: float):
    """One panel for each η, up to three in a row."""
    columns = 2 if len(etas) == 4 else min(3, len(etas))
    rows = -(-len(etas) // columns)
    side = {1: 4.6, 2: 4.1, 3: 3.3}[columns]
    figure = new_figure(columns * (side + 0.3) + 0.75, rows * (side + 0.5) + 0.5)
    figure.set_layout_engine("constrained", w_pad=0.1, h_pad=0.1)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for place, axes in enumerate(grid.flat):
        axes.set_visible(place < len(etas))
        axes.tick_params(labelbottom=place + columns >= len(etas))
    panels = list(zip(grid.flat, etas, paths, strict=False))
    for axes, eta, path in panels:
        axes.set(xlim=window[:2], ylim=window[2:], box_aspect=1)
        if len(path) > 1:
            axes.set_title(rf"$\eta$ = {number(eta)}", size=13)
        axes.tick_params(length=3, color=GREY)
        axes.locator_params(nbins=5)
    figure.supxlabel(f"${names[0]}$", size=16)
    figure.supylabel(f"${names[1]}$", size=16, rotation=0)
    figure.draw_without_rendering()  # the layout is settled before anything is placed
    figure.set_layout_engine("none")
    for axes, _, path in panels:
        labels = _draw_ground(axes, heights, start)
        _draw_path(axes, window, path, labels)
    return figure


def _varies(E) -> bool:
    """Whether E depends on the two weights at all."""
    return bool(E.max() - E.min() > 1e-9 * max(1.0, abs(E.max())))


def _draw_ground(axes, heights, start: float) -> list:
    """Grey heights, with contour lines that carry their E, one through the start; their labels."""
    across, up, E = heights
    if not _varies(E):
        axes.set_facecolor(HEIGHT(0.3))
        words = f"$\\mathcal{{E}}$ = {number(E.min())} everywhere"
        place = {"ha": "center", "va": "center", "transform": axes.transAxes}
        axes.text(0.5, 0.06, words, size=12, color=INK, **place)
        return []
    levels = _levels(E.min(), E.max(), start)
    axes.contourf(across, up, E, [E.min(), *levels, E.max()], cmap=HEIGHT)
    lines = axes.contour(across, up, E, levels, colors="#6B747C", linewidths=0.8)
    style = {"inline": False, "fontsize": 9.5, "colors": "#3C444B", "zorder": 3}
    first = levels.index(start) % 2 if start in levels else 0
    written = levels[first::2]
    digits = _digits_to_tell(levels)
    return axes.clabel(lines, written, fmt=lambda level: f"{level:.{digits}g}", **style)


def _levels(low: float, high: float, start: float) -> list[float]:
    """Nine heights between two, as round as they can be; one of them is the start's."""
    wanted = low + (high - low) * np.linspace(0.0, 1.0, 11)[1:-1] ** 1.7
    for digits in range(1, 15):
        levels = [float(f"{level:.{digits}g}") for level in wanted]
        if len(set(levels)) == len(levels) and low < levels[0] and levels[-1] < high:
            break
    if low < start < high:
        levels[int(np.argmin(np.abs(np.array(levels) - start)))] = start
    return levels


def _digits_to_tell(levels) -> int:
    """How many digits show each height: of round ones all there are, of others three or more."""
    for digits in range(3, 15):
        if len({f"{level:.{digits}g}" for level in levels}) == len(levels):
            break
    return digits


def _draw_path(axes, window, path, labels) -> None:
    """The path, a marker at every step, and the steps' numbers where they have room."""
    shown = _as_far_as(path, _FAR * max(window[1] - window[0], window[3] - window[2]))
    colour = PALETTE["w"]
    line = {"color": colour, "linewidth": 1.8, "marker": "o", "markersize": 4.5}
    axes.plot(*shown.T, zorder=4, gid="path", **line)
    start = {"marker": "s", "markersize": 9, "markeredgecolor": colour, "markeredgewidth": 2}
    axes.plot(*path[0], color="white", zorder=5, gid="start", **start)
    places = axes.transData.transform(shown) / axes.get_figure().dpi
    _number_steps(axes, shown, places)
    _clear_labels(axes, labels, places)


def _as_far_as(path, limit: float) -> np.ndarray:
    """The path up to the first step that leads too far; that step keeps its direction only."""
    with np.errstate(over="ignore"):
        reach = np.abs(path - path[0]).max(axis=1)
    if (reach <= limit).all():
        return path
    first = int((reach > limit).argmax())
    way = path[first] / reach[first] - path[first - 1] / reach[first]
    return np.vstack([path[:first], path[first - 1] + limit * way / np.abs(way).max()])


def _number_steps(axes, path, places) -> None:
    """Numbers at the start, at the end, and at steps that are not too near the last number."""
    frame = box(axes)
    inside = [k for k, p in enumerate(places) if (p > frame[:2]).all() and (p < frame[2:]).all()]
    if not inside:
        return
    taken = []
    wanted, last = [inside[0]], inside[-1]
    for k in inside[1:]:
        clear = min(_apart(places, k, wanted[-1]), _apart(places, k, last))
        if clear > 0.28 or k == last:
            wanted.append(k)
    for k in dict.fromkeys([inside[0], last, *wanted]):
        _number_step(axes, path, places, k, taken)


def _apart(places, k: int, other: int) -> float:
    return float(np.linalg.norm(places[k] - places[other]))


def _number_step(axes, path, places, k: int, taken: list) -> None:
    """A number beside the path, where it covers nothing and no other step is near; or none."""
    ahead = places[min(k + 1, len(places) - 1)] - places[max(k - 1, 0)]
    length = np.linalg.norm(ahead)
    along = ahead / length if length > 0 else np.array([0.0, 1.0])
    across = np.array([-along[1], along[0]])
    frame = box(axes)
    dots, others = _dense(places), np.delete(places, k, axis=0)
    slanting = (across + along) / np.sqrt(2)
    ways = (across, -across, along, -along, slanting, -slanting)

    def alone(way) -> float:
        beside = places[k] + 14 / 72 * way
        return -min(np.linalg.norm(others - beside, axis=1).min(initial=np.inf), 0.35)

    for way in sorted(ways, key=alone):
        style = {"size": 10, "color": INK, "zorder": 6, "ha": "center", "va": "center"}
        text = axes.annotate(str(k), path[k], 14 * way, textcoords="offset points", **style)
        own = box(text) + np.array([-0.02, 0, 0.02, 0])
        clear = not any(_overlap(own, other) for other in taken)
        free = not ((dots > own[:2]) & (dots < own[2:])).all(axis=1).any()
        if clear and free and (own[:2] > frame[:2]).all() and (own[2:] < frame[2:]).all():
            text.set_gid("step")
            text.set_path_effects([patheffects.withStroke(linewidth=2.5, foreground="white")])
            taken.append(own)
            return
        text.remove()


def _dense(places) -> np.ndarray:
    """The path as many points, to see what lies on it."""
    share = np.linspace(0, 1, 40)[:, None, None]
    return (places[:-1] + share * (places[1:] - places[:-1])).reshape(-1, 2)


def _overlap(one, other) -> bool:
    return bool((one[:2] < other[2:]).all() and (one[2:] > other[:2]).all())


def _clear_labels(axes, labels, places) -> None:
    """Put paper under the contour labels; take away those at the rim or under the path."""
    frame, dots = box(axes), _dense(places)
    steps = [box(text) for text in axes.texts if text.get_gid() == "step"]
    for label in labels:
        own = box(label)
        rim = (own[:2] < frame[:2]).any() or (own[2:] > frame[2:]).any()
        hidden = ((dots > own[:2]) & (dots < own[2:])).all(axis=1).any()
        if rim or hidden or any(_overlap(own, step) for step in steps):
            label.set_visible(False)
        label.set_path_effects([patheffects.withStroke(linewidth=3, foreground="#EEF0F2")])


# --- words ----------------------------------------------------------------------------------


def _alt(land, window, heights, names, etas, paths, steps) -> str:
    """Where the path starts and ends, and what became of it."""
    E = heights[2]
    first, second = map(plain, names)
    shown = f"{first} from {number(window[0])} to {number(window[1])} and {second} from "
    shown += f"{number(window[2])} to {number(window[3])}"
    if _varies(E):
        shown += f"; E lies between {number(E.min())} and {number(E.max())}."
    else:
        shown += f"; E is {number(E.min())} everywhere: it does not depend on them."
    begin = f"The start is {numbers(land.start)} with E = {number(land.height(land.start))}"
    ends = [_fate(land, window, eta, path, steps) for eta, path in zip(etas, paths, strict=True)]
    return f"Contour map of E over {shown} {begin}{''.join(f'; {end}' for end in ends if end)}."


def _fate(land, window, eta, path, steps) -> str:
    """What became of one path."""
    if not steps:
        return ""
    low, high = np.array(window)[[0, 2]], np.array(window)[[1, 3]]
    outside = ((path < low) | (path > high)).any(axis=1)
    end = f"{numbers(path[-1])} with E = {number(land.height(path[-1]))}"
    text = f"after {len(path) - 1} steps of η = {number(eta)}: {end}"
    if outside.any():
        text += f", outside the picture at step {int(outside.argmax())}"
    if len(path) <= steps:
        text += ", and then no finite number"
    return text
