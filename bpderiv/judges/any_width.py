r"""The any-width judge: sympy, every size a letter, every φ a function of which nothing is known.

Both sides are written out component by component, down to weights, inputs and desired responses;
∂X/∂Y cuts the network at Y, and sympy differentiates. If the difference has normal form 0, the
claim is *proved for any width*. If not, it is not proved: this judge refutes nothing.

Where the last layer of the window need not be the output, the error is an unknown function of
what that layer sends: what is proved then holds at any depth.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from bpderiv import expression as ex
from bpderiv.compose import Composer, Unprovable
from bpderiv.definitions import Definitions, Layers
from bpderiv.meaning.claims import Claim
from bpderiv.meaning.components import Components, NotGeneral
from bpderiv.sums import normal
from bpderiv.symbols import by_value


@dataclass(frozen=True)
class AnyWidth:
    """What this judge found: proved or not, and what was left of left − right."""

    proved: bool
    residual: sympy.Expr | None = None
    reason: str = ""


def judge(claim: Claim) -> AnyWidth:
    """Prove left = right for any width, if normal forms can."""
    try:
        definitions = network_of(claim)
        return prove(*entries(claim), definitions, Composer(definitions))
    except (NotGeneral, NotImplementedError) as error:
        return AnyWidth(False, None, str(error))


def prove(left: ex.Expression, right: ex.Expression, definitions: Definitions, composer: Composer):
    """The difference of two entries, in normal form."""
    try:
        difference = composer.value(left, {}) - composer.value(right, {})
    except Unprovable as error:
        return AnyWidth(False, None, str(error))
    residual = normal(by_value(difference))
    return AnyWidth(residual == 0 and sizes_are_letters(definitions), residual)


def entries(claim: Claim) -> tuple[ex.Expression, ex.Expression]:
    """The general entries of both sides, in the same row and column."""
    components = Components(claim.declarations, claim.window, dict(claim.letters))
    rows, columns = components.shape(claim.left)
    r, c = components.place(rows), components.place(columns)
    return components.entry(claim.left, r, c), components.entry(claim.right, r, c)


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
