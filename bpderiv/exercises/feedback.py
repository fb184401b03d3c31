"""What is said of an answer: one of five outcomes, and lines of Markdown.

An outcome is never told by a colour or a sign alone: each has its own words.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from enum import Enum

from bpderiv.reading.errors import ReadError
from bpderiv.reading.plain import plain
from bpderiv.reading.reader import read

#: Of plain text.
WIDTH = 100


class Outcome(Enum):
    """The five outcomes, each with the words that say it."""

    RIGHT = "✓ right"
    WRONG = "✗ not yet"
    UNREADABLE = "¿ could not be read"
    UNDECIDED = "? could not be decided"
    NOT_TRIED = "· not tried yet"


@dataclass(frozen=True)
class Feedback:
    """What is said of one answer.

    `lines` are Markdown, formulas between $; `names` are the mistakes that were named, each a
    combination of names of the catalogue.
    """

    id: str
    outcome: Outcome
    lines: tuple[str, ...] = ()
    names: tuple[tuple[str, ...], ...] = ()

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.outcome is Outcome.RIGHT

    def __repr__(self) -> str:
        """Plain text, formulas as a terminal can show them."""
        return "\n".join([f"{self.id} {self.outcome.value}", *map(in_plain_text, self.lines)])

    def _repr_markdown_(self) -> str:
        return "\n\n".join([f"**{self.id} {self.outcome.value}**", *self.lines])


#: A formula beside the way to type it: the latter is enough where formulas are not drawn.
_SHOWN_AND_TYPED = re.compile(r"\$([^$]*)\$ `\1`")
_FORMULA = re.compile(r"`[^`]*`|\$([^$]*)\$")


def in_plain_text(markdown: str) -> str:
    """Markdown without its signs: formulas in one line, no stars, no backticks, not too wide."""
    text = _SHOWN_AND_TYPED.sub(r"`\1`", markdown)
    text = _FORMULA.sub(lambda m: m[0] if m[1] is None else _formula(m[1]), text)
    text = re.sub(r"^```\w*\n|\n```$|\*\*|`", "", text)
    return "\n".join(textwrap.fill(line, WIDTH, replace_whitespace=False) if len(line) > WIDTH
                     else line for line in text.split("\n"))  # fmt: skip


def _formula(latex: str) -> str:
    try:
        return ", ".join(map(plain, read(latex)))
    except ReadError:
        return latex
