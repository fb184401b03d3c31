r"""Formulas on several lines: which line breaks begin a new statement, and which are layout.

A line that begins with a sign goes on with the line above, and so does one behind a line that
ends with a sign. A line that begins with a term begins a statement. One case the eye decides by
the &: in `-c &= d` the sign belongs to the left side of a new statement; without & nobody can tell,
and that is an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from lark import Token

from bpderiv.reading.brackets import Group
from bpderiv.reading.errors import ReadError

_JOINING = {"RELATION", "SIGN", "DOT", "ODOT"}
_STOPS = {"STOP", "_COMMA"}
#: In these every line is a formula of its own, in those all lines are one.
_EACH_ITS_OWN = {"gather", "gather*", "gathered"}
_ALL_ONE = {"multline", "multline*"}


@dataclass
class Line:
    """A line of a frame: the tokens that stand in no bracket or matrix within it."""

    tokens: list[Token] = field(default_factory=list)
    #: The line break behind it, and whether the next line begins a new statement.
    broken: Token | None = None
    ends: bool = True

    @property
    def signs(self) -> list[Token]:
        """What is seen of it."""
        return [x for x in self.tokens if x.type not in {"_AND", "WIDE", "SIZE"}]

    @property
    def formula(self) -> list[Token]:
        """Without the full stop or comma at its end."""
        signs = self.signs
        return signs[:-1] if signs and signs[-1].type in _STOPS else signs

    @property
    def relates(self) -> bool:
        """Whether there is a relation sign in it."""
        return any(x.type == "RELATION" for x in self.tokens)


@dataclass
class Frame:
    """An environment of layout, or the whole formula."""

    group: Group
    lines: list[Line] = field(default_factory=lambda: [Line()])

    def add(self, token: Token) -> None:
        """One more token of its own."""
        if token.type == "_BREAK":
            self.lines[-1].broken = token
            self.lines.append(Line())
        else:
            self.lines[-1].tokens.append(token)

    @property
    def name(self) -> str:
        """The environment's."""
        return str(self.group.opened or "")


def layout_of(frames: dict[Group, Frame], source: str) -> list[Token]:
    """The tokens of these frames that are layout.

    Errors
    ------
    ReadError
        where the eye sees two formulas side by side, or cannot tell where one begins.
    """
    found = []
    for frame in frames.values():
        for line in frame.lines:
            _check_columns(line, source)
            _check_side_by_side(line, source)
        _part(frame, source)
        if any(line.ends for line in frame.lines[:-1]) and not _is_all(frame, frames):
            raise _error("a new statement begins within a formula: begin the lines with a sign if "
                         "the formula goes on", frame.lines[0].broken, source)  # fmt: skip
    for frame in frames.values():
        found += [x for line in frame.lines for x in line.tokens if x.type == "_AND"]
        found += [line.broken for line in frame.lines[:-1] if not line.ends]
        found += _last_stops(frame, frames)
    return found


def _part(frame: Frame, source: str) -> None:
    """Find out behind which lines a statement ends."""
    shown = [line for line in frame.lines if line.signs]
    relates = any(line.relates for line in shown)
    for line in frame.lines:
        line.ends = False
    for line, following in pairwise(shown):
        line.ends = not _goes_on(line, following, frame, source)
        if line.ends and relates and not following.relates:
            raise _error("this line has no relation sign: begin it with the sign that joins it to "
                         "the line above", following.signs[0], source)  # fmt: skip


def _goes_on(before: Line, line: Line, frame: Frame, source: str) -> bool:
    """Whether a line belongs to the statement of the line before."""
    first = line.signs[0]
    if before.formula and before.formula[-1].type in _JOINING:
        return True
    if first.type == "SIGN" and line.relates:
        return not _begins_with_its_sign(line, frame, source)
    return first.type in _JOINING


