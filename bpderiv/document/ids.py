r"""Ids: what stands in \tag{…}, once in a file; a chain of several links has them numbered, x#2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bpderiv.document.place import Place
from bpderiv.reading import syntax as sx
from bpderiv.reading.errors import ReadError

if TYPE_CHECKING:
    from bpderiv.document.document import Statement


def ids_of(statement: Statement, chains: list[sx.Chain]) -> list[str | None]:
    r"""The id of each chain: one \tag is said of all of them, of several each is said of its line.

    Errors
    ------
    ReadError
        for two ids of one line.
    """
    if len(statement.tags) < 2:
        return [statement.id] * len(chains)
    starts = [chain.sides[0].span[0] for chain in chains]
    found: list[str | None] = [None] * len(chains)
    for at, id_ in statement.tags:
        chain = max((i for i, start in enumerate(starts) if start <= at), default=0)
        if found[chain] is not None:
            words = f"two ids for one statement: {found[chain]} and {id_}"
            raise ReadError(words, statement.latex, at)
        found[chain] = id_
    return found


def wrong_ids(statements: Iterable[Statement]) -> Iterator[tuple[Statement, ReadError]]:
    """Ids that stand twice, and what is no id."""
    seen: dict[str, Place] = {}
    for statement in statements:
        for id_ in statement.ids:
            source = statement.latex.strip().split("\n")[0]
            if not id_ or "#" in id_:
                words = r"an id is written \tag{2.I.i}; it has no # in it, and is not empty"
                yield statement, ReadError(words, source)
            elif id_ in seen:
                words = f"the id {id_} is used twice (first in {seen[id_].words})"
                yield statement, ReadError(words, source)
            seen.setdefault(id_, statement.place)
