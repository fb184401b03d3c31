"""Errata: what a text says of a false equation, in names of the catalogue of mistakes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from bpderiv.document.place import Place
from bpderiv.meaning.declarations import Declarations
from bpderiv.meaning.names import readable
from bpderiv.reading.errors import ReadError

_FORM = re.compile(r"\*\*Erratum\*\*\s*\((.*?)\)\s*:")
_LINK = re.compile(r",\s*link\s+(\d+)\s*$")


@dataclass(frozen=True)
class Erratum:
    """Names of mistakes, the link of the chain (from 1; None if it is not said), the place."""

    names: tuple[str, ...]
    link: int | None
    place: Place


def read_erratum(line: str, place: Place) -> Erratum:
    """The erratum that a marked line announces.

    Errors
    ------
    ReadError
        for a line without names in brackets.
    """
    match = _FORM.match(line)
    if match is None:
        raise ReadError("an erratum is written **Erratum** (name + name):", line)
    names, link = match[1], _LINK.search(match[1])
    if link:
        names = names[: link.start()]
    parts = tuple(part.strip() for part in names.split(" + "))
    return Erratum(parts, int(link[1]) if link else None, place)


def unknown_names(names: tuple[str, ...], declarations: Declarations) -> str | None:
    """What to say of a name that no mistake of the catalogue can have; None if all are known."""
    from bpderiv.mistakes.catalogue import CATALOGUE, OF_WINDOWS

    called = _called(declarations)
    names_of_windows = [name for name, _ in OF_WINDOWS]
    patterns = [
        _Pattern(x) for x in (*(mistake.pattern for mistake in CATALOGUE), *names_of_windows)
    ]
    for name in names:
        if not any(pattern.fits(name, called) for pattern in patterns):
            near = get_close_matches(name, _examples(patterns, called), n=3, cutoff=0.5)
            hint = f"; near to it: {', '.join(near)}" if near else ""
            return f"no mistake of the catalogue is called {name!r}{hint}"
    return None


class _Pattern:
    """The name of a mistake, such as "{wrong} for {right}"."""

    def __init__(self, text: str):
        """Words, and slots in braces."""
        self.text = text
        words = (r"(.*?)" if "{" in word else re.escape(word) for word in text.split())
        self._form = re.compile(r"\s*".join(words))

    def fits(self, name: str, called: list[str]) -> bool:
        """Whether a mistake of this pattern can have this name."""
        match = self._form.fullmatch(name)
        return match is not None and all(slot in called for slot in match.groups())

    def filled(self, called: list[str]) -> list[str]:
        """Names of this pattern."""
        names = [self.text]
        for slot in set(re.findall(r"\{\w+\}", self.text)):
            names = [name.replace(slot, word) for name in names for word in called]
        return [" ".join(name.split()) for name in names]


def _examples(patterns: list[_Pattern], called: list[str]) -> list[str]:
    """Names to compare a misspelt one with; derivatives left out, there are so many."""
    few = [word for word in called if word and "/" not in word]
    return list(dict.fromkeys(name for pattern in patterns for name in pattern.filled(few)))


def _called(declarations: Declarations) -> list[str]:
    """How mistakes call what stands in the formulas: w, W, φ′, ∂E/∂W, "factor", or nothing."""
    functions, letters = [], []
    for quantity in declarations.quantities.values():
        names = (readable(quantity.name), readable(quantity.whole))
        if quantity.kind == "function":
            functions += [name + "′" * primes for name in names for primes in range(4)]
        else:
            letters += names
    derivatives = [f"∂{of}/∂{by}" for of in ("", *letters) for by in ("", *letters)]
    return list(dict.fromkeys(["", "factor", *letters, *functions, *derivatives]))
