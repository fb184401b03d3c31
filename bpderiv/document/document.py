r"""A document as the checker sees it: declarations, and statements with what is said about them.

The marked lines are few. `**Layers** …` and `**Short form**, …` open a window; `**Erratum**
(name + name):` says that the next display is false, and how; `**Example**: …` gives numbers;
`<!-- not judged: reason -->` lets the next formula pass. Declarations are in `declare.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bpderiv.document.declare import Declaring
from bpderiv.document.errata import Erratum
from bpderiv.document.ids import wrong_ids
from bpderiv.document.markdown import Markdown
from bpderiv.document.marks import DECLARING, Mark, read_mark, unmarked_windows
from bpderiv.document.pieces import Block, Comment, Formula, Problem
from bpderiv.document.place import Part, Place, place_in
from bpderiv.document.stating import RELATION, states
from bpderiv.meaning.declarations import Declarations
from bpderiv.meaning.window import Window
from bpderiv.reading.errors import ReadError

_NOT_JUDGED = re.compile(r"not[ -]judged\b\s*:?\s*(.*)", re.S | re.I)
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]*)\}")


@dataclass(frozen=True)
class Statement:
    """A formula that says something, and all that is needed to judge it.

    `tags` are the ids in it with their places in the LaTeX: several lines may have one each.
    """

    latex: str
    place: Place
    inline: bool
    window: Window | None
    tags: tuple[tuple[int, str], ...] = ()
    errata: tuple[Erratum, ...] = ()
    not_judged: str | None = None
    example: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """All its ids."""
        return tuple(id_ for _, id_ in self.tags)

    @property
    def id(self) -> str | None:
        """Its first id."""
        return self.ids[0] if self.tags else None


@dataclass(frozen=True)
class Unread:
    """What could not be read, and where it begins."""

    error: ReadError
    place: Place
    id: str | None = None


@dataclass
class Document:
    """A file: its declarations (None if it has none of its own) and its statements."""

    file: str
    declarations: Declarations | None = None
    definitions: list[Statement] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    errors: list[Unread] = field(default_factory=list)


def read_document(parts: Iterable[Part | tuple[int | None, str]], file: str) -> Document:
    """Read the Markdown of a file: one text, or the cells of a notebook (number, text)."""
    reading = _Reading(Document(file))
    for part in parts:
        reading.part(Part(*part))
    reading.finish()
    return reading.document


@dataclass
class _Open:
    """The block that the formulas stand in: what its mark says, and how many of them it took."""

    kind: str
    place: Place
    end: int
    line: str
    taken: int = 0


class _Reading:
    """Parts of a document from top to bottom; what holds at a place is in the attributes."""

    def __init__(self, document: Document):
        """Nothing is said yet."""
        self.document = document
        self.declaring, self.declares = Declaring(Declarations(file=document.file)), False
        self.window: Window | None = None
        self.errata: list[Erratum] = []
        self.not_judged: tuple[str, Place] | None = None

    def part(self, part: Part) -> None:
        """Marked lines and formulas, in the order of the text."""
        self._part, self._markdown = part, Markdown(part.text)
        block = None
        events = [*self._markdown.blocks, *self._markdown.pieces]
        for event in sorted(events, key=lambda x: x.offset):
            if block is not None and event.offset >= block.end:
                self._close(block)
                block = None
            match event:
                case Block():
                    block = self._block(event)
                case Comment():
                    self._comment(event)
                case Problem():
                    self._error(ReadError(event.message, event.source), self._place(event.offset))
                case Formula():
                    self._formula(event, block)
        self._close(block)
        for offset, line in unmarked_windows(
            self._markdown.plain, {x.offset for x in self._markdown.blocks}
        ):
            error = ReadError(
                "a window is a paragraph that begins with **Layers** or **Short form**", line
            )
            self._error(error, self._place(offset))

    def finish(self) -> None:
        """What waits for a formula in vain, and the definitions, now that all names are known."""
        self._drop_errata("no display follows this erratum")
        self._drop_not_judged("no formula follows that this could let pass")
        for statement, error in self.declaring.finish():
            self._error(error, statement.place)
            if statement in self.document.definitions:
                self.document.definitions.remove(statement)
        if self.declares:
            self.document.declarations = self.declaring.declarations
        for statement, error in wrong_ids(self.document.statements):
            self._error(error, statement.place)

    # --- what stands in the text ------------------------------------------------------------------

    def _block(self, block: Block) -> _Open | None:
        """What a bold word at the beginning of a paragraph says, up to the first display."""
        inside = [x for x in self._markdown.pieces if block.offset <= x.offset < block.end]
        stop = next((x for x in inside if isinstance(x, Comment) or not _is_inline(x)), None)
        text = self._markdown.text[block.offset : stop.offset if stop else block.end]
        place = self._place(block.offset)
        judged = any(isinstance(x, Formula) and RELATION.search(x.latex) for x in inside)
        try:
            mark = read_mark(text, place, judged)
        except ReadError as error:
            self._error(error, place)
            return None
        if mark is None:
            return None
        self._take(mark)
        end = stop.offset if mark.kind == "window" and stop else block.end
        return _Open(mark.kind, place, end, " ".join(text.split()))

    def _take(self, mark: Mark) -> None:
        if mark.window is not None:
            self.window = mark.window
        if mark.erratum is not None:
            links = [erratum.link for erratum in self.errata]
            if self.errata and (mark.erratum.link in links or None in (mark.erratum.link, *links)):
                self._drop_errata("another erratum follows, and no display between them")
            self.errata.append(mark.erratum)

    def _close(self, block: _Open | None) -> None:
        if block is not None and block.kind in (*DECLARING, "example") and not block.taken:
            error = ReadError(
                "this line declares nothing: write its formula in the same paragraph", block.line
            )
            self._error(error, block.place)

    def _comment(self, comment: Comment) -> None:
        match = _NOT_JUDGED.match(comment.text)
        if match is None:
            return
        place = self._place(comment.offset)
        self._drop_not_judged("the same is said once more before the next formula")
        if not match[1].strip():
            self._error(ReadError("say why: <!-- not judged: reason -->", comment.text), place)
        self.not_judged = " ".join(match[1].split()), place

    def _formula(self, formula: Formula, block: _Open | None) -> None:
        statement = Statement(
            formula.latex, self._place(formula.at), formula.inline, self.window,
            tuple((match.start(), match[1].strip()) for match in _TAG.finditer(formula.latex)),
            example=block is not None and block.kind == "example",
        )  # fmt: skip
        if block is not None and block.kind == "window":
            return
        if block is not None and block.kind in DECLARING:
            self._declaration(block, statement)
            return
        try:
            says_something = states(formula.latex)
        except ReadError as error:
            if not self._let_through(statement):
                self._error(error, statement.place, statement.id)
            return
        if says_something:
            self._statement(block, statement)
        elif not formula.inline:
            self._drop_errata("the display after this erratum states nothing: it has no relation")

    def _let_through(self, statement: Statement) -> bool:
        """A formula that is not even LaTeX that we read may be let pass, too."""
        if self.not_judged is not None:
            self._statement(None, statement)
            return True
        if not statement.inline:
            self.errata = []
        return False

    def _statement(self, block: _Open | None, statement: Statement) -> None:
        fields = dict(statement.__dict__)
        if not statement.inline:
            fields["errata"], self.errata = tuple(self.errata), []
        if statement.example:
            block.taken += 1
            self._only_claims(fields["errata"])
            fields["errata"] = ()
        elif self.not_judged is not None:
            fields["not_judged"], self.not_judged = self.not_judged[0], None
        self.document.statements.append(Statement(**fields))

    def _declaration(self, block: _Open, statement: Statement) -> None:
        try:
            declares = _declares(block.kind, statement.latex)
        except ReadError as error:
            block.taken += 1
            self._error(error, statement.place)
            return
        if not declares:
            return  # a letter named in passing
        block.taken += 1
        self.declares = True
        errata, self.errata = (self.errata, []) if not statement.inline else ((), self.errata)
        self._only_claims(errata)
        try:
            self.declaring.take(block.kind, statement)
            self.document.definitions.append(statement)
        except ReadError as error:
            self._error(error, statement.place)

    def _only_claims(self, errata: Iterable[Erratum]) -> None:
        """What is declared is neither false nor let pass."""
        for erratum in errata:
            words = "the display after this erratum declares something: only claims can be false"
            self._error(ReadError(words, _shown(erratum)), erratum.place)
        self._drop_not_judged("what comes next is declared, and is read in any case")

    # --- errors -----------------------------------------------------------------------------------

    def _place(self, offset: int) -> Place:
        line, column = self._markdown.place(offset)
        return place_in(self._part, self.document.file, line, column)

    def _error(self, error: ReadError, place: Place, id_: str | None = None) -> None:
        self.document.errors.append(Unread(place.tell(error), place, id_))

    def _drop_errata(self, why: str) -> None:
        for erratum in self.errata:
            self._error(ReadError(why, _shown(erratum)), erratum.place)
        self.errata = []

    def _drop_not_judged(self, why: str) -> None:
        if self.not_judged is not None:
            reason, place = self.not_judged
            self._error(ReadError(why, f"<!-- not judged: {reason} -->"), place)
        self.not_judged = None


def _is_inline(piece: Formula | Comment | Problem) -> bool:
    return not isinstance(piece, Formula) or piece.inline


def _shown(erratum: Erratum) -> str:
    link = f", link {erratum.link}" if erratum.link is not None else ""
    return f"**Erratum** ({' + '.join(erratum.names)}{link}):"


def _declares(kind: str, latex: str) -> bool:
    """Whether a formula in a declaring line declares something."""
    if kind == "argument":
        return re.fullmatch(r"\s*\(\s*\w\s*\)\s*", latex) is not None
    return states(latex)
