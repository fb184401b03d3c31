"""What `bpderiv check` prints: a table for each file, then what is wrong, then the totals."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bpderiv.checking import Row

#: Longest formula shown in a table, and in a line of its own.
_WIDEST, _LONGEST = 60, 200
_SIGNS = {"definition": ":=", "not judged": "–", "unread": "!"}
#: How a judge begins that finds both sides equal, and the word for that in the table.
_SHORT = {
    "proved for any width": "proved", "exact on ": "exact", "explicit matrices at ": "explicit",
    "floating point within ": "floating point",
}  # fmt: skip
_LEGEND = (
    "proved: by sympy, for any width; exact: in random networks, without rounding; explicit: "
    "matrices of sympy's, small; floating point: bpderiv.network, every ∂ by a small change. "
    "How many, and which: --json."
)


def show(console: Console, rows: list[Row], quiet: bool) -> None:
    """Print all rows; or only what is wrong, and the totals."""
    if not quiet:
        by_file: dict[str, list[Row]] = {}
        for row in rows:
            by_file.setdefault(row.file, []).append(row)
        for file, found in by_file.items():
            console.print(visible(file))
            console.print(_table(found))
    for row in rows:
        if not row.good:
            # A mark stands below the place: lines must not be broken.
            console.print(visible("\n".join(_wrong(row))), soft_wrap=True)
    if any(row.holds for row in rows) and not quiet:
        console.print(visible(_LEGEND))
    console.print(visible(totals(rows)))


def visible(text: str) -> Text:
    """Text as it is: what a terminal would obey or hide is shown as �."""
    return Text("".join(x if x.isprintable() or x == "\n" else "�" for x in text))


def _table(rows: list[Row]) -> Table:
    table = Table(box=box.SIMPLE)
    table.add_column("id", no_wrap=True)
    table.add_column("equation", ratio=5)
    table.add_column("", no_wrap=True)
    table.add_column("how shown", ratio=4)
    for row in rows:
        cells = (row.id or "", _cut(row.plain or row.latex, _WIDEST), _sign(row), _how(row))
        table.add_row(*map(visible, cells))
    return table


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _sign(row: Row) -> str:
    if row.kind == "erratum":
        return "✗" if row.good else "!"
    if row.kind == "value" and row.verdict is None:
        return ":="
    return _SIGNS.get(row.kind) or {True: "✓", False: "✗", None: "?"}[row.holds]


def _how(row: Row) -> str:
    if row.verdict is None:
        words = {"definition": "declared", "unread": "could not be read", "value": row.note}
        return words.get(row.kind) or f"not judged: {row.note}"
    if row.holds is False:
        erratum = "erratum, " if row.kind == "erratum" else ""
        return f"{erratum}refuted" + (f"; mistake: {_mistakes(row)}" if row.verdict.mistake else "")
    return _judges(row) if row.holds else row.verdict.words


def _judges(row: Row) -> str:
    """Who found both sides equal; the others in their own words."""
    agree, others = [], []
    for words in row.verdict.judges.values():
        short = next((word for start, word in _SHORT.items() if words.startswith(start)), None)
        if short:
            agree.append(short)
        else:
            others.append(words)
    return "; ".join([", ".join(agree), *others] if agree else others)


def _mistakes(row: Row) -> str:
    return " or ".join(" + ".join(names) for names in row.verdict.mistake)


def _wrong(row: Row) -> Iterator[str]:
    """What is wrong with a row, and where."""
    if row.kind == "unread":  # says its place itself
        yield from row.error.split("\n")
        return
    yield f"{row.place}: {_cut(row.latex, _LONGEST)}"
    yield from (f"    {line}" for line in row.error.split("\n"))
    verdict = row.verdict
    if verdict is None or not verdict.judged or verdict.holds:
        return
    yield f"    {verdict.reason if row.kind == 'value' else verdict.words}"
    if verdict.mistake:
        yield f"    mistake: {_mistakes(row)}"


def totals(rows: list[Row]) -> str:
    """How many were found of each kind, and how they fared."""
    kinds = {kind: [row for row in rows if row.kind == kind] for kind in
             ("claim", "erratum", "value", "definition", "not judged", "unread")}  # fmt: skip
    hold = [row for row in kinds["claim"] if row.holds]
    proved = [row for row in hold if row.verdict.judges.get("any width", "").startswith("proved")]
    named = [row for row in kinds["erratum"] if row.good]
    count = {kind: len(found) for kind, found in kinds.items()}
    return (
        f"Found: {len(rows)}. Claims: {count['claim']}, true {len(hold)}, proved for any width "
        f"{len(proved)}.\nErrata: {count['erratum']}, refuted as named {len(named)}. "
        f"Values: {count['value']}. Declarations: {count['definition']}.\n"
        f"Not judged: {count['not judged']}. Unread: {count['unread']}."
    )
