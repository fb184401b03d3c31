"""Run the course's notebooks, store them stably, and gate what is stored.

A stored notebook is text under version control: running it again must change no byte unless an
output has changed. And it is read by people who may never run it, so what is stored must be whole:
`problems` asks that, by a table of rules over the plain JSON.

    python -m bpderiv.notebooks [PATH ...]            run, store, gate
    python -m bpderiv.notebooks --check [PATH ...]    gate only
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

LONGEST_LINE = 110  # of text in an output: what fits beside JupyterLab's file list
LONGEST_CELL = 40  # lines of source: about a screen
TIMEOUT = 600  # seconds for one cell


class NotebookError(Exception):
    """A notebook can't be found, read or run; the message says which, and what to do."""


# --- reading --------------------------------------------------------------------------------


def find(paths: Iterable[Path]) -> list[Path]:
    """The notebooks among the paths; a folder stands for all notebooks below it, in order."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise NotebookError(f"{path}: there is no such file or folder")
        inside = sorted(path.rglob("*.ipynb")) if path.is_dir() else [path]
        inside = [file for file in inside if ".ipynb_checkpoints" not in file.parts]
        if not inside:
            raise NotebookError(f"{path}: no notebook (*.ipynb) in this folder")
        found += inside
    return found


def read(path: Path) -> dict:
    """The notebook's JSON as it is stored."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotebookError(f"{path}: there is no such file") from None
    except ValueError as error:
        raise NotebookError(f"{path}: not a notebook, for it is not JSON ({error})") from None
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise NotebookError(f"{path}: JSON, but not a notebook of format 4; save it in JupyterLab")
    return notebook


def joined(text: str | list[str]) -> str:
    """JSON notebooks hold a text as one string or as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


# --- running --------------------------------------------------------------------------------

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
#: What a front end or a run leaves behind in a cell, and no reader needs.
PASSING = {"ExecuteTime", "collapsed", "execution", "papermill", "scrolled", "trusted", "widgets"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def run(path: Path) -> None:
    """Execute a notebook from top to bottom in its own folder and store it back.

    If a cell fails, nothing is stored.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.v4.to_notebook(with_ids(read(path)))
    client = NotebookClient(
        notebook,
        kernel_manager_class=_this_python(),
        resources={"metadata": {"path": str(path.parent.resolve())}},
        timeout=TIMEOUT,
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
    )
    try:
        # What the kernel itself says (not the cells) is about sockets, not about the course.
        client.execute(stderr=subprocess.DEVNULL)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise NotebookError(f"{path}: stopped, nothing stored\n{error}") from None
    text = nbformat.v4.writes(stable(notebook), ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def _this_python() -> type:
    """Manages a kernel of this very Python, whatever else is registered as python3."""
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    class ThisPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name):
            return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())

    class Manager(AsyncKernelManager):
        def __init__(self, **options):
            super().__init__(kernel_spec_manager=ThisPython(), **options)

    return Manager


def with_ids(notebook: dict) -> dict:
    """Cells that lack an id, or repeat one, get the first of cell-0, cell-1, … that is free."""
    kept = {cell.get("id") for cell in notebook["cells"]}
    names = (name for n in count() if (name := f"cell-{n}") not in kept)
    seen: set[str | None] = {None, ""}
    for cell in notebook["cells"]:
        if cell.get("id") in seen:
            cell["id"] = next(names)
        seen.add(cell["id"])
    notebook["nbformat_minor"] = 5  # the first format that knows ids
    return notebook


def stable(notebook):
    """The notebook without all that differs from run to run or from machine to machine."""
    notebook.metadata = type(notebook)(kernelspec=KERNEL, language_info={"name": "python"})
    for cell in notebook.cells:
        for key in PASSING & cell.metadata.keys():
            del cell.metadata[key]
        # As slides (`jupyter nbconvert --to slides`): what was set by hand stays.
        cell.metadata.setdefault("slideshow", {"slide_type": slide_type(cell)})
        if cell.cell_type != "code":
            continue
        if not cell.source.strip():  # never executed: what is there is left from before
            cell.execution_count, cell.outputs = None, []
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET_VIEW, None)  # its model has a random id
    return notebook


#: How a cell begins → where it stands in a lecture. All else is uncovered in its turn, so that a
#: question can be put before its answer is seen.
_SLIDES = (("# ", "slide"), ("## ", "slide"), ("### ", "subslide"), ("The picture", "-"))


def slide_type(cell: dict) -> str:
    """A heading begins a slide; a sentence about a picture is shown with it."""
    if cell["cell_type"] == "markdown":
        for start, kind in _SLIDES:
            if joined(cell["source"]).startswith(start):
                return kind
    return "fragment"


