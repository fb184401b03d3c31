"""Definitions that cannot be: two of one quantity, one by way of itself, one of what is not there.

A definition holds wherever its window fits, so these are questions about networks: they are asked
of every layer of networks up to a depth in which all that can happen has happened.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpderiv import expression as ex
from bpderiv.meaning.declarations import Declarations, Definition, base_of
from bpderiv.meaning.names import readable

#: Layers of the deepest network that is looked at, but one.
DEEPEST = 7

#: A quantity at a place: its name and the numbers of its layers.
Node = tuple[str, tuple[int, ...]]


def overlap(one: Definition, other: Definition) -> bool:
    """Whether somewhere in some network both definitions hold, of one quantity."""
    return not _places(one).isdisjoint(_places(other))


def _places(definition: Definition) -> set[tuple[int, tuple[int, ...]]]:
    """(number of the last layer, layers of the target) wherever the definition holds."""
    return {
        (last, tuple(base + definition.layers.index(x) for x in definition.target.layers))
        for last in range(len(definition.layers) - 1, DEEPEST + 1)
        for base in _bases(definition, last)
    }


def _bases(definition: Definition, last: int) -> range:
    """Where the window of a definition can begin."""
    end = last - len(definition.layers) + 1
    return range(end, end + 1) if definition.output else range(end + 1)


def missing(declarations: Declarations, definition: Definition) -> str | None:
    """A quantity in a definition that is not there at some place where its window fits."""
    parts = [definition.target, *ex.walk(definition.body)]
    for last in range(len(definition.layers) - 1, DEEPEST + 1):
        for base in _bases(definition, last):
            for part in parts:
                layers = _layers_of(part)
                at = tuple(base + definition.layers.index(x) for x in layers or ())
                if layers is not None and not declarations.exists(part.name, at, last):
                    return f"{readable(part.name)} of layer {', '.join(layers)}"
    return None


def _layers_of(part: ex.Expression) -> tuple[str, ...] | None:
    """The layers of a quantity or a function; None for what is neither."""
    if isinstance(part, (ex.Entry, ex.Whole)):
        return part.layers
    return (part.layer,) if isinstance(part, ex.Apply) else None


def without_circles(declarations: Declarations) -> Iterator[tuple[Definition, str]]:
    """Take out, one by one, definitions that end in themselves; say by which way."""
    while (found := _circle(declarations)) is not None:
        definition, names = found
        declarations.definitions.remove(definition)
        yield definition, " → ".join(map(readable, names))


def _circle(declarations: Declarations) -> tuple[Definition, list[str]] | None:
    for last in range(1, DEEPEST + 1):
        below = {
            node: definition
            for definition in declarations.definitions
            for node in _targets(definition, last)
        }
        seen: set[Node] = set()
        for node in below:
            path = _path_back(node, below, last, seen)
            if path:
                return below[path[0]], [name for name, _ in path]
    return None


def _targets(definition: Definition, last: int) -> Iterator[Node]:
    for number, layers in _places(definition):
        if number == last:
            yield definition.target.name, layers


def _path_back(
    start: Node, below: dict[Node, Definition], last: int, seen: set[Node]
) -> list[Node]:
    """The way from a quantity back to itself, if there is one that begins here; depth first."""
    path: list[Node] = []
    waiting = [(start, iter(_uses(start, below, last)))] if start not in seen else []
    path += [start] if waiting else []
    while waiting:
        node, uses = waiting[-1]
        following = next(uses, None)
        if following is None:
            seen.add(node)
            waiting.pop()
            path.pop()
        elif following in path:
            return [*path[path.index(following) :], following]
        elif following in below and following not in seen:
            path.append(following)
            waiting.append((following, iter(_uses(following, below, last))))
    return []


def _uses(node: Node, below: dict[Node, Definition], last: int) -> list[Node]:
    """What the definition of a quantity mentions, at which layers."""
    definition = below[node]
    base = base_of(definition, node[1], last)
    return [
        (part.name, tuple(base + definition.layers.index(x) for x in part.layers))
        for part in ex.walk(definition.body)
        if isinstance(part, (ex.Entry, ex.Whole))
    ]
