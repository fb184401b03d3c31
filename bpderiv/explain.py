"""How a document was read: each name with its kind, layers, shape, definition and first use."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bpderiv import expression as ex
from bpderiv.checking import find_files, texts_of
from bpderiv.document.document import Document, read_document
from bpderiv.document.notes import notes_document
from bpderiv.meaning.claims import links
from bpderiv.meaning.declarations import Declarations, Quantity
from bpderiv.meaning.names import readable
from bpderiv.reading.errors import ReadError
from bpderiv.reading.plain import plain
from bpderiv.reading.reader import read
from bpderiv.verdict import SECTION_2


def explain_file(file: str, console: Console) -> None:
    """Print how a file was read."""
    for path in find_files([file]):
        explain_document(read_document(texts_of(Path(path)), path.as_posix()), console)


def explain_document(document: Document, console: Console) -> None:
    """The names in use, the windows, and what could not be read."""
    own = document.declarations
    declarations = own or notes_document().declarations
    where = "declared in this file" if own else f"declared in {notes_document().file}"
    console.print(f"[bold]{escape(document.file)}[/bold]: names {where}")
    console.print(_names(declarations, first_uses(document, declarations)))
    windows = dict.fromkeys(str(s.window) for s in document.statements if s.window)
    for window in windows:
        used = [s for s in document.statements if str(s.window) == window]
        console.print(escape(f"{window}: {len(used)} statements, the first in line {used[0].line}"))
    for error in document.errors:
        console.print(escape(str(error)))


def _names(declarations: Declarations, uses: dict) -> Table:
    table = Table(box=box.SIMPLE)
    for head in ("name", "kind", "written", "where", "definition", "first use"):
        table.add_column(head)
    for key, quantity in declarations.quantities.items():
        definitions = list(declarations.defining(*key))
        body = "; ".join(plain(read(d.latex)[0]) for d in definitions) or "given"
        row = (readable(quantity.whole), _kind(quantity), _written(quantity), _where(quantity),
               "" if quantity.kind == "function" else body, uses.get(key, "not used"))  # fmt: skip
        table.add_row(*map(escape, row))
    if declarations.argument:
        table.add_row(f"({declarations.argument})", "argument", "", "", "may be left out", "")
    for other, name in declarations.aliases.items():
        table.add_row(other, "spelling", "", "", f"the same as {name}", "")
    return table


def _kind(quantity: Quantity) -> str:
    return {"scalar": "number", "vector": "column", "matrix": "matrix", "function": "function"}[
        quantity.kind
    ]


def _written(quantity: Quantity) -> str:
    return ", ".join(plain(read(typed)[0]) for typed in quantity.typed)


def _where(quantity: Quantity) -> str:
    """Which layers have the quantity."""
    said = []
    for place in quantity.places:
        if not place.offsets:
            said.append("the network")
        elif place.output:
            said.append("the output layer")
        elif len(place.offsets) > 1:
            said.append("into a layer from the one before")
        else:
            last = place.offsets[0] == place.length - 1
            said.append("a layer with one before" if last else "a layer with one after")
    return " or ".join(dict.fromkeys(said))


def first_uses(document: Document, declarations: Declarations) -> dict[tuple[str, int], str]:
    """Where each name is used first in the statements of a document."""
    found: dict[tuple[str, int], str] = {}
    for statement in document.statements:
        if statement.not_judged or statement.example:
            continue
        try:
            claims = [
                claim
                for chain in read(statement.latex)
                for link in links(
                    chain, statement.window or SECTION_2, declarations, statement.latex
                )
                for claim in link.claims
            ]
        except ReadError:
            continue
        cell = f"cell {statement.cell}, " if statement.cell else ""
        for claim in claims:
            for node in (x for side in (claim.left, claim.right) for x in ex.walk(side)):
                if isinstance(node, (ex.Entry, ex.Whole)):
                    key = node.name, len(node.layers)
                elif isinstance(node, ex.Apply):
                    key = node.name, 1
                else:
                    continue
                found.setdefault(key, f"{cell}line {statement.line}")
    return found
