r"""No letter of the notes is known to the code: rename them all, and only letters change.

Notes and declarations are rewritten letter by letter (y → a, v → z, δ → D, …); every verdict,
every diagnosis and every counterexample must be the old one with its letters renamed.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from bpderiv.checking import check_document
from bpderiv.document.document import Document, read_document
from bpderiv.document.notes import NAME, notes_folder
from bpderiv.explain import names
from bpderiv.meaning.declarations import Declarations

#: Old → new, all at once: a letter may become one that was in use for something else.
LETTERS = {
    "y": "a", "v": "z", "w": "q", "W": "Q", "e": "x", "d": "u", "i": "r", "j": "s", "k": "t",
    "p": "f", "z": "g", "m": "h", "a": "j", "b": "k", "c": "i", "r": "l", "n": "v", r"\delta": "D",
    r"\Delta": r"\nabla", r"\eta": r"\lambda", r"\varphi": r"\sigma", r"\phi": r"\psi",
    r"\mathcal{E}": r"\mathcal{L}",
}  # fmt: skip
#: What is LaTeX's or linear algebra's, and stays.
KEPT = (
    r"\\(?:begin|end)\{[a-z]*\}|\\(?:text|tag|operatorname|mathbb)\{[^}]*\}|\\mathcal\{\w\}"
    r"|\\[A-Za-z]+|[A-Za-z]"
)


def renamed(latex: str) -> str:
    """A formula with its letters exchanged; the word in \text{index = b} keeps its own."""
    return re.sub(KEPT, lambda m: LETTERS.get(m[0], m[0]), latex)


def renamed_document(text: str) -> str:
    """All formulas and windows of a document."""
    text = re.sub(r"\$\$?.*?\$\$?", lambda m: renamed(m[0]), text, flags=re.S)
    lines = []
    for line in text.split("\n"):
        if line.startswith(("**Layers**", "**Short form**")):
            line = re.sub(r"\b[a-z]\b", lambda m: LETTERS.get(m[0], m[0]), line)
        if line.startswith("**Erratum**"):
            head, _, rest = line.partition(":")
            line = f"{_readable(head)}:{rest}"
        lines.append(line)
    return "\n".join(lines)


#: Names of mistakes hold letters as a reader sees them.
READABLE = {"y": "a", "v": "z", "w": "q", "W": "Q", "e": "x", "E": "L", "φ": "σ", "δ": "D",
            "η": "λ", "d": "u", "Δw": "∇q"}  # fmt: skip


def _readable(text: str) -> str:
    return re.sub(r"Δw|\b[yvwWeEd]\b|[φδη]|(?<=∂)[yvwWeEd]", lambda m: READABLE[m[0]], text)


def _quantity(name: str) -> str:
    """A quantity in a counterexample, its layers too: W^{k,j}, v_k, φ_k(x)."""
    head, sign, layers = re.fullmatch(r"([^\W_]+(?:\(n\+1\))?)([_^]|$)(.*)", name).groups()
    letters = re.sub(r"[yvwWeEdφδηn]", lambda m: (READABLE | LETTERS)[m[0]], head)
    argument = "(x)" if layers.endswith("(x)") else ""
    layers = re.sub(r"\b[a-z]\b", lambda m: LETTERS[m[0]], layers.removesuffix(argument))
    return f"{letters}{sign}{layers}{argument}"


#: Statements in the notes, those without an id too. (Judged only when a test runs.)
COUNT = 47


@cache
def notes(rename: bool) -> Document:
    """All pages as one document, so that what it declares holds for all of it."""
    folder = Path(str(notes_folder()))
    texts = [p.read_text("utf-8") for p in sorted(folder.glob("*.md"))]
    assert (folder / NAME).exists()
    if rename:
        texts = [renamed_document(text) for text in texts]
    document = read_document([(i, text) for i, text in enumerate(texts)], "notes.md")
    assert document.errors == []
    return document


def declared(rename: bool) -> Declarations:
    return notes(rename).declarations


@cache
def rows(rename: bool):
    return [row for row in check_document(notes(rename)) if row.kind != "definition"]


def test_as_many_statements_are_found():
    assert len(rows(True)) == len(rows(False)) == COUNT
    assert [row.id for row in rows(True)] == [row.id for row in rows(False)]


def test_every_letter_is_renamed():
    """Nothing of the old notes is left: the latex of no row is what it was."""
    old, new = rows(False), rows(True)
    assert not any(a.latex == b.latex for a, b in zip(old, new, strict=True))


def test_the_argument_is_renamed_too():
    """W(n+1) is W(v+1) where (v) is the argument: to the code, and to a reader."""
    old, new = ({name for name, _ in declared(rename).quantities} for rename in (False, True))
    assert new == {renamed(name) for name in old}
    assert {"w(n+1)"} <= old and {"q(v+1)"} <= new
    said = [f"{x.name} {x.written} {x.definition}" for x in names(notes(True))]
    assert any("Q(v+1)" in words for words in said) and any("(v)" in words for words in said)
    assert not any(re.search(r"\bn\b", words) for words in said)


@pytest.mark.parametrize("number", range(COUNT))
def test_verdict_diagnosis_and_counterexample_are_the_same(number):
    old, new = rows(False)[number], rows(True)[number]
    assert (new.kind, new.holds, new.error) == (old.kind, old.holds, old.error)
    assert new.verdict.judges.keys() == old.verdict.judges.keys()
    for judge, words in old.verdict.judges.items():
        if judge != "types":
            assert new.verdict.judges[judge] == words
    names = {tuple(sorted(map(_readable, names))) for names in old.verdict.mistake}
    assert {tuple(sorted(names)) for names in new.verdict.mistake} == names
    one, two = old.verdict.counterexample, new.verdict.counterexample
    assert (one is None) == (two is None)
    if one is not None:
        assert (one.left, one.right, one.place) == (two.left, two.right, two.place)
        sizes = [(LETTERS.get(layer, layer), size) for layer, size in one.sizes]
        assert sizes == list(two.sizes)
        numbers = {(_quantity(name), value) for name, value in one.numbers}
        assert numbers == set(two.numbers)
