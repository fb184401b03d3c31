r"""Which layer a letter belongs to, where the text does not write it.

w_{ia} says no layers, \sum_i says no upper limit, and \delta_j in the short form says only the
neuron. Each letter and each unwritten layer is an unknown here; what is written settles them, in
this order: a written layer beside the letter, the sum's upper limit, the declared letter of the
layer's neurons, the neighbours (weights lead from a layer to the next), sizes (the m of w_{m1} is
the last neuron of the layer with m neurons), and last the pair of layers for which the quantity
was declared.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bpderiv.meaning.window import Window


@dataclass(eq=False)
class Letter:
    """A letter that stands for a neuron, in one claim: free, or bound by a Σ (`bound`)."""

    text: str
    bound: bool = False
    limit: str | None = None
    layer: str | None = None
    name: str = ""
    span: tuple[int, int] = (0, 0)


@dataclass(eq=False)
class Hole:
    """A layer that is not written: of the index `letter`, or with as many neurons as `last`."""

    letter: Letter | None = None
    layer: str | None = None
    last: str | None = None


@dataclass
class Unknowns:
    """All letters and holes of one claim."""

    window: Window
    letters: list[Letter] = field(default_factory=list)
    links: list[tuple[tuple[Hole | str, ...], tuple[int, ...]]] = field(default_factory=list)
    pairs: list[tuple[tuple[Hole, ...], tuple[str, ...]]] = field(default_factory=list)

    def settle(self) -> None:
        """Find a layer for every letter and hole that can be settled."""
        for letter in self.letters:
            if letter.layer is None:
                letter.layer = letter.limit or self.window.layer_of_neuron(letter.text)
        self._propagate()
        for holes, declared in self.pairs:
            if all(hole.layer is None for hole in holes):
                self._take_sizes(holes) or self._take_declared(holes, declared)
                self._propagate()

    def _propagate(self) -> None:
        changed = True
        while changed:
            changed = False
            for holes, offsets in self.links:
                for hole in holes:
                    if isinstance(hole, Hole):
                        changed |= _share(hole)
                changed |= self._neighbours(holes, offsets)

    def _neighbours(self, holes, offsets) -> bool:
        """Fill a hole beside a layer that is known."""
        changed = False
        for known, at in zip(holes, offsets, strict=True):
            layer = known if isinstance(known, str) else known.layer
            if layer is None or layer not in self.window.layers:
                continue
            for hole, to in zip(holes, offsets, strict=True):
                if isinstance(hole, Hole) and hole.layer is None:
                    hole.layer = self.window.step(layer, to - at)
                    changed |= hole.layer is not None
        return changed

    def _take_sizes(self, holes) -> bool:
        """The layers that sizes tell, if they tell layers that follow one another."""
        offsets = next(offsets for found, offsets in self.links if found is holes)
        for hole, at in zip(holes, offsets, strict=True):
            if hole.last is None:
                continue
            layers = [self.window.step(hole.last, to - at) for to in offsets]
            told = zip(holes, layers, strict=True)
            if None not in layers and all(h.last in (None, layer) for h, layer in told):
                for other, layer in zip(holes, layers, strict=True):
                    other.layer = layer
                return True
        return False

    def _take_declared(self, holes, declared) -> None:
        """The layers for which the quantity was declared, or the only ones there are."""
        layers = self.window.layers
        if not self.window.short and all(x in layers for x in declared):
            found = declared
        elif len(layers) == len(holes) > 1:
            found = layers[::-1]
        else:
            return
        for hole, layer in zip(holes, found, strict=True):
            hole.layer = layer


def _share(hole: Hole) -> bool:
    """A hole and the letter beside it are of one layer."""
    letter = hole.letter
    if letter is None or (hole.layer is None) == (letter.layer is None):
        return False
    if hole.layer is None:
        hole.layer = letter.layer
    else:
        letter.layer = hole.layer
    return True
