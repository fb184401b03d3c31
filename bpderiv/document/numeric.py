r"""Claims about numbers: judged in the example of the document, exactly, in fractions.

A chain with a side of plain numbers (v_{j,1} = 0.5 · 1 − 1 = −0.5) that does not hold in general is
judged in the example. General claims never see its numbers, and links between plain numbers need no
example.
"""

from __future__ import annotations

from fractions import Fraction

from bpderiv.document.example import Example
from bpderiv.document.polynomials import HIGHEST, Rows, decimals, is_numeric, numbers
from bpderiv.judges import exact
from bpderiv.meaning.claims import links, unboxed
from bpderiv.meaning.resolve import Resolver
from bpderiv.meaning.window import Window
from bpderiv.reading import syntax as sx
from bpderiv.reading.errors import ReadError
from bpderiv.reading.plain import plain
from bpderiv.verdict import LinkVerdict

#: These are judged between numbers.
_JUDGED = ("=", ":=", r"\equiv", r"\approx")


class NumberJudge:
    """Judges claims about numbers, in one example."""

    def __init__(self, example: Example):
        """Values may still be declared."""
        self.example = example

    def values_of(self, chain: sx.Chain, latex: str, window: Window) -> list[LinkVerdict] | None:
        """Verdicts on the links of a chain about numbers; None if it is a general claim.

        Errors
        ------
        ReadError
            for numbers that nothing in the example says, and for ≈ before anything but a decimal.
        """
        chain = unboxed(chain)
        if not chain.relations or not any(map(is_numeric, chain.sides)):
            return None
        _check_powers(chain, latex)
        if self._is_general(chain, latex, window):
            if r"\approx" in chain.relations:
                words = r"\approx is judged between numbers: those of an **Example**, of one neuron"
                raise ReadError(words, latex, *chain.span)
            return None
        return [self._judged(i, chain, latex, window) for i in range(len(chain.relations))]

    def _is_general(self, chain: sx.Chain, latex: str, window: Window) -> bool:
        """Whether a chain is no matter of this example: of any neuron, or true in every network."""
        if all(numbers(side) is not None for side in chain.sides):
            return False
        if self.example.window is None or self.any_neuron(chain, latex, window):
            return True
        try:
            found = links(chain, window, self.example.declarations, latex)
        except ReadError:
            return False
        return all(link.claims and all(map(exact.holds, link.claims)) for link in found)

    def any_neuron(self, chain: sx.Chain, latex: str, window: Window) -> str:
        """The letters of a chain that stand for any neuron: what is said of them, is general."""
        if self.example.window is None or not any(map(is_numeric, chain.sides)):
            return ""
        try:
            resolver = Resolver(self.example.declarations, window, latex)
            resolver.sides(list(chain.sides))
        except ReadError:
            return ""
        return ", ".join(text for text, letter in resolver.free.items() if letter.layer)

    def _judged(self, i: int, chain: sx.Chain, latex: str, window: Window) -> LinkVerdict:
        sides, relation = chain.sides[i : i + 2], chain.relations[i]
        shown = {"latex": " ".join(latex[slice(sides[0].span[0], sides[1].span[1])].split()),
                 "plain": plain(sx.Chain(sides, (relation,)))}  # fmt: skip
        if relation not in _JUDGED:
            reason = f"{relation} is not judged"
            return LinkVerdict(holds=None, judged=False, reason=reason, **shown)
        digits = _digits(sides[1], latex) if relation == r"\approx" else None
        left, right = (self._value(side, window, latex) for side in sides)
        holds = _equal(left, right, digits)
        words = "exact"
        if digits is not None:
            words = f"right to the digits shown ({', '.join(map(str, digits))} after the point)"
        if not all(map(is_numeric, sides)):
            words += ", in the example"
        reason = "" if holds else f"the left side is {_shown(left)}, the right {_shown(right)}"
        return LinkVerdict(holds=holds, judges={"exact": words if holds else "refuted"},
                           reason=reason, **shown)  # fmt: skip

    def _value(self, side: sx.Node, window: Window, latex: str) -> Rows:
        found = numbers(side)
        return found if found is not None else self.example.value(side, window, latex)


def _check_powers(chain: sx.Chain, latex: str) -> None:
    for node in sx.walk(chain):
        power = node.sup if isinstance(node, sx.Scripted) else None
        if isinstance(power, sx.Number) and Fraction(power.text) > HIGHEST:
            raise ReadError(f"a power with numbers has an exponent of at most {HIGHEST}", latex,
                            *node.span)  # fmt: skip


def _equal(left: Rows, right: Rows, digits: list[int] | None) -> bool:
    """Whether two matrices are equal; or, to so many digits of each entry, nearly."""
    if [len(row) for row in left] != [len(row) for row in right]:
        return False
    pairs = [pair for rows in zip(left, right, strict=True) for pair in zip(*rows, strict=True)]
    most = [Fraction(1, 2 * 10**n) for n in digits] if digits else [Fraction(0)] * len(pairs)
    return all(abs(a - b) <= m for (a, b), m in zip(pairs, most, strict=True))


def _digits(side: sx.Node, latex: str) -> list[int]:
    """How many digits each decimal of a side shows."""
    cells = [x for row in side.rows for x in row] if isinstance(side, sx.Matrix) else [side]
    found = [None if cell is None else decimals(cell) for cell in cells]
    if None in found:
        raise ReadError(r"\approx stands before a decimal, as in v_{k,1} \approx 0.33", latex,
                        *side.span)  # fmt: skip
    return found


def _shown(rows: Rows) -> str:
    lines = [", ".join(map(_one, row)) for row in rows]
    return lines[0] if len(rows) == len(rows[0]) == 1 else f"[{'; '.join(lines)}]"


def _one(value: Fraction) -> str:
    try:
        text = str(float(value))
    except OverflowError:
        return "a number of more than 300 digits"
    return text if Fraction(text) == value else f"{float(value):.6g}…"
