"""The command line: `bpderiv check`, `explain`, `derive`, `jacobians`."""

from __future__ import annotations

import json
import sys

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from bpderiv.checking import Row, check_files, find_files
from bpderiv.reading.errors import ReadError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bpderiv")
def main():
    """Backpropagation, derived and machine-checked."""


@main.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="A list of objects, one for each link.")
@click.option("--quiet", "-q", is_flag=True, help="Only what is wrong, and the totals.")
def check(paths, as_json, quiet):
    """Judge every equation in Markdown files, notebooks and folders of them.

    Ends with 0 only if every claim holds, every erratum is refuted by the mistakes that the text
    names, and all was read.
    """
    console = Console(highlight=False, soft_wrap=as_json)
    try:
        files = find_files(list(paths))
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from None
    with Progress(console=Console(stderr=True), transient=True, disable=as_json) as bar:
        task = bar.add_task("judging")
        rows = check_files(files, lambda done, of: bar.update(task, completed=done, total=of))
    if as_json:
        print(json.dumps([row.as_data() for row in rows], ensure_ascii=False, indent=1))
    else:
        _show(console, rows, quiet)
    if not rows:
        raise click.ClickException("no equation was found: nothing was checked")
    sys.exit(0 if all(row.good for row in rows) else 1)


#: Longest formula shown in a table.
_WIDEST = 60
_SIGNS = {True: "✓", False: "✗", None: "–"}


def _show(console: Console, rows: list[Row], quiet: bool) -> None:
    by_file: dict[str, list[Row]] = {}
    for row in rows:
        by_file.setdefault(row.file, []).append(row)
    for file, found in by_file.items():
        shown = [row for row in found if row.error] if quiet else found
        if shown:
            console.print(_table(file, shown))
    for row in rows:
        if row.error:
            console.print(f"[bold]{escape(_place(row))}[/bold] {escape(row.latex[:200])}")
            console.print(f"    {escape(row.error)}")
            if row.verdict and row.verdict.holds is False:
                console.print(f"    {escape(row.verdict.words)}")
                console.print(f"    {escape(_mistakes(row))}")
    console.print(_totals(rows))


def _place(row: Row) -> str:
    cell = f", cell {row.cell}" if row.cell else ""
    return f"{row.file}{cell}, line {row.line}:"


def _table(file: str, rows: list[Row]) -> Table:
    table = Table(box=box.SIMPLE, title=escape(file), title_justify="left")
    table.add_column("id", no_wrap=True)
    table.add_column("equation", ratio=1)
    table.add_column("")
    table.add_column("how shown", ratio=1)
    for row in rows:
        equation = row.plain or row.latex
        if len(equation) > _WIDEST:
            equation = equation[: _WIDEST - 1] + "…"
        table.add_row(escape(row.id or ""), escape(equation), _sign(row), escape(_how(row)))
    return table


def _sign(row: Row) -> str:
    if row.kind == "erratum":
        return "✗ erratum" if row.good else "!"
    if row.kind in ("definition", "not judged"):
        return ":=" if row.kind == "definition" else "–"
    return "!" if row.kind == "unread" else _SIGNS[row.holds]


def _how(row: Row) -> str:
    if row.kind == "definition":
        return "declared"
    if row.kind == "unread":
        return "could not be read"
    if row.verdict is None:
        return f"not judged: {row.note}" if row.kind == "not judged" else row.note
    if row.holds is False:
        return "refuted; mistake: " + _mistakes(row) if row.verdict.mistake else "refuted"
    return row.verdict.words


def _mistakes(row: Row) -> str:
    return " or ".join(" + ".join(names) for names in row.verdict.mistake) or "not named"


def _totals(rows: list[Row]) -> str:
    kinds = {kind: [row for row in rows if row.kind == kind] for kind in
             ("claim", "erratum", "value", "definition", "not judged", "unread")}  # fmt: skip
    claims = kinds["claim"]
    proved = sum(
        "proved" in row.verdict.judges.get("any width", "").split(" ")[0]
        for row in claims
        if row.holds
    )
    errata = kinds["erratum"]
    counts = {kind: len(found) for kind, found in kinds.items()}
    lines = [
        f"{len(rows)} found: {len(claims)} claims, "
        f"{sum(row.holds is True for row in claims)} hold, {proved} of them proved for any width;",
        f"{len(errata)} errata, {sum(row.good for row in errata)} refuted as named; "
        f"{counts['value']} values; {counts['definition']} declarations; "
        f"{counts['not judged']} not judged; {counts['unread']} unread.",
    ]
    return "\n".join(lines)


@main.command()
def jacobians():
    """Derive every Jacobian of the course and compare it with numpy."""
    from bpderiv.overview import overview

    sys.exit(overview())


@main.command()
@click.argument("id")
@click.option("--in", "paths", multiple=True, help="Files or folders to look in (the notes).")
@click.option("--latex", "as_latex", is_flag=True, help="Formulas in LaTeX.")
def derive(id, paths, as_latex):
    """Print the derivation of an equation, step by step, with the reason of each step.

    The steps are the prover's own. ID is that of a statement (2.I.sum.scalar), or of a link of a
    chain (2.I.update#2).
    """
    from bpderiv.find import derivations

    try:
        for text, found in derivations(id, list(paths)):
            print(text)
            for number, step in enumerate(found.steps, 1):
                print(f"{number:3}. {step.latex if as_latex else step.plain}")
                print(f"     {step.reason}")
            if not found.proved:
                sys.exit(1)
    except (ReadError, FileNotFoundError, ValueError) as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.argument("file")
def explain(file):
    """Show how a document was read: each name, its kind, shape, definition and first use."""
    from bpderiv.explain import explain_file

    try:
        explain_file(file, Console(highlight=False))
    except (FileNotFoundError, ReadError) as error:
        raise click.ClickException(str(error)) from None


if __name__ == "__main__":
    main()
