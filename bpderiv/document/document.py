r"""A document as the checker sees it: declarations, and statements with what is said about them.

The marked lines are few. `**Layers** …` and `**Short form**, …` open a window; `**Erratum**
(name + name):` says that the next display is false, and how; `**Example**: …` gives numbers;
`<!-- not judged: reason -->` lets the next formula pass. Declarations are in `declare.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bpderiv.document.declare import KINDS, Declaring
from bpderiv.document.markdown import Comment, Formula, lines_with_marks, pieces
from bpderiv.meaning.declarations import Declarations
from bpderiv.meaning.window import Window, read_window
from bpderiv.reading.errors import ReadError

_ERRATUM = re.compile(r"\*\*Erratum\*\*\s*\(([^)]*)\)\s*:")
_EXAMPLE = re.compile(r"\*\*Example\*\*\s*:")
_MARKED = re.compile(r"^\s*(?:[-*+>]\s+|\d+\.\s+)?\*\*(\w+)\*\*\s*:")
_NOT_JUDGED = re.compile(r"not judged\s*:?\s*(.*)", re.S)
_TAG = re.compile(r"\\tag\*?\{([^{}]*)\}")
_RELATION = re.compile(
    r"=|\\equiv\b|\\approx\b|\\leq?\b|\\geq?\b|\\in\b|\\to\b|\\neq?\b|<|>|\\ll\b|\\sim\b"
)


@dataclass(frozen=True)
class Erratum:
    """What a text says of a false equation: names of mistakes, and the link (from 1)."""

    names: tuple[str, ...]
    link: int | None
    line: int


@dataclass(frozen=True)
class Statement:
    """A formula that says something, and all that is needed to judge it."""

    latex: str
    line: int
    column: int
    inline: bool
    window: Window | None
    id: str | None = None
    erratum: Erratum | None = None
    not_judged: str | None = None
    example: bool = False
    cell: int | None = None


@dataclass
class Document:
    """A file: its declarations (None if it has none of its own) and its statements."""

    file: str
    declarations: Declarations | None = None
    definitions: list[Statement] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    errors: list[ReadError] = field(default_factory=list)


@dataclass
class _State:
    """What holds at a place of the document."""

    window: Window | None = None
    erratum: Erratum | None = None
    not_judged: str | None = None


def read_document(texts: list[tuple[int | None, str]], file: str) -> Document:
    """Read the Markdown of a file: one text, or the cells of a notebook (number, text)."""
    document = Document(file)
    declaring = Declaring(Declarations(file=file))
    state = _State()
    for cell, text in texts:
        _Scan(document, declaring, state, cell, text).run()
    if state.erratum is not None:
        document.errors.append(
            _at(ReadError("no display follows this erratum"), file, state.erratum.line)
        )
    try:
        declarations = declaring.finish()
    except ReadError as error:
        document.errors.append(error.at(file, 1))
        declarations = declaring.declarations
    if declarations.quantities:
        document.declarations = declarations
    _check_ids(document)
    return document


def _at(error: ReadError, file: str, line: int) -> ReadError:
    error.file, error.line, error.column = file, line, 1
    return error


def _check_ids(document: Document) -> None:
    seen: dict[str, int] = {}
    for statement in document.statements:
        if statement.id is None:
            continue
        if statement.id in seen:
            words = f"the id {statement.id} is used twice (first in line {seen[statement.id]})"
            source = statement.latex.strip().split("\n")[0]
            document.errors.append(_at(ReadError(words, source), document.file, statement.line))
        seen.setdefault(statement.id, statement.line)


class _Scan:
    """One text (a file, or a cell of a notebook), from top to bottom."""

    def __init__(self, document: Document, declaring: Declaring, state: _State, cell, text: str):
        self.document, self.declaring, self.state = document, declaring, state
        self.cell, self.text = cell, text

    def run(self) -> None:
        """Marked lines and formulas, in the order of the text."""
        try:
            found = pieces(self.text)
        except ReadError as error:
            error.file = self.document.file
            self.document.errors.append(error)
            return
        marks = [(offset, number, line) for number, offset, line in lines_with_marks(self.text)]
        events = sorted([(m[0], 0, m) for m in marks] + [(p.offset, 1, p) for p in found],
                        key=lambda event: event[:2])  # fmt: skip
        block, block_end = None, -1
        for offset, kind, event in events:
            if kind == 0:
                block, block_end = self._marked(event), self._end_of_block(offset)
            elif isinstance(event, Comment):
                self._comment(event)
            else:
                self._formula(event, block if offset <= block_end else None)

    def _end_of_block(self, offset: int) -> int:
        """The end of a marked paragraph: an empty line or the next list item."""
        match = re.compile(r"\n\s*\n|\n\s*(?:[-*+]|\d+\.)\s").search(self.text, offset)
        return match.start() if match else len(self.text)

    def _marked(self, mark) -> str | None:
        """What a line that begins with a bold word does; the kind of block that it opens."""
        offset, number, line = mark
        try:
            window = read_window(line)
        except ReadError as error:
            self.document.errors.append(error.at(self.document.file, number))
            return None
        if window is not None:
            self.state.window = window
            return None
        if match := _ERRATUM.search(line):
            self.state.erratum = self._erratum(match[1], number)
            return None
        if line.lstrip().startswith("**Erratum**"):
            self._error("an erratum is written **Erratum** (name + name):", line, number)
        if _EXAMPLE.search(line):
            return "example"
        word = _MARKED.match(line)
        return KINDS.get(word[1]) if word else None

    def _erratum(self, text: str, line: int) -> Erratum:
        link = None
        if match := re.search(r",\s*link\s+(\d+)\s*$", text):
            link, text = int(match[1]), text[: match.start()]
        return Erratum(tuple(part.strip() for part in text.split(" + ")), link, line)

    def _error(self, message: str, source: str, line: int) -> None:
        self.document.errors.append(_at(ReadError(message, source), self.document.file, line))

    def _comment(self, comment: Comment) -> None:
        if match := _NOT_JUDGED.match(comment.text):
            if not match[1].strip():
                self._error("say why: <!-- not judged: reason -->", comment.text, comment.line)
            self.state.not_judged = " ".join(match[1].split())

    def _formula(self, formula: Formula, block: str | None) -> None:
        tag = _TAG.search(formula.latex)
        statement = Statement(
            formula.latex, formula.line, formula.column, formula.inline, self.state.window,
            tag[1] if tag else None, cell=self.cell, example=block == "example",
        )  # fmt: skip
        if block in KINDS.values():
            return self._declaration(block, statement)
        if not _RELATION.search(formula.latex):
            if not formula.inline and self.state.erratum is not None:
                self._error(
                    "the display after an erratum has no relation sign", formula.latex, formula.line
                )
                self.state.erratum = None
            return None
        return self._statement(statement)

    def _statement(self, statement: Statement) -> None:
        erratum = None
        if not statement.inline:
            erratum, self.state.erratum = self.state.erratum, None
        reason, self.state.not_judged = self.state.not_judged, None
        fields = {**statement.__dict__, "erratum": erratum, "not_judged": reason}
        self.document.statements.append(Statement(**fields))

    def _declaration(self, kind: str, statement: Statement) -> None:
        says_something = _RELATION.search(statement.latex) or ":" in statement.latex
        if kind in ("quantity", "function", "definition") and not says_something:
            return  # a letter named in passing
        if kind == "argument" and not re.fullmatch(r"\(\w\)", statement.latex.strip()):
            return
        try:
            self.declaring.take(kind, statement.latex, statement.window, statement.line)
        except ReadError as error:
            self.document.errors.append(
                error.at(self.document.file, statement.line, statement.column)
            )
        self.document.definitions.append(statement)
