"""The command line: `bpderiv check`, `explain`, `derive`, `jacobians`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from bpderiv.checking import Row, check_files, find_files
from bpderiv.reading.errors import ReadError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bpderiv")
def main():
    """Backpropagation, derived and machine-checked."""
    if hasattr(sys.stdout, "reconfigure"):  # a terminal that lacks a letter shows ? and goes on
        sys.stdout.reconfigure(errors="replace")


def _console() -> Console:
    """Prints what it is given: no markup, no pictures for :words:, no colours for numbers."""
    return Console(highlight=False, markup=False, emoji=False)


@main.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="A list of objects, one for each link.")
@click.option("--quiet", "-q", is_flag=True, help="Only what is wrong, and the totals.")
def check(paths, as_json, quiet):
    """Judge every equation in Markdown files, notebooks and folders of them.

    Ends with 0 only if every claim holds, every erratum is refuted by the mistakes that the text
    names, and all was read.
    """
    from bpderiv.report import show

    try:
        files = find_files(list(paths))
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from None
    bar = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with bar:
        task = bar.add_task("judging")
        rows = check_files(files, lambda done, of: bar.update(task, completed=done, total=of))
    if as_json:
        click.echo(json.dumps([row.as_data() for row in rows], indent=1))
    else:
        show(_console(), rows, quiet)
    if empty := [path for path in paths if not _has_rows(path, rows)]:
        raise click.ClickException(f"{', '.join(empty)}: no equation was found: nothing to check")
    sys.exit(0 if all(row.good for row in rows) else 1)


def _has_rows(path: str, rows: list[Row]) -> bool:
    """Whether something was found at a path."""
    root = Path(path).resolve()
    return any(root in (file, *file.parents) for file in {Path(row.file).resolve() for row in rows})


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
        found = list(derivations(id, list(paths)))
    except (ReadError, FileNotFoundError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    for link, derivation in found:
        click.echo(link.latex if as_latex else link.plain)
        for number, step in enumerate(derivation.steps, 1):
            click.echo(f"{number:3}. {step.latex if as_latex else step.plain}")
            click.echo(f"     {step.reason}")
    sys.exit(0 if all(derivation.proved for _, derivation in found) else 1)


@main.command()
@click.argument("file")
def explain(file):
    """Show how a document was read: each name, its kind, shape, definition and first use.

    Ends with 1 if something could not be read.
    """
    from bpderiv.explain import explain_file

    try:
        sys.exit(0 if explain_file(file, _console()) else 1)
    except (FileNotFoundError, ReadError) as error:
        raise click.ClickException(str(error)) from None


if __name__ == "__main__":
    main()
