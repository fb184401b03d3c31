"""The exercises in the notebooks: cells made from the bank, and notebooks with the solutions.

    python -m bpderiv.exercises.cells [NOTEBOOKS]            write them
    python -m bpderiv.exercises.cells --check [NOTEBOOKS]    say which are stale

A cell that was made carries the exercise's id in its metadata, and stays where it is moved to: the
text around it is written by hand. Exercises that a notebook lacks are put into its part "Try".
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from bpderiv import notebooks as nb
from bpderiv.exercises import choice, function
from bpderiv.exercises.exercise import Exercise, exercises
from bpderiv.exercises.functions import TASKS

MARK = "bpderiv"
#: The part "Try" stands before the first of these headings.
_BEFORE = ("## Three quick questions", "## What the checker says", "## Where the definitions are",
           "## Summary")  # fmt: skip
_IMPORT = "from bpderiv.exercises import check, hint, progress, solution, symbols"
_NUMPY = "import numpy as np\n\n"
_TRY = (
    "## Try\n\n"
    "Type an answer between the quotes, or in the place of `None`, and run the cell. An expression "
    "is typed in LaTeX (the "
    "letters of this course; in any equal form), or with the symbols of sympy that "
    '`symbols("ID")` gives. What is wrong is named, and `hint("ID")` helps on; `solution("ID")` '
    "tells it. `progress()` shows what is done."
)


def cells_of(asked: Exercise, solved: bool) -> list[dict]:
    """The two cells of an exercise: what is asked, and where it is answered."""
    question = f"### {asked.id} · {asked.title}\n\n{asked.ask}"
    answer = _solved(asked) if solved else _open(asked)
    return [
        _markdown(question, exercise=asked.id, part="ask"),
        _code(answer, exercise=asked.id, part="answer"),
    ]


def _markdown(source: str, **mark: str) -> dict:
    return {"cell_type": "markdown", "metadata": {MARK: mark} if mark else {}, "source": source}


def _code(source: str, **mark: str) -> dict:
    cell = {**_markdown(source, **mark), "cell_type": "code"}
    return {**cell, "execution_count": None, "outputs": []}


def _open(asked: Exercise) -> str:
    """The cell that a learner finds."""
    if asked.kind == "function":
        task = TASKS[asked.more["function"]]
        name, arguments = task.right.__name__, ", ".join(task.arguments)
        return f'def {name}({arguments}):\n    ...\n\n\ncheck("{asked.id}", {name})'
    empty = 'r""' if asked.kind in ("equation", "jacobian") else "None"
    return f'answer = {empty}\n\ncheck("{asked.id}", answer)'


def _solved(asked: Exercise) -> str:
    """The same with the solution."""
    if asked.kind == "function":
        return f'{function.source(asked)}\n\n\ncheck("{asked.id}", {asked.more["function"]})'
    answers = {
        "equation": lambda: f'r"{asked.solution}"',
        "jacobian": lambda: f'r"{asked.solution}"',
        "order": lambda: f'"{choice.order_of(asked)}"',
        "shape": lambda: f'"{asked.solution}"',
    }
    answer = answers.get(asked.kind, lambda: repr(asked.solution))()
    return f'answer = {answer}\n\ncheck("{asked.id}", answer)'


# --- the student's notebook ------------------------------------------------------------------


def student(notebook: dict, mine: list[Exercise]) -> dict:
    """The notebook with the cells of its exercises as the bank has them now.

    Cells that did not change keep their outputs.
    """
    cells_made = [*_heading(mine), *(x for asked in mine for x in cells_of(asked, solved=False))]
    made = {_key(cell): cell for cell in cells_made}
    found, cells = set(), []
    for cell in notebook["cells"]:
        key = _key(cell)
        if key in made:
            found.add(key)
            cells.append(_renewed(cell, made[key]))
        elif key == _BY_HAND:
            cells.append(cell)
    at = _end_of_try(cells)
    cells[at:at] = [cell for key, cell in made.items() if key not in found]
    return nb.with_ids({**notebook, "cells": cells})


_BY_HAND = None, None


def _key(cell: dict) -> tuple[str | None, str | None]:
    """The exercise that a cell was made for, and which part of it; or that it was not made."""
    mark = cell.get("metadata", {}).get(MARK, {})
    return mark.get("exercise"), mark.get("part")


def _renewed(old: dict, new: dict) -> dict:
    same = nb.joined(old["source"]) == new["source"] and old["cell_type"] == new["cell_type"]
    return old if same else {**new, "id": old.get("id")}


def _heading(mine: list[Exercise]) -> list[dict]:
    functions = any(asked.kind == "function" for asked in mine)
    imports = _NUMPY * functions + _IMPORT
    first = next((asked.id for asked in mine if asked.kind in ("equation", "jacobian")), mine[0].id)
    return [_markdown(_TRY.replace("ID", first), part="try"), _code(imports, part="import")]


def _end_of_try(cells: list[dict]) -> int:
    """Where the part "Try" ends, or would stand."""
    for number, cell in enumerate(cells):
        if nb.joined(cell["source"]).startswith(_BEFORE):
            return number
    return len(cells)


# --- the solved notebook ----------------------------------------------------------------------


def solutions(path: Path, notebook: dict, mine: list[Exercise]) -> dict:
    """A notebook with every exercise of another, solved."""
    title = nb.joined(notebook["cells"][0]["source"]).split("\n")[0].lstrip("# ")
    first = (
        f"# {title}: solutions\n\n"
        f"To [the notebook](../{path.name}). Try first, then look: a solution that was only read "
        "is soon forgotten. Your own answer may look different and still be right."
    )
    cells = [_markdown(first), _heading(mine)[1]]
    for asked in mine:
        cells += cells_of(asked, solved=True)
    blank = {"metadata": notebook["metadata"], "nbformat": 4, "nbformat_minor": 5}
    return nb.with_ids({**blank, "cells": cells})


def _with_outputs(made: dict, stored: dict | None) -> dict:
    """Cells that stand in a stored notebook with the same source keep their outputs and ids."""
    old = {nb.joined(cell["source"]): cell for cell in (stored or {"cells": []})["cells"]}
    cells = [old.get(cell["source"], cell) for cell in made["cells"]]
    return {**made, "cells": cells}


# --- files ------------------------------------------------------------------------------------


def made(folder: Path) -> Iterator[tuple[Path, dict]]:
    """(path, notebook as it should be) of each notebook with exercises, and of its solutions."""
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        mine = [asked for asked in exercises().values() if asked.notebook == path.name[:2]]
        if not mine:
            continue
        notebook = nb.read(path)
        yield path, student(notebook, mine)
        solved = folder / "solutions" / path.name
        stored = nb.read(solved) if solved.exists() else None
        yield solved, _with_outputs(solutions(path, notebook, mine), stored)


def sources(notebook: dict) -> list[tuple[str, str]]:
    """What must not be stale: kind and source of every cell."""
    return [(cell["cell_type"], nb.joined(cell["source"])) for cell in notebook["cells"]]


def stale(folder: Path) -> list[Path]:
    """The notebooks that are not as the bank wants them."""
    return [
        path
        for path, wanted in made(folder)
        if not path.exists() or sources(nb.read(path)) != sources(wanted)
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write, or check only. 0: all is as it should be."""
    parser = argparse.ArgumentParser(prog="python -m bpderiv.exercises.cells", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("notebooks"))
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args(arguments)
    found = stale(options.folder)
    if not options.check:
        for path, notebook in list(made(options.folder)):
            path.parent.mkdir(exist_ok=True)
            text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
            path.write_text(text, encoding="utf-8", newline="\n")
    for path in found:
        print(f"{path}: {'stale' if options.check else 'written anew; run `make notebooks`'}")
    return 1 if found and options.check else 0


if __name__ == "__main__":
    raise SystemExit(main())
