r"""Check documents: read them, judge every link of every statement, and say what was found.

A *row* is one link of a statement. The check is passed if every claim holds, every erratum is
refuted by the mistakes that the text names, every number is right in its example, and all was
read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bpderiv.document.document import Document, Statement, read_document
from bpderiv.document.notes import notes_declarations
from bpderiv.meaning.claims import Claim, links
from bpderiv.meaning.declarations import Declarations
from bpderiv.reading.errors import ReadError
from bpderiv.reading.plain import plain
from bpderiv.reading.reader import read
from bpderiv.verdict import SECTION_2, LinkVerdict, judge_link

SUFFIXES = {".md", ".ipynb"}


@dataclass(frozen=True)
class Row:
    """One link: where it stands, what it is, what was found. `error` says why it is not good."""

    file: str
    line: int
    latex: str
    kind: str
    id: str | None = None
    cell: int | None = None
    verdict: LinkVerdict | None = None
    error: str | None = None
    note: str = ""
    plain: str = ""
    claims: tuple[Claim, ...] = field(default=(), compare=False, repr=False)

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
            "id": self.id, "file": self.file, "line": self.line, "cell": self.cell,
            "latex": self.latex, "kind": self.kind, "holds": self.holds,
            "judges": verdict.judges if verdict else {},
            "counterexample": example.as_data() if example else None,
            "mistake": [list(names) for names in verdict.mistake] if verdict else [],
            "reason": (verdict.reason if verdict else "") or self.note, "error": self.error,
        }  # fmt: skip


def find_files(paths: list[str]) -> list[Path]:
    """Markdown files and notebooks in the given files and folders, in order.

    Errors
    ------
    FileNotFoundError
        for a path that does not exist, or a folder without such files.
    """
    found: list[Path] = []
    for text in paths:
        path = Path(text)
        if not path.exists():
            raise FileNotFoundError(f"{text}: there is no such file or folder")
        inside = [path] if path.is_file() else sorted(
            p for p in path.rglob("*") if p.suffix in SUFFIXES and not _hidden(p, path)
        )  # fmt: skip
        if path.is_file() and path.suffix not in SUFFIXES:
            raise FileNotFoundError(
                f"{text}: expected a Markdown file (.md) or a notebook (.ipynb)"
            )
        if not inside:
            raise FileNotFoundError(f"{text}: no Markdown file and no notebook in this folder")
        found += [p for p in inside if p not in found]
    return found


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def texts_of(path: Path) -> list[tuple[int | None, str]]:
    """The Markdown of a file: one text, or the Markdown cells of a notebook with their numbers.

    Errors
    ------
    ReadError
        for a file that is no text, or a notebook that is no JSON.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise ReadError(f"{path} is not a text in UTF-8") from None
    if path.suffix != ".ipynb":
        return [(None, text)]
    try:
        cells = json.loads(text)["cells"]
        return [
            (number, "".join(cell["source"]))
            for number, cell in enumerate(cells, 1)
            if cell["cell_type"] == "markdown"
        ]
    except (ValueError, KeyError, TypeError):
        raise ReadError(f"{path} is not a notebook: expected JSON with cells") from None


def check_files(paths: list[Path], progress: Callable = lambda *_: None) -> list[Row]:
    """Judge all statements of these files; `progress(done, of)` is called on the way."""
    documents, rows = [], []
    for path in paths:
        try:
            documents.append(read_document(texts_of(path), path.as_posix()))
        except ReadError as error:
            rows.append(Row(path.as_posix(), 1, "", "unread", error=str(error)))
    total = sum(len(document.statements) for document in documents)
    done = 0
    for document in documents:
        for row in check_document(document):
            rows.append(row)
            if row.kind != "definition":
                done += 1
                progress(min(done, total), total)
    progress(total, total)
    return _one_meaning_for_an_id(rows)


def check_document(document: Document) -> Iterator[Row]:
    """The rows of one document."""
    declarations = document.declarations or notes_declarations()
    for error in document.errors:
        yield Row(document.file, error.line, error.source, "unread", error=str(error))
    for statement in document.definitions:
        yield Row(document.file, statement.line, _flat(statement.latex), "definition",
                  statement.id, statement.cell, plain=_plain(statement.latex))  # fmt: skip
    examples = _examples(document, declarations)
    for statement in document.statements:
        yield from _rows(document, statement, declarations, examples)