def _begins_with_its_sign(line: Line, frame: Frame, source: str) -> bool:
    """Whether `-c = d` is a statement, or goes on with the one above: ambiguous, but for &."""
    if frame.name in _EACH_ITS_OWN | _ALL_ONE:
        return frame.name in _EACH_ITS_OWN
    kinds = [x.type for x in line.tokens if x.type not in {"WIDE", "SIZE"}]
    relation = kinds.index("RELATION")
    if kinds[0] == "SIGN" and "_AND" in kinds[max(relation - 1, 0) : relation + 2]:
        return True
    raise _error(
        "does a statement begin here, or does the one above go on? Write & before the relation "
        "sign of each statement, or write them apart", line.signs[0], source,
    )  # fmt: skip


def _check_columns(line: Line, source: str) -> None:
    """& aligns at one place; a second would part two formulas (only a relation may be between)."""
    kinds = [x.type for x in line.tokens if x.type != "WIDE"]
    marks = [i for i, kind in enumerate(kinds) if kind == "_AND"]
    if len(marks) < 2 or len(marks) == 2 and kinds[marks[0] + 1 : marks[1]] == ["RELATION"]:
        return
    second = [x for x in line.tokens if x.type == "_AND"][1]
    raise _error("a second & begins a second column of formulas: give each formula a line of its "
                 "own, and write notes outside", second, source)  # fmt: skip


def _check_side_by_side(line: Line, source: str) -> None:
    r"""a = b \quad c = d is two formulas, and not a = bc = d."""
    seen = [x for x in line.tokens if x.type not in {"_AND", "SIZE"}]
    relations = [i for i, x in enumerate(seen) if x.type == "RELATION"] or [0]
    for i, (token, following) in enumerate(pairwise(seen)):
        parts = token.type == "WIDE" and following.type not in {"WIDE", "RELATION"}
        before = next((x for x in reversed(seen[:i]) if x.type != "WIDE"), None) if parts else None
        if before is None or before.type in _JOINING:
            continue
        if relations[0] < i < relations[-1]:
            raise _error("two formulas side by side: write each by itself, or as lines of aligned",
                         token, source)  # fmt: skip


def _is_all(frame: Frame, frames: dict[Group, Frame]) -> bool:
    """Whether nothing stands beside it on its line, nor beside those that it stands in."""
    parent = frames.get(frame.group.parent)
    if frame.group.parent is None:
        return True
    return (
        parent is not None
        and _line_with(frame, parent).formula == [frame.group.opened, frame.group.closed]
        and _is_all(parent, frames)
    )


def _line_with(frame: Frame, parent: Frame) -> Line:
    return next(x for x in parent.lines if any(y is frame.group.opened for y in x.tokens))


def _last_stops(frame: Frame, frames: dict[Group, Frame]) -> list[Token]:
    """The full stops and commas of the sentence around the formulas."""
    shown = [line for line in frame.lines if line.signs]
    found = []
    for i, line in enumerate(shown, 1):
        following = shown[i] if i < len(shown) else None
        if following is None:
            ends = line.signs[-1].type in _STOPS and _at_the_end(frame, frames)
        else:
            ends = line.ends or following.signs[0].type == "RELATION"
        if ends and line.signs[-1].type in _STOPS:
            found.append(line.signs[-1])
    return found


def _at_the_end(frame: Frame, frames: dict[Group, Frame]) -> bool:
    """Whether a statement ends where this frame ends."""
    if frame.group.parent is None:
        return True
    parent = frames.get(frame.group.parent)
    if parent is None:
        return False
    line = _line_with(frame, parent)
    if line.formula[-1] is not frame.group.closed:
        return False
    return line.ends or _is_last(line, parent) and _at_the_end(parent, frames)


def _is_last(line: Line, frame: Frame) -> bool:
    return next(x for x in reversed(frame.lines) if x.signs) is line


def _error(message: str, token: Token, source: str) -> ReadError:
    return ReadError(message, source, token.start_pos, token.end_pos)
