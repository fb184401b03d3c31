"""The stored notebooks pass the gate; the gate catches what it should; a run is stored stably."""

import copy
import json
from pathlib import Path

import pytest

from bpderiv.notebooks import (
    LONGEST_CELL,
    LONGEST_LINE,
    MACHINE_PATH,
    RULES,
    NotebookError,
    find,
    main,
    problems,
    run,
)

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
STORED = sorted(NOTEBOOKS.rglob("[!.]*.ipynb"))


def test_the_course_is_complete():
    assert len(STORED) >= 8, "the course has eight notebooks, 00 to 06 and 09"


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_stored_notebook_passes_the_gate(path):
    assert problems(path) == []


# --- the gate: a clean notebook, and for each rule one that breaks it ---------------------------


def markdown(source):
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def code(source, *outputs, count=None, **metadata):
    return {
        "cell_type": "code",
        "source": source,
        "metadata": metadata,
        "outputs": list(outputs),
        "execution_count": count,
    }


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def shown(data, **metadata):
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def failure(text):
    return {"output_type": "error", "ename": "ValueError", "evalue": text, "traceback": []}


PNG = {"image/png": "/" + "tmp+/x", "text/plain": "a picture"}  # a picture's bytes are not read
CLEAN = {
    "cells": [
        markdown("$$v_k = W y_j \\tag{1.i}$$\nA path of no machine: ../notes/home, \\root/work"),
        code("1 + 1", shown({"text/plain": ["2"]}), count=1),
        code("figure()", shown(PNG, **{"image/png": {"alt": "a line"}}), count=2, tags=["wide"]),
        code(""),
        code("print(2)", stream(["2\n", "x" * LONGEST_LINE + "\n"]), count=3),
        code("frame", shown({"text/html": "<b>", "text/plain": "x" * 200}), count=4),
        code("\n" * (LONGEST_CELL - 1) + "5", shown({"text/plain": "5"}), count=5),
    ],
    "metadata": {"kernelspec": {"name": "python3"}, "language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
for _number, _cell in enumerate(CLEAN["cells"]):
    _cell["id"] = f"cell-{_number}"

HOME = "/" + "home/x/data.csv"  # in two parts, since no file may hold such a path


def add(cell):
    """Put a cell at the end."""
    return lambda notebook: notebook["cells"].append({**cell, "id": "new"})


def output(*outputs):
    """Put a cell with these outputs at the end."""
    return add(code("6", *outputs, count=6))


# rule, change that breaks it, cell (None: the notebook), words found
BROKEN = [
    ("kernel", lambda nb: nb["metadata"].update(kernelspec={"name": "julia"}), None, "'julia'"),
    ("kernel", lambda nb: nb["metadata"].pop("kernelspec"), None, "kernel None"),
    ("notebook metadata", lambda nb: nb["metadata"].update(widgets={}), None, "widgets"),
    ("cell metadata", add(code("6", count=6, execution={"t": "12:00"})), 8, "execution"),
    ("ids", lambda nb: nb["cells"][1].pop("id"), 2, "no cell id"),
    ("ids", lambda nb: nb["cells"][1].update(id="cell-0"), 2, "'cell-0' for the second time"),
    ("not run", add(code("6")), 8, "not run"),
    ("order", add(code("6", count=9)), 8, "[9] where [6] is due"),
    ("order", lambda nb: nb["cells"].insert(0, nb["cells"].pop()), 1, "[5] where [1] is due"),
    ("unchecked", add(code("# NBVAL_IGNORE_OUTPUT\n6", count=6)), 8, "NBVAL_IGNORE_OUTPUT"),
    ("unchecked", add(code("6", count=6, tags=["nbval-skip"])), 8, "nbval-skip"),
    ("error", output(failure("no")), 8, "ValueError: no"),
    ("stderr", output(stream("help\n", name="stderr")), 8, "'help'"),
    ("warning", output(stream("x.py:1: UserWarning: old\n")), 8, "'UserWarning: old'"),
    ("machine path", output(stream(f"read {HOME}\n")), 8, f"'{HOME}'"),
    ("machine path", add(markdown(f"see `{HOME}`")), 8, f"'{HOME}'"),
    ("machine path", output(shown({"text/html": f"<a href='{HOME}'>"})), 8, f"'{HOME}'"),
    (
        "widget view",
        output(shown({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "slider"})),
        8,
        "widget view",
    ),
    ("alt text", output(shown(PNG)), 8, "image/png"),
    ("alt text", output(shown(PNG, **{"image/png": {"alt": " "}})), 8, "image/png"),
    ("alt text", output(shown({"image/svg+xml": "<svg>"})), 8, "image/svg+xml"),
    ("bare repr", output(shown({"text/plain": "<Figure size 640x480 with 1 Axes>"})), 8, "<Figure"),
    ("bare repr", output(shown({"text/plain": "[<matplotlib.lines.Line2D>]"})), 8, "[<matplotlib"),
    ("bare repr", output(shown({"text/plain": "<matplotlib.legend.Legend>"})), 8, "<matplotlib"),
    ("label", add(markdown(r"$$a \label{1}$$")), 8, r"\label{…}"),
    ("long line", output(stream("x" * (LONGEST_LINE + 1))), 8, f"{LONGEST_LINE + 1} characters"),
    ("long line", output(shown({"text/plain": "x" * 200})), 8, "200 characters"),
    ("inner heading", add(markdown("## A\n\nwords\n\n## B\n\nwords")), 8, "a cell, '## B'"),
    ("long cell", add(code("6\n" * (LONGEST_CELL + 1), count=6)), 8, f"{LONGEST_CELL + 1} lines"),
]


def stored(tmp_path, notebook):
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def test_a_clean_notebook_has_no_problems(tmp_path):
    assert problems(stored(tmp_path, CLEAN)) == []


@pytest.mark.parametrize(("rule", "change", "cell", "words"), BROKEN)
def test_a_broken_notebook_has_exactly_this_problem(tmp_path, rule, change, cell, words):
    notebook = copy.deepcopy(CLEAN)
    change(notebook)
    path = stored(tmp_path, notebook)
    (problem,) = problems(path)
    (advice,) = (one.advice for one in RULES if one.name == rule)
    assert problem.startswith(f"{path}, {'the notebook' if cell is None else f'cell {cell}'}: ")
    assert words in problem
    assert problem.endswith(f"; {advice}")


def test_every_rule_is_broken_above():
    assert [rule.name for rule in RULES] == list(dict.fromkeys(rule for rule, *_ in BROKEN))


SLASH = "/"


@pytest.mark.parametrize(
    "text",
    [
        f"{SLASH}home/x",
        f"File {SLASH}Users/x/a.py",
        f"'{SLASH}root'",
        f"{SLASH}tmp/ipykernel_12/34.py",
        f"({SLASH}work/main)",
        f"file://{SLASH}home/x",
        "C:" + "\\Users\\x",
        "c:" + "\\\\Users",
    ],
)
def test_paths_of_one_machine(text):
    assert MACHINE_PATH.search(text)


@pytest.mark.parametrize(
    "text", [r"\root/2", "notes/home/x", "../tmp/x", "∂E/∂w", "a/work", "/homework", "/tmp-like"]
)
def test_not_a_path_of_one_machine(text):
    assert not MACHINE_PATH.search(text)


# --- running and storing -----------------------------------------------------------------------

TINY = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# φ\n", "text"]},
        code("for n in range(2000):\n    print(n, flush=True)", scrolled=True),
        code(""),
        code("from pathlib import Path\nPath('beside.txt').read_text()", stream("old"), count=7),
        code(
            "from IPython.display import display\n"
            "display({'application/vnd.jupyter.widget-view+json': {'model_id': str(id([]))},\n"
            "         'text/plain': 'a slider'}, raw=True)"
        ),
    ],
    "metadata": {"kernelspec": {"name": "elsewhere"}, "widgets": {"state": {}}},
    "nbformat": 4,
    "nbformat_minor": 4,
}