# --- the gate -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """One thing that a stored notebook must not have, and what to do about it.

    `over` yields (cell number, thing) for all things to look at; `find` says in words what is
    wrong with one of them, or says nothing. Cells are counted from 1, Markdown cells too.
    """

    name: str
    over: Callable[[dict], Iterator[tuple[int | None, Any]]]
    find: Callable[[Any], str | None]
    advice: str


def problems(path: Path) -> list[str]:
    """All that is wrong with a stored notebook; each with its place and what to do."""
    notebook = read(Path(path))
    return [
        f"{path}, {'the notebook' if cell is None else f'cell {cell}'}: {found}; {rule.advice}"
        for rule in RULES
        for cell, thing in rule.over(notebook)
        if (found := rule.find(thing))
    ]


# What rules look at


def _whole(notebook: dict):
    yield None, notebook


def _cells(notebook: dict):
    yield from enumerate(notebook["cells"], start=1)


def _code(notebook: dict):
    for number, cell in _cells(notebook):
        if cell["cell_type"] == "code" and joined(cell["source"]).strip():
            yield number, cell


def _outputs(notebook: dict):
    for number, cell in _cells(notebook):
        for output in cell.get("outputs", []):
            yield number, output


def texts(notebook: dict):
    """All that is text, in sources and in outputs; a picture's bytes are not."""
    for number, cell in _cells(notebook):
        yield number, joined(cell["source"])
    for number, output in _outputs(notebook):
        yield number, joined(output.get("text", ""))
        yield number, "\n".join([output.get("evalue", ""), *output.get("traceback", [])])
        for mime, data in output.get("data", {}).items():
            if mime == "image/svg+xml" or not mime.startswith("image/"):
                yield number, json.dumps(data) if isinstance(data, dict) else joined(data)


def _ids(notebook: dict):
    """(id, the ids before it) of each cell."""
    ids = [cell.get("id") for cell in notebook["cells"]]
    for place, name in enumerate(ids):
        yield place + 1, (name, ids[:place])


def _counts(notebook: dict):
    """(count, the count due) of the first cell out of order, unless one has no count at all."""
    ran = [(number, cell.get("execution_count")) for number, cell in _code(notebook)]
    pairs = [(number, (count, due)) for due, (number, count) in enumerate(ran, start=1)]
    if all(count is not None for _, count in ran):
        yield from [(number, pair) for number, pair in pairs if pair[0] != pair[1]][:1]


def _pictures(notebook: dict):
    for number, output in _outputs(notebook):
        for mime in output.get("data", {}):
            if mime.startswith("image/"):
                yield number, (mime, output.get("metadata", {}).get(mime, {}))


# What rules find

