"""`bpderiv check`: files and folders, what is printed, JSON, exit codes, bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from documents import LAYERS

from bpderiv import checking, cli, report
from bpderiv.checking import check_files, find_files
from bpderiv.document.files import texts_of
from bpderiv.reading.errors import ReadError

ROOT = Path(__file__).parent.parent
TRUE = LAYERS + "$$e_k = d_k - y_k \\tag{1}$$\n"
FALSE = LAYERS + "Here $e_k = d_k + y_k$.\n"
ERRATUM = LAYERS + "**Erratum** (sign): so\n\n$$e_k = y_k - d_k \\tag{2}$$\n"
UNREAD = LAYERS + "$$e_k = \\sqrt{d_k}$$\n"
#: Every kind of row.
ALL = (
    LAYERS + "**Example**: $p := 1$\n\n$$e_k = d_k - y_k = -y_k + d_k \\tag{a}$$\n\n"
    "**Erratum** (sign): so\n\n$$e_k = y_k - d_k \\tag{b}$$\n\n$0.5 + 0.5 = 1$\n\n"
    "<!-- not judged: a condition -->\n$z = m$, $e_k = \\sqrt{d_k}$\n\n$e_k = d_k + y_k$\n"
)  # fmt: skip


def notebook(*cells, **more) -> str:
    """A notebook in JSON: ("markdown", source) or ("code", source)."""
    made = [{"cell_type": kind, "metadata": {}, "source": source} for kind, source in cells]
    return json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5, **more}, indent=1)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run(files, arguments): the command in a folder with these files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(files: dict[str, str | bytes], *arguments: str):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return CliRunner().invoke(cli.main, ["check", *(arguments or ["."])])

    return run


# --- exit codes -----------------------------------------------------------------------------------

CODES = {
    "all true": ({"a.md": TRUE}, 0),
    "an erratum": ({"a.md": ERRATUM}, 0),
    "two files": ({"a.md": TRUE, "b/c.md": ERRATUM}, 0),
    "false": ({"a.md": FALSE}, 1),
    "false in one of two": ({"a.md": TRUE, "b.md": FALSE}, 1),
    "unread": ({"a.md": UNREAD}, 1),
    "an erratum that holds": ({"a.md": ERRATUM.replace("y_k - d_k", "d_k - y_k")}, 1),
    "an erratum by another name": ({"a.md": ERRATUM.replace("(sign)", "(layout)")}, 1),
    "a wrong number": ({"a.md": LAYERS + "$1 = 2$"}, 1),
    "undecided": ({"a.md": LAYERS + "$\\frac{1}{0} = 1$"}, 1),
    "a relation that is not judged": ({"a.md": LAYERS + "$e_{k,b} \\le d_{k,b}$"}, 0),
    "let pass": ({"a.md": "<!-- not judged: a condition -->\n$z = m$"}, 0),
    "a stray sign": ({"a.md": TRUE + "\nIt costs $5.\n"}, 1),
}


@pytest.mark.parametrize("case", CODES)
@pytest.mark.parametrize("options", [(), ("--json",), ("--quiet",)], ids=["table", "json", "quiet"])
def test_exit_codes(run, case, options):
    files, code = CODES[case]
    done = run(files, ".", *options)
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


# --- bad input ------------------------------------------------------------------------------------

BAD = {
    "a missing file": ({}, ["a.md"], "a.md: there is no such file or folder"),
    "one of two is missing": ({"a.md": TRUE}, ["a.md", "b.md"], "b.md: there is no such file"),
    "an empty folder": ({}, ["."], ".: no Markdown file and no notebook in this folder"),
    "only hidden files": ({".a.md": TRUE, ".b/c.md": TRUE}, ["."], "no Markdown file and no"),
    "a folder with other files": ({"a.txt": TRUE}, ["."], "no Markdown file and no notebook"),
    "another kind of file": ({"a.txt": TRUE}, ["a.txt"], "expected a Markdown file (.md) or"),
    "no equations": ({"a.md": "# Nothing\n\nto see, but $x$.\n"}, ["."], "no equation was found"),
    "an empty file": ({"a.md": ""}, ["a.md"], "a.md: no equation was found: nothing to check"),
    "one of two is empty": ({"a.md": TRUE, "b.md": ""}, ["a.md", "b.md"], "b.md: no equation was"),
    "a notebook without cells": ({"a.ipynb": notebook()}, ["."], "no equation was found"),
    "a notebook of code": (
        {"a.ipynb": notebook(("code", "e = '$e_k = d_k$'"))}, ["."], "no equation was found",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_paths_are_said(run, case):
    files, arguments, wanted = BAD[case]
    done = run(files, *arguments)
    assert done.exit_code == 1
    assert wanted in done.stderr and done.stderr.startswith("Error: ")


def test_a_path_is_needed(run):
    assert CliRunner().invoke(cli.main, ["check"]).exit_code == 2


UNREADABLE = {
    "no JSON": "# A text\n",
    "JSON, no notebook": "[1, 2]",
    "cells of another kind": '{"cells": {"source": "$e_k = d_k$"}}',
    "no source": '{"cells": [{"cell_type": "markdown"}]}',
    "a source of numbers": '{"cells": [{"cell_type": "markdown", "source": [1, 2]}]}',
    "a source of keys": '{"cells": [{"cell_type": "markdown", "source": {"$e_k = d_k$": 1}}]}',
    "no source at all": '{"cells": [{"cell_type": "markdown", "source": null}]}',
    "half a notebook": notebook(("markdown", TRUE))[:80],
    "brackets": "[" * 100_000,
    "an old notebook": '{"worksheets": []}',
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_is_no_notebook_is_unread(run, case):
    done = run({"a.ipynb": UNREADABLE[case], "b.md": TRUE}, ".", "--json")
    first, second = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (first["kind"], first["line"]) == ("unread", 1)
    assert first["error"] == "a.ipynb is not a notebook: expected JSON with cells"
    assert second["holds"] is True, "the others are checked all the same"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0", b"$e_k = d_k$ \xff", b"e = \0"])
@pytest.mark.parametrize("name", ["a.md", "a.ipynb"])
def test_what_is_no_text_is_unread(run, name, data):
    done = run({name: data})
    assert done.exit_code == 1
    assert f"{name} cannot be read: it is not a text in UTF-8" in done.stdout


def test_a_file_that_cannot_be_opened_is_unread(tmp_path, monkeypatch):
    path = tmp_path / "a.md"
    path.write_text(TRUE, "utf-8")
    monkeypatch.setattr(Path, "read_bytes", lambda self: (_ for _ in ()).throw(
        PermissionError(13, "Permission denied")))  # fmt: skip
    with pytest.raises(ReadError, match="cannot be read: Permission denied"):
        texts_of(path)


def test_100_kb_of_one_equation_is_refused(run):
    long = "e_k = " + "d_k - y_k + " * 9000 + "d_k"
    done = run({"a.md": LAYERS + f"$${long}$$\n\n$e_k = d_k - y_k$"})
    assert done.exit_code == 1 and "is too long to be read" in done.stdout
    assert len(done.stdout) < 3000 and "true 1" in done.stdout


# --- paths ----------------------------------------------------------------------------------------


def test_a_file_is_checked_once(run, tmp_path):
    done = run({"a.md": TRUE, "b/c.md": ERRATUM}, ".", "a.md", "b", str(tmp_path), "--json")
    assert [row["file"] for row in json.loads(done.stdout)] == ["a.md", "b/c.md"]


def test_all_kinds_of_files_are_found(run):
    files = {"a.md": TRUE, "B.MD": TRUE, "c.markdown": TRUE, "d.md/e.md": TRUE, ".git/f.md": FALSE,
             ".ipynb_checkpoints/g.md": FALSE, "h.ipynb": notebook(("markdown", TRUE)),
             "i.txt": FALSE}  # fmt: skip
    done = run(files, ".", "--json")
    found = [row["file"] for row in json.loads(done.stdout)]
    assert found == ["B.MD", "a.md", "c.markdown", "d.md/e.md", "h.ipynb"]
    assert done.exit_code == 0


def test_a_hidden_folder_that_is_named_is_checked(run):
    assert run({".a/b.md": TRUE}, ".a").exit_code == 0


# --- JSON -----------------------------------------------------------------------------------------

FIELDS = {"id", "file", "line", "cell", "latex", "kind", "holds", "judges", "counterexample",
          "mistake", "reason", "error"}  # fmt: skip


def test_json_has_an_object_for_each_link(run):
    found = json.loads(run({"a.md": ALL}, ".", "--json").stdout)
    assert all(set(row) == FIELDS for row in found)
    assert [(row["kind"], row["id"], row["line"], row["holds"]) for row in found] == [
        ("value", None, 3, None),
        ("claim", "a#1", 5, True),
        ("claim", "a#2", 5, True),
        ("erratum", "b", 9, False),
        ("value", None, 11, True),
        ("not judged", None, 14, None),
        ("unread", None, 14, None),
        ("claim", None, 16, False),
    ]
    assert [row["latex"] for row in found][:3] == [
        "p := 1", "e_k = d_k - y_k", "d_k - y_k = -y_k + d_k",
    ]  # fmt: skip
    assert {row["file"] for row in found} == {"a.md"} and {row["cell"] for row in found} == {None}
    claim, erratum, false = found[1], found[3], found[7]
    assert claim["judges"]["any width"] == "proved for any width"
    assert claim["counterexample"] is None and claim["mistake"] == []
    assert erratum["mistake"] == [["sign"]] and erratum["error"] is None
    assert set(erratum["counterexample"]) >= {"left", "right", "sizes"}
    assert false["mistake"] == [["sign"]] and false["error"] == "is false"
    assert found[5]["reason"] == "a condition"


def test_json_tells_declarations_too(run):
    text = "**Quantity**: $q \\in \\mathbb{R}$\n\n**Layers** j → k\n\n$2 q = q + q$"
    found = json.loads(run({"a.md": text}, ".", "--json").stdout)
    assert [(row["kind"], row["holds"]) for row in found] == [("definition", None), ("claim", True)]


def test_json_is_ascii_and_nothing_else(run):
    done = run({"é.md": TRUE, "b.md": LAYERS + "**Erratum** (φ′ missing): so\n\n$$e_k = 2 d_k$$"},
               ".", "--json")  # fmt: skip
    assert done.stdout.isascii()
    assert {row["file"] for row in json.loads(done.stdout)} == {"b.md", "é.md"}
    assert json.loads(run({}, "--json", "b.md", "é.md").stdout)


def test_json_without_equations_is_an_empty_list(run):
    done = run({"a.md": "nothing"}, ".", "--json")
    assert json.loads(done.stdout) == [] and done.exit_code == 1


@pytest.mark.parametrize(
    "source",
    [
        TRUE,
        TRUE.splitlines(keepends=True),
        TRUE.replace("\n", "\r\n").splitlines(keepends=True),
        [*TRUE.partition("sizes"), ""],
        ["", TRUE[:9], "", *TRUE[9:].splitlines(keepends=True)],
        TRUE.replace("\n\n", "\n\na\u2028b\x0bc\x85d ", 1),
    ],
    ids=["one string", "lines", "lines of Windows", "parts", "parts of lines", "other line ends"],
)
def test_the_line_is_that_of_the_notebook_s_file(run, tmp_path, source):
    text = notebook(("code", "1"), ("markdown", "a\n\nb"), ("markdown", source))
    (row,) = json.loads(run({"a.ipynb": text}, ".", "--json").stdout)
    line = (tmp_path / "a.ipynb").read_text("utf-8").splitlines()[row["line"] - 1]
    assert row["cell"] == 3 and "e_k = d_k - y_k" in line
    shown = run({"b.ipynb": text.replace("- y_k", "+ y_k")}, "b.ipynb").stdout
    assert "b.ipynb, cell 3, line 3: e_k = d_k + y_k" in shown


def test_lines_of_our_notebooks():
    for path in find_files([str(ROOT / "notebooks")]):
        lines = path.read_text("utf-8").split("\n")
        for part in texts_of(path):
            for text, number in zip(part.text.split("\n"), part.lines, strict=False):
                assert json.dumps(text, ensure_ascii=False)[1:-1] in lines[number - 1]
            assert len(part.lines) == len(part.text.split("\n"))


def test_errors_in_a_notebook_name_the_cell(run):
    text = notebook(("markdown", LAYERS), ("code", "1"), ("markdown", "so\n\n$e_k = \\sqrt{2}$"))
    done = run({"a.ipynb": text})
    assert "a.ipynb, cell 3, line 3, column 8: there are no roots here" in done.stdout


def test_a_second_use_of_an_id_names_the_cell_of_the_first(run):
    done = run({"a.ipynb": notebook(("markdown", TRUE), ("markdown", TRUE))})
    assert "the id 1 is used twice (first in cell 1, line 3)" in done.stdout


# --- what is printed ------------------------------------------------------------------------------


def test_the_table_and_the_totals(run):
    done = run({"a.md": ALL})
    lines = done.stdout.splitlines()
    table = lines[: next(i for i, line in enumerate(lines) if line.startswith("a.md, line"))]
    assert len(table) >= 12 and all(len(line) <= 80 for line in table)
    for wanted in (
        ["a.md"],
        ["id", "equation", "how shown"],
        ["p := 1", ":=", "declares the example"],
        ["a#1", "e_k = d_k − y_k", "✓", "proved, exact, explicit, floating point"],
        ["b", "e_k = y_k − d_k", "✗", "erratum, refuted; mistake: sign"],
        ["0.5 + 0.5 = 1", "✓", "exact"],
        ["z = m", "–", "not judged: a condition"],
        ["!", "could not be read"],
        ["e_k = d_k + y_k", "✗", "refuted; mistake: sign"],
        ["a.md, line 14, column 17: there are no roots here"],
        ["e_k = \\sqrt{d_k}"],
        ["a.md, line 16: e_k = d_k + y_k"],
        ["mistake: sign"],
        ["Found: 8. Claims: 3, true 2, proved for any width 2."],
        ["Errata: 1, refuted as named 1. Values: 2. Declarations: 0."],
        ["Not judged: 1. Unread: 1."],
    ):
        assert any(all(part in line for part in wanted) for line in lines), wanted
    assert lines[-1] == "Not judged: 1. Unread: 1."


def test_a_false_claim_is_shown_with_its_counterexample(run):
    done = run({"a.md": FALSE}, "a.md", "-q")
    place, false, example, mistake, *rest = done.stdout.splitlines()
    assert place == "a.md, line 3: e_k = d_k + y_k" and false == "    is false"
    assert example.startswith("    refuted: ") and "left " in example
    assert mistake == "    mistake: sign"
    assert rest[0].startswith("Found: 1. Claims: 1, true 0")


def test_quiet_prints_the_totals_alone_when_all_is_well(run):
    done = run({"a.md": TRUE}, "a.md", "--quiet")
    assert len(done.stdout.splitlines()) == 3


def test_what_judges_say_otherwise_is_not_shortened(run):
    """Where one does not find both sides equal, the table has its words."""
    (row,) = check_files([write(Path("a.md"), TRUE, run)])
    judges = {**row.verdict.judges, "floating point": "floating point: not run (why)"}
    other = checking.replace(row, verdict=checking.replace(row.verdict, judges=judges))
    assert report._how(other) == "proved, exact, explicit; floating point: not run (why)"
    assert report._how(row) == "proved, exact, explicit, floating point"


def write(path: Path, text: str, run) -> Path:
    run({str(path): text})
    return path


def test_nothing_in_a_file_is_markup_or_an_order_to_the_terminal(run):
    text = LAYERS + "**Erratum** ([bold]x[/bold]): so\n\n$$[bold] = [/bold] \\tag{[red]}$$\n\n" + (
        "<!-- not judged: [link=x]:warning: \x1b[31mred\x07 \u202eevil -->\n$:smile: = \\[$"
        "\n\n$e_k = \x1b]0;x\x07$"
    )  # fmt: skip
    done = run({"[blink]a.md": text})
    assert "[bold]" in done.stdout and "[red]" in done.stdout and "[blink]a.md" in done.stdout
    assert "[link=x]:warning:" in done.stdout and "�[31mred� �evil" in done.stdout
    assert not set(done.stdout) & {"\x1b", "\x07", "\u202e"}


def test_a_terminal_that_lacks_letters_shows_others(tmp_path):
    """ASCII only, and half a character in a notebook: no traceback; no progress bar in a pipe."""
    (tmp_path / "a.md").write_text(TRUE, "utf-8")
    half = notebook(("markdown", "$e_k = d_k - y_k$ \\ud800 $q = \\ud800$")).replace("\\\\", "\\")
    (tmp_path / "b.ipynb").write_text(half, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bpderiv", "check", "a.md", "b.ipynb"],
        cwd=tmp_path, capture_output=True, check=False, env={
            **os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0",
            "PYTHONPATH": str(ROOT), "COLUMNS": "80",
        },
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr == b""
    assert b"Found: 3. Claims: 2, true 2" in done.stdout and b"Unread: 1." in done.stdout
    assert b"\r" not in done.stdout.replace(b"\r\n", b"\n")


def test_progress_is_told_on_the_way(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.md").write_text(TRUE + "\n$d_k = e_k + y_k$\n", "utf-8")
    told = []
    check_files(find_files([str(tmp_path)]), lambda done, of: told.append((done, of)))
    assert told[0] == (1, 4) and told[-1] == (4, 4) and [x for x, _ in told] == sorted(
        x for x, _ in told)  # fmt: skip


def test_a_long_equation_is_cut_in_the_table(run):
    done = run({"a.md": LAYERS + f"$100 = {' + '.join(['1'] * 100)}$"})
    assert "…" in done.stdout and max(map(len, done.stdout.splitlines())) <= 80


# --- a notebook -----------------------------------------------------------------------------------


def test_a_notebook_of_the_course(monkeypatch):
    """Its errata are refuted as named, its numbers right; every row has its line."""
    monkeypatch.chdir(ROOT)
    path = "notebooks/01_what_is_learning.ipynb"
    done = CliRunner().invoke(cli.main, ["check", path, "--json"])
    found, lines = json.loads(done.stdout), Path(path).read_text("utf-8").split("\n")
    assert done.exit_code == 0
    assert {row["kind"] for row in found} == {"claim", "erratum", "value", "not judged"}
    for row in found:
        assert row["holds"] is {"claim": True, "erratum": False}.get(row["kind"], row["holds"])
        assert json.dumps(row["latex"].split(" ")[0])[1:-1] in lines[row["line"] - 1]
