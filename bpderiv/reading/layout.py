r"""What in LaTeX only concerns the looks, and is left out of the tree. This is the whole list:

- spacing, \left and \big, \displaystyle, \tag and \label, \text without words (`vocabulary.py`);
- the frames of aligned formulas, and & there; a line break there too, unless a new statement
  begins behind it (`lines.py`);
- {} before a sign, which only sets the space around it;
- the full stop, comma or semicolon of the sentence around the formula.

Where the eye sees two formulas, or could read one in two ways, that is no layout but an error.
"""

from __future__ import annotations

from lark import Token

from bpderiv.reading.brackets import Group, pair
from bpderiv.reading.errors import ReadError
from bpderiv.reading.lines import Frame, layout_of
from bpderiv.reading.vocabulary import ALIGNING, MATRICES

_SIGNS = {"RELATION", "SIGN", "DOT", "ODOT"}
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
    tokens = [token for token in tokens if token.type != "LAYOUT"]
    groups = pair(tokens, source)
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


def _is_looks(token: Token) -> bool:
    frame = token.type in {"BEGIN", "END"} and token not in MATRICES
    return frame or token.type in {"SIZE", "WIDE"}


def _without_empty_braces(pairs):
    """Without the {} of `{} + b`."""
    kept, last, at = [], None, 0
    while at < len(pairs):
        kinds = [token.type for token, _ in pairs[at : at + 3]]
        if kinds[:2] == ["_LBRACE", "_RBRACE"] and kinds[-1] in _SIGNS and last in _EMPTY_SPACE:
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
    if not around.is_frame or token.type == "_AND" and str(around.opened) not in ALIGNING:
        raise ReadError(
            f"{token} parts the entries of a matrix, or the lines of an aligned formula: here it "
            "stands in neither", source, token.start_pos, token.end_pos,
        )  # fmt: skip
    return group if around is group else None
