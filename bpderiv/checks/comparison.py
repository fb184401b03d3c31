"""Two arrays that ought to be equal: how far apart they are, in words that claim no more.

The measure is the largest difference divided by the largest entry. Entry by entry nothing
can be promised: an entry near zero has no digits to lose.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import numpy as np

#: Largest difference allowed, relative to the largest entry: rounding only.
TOLERANCE = 1e-13
#: The same where one road is central differences, which lose about a third of the digits and more
#: where E is large and the slope small.
CENTRAL_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Comparison:
    """Two arrays that ought to be equal, and how far apart they are.

    `tolerance` is relative to the largest entry. `noise` is an absolute difference that
    rounding alone can make (0 unless stated), whatever the size of the entries.
    """

    what: str
    left: str
    right: str
    size: int
    largest_entry: float
    largest_difference: float
    place: tuple[int, ...]
    tolerance: float = TOLERANCE
    noise: float = 0.0

    @property
    def relative(self) -> float:
        """The largest difference divided by the largest entry (0 if both are all zero)."""
        if self.largest_difference == 0:
            return 0.0
        return self.largest_difference / self.largest_entry if self.largest_entry else np.inf

    @property
    def agree(self) -> bool:
        """Whether the difference is within the tolerance, or noise. NaN never agrees."""
        within = self.relative <= self.tolerance or self.largest_difference <= self.noise
        return bool(np.isfinite(self.largest_difference) and within)

    @property
    def found(self) -> str:
        """What was found, in words that are the same on every machine."""
        if not self.agree:
            return f"DIFFERENT: {self.detail()}"
        if self.largest_difference == self.largest_entry == 0:
            return "are both exactly zero"
        if self.relative <= self.tolerance:
            return f"agree to {self.tolerance:.0e} of the largest entry"
        return f"differ by no more than rounding alone can ({self.noise:.0e})"

    def detail(self) -> str:
        """The very numbers: they may differ in the last digits from machine to machine."""
        where = "".join(f"[{i}]" for i in self.place)
        return (
            f"{self.what}: {self.left} and {self.right}, {self.size} numbers; largest difference "
            f"{self.largest_difference:.2g} at {where or 'the only entry'}, "
            f"{self.relative:.2g} of the largest entry ({self.largest_entry:.3g})"
        )

    def cells(self) -> tuple[str, ...]:
        """What, by which two roads, how many numbers, and what was found."""
        return self.what, self.left, self.right, str(self.size), self.found

    def __repr__(self) -> str:
        """One line."""
        if not self.agree:
            return f"DIFFERENT. {self.detail()}"
        numbers = f"{self.size} number{'s' * (self.size > 1)}"
        return f"{self.what}: {self.left} and {self.right} {self.found} ({numbers})"


def compare(
    what: str,
    left: tuple[str, np.ndarray],
    right: tuple[str, np.ndarray],
    tolerance: float = TOLERANCE,
    noise: float = 0.0,
) -> Comparison:
    """Compare two named arrays of the same shape.

    Errors
    ------
    ValueError
        if the shapes differ, or there are no numbers.
    """
    (left_name, one), (right_name, other) = left, right
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if one.shape != other.shape:
        raise ValueError(
            f"{what}: {left_name} has shape {one.shape}, {right_name} has {other.shape}"
        )
    if not one.size:
        raise ValueError(f"{what}: {left_name} and {right_name} hold no numbers to compare")
    difference = np.abs(one - other)
    place = np.unravel_index(np.argmax(difference), difference.shape) if one.ndim else ()
    largest = float(max(np.abs(one).max(), np.abs(other).max()))
    return Comparison(
        what, left_name, right_name, one.size, largest, float(difference.max()),
        tuple(int(i) for i in place), tolerance, noise,
    )  # fmt: skip


@dataclass(frozen=True)
class Report:
    """Several comparisons, shown as a table."""

    comparisons: tuple[Comparison, ...]
    about: str = ""

    @property
    def agree(self) -> bool:
        """Whether there was something to compare, and all of it agrees."""
        return bool(self.comparisons) and all(c.agree for c in self.comparisons)

    @property
    def agreeing(self) -> int:
        """How many comparisons agree."""
        return sum(c.agree for c in self.comparisons)

    @property
    def verdict(self) -> str:
        """One line: how many were compared, and how many agree."""
        numbers = sum(c.size for c in self.comparisons)
        return (
            f"{self.agreeing} of {len(self.comparisons)} comparisons agree "
            f"({numbers} numbers{', ' + self.about if self.about else ''})"
        )

    def __repr__(self) -> str:
        """The verdict and a line for each comparison."""
        return "\n".join([self.verdict, *(f"  {c!r}" for c in self.comparisons)])

    def _repr_html_(self) -> str:
        """A table; what all rows have in common is said once, above it."""
        heads = ("what", "by", "against", "numbers", "found")
        rows = [c.cells() for c in self.comparisons]
        common = [n for n in (0, 1) if len({row[n] for row in rows}) == 1]
        said = ", ".join(rows[0][n] for n in common) if rows else ""
        shown = [n for n in range(len(heads)) if n not in common]
        lines = [[heads[n] for n in shown], *([row[n] for n in shown] for row in rows)]
        table = "".join(
            "<tr>" + "".join(f"<{tag}>{_html(cell)}</{tag}>" for cell in line) + "</tr>"
            for tag, line in zip(["th", *["td"] * len(rows)], lines, strict=True)
        )
        about = f"{said}: {self.verdict}" if said else self.verdict
        return f"<p>{_html(about)}</p><table>{table}</table>"


def _html(text: str) -> str:
    """Text for a browser: what is typed w_{ba}^{k,j} has its indices below and above."""
    lowered = re.sub(r"_(?:\{([^}]*)\}|(\w))", r"<sub>\1\2</sub>", html.escape(text))
    return re.sub(r"\^\{([^}]*)\}", r"<sup>\1</sup>", lowered)
