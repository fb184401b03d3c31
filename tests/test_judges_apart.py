"""The judges share what was read and what is defined, and no code that evaluates it."""

from __future__ import annotations

import ast
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

import bpderiv

CODE = Path(bpderiv.__file__).parent
JUDGES = ("any_width", "exact", "explicit", "floating")
#: What more than one judge reaches, and why that is no evaluating code. A folder is all of it.
SHARED = {
    "reading": "LaTeX → syntax tree",
    "document": "declarations: the notes are read from their page",
    "meaning": "the resolved tree, the definitions, the shapes that types gave it",
    "expression": "the tree's nodes, and how to walk them",
    "dispatch": "chooses a method by a node's type",
    "mistakes": "names of mistakes, known to whoever reads an erratum; rewrites trees only",
}
#: Of these folders: what writes trees out by components, and so evaluates.
ONLY_ANY_WIDTH = {"meaning.components"}


def imports(path: Path) -> set[str]:
    """Modules of this package that a file imports, anywhere in it, without the package's name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written out"
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return {name.removeprefix("bpderiv.") for name in found if name.startswith("bpderiv.")}


def graph(folder: Path) -> dict[str, set[str]]:
    """Module → the modules that it imports."""
    files = {".".join(p.relative_to(folder).with_suffix("").parts): p for p in folder.rglob("*.py")}
    return {name: imports(path) & set(files) for name, path in files.items()}


def reached(module: str, edges: dict[str, set[str]]) -> set[str]:
    """A module and all that it imports, directly or not."""
    seen, queue = {module}, [module]
    while queue:
        for name in edges[queue.pop()] - seen:
            seen.add(name)
            queue.append(name)
    return seen


@cache
def reached_by(judge: str) -> set[str]:
    return reached(f"judges.{judge}", modules())


@cache
def modules() -> dict[str, set[str]]:
    return graph(CODE)


@pytest.mark.parametrize(("one", "other"), list(combinations(JUDGES, 2)))
def test_two_judges_share_only_the_tree_and_the_definitions(one, other):
    both = reached_by(one) & reached_by(other)
    assert {name for name in both if name.partition(".")[0] not in SHARED} == set()
    assert not both & ONLY_ANY_WIDTH


@pytest.mark.parametrize("judge", JUDGES)
def test_no_judge_reaches_another(judge):
    others = {f"judges.{other}" for other in JUDGES if other != judge}
    assert not reached_by(judge) & others


def test_what_shows_a_counterexample_knows_only_the_exact_judge():
    found = reached("judges.counterexample", modules())
    assert {name for name in found if name.startswith("judges.")} == {
        "judges.counterexample", "judges.exact", "judges.tape",
    }  # fmt: skip
    assert not found & ONLY_ANY_WIDTH


def test_every_module_beside_the_judges_belongs_to_one_of_them():
    """So that no helper is imported in a way that is not seen here."""
    modules = {f"judges.{path.stem}" for path in (CODE / "judges").glob("[!_]*.py")}
    assert modules - {"judges.counterexample"} == {
        name for found in map(reached_by, JUDGES) for name in found if name.startswith("judges.")
    }


def test_every_exception_is_needed():
    shared = {name for a, b in combinations(JUDGES, 2) for name in reached_by(a) & reached_by(b)}
    assert {name.partition(".")[0] for name in shared} == set(SHARED)
    assert reached_by("any_width") >= ONLY_ANY_WIDTH


def test_the_graph_sees_imports(tmp_path):
    (tmp_path / "one.py").write_text("def f():\n    from bpderiv.two import x\n", "utf-8")
    (tmp_path / "two.py").write_text("import bpderiv.three\nimport sympy\n", "utf-8")
    (tmp_path / "three.py").write_text("from bpderiv import two\n", "utf-8")
    edges = graph(tmp_path)
    assert edges == {"one": {"two"}, "two": {"three"}, "three": {"two"}}
    assert reached("one", edges) == {"one", "two", "three"}
