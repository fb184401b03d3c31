"""`bpderiv explain` and `bpderiv derive`: how a text was read, and why an equation holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from documents import DEFINED, LAYERS, document

from bpderiv import cli, explain, find
from bpderiv.colours import without_colour
from bpderiv.document.document import read_document
from bpderiv.document.files import find_files, texts_of
from bpderiv.document.notes import notes_declarations, notes_document
from bpderiv.judges import any_width, exact, explicit, floating

ROOT = Path(__file__).parent.parent
NOTEBOOKS = find_files([str(ROOT / "notebooks")])


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run(*arguments): a command in a folder of its own; text → file with `files`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str, **files: str):
        for name, text in files.items():
            (tmp_path / f"{name}.md").write_text(text, "utf-8")
        return CliRunner().invoke(cli.main, list(arguments))

    return run


# --- explain --------------------------------------------------------------------------------------


def explained(found) -> dict[str, explain.Explained]:
    """What is said of each name, by how it is written."""
    return {name.written: name for name in explain.names(found)}


def test_every_name_of_the_notes_is_explained():
    found = explained(notes_document())
    assert {w: (x.name, x.kind, x.shape, x.layers) for w, x in found.items()} == {
        "η": ("η", "number", "1 × 1", "the network"),
        "y_j, y_j,a": (
            "y", "column", "z × 1", "a layer with one after or a layer with one before",
        ),
        "v_k, v_k,b": ("v", "column", "m × 1", "a layer with one before"),
        "W^k,j, w_ba^k,j": ("W", "matrix", "m × z", "into a layer from the one before"),
        "φ_k": ("φ", "function", "number → number", "a layer with one before"),
        "d_k, d_k,b": ("d", "column", "m × 1", "the output layer"),
        "e_k, e_k,b": ("e", "column", "m × 1", "the output layer"),
        "E_k, E_k,b": ("E", "column", "m × 1", "the output layer"),
        "E": ("E", "number", "1 × 1", "the network"),
        "δ_k, δ_k,b": ("δ", "column", "m × 1", "a layer with one before"),
        "ΔW^k,j, Δw_ba^k,j": ("ΔW", "matrix", "m × z", "into a layer from the one before"),
        "W^k,j(n + 1), w_ba^k,j(n + 1)": (
            "W(n+1)", "matrix", "m × z", "into a layer from the one before",
        ),
        "(n)": ("(n)", "argument", "", ""),
        r"\phi": (found[r"\phi"].name, "spelling", "", ""),
    }  # fmt: skip
    defined = {w: x.definition for w, x in found.items()}
    assert defined["v_k, v_k,b"] == "v_k,b(n) := Σ_a w_ba^k,j(n) y_j,a(n)"
    assert defined["η"] == defined["d_k, d_k,b"] == "given" and defined["φ_k"] == "any function"
    assert sum(":=" in x for x in defined.values()) == 8


def test_first_uses_in_definitions():
    """v is used where y is defined, not where it is defined itself."""
    text = (ROOT / "notes" / "0_declarations.md").read_text("utf-8").split("\n")
    uses = {w: x.first_use for w, x in explained(notes_document()).items()}
    for written, part in (
        ("y_j, y_j,a", r"v_{k,b}(n) := "),
        ("v_k, v_k,b", r"y_{k,b}(n) := "),
        ("φ_k", r"y_{k,b}(n) := "),
        ("d_k, d_k,b", r"e_{k,b}(n) := "),
        ("η", r"\Delta w_{ba}^{k,j}(n) := "),
        ("ΔW^k,j, Δw_ba^k,j", r"w_{ba}^{k,j}(n+1) := "),
        ("(n)", r"v_{k,b}(n) := "),
    ):
        line = next(i for i, x in enumerate(text, 1) if part in x and "**Definition**" in x)
        assert uses[written] == f"line {line}", written
    assert uses["δ_k, δ_k,b"] == "not used"


def test_first_uses_in_statements():
    found = document(
        LAYERS + "Here $\\delta_k$ is named.\n\n<!-- not judged: so -->\n$\\delta_k = q$\n\n"
        "**Example**: $p := 1$, $\\eta := 0.1$, $\\varphi_j(v) := v$\n\n$e_k(n) \\le d_k$\n\n"
        "$y_k = \\phi_k(v_k)$ and $e_k = d_k - y_k$\n\n$\\delta_k = \\sqrt{2}$\n"
    )
    uses = {w: x.first_use for w, x in explained(found).items()}
    assert uses == {
        "η": "line 8", "φ_k": "line 8", "e_k, e_k,b": "line 10", "d_k, d_k,b": "line 10",
        "(n)": "line 10", "y_j, y_j,a": "line 12", "v_k, v_k,b": "line 12", r"\phi": "line 12",
        **dict.fromkeys(("W^k,j, w_ba^k,j", "E_k, E_k,b", "E", "δ_k, δ_k,b", "ΔW^k,j, Δw_ba^k,j",
                         "W^k,j(n + 1), w_ba^k,j(n + 1)"), "not used"),
    }  # fmt: skip


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_name_that_a_notebook_uses_has_its_first_use(path):
    """Compared with the text: a letter that stands in a statement has a use, at or before it."""
    found = read_document(texts_of(path), path.name)
    uses = explain.first_uses(found, notes_declarations())
    assert uses or path.parent.name == "solutions"
    for (name, layers), place in uses.items():
        assert place.file == path.name and place.cell
        statement = next(s for s in found.statements if s.place == place)
        letters = [name]
        if layers:
            quantity = notes_declarations().quantity(name, layers)
            letters += [quantity.whole, *(x for x, y in notes_declarations().aliases.items()
                                          if y == name)]  # fmt: skip
        bare = without_colour(statement.latex).replace(" ", "").replace("(n)", "(n+1)")
        assert any(re.sub(r"\(n\+1\)| ", "", x) in re.sub(r"\(n\+1\)| ", "", bare) or x == "n"
                   for x in letters)  # fmt: skip


def test_explain_prints_own_names_windows_and_what_is_unread(run):
    text = DEFINED + "$u_k = M^{k,j} x_j$\n\n**Layers** q\n\n$x_k = \\sqrt{2}$\n"
    done = run("explain", "a.md", a=text)
    assert done.exit_code == 1, "something could not be read"
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    assert lines[0] == "a.md: names declared in this file"
    assert any(re.search("M +matrix m × z +M\\^k,j, m_ba\\^k,j +line 7", line) for line in lines)
    said = " ".join(lines)
    assert "sizes z, m; neurons a, b: 2 statements, the first in line 11" in said
    assert any("a.md, line 13, column 1: a window needs two or more" in line for line in lines)
    table = lines[: next(i for i, line in enumerate(lines) if line.startswith("**Layers**"))]
    assert len(table) > 10 and max(map(len, table)) <= 80


def test_explain_says_where_names_come_from(run):
    done = run("explain", "a.md", a=LAYERS + "$e_k = d_k - y_k$")
    assert done.exit_code == 0
    assert done.stdout.startswith("a.md: names declared in 0_declarations.md\n")
    assert "1 statement, the first in line 3" in " ".join(done.stdout.split())


def test_explain_reads_folders_and_says_what_is_missing(run):
    assert run("explain", "b.md", a="x").stderr == "Error: b.md: there is no such file or folder\n"
    done = run("explain", ".", a=LAYERS, b=LAYERS)
    assert done.stdout.count("names declared in") == 2
    assert run("explain").exit_code == 2


def test_explain_evaluates_nothing(monkeypatch):
    """No judge runs: what is false, or divides by zero, is explained all the same."""

    def never(*_):
        raise AssertionError("a judge was asked")

    for judge in (any_width, exact, explicit, floating):
        monkeypatch.setattr(judge, "judge", never)
    found = document(LAYERS + "$e_k = \\frac{1}{0} y_k$ and $0.5 = 1$ and $y_k = \\varphi_k(v_k)$")
    uses = {w: x.first_use for w, x in explained(found).items()}
    assert uses["e_k, e_k,b"] == uses["v_k, v_k,b"] == "line 3"


def test_explain_shows_no_markup(run):
    done = run(
        "explain", "a.md", a="**Quantity**: $q \\in [bold]$\n\n**Layers** [red]x[/red] → k\n"
    )
    assert done.exit_code == 1
    assert "[bold]" in done.stdout and "[red]x[/red]" in done.stdout


# --- derive ---------------------------------------------------------------------------------------


def test_a_derivation_of_the_notes(run):
    done = run("derive", "2.I.update#2")
    assert done.exit_code == 0
    first, *steps = done.stdout.splitlines()
    assert first == "−η ∂E(n)/∂w_ba^k,j(n) = η δ_k,b(n) y_j,a(n)"
    numbers = [int(x) for x in re.findall(r"^ *(\d+)\. ", done.stdout, flags=re.M)]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 6
    assert len(steps) == 2 * len(numbers), "each step has its reason"
    assert "by definition" in done.stdout and "sum, product and chain rule" in done.stdout
    assert "left − right = 0" in steps[-2] and "proved for any width" in steps[-1]


def test_all_links_of_a_chain_are_derived(run):
    done = run("derive", "2.I.update")
    assert done.stdout.count("left − right = 0") == 2 and done.exit_code == 0


def test_a_derivation_in_latex(run):
    done = run("derive", "2.I.delta.value", "--latex")
    assert done.exit_code == 0
    assert done.stdout.startswith(r"\delta_{k, b} (n) = e_{k, b} (n) \varphi'_{k} (v_{k, b} (n))")
    assert r"\frac{\partial" in done.stdout and "∂" not in done.stdout.replace("∂X", "")


def test_an_equation_that_is_not_in_the_notes(run):
    text = (
        LAYERS
        + r"$$\frac{\partial e_{k,b}}{\partial w_{ba}} = -\varphi_k'(v_{k,b}) y_{j,a} "
        + (
            r"\tag{mine}$$"
            + "\n\n"
            + r"$$\begin{aligned} e_k &= d_k - y_k \tag{x} \\ y_k &= d_k - e_k "
            r"\tag{y}\end{aligned}$$"
        )
    )
    done = run("derive", "mine", "--in", "a.md", a=text)
    assert done.exit_code == 0, done.output
    assert "left − right = 0" in done.stdout and "proved for any width" in done.stdout
    for id_, begins in (("x", "e_k = d_k − y_k\n"), ("y", "y_k = d_k − e_k\n")):
        assert run("derive", id_, "--in", ".").stdout.startswith(begins)


def test_a_false_equation_is_not_derived(run):
    done = run("derive", "f", "--in", "a.md", a=LAYERS + "$$e_k = d_k + y_k \\tag{f}$$")
    assert done.exit_code == 1 and done.stdout.splitlines()[-1].strip() == "not proved"


NOTHING = {
    "unknown": ("q", "there is no statement q; there are a, b, c, d"),
    "no link": ("a#2", "a has 1 links, numbered from 1: a#1"),
    "link 0": ("a#0", "a has 1 links, numbered from 1: a#1"),
    "no number": ("a#x", "a has 1 links, numbered from 1: a#1"),
    "nothing behind #": ("a#", "a has 1 links, numbered from 1: a#1"),
    "a superscript": ("a#²", "a has 1 links, numbered from 1: a#1"),
    "ill-typed": ("b", "there is nothing to derive: the left side is a column"),
    "another relation": ("c", r"there is nothing to derive: \le is not judged"),
    "let pass": ("d", "d is not judged: a condition"),
}


@pytest.mark.parametrize("case", NOTHING)
def test_what_cannot_be_derived_is_said(run, case):
    id_, wanted = NOTHING[case]
    text = LAYERS + (
        "$e_k = d_k - y_k \\tag{a}$, $e_k = d_k^T \\tag{b}$, $e_{k,b} \\le d_{k,b} \\tag{c}$\n\n"
        "<!-- not judged: a condition -->\n$z = m \\tag{d}$\n"
    )
    done = run("derive", id_, "--in", "a.md", a=text)
    assert done.exit_code == 1 and done.stdout == ""
    assert done.stderr.startswith("Error: ") and wanted in done.stderr


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (None, "there is no such file"),
        ("nothing", "there is no statement a; there are none"),
        (LAYERS + "$e_k = q \\tag{a}$", "q is not declared"),
        (LAYERS + "$e_k = \\text{so} \\tag{a}$", "so"),
    ],
)
def test_what_cannot_be_read_is_said(run, text, wanted):
    done = run("derive", "a", "--in", "a.md", **({} if text is None else {"a": text}))
    assert done.exit_code == 1 and wanted in done.stderr


def test_an_id_is_looked_up_in_all_files(run):
    done = run("derive", "b", "--in", "a.md", "--in", "b.md", a=LAYERS + "$e_k = e_k \\tag{a}$",
               b=LAYERS + "$e_k = d_k - y_k \\tag{b}$")  # fmt: skip
    assert done.exit_code == 0 and done.stdout.startswith("e_k = d_k − y_k")


def test_own_definitions_are_derived_from(run):
    done = run("derive", "o", "--in", "a.md", a=DEFINED + "$$u_k = M^{k,j} x_j \\tag{o}$$")
    assert done.exit_code == 0, done.output


def test_the_unknown_id_of_the_notes_names_those_that_there_are(run):
    done = run("derive", "2.I.nothing")
    assert "there is no statement 2.I.nothing; there are 1.a, 1.a.ok, 1.b" in done.stderr


def test_derivations_are_those_of_the_links():
    (first, one), (second, two) = find.derivations("2.I.i.ok", [])
    assert first.relation == second.relation == "=" and one.proved and two.proved
    assert one.claim == first.claims[0] and two.claim == second.claims[0]
