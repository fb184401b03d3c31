r"""Fenced code in Markdown: blanked, so that nothing in it is taken for a formula.

A fence marked as `math` is a formula: that is how it is shown on code-hosting sites; as `{math}`,
in books made of notebooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bpderiv.document.pieces import Formula, Piece, Problem, is_quoted, unquoted

_OPEN = re.compile(
    r"(?P<before>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<fence>(?P<sign>[`~])(?P=sign){2,})"
    r"[ \t]*(?P<info>.*)"
)


@dataclass(frozen=True)
class _Fence:
    """An open fence and where its line begins."""

    match: re.Match
    offset: int

    def is_closed_by(self, line: str) -> bool:
        rest = line.lstrip(" \t>").rstrip()
        return rest.startswith(self.match["fence"]) and not rest.strip(self.match["sign"])

    def is_left_by(self, line: str) -> bool:
        """Whether the quote or the list item that it stands in ends before this line."""
        before = self.match["before"]
        if is_quoted(before):
            return not is_quoted(line)
        return bool(line.strip()) and len(line) - len(line.lstrip()) < len(before)

    @property
    def is_math(self) -> bool:
        return self.match["info"].split()[:1] in (["math"], ["{math}"])


def without_fences(text: str) -> tuple[str, list[Piece]]:
    """The text with fenced code blanked; and formulas in fences, and what is wrong with fences."""
    blanked, found = list(text), []
    for start, end, piece in _fences(text):
        blanked[start:end] = re.sub(r"[^\n]", " ", text[start:end])
        found += [piece] if piece else []
    return "".join(blanked), found


def _fences(text: str) -> Iterator[tuple[int, int, Piece | None]]:
    """(begin, end, the formula in it or what is wrong) of every fence."""
    fence, at = None, 0
    for line in text.split("\n"):
        end = at + len(line)
        if fence is not None:
            if fence.is_closed_by(line):
                yield fence.offset, end, _formula(text, fence, at)
                fence = None
                at = end + 1
                continue
            if fence.is_left_by(line):
                yield fence.offset, at - 1, _unclosed(fence, at)
                fence = None
        match = _OPEN.match(line)
        if fence is None and match and not (match["sign"] == "`" and "`" in match["info"]):
            fence = _Fence(match, at)
        at = end + 1
    if fence is not None:
        yield fence.offset, len(text), _unclosed(fence, len(text))


def _formula(text: str, fence: _Fence, stop: int) -> Formula | None:
    if not fence.is_math:
        return None
    start = fence.offset + fence.match.end() + 1
    latex = text[start : max(start, stop - 1)]
    if is_quoted(fence.match["before"]):
        latex = unquoted(latex)
    return Formula(latex, start, fence.offset, stop, inline=False)


def _unclosed(fence: _Fence, end: int) -> Problem:
    sign = fence.match["fence"]
    words = f"this {sign} is not closed: close it by a line {sign}, indented like this one"
    return Problem(words, fence.match[0], fence.offset, end)
