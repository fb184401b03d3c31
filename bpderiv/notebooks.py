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
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

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
        # Hidden folders hold JupyterLab's own copies (.ipynb_checkpoints).
        inside = [p for p in inside if not any(s.startswith(".") for s in p.parts[len(path.parts) :])]
        if not inside:
            raise NotebookError(f"{path}: no notebook (*.ipynb) in this folder")
        found += inside
    return found


def read(path: Path) -> dict:
    """The notebook's JSON, with every multi-line text in one string."""
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
PASSING = {"ExecuteTime", "collapsed", "execution", "papermill", "scrolled", "trusted"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def run(path: Path) -> None:
    """Execute a notebook from top to bottom in its own folder and store it back.

    If a cell fails, nothing is stored.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.from_dict(with_ids(read(path)))
    notebook = nbformat.v4.rejoin_lines(notebook)
    client = NotebookClient(
        notebook,
        km=_this_python(),
        resources={"metadata": {"path": str(path.parent.resolve())}},
        timeout=TIMEOUT,
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
    )
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise NotebookError(f"{path}: stopped, nothing stored\n{error}") from None
    text = nbformat.v4.writes(stable(notebook), ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def _this_python():
    """A kernel of this very Python, whatever is registered elsewhere under the name python3."""
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    class ThisPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name):
            return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())

    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=ThisPython())


def with_ids(notebook: dict) -> dict:
    """Cells that lack an id get cell-0, cell-1, … by their place."""
    taken = {cell.get("id") for cell in notebook["cells"]}
    names = (name for n in range(sys.maxsize) if (name := f"cell-{n}") not in taken)
    for cell in notebook["cells"]:
        if not cell.get("id"):
            cell["id"] = next(names)
    notebook["nbformat_minor"] = 5  # the first format that knows ids
    return notebook


def stable(notebook):
    """The notebook without all that differs from run to run or from machine to machine."""
    notebook.metadata = type(notebook)(kernelspec=KERNEL, language_info={"name": "python"})
    for cell in notebook.cells:
        for key in PASSING & cell.metadata.keys():
            del cell.metadata[key]
        if cell.cell_type != "code":
            continue
        if not cell.source.strip():  # never executed: what is there is left from before
            cell.execution_count, cell.outputs = None, []
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET_VIEW, None)  # its model has a random id
    return notebook


# --- the gate -------------------------------------------------------------------------------

#: A rule yields (cell number or None, what was found). Cells are counted from 1, Markdown too.
Found = Iterator[tuple[int | None, str]]


@dataclass(frozen=True)
class Rule:
    """One thing that a stored notebook must not have, and what to do about it."""

    name: str
    find: Callable[[dict], Found]
    advice: str


def problems(path: Path) -> list[str]:
    """All that is wrong with a stored notebook; each with its place and what to do."""
    path = Path(path)
    notebook = read(path)
    return [
        f"{path}, {'notebook' if cell is None else f'cell {cell}'}: {found}; {rule.advice}"
        for rule in RULES
        for cell, found in rule.find(notebook)
    ]


def _cells(notebook: dict, kind: str = "") -> Iterator[tuple[int, dict, str]]:
    """(number, cell, source) of the cells of one kind, or of all."""
    for number, cell in enumerate(notebook.get("cells", []), start=1):
        if cell["cell_type"] == kind or not kind:
            yield number, cell, joined(cell["source"])


def _outputs(notebook: dict) -> Iterator[tuple[int, dict]]:
    for number, cell, _ in _cells(notebook, "code"):
        for output in cell.get("outputs", []):
            yield number, output


def _texts(output: dict) -> Iterator[tuple[str, str]]:
    """(kind, text) of everything in an output that is text; a picture's bytes are not."""
    if output["output_type"] == "stream":
        yield "stream", joined(output["text"])
    if output["output_type"] == "error":
        yield "error", "\n".join([output["ename"], output["evalue"], *output["traceback"]])
    for mime, data in output.get("data", {}).items():
        if mime == "image/svg+xml" or not mime.startswith("image/"):
            yield mime, json.dumps(data) if isinstance(data, dict) else joined(data)


def text_of(notebook: dict) -> Iterator[tuple[int, str]]:
    """(cell number, text) of all sources and outputs: what can be searched for words."""
    for number, _, source in _cells(notebook):
        yield number, source
    for number, output in _outputs(notebook):
        for _, text in _texts(output):
            yield number, text


def _other_kernel(notebook: dict) -> Found:
    name = notebook.get("metadata", {}).get("kernelspec", {}).get("name")
    if name != "python3":
        yield None, f"kernel {name!r}"


def _passing_metadata(notebook: dict) -> Found:
    for key in sorted((PASSING | {"widgets"}) & notebook.get("metadata", {}).keys()):
        yield None, f"metadata {key!r}"
    for number, cell, _ in _cells(notebook):
        for key in sorted(PASSING & cell.get("metadata", {}).keys()):
            yield number, f"metadata {key!r}"


def _ids(notebook: dict) -> Found:
    seen = set()
    for number, cell, _ in _cells(notebook):
        if not cell.get("id"):
            yield number, "no cell id"
        elif cell["id"] in seen:
            yield number, f"cell id {cell['id']!r} for the second time"
        seen.add(cell.get("id"))


def _counts(notebook: dict) -> list[tuple[int, int | None]]:
    code = _cells(notebook, "code")
    return [(number, cell.get("execution_count")) for number, cell, source in code if source.strip()]


def _not_run(notebook: dict) -> Found:
    for number, count in _counts(notebook):
        if count is None:
            yield number, "code that was not run"


def _out_of_order(notebook: dict) -> Found:
    ran = [(number, count) for number, count in _counts(notebook) if count is not None]
    for place, (number, count) in enumerate(ran, start=1):
        if count != place and len(ran) == len(_counts(notebook)):
            yield number, f"execution count [{count}] where [{place}] is due"
            return  # all that follow would be off too


def _unchecked(notebook: dict) -> Found:
    marker = re.compile(r"nbval[-_](?:skip|ignore[-_]output)|pytest_validate_ignore_output", re.I)
    for number, cell, source in _cells(notebook, "code"):
        comments = [line for line in source.splitlines() if line.lstrip().startswith("#")]
        for match in map(marker.search, comments + cell.get("metadata", {}).get("tags", [])):
            if match:
                yield number, f"{match[0]}, which switches the comparison of outputs off"


def _errors(notebook: dict) -> Found:
    for number, output in _outputs(notebook):
        if output["output_type"] == "error":
            yield number, f"an error, {output['ename']}: {output['evalue']}"


def _stderr(notebook: dict) -> Found:
    for number, output in _outputs(notebook):
        if output.get("name") == "stderr":
            yield number, f"text on stderr, {_start(joined(output['text']))}"


def _warnings(notebook: dict) -> Found:
    warning = re.compile(r"\b\w*Warning: .*")
    for number, output in _outputs(notebook):
        if output.get("name") == "stderr":
            continue  # reported as such
        for _, text in _texts(output):
            if match := warning.search(text):
                yield number, f"a warning, {_start(match[0])}"


#: A path that exists on one machine. Not \root, not a/home (a word or a dot before the slash).
MACHINE_PATH = re.compile(
    r"(?<![\w.~/\\+-])/(?:home|Users|root|tmp|work|private|var|mnt)(?:/[\w.-]+|\b(?![/-]))"
    r"|\b[A-Za-z]:\\{1,2}(?:Users|Windows|Program Files|Temp)\b"
)


def _machine_paths(notebook: dict) -> Found:
    for number, text in text_of(notebook):
        if match := MACHINE_PATH.search(text):
            yield number, f"a path of one machine, {match[0]}"


def _widget_views(notebook: dict) -> Found:
    for number, output in _outputs(notebook):
        if WIDGET_VIEW in output.get("data", {}):
            yield number, "a widget view, whose model id is random"


def _no_alt(notebook: dict) -> Found:
    for number, output in _outputs(notebook):
        for mime in output.get("data", {}):
            about = output.get("metadata", {}).get(mime, {})
            if mime.startswith("image/") and not about.get("alt", "").strip():
                yield number, f"a picture ({mime}) without alt text"


def _bare_reprs(notebook: dict) -> Found:
    bare = re.compile(r"<Figure size|\[?<matplotlib|\[?<Axes|array\(\[+<Axes")
    for number, output in _outputs(notebook):
        text = joined(output.get("data", {}).get("text/plain", ""))
        if bare.match(text):
            yield number, f"matplotlib's {_start(text)}"


def _labels(notebook: dict) -> Found:
    for number, _, source in _cells(notebook, "markdown"):
        if r"\label{" in source:
            yield number, r"\label{…}, which MathJax calls multiply defined in the second rendering"


def _long_lines(notebook: dict) -> Found:
    for number, output in _outputs(notebook):
        for kind, text in _texts(output):
            longest = max(map(len, text.splitlines()), default=0)
            # text/plain is not what is seen when the output has a richer form too.
            shown = kind == "stream" or (kind == "text/plain" and len(output["data"]) == 1)
            if shown and longest > LONGEST_LINE:
                yield number, f"an output line of {longest} characters"


def _long_cells(notebook: dict) -> Found:
    for number, _, source in _cells(notebook):
        if (lines := len(source.splitlines())) > LONGEST_CELL:
            yield number, f"{lines} lines of source"


def _start(text: str) -> str:
    """The beginning of a text, for a message."""
    line = text.strip().partition("\n")[0]
    return repr(line if len(line) <= 60 else line[:59] + "…")


_RERUN = "run `make notebooks`"
RULES = (
    Rule("kernel", _other_kernel, f"the course runs on python3: {_RERUN}"),
    Rule("metadata", _passing_metadata, f"it differs from run to run: {_RERUN}"),
    Rule("ids", _ids, f"{_RERUN}, which names cells that have no id; of two alike delete one"),
    Rule("not run", _not_run, _RERUN),
    Rule("order", _out_of_order, f"run it once from top to bottom: {_RERUN}"),
    Rule("unchecked", _unchecked, "make the output the same in every run instead"),
    Rule("error", _errors, "catch the exception in the cell and print what it teaches"),
    Rule("stderr", _stderr, "remove its cause, or print to stdout"),
    Rule("warning", _warnings, "remove its cause"),
    Rule("machine path", _machine_paths, "name files relative to the notebook"),
    Rule("widget view", _widget_views, f"{_RERUN}, which leaves the view out"),
    Rule("alt text", _no_alt, 'say what it shows: display(…, metadata={"image/png": {"alt": "…"}})'),
    Rule("bare repr", _bare_reprs, "give the last value a name (`_ = …`), or show text in its place"),
    Rule("label", _labels, r"use \tag{…}"),
    Rule("long line", _long_lines, f"break it at {LONGEST_LINE} characters"),
    Rule("long cell", _long_cells, f"split it: {LONGEST_CELL} lines are a screen"),
)


# --- the command line -----------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> int:
    """Run and gate, or gate only. 0: all well; 1: problems; 2: nothing to work on."""
    parser = argparse.ArgumentParser(prog="python -m bpderiv.notebooks", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("paths", nargs="*", type=Path, default=[Path("notebooks")], metavar="PATH",
                        help="notebooks, or folders of them (default: notebooks)")  # fmt: skip
    parser.add_argument("--check", action="store_true", help="run nothing, gate what is stored")
    options = parser.parse_args(arguments)
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
