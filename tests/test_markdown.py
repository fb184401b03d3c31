r"""Formulas in Markdown: what is found, what is left alone, and that nothing gets lost."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import commonmark
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpderiv.document.document import read_document
from bpderiv.document.files import find_files, texts_of
from bpderiv.document.markdown import Markdown
from bpderiv.document.pieces import Comment, Formula, Problem

ROOT = Path(__file__).parent.parent
FILES = find_files([str(ROOT / "notes"), str(ROOT / "notebooks")])
#: At least so many formulas, and so many that state something, in notes and notebooks together.
FORMULAS, STATEMENTS = 700, 200


def latex(text: str) -> list[str]:
    return [piece.latex for piece in Markdown(text).pieces if isinstance(piece, Formula)]


def problems(text: str) -> list[Problem]:
    return [piece for piece in Markdown(text).pieces if isinstance(piece, Problem)]


# --- what is found --------------------------------------------------------------------------------

FOUND = {
    "inline": ("so $a = b$ holds", ["a = b"]),
    "display": ("so\n\n$$a = b$$\n", ["a = b"]),
    "display on lines": ("$$\na = b\n$$", ["\na = b\n"]),
    "display in a sentence": ("so $$a = b$$ holds", ["a = b"]),
    "brackets": (r"so \(a = b\) and \[c = d\]", ["a = b", "c = d"]),
    "brackets in JupyterLab": (r"so \\(a = b\\) and \\[c = d\\]", ["a = b", "c = d"]),
    "a line break in brackets": (r"\[a = b \\ c = d\]", [r"a = b \\ c = d"]),
    "align": (r"\begin{align}a &= b\end{align}", [r"\begin{align}a &= b\end{align}"]),
    "align*": (r"\begin{align*}a &= b\end{align*}", [r"\begin{align*}a &= b\end{align*}"]),
    "within one another": (
        r"\begin{align}\begin{aligned}a &= b\end{aligned}\end{align}",
        [r"\begin{align}\begin{aligned}a &= b\end{aligned}\end{align}"],
    ),
    "twice the same": (
        r"\begin{cases}\begin{cases}a\end{cases} = b\end{cases} = c",
        [r"\begin{cases}\begin{cases}a\end{cases} = b\end{cases}"],
    ),
    "table": ("| x | y |\n|---|---|\n| $a = b$ | $c$ |\n", ["a = b", "c"]),
    "heading": ("## The line $a = b$\n", ["a = b"]),
    "list": ("- $a = b$\n- then\n  $c = d$\n1. $e$", ["a = b", "c = d", "e"]),
    "quote": ("> $a = b$", ["a = b"]),
    "quote, two lines": ("> $a\n> = b$", ["a\n  = b"]),
    "quote, display": ("> $$\n> a = b\n> $$", ["\n  a = b\n  "]),
    "greater, no quote": ("$$a\n> b$$", ["a\n> b"]),
    "across lines": ("so $a\n= b$ holds", ["a\n= b"]),
    "minus at the beginning of a line": ("$$a = b\n- c\n+ d$$", ["a = b\n- c\n+ d"]),
    "bold": ("**$a = b$** and *$c$*", ["a = b", "c"]),
    "link": ("[$a = b$](x.md)", ["a = b"]),
    "beside digits": ("2$x$, x$2$", ["x", "2"]),
    "escaped dollar": (r"\$5 and $a = b$ and \$", ["a = b"]),
    "escaped backslash": (r"\\$a = b$", ["a = b"]),
    "dollar in a formula": (r"$a = \$5$", [r"a = \$5"]),
    "GitHub's": ("$`a = b`$", ["a = b"]),
    "fence of math": ("```math\na = b\n```", ["a = b"]),
    "fence of math in a book": ("```{math}\na = b\n```", ["a = b"]),
    "fence of math in a quote": ("> ```math\n> a = b\n> ```", ["  a = b"]),
    "behind a comment": ("<!-- $a$ -->\n$b = c$", ["b = c"]),
    "behind a comment in the line": ("x <!-- $a$ --> $b = c$", ["b = c"]),
    "comment with an empty line": ("<!-- $a$\n\n$a$ -->\n\n$b = c$", ["b = c"]),
    "code span": ("`$a$` $b$ ``c ` $d$`` $e$", ["b", "e"]),
    "code span on two lines": ("`a\nb`\n\n$c$", ["c"]),
    "one backtick": ("a ` b\n\n$c = d$", ["c = d"]),
    "backticks in two paragraphs": ("a ` b\n\n$c = d$\n\ne ` f", ["c = d"]),
    "fence": ("```\n$a$\n```\n\n$b = c$", ["b = c"]),
    "fence of tildes": ("~~~ python\n$a$\n```\n~~~\n\n$b = c$", ["b = c"]),
    "longer fence": ("````\n```\n$a$\n````\n\n$b = c$", ["b = c"]),
    "fence in a list": ("- x\n\n  ```\n  $a$\n\n  ```\n\n  $b = c$", ["b = c"]),
    "fence in a quote": ("> ```\n> $a$\n> ```\n> $b = c$", ["b = c"]),
    "no fence": ("```a``` $b = c$", ["b = c"]),
    "empty": ("$$$$", [""]),
    "none": ("nothing here", []),
}


@pytest.mark.parametrize("case", FOUND)
def test_formulas_are_found_and_code_is_left_alone(case):
    text, wanted = FOUND[case]
    assert latex(text) == wanted
    assert problems(text) == []


INLINE = {
    r"$a$": True, r"\(a\)": True, r"\\(a\\)": True, "$`a`$": True, "$$a$$": False,
    r"\[a\]": False, r"\begin{align}a\end{align}": False, "```math\na\n```": False,
}  # fmt: skip


@pytest.mark.parametrize("text", INLINE)
def test_displays_and_formulas_in_the_line(text):
    (formula,) = Markdown(text).pieces
    assert formula.inline is INLINE[text]


# --- what begins like a formula and is none -------------------------------------------------------

WRONG = {
    "prices": ("It costs $5 and $6, and $a = b$.", "a blank stands before the next $"),
    "range of prices": ("It costs $5-$10.", "the next $ ends none"),
    "two currencies": ("US$5 (US$6)", "the next $ ends none"),
    "one price": ("It costs $5.", "the paragraph ends before another $"),
    "blanks": ("$ a = b $", "a blank stands behind it"),
    "opening bracket": ("$5 ($a = b$)", "the next $ ends none"),
    "not closed": ("$a = b", "the paragraph ends before another $"),
    "not closed in its paragraph": ("$a =\n\nb$", "the paragraph ends before another $"),
    "display not closed": ("$$a = b\n\nc", "this $$ is not closed"),
    "display closed by one": ("$$a = b$", "this $$ is not closed"),
    "display with an empty line": ("$$a\n\n= b$$", "this $$ is not closed"),
    "bracket not closed": (r"\(a = b", r"this \( is not closed"),
    "square bracket not closed": (r"\[a = b\)", r"this \[ is not closed"),
    "align not closed": (r"\begin{align}a", r"this \begin{align} is not closed"),
    "closed by another": (r"\begin{align}a\end{align*}", r"this \begin{align} is not closed"),
    "comment not closed": ("<!-- not judged: x", "this <!-- is not closed"),
    "comment in a sentence": ("x <!-- a\n\n$b = c$ -->", "this <!-- is not closed"),
    "comment that ends at once": ("<!--> $a = b$ -->", "this <!-- ends at once"),
    "comment that ends at once, too": ("so <!---> $a = b$ -->", "this <!-- ends at once"),
    "begin behind a line break": (r"\\begin{align}a = b\end{align}", r"type \begin"),
    "one backtick": ("a ` b $c = d$", "this ` begins no code"),
    "code span on two lines": ("`a\nb` $c = d$", "this ` begins no code"),
    "code span in two cells": ("| ` | $c = d$ | ` |", "this ` begins no code"),
    "backticks in two items": ("- a ` b\n- $c = d$ ` e", "this ` begins no code"),
    "backticks in two rows": ("| a ` |\n|---|\n| $c = d$ ` |", "this ` begins no code"),
    "fence not closed": ("```\n$a$", "this ``` is not closed"),
    "fence closed by tildes": ("```\n$a$\n~~~", "this ``` is not closed"),
    "fence in a quote that ends": ("> ```\n> a\n\n$b = c$\n\n> ```", "this ``` is not closed"),
    "fence in a list that ends": ("- ```\n  a\n\n$b = c$", "this ``` is not closed"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_formula_is_an_error_and_the_next_paragraph_is_read(case):
    text, wanted = WRONG[case]
    assert wanted in problems(text)[0].message
    assert problems(text)[0].source in text
    if "fence" not in case:
        assert latex(text + "\n\n$x = y$")[-1] == "x = y"


def test_a_fence_that_its_quote_ends_hides_nothing_behind_it():
    assert latex(WRONG["fence in a quote that ends"][0]) == ["b = c"]
    assert latex(WRONG["fence in a list that ends"][0]) == ["b = c"]


def test_much_that_is_not_closed_takes_no_time():
    for text in (r"\(" * 50_000, "$$ " * 33_333, "`" * 100_000, "` `` " * 20_000, "<!--" * 25_000,
                 "- " * 50_000, "$a " * 30_000, r"\begin{a}" * 10_000, "> " * 50_000):  # fmt: skip
        Markdown(text)


# --- places ---------------------------------------------------------------------------------------


def test_line_and_column_are_those_of_the_latex():
    text = "a\n\n> so $b$, `$`\n\n$$\nc\n$$\n\n- \\(d\\)\n\n```math\ne\n```\n"
    markdown = Markdown(text)
    found = {x.latex.strip(): markdown.place(x.at) for x in markdown.pieces}
    assert found == {"b": (3, 7), "c": (5, 3), "d": (9, 5), "e": (12, 1)}


def test_a_comment_has_a_place_and_a_text():
    (comment,) = Markdown("a\n<!--  not judged: x\n y -->").pieces
    assert isinstance(comment, Comment) and comment.text == "not judged: x\n y"
    assert comment.offset == 2


BLOCKS = {
    "**A** x\ny\n\nz": ["**A** x\ny"],
    "- **A** x\n- **B** y": ["**A** x", "**B** y"],
    "> **A** x\n>\n> **B** y": ["**A** x", "**B** y"],
    "1. **A** x\n   more\n2. y": ["**A** x\n   more"],
    "## **A** x\nz": ["**A** x\nz"],
    "x\n**A** y": ["**A** y"],
    "__A__ y": ["__A__ y"],
    "x **A** y": [],
    "**A** $a\n- b$ c\n- d": ["**A** $a\n- b$ c"],
    "**A** x\n# y": ["**A** x"],
    "`\n**A** x`": ["**A** x`"],
    "```\n**A** x\n```": [],
    "$$a\n**A** b$$": [],
    "<!--\n**A** b -->": [],
}


@pytest.mark.parametrize("text", BLOCKS)
def test_blocks_that_begin_with_a_bold_word(text):
    assert [block.text for block in Markdown(text).blocks] == BLOCKS[text]


# --- an independent count -------------------------------------------------------------------------


@cache
def counted(path: Path) -> list[str]:
    """All formulas of a file, by a Markdown parser."""
    return [formula for text in commonmark.texts(path) for formula in commonmark.formulas(text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_markdown_parser_finds_the_same_formulas(path):
    ours = [x for part in texts_of(path) for x in latex(part.text)]
    assert ours == counted(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_states_something_is_judged_declared_or_let_pass(path):
    """As many as an independent count: nothing with a relation sign escapes."""
    document = read_document(texts_of(path), path.name)
    assert document.errors == []
    read = [x.latex for x in (*document.statements, *document.definitions)]
    stating = [x for x in counted(path) if commonmark.STATES.search(x)]
    arguments = [x for x in read if re.fullmatch(r"\(\w\)", x)]
    let_pass = [
        x.latex for x in document.statements
        if x.not_judged is not None and not commonmark.STATES.search(x.latex)
    ]  # fmt: skip
    assert sorted(read) == sorted([*stating, *arguments, *let_pass])


def test_there_are_at_least_so_many():
    every = [formula for path in FILES for formula in counted(path)]
    assert len(every) >= FORMULAS
    assert sum(bool(commonmark.STATES.search(x)) for x in every) >= STATEMENTS


#: Not: what that parser's rule leaves out.
OTHER = re.compile("JupyterLab|GitHub|fence of math|quote|twice|empty$|escaped dollar|minus")
AGREEING = [case for case in FOUND if not OTHER.search(case)]


@pytest.mark.parametrize("case", AGREEING)
def test_the_independent_count_is_right_about_what_was_typed_by_hand(case):
    text, wanted = FOUND[case]
    assert [x.split() for x in commonmark.formulas(text)] == [x.split() for x in wanted]


# --- any text -------------------------------------------------------------------------------------

_PIECES = ["$", "$$", "`", "``", "```", "~~~", "\n", "\n\n", "> ", "- ", "1. ", "|", "**", "# ",
           "<!--", "-->", r"\(", r"\)", r"\[", r"\]", r"\\", r"\$", r"\begin{align}", "a = b",
           r"\end{align}", "a", " ", "5", "\t", "é", "math", "(", "___"]  # fmt: skip


SETTINGS = {
    "deadline": None,
    "derandomize": True,
    "max_examples": 300,
    "suppress_health_check": [HealthCheck.too_slow],
}


@settings(**SETTINGS)
@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join) | st.text(max_size=60))
def test_any_text_is_cut_into_pieces_that_lie_where_they_say(text):
    markdown = Markdown(text)
    end = 0
    for piece in markdown.pieces:
        assert end <= piece.offset < piece.end or piece.offset == piece.end == len(text)
        end = piece.end
        if isinstance(piece, Formula):
            assert len(piece.latex) == len(text[piece.at : piece.at + len(piece.latex)])
            typed = text[piece.at : piece.at + len(piece.latex)]
            assert re.sub("[> \t]", "", typed) == re.sub("[> \t]", "", piece.latex)
        line, column = markdown.place(piece.offset)
        assert line == text.count("\n", 0, piece.offset) + 1
        assert text.split("\n")[line - 1][: column - 1] == text[: piece.offset].rpartition("\n")[2]
    for block in markdown.blocks:
        assert text[block.offset : block.offset + 2] in ("**", "__")


@settings(**SETTINGS)
@given(st.lists(st.sampled_from([
    "$a = b$", "so", "`$c$`", "$$d = e$$", "(", "5", "\n", "\n\n", "- $f = g$", "\n- ", "\n> ",
    "**h**", "\n# ", "\\$", "$", "`", "<!-- $i = j$ -->", "\n```\n$k = l$\n```\n", "\\(m = n\\)",
    "|", "\n| $o = p$ |\n|---|\n| `$q = r$` |\n",
]), max_size=12).map(" ".join))  # fmt: skip
def test_no_statement_that_a_markdown_parser_sees_is_lost(text):
    """Found, or in what a problem says is not read."""
    pieces = Markdown(text).pieces
    found = [x.latex for x in pieces if isinstance(x, Formula)]
    unread = [text[x.offset : x.end] for x in pieces if isinstance(x, Problem)]
    assert not statements(commonmark.formulas(text)) - statements([*found, *unread])


def statements(texts) -> Counter:
    return Counter(x for text in texts for x in re.findall(r"\w = \w", text))
