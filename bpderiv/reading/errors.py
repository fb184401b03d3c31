"""What could not be read: where it is, what was expected, what to do."""

from __future__ import annotations


class ReadError(ValueError):
    """A text that cannot be read. Nothing is guessed, nothing skipped.

    `message` says what is wrong and what to do, `source` and `position` where; `file` and
    `line` are those of the document, once known.
    """

    def __init__(self, message: str, source: str = "", position: int = 0, end: int | None = None):
        """Remember the place; the text is made when it is shown."""
        super().__init__(message)
        self.message = message
        self.source, self.position = source, min(position, len(source))
        self.end = end if end is not None else self.position + 1
        self.file: str | None = None
        self.line = 1 + source.count("\n", 0, self.position)
        self.column = 1 + self.position - (source.rfind("\n", 0, self.position) + 1)

    def at(self, file: str | None, line: int, column: int = 1) -> ReadError:
        """The same error at its place in a document: the formula begins at line and column."""
        if self.line == 1:
            self.column += column - 1
        self.line += line - 1
        self.file = file
        return self

    @property
    def excerpt(self) -> str:
        """The line of the source, the place marked below it."""
        if not self.source:
            return ""
        start = self.source.rfind("\n", 0, self.position) + 1
        stop = self.source.find("\n", self.position)
        line = self.source[start : stop if stop >= 0 else None]
        line = "".join(x if x.isprintable() else " " for x in line)
        at = self.position - start
        cut = max(0, at - 50)
        rest = "…" if len(line) > cut + 100 else ""
        shown = ("…" if cut else "") + line[cut : cut + 100] + rest
        width = max(1, min(self.end, start + len(line)) - self.position)
        return f"{shown}\n{' ' * (at - cut + bool(cut))}{'^' * min(width, 60)}"

    @property
    def place(self) -> str:
        """File, line and column."""
        where = f"line {self.line}, column {self.column}"
        return f"{self.file}, {where}" if self.file else where

    def __str__(self) -> str:
        """Place, message and the marked line."""
        head = f"{self.place}: {self.message}" if self.source else self.message
        return "\n".join([head, *self.excerpt.splitlines()])
