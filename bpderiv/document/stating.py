r"""Whether a formula states something, or only names things: $\delta_k$, $W^{k,j}$, $i \to j$.

A formula without a relation is left alone, so it must be known to have none: a command that is no
letter may be one (\bowtie), and words between two quantities say something that nobody judges.
"""

from __future__ import annotations

import re

from lark import Token

from bpderiv.reading.errors import ReadError
from bpderiv.reading.tokens import tokens
from bpderiv.reading.vocabulary import LETTERS, STYLES

#: A relation in whatever disguise: also in \text{…}, also where LaTeX is broken.
RELATION = re.compile(r"=|<|>|≡|≈|≤|≥|\\(?:approx|equiv|leq?|geq?|neq?)\b")
#: Words; names of functions are no words.
_SENTENCE = ("\\text", "\\mbox")
_UNSEEN = {"LAYOUT", "WIDE", "SIZE"}


def states(latex: str) -> bool:
    """Whether a formula states something: whether there is a relation in it.

    Errors
    ------
    ReadError
        for signs that are not read, and for words in the place of a relation: nobody knows what
        they say.
    """
    if RELATION.search(latex):
        return True
    found = [token for token in tokens(latex) if token.type not in _UNSEEN]
    if any(token.type == "RELATION" for token in found):
        return True
    for token in found:
        if token.type == "NAME" and not _is_letter(token):
            raise ReadError(f"{token} is no letter of LaTeX's: it may say anything", latex,
                            token.start_pos, token.end_pos)  # fmt: skip
    _check_words(found, latex)
    return False


def _is_letter(name: str) -> bool:
    r"""A letter, perhaps in a style: a, \alpha, \mathcal{E}."""
    commands = re.findall(r"\\([A-Za-z]+)", name)
    return all(command in LETTERS or command in STYLES for command in commands)


def _check_words(found: list[Token], latex: str) -> None:
    """No words between two parts of a formula; below and above a letter there may be some."""
    depth = 0
    for i, token in enumerate(found):
        depth += (token.type in {"OPEN", "_LBRACE"}) - (token.type in {"CLOSE", "_RBRACE"})
        between = 0 < i < len(found) - 1 and found[i - 1].type not in {"_SUB", "_SUP"}
        if token.type == "TEXT" and between and depth == 0 and token.startswith(_SENTENCE):
            words = "words join two parts of this formula, and are not read: write = or the like"
            raise ReadError(words, latex, token.start_pos, token.end_pos)