def test_a_run_is_stored_whole_and_a_second_run_changes_no_byte(tmp_path):
    (tmp_path / "beside.txt").write_text("read in the notebook's own folder")
    path = stored(tmp_path, TINY)
    run(path)
    first = path.read_bytes()
    run(path)
    assert path.read_bytes() == first
    assert problems(path) == []

    assert first.endswith(b"}\n")
    assert "# φ".encode() in first
    notebook = json.loads(first)
    assert first.decode() == json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    cells = notebook["cells"]
    assert [cell["id"] for cell in cells] == [f"cell-{n}" for n in range(5)]
    assert [cell.get("execution_count") for cell in cells] == [None, 1, None, 2, 3]
    assert len(cells[1]["outputs"]) == 1  # 2000 messages, one stream
    assert cells[3]["outputs"][0]["data"]["text/plain"] == ['"read in the notebook\'s own folder"']
    assert cells[4]["outputs"][0]["data"] == {"text/plain": ["a slider"]}
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


def test_a_notebook_that_fails_is_not_stored(tmp_path):
    path = stored(tmp_path, {**TINY, "cells": [code("1 / 0")]})
    before = path.read_bytes()
    with pytest.raises(NotebookError, match="(?s)a.ipynb: stopped, .*1 / 0.*division"):
        run(path)
    assert path.read_bytes() == before


