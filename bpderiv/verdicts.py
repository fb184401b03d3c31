"""The verdicts on a section of the notes, as a table for a notebook.

>>> verdicts("3.hidden")
3.hidden  ✓ proved for any width; …
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from bpderiv.checking import Row, check_document, find_files, texts_of
from bpderiv.colours import in_colour
from bpderiv.document.document import Document, read_document
from bpderiv.document.notes import notes_declarations, notes_folder
from bpderiv.judges import floating

_UNBROKEN = "\N{NON-BREAKING HYPHEN}"  # in 4-3-2 and 1e-10
#: The columns of the table.
_HEAD = ("id", "equation", "verdict", "how shown")


@dataclass(frozen=True)
class VerdictTable:
    """Rows of (id, the equation's LaTeX, sign, how shown)."""

    rows: tuple[tuple[str, str, str, str], ...]

    def __repr__(self) -> str:
        """One line for each equation."""
        width = max(len(row[0]) for row in self.rows)
        return "\n".join(f"{id_:<{width}}  {sign} {how}" for id_, _, sign, how in self.rows)

    def _repr_markdown_(self) -> str:
        lines = [_HEAD, (":---",) * len(_HEAD)]
        lines += [
            (id_, f"${in_colour(latex)}$", sign, re.sub(r"(?<=\w)-(?=\d)", _UNBROKEN, how))
            for id_, latex, sign, how in self.rows
        ]
        # A bar would end the cell, in a formula too.
        return "\n".join("| " + " | ".join(x.replace("|", r"\vert ") for x in line) + " |"
                         for line in lines)  # fmt: skip


def verdicts(*ids: str) -> VerdictTable:
    """What the checker says of statements of the notes: of those ids, and all that begin so.

    `verdicts("definitions")` compares the definitions with what `bpderiv.network` computes.

    Errors
    ------
    ValueError
        for an id that is not in the notes.
    """
    if ids == ("definitions",):
        return _definitions()
    found: list[Row] = []
    for id_ in ids:
        chosen = [row for document in notes_documents() for row in _rows(document, id_)]
        if not chosen:
            known = ", ".join(
                s.id for document in notes_documents() for s in document.statements if s.id
            )
            raise ValueError(f"the notes have no statement {id_}; they have {known}")
        found += [row for row in chosen if row not in found]
    return VerdictTable(tuple(map(_shown, found)))


def _begins(id_: str | None, wanted: str) -> bool:
    return id_ is not None and (id_ == wanted or id_.startswith(wanted + "."))


@cache
def notes_documents() -> tuple[Document, ...]:
    """The pages of the notes, as read."""
    files = find_files([str(notes_folder())])
    return tuple(read_document(texts_of(path), path.name) for path in files)


def _rows(document: Document, id_: str) -> list[Row]:
    """The verdicts on the statements of that id; no others are judged."""
    chosen = [s for s in document.statements if _begins(s.id, id_)]
    return list(check_document(replace(document, statements=chosen, definitions=[])))


def _shown(row: Row) -> tuple[str, str, str, str]:
    sign = {True: "✓", False: "✗", None: "?"}[row.holds]
    how = row.verdict.words
    if row.holds is False:
        mistakes = " or ".join(" + ".join(names) for names in row.verdict.mistake)
        how = f"false: {_why(row)}; mistake: {mistakes or 'not named'}"
    return row.id, row.latex, sign, how


def _why(row: Row) -> str:
    """What types say, or both sides of the counterexample."""
    example = row.verdict.counterexample
    if row.verdict.reason or example is None:
        return row.verdict.reason
    return f"in a small network {example.left} on the left, {example.right} on the right"


def _definitions() -> VerdictTable:
    declarations = notes_declarations()
    wrong = {found.latex: found.reason for found in floating.check_definitions(declarations)}
    rows = []
    for definition in declarations.definitions:
        reason = wrong.get(definition.latex)
        how = f"not what bpderiv.network computes: {reason}" if reason else (
            f"defined; bpderiv.network computes the same within {floating.TOLERANCE:.0e}"
        )  # fmt: skip
        rows.append(("", definition.latex, "✗" if reason else ":=", how))
    return VerdictTable(tuple(rows))
