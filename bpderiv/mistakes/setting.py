r"""What a rewriting may use at a place of a claim: the letters in scope, the declared quantities.

No letter of any text is known here: which quantities exist, how a function meets its argument
(φ_k at v_k) and what is differentiated (E) are read from the declarations.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from bpderiv import expression as ex
from bpderiv.meaning.claims import Claim
from bpderiv.meaning.declarations import Declarations
from bpderiv.meaning.window import Window


@dataclass(frozen=True)
class Setting:
    """Declarations, window, and the neurons' letters in scope with their layers."""

    declarations: Declarations
    window: Window
    letters: tuple[tuple[str, str], ...]
    root: bool = field(default=True, compare=False)
    inside_of: type = field(default=type(None), compare=False)
    used: tuple[tuple[ex.Index, str], ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, claim: Claim) -> Setting:
        """The setting of a claim's sides: with the neurons that they have by number, too."""
        used = {
            (index, layer): None
            for side in claim.as_read
            for node in ex.walk(side)
            if isinstance(node, ex.Entry)
            for index, layer in zip(node.indices, node.layers, strict=True)
            if isinstance(index, (int, ex.Last)) and layer in claim.window.layers
        }
        used = [(x, at) for x, at in used if not isinstance(x, ex.Last) or x.layer == at]
        return cls(claim.declarations, claim.window, claim.letters, used=tuple(used))

    def inside(self, node: ex.Expression) -> Setting:
        """The setting below a node; made once for all nodes like it, with all that it finds."""
        bound = ((node.index, node.layer),) if isinstance(node, ex.Sum) else ()
        like = type(node), bound
        if like not in self._below:
            letters = (*self.letters, *bound)
            self._below[like] = replace(self, letters=letters, root=False, inside_of=type(node))
        return self._below[like]

    @cached_property
    def _below(self) -> dict[tuple, Setting]:
        return {}

    @cached_property
    def _found(self) -> dict[tuple, tuple[ex.Expression, ...]]:
        return {}

    def letters_of(self, layer: str) -> list[str]:
        """The letters in scope that count neurons of a layer."""
        return [letter for letter, where in self.letters if where == layer]

    def entries(self, name: str, layers: int):
        """Entries of a quantity that can be written with the letters in scope."""
        asked = ex.Entry, name, layers
        if asked not in self._found:
            self._found[asked] = tuple(self._entries(name, layers))
        return self._found[asked]

    def _entries(self, name: str, layers: int):
        for places in self._layers(name, layers):
            indices: list[tuple[str, ...]] = [()]
            for layer in places:
                known = [*self.letters_of(layer), *(x for x, where in self.used if where == layer)]
                indices = [(*old, new) for old in indices for new in known]
            for chosen in indices:
                yield ex.Entry(name, places, chosen)

    def wholes(self, name: str, layers: int):
        """The columns or matrices of a quantity in this window."""
        asked = ex.Whole, name, layers
        if asked not in self._found:
            found = self._layers(name, layers)
            self._found[asked] = tuple(ex.Whole(name, places) for places in found)
        return self._found[asked]

    def _layers(self, name: str, layers: int):
        """The layers of the window at which a quantity can be."""
        if layers == 0:
            return [()]
        if layers == 1:
            found = [(layer,) for layer in self.window.layers]
        else:
            pairs = zip(self.window.layers, self.window.layers[1:], strict=False)
            found = [(receiver, sender) for sender, receiver in pairs]
        return [x for x in found if self.declarations.fits(name, x, self.window)]

    @cached_property
    def quantities(self) -> list[tuple[str, int]]:
        """(name, number of layers) of all that is no function."""
        return [key for key, q in self.declarations.quantities.items() if q.kind != "function"]

    @cached_property
    def functions(self) -> list[str]:
        """The names of all functions."""
        found = self.declarations.quantities.values()
        return [q.name for q in found if q.kind == "function"]

    @cached_property
    def applications(self) -> list[ex.Apply]:
        """How definitions apply functions: φ_k at v_{k,b}."""
        return [
            node
            for definition in self.declarations.definitions
            for node in ex.walk(definition.body)
            if isinstance(node, ex.Apply)
        ]

    def slopes(self, whole: bool):
        """φ′ of every layer at its own argument: factors that belong there."""
        for apply in self.applications:
            argument = apply.argument
            if not isinstance(argument, ex.Entry) or len(argument.layers) != 1:
                continue
            kind = self.wholes if whole else self.entries
            for inside in kind(argument.name, 1):
                yield ex.Apply(inside.layers[0], inside, 1, name=apply.name)

    @cached_property
    def outcomes(self) -> list[ex.Entry]:
        """The declared numbers that are defined: what is differentiated."""
        return [d.target for d in self.declarations.definitions if not d.target.layers]