# --- the command line --------------------------------------------------------------------------


def test_checkpoints_are_no_notebooks(tmp_path):
    path = stored(tmp_path, CLEAN)
    (tmp_path / ".ipynb_checkpoints").mkdir()
    stored(tmp_path / ".ipynb_checkpoints", CLEAN)
    assert find([tmp_path]) == [path]


def test_check_tells_the_problems(tmp_path, capsys):
    path = stored(tmp_path, CLEAN)
    assert main(["--check", str(path)]) == 0
    assert "1 notebooks, 0 problems" in capsys.readouterr().out
    stored(tmp_path, {**CLEAN, "metadata": {}})
    assert main(["--check", str(tmp_path)]) == 1
    assert "a.ipynb, the notebook: kernel None" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        (None, 2, "no notebook (*.ipynb) in this folder"),
        ("not JSON", 1, "not a notebook, for it is not JSON"),
        ("[]", 1, "JSON, but not a notebook of format 4"),
    ],
)
def test_what_is_no_notebook_is_named(tmp_path, capsys, text, status, message):
    if text is not None:
        (tmp_path / "a.ipynb").write_text(text)
    assert main(["--check", str(tmp_path)]) == status
    assert message in capsys.readouterr().out


def test_a_missing_file_is_named(tmp_path, capsys):
    assert main([str(tmp_path / "b.ipynb")]) == 2
    assert "b.ipynb: there is no such file" in capsys.readouterr().out


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_is_a_lecture_too(path):
    """Every cell has its place among the slides, and a heading begins one."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    kinds = [cell["metadata"]["slideshow"]["slide_type"] for cell in cells]
    assert set(kinds) <= {"slide", "subslide", "fragment", "-"}
    assert kinds[0] == "slide" and kinds.count("slide") >= 5
    for cell, kind in zip(cells, kinds, strict=True):
        if cell["cell_type"] == "code":
            assert kind == "fragment", "predict first, then see"


def test_what_was_set_by_hand_stays(tmp_path):
    skipped = {**code("1"), "metadata": {"slideshow": {"slide_type": "skip"}}}
    path = stored(tmp_path, {**TINY, "cells": [markdown("## a"), skipped]})
    run(path)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert [x["metadata"]["slideshow"]["slide_type"] for x in cells] == ["slide", "skip"]
