r"""An independent count of formulas: markdown-it, a CommonMark parser, and one rule for maths.

Nothing of `bpderiv` is used. The parser knows what is code, a comment, a table, a heading; the rule
only says where `$…$`, `$$…$$`, `\(…\)`, `\[…\]` and `\begin{…}…\end{…}` begin and end.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_FORMULA = re.compile(
    r"\$\$(?P<a>.+?)\$\$|\$(?P<b>(?:\\.|[^$\\])+)\$|\\\[(?P<c>.+?)\\\]|\\\((?P<d>.+?)\\\)"
    r"|(?P<e>\\begin\{(\w+\*?)\}.*?\\end\{\6\})",
    re.S,
)
#: What makes a statement of a formula.
STATES = re.compile(r"=|:|<|>|\\(?:approx|equiv|le|leq|ge|geq|ne|in|to|sim|ll|gg)\b")


def _rule(state: StateInline, silent: bool) -> bool:
    match = _FORMULA.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = next(match[x] for x in "abcde" if match[x] is not None)
    state.pos = match.end()
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.inline.ruler.before("escape", "formula", _rule)
    return parser


def formulas(text: str) -> list[str]:
    """The LaTeX of all formulas of a Markdown text, in order."""
    return [
        child.content
        for token in _parser().parse(text)
        for child in token.children or ()
        if child.type == "formula"
    ]


def texts(path: Path) -> list[str]:
    """The Markdown of a file: one text, or the cells of a notebook."""
    text = path.read_text("utf-8")
    if path.suffix != ".ipynb":
        return [text]
    cells = json.loads(text)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
