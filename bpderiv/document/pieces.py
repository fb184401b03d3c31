"""What a Markdown text is cut into; places are offsets in the text, from 0."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Formula:
    """A formula from its first sign to its last; its LaTeX begins at `at`."""

    latex: str
    at: int
    offset: int
    end: int
    inline: bool


@dataclass(frozen=True)
class Comment:
    """An HTML comment."""

    text: str
    offset: int
    end: int


@dataclass(frozen=True)
class Problem:
    """What begins like a formula, a comment or code and is none; up to `end` nothing is read."""

    message: str
    source: str
    offset: int
    end: int


@dataclass(frozen=True)
class Block:
    """A part of the text that begins with a bold word."""

    text: str
    offset: int
    end: int


Piece = Formula | Comment | Problem

_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")


def is_quoted(line: str) -> bool:
    """Whether a line belongs to a quote."""
    return _QUOTE.match(line) is not None


def unquoted(text: str, lines_from: int = 0) -> str:
    """The same lines, blanks in the place of the > before them; the first ones may be left out."""
    lines = text.split("\n")
    rest = (_QUOTE.sub(lambda m: " " * len(m[0]), line, count=1) for line in lines[lines_from:])
    return "\n".join([*lines[:lines_from], *rest])
