r"""The any-width judge: sympy, every size a letter, every φ a function of which nothing is known.

Both sides are written out component by component, down to weights, inputs and desired responses;
∂X/∂Y cuts the network at Y, and sympy differentiates. If the difference has normal form 0, the
claim is *proved for any width*. If not, it is not proved: this judge refutes nothing.

Where the last layer of the window need not be the output, the error is an unknown function of
what that layer sends: what is proved then holds at any depth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import product

import sympy

from bpderiv import expression as ex
from bpderiv.compose import Composer, Unprovable
from bpderiv.definitions import Definitions, Layers
from bpderiv.meaning.claims import Claim
from bpderiv.meaning.components import Components, NotGeneral
from bpderiv.meaning.names import readable
from bpderiv.sums import normal
from bpderiv.symbols import by_value

#: Single letters for what a text calls by a word: no text can type these.
_FIRST_LETTER = ord("ა")


@dataclass(frozen=True)
class AnyWidth:
    """What this judge found: proved or not, and what was left of left − right."""

    proved: bool
    residual: sympy.Expr | None = None
    reason: str = ""


def judge(claim: Claim) -> AnyWidth:
    """Prove left = right for any width, if normal forms can."""
    if missing := missing_somewhere(claim):
        return AnyWidth(False, None, missing)
    claim = in_single_letters(claim)
    try:
        definitions = network_of(claim)
        for sides in all_entries(claim):
            found = prove(*sides, definitions, Composer(definitions))
            if not found.proved:
                break
        return found
    except (NotGeneral, NotImplementedError) as error:
        return AnyWidth(False, None, str(error))


def missing_somewhere(claim: Claim) -> str | None:
    """That a quantity is not there at some place of some network: the input has no field v."""
    declarations, window = claim.declarations, claim.window
    named = {
        (node.name, (node.layer,) if isinstance(node, ex.Apply) else node.layers)
        for side in (claim.left, claim.right)
        for node in ex.walk(side)
        if isinstance(node, (ex.Entry, ex.Whole, ex.Apply))
    }
    longest = max(place.length for q in declarations.quantities.values() for place in q.places)
    more = range(longest + 1)  # further layers change nothing
    for base, after in product(more, (0,) if window.output else more):
        last = base + len(window.layers) - 1 + after
        for name, layers in sorted(named):
            at = tuple(base + window.place(layer) for layer in layers)
            if not declarations.exists(name, at, last):
                what = readable(name) + "".join(f" of layer {layer}" for layer in layers[:1])
                return f"there is no {what} at every place where the window fits"
    return None


def in_single_letters(claim: Claim) -> Claim:
    r"""The same claim where layers, sizes and neurons called \alpha, … are single letters."""
    return with_names(claim, single_letters(claim))


def single_letters(claim: Claim) -> dict[str, str]:
    r"""Layers, sizes and neurons called \alpha, … → one letter for each."""
    window = claim.window
    typed = [*window.layers, *window.sizes, *window.neurons, *letters_of(claim)]
    long = dict.fromkeys(x for x in typed if x.startswith("\\"))
    return {x: chr(_FIRST_LETTER + i) for i, x in enumerate(long)}


def letters_of(claim: Claim) -> list[str]:
    """All letters for neurons in a claim: free ones, and those of sums and of displays."""
    found = [letter for letter, _ in claim.letters]
    for node in (node for side in (claim.left, claim.right) for node in ex.walk(side)):
        found += [node.index] if isinstance(node, ex.Sum) else getattr(node, "letters", ())
    return found


def with_names(claim: Claim, names: dict[str, str]) -> Claim:
    """The same claim, its layers, sizes and neurons called otherwise."""
    if not names:
        return claim

    def renamed(value):
        if isinstance(value, ex.Last):
            return replace(value, layer=renamed(value.layer))
        if isinstance(value, tuple):
            return tuple(map(renamed, value))
        return names.get(value, value) if isinstance(value, str) else value

    def rule(node):
        parts = {f.name: getattr(node, f.name) for f in fields(node)}
        return replace(node, **{
            name: renamed(value) for name, value in parts.items() if name not in ("name", "span")
        })  # fmt: skip

    window = claim.window
    left, right = (ex.rewrite(side, rule) for side in (claim.left, claim.right))
    window = replace(window, **{x: renamed(getattr(window, x))
                                for x in ("layers", "sizes", "neurons")})  # fmt: skip
    return replace(claim, left=left, right=right, letters=renamed(claim.letters), window=window)


def prove(left: ex.Expression, right: ex.Expression, definitions: Definitions, composer: Composer):
    """The difference of two entries, in normal form."""
    try:
        difference = composer.value(left, {}) - composer.value(right, {})
    except Unprovable as error:
        return AnyWidth(False, None, str(error))
    residual = normal(by_value(difference))
    return AnyWidth(residual == 0 and sizes_are_letters(definitions), residual)


def all_entries(claim: Claim) -> Iterator[tuple[ex.Expression, ex.Expression]]:
    """Both sides' general entry; where a matrix has two rows, one for each."""
    return ((left, right) for _, left, right in placed_entries(claim))


def placed_entries(claim: Claim, names: Iterable[str] = ()):
    """((row, column), left, right); a size that is a letter has a letter for its place.

    Letters that the claim has not are taken from `names`.
    """
    components = Components(claim.declarations, claim.window, dict(claim.letters), names)
    shape = components.shape(claim.left)
    for r, c in product(*([components.place(dim)] if isinstance(dim, str) else range(1, dim + 1)
                          for dim in shape)):  # fmt: skip
        yield (r, c), components.entry(claim.left, r, c), components.entry(claim.right, r, c)


def network_of(claim: Claim) -> Definitions:
    """The document's definitions on the window's layers, sizes letters."""
    window = claim.window
    sizes = window.sizes or tuple(f"n{layer}" for layer in window.layers)
    neurons = window.neurons or window.layers
    layers = Layers(window.layers, sizes, neurons)
    definitions = Definitions(layers, tuple(claim.declarations.definitions))
    if not window.output:
        definitions = definitions.unknown_after(window.layers[-1], signals=True)
    return definitions


def sizes_are_letters(definitions: Definitions) -> bool:
    """Whether no number got in for a size."""
    return all(isinstance(size, str) for size in definitions.layers.sizes)
