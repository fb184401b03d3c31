r"""Formulas in Markdown: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, bare `align`; code is left alone.

A document is cut into *blocks* (paragraphs, list items, table rows, headings), because what a
marked line says (`**Erratum** (…):`) concerns the formulas after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bpderiv.reading.errors import ReadError

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_PIECE = re.compile(
    r"(?P<comment><!--.*?-->)"
    r"|(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<escaped>\\[$\\`](?!\(|\[))"
    r"|\$\$(?P<display>.*?)\$\$"
    r"|\\\[(?P<bracket>.*?)\\\]"
    r"|\\\((?P<paren>.*?)\\\)"
    r"|(?P<env>\\begin\{(?P<name>(?:align|equation|gather|multline)\*?)\}.*?\\end\{(?P=name)\})"
    r"|\$(?P<inline>(?:\\.|[^$\\])+?)\$",
    re.S,
)
_FORMULAS = ("display", "bracket", "paren", "env", "inline")


@dataclass(frozen=True)
class Formula:
    """A formula: its LaTeX and where it begins (line and column, both from 1)."""

    latex: str
    line: int
    column: int
    inline: bool
    offset: int


@dataclass(frozen=True)
class Comment:
    """An HTML comment."""

    text: str
    line: int
    offset: int


def pieces(text: str) -> list[Formula | Comment]:
    """All formulas and comments of a Markdown text, in order.

    Errors
    ------
    ReadError
        for a $$ that is not closed.
    """
    text = _without_code_blocks(text)
    found: list[Formula | Comment] = []
    for match in _PIECE.finditer(text):
        kind = next((k for k in _FORMULAS if match[k] is not None), None)
        line, column = place(text, match.start(kind) if kind else match.start())
        if kind:
            found.append(
                Formula(match[kind], line, column, kind in ("inline", "paren"), match.start())
            )
        elif match["comment"]:
            found.append(Comment(match["comment"][4:-3].strip(), line, match.start()))
    _check_closed(text)
    return found


def _check_closed(text: str) -> None:
    rest = _PIECE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    for sign in ("$$", r"\[", r"\("):
        at = rest.find(sign)
        if at >= 0:
            line, column = place(rest, at)
            begun = text[at : at + 60].split("\n")[0]
            raise ReadError(f"this {sign} is not closed", begun).at(None, line, column)


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a place, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _without_code_blocks(text: str) -> str:
    """Fenced code blanked, line by line; nothing else moves."""
    lines, fence = [], None
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence is None and mark:
            fence = mark[1]
            lines.append(" " * len(line))
        elif fence is not None:
            closed = mark and line.strip().startswith(fence) and not line.strip().strip(fence[0])
            fence = None if closed else fence
            lines.append(" " * len(line))
        else:
            lines.append(line)
    return "\n".join(lines)


def lines_with_marks(text: str) -> list[tuple[int, int, str]]:
    """(line, offset, text) of the lines that begin with a bold word, list dashes left out."""
    found, offset = [], 0
    for number, line in enumerate(_without_code_blocks(text).split("\n"), 1):
        if re.match(r"\s*(?:[-*+>]\s+|\d+\.\s+)?\*\*", line):
            found.append((number, offset, line))
        offset += len(line) + 1
    return found
