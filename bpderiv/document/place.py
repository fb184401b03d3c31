"""Where something stands: in a file, and in a notebook in which of its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bpderiv.reading.errors import ReadError


class Part(NamedTuple):
    """A text of a document: the file itself, or a cell of a notebook with its number.

    `lines` says for each line of the cell in which line of the file it stands, if that is known.
    """

    cell: int | None
    text: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Place:
    """File, line and column, from 1; in a notebook the cell, and the line in the cell."""

    file: str
    line: int
    column: int = 1
    cell: int | None = None
    cell_line: int | None = None

    def __str__(self) -> str:
        """For a reader: in a notebook, lines are those of the cell."""
        return f"{self.file}, {self.words}"

    @property
    def words(self) -> str:
        """The same without the file."""
        return f"cell {self.cell}, line {self.cell_line}" if self.cell else f"line {self.line}"

    def tell(self, error: ReadError) -> ReadError:
        """The error, with this place: that of the beginning of what could not be read."""
        file = f"{self.file}, cell {self.cell}" if self.cell else self.file
        return error.at(file, self.cell_line or self.line, self.column)


def place_in(part: Part, file: str, line: int, column: int) -> Place:
    """A place of a part, as a place of the file."""
    if part.cell is None:
        return Place(file, line, column)
    in_file = part.lines[line - 1] if line <= len(part.lines) else line
    return Place(file, in_file, column, part.cell, line)
