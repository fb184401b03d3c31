r"""Check documents: read them, judge every link of every statement, and say what was found.

A *row* is one link of a statement. The check is passed if every claim holds, every erratum is
refuted by the mistakes that the text names, every number is right in its example, and all was
read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from bpderiv.document.document import Document, Statement, Unread, read_document
from bpderiv.document.errata import Erratum, unknown_names
from bpderiv.document.example import Example
from bpderiv.document.files import find_files as find_files
from bpderiv.document.files import texts_of as texts_of
from bpderiv.document.ids import ids_of as ids_of
from bpderiv.document.notes import notes_declarations
from bpderiv.document.numeric import NumberJudge
from bpderiv.document.place import Place
from bpderiv.meaning.claims import Claim, links
from bpderiv.meaning.declarations import Declarations
from bpderiv.meaning.window import Window
from bpderiv.mistakes.diagnosis import diagnose
from bpderiv.reading.errors import ReadError
from bpderiv.reading.plain import plain
from bpderiv.reading.reader import read
from bpderiv.verdict import SECTION_2, LinkVerdict, judge_link

_ANY_NEURON = "{}: any neuron; a number of the example is said of one, as in v_{{k,1}}"


@dataclass(frozen=True)
class Row:
    """One link: where it stands, what it is, what was found. `error` says why it is not good."""

    place: Place
    latex: str
    kind: str
    id: str | None = None
    verdict: LinkVerdict | None = None
    error: str | None = None
    note: str = ""
    plain: str = ""
    claims: tuple[Claim, ...] = field(default=(), compare=False, repr=False)

    @property
    def file(self) -> str:
        """The file's name."""
        return self.place.file

    @property
    def line(self) -> int:
        """The line in the file, from 1."""
        return self.place.line

    @property
    def holds(self) -> bool | None:
        """True, False, or None: undecided, unread, a definition, not judged."""
        return self.verdict.holds if self.verdict else None

    @property
    def good(self) -> bool:
        """Whether this row lets the check pass."""
        return self.error is None

    def as_data(self) -> dict:
        """For JSON."""
        verdict = self.verdict
        example = verdict.counterexample if verdict else None
        return {
            "id": self.id, "file": self.file, "line": self.line, "cell": self.place.cell,
            "latex": self.latex, "kind": self.kind, "holds": self.holds,
            "judges": verdict.judges if verdict else {},
            "counterexample": example.as_data() if example else None,
            "mistake": [list(names) for names in verdict.mistake] if verdict else [],
            "reason": (verdict.reason if verdict else "") or self.note, "error": self.error,
        }  # fmt: skip


def declarations_of(document: Document) -> Declarations:
    """Its own declarations, and only those; the notes' if it has none."""
    return document.declarations or notes_declarations()


def window_of(document: Document, statement: Statement) -> Window:
    """The window of a statement; that of section 2 of the notes where nothing is declared.

    Errors
    ------
    ReadError
        for a statement before the first window of a text with declarations of its own.
    """
    if statement.window is None and document.declarations is not None:
        raise ReadError(
            "declare the layers first: **Layers** j → k; sizes z, m; …", statement.latex
        )
    return statement.window or SECTION_2


# --- files ----------------------------------------------------------------------------------------


def check_files(paths: list[Path], progress: Callable = lambda *_: None) -> list[Row]:
    """Judge all statements of these files; `progress(done, of)` is called on the way."""
    documents, rows = [], []
    for path in paths:
        try:
            documents.append(read_document(texts_of(path), path.as_posix()))
        except ReadError as error:
            place = Place(path.as_posix(), 1)
            rows.append(Row(place, "", "unread", error=str(error)))
    total, done = sum(len(document.statements) for document in documents), 0
    for document in documents:
        for found in _by_statement(document):
            rows += found
            done += 1
            progress(min(done, total), total)
    progress(total, total)
    return _one_meaning_for_an_id(rows)


def check_document(document: Document) -> Iterator[Row]:
    """The rows of one document, from top to bottom."""
    for rows in _by_statement(document):
        yield from rows


def _by_statement(document: Document) -> Iterator[list[Row]]:
    """The rows of each statement; what was declared and what could not be read stand between."""
    declarations = declarations_of(document)
    judge = NumberJudge(Example(declarations))
    others = [*map(_unread, document.errors), *map(_declared, document.definitions)]
    others.sort(key=lambda row: _order(row.place))
    for statement in document.statements:
        before = [row for row in others if _order(row.place) <= _order(statement.place)]
        others = others[len(before) :]
        yield [*before, *_rows(document, statement, declarations, judge)]
    yield others


def _order(place: Place) -> tuple[int, ...]:
    """From top to bottom, whether the lines of the file are known or only those of the cells."""
    return place.cell or 0, place.cell_line or place.line, place.column


def _unread(unread: Unread) -> Row:
    source = _flat(unread.error.source)
    return Row(unread.place, source, "unread", unread.id, error=str(unread.error))


def _declared(statement: Statement) -> Row:
    latex = statement.latex
    return Row(statement.place, _flat(latex), "definition", statement.id, plain=_plain(latex))


# --- statements -----------------------------------------------------------------------------------


@dataclass
class _Found:
    """A link with its verdict; kind "claim", "value" or "not judged".

    `neurons` are letters for any neuron in a claim that looks like one about an example.
    """

    kind: str
    verdict: LinkVerdict
    id: str | None
    claims: tuple[Claim, ...] = ()
    neurons: str = ""


