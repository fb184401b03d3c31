"""How a document was read: each name with its kind, shape, layers, definition and first use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table

from bpderiv import expression as ex
from bpderiv.checking import declarations_of, find_files, texts_of, window_of
from bpderiv.document.document import Document, Statement, read_document
from bpderiv.document.notes import notes_document
from bpderiv.document.place import Place
from bpderiv.meaning.declarations import Declarations, Quantity
from bpderiv.meaning.names import readable
from bpderiv.meaning.resolve import Resolver
from bpderiv.reading import syntax as sx
from bpderiv.reading.errors import ReadError
from bpderiv.reading.plain import plain
from bpderiv.reading.reader import read
from bpderiv.report import visible

_KINDS = {"scalar": "number", "vector": "column", "matrix": "matrix", "function": "function"}
#: A name: its letters and how many layers it belongs to; an argument or a spelling has None.
Name = tuple[str, int | None]


def explain_file(file: str, console: Console) -> bool:
    """Print how a file was read; whether all of it was."""
    all_read = True
    for path in find_files([file]):
        document = read_document(texts_of(path), path.as_posix())
        explain_document(document, console)
        all_read &= not document.errors
    return all_read


def explain_document(document: Document, console: Console) -> None:
    """The names in use, the windows, and what could not be read."""
    own = document.declarations is not None
    where = "declared in this file" if own else f"declared in {notes_document().file}"
    console.print(visible(f"{document.file}: names {where}"))
    console.print(_names(document))
    windows: dict[str, list[Statement]] = {}
    for statement in document.statements:
        if statement.window:
            windows.setdefault(str(statement.window), []).append(statement)
    for window, used in windows.items():
        count = f"{len(used)} statement{'s' * (len(used) != 1)}"
        console.print(visible(f"{window}: {count}, the first in {used[0].place.words}"))
    for unread in document.errors:
        console.print(visible(str(unread.error)), soft_wrap=True)


def _names(document: Document) -> Table:
    table = Table(box=box.SIMPLE)
    table.add_column("name", no_wrap=True)
    table.add_column("what it is", ratio=4)
    table.add_column("written, defined", ratio=5)
    table.add_column("first use", no_wrap=True)
    for name in names(document):
        what = "\n".join(filter(None, [f"{name.kind} {name.shape}".strip(), name.layers]))
        how = "\n".join([name.written, name.definition])
        table.add_row(*map(visible, (name.name, what, how, name.first_use)))
    return table


@dataclass(frozen=True)
class Explained:
    """A declared name, in words."""

    name: str
    kind: str
    written: str
    definition: str
    first_use: str
    shape: str = ""
    layers: str = ""


def names(document: Document) -> Iterator[Explained]:
    """All declared names, the argument and other spellings too."""
    declarations = declarations_of(document)
    uses = {name: place.words for name, place in first_uses(document, declarations).items()}
    for key, quantity in declarations.quantities.items():
        defined = [plain(read(d.latex)[0]) for d in declarations.defining(*key)]
        given = "any function" if quantity.kind == "function" else "given"
        yield Explained(
            readable(quantity.whole), _KINDS[quantity.kind], _written(quantity),
            "; ".join(defined) or given, uses.get(key, "not used"),
            _shape(quantity, document), _layers(quantity),
        )  # fmt: skip
    if letter := declarations.argument:
        use = uses.get((letter, None), "not used")
        yield Explained(f"({letter})", "argument", f"({letter})", "may be left out", use)
    for other, name in declarations.aliases.items():
        use = uses.get((other, None), "not used")
        yield Explained(readable(other), "spelling", other, f"the same as {name}", use)


def _written(quantity: Quantity) -> str:
    return ", ".join(plain(read(typed)[0]) for typed in quantity.typed)


def _shape(quantity: Quantity, document: Document) -> str:
    """Rows × columns, in the letters of sizes where the name is declared."""
    if quantity.kind == "function":
        return "number → number"
    source = document if document.declarations is not None else notes_document()
    windows = [s.window for s in source.definitions if s.window and s.window.sizes]
    fitting = [w for w in windows if set(quantity.letters) <= set(w.layers)]
    sizes = [fitting[0].size_letter(x) if fitting else f"|{x}|" for x in quantity.letters]
    return " × ".join([*sizes, "1", "1"][:2])


def _layers(quantity: Quantity) -> str:
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


# --- first uses -----------------------------------------------------------------------------------


def first_uses(document: Document, declarations: Declarations) -> dict[Name, Place]:
    """Where each name is used first: in a definition of another, an example, or a statement."""
    found: dict[Name, Place] = {}
    for statement in sorted(_using(document), key=lambda x: x.place.line):
        for name in _used(document, statement, declarations):
            found.setdefault(name, statement.place)
    return found


def _using(document: Document) -> Iterator[Statement]:
    """What may use names: statements that are read, and definitions."""
    yield from (s for s in document.statements if s.not_judged is None)
    yield from (s for s in document.definitions if ":=" in s.latex)


def _used(document: Document, statement: Statement, declarations) -> Iterator[Name]:
    """The names in a statement; of a definition, those in its right side; of an example, left."""
    try:
        chains, window = read(statement.latex), window_of(document, statement)
    except ReadError:
        return
    defines = statement in document.definitions
    argument = declarations.argument
    if argument and re.search(rf"\(\s*{argument}\s*(\+\s*1\s*)?\)", statement.latex):
        yield argument, None
    for chain in chains:
        sides = chain.sides[1:] if defines else chain.sides[: 1 if statement.example else None]
        yield from _spelled(sides, declarations)
        try:
            trees = Resolver(declarations, window, statement.latex).sides(list(sides))
        except ReadError:
            continue
        for node in (x for tree in trees for x in ex.walk(tree)):
            if isinstance(node, (ex.Entry, ex.Whole)):
                yield node.name, len(node.layers)


def _spelled(sides, declarations: Declarations) -> Iterator[Name]:
    """Other spellings, and functions, which may stand before a letter of no meaning."""
    for node in (x for side in sides for x in sx.walk(side) if isinstance(x, sx.Name)):
        if node.text in declarations.aliases:
            yield node.text, None
        for quantity, _ in declarations.named(node.text):
            if quantity.kind == "function":
                yield quantity.key
