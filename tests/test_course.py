"""The course as a whole: every statement of the notes is taught, marked, numbered and shown."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import bpderiv.overview as course
from bpderiv import network
from bpderiv.checking import check_files
from bpderiv.colours import without_colour
from bpderiv.example import NUMBERS
from bpderiv.report import show

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

#: Which statements of the notes each notebook teaches, by id.
TRUE = {
    "01": ["1.b", "1.c"],
    "02": ["2.I.chain"],
    "03": ["2.I.ii", "2.I.ii.value", "2.I.iii", "2.I.iv", "2.I.iv.jac"],
    "04": ["2.I.sum", "2.I.delta", "2.I.update"],
    "05": ["2.II.chain", "2.II.sum", "2.II.result"],
    "06": ["3.update", "3.output", "3.hidden"],
}
#: Statements of the notes that are false: shown as written, marked, and corrected as ID.ok.
FALSE = {
    "01": ["1.a"],
    "03": ["2.I.i", "2.I.ii.entries", "2.I.iv.size", "2.I.iv.row"],
    "05": ["2.II.def", "2.II.row", "2.II.W", "2.II.col"],
    "06": ["3.deeper"],
}
FALSE["08"] = [id_ for ids in FALSE.values() for id_ in ids]  # where they come back, all of them
WINDOW = re.compile(
    r"^\*\*(Layers\*\* (\w → )+\w; sizes (\w, )+\w; neurons (\w, )+\w(; \w output)?"
    r"|Short form\*\*, layers (\w → )*\w(, \w output)?)$"
)


def cells(path, kind):
    content = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in content if cell["cell_type"] == kind]


def markdown(path) -> str:
    return "\n\n".join(cells(path, "markdown"))


def number(path) -> str:
    return path.name[:2]


def displays(text) -> dict[str, str]:
    """id → LaTeX of every display with a tag."""
    found = re.findall(r"\$\$((?:(?!\$\$).)*?)\\tag\{([^}]*)\}\s*\$\$", text, flags=re.S)
    return {tag: latex.strip() for latex, tag in found}


def test_all_seven_are_there():
    assert [number(path) for path in NOTEBOOKS][:7] == [f"0{n}" for n in range(7)]
    assert sum(map(len, TRUE.values())) >= 17 and sum(map(len, FALSE.values())) >= 10


@pytest.mark.parametrize("path", NOTEBOOKS, ids=number)
def test_every_statement_of_the_section_is_taught(path):
    wanted = [*TRUE.get(number(path), []), *FALSE.get(number(path), [])]
    missing = [id_ for id_ in wanted if id_ not in displays(markdown(path))]
    assert missing == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=number)
def test_false_statements_are_marked_and_corrected(path):
    """Before each false display its erratum, with what is wrong; and a true one for it."""
    text = markdown(path)
    for id_ in FALSE.get(number(path), []):
        before = text[: text.index(rf"\tag{{{id_}}}")]
        last = before[before.rindex("**Erratum**") :]
        assert re.match(r"\*\*Erratum\*\* \([^)]+\):", last), id_
        assert last.count("$$") == 1, f"{id_}: another display stands between it and its erratum"
        assert f"{id_}.ok" in displays(text), id_
    assert text.count("**Erratum**") == len(FALSE.get(number(path), []))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=number)
def test_layers_are_declared_before_the_first_equation(path):
    text = markdown(path)
    lines = [line for line in text.splitlines() if line.startswith(("**Layers", "**Short form"))]
    assert lines and all(WINDOW.match(line) for line in lines), lines
    if r"\tag{" in text:
        assert text.index(lines[0]) < text.index(r"\tag{")


def test_ids_are_unique_and_mean_one_thing():
    """In a file an id stands once; in two files it is the same equation."""
    seen = {}
    for path in NOTEBOOKS:
        text = markdown(path)
        tags = re.findall(r"\\tag\{([^}]*)\}", text)
        assert len(tags) == len(set(tags)), path.name
        for id_, latex in displays(without_colour(text)).items():
            assert seen.setdefault(id_, latex) == latex, id_
    assert len(seen) >= 37


def test_the_code_cites_statements_that_exist():
    """Every id in network.py's comments is a display of some notebook."""
    comments = re.findall("#.*", Path(network.__file__).read_text("utf-8"))
    cited = set(re.findall(r"\b([123]\.[\w.]*\w)", " ".join(comments)))
    taught = {id_ for path in NOTEBOOKS for id_ in displays(markdown(path))}
    assert cited >= {"2.I.iv", "2.I.ii", "3.output", "3.hidden", "2.I.sum", "1.c"}
    assert cited - taught <= {"3.order"}, "3.order is prose, in notebook 06"


def declared(line) -> dict:
    """The numbers of a line **Example**: …"""
    found = {}
    for name, value in re.findall(r"\$([^$]*?) := ([^$]*)\$", line):
        if "bmatrix" in value:
            rows = re.sub(r"\\(begin|end)\{bmatrix\}", "", value).split(r"\\")
            found[name] = [[float(x) for x in row.split("&")] for row in rows]
        elif re.fullmatch(r"[\d.]+", value):
            found[name] = float(value)
    return found