def _examples(document: Document, declarations: Declarations):
    from bpderiv.document.example import ExampleValues

    return ExampleValues(declarations, document.file)


def _rows(document: Document, statement: Statement, declarations, example) -> Iterator[Row]:
    where = {"file": document.file, "line": statement.line, "cell": statement.cell}
    if statement.not_judged is not None:
        yield Row(latex=_flat(statement.latex), kind="not judged", id=statement.id,
                  note=statement.not_judged, **where)  # fmt: skip
        return
    try:
        if statement.example:
            example.take(statement)
            yield Row(latex=_flat(statement.latex), plain=_plain(statement.latex), kind="value",
                      id=statement.id, note="declares the example", **where)  # fmt: skip
            return
        found = list(_judged(statement, declarations, example))
    except ReadError as error:
        error.at(document.file, statement.line, statement.column)
        yield Row(
            latex=_flat(statement.latex), kind="unread", id=statement.id, error=str(error), **where
        )
        return
    for number, (kind, verdict, claims) in enumerate(found, 1):
        id_ = statement.id
        if id_ is not None and len(found) > 1:
            id_ = f"{id_}#{number}"
        kind, verdict, error = _expected(statement, number, len(found), kind, verdict, claims)
        yield Row(latex=verdict.latex, plain=verdict.plain, kind=kind, id=id_, verdict=verdict,
                  error=error, claims=claims,
                  note=verdict.reason if kind == "not judged" else "", **where)  # fmt: skip


def _judged(statement: Statement, declarations: Declarations, example):
    """(kind, verdict, claims) of every link."""
    window = statement.window or SECTION_2
    for chain in read(statement.latex):
        values = example.values_of(chain, statement, window)
        if values is not None:
            yield from values
            continue
        for link in links(chain, window, declarations, statement.latex):
            verdict = judge_link(link, statement.latex)
            yield ("claim" if verdict.judged else "not judged"), verdict, link.claims


def _expected(statement: Statement, number: int, of: int, kind: str, verdict: LinkVerdict, claims):
    """(kind, verdict, what is wrong or None), seen as what the text says that it is."""
    erratum = statement.erratum
    if kind == "not judged":
        return kind, verdict, None
    if erratum is None:
        return kind, _diagnosed(verdict, claims), _wrong_claim(verdict)
    if of > 1 and erratum.link is None:
        return kind, verdict, "say which link of the chain is false: **Erratum** (name, link 2):"
    if of > 1 and erratum.link != number:
        return kind, _diagnosed(verdict, claims), _wrong_claim(verdict)
    verdict = _diagnosed(verdict, claims)
    return "erratum", verdict, _wrong_erratum(erratum.names, verdict)


def _wrong_claim(verdict: LinkVerdict) -> str | None:
    if verdict.holds:
        return None
    return "is false" if verdict.holds is False else "is not decided"


def _wrong_erratum(names: tuple[str, ...], verdict: LinkVerdict) -> str | None:
    if verdict.holds is not False:
        return "is marked as an erratum, and holds" if verdict.holds else "is not decided"
    if set(names) in [set(found) for found in verdict.mistake]:
        return None
    found = " or ".join(" + ".join(x) for x in verdict.mistake) or "none of the catalogue"
    return f"the text names the mistake ({' + '.join(names)}), found was: {found}"


def _diagnosed(verdict: LinkVerdict, claims) -> LinkVerdict:
    """A false link with the names of what is wrong with it."""
    if verdict.holds is not False:
        return verdict
    from bpderiv.mistakes.diagnosis import diagnose

    return LinkVerdict(**{**verdict.__dict__, "mistake": diagnose(claims)})


def _one_meaning_for_an_id(rows: list[Row]) -> list[Row]:
    """Where an id stands for two different statements, the second is an error."""
    seen: dict[str, Row] = {}
    out = []
    for row in rows:
        first = seen.setdefault(row.id, row) if row.id and row.claims else row
        if first is not row and not _same(first, row) and row.error is None:
            text = f"the id {row.id} is another equation in {first.file}, line {first.line}"
            row = Row(**{**row.__dict__, "error": text})
        out.append(row)
    return out


def _same(first: Row, second: Row) -> bool:
    sides = [[(claim.left, claim.right) for claim in row.claims] for row in (first, second)]
    return sides[0] == sides[1]


def _plain(latex: str) -> str:
    return ", ".join(map(plain, read(latex)))


def _flat(latex: str) -> str:
    return " ".join(latex.split())
