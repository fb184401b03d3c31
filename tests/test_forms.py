"""Every equal form of a right answer is right: typed by hand, in LaTeX and in sympy."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from sympy import Matrix
from sympy_forms import SYMPY

from bpderiv.exercises import desk, symbols
from bpderiv.exercises.exercise import exercise, exercises
from bpderiv.exercises.feedback import Outcome

FOLDER = Path(__file__).parent / "forms"
LATEX = {
    id_: forms
    for file in sorted(FOLDER.glob("*.toml"))
    for id_, forms in tomllib.loads(file.read_text(encoding="utf-8")).items()
}
#: As many as every exercise needs whose answer is an expression.
LEAST = 6
#: sympy has no word for it: a column of any width, or one letter for layer and neuron.
NOT_IN_SYMPY = {"4.4", "5.4", "6.1", "6.3", "7.3", "8.2", "8.4"}


@pytest.mark.parametrize(
    ("id_", "form"), [(id_, form) for id_, forms in LATEX.items() for form in forms]
)
def test_an_equal_form_is_right(id_, form, count):
    found = desk.judge(exercise(id_), form)
    assert found.right, found
    count("equal forms", 1)


@pytest.mark.parametrize(
    ("id_", "number"), [(id_, i) for id_, forms in SYMPY.items() for i in range(len(forms))]
)
def test_an_equal_form_in_sympy_is_right(id_, number, count):
    found = desk.judge(exercise(id_), SYMPY[id_][number](symbols(id_)))
    assert found.right, found
    count("equal forms", 1)


@pytest.mark.parametrize("id_", LATEX)
def test_there_are_enough_and_no_form_twice(id_):
    forms = [form.replace(" ", "") for form in LATEX[id_]]
    assert len(forms) >= LEAST and len(set(forms)) == len(forms)
    assert exercise(id_).solution.replace(" ", "") not in forms


def test_every_exercise_of_these_notebooks_has_its_forms():
    notebooks = {f"{int(id_.partition('.')[0]):02}" for id_ in LATEX}
    asked = {
        id_
        for id_, x in exercises().items()
        if x.notebook in notebooks and x.kind in ("equation", "jacobian")
    }
    assert set(LATEX) == asked
    assert {*SYMPY, *NOT_IN_SYMPY} >= asked


@pytest.mark.parametrize(
    ("id_", "form", "said"),
    [
        ("0.6", "W^{k,j} y_j", "y_j must not stand in it"),
        ("0.6", r"\sum_{a=1}^{z} w_{ba}^{k,j} \varphi_j(v_{j,a})", "v_j must not stand in it"),
        ("1.2", r"\tfrac{1}{2} e_k^T e_k", "e_k must not stand in it"),
        ("1.4", r"w_{ba}^{k,j}(n+1)", "W(n+1)^{k,j} must not stand in it"),
        ("2.8", r"\frac{\partial \mathcal{E}}{\partial y_{j,a}}", "the derivative that was asked"),
        ("5.8", r"\eta \delta_{j,a} y_{i,c}", "δ_j must not stand in it"),
        ("6.2", r"\varphi_i'(v_{i,c}) \sum_a w_{ac} \delta_{j,a}", "δ_j must not stand in it"),
        ("6.3", r"-\delta_j y_i^T", "δ_j must not stand in it"),
        ("7.3", r"W^{k,j} + \Delta W^{k,j}", "must not stand in it"),
        ("8.4", r"\varphi_j'(v_j) \sum_k w_{kj} \delta_k", "δ_k must not stand in it"),
        ("4.3", r"-\eta \frac{\partial \mathcal{E}}{\partial w_{ba}^{k,j}}", "a derivative must"),
    ],
)
def test_what_is_true_and_says_nothing_new_is_no_answer_yet(id_, form, said):
    found = desk.judge(exercise(id_), form)
    assert not found.right and said in repr(found) and "It is true" in repr(found)


def test_a_sympy_matrix_where_a_formula_is_asked_is_read():
    found = desk.judge(exercise("4.4"), Matrix([[1, 2], [3, 4]]))
    assert found.outcome is Outcome.WRONG and "2 × 2" in repr(found)
