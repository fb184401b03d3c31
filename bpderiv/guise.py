r"""Letters for a derivation: what sympy sees, and how a reader sees it again.

sympy's names need single letters, and some names of a text are taken for others there. So a claim
puts on a *guise*: its layers, sizes and neurons called \alpha become letters that no text can type,
\mathcal{E} becomes E. When all is derived, `Guise.latex` and `Guise.plain` turn them back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from bpderiv import expression as ex
from bpderiv.definitions import PLAIN_NAMES, Definitions
from bpderiv.judges.any_width import letters_of, network_of, single_letters, with_names
from bpderiv.meaning.claims import Claim
from bpderiv.meaning.declarations import Definition
from bpderiv.meaning.names import readable
from bpderiv.meaning.window import Window
from bpderiv.sums import spare_letters

#: Letters for rows and columns, in the order in which they are taken.
_ROWS = "rstuqxl"
#: Names for the slope of an unknown error: the first that the text does not use.
_SLOPES = (r"\gamma", r"\Gamma", r"\kappa", r"\Lambda", r"\zeta", r"\Xi")
#: Single letters for what is called by a name that sympy's printer takes for another.
_FIRST_LETTER = ord("Ⴀ")


@dataclass(frozen=True)
class Guise:
    """A claim and its network in letters for sympy; `shown` says how a letter is written."""

    claim: Claim
    definitions: Definitions
    names: dict[str, str]
    shown: dict[str, str]

    def inside(self, tree: ex.Expression) -> ex.Expression:
        """A tree with the names of quantities that sympy sees."""
        return _renamed(tree, self.names)

    def latex(self, text: str) -> str:
        """LaTeX in the letters of the text."""
        return re.sub(_any_of(self.shown), self._latex_of, text).replace("′", "'")

    def _latex_of(self, match: re.Match) -> str:
        shown, follows = self.shown[match[0]], match.string[match.end() : match.end() + 1]
        if not shown.startswith("\\"):
            return shown
        apart = follows.isalpha() and not self.shown.get(follows, "").startswith("\\")
        return shown + " " * apart

    def plain(self, text: str) -> str:
        """Plain text in the letters of the text."""
        return re.sub(_any_of(self.shown), lambda m: readable(self.shown[m[0]]), text)

    def rows(self) -> Iterator[str]:
        """Letters for rows and columns that nothing in the text is called by, without end."""
        window = self.claim.window
        taken = {*letters_of(self.claim), *window.layers, *window.neurons, *window.sizes}
        taken |= {
            word for q in self.claim.declarations.quantities.values() for word, _ in q.patterns
        }
        return spare_letters(_ROWS, taken)


def guise_of(claim: Claim) -> Guise:
    """The guise of a claim."""
    letters = single_letters(claim)
    shown = {letter: typed for typed, letter in letters.items()}
    claim = with_names(claim, letters)
    claim = with_names(claim, _any_neurons(claim))
    free = (chr(number) for number in count(_FIRST_LETTER))
    if not claim.window.sizes:
        sizes = {next(free): _size(claim.window, shown, layer) for layer in claim.window.layers}
        claim = replace(claim, window=replace(claim.window, sizes=tuple(sizes)))
        shown |= sizes
    names = dict(PLAIN_NAMES)
    declared = {word for q in claim.declarations.quantities.values() for word, _ in q.patterns}
    for name in sorted(declared & set(PLAIN_NAMES.values())):
        names[name] = next(free)
        shown[names[name]] = name
    definitions = network_of(claim)
    if slope := definitions.unknown_slope:
        names[slope] = next(free)
        shown[names[slope]] = next(name for name in _SLOPES if name not in declared)
    equations = tuple(_definition(d, names) for d in definitions.equations)
    return Guise(claim, Definitions(definitions.layers, equations), names, shown)


def _any_neurons(claim: Claim) -> dict[str, str]:
    """A bare w is any weight: its neurons, which have no letters, get those of their layers."""
    window, taken = claim.window, set(letters_of(claim))
    neurons = dict(zip(window.layers, window.neurons or window.layers, strict=True))
    found = {letter: neurons[layer] for letter, layer in claim.letters if letter.startswith("∗")}
    return {letter: neuron for letter, neuron in found.items() if neuron not in taken}


def _size(window: Window, shown: dict[str, str], layer: str) -> str:
    """How the size of a layer is written where no letter was declared for it."""
    return replace(window, sizes=()).size_letter(shown.get(layer, layer))


def _definition(definition: Definition, names: dict[str, str]) -> Definition:
    target, body = (_renamed(x, names) for x in (definition.target, definition.body))
    return replace(definition, target=target, body=body)


def _renamed(tree: ex.Expression, names: dict[str, str]) -> ex.Expression:
    def rule(node):
        parts = {part: names.get(getattr(node, part), getattr(node, part))
                 for part in ("name", "slope") if hasattr(node, part)}  # fmt: skip
        return replace(node, **parts)

    return ex.rewrite(tree, rule)


def _any_of(letters: dict[str, str]) -> str:
    """A pattern for any of these letters; for nothing, if there are none."""
    return f"[{''.join(letters)}]" if letters else r"(?!)"