@pytest.mark.parametrize("path", NOTEBOOKS[:7], ids=number)
def test_the_example_in_the_text_is_the_one_in_the_package(path):
    """Once in each notebook, and with the numbers of bpderiv.example."""
    lines = [line for line in markdown(path).splitlines() if line.startswith("**Example**:")]
    assert len(lines) == 1
    found = declared(lines[0])
    names = {"y_i": "y_i", "W_ji": "W^{j,i}", "W_kj": "W^{k,j}", "d_k": "d_k", "eta": r"\eta"}
    for name, shown in names.items():
        assert np.array_equal(np.ravel(found[shown]), np.ravel(NUMBERS[name])), name
    assert (found["p"], found["z"], found["m"]) == (2, 2, 2)
    assert "pencil()" in "\n".join(cells(path, "code"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=number)
def test_no_equation_in_an_output_was_typed(path):
    """Outputs show derived objects; nobody displays a LaTeX string of their own."""
    code = "\n".join(cells(path, "code"))
    assert not re.search(r"\b(Math|Latex|Markdown|display)\(", code)
    assert r"\frac" not in code


#: What a learner finds in every notebook, in this order.
PARTS = (
    r"^\*.*About \d+ minutes \(an estimate\)\. You need ",
    r"^\*\*Where we are\.\*\* ",
    r"^\*\*What you will be able to do\.\*\* ",
    r"^## Try$",
    r"^## Three quick questions$",
    r"^## Summary.*\n\n(?:(?!- |1\. ).+\n\n)*(?:(?:- |\d\. ).+\n){5}(?!- |\d\. )",
    r"^\*\*Next door:?\*\*",
)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=number)
def test_every_notebook_has_its_parts(path):
    found = [re.search(part, markdown(path) + "\n", flags=re.M) for part in PARTS]
    assert all(found), PARTS[found.index(None)]
    places = [match.start() for match in found]
    assert places == sorted(places)
    questions, _, answers = markdown(path)[places[4] : places[5]].partition("<details>")
    assert re.findall(r"^(\d)\. ", questions, flags=re.M) == ["1", "2", "3"]
    assert "</details>" in answers


def pictured(path):
    """(the words right before it, the words right after it) of every picture in an output."""
    content = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for place, cell in enumerate(content):
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", [])):
            around = content[:place][::-1], content[place + 1 :]
            words = (next(c for c in side if c["cell_type"] == "markdown") for side in around)
            yield tuple("".join(c["source"]) for c in words)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=number)
def test_predict_then_see(path):
    """But for the first, which says where we are, every picture answers a question."""
    asked = re.compile(r"\?|Predict|[Bb]efore you look|[Ww]ork out")
    assert [before for before, _ in list(pictured(path))[1:] if not asked.search(before)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=number)
def test_every_picture_is_told_and_the_way_on_exists(path):
    told = [after.startswith("The picture") for _, after in pictured(path)]
    assert all(told) and len(told) >= 3
    for target in re.findall(r"\]\((\w+\.ipynb)\)", markdown(path)):
        assert (path.parent / target).exists(), target


def test_the_readme_lists_every_notebook():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in NOTEBOOKS:
        row = next(line for line in readme.splitlines() if f"](notebooks/{path.name})" in line)
        minutes = re.search(r"About (\d+) minutes", markdown(path))[1]
        assert row.endswith(f"| {minutes} |"), "minutes as the notebook says"
    for target in re.findall(r"\]\(([\w./]+)\)", readme):
        assert (ROOT / target).exists(), target


def test_the_readme_shows_the_table_as_it_is_printed(capsys):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```\n(notes/1_what_is_learning.md\n.*?)```", readme, flags=re.S)[1]
    console = Console(highlight=False, markup=False, emoji=False, width=80)
    show(console, check_files([ROOT / "notes" / "1_what_is_learning.md"]), quiet=False)
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    first, *rest = shown.splitlines()
    assert any(line.endswith(first) for line in lines)
    start = lines.index(rest[0])
    assert lines[start : start + len(rest)] == rest


def test_the_readmes_python_runs():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", readme, flags=re.S)[1]
    names: dict = {}
    exec(compile(code, "README.md", "exec"), names)
    proof = names["prove"](names["OUTPUT_WEIGHT"])
    assert proof.proved and proof.any_width


# --- bpderiv jacobians --------------------------------------------------------------------------


def test_jacobians_derives_and_checks_in_a_few_lines(count):
    done = subprocess.run(
        [sys.executable, "-m", "bpderiv", "jacobians"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "80"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.strip().splitlines()
    assert len(lines) <= 32 and all(len(line) <= 80 for line in lines)
    assert "-[r = s]" in done.stdout, "what was derived is shown, brackets too"
    shown = re.search(r"^(\d+) of (\d+) comparisons", done.stdout, flags=re.M)
    assert shown[1] == shown[2] and int(shown[1]) >= 130
    assert "13 Jacobians" in done.stdout and "21 of 21 proofs" in done.stdout
    count("comparisons", int(shown[1]))


def test_jacobians_says_so_when_something_is_wrong(monkeypatch, capsys):
    """A backward pass that forgot a sign: exit code 1, and the comparison that saw it."""
    right = network.gradient
    monkeypatch.setattr(
        network, "gradient", lambda *args: [s if s is None else -s for s in right(*args)]
    )
    assert course.overview() == 1
    said = capsys.readouterr().out
    assert "DIFFERENT" in said and "numpy, backward pass" in said


def test_jacobians_says_so_when_something_is_not_proved(monkeypatch, capsys):
    monkeypatch.setattr(course, "OUTPUT_WEIGHT", ("E", "v_{k,b}", "y_{j,a}"))
    monkeypatch.setattr(course, "jacobian_pairs", lambda: [("E", "e_k")])
    assert course.overview() == 1
    assert "NOT proved: ∂E/∂y_{j,a}" in capsys.readouterr().out