def _rows(document, statement: Statement, declarations, judge) -> Iterator[Row]:
    whole = Row(statement.place, _flat(statement.latex), "not judged", statement.id)
    if statement.not_judged is not None:
        error = "it cannot be an erratum and not judged at once" if statement.errata else None
        yield replace(whole, note=statement.not_judged, error=error)
        return
    try:
        if statement.example:
            judge.example.take(statement.latex, statement.window)
            note, text = "declares the example", _plain(statement.latex)
            yield replace(whole, kind="value", plain=text, note=note)
            return
        found = list(_judged(statement, window_of(document, statement), declarations, judge))
    except ReadError as error:
        yield replace(whole, kind="unread", error=str(statement.place.tell(error)))
        return
    yield from _as_the_text_says(statement, found, declarations)


def _judged(statement: Statement, window: Window, declarations, judge) -> Iterator[_Found]:
    """Every link of a statement, judged."""
    chains = read(statement.latex)
    for chain, id_ in zip(chains, ids_of(statement, chains), strict=True):
        values = judge.values_of(chain, statement.latex, window)
        if values is not None:
            for verdict in values:
                yield _Found("value" if verdict.judged else "not judged", verdict, id_)
            continue
        neurons = judge.any_neuron(chain, statement.latex, window)
        for link in links(chain, window, declarations, statement.latex):
            verdict = judge_link(link, statement.latex)
            kind = "claim" if verdict.judged else "not judged"
            yield _Found(kind, verdict, id_, link.claims, neurons)


def _as_the_text_says(statement: Statement, found: list[_Found], declarations) -> Iterator[Row]:
    """Rows: of each link, what it is and whether it is what the text says that it is."""
    only = 1 if len(found) == 1 else None
    errata = {only if x.link is None else x.link: x for x in statement.errata}
    wrong = _wrong_links(statement.errata, len(found))
    ids = [x.id for x in found]
    for number, link in enumerate(found, 1):
        id_ = link.id
        if id_ is not None and ids.count(id_) > 1:
            id_ = f"{id_}#{number - ids.index(id_)}"
        row = Row(statement.place, link.verdict.latex, link.kind, id_, link.verdict,
                  plain=link.verdict.plain, claims=link.claims)  # fmt: skip
        row = _expected(row, errata.get(number), declarations)
        if link.neurons and row.kind == "claim" and not row.good:
            row = replace(row, error=f"{row.error} ({_ANY_NEURON.format(link.neurons)})")
        yield replace(row, error=wrong) if wrong and row.good else row


def _wrong_links(errata: tuple[Erratum, ...], of: int) -> str | None:
    """What is wrong with the links that errata name."""
    for erratum in errata:
        if erratum.link is None and of > 1:
            return "say which link of the chain is false: **Erratum** (name, link 2):"
        if erratum.link is not None and not 1 <= erratum.link <= of:
            return f"the erratum before it names link {erratum.link}, and there are {of}"
    return None


def _expected(row: Row, erratum: Erratum | None, declarations: Declarations) -> Row:
    """The row with its mistakes named, and with what is wrong with it."""
    verdict = row.verdict
    if row.kind == "not judged":
        error = "is marked as an erratum, and is not judged" if erratum else None
        return replace(row, note=verdict.reason, error=error)
    if verdict.holds is False:
        verdict = replace(verdict, mistake=diagnose(row.claims))
    if erratum is None:
        return replace(row, verdict=verdict, error=_wrong_claim(verdict))
    error = _wrong_erratum(erratum.names, verdict, declarations)
    return replace(row, kind="erratum", verdict=verdict, error=error)


def _wrong_claim(verdict: LinkVerdict) -> str | None:
    if verdict.holds:
        return None
    return "is false" if verdict.holds is False else "is not decided"


def _wrong_erratum(names: tuple[str, ...], verdict: LinkVerdict, declarations) -> str | None:
    if verdict.holds is not False:
        return "is marked as an erratum, and holds" if verdict.holds else "is not decided"
    if set(names) in [set(found) for found in verdict.mistake]:
        return None
    found = " or ".join(" + ".join(x) for x in verdict.mistake) or "none of the catalogue"
    if unknown := unknown_names(names, declarations):
        return f"{unknown}; found was: {found}"
    return f"the text names the mistake ({' + '.join(names)}), found was: {found}"


# --- ids ------------------------------------------------------------------------------------------


def _one_meaning_for_an_id(rows: list[Row]) -> list[Row]:
    """Where an id stands for two different statements, those after the first are errors."""
    meanings: dict[tuple[str, str], list] = {}
    for row in rows:
        if row.id:
            meanings.setdefault((row.id.partition("#")[0], row.file), []).append(row)
    first: dict[str, tuple] = {}
    bad: dict[tuple[str, str], str] = {}
    for (id_, file), found in meanings.items():
        meaning = tuple(map(_meaning, found))
        known, where = first.setdefault(id_, (meaning, found[0].place))
        if known != meaning:
            bad[id_, file] = f"the id {id_} is another equation in {where}"
    return [
        replace(row, error=bad[key])
        if row.id and row.good and (key := (row.id.partition("#")[0], row.file)) in bad
        else row
        for row in rows
    ]


def _meaning(row: Row) -> str:
    """What must be the same: the tree; of what has none, the formula in plain text."""
    if not row.claims:
        return row.plain or row.latex
    letters: dict[str, str] = {}
    trees = repr([(claim.left, claim.right) for claim in row.claims])
    # The rows and columns of displays with dots are called by their place in the source.
    return re.sub(r"[ᵣᶜ]\d+", lambda m: letters.setdefault(m[0], f"{m[0][0]}{len(letters)}"), trees)


# --- texts ----------------------------------------------------------------------------------------


def _plain(latex: str) -> str:
    try:
        return ", ".join(map(plain, read(latex)))
    except ReadError:
        return ""


def _flat(latex: str) -> str:
    return " ".join(latex.split())
