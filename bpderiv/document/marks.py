r"""Marked lines: paragraphs that begin with one of a few bold words, and what they say.

A line that looks like one of them and is not written like it is an error: a window that goes
unnoticed would leave the statements after it to the window before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bpderiv.document.errata import Erratum, read_erratum
from bpderiv.document.place import Place
from bpderiv.meaning.window import EXPECTED, Window, read_window
from bpderiv.reading.errors import ReadError

#: The bold words, and what lines marked so are.
KINDS = {
    "Layers": "window", "Short form": "window", "Erratum": "erratum", "Example": "example",
    "Quantity": "quantity", "Quantities": "quantity", "Function": "function",
    "Functions": "function", "Spelling": "spelling", "Argument": "argument",
    "Definition": "definition", "Definitions": "definition",
}  # fmt: skip
DECLARING = ("quantity", "function", "spelling", "argument", "definition")
#: What else people write, and the word that they mean.
_MEANT = {word.casefold(): word for word in KINDS} | {
    "layer": "Layers", "short-form": "Short form", "short": "Short form", "errata": "Erratum",
    "examples": "Example", "spellings": "Spelling", "arguments": "Argument",
}  # fmt: skip
_BOLD = re.compile(r"(?P<stars>\*\*|__)(?P<head>.+?)(?P=stars)\s*(?P<rest>.*)")
#: Layers announced anywhere: bold or not, in the middle of a line, in HTML.
_ANNOUNCED = re.compile(
    r"\b(?:Layers|Short form)\b(?:[^\w\n→]|</?\w+>)*(?:layers?\W+)?\w+\W{0,3}(?:→|->)"
)
_ARROW = re.compile(r"→|->|\\(?:right)?arrow|\\to\b")


@dataclass(frozen=True)
class Mark:
    """What a marked line is, and says."""

    kind: str
    window: Window | None = None
    erratum: Erratum | None = None


def read_mark(text: str, place: Place, states: bool) -> Mark | None:
    """What a block that begins with a bold word says; None if it is prose.

    `states` tells whether a formula in it states something.

    Errors
    ------
    ReadError
        for a line that is meant to be marked and is not written so.
    """
    line = " ".join(text.split())
    match = _BOLD.match(line)
    if match is None:
        return None
    head, rest = match["head"], match["rest"]
    meant = _MEANT.get(re.split(r"[(:,;.]", head)[0].strip().casefold())
    if meant is None:
        return None
    kind = KINDS[meant]
    exact = head == meant and match["stars"] == "**"
    if exact and kind == "window":
        return Mark(kind, window=_window(line, short=meant == "Short form"))
    if exact and kind == "erratum":
        return Mark(kind, erratum=read_erratum(line, place))
    if exact and rest.startswith(":"):
        return Mark(kind)
    looks = {"window": _ARROW.search(line), "erratum": "(" in line or ":" in line}
    if looks.get(kind, states):
        raise ReadError(f"a marked line is written {_form(meant, kind)}", line)
    return None


def unmarked_windows(text: str, marked: set[int]) -> Iterator[tuple[int, str]]:
    """(offset, line) of what looks like a window, and begins no block: those are `marked`."""
    for match in _ANNOUNCED.finditer(text):
        if not marked.intersection(range(match.start() - 2, match.start() + 1)):
            yield match.start(), text[match.start() :].split("\n", 1)[0]


def _window(line: str, short: bool) -> Window:
    window = read_window(line.replace("$", ""))
    if window is None:
        raise ReadError(f"this declares no layers: {EXPECTED[short]}", line)
    return window


def _form(word: str, kind: str) -> str:
    """How a marked line begins."""
    forms = {
        "Layers": "**Layers** i → j → k; …",
        "Short form": "**Short form**, layers i → j → k, …",
        "Erratum": "**Erratum** (name + name): …",
    }
    return forms.get(word, f"**{word}**: …")
