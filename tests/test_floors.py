"""The counters count, and too little makes the run red."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from floors import FLOORS, PROPERTY, WORDS, Tally, shortfalls, summary

HERE = Path(__file__).parent


def report(nodeid="tests/test_a.py::test_a", when="call", passed=True, **counted):
    properties = [(PROPERTY + kind, number) for kind, number in counted.items()]
    return SimpleNamespace(nodeid=nodeid, when=when, passed=passed, user_properties=properties)


def counts(*reports, cells=2):
    tally = Tally()
    for one in reports:
        tally.add(one)
    return tally.counts(lambda notebook: cells)


def cell(number, when="call", passed=True):
    return report(f"notebooks/00.ipynb::Cell {number}", when, passed)


def test_what_passed_tests_counted_is_added_up():
    assert counts(
        report(jacobians=1, comparisons=3),
        report(comparisons=4),
        report(mutants=2),
        SimpleNamespace(
            nodeid="a::b", when="call", passed=True, user_properties=[("other tool's", 9)]
        ),
    ) == dict.fromkeys(WORDS, 0) | {"jacobians": 1, "comparisons": 7, "mutants": 2}


@pytest.mark.parametrize(
    "not_counted",
    [
        report(passed=False, mutants=1),
        report(when="setup", mutants=1),
        report(when="teardown", mutants=1),
    ],
    ids=["failed", "setup", "teardown"],
)
def test_only_the_call_of_a_test_that_passed_counts(not_counted):
    assert counts(not_counted)["mutants"] == 0


@pytest.mark.parametrize(
    ("reports", "ran"),
    [
        ([cell(0, "setup"), cell(0), cell(0, "teardown"), cell(1)], 1),
        ([cell(0), cell(1, passed=False)], 0),
        ([cell(0), cell(1), cell(1, "teardown", passed=False)], 0),
        ([cell(0, "setup", passed=False), cell(1)], 0),
        ([cell(0)], 0),
        ([report("tests/test_notebooks.py::test_gate[00.ipynb]")], 0),
    ],
    ids=["all cells", "one failed", "teardown failed", "setup failed", "one missing", "no cell"],
)
def test_a_notebook_ran_when_all_its_cells_passed(reports, ran):
    assert counts(*reports)["notebooks"] == ran


def test_the_summary_is_one_line():
    line = summary({kind: number for number, kind in enumerate(WORDS, 3)})
    assert line.startswith("bpderiv: 3 proofs, 4 Jacobians, 5 comparisons, ")
    assert line.endswith(f"{len(WORDS) + 2} notebooks ran") and "\n" not in line


def test_each_count_is_judged_by_its_floor():
    floors = {"jacobians": 3, "mutants": 5}
    assert shortfalls({"jacobians": 3, "mutants": 6}, floors) == []
    assert shortfalls({"jacobians": 2, "mutants": 6}, floors) == [
        "too few jacobians: 2, but tests/floors.py asks for 3"
    ]


def test_every_kind_has_a_floor_above_zero():
    assert FLOORS.keys() == WORDS.keys()
    assert all(floor > 0 for floor in FLOORS.values())


# --- end to end: pytest itself, in a project of one test file and one notebook -------------------

A_TEST = """
def test_enough(count, say):
    say("said by a test that passed")
    count("proofs")
    count("jacobians")
    count("comparisons", 12)
    count("mutants", 2)
"""
A_NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "id": "cell-0",
            "metadata": {},
            "source": "print(1 + 1)",
            "execution_count": 1,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "2\n"}],
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture
def run_pytest(tmp_path):
    """Run pytest on A_TEST (with a line replaced) and A_NOTEBOOK, in a folder with our conftest."""
    tests = tmp_path / "tests"
    tests.mkdir()
    shutil.copy(HERE / "conftest.py", tests)
    floors = (HERE / "floors.py").read_text(encoding="utf-8")
    least = {"proofs": 1, "jacobians": 1, "comparisons": 12, "mutants": 2, "notebooks": 1}
    floors += f"\nFLOORS.update(dict.fromkeys(FLOORS, 0) | {least})\n"
    (tests / "floors.py").write_text(floors, encoding="utf-8")
    notebook = tmp_path / "notebooks" / "00.ipynb"
    notebook.parent.mkdir()
    notebook.write_text(json.dumps(A_NOTEBOOK), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    def run(*options, replace=("", "")):
        (tests / "test_it.py").write_text(A_TEST.replace(*replace))
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
        # Other plugins would only cost time here.
        env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)

    return run


XDIST = ("-p", "xdist.plugin", "-n", "2", "--dist", "loadscope")
NBVAL = ("-p", "nbval.plugin", "--nbval", "--nbval-current-env")


def test_enough_is_green(run_pytest):
    done = run_pytest("tests", "notebooks", *XDIST, *NBVAL, "--floors")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("said by a test that passed") == 1
    assert "bpderiv: 1 proofs, 1 Jacobians, 12 comparisons, 2 mutants, " in done.stdout
    assert ", 1 notebooks ran" in done.stdout


@pytest.mark.parametrize("workers", [(), XDIST], ids=["one process", "xdist"])
def test_too_little_is_red_though_every_test_passed(run_pytest, workers):
    done = run_pytest("tests", *workers, "--floors", replace=("12", "11"))
    assert done.returncode == 1, done.stdout
    assert "too few comparisons: 11, but tests/floors.py asks for 12" in done.stdout
    assert "failed" not in done.stdout


def test_a_notebook_left_out_is_red(run_pytest):
    done = run_pytest("tests", "--floors")
    assert done.returncode == 1, done.stdout
    assert "too few notebooks: 0, but tests/floors.py asks for 1" in done.stdout


def test_without_floors_counts_are_told_not_judged(run_pytest):
    done = run_pytest("tests", replace=("12", "11"))
    assert done.returncode == 0, done.stdout
    assert "11 comparisons" in done.stdout


def test_a_kind_that_is_not_counted_is_refused(count):
    with pytest.raises(ValueError, match="'jacobian' is not counted"):
        count("jacobian")
