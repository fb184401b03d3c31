r"""What a document declares: names with their shapes, and definitions, for any successive layers.

Every declaration holds for a *window* (`window.py`): y_j ∈ ℝ^z declared in the window j → k says
that every layer with one after it has signals, as many as it has neurons. `D.exists` asks whether
a quantity exists at a place of a network, `D.definition` what it is made of there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bpderiv.expression import Entry, Expression
from bpderiv.meaning.window import Window


@dataclass(frozen=True)
class Slot:
    """A place in a script: for the `layer` number `which` of the name, or for a neuron of it."""

    layer: bool
    which: int


@dataclass(frozen=True)
class Pattern:
    """How a name is written: its scripts. `whole` is the column or matrix, else one entry."""

    whole: bool
    sub: tuple[Slot, ...]
    sup: tuple[Slot, ...]

    @property
    def neurons(self) -> tuple[Slot, ...]:
        """The slots for neurons, in order."""
        return tuple(slot for slot in (*self.sub, *self.sup) if not slot.layer)


@dataclass(frozen=True)
class Place:
    """Where a name exists: `offsets` of its layers in a window of `length` layers."""

    offsets: tuple[int, ...]
    length: int
    output: bool


@dataclass
class Quantity:
    """A declared scalar, vector, matrix or function.

    `name` is the letter of its entries, by which trees call it; `whole` the letter of the whole;
    `typed` is how the declaration writes them.
    """

    name: str
    whole: str
    kind: str
    layers: int
    patterns: list[tuple[str, Pattern]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    letters: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    line: int = 0

    @property
    def key(self) -> tuple[str, int]:
        """Names are told apart by their letter and by how many layers they belong to."""
        return self.name, self.layers


@dataclass(frozen=True)
class Definition:
    """target := body, for every place of the window `layers`; `output` pins its last layer."""

    target: Entry
    body: Expression
    layers: tuple[str, ...]
    output: bool = False
    latex: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(eq=False)
class Declarations:
    """All that a document declares. Two of them are equal only if they are one object."""

    quantities: dict[tuple[str, int], Quantity] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    argument: str | None = None
    file: str = ""

    def named(self, letters: str) -> list[tuple[Quantity, Pattern]]:
        """All quantities that can be written with these letters, and how."""
        letters = self.spelled(letters)
        return [
            (quantity, pattern)
            for quantity in self.quantities.values()
            for word, pattern in quantity.patterns
            if word == letters
        ]

    def spelled(self, letters: str) -> str:
        """The declared spelling of a name."""
        return " ".join(self.aliases.get(word, word) for word in letters.split(" "))

    @property
    def times(self) -> dict[str, str]:
        """What may stand behind a name → what that makes of the name: (n) nothing, (n+1) another.

        Both are written with the declared argument; without one nothing may stand there.
        """
        n = self.argument
        return {f"({n})": "", f"({n}+1)": f"({n}+1)"} if n else {}

    def is_word(self, letters: str) -> bool:
        """Whether a name, or the beginning of one, is declared with these letters."""
        letters = self.spelled(letters)
        return any(
            word == letters
            or word.startswith(letters + " ")
            or word in [letters + time for time in self.times.values()]
            for quantity in self.quantities.values()
            for word, _ in quantity.patterns
        )

    def quantity(self, name: str, layers: int) -> Quantity:
        """The declared quantity that a tree calls so."""
        return self.quantities[name, layers]

    def fits(self, name: str, layers: tuple[str, ...], window: Window) -> bool:
        """Whether the quantity can belong to these layers of a window, at some place."""
        quantity = self.quantities[name, len(layers)]
        at = [window.place(layer) for layer in layers]
        return any(_fits(place, at, window) for place in quantity.places)

    def exists(self, name: str, layers: tuple[int, ...], last: int) -> bool:
        """Whether a network whose layers are numbered 0 … last has the quantity at `layers`."""
        return any(_at(place, layers, last) for place in self.quantities[name, len(layers)].places)

    def definition(self, name: str, layers: tuple[int, ...], last: int) -> Definition | None:
        """The definition that holds at these layers of such a network; None if it is given."""
        for definition in self.defining(name, len(layers)):
            offsets = tuple(definition.layers.index(x) for x in definition.target.layers)
            place = Place(offsets, len(definition.layers), definition.output)
            if _at(place, layers, last):
                return definition
        return None

    def defining(self, name: str, layers: int) -> Iterator[Definition]:
        """All definitions of a quantity."""
        for definition in self.definitions:
            target = definition.target
            if (target.name, len(target.layers)) == (name, layers):
                yield definition


def base_of(definition: Definition, layers: tuple[int, ...], last: int) -> int:
    """The number of the first layer of the definition's window, once its target is at `layers`."""
    if layers:
        return layers[0] - definition.layers.index(definition.target.layers[0])
    return last - len(definition.layers) + 1


def _at(place: Place, layers: tuple[int, ...], last: int) -> bool:
    """Whether a window of the place's length can lie so that its offsets are at `layers`."""
    if not layers:
        return last >= place.length - 1
    first = layers[0] - place.offsets[0]
    if any(first + offset != layer for offset, layer in zip(place.offsets, layers, strict=True)):
        return False
    end = first + place.length - 1
    return first >= 0 and (end == last if place.output else end <= last)


def _fits(place: Place, at: list[int], window: Window) -> bool:
    """The same inside a window, whose own place in the network is not known."""
    if not at:
        return True
    first = at[0] - place.offsets[0]
    if any(first + offset != layer for offset, layer in zip(place.offsets, at, strict=True)):
        return False
    end, last = first + place.length - 1, len(window.layers) - 1
    if window.output and end > last:
        return False
    return not place.output or end == last or (not window.output and end > last)
