r"""What in LaTeX only concerns the looks, and is left out of the tree. This is the whole list:

- spacing, \left and \big, \displaystyle, \tag and \label, \text without words (`vocabulary.py`);
- \color and \textcolor with the colour, and the braces around what is coloured, unless the colour
  would hide it;
- the frames of aligned formulas, and & there; a line break there too, unless a new statement
  begins behind it (`lines.py`);
- {} before a sign or &, which only sets the space around it;
- the full stop, comma or semicolon of the sentence around the formula.

Where the eye sees two formulas, or could read one in two ways, that is no layout but an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from lark import Token

from bpderiv.reading.brackets import Group, pair, typed
from bpderiv.reading.errors import ReadError
from bpderiv.reading.lines import Frame, layout_of
from bpderiv.reading.vocabulary import ALIGNING, MATRICES, SPACES, WIDEST

_BEHIND_EMPTY_SPACE = {"RELATION", "SIGN", "DOT", "ODOT", "_AND"}
#: What may stand at the end of a line, one letter for each kind of token.
_CODES = {"WIDE": "w", "OPEN": "(", "CLOSE": ")", "DIGIT": "d", "POINT": "d", "STOP": ".",
          "_BREAK": "b", "END": "e"}  # fmt: skip
#: Behind these, {} is empty space and not an empty argument; None is the beginning.
_EMPTY_SPACE = {None, "_AND", "_BREAK", "RELATION", "BEGIN", "OPEN", "_COMMA"}


def without_layout(tokens: list[Token], source: str) -> list[Token]:
    """The tokens that the grammar is to see.

    Errors
    ------
    ReadError
        for brackets without a partner, for & and line breaks where none can be, and for two
        formulas in one.
    """
    tokens = list(_without_narrow_spaces(tokens))
    groups = pair(tokens, source)
    _check_number(tokens, source)
    pairs = _without_empty_braces(list(zip(tokens, groups, strict=True)))
    dropped = {id(token) for token, _ in pairs if _is_looks(token)}
    frames: dict[Group, Frame] = {}
    for token, group in pairs:
        place = _place(token, group, source)
        if place is None:
            dropped.add(id(token))
        elif place.is_frame:
            frames.setdefault(place, Frame(place)).add(token)
    dropped |= {id(token) for token in layout_of(frames, source)}
    return [token for token, _ in pairs if id(token) not in dropped]


def _without_narrow_spaces(tokens: list[Token]) -> Iterator[Token]:
    r"""Without LAYOUT; but spaces side by side, if they are wide together, are a wide one."""
    width = 0
    for token in tokens:
        if token.type != "LAYOUT":
            width = 0
            yield token
            continue
        width += _width(token)
        if width >= WIDEST:
            width = 0
            yield Token("WIDE", str(token), start_pos=token.start_pos, end_pos=token.end_pos)


def _width(token: Token) -> int:
    r"""Of a space; also of \text{ }, a blank between the words of a sentence."""
    blank = token.partition("{")[2].rstrip("}")
    return SPACES[r"\ "] * len(blank) if blank.isspace() else SPACES.get(str(token), 0)


def _check_number(tokens: list[Token], source: str) -> None:
    r"""`a = b \quad (3)` is no product: the number of a formula is a \tag."""
    row = "".join(_CODES.get(token.type, "-") for token in tokens)
    if match := re.search(r"w(\([d.]+\))(?=\.?w*(?:$|b|e))", row):
        opened, closed = tokens[match.start(1)], tokens[match.end(1) - 1]
        raise ReadError(r"the number of a formula is written \tag{3}, not as a factor", source,
                        opened.start_pos, closed.end_pos)  # fmt: skip


def _is_looks(token: Token) -> bool:
    frame = token.type in {"BEGIN", "END"} and token not in MATRICES
    return frame or token.type in {"SIZE", "WIDE"}


def _without_empty_braces(pairs):
    """Without the {} of `& {} + b` and of `= {} &`."""
    kept, last, at = [], None, 0
    while at < len(pairs):
        kinds = [token.type for token, _ in pairs[at : at + 3]]
        empty = kinds[:2] == ["_LBRACE", "_RBRACE"] and kinds[-1] in _BEHIND_EMPTY_SPACE
        if empty and last in _EMPTY_SPACE:
            at += 2
            continue
        last = last if kinds[0] == "WIDE" else kinds[0]
        kept.append(pairs[at])
        at += 1
    return kept


def _place(token: Token, group: Group, source: str) -> Group | None:
    """The group whose lines the token belongs to; None for & or a line break that is layout."""
    if token.type not in {"_AND", "_BREAK"} or group.is_matrix:
        return group
    around = group
    while not around.is_frame and around.opened.type == "OPEN" and not around.sized:
        around = around.parent  # \bigl( may be on another line than \bigr)
    if any(x.is_matrix for x in takewhile(lambda x: not x.is_frame, group.upwards())):
        opened = group.opened
        raise ReadError(
            f"this {typed(opened)} is not closed before {token}: close it in the same entry",
            source, opened.start_pos, opened.end_pos,
        )  # fmt: skip
    if not around.is_frame or token.type == "_AND" and str(around.opened) not in ALIGNING:
        raise ReadError(
            f"{token} parts the entries of a matrix, or the lines of an aligned formula: here it "
            "stands in neither", source, token.start_pos, token.end_pos,
        )  # fmt: skip
    return group if around is group else None
