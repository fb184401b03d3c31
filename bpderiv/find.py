"""Statements by their ids: in the notes, or in other files."""

from __future__ import annotations

from collections.abc import Iterator

from bpderiv.checking import declarations_of, find_files, ids_of, texts_of, window_of
from bpderiv.derive import Derivation, derive
from bpderiv.document.document import Document, Statement, read_document
from bpderiv.document.notes import notes_folder
from bpderiv.meaning.claims import Link, links
from bpderiv.reading.reader import read


def documents(paths: list[str]) -> Iterator[Document]:
    """The documents at these paths; the notes, if there are none."""
    for path in find_files(paths or [str(notes_folder())]):
        yield read_document(texts_of(path), path.as_posix())


def statement(id_: str, paths: list[str]) -> tuple[Document, Statement]:
    """The statement with an id.

    Errors
    ------
    ValueError
        if there is none; it names those that there are.
    """
    known: list[str] = []
    for document in documents(paths):
        for found in document.statements:
            if id_ in found.ids:
                return document, found
            known += found.ids
    raise ValueError(f"there is no statement {id_}; there are {', '.join(known) or 'none'}")


def links_of(id_: str, paths: list[str]) -> list[Link]:
    """The links of a statement, or the one of them that the id names (x#2)."""
    name, sign, number = id_.partition("#")
    document, found = statement(name, paths)
    if found.not_judged is not None:
        raise ValueError(f"{name} is not judged: {found.not_judged}")
    window, declarations = window_of(document, found), declarations_of(document)
    chains = read(found.latex)
    all_links = [
        link
        for chain, id_of_chain in zip(chains, ids_of(found, chains), strict=True)
        if id_of_chain == name
        for link in links(chain, window, declarations, found.latex)
    ]
    if not sign:
        return all_links
    if not (number.isascii() and number.isdigit()) or not 1 <= int(number) <= len(all_links):
        raise ValueError(f"{name} has {len(all_links)} links, numbered from 1: {name}#1")
    return [all_links[int(number) - 1]]


def derivations(id_: str, paths: list[str]) -> Iterator[tuple[Link, Derivation]]:
    """(the link, its derivation) for each link of a statement.

    Errors
    ------
    ValueError
        for an id that is not there, or a link that nothing can be derived of.
    """
    for link in links_of(id_, paths):
        if not link.claims:
            raise ValueError(f"there is nothing to derive: {link.relation} is not judged")
        for claim in link.claims:
            yield link, derive(claim)
