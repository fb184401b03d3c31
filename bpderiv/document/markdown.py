r"""Formulas in Markdown: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, bare `\begin{align}`, fences of math.

Code and comments are left alone. What begins like a formula and is none (a price, a formula that
is not closed) is a `Problem`: nothing is dropped in silence. A *block* is a paragraph, list item,
heading or row of a table that begins with a bold word: what it says (`**Erratum** (…):`) concerns
the formulas in it, or those after it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from bpderiv.document.fences import without_fences
from bpderiv.document.pieces import Block, Comment, Formula, Piece, Problem, is_quoted, unquoted

#: Where something may begin that is no plain text. ($`…`$ is a formula on code-hosting sites.)
_NEXT = re.compile(
    r"(?P<comment><!--)|(?P<code>`+)|(?P<bracket>\\{1,2}[(\[])|\\begin\s*\{(?P<begin>[^{}\n]*)\}"
    r"|(?P<twice>\\\\begin\b)"
    r"|(?P<escape>\\.)|(?P<display>\$\$)|(?P<inline>\$)",
    re.S,
)
_FORMULA = re.compile(r"\$|\\[(\[]|\\begin\b")
#: What ends a formula that begins so; what is escaped does not.
_CLOSE = {
    "$$": re.compile(r"\\.|(?P<close>\$\$)", re.S),
    "$": re.compile(r"\\.|(?P<close>\$)", re.S),
    r"\(": re.compile(r"\\\\|(?P<close>\\\))"),
    r"\[": re.compile(r"\\\\|(?P<close>\\\])"),
    r"\\(": re.compile(r"(?P<close>\\\\\))"),
    r"\\[": re.compile(r"(?P<close>\\\\\])"),
}
#: Nothing goes on across an empty line (in a quote there may be a > in it).
_EMPTY_LINE = re.compile(r"\n(?=[ \t>]*(?:\n|\Z))")
_ITEM = r"(?:[-*+]|\d{1,9}[.)])[ \t]+"
#: Lists, headings, rows of tables, lines and HTML begin something new within a paragraph.
_LINE = r"(?:=+|-+|[*_]+)[ \t]*(?:\n|\Z)"
_NEW = re.compile(rf"\n(?=[ \t>]*(?:{_ITEM}|\#{{1,6}}[ \t]|\||\*\*|__|<[!/A-Za-z]|{_LINE}))")
_MARKED = re.compile(rf"^(?:[ \t>|]|{_ITEM}|\#{{1,6}}[ \t])*+(?=(?:\*\*|__)\w)", re.M)


class Markdown:
    """A Markdown text: its pieces and its marked blocks, in order."""

    def __init__(self, text: str):
        """Find everything."""
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.text, fenced = without_fences(text)
        self._ends = [*(match.start() for match in _EMPTY_LINE.finditer(self.text)), len(text)]
        self._hidden: list[tuple[int, int]] = []
        self.pieces: list[Piece] = sorted([*fenced, *self._scan()], key=lambda x: x.offset)
        self.plain = self._without_pieces()
        self.blocks = list(self._blocks())

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    # --- pieces -------------------------------------------------------------------------------

    def _scan(self) -> Iterator[Piece]:
        at = 0
        while match := _NEXT.search(self.text, at):
            found = getattr(self, f"_{match.lastgroup}")(match)
            if isinstance(found, int):
                at = found
                continue
            if not isinstance(found, Problem):
                self._hidden.append((match.start(), found.end))
            yield found
            at = found.end

    def _escape(self, match) -> int:
        return match.end()

    def _code(self, match) -> int | Piece:
        """The end of a code span, which lies in one line and in one cell of a table.

        What a stray backtick hides depends on lists, tables and quotes around it: with a formula
        in the paragraph that is a problem.
        """
        end = self._paragraph_end(match.end())
        line_end = self.text.find("\n", match.end(), end)
        run = re.compile(rf"(?<!`){match[0]}(?!`)")
        close = run.search(self.text, match.end(), line_end if line_end >= 0 else end)
        inside = self.text[match.end() : close.start()] if close else ""
        if close is not None and not ("|" in inside and _FORMULA.search(inside)):
            self._hidden.append((match.start(), close.end()))
            return close.end()
        if _FORMULA.search(self.text, match.end(), end):
            return self._problem(match, f"this {match[0]} begins no code in its line")
        return match.end()

    def _comment(self, match) -> Piece:
        end = self.text.find("-->", match.end())
        if self.text.startswith((">", "->"), match.end()):
            return self._problem(match, "this <!-- ends at once: write <!-- … -->, with a blank")
        alone = not self.text[self._line_start(match.start()) : match.start()].strip()
        if end < 0 or end > self._paragraph_end(match.end()) and not alone:
            return self._problem(match, "this <!-- is not closed: a comment ends with -->")
        return Comment(self.text[match.end() : end].strip(), match.start(), end + 3)

    def _display(self, match) -> Piece:
        return self._closed(match, inline=False)

    def _bracket(self, match) -> Piece:
        return self._closed(match, inline=match[0].endswith("("))

    def _closed(self, match, inline: bool) -> Piece:
        """A formula up to the sign that ends it, in the same paragraph."""
        close = self._partner(match)
        if close is None:
            return self._problem(match, f"this {match[0]} is not closed in its paragraph")
        return self._formula(match, (match.end(), close.start()), close.end(), inline)

    def _partner(self, match) -> re.Match | None:
        end = self._paragraph_end(match.end())
        found = _CLOSE[match[0]].finditer(self.text, match.end(), end)
        return next((x for x in found if x["close"]), None)

    def _inline(self, match) -> Piece:
        close = self._partner(match)
        inside = self.text[match.end() : close.start()] if close else ""
        if close is None:
            why = "the paragraph ends before another $"
        elif inside[0].isspace():
            why = "a blank stands behind it"
        elif inside[-1].isspace():
            why = "a blank stands before the next $"
        elif inside[-1] in "([" or self.text[close.end() : close.end() + 1].isdigit():
            why = "the next $ ends none"
        else:
            ticks = len(inside) > 2 and inside[0] == inside[-1] == "`"
            within = match.end() + ticks, close.start() - ticks
            return self._formula(match, within, close.end(), inline=True)
        return self._problem(match, rf"this $ begins no formula, {why}: for money type \$")

    def _begin(self, match) -> Piece:
        """An environment outside of $; there may be one of the same name within it."""
        name, depth = re.escape(match["begin"]), 0
        sides = re.compile(rf"\\(begin|end)\s*\{{{name}\}}")
        for side in sides.finditer(self.text, match.start(), self._paragraph_end(match.end())):
            depth += 1 if side[1] == "begin" else -1
            if depth == 0:
                whole = match.start(), side.end()
                return self._formula(match, whole, side.end(), inline=False)
        return self._problem(match, f"this {match[0]} is not closed in its paragraph")

    def _twice(self, match) -> Piece:
        return self._problem(match, rf"{match[0]} begins no formula here: type \begin")

    def _formula(self, match, within: tuple[int, int], end: int, inline: bool) -> Formula:
        latex = self.text[slice(*within)]
        if self._is_quoted(match):
            latex = unquoted(latex, lines_from=1)
        return Formula(latex, within[0], match.start(), end, inline)

    def _problem(self, match, message: str) -> Problem:
        start, end = match.start(), self._paragraph_end(match.end())
        source = self.text[start:end].split("\n")[0]
        return Problem(message, source, start, end)

    # --- blocks -------------------------------------------------------------------------------

    def _blocks(self) -> Iterator[Block]:
        text = self.plain
        for match in _MARKED.finditer(text):
            ends = [_EMPTY_LINE.search(text, match.end()), _NEW.search(text, match.end())]
            end = min((x.start() for x in ends if x), default=len(text))
            yield Block(self.text[match.end() : end], match.end(), end)

    def _without_pieces(self) -> str:
        """The text, each formula, comment and code span one long word."""
        text = list(self.text)
        for start, end in self._hidden:
            text[start:end] = "x" * (end - start)
        return "".join(text)

    def _is_quoted(self, match) -> bool:
        """Whether the line in which something begins belongs to a quote."""
        return is_quoted(self.text[self._line_start(match.start()) : match.start()])

    def _line_start(self, offset: int) -> int:
        return self._starts[self.place(offset)[0] - 1]

    def _paragraph_end(self, offset: int) -> int:
        return self._ends[bisect_left(self._ends, offset)]
