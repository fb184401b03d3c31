"""Statements by their ids: in the notes, or in other files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bpderiv.checking import find_files, texts_of
from bpderiv.derive import Derivation, derive
from bpderiv.document.document import Document, Statement, read_document
from bpderiv.document.notes import notes_declarations, notes_folder
from bpderiv.meaning.claims import Link, links
from bpderiv.reading.reader import read
from bpderiv.verdict import SECTION_2


def documents(paths: list[str]) -> Iterator[Document]:
    """The documents at these paths; the notes, if there are none."""
    files = find_files(paths) if paths else [Path(str(notes_folder()))]
    if not paths:
        files = find_files([str(files[0])])
    for path in files:
        yield read_document(texts_of(path), path.as_posix())


def statement(id_: str, paths: list[str]) -> tuple[Document, Statement]:
    """The statement with an id.

    Errors
    ------
    ValueError
        if there is none; it names some that there are.
    """
    known = []
    for document in documents(paths):
        for found in document.statements:
            if found.id == id_:
                return document, found
            known.append(found.id)
    ids = ", ".join(x for x in known if x) or "none"
    raise ValueError(f"there is no statement {id_}; there are {ids}")


def links_of(id_: str, paths: list[str]) -> list[Link]:
    """The links of a statement, or the one of them that the id names (x#2)."""
    name, _, number = id_.partition("#")
    document, found = statement(name, paths)
    declarations = document.declarations or notes_declarations()
    window = found.window or SECTION_2
    chains = read(found.latex)
    all_links = [
        link for chain in chains for link in links(chain, window, declarations, found.latex)
    ]
    if not number:
        return all_links
    if not number.isdigit() or not 1 <= int(number) <= len(all_links):
        raise ValueError(f"{name} has {len(all_links)} links, numbered from 1")
    return [all_links[int(number) - 1]]


def derivations(id_: str, paths: list[str]) -> Iterator[tuple[str, Derivation]]:
    """(the link in plain text, its derivation) for each link of a statement."""
    for link in links_of(id_, paths):
        for claim in link.claims:
            yield link.plain, derive(claim)
