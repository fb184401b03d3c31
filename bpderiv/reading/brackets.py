r"""Which bracket, brace or environment every token stands in; and that each of them is closed.

Looked at before the grammar is, because only here can one say *which* bracket is not closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lark import Token

from bpderiv.reading.errors import ReadError
from bpderiv.reading.vocabulary import MATRICES

#: Brackets, braces and environments within one another, at most (a formula has about ten).
DEEPEST = 24

_OPENING = {"OPEN", "_LBRACE", "BEGIN"}
_CLOSING = {"CLOSE", "_RBRACE", "END"}
_PARTNER = {"(": ")", "[": "]", r"\{": r"\}", "{": "}"}


@dataclass(eq=False)
class Group:
    r"""What stands between two brackets, braces, or \begin and \end; or all of the formula."""

    opened: Token | None = None
    parent: Group | None = None
    sized: bool = False
    closed: Token | None = None

    @property
    def is_frame(self) -> bool:
        """Whether it is an environment of layout, or the whole formula."""
        return self.opened is None or self.opened.type == "BEGIN" and not self.is_matrix

    @property
    def is_matrix(self) -> bool:
        """Whether & and line breaks part its entries."""
        return self.opened is not None and self.opened in MATRICES and self.opened.type == "BEGIN"

    def depth(self) -> int:
        """How many groups it stands in."""
        return 0 if self.parent is None else 1 + self.parent.depth()

    def upwards(self) -> Iterator[Group]:
        """The group, and those that it stands in."""
        yield self
        if self.parent is not None:
            yield from self.parent.upwards()


def with_braces(source: str, span: tuple[int, int]) -> str:
    """A piece of the source, and so much on either side that all its braces are closed."""
    start, end = span
    depths = [0]
    for brace in re.findall(r"\\.|([{}])", source[start:end]):
        depths.append(depths[-1] + {"{": 1, "}": -1}.get(brace, 0))
    for _ in range(-min(depths)):
        start = _outwards(source, range(start - 1, -1, -1), "}", "{")
    for _ in range(depths[-1] - min(depths)):
        end = _outwards(source, range(end, len(source)), "{", "}") + 1
    return source[start:end]


def _outwards(source: str, places: range, deeper: str, wanted: str) -> int:
    """The first place with the wanted brace that has no partner on the way."""
    depth = 0
    for place in places:
        escaped = source[place - 1 : place] == "\\"
        depth += 0 if escaped else {deeper: 1, wanted: -1}.get(source[place], 0)
        if depth < 0:
            break
    return place


def pair(tokens: list[Token], source: str) -> list[Group]:
    """For each token the group that it stands in; brackets belong to the group outside.

    Errors
    ------
    ReadError
        for a bracket without its partner, and for too many within one another.
    """
    inside, groups = Group(), []
    for i, token in enumerate(tokens):
        sized = tokens[i - 1] if i and tokens[i - 1].type == "SIZE" else None
        if sized is not None:
            _check_size(sized, token, source)
        if token.type in _CLOSING:
            _check(inside, token, sized, source)
            inside.closed = token
            inside = inside.parent
        groups.append(inside)
        if token.type in _OPENING:
            inside = Group(token, inside, sized == r"\left")
            if inside.depth() > DEEPEST:
                raise _error(f"more than {DEEPEST} brackets are open here: give a part of the "
                             "formula a name, and write it by itself", token, source)  # fmt: skip
    if inside.opened is not None:
        raise _error(f"this {typed(inside.opened)} is not closed: {partner(inside.opened)} is "
                     "missing", inside.opened, source)  # fmt: skip
    return groups


def _check(inside: Group, token: Token, sized: Token | None, source: str) -> None:
    """That this closing bracket closes what was opened last."""
    fits = next((group for group in inside.upwards() if _closes(token, group)), None)
    if fits is None:
        raise _error(_unopened(inside, token, source), token, source)
    if fits is not inside:
        raise _error(f"this {typed(inside.opened)} is not closed: {partner(inside.opened)} is "
                     f"missing before {typed(token)}", inside.opened, source)  # fmt: skip
    if inside.sized and sized != r"\right":
        raise _error(rf"this {typed(token)} closes a \left{inside.opened}: write \right{token}",
                     token, source)  # fmt: skip
    if sized == r"\right" and not inside.sized:
        raise _error(rf"this \right{token} closes a {inside.opened} that has no \left",
                     sized, source)  # fmt: skip


def _closes(token: Token, group: Group) -> bool:
    return group.opened is not None and partner(group.opened) == typed(token)


def _unopened(inside: Group, token: Token, source: str) -> str:
    if inside.opened is None:
        return f"nothing was opened that {typed(token)} could close: delete it"
    line = source.count("\n", 0, inside.opened.start_pos) + 1
    column = inside.opened.start_pos - source.rfind("\n", 0, inside.opened.start_pos)
    where = f"column {column}" if "\n" not in source else f"line {line}, column {column}"
    return (f"{typed(token)} does not close the {typed(inside.opened)} of {where}: "
            f"{partner(inside.opened)} does")  # fmt: skip


def _check_size(size: Token, token: Token, source: str) -> None:
    r"""\left stands before an opening bracket, \right before a closing one."""
    wanted = {r"\left": "OPEN", r"\right": "CLOSE"}.get(size)
    if wanted and token.type != wanted:
        what = "an opening" if wanted == "OPEN" else "a closing"
        raise _error(f"{size} stands before {what} bracket, not before {token}", size, source)


def typed(token: Token) -> str:
    """The token as it is typed."""
    return rf"\{token.type.lower()}{{{token}}}" if token.type in {"BEGIN", "END"} else str(token)


def partner(opened: Token) -> str:
    """What closes it."""
    return rf"\end{{{opened}}}" if opened.type == "BEGIN" else _PARTNER[opened]


def _error(message: str, token: Token, source: str) -> ReadError:
    return ReadError(message, source, token.start_pos, token.end_pos)
