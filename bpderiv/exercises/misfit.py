"""What to say of an answer whose shape does not fit: one neuron and a whole layer mixed up."""

from __future__ import annotations

from bpderiv import expression as ex
from bpderiv.meaning.claims import Claim
from bpderiv.meaning.shapes import SCALAR, UNKNOWN, IllTyped, Shapes, Unclear

_ONE_ASKED = (
    "One neuron was asked for: give each letter its neuron, as in `e_{k,b}`. (Two columns can be "
    r"multiplied component by component only, with `\odot`.)"
)
#: What to remember where a letter is a neuron.
SHORT_FORM = (
    r"In the short form a neuron has one letter, `\delta_k`, `w_{kj}`, and a sum has no upper end, "
    r"`\sum_k`."
)
_ALL_ASKED = "Is this one entry of it? All of them are asked for."


def remarks(claim: Claim) -> list[str]:
    """The clash of shapes in words, and what may be behind it; [] if all fits."""
    if claim.problem is None:
        return []
    said = [f"The two sides do not fit: {claim.problem}."]
    left, right = claim.as_read
    one = _is_number(claim, left)
    if one and any(isinstance(node, ex.Whole) for node in ex.walk(right)):
        said.append(SHORT_FORM if claim.window.short else _ONE_ASKED)
    if one is False and _is_number(claim, right):
        said.append(_ALL_ASKED)
    return said


def _is_number(claim: Claim, side: ex.Expression) -> bool | None:
    """Whether a side is a single number; None if it has no shape."""
    try:
        shapes = Shapes(claim.declarations, claim.window, dict(claim.letters))
        return shapes.settle(side, UNKNOWN)[1] == SCALAR
    except (IllTyped, Unclear):
        return None
