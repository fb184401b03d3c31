r"""A counterexample that a reader can follow: a small network, small whole numbers, both sides.

Once a claim is refuted in a large random network, it is refuted again in the smallest one that
will do, with exact fractions in the place of residues.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

from bpderiv.judges.exact import (
    Difference,
    Exact,
    Numbers,
    Spot,
    TooSmall,
    Trial,
    compare,
    least_size,
)  # fmt: skip
from bpderiv.judges.tape import Tape
from bpderiv.meaning.claims import Claim
from bpderiv.meaning.names import readable, with_layers
from bpderiv.meaning.shapes import UNKNOWN, Shapes

#: Networks tried in the search for small numbers.
TRIES = 60
#: So many at least; then a small one is enough.
FEWEST, _SMALL = 12, 12

#: Numbers to choose from; and the weights where these lead to sides that no hand works out, as
#: they always do where there are many layers: squares grow fast.
_SOME, _FEW, _LARGE, _SHALLOW = (1, 1, 1, -1, -1, 2, -2, 3), (0, 0, 1, -1), 100, 3


class SmallNumbers(Numbers):
    """Whole numbers between −2 and 2, φ of degree two with small coefficients; all remembered."""

    def __init__(self, seed: int, weights: tuple[int, ...] = _SOME):
        """The same seed gives the same numbers."""
        self._random = random.Random(seed)
        self._weights = weights
        self.prime = None
        self.values: dict[tuple, int] = {}
        self.functions: dict[tuple[str, int], list[int]] = {}

    def given(self, name, layers, indices):
        """A small whole number, not zero: zeros hide things. A single number is positive (η)."""
        choices = {0: (1, 2, 3), 2: self._weights}.get(len(indices), _SOME)
        value = self._random.choice(choices)
        self.values[name, layers, indices] = value
        return value

    def function(self, name, layer):
        """x², x² + x, x² + 2x …: different in every layer."""
        self.functions[name, layer] = [0, len(self.functions), 1]
        return self.functions[name, layer]


@dataclass(frozen=True)
class Counterexample:
    """Sizes of the layers, values of the letters, the given numbers, and both sides."""

    sizes: tuple[tuple[str, int], ...]
    letters: tuple[tuple[str, int], ...]
    place: tuple[int, int] | None
    numbers: tuple[tuple[str, str], ...]
    left: str
    right: str
    missing: str | None = None

    @property
    def where(self) -> tuple[str, ...]:
        """Values of the letters, and the place in a matrix: ("b = 1", "row 1, column 2")."""
        letters = (f"{letter} = {value}" for letter, value in self.letters)
        place = (f"row {self.place[0]}, column {self.place[1]}",) if self.place else ()
        return (*letters, *place)

    @property
    def given(self) -> str:
        """The given numbers, in one line."""
        return "; ".join(f"{name} = {value}" for name, value in self.numbers)

    def __str__(self) -> str:
        """In one line."""
        sizes = ", ".join(f"{layer}: {size}" for layer, size in self.sizes)
        if self.missing:
            return f"layers of {sizes} neurons: there is no {self.missing}"
        sides = ", ".join([f"left {self.left}", f"right {self.right}", *self.where])
        return f"{sides} (neurons {sizes}; {self.given})"

    def as_data(self) -> dict:
        """For JSON."""
        if self.missing:
            return {"sizes": dict(self.sizes), "missing": self.missing}
        return {
            "sizes": dict(self.sizes), "indices": dict(self.letters),
            "row_column": list(self.place) if self.place else None,
            "numbers": dict(self.numbers), "left": self.left, "right": self.right,
        }  # fmt: skip


def smallest(claim: Claim, found: Exact) -> Counterexample | None:
    """The difference that the exact judge found, in small numbers."""
    if found.difference is None:
        return None
    large = found.difference.spot
    if found.difference.missing:
        sizes = tuple(range(2, 2 + len(large.sizes)))
        return _shown(claim, Difference(Spot(sizes, large.base, 0), (), 0, 0, None, None,
                                        found.difference.missing), None)  # fmt: skip
    shallow = len(large.sizes) <= _SHALLOW
    best = _best(claim, large, _SOME) if shallow else None
    if best is None or best[0][3] > _LARGE:
        few = _best(claim, large, _FEW)
        best = min((one for one in (best, few) if one), key=lambda one: one[0], default=None)
    return _shown(claim, *best[1:]) if best else None


def _best(claim: Claim, large: Spot, weights: tuple[int, ...]):
    """The smallest of the differences found with such weights, and its numbers."""
    best = None
    for tried, spot in enumerate(_small_spots(claim, large)):
        if tried >= FEWEST and best is not None and _is_small(best[1]):
            break
        numbers = SmallNumbers(spot.seed, weights)
        try:
            trial = Trial(claim.declarations, spot.sizes, numbers, Tape(None))
            difference, _ = compare(claim, spot, trial)
        except (TooSmall, ZeroDivisionError):
            continue
        if difference is not None and not difference.missing:
            weight = _weight(difference, numbers, spot)
            if best is None or weight < best[0]:
                best = weight, difference, numbers
    return best


def _is_small(difference: Difference) -> bool:
    """Whether a hand can work it out: whole numbers, none zero, none large."""
    sides = difference.left, difference.right
    return all(0 < abs(side) <= _SMALL and side.denominator == 1 for side in sides)


def _weight(difference: Difference, numbers: SmallNumbers, spot: Spot):
    """Small and whole numbers first, and if it can be, two sides that are not zero."""
    sides = difference.left, difference.right
    return (
        sum(spot.sizes), 0 in sides, sum(side.denominator > 1 for side in sides),
        sum(map(abs, sides)), sum(map(abs, numbers.values.values())), spot.sizes, spot.seed,
    )  # fmt: skip


def _small_spots(claim: Claim, large: Spot):
    """Small unequal sizes, a few sets of numbers for each."""
    least = least_size(claim)
    sizes = range(least, least + len(large.sizes))
    orders = list(permutations(sizes))
    for seed in range(TRIES):
        yield Spot(orders[seed % len(orders)], large.base, seed)


def _shown(claim: Claim, difference: Difference, numbers: SmallNumbers | None) -> Counterexample:
    names = _layer_names(claim, difference.spot)
    sizes = tuple(zip(names, difference.spot.sizes, strict=True))
    letters = tuple((letter.rstrip("′"), value) for letter, value in difference.letters)
    if difference.missing:
        return Counterexample(sizes, letters, None, (), "", "", readable(difference.missing))
    place = (difference.row, difference.column) if _is_grid(claim) else None
    given = tuple(_given(claim, numbers, names, difference.spot.sizes))
    return Counterexample(
        sizes, letters, place, given,
        _number(difference.left), _number(difference.right),
    )  # fmt: skip


def _is_grid(claim: Claim) -> bool:
    shapes = Shapes(claim.declarations, claim.window, dict(claim.letters))
    return shapes.settle(claim.left, UNKNOWN)[1] != (1, 1)


def _layer_names(claim: Claim, spot: Spot) -> list[str]:
    """The window's letters; layers outside it are called "before" and "after"."""
    names, inside = [], claim.window.layers
    for number in range(len(spot.sizes)):
        at = number - spot.base
        if 0 <= at < len(inside):
            names.append(inside[at])
        else:
            names.append(f"{-at} before" if at < 0 else f"{at - len(inside) + 1} after")
    return names