#: A path that exists on one machine. Not \root, not a/home: no word and no dot before the slash.
MACHINE_PATH = re.compile(
    r"(?:file:/+|(?<![\w.~/\\+-])/)(?:home|Users|root|tmp|work|private|var|mnt)"
    r"(?:/[\w./-]+|\b(?![/-]))"
    r"|\b[A-Za-z]:\\{1,2}(?:Users|Windows|Program Files|Temp)\b"
)
_WARNING = re.compile(r"\b\w*Warning: .*")
_UNCHECKED = re.compile(r"nbval[-_](skip|ignore[-_]output)|pytest_validate_ignore_output", re.I)
_HEADING = re.compile(r"^ {0,3}#{1,6} .*", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_BARE = re.compile(r"<Figure size|\[?<matplotlib|\[?<Axes|array\(\[+<Axes")


def _match(pattern: re.Pattern, words: str) -> Callable[[str], str | None]:
    def find(text: str) -> str | None:
        return f"{words} {_start(match[0])}" if (match := pattern.search(text)) else None

    return find


def _start(text: str) -> str:
    """The beginning of a text, for a message."""
    line = text.strip().partition("\n")[0]
    return repr(line if len(line) <= 60 else line[:59] + "…")


def _kernel(notebook: dict) -> str | None:
    name = notebook.get("metadata", {}).get("kernelspec", {}).get("name")
    return f"kernel {name!r}" if name != "python3" else None


def _metadata(cell_or_notebook: dict) -> str | None:
    found = sorted(PASSING & cell_or_notebook.get("metadata", {}).keys())
    return f"metadata {', '.join(found)}" if found else None


def _id(name_and_before: tuple) -> str | None:
    name, before = name_and_before
    if not name:
        return "no cell id"
    return f"cell id {name!r} for the second time" if name in before else None


def _not_run(cell: dict) -> str | None:
    return "code that was not run" if cell.get("execution_count") is None else None


def _order(count_and_due: tuple) -> str:
    return "execution count [{}] where [{}] is due".format(*count_and_due)


def _unchecked(cell: dict) -> str | None:
    comments = [line for line in joined(cell["source"]).splitlines() if line.strip()[:1] == "#"]
    marks = comments + cell.get("metadata", {}).get("tags", [])
    found = next(filter(None, map(_UNCHECKED.search, marks)), None)
    return f"{found[0]}, which switches the comparison of outputs off" if found else None


def _error(output: dict) -> str | None:
    is_error = output["output_type"] == "error"
    return f"an error, {output['ename']}: {output['evalue']}" if is_error else None


def _stderr(output: dict) -> str | None:
    is_stderr = output.get("name") == "stderr"
    return f"text on stderr, {_start(joined(output['text']))}" if is_stderr else None


def _widget(output: dict) -> str | None:
    return "a widget view" if WIDGET_VIEW in output.get("data", {}) else None


def _no_alt(mime_and_about: tuple) -> str | None:
    mime, about = mime_and_about
    return None if about.get("alt", "").strip() else f"a picture ({mime}) without alt text"


def _bare_repr(output: dict) -> str | None:
    text = joined(output.get("data", {}).get("text/plain", ""))
    return f"matplotlib's {_start(text)}" if _BARE.match(text) else None


def _label(cell: dict) -> str | None:
    found = cell["cell_type"] == "markdown" and r"\label{" in joined(cell["source"])
    return r"\label{…}, multiply defined once the cell is rendered again" if found else None


def _inner_heading(cell: dict) -> str | None:
    if cell["cell_type"] != "markdown":
        return None
    text = _FENCED.sub("", joined(cell["source"]).strip())
    found = _HEADING.search(text, 1)
    return f"a heading inside a cell, {_start(found[0])}" if found else None


def _long_line(output: dict) -> str | None:
    data = output.get("data", {})
    # text/plain beside a richer form is not what a reader sees.
    shown = output.get("text", data.get("text/plain", "") if len(data) == 1 else "")
    longest = max(map(len, joined(shown).splitlines()), default=0)
    return f"an output line of {longest} characters" if longest > LONGEST_LINE else None


def _long_cell(cell: dict) -> str | None:
    lines = len(joined(cell["source"]).splitlines())
    return f"{lines} lines of source" if lines > LONGEST_CELL else None


_RERUN = "run `make notebooks`"
_ALT = 'say what it shows, in metadata={"image/png": {"alt": "…"}} of display'
# fmt: off
RULES = (
    Rule("kernel", _whole, _kernel, f"the course runs on python3: {_RERUN}"),
    Rule("notebook metadata", _whole, _metadata, f"it differs from run to run: {_RERUN}"),
    Rule("cell metadata", _cells, _metadata, f"it differs from run to run: {_RERUN}"),
    Rule("ids", _ids, _id, f"{_RERUN}, which gives every cell its own"),
    Rule("not run", _code, _not_run, _RERUN),
    Rule("order", _counts, _order, f"run it once, from top to bottom: {_RERUN}"),
    Rule("unchecked", _code, _unchecked, "make the output the same in every run instead"),
    Rule("error", _outputs, _error, "catch the exception in the cell, print what it teaches"),
    Rule("stderr", _outputs, _stderr, "remove its cause, or print to stdout"),
    Rule("warning", texts, _match(_WARNING, "a warning,"), "remove its cause"),
    Rule("machine path", texts, _match(MACHINE_PATH, "a path of one machine,"),
         "name files relative to the notebook"),
    Rule("widget view", _outputs, _widget, f"its model id is random: {_RERUN} to drop the view"),
    Rule("alt text", _pictures, _no_alt, _ALT),
    Rule("bare repr", _outputs, _bare_repr, "name the last value (`_ = …`) or show text instead"),
    Rule("label", _cells, _label, r"use \tag{…}"),
    Rule("long line", _outputs, _long_line, f"break it at {LONGEST_LINE} characters"),
    Rule("inner heading", _cells, _inner_heading, "begin a cell there: it begins a slide, too"),
    Rule("long cell", _cells, _long_cell, f"split it: {LONGEST_CELL} lines are a screen"),
)
# fmt: on


# --- the command line -----------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> int:
    """Run and gate, or gate only. 0: all well; 1: problems; 2: nothing to work on."""
    options = _parser().parse_args(arguments)
    out = Console(soft_wrap=True, highlight=False, markup=False)
    try:
        found = find(options.paths)
    except NotebookError as error:
        out.print(f"bpderiv: {error}")
        return 2
    complaints = list(_work(found, options.check, out))
    for complaint in complaints:
        out.print(complaint)
    out.print(f"{len(found)} notebooks, {len(complaints)} problems")
    return 1 if complaints else 0


def _parser() -> argparse.ArgumentParser:
    summary = "Run the course's notebooks, store them stably, and gate what is stored."
    parser = argparse.ArgumentParser(prog="python -m bpderiv.notebooks", description=summary)
    paths_help = "notebooks, or folders of them (default: notebooks)"
    parser.add_argument(
        "paths", nargs="*", type=Path, default=[Path("notebooks")], metavar="PATH", help=paths_help
    )
    parser.add_argument("--check", action="store_true", help="run nothing, gate what is stored")
    return parser


def _work(paths: list[Path], check_only: bool, out: Console) -> Iterator[str]:
    """Run (unless told not to) and gate each notebook, with a progress bar; yield complaints."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=out, disable=check_only) as progress:
        task = progress.add_task("", total=len(paths))
        for path in paths:
            progress.update(task, description=f"running {path.name}")
            try:
                if not check_only:
                    run(path)
                yield from problems(path)
            except NotebookError as error:
                yield str(error)
            progress.advance(task)
        progress.update(task, description="done")


if __name__ == "__main__":
    sys.exit(main())