def _given(claim: Claim, numbers: SmallNumbers, names: list[str], sizes: tuple[int, ...]):
    """The given numbers, gathered into columns and matrices."""
    gathered: dict[tuple, dict] = {}
    for (name, layers, indices), value in numbers.values.items():
        gathered.setdefault((name, layers), {})[indices] = value
    for (name, layers), entries in gathered.items():
        shape = tuple(sizes[layer] for layer in layers)
        yield _name(claim, name, layers, names), _grid_text(entries, shape)
    for (name, layer), coefficients in numbers.functions.items():
        yield f"{readable(name)}_{names[layer]}(x)", _polynomial(coefficients)


def _name(claim: Claim, name: str, layers: tuple[int, ...], names: list[str]) -> str:
    whole = readable(claim.declarations.quantity(name, len(layers)).whole)
    return with_layers(whole, [names[layer] for layer in layers])


def _grid_text(entries: dict, shape: tuple[int, ...]) -> str:
    """A number, a column as (1, 2), a matrix as (1, 2; 3, 4); · for what was not needed."""
    if () in entries:
        return str(entries[()])
    rows = max(shape[0], *(index[0] for index in entries))
    if len(next(iter(entries))) == 1:
        return "(" + ", ".join(str(entries.get((r,), "·")) for r in range(1, rows + 1)) + ")"
    columns = max(shape[1], *(index[1] for index in entries))
    return "(" + "; ".join(
        ", ".join(str(entries.get((r, c), "·")) for c in range(1, columns + 1))
        for r in range(1, rows + 1)
    ) + ")"  # fmt: skip


def _polynomial(coefficients: list) -> str:
    powers = ["", "x", "x²", "x³", "x⁴"]
    parts = [
        f"{'' if c == 1 and r else c}{powers[r]}"
        for r, c in reversed(list(enumerate(coefficients)))
        if c
    ]
    return " + ".join(parts) or "0"


def _number(value: int | Fraction) -> str:
    """A number as a reader wants it: very long ones are cut."""
    if value.numerator.bit_length() + value.denominator.bit_length() < 100:
        return str(value)
    digits = int(value.numerator.bit_length() * 0.30103) + 1
    try:
        return f"{float(value):.6g}"
    except OverflowError:
        return f"{'-' if value < 0 else ''}(a number of about {digits} digits)"
