"""Every exercise tests itself: handed out it is not tried, its solution is right, and each wrong
answer that stands beside it gets its diagnosis."""

from __future__ import annotations

import json
import re
from pathlib import Path

import feedback
import numpy as np
import pytest
from answers import solved, typed

from bpderiv.exercises import cells, choice, desk, kept, sentences, symbols
from bpderiv.exercises.exercise import KINDS, BankError, exercise, exercises, read_bank
from bpderiv.exercises.feedback import Outcome
from bpderiv.mistakes.catalogue import CATALOGUE, OF_WINDOWS

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
ALL = exercises()
WRONG = [(id_, i) for id_, asked in ALL.items() for i in range(len(asked.wrong))]


@pytest.mark.parametrize("id_", ALL)
def test_as_handed_out_it_is_not_tried(id_):
    for empty in (None, "", "  ", ...):
        found = desk.judge(ALL[id_], empty)
        assert found.outcome is Outcome.NOT_TRIED and found.lines


@pytest.mark.parametrize("id_", ALL)
def test_its_solution_is_right(id_, count):
    found = desk.judge(ALL[id_], solved(ALL[id_]))
    assert found.right, found
    count("exercises", 1)


@pytest.mark.parametrize(("id_", "number"), WRONG)
def test_each_wrong_answer_gets_its_diagnosis(id_, number, count):
    wrong, found = ALL[id_].wrong[number], feedback.judged(id_, number)
    assert found.outcome is Outcome.WRONG, found
    assert wrong.says in repr(found) or wrong.says in "\n".join(found.lines), found
    count("wrong answers", 1)


@pytest.mark.parametrize("id_", ALL)
def test_there_is_enough_beside_it(id_):
    asked = ALL[id_]
    assert len(asked.wrong) >= 4 or asked.kind == "find" and len(asked.wrong) == 3
    assert len(asked.hints) >= 2
    assert len({repr(x.answer) for x in asked.wrong}) == len(asked.wrong)
    assert re.fullmatch(r"\d\.\d+", id_)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """What a learner has done is kept in the folder where one is."""
    monkeypatch.chdir(tmp_path)
    desk.begin_anew()


def test_what_is_said_is_what_is_stored():
    assert feedback.text() == feedback.STORED.read_text(encoding="utf-8")


def test_no_notebook_is_stale():
    assert cells.stale(NOTEBOOKS) == []


def test_a_stale_cell_is_seen_and_renewed(tmp_path):
    """Another question in the bank: the cell is made anew, in its place, and loses its output."""
    path = NOTEBOOKS / "04_local_gradient.ipynb"
    notebook = cells.nb.read(path)
    asked = exercise("4.1")
    mine = [x for x in ALL.values() if x.notebook == "04"]
    changed = [type(x)(**{**x.__dict__, "ask": "Otherwise."}) if x is asked else x for x in mine]
    before, after = (cells.sources(cells.student(notebook, x)) for x in (mine, changed))
    assert before == cells.sources(notebook)
    different = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(different) == 1 and different[0][1][1].endswith("Otherwise.")


def test_the_heading_of_the_exercises_is_renewed_and_what_is_left_over_goes():
    notebook = cells.nb.read(NOTEBOOKS / "04_local_gradient.ipynb")
    mine = [x for x in ALL.values() if x.notebook == "04"]
    changed = json.loads(json.dumps(notebook))
    heading = next(x for x in changed["cells"] if x["metadata"].get(cells.MARK, {}).get("part"))
    heading["source"] = "## Try\n\nOtherwise."
    gone = {**heading, "id": "gone", "metadata": {cells.MARK: {"exercise": "4.99", "part": "ask"}}}
    changed["cells"].insert(-1, gone)
    assert cells.sources(cells.student(changed, mine)) == cells.sources(notebook)


# --- the desk -------------------------------------------------------------------------------------


def test_a_wrong_answer_brings_the_next_hint_and_never_the_solution():
    asked = exercise("4.1")
    wrong = [typed(asked, x.answer) for x in asked.wrong]
    said = [repr(desk.check("4.1", answer)) for answer in wrong]
    for number, text in enumerate(said[: len(asked.hints)], 1):
        assert f"Hint {number} of {len(asked.hints)}" in text
    assert all("Hint" not in text for text in said[len(asked.hints) :])
    assert not any(asked.why in text for text in said)
    again = repr(desk.check("4.1", wrong[0]))
    assert "Hint" not in again and 'hint("4.1")' in again


def test_hints_go_round_and_the_solution_is_told_when_asked():
    asked = exercise("4.1")
    said = [desk.hint("4.1").text for _ in range(len(asked.hints) + 1)]
    assert said[0] == said[-1] and len(set(said)) == len(asked.hints)
    for id_ in ALL:
        assert ALL[id_].why in desk.solution(id_).text


def test_what_is_done_is_kept_and_may_be_deleted():
    assert kept.done() == set()
    desk.check("4.1", solved(exercise("4.1")))
    desk.check("4.2", "")
    assert kept.done() == {"4.1"}
    assert "1 of" in repr(desk.progress())
    Path(kept.FILE).write_text("{broken", encoding="utf-8")
    assert kept.done() == set()
    desk.check("4.2", solved(exercise("4.2")))
    assert kept.done() == {"4.2"}
    Path(kept.FILE).unlink()
    assert kept.done() == set()


def test_where_nothing_can_be_written_an_answer_is_judged_all_the_same(monkeypatch):
    def full(*args, **options):
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_text", full)
    assert desk.check("4.1", solved(exercise("4.1"))).right


def test_the_unknown_exercise_names_those_of_its_notebook():
    with pytest.raises(ValueError, match=r"no exercise '4\.99'; there are 4\.1, 4\.2"):
        desk.check("4.99", "x")


def test_who_wants_the_checker_is_told_where_it_is():
    with pytest.raises(ValueError, match=r"this check is for exercises.*bpderiv\.check"):
        desk.check(r"\delta_k = e_k")


def test_nothing_that_is_typed_is_run():
    code = "__import__('pathlib').Path('run').touch()"
    for id_ in ("4.1", "4.5", "4.7", "4.8", "5.1", "5.5"):
        assert desk.judge(ALL[id_], code).outcome is Outcome.UNREADABLE
    assert not Path("run").exists()


def test_an_answer_may_be_a_chain_and_the_first_false_step_is_named():
    steps = r"-\frac{\partial \mathcal{E}}{\partial v_{k,b}} = e_{k,b} y_{k,b} = e_{k,b}"
    said = repr(desk.judge(ALL["4.1"], steps))
    assert "steps before it are right" in said and "e_k,b y_k,b" in said


COLUMN = r"\begin{bmatrix} 0 \\ \vdots \\ y_{i,c} \\ \vdots \\ 0 \end{bmatrix} INDEX"
OUTPUT_ROW = (
    r"\begin{bmatrix} -e_{k,1} \varphi_k'(v_{k,1}) & -e_{k,2} \varphi_k'(v_{k,2}) & \dots & "
    r"-e_{k,m} \varphi_k'(v_{k,m}) \end{bmatrix}"
)


def by_norm(found, reference):
    return np.linalg.norm(found - reference) / np.linalg.norm(reference)


def no_turn(y_j, W_kj):
    return np.tanh(y_j @ W_kj)


@pytest.mark.parametrize(
    ("id_", "answer", "outcome", "words"),
    [
        ("1.2", r"\sum_{b=1}^{m} E_{k,b}", Outcome.RIGHT, "Proved for any width"),
        ("2.1", "0.2 * 2.25", Outcome.RIGHT, "It is 0.45"),
        ("2.1", r"0.2 \cdot \frac{9}{4}", Outcome.RIGHT, "It is 0.45"),
        ("2.1", "(1/5) · 2.25", Outcome.RIGHT, "It is 0.45"),
        ("2.1", "0,45", Outcome.UNREADABLE, "No comma, please"),
        ("7.2", "1,510", Outcome.UNREADABLE, "No comma, please: 1510"),
        ("2.1", "9**99999", Outcome.UNREADABLE, "A number is asked for"),
        ("2.1", "__import__('os')", Outcome.UNREADABLE, "A number is asked for"),
        ("0.2", "2x4", Outcome.RIGHT, "2 rows and 4 columns"),
        ("0.2", "m x (z + 1)", Outcome.RIGHT, "2 rows and 4 columns"),
        ("0.2", "m × (1+z)", Outcome.RIGHT, "2 rows and 4 columns"),
        ("2.5", "M x Z", Outcome.RIGHT, "m rows and z columns"),
        ("2.5", "mxz", Outcome.RIGHT, "m rows and z columns"),
        ("1.4", r"w(n) - \eta", Outcome.UNREADABLE, "A `w` without indices"),
        ("1.4", "w - eta*dE/dw", Outcome.UNREADABLE, r"begin with a backslash: `\eta`"),
        ("0.3", "w_ac", Outcome.UNREADABLE, "This looks like plain text or Python"),
        ("0.3", "W_{ac}^{j,i}", Outcome.UNREADABLE, "like W^{k,j} or w_{ba}^{k,j}"),
        ("0.3", "W^{j,i}", Outcome.WRONG, "give each letter its neuron"),
        ("1.2", r"m \mathcal{E}_{k,b}", Outcome.UNREADABLE, "m is how many neurons a layer has"),
        ("0.7", no_turn, Outcome.WRONG, "sizes that do not fit"),
        ("2.3", "-e_{k,b}", Outcome.WRONG, "does that one grow, or fall?"),
        ("4.1", r"-e_{k,b} \varphi_k'(v_{k,b})", Outcome.WRONG, "definition of δ"),
        ("3.2", "-e_k.T", Outcome.RIGHT, "Proved for any width"),
        ("3.2", r"-e_k^t", Outcome.RIGHT, "Proved for any width"),
        ("3.2", "[1, -0.5]", Outcome.RIGHT, "Equal in all 2 entries"),
        ("3.2", [-1, 0.5], Outcome.WRONG, "does that one grow, or fall?"),
        ("3.2", "-e_{k,b}", Outcome.WRONG, "one entry of it?"),
        ("3.3", "m", Outcome.UNREADABLE, "rows × columns, both"),
        ("3.3", "m x1", Outcome.RIGHT, "m rows and 1 column"),
        ("3.3", "4 x 1", Outcome.UNREADABLE, "In letters, please"),
        ("3.4", COLUMN.replace("INDEX", "(index = a)"), Outcome.RIGHT, "Proved for any width"),
        ("3.4", COLUMN.replace("INDEX", r"\text{index} = a"), Outcome.RIGHT, "Proved"),
        ("3.4", COLUMN.replace("INDEX", ""), Outcome.UNREADABLE, r"(\text{index} = …)"),
        ("3.4", [0, 0.5], Outcome.WRONG, "the signal of input 2"),
        ("3.5", r"-diag(\varphi_k'(v_k))", Outcome.RIGHT, "Proved for any width"),
        ("3.5", r"-\diag(v_k)", Outcome.WRONG, "Right only if φ is half the square"),
        ("4.1", r"e_{k,b} y_{k,b} (1 - y_{k,b})", Outcome.WRONG, "only if φ is the logistic curve"),
        ("4.1", r"e_{k,b} (1 - y_{k,b}^2)", Outcome.WRONG, "only if φ is tanh"),
        ("4.1", r"e_k \varphi_k'(v_k)", Outcome.WRONG, "give each letter its neuron"),
        ("4.3", r"0.04 \delta_{k,b} y_{j,a}", Outcome.WRONG, "0.04 is a number of the example"),
        ("4.3", r"\alpha \delta_{k,b} y_{j,a}", Outcome.UNREADABLE, "called η here"),
        ("4.4", r"-\eta \delta_k y_j^T", Outcome.WRONG, "another book's δ"),
        ("5.2", r"Σ \delta_{k,b} w_{ba}", Outcome.UNREADABLE, r"A sum is typed `\sum_{b=1}^{m}`"),
        ("5.5", r"\begin{bmatrix} 0 \\ -2 \end{bmatrix}", Outcome.RIGHT, "Equal in all 2 entries"),
        ("5.5", [0, -2, 0], Outcome.WRONG, "3 numbers, and in the example there are 2"),
        (
            "6.1",
            r"\varphi_j'(v_j) \sum_{k=1}^{m} \delta_k w_{kj}",
            Outcome.UNREADABLE,
            "short form",
        ),
        ("7.6", "B x z", Outcome.RIGHT, "100 rows and 20 columns"),
        ("8.2", OUTPUT_ROW, Outcome.WRONG, "holds for any layer"),
        ("9.3", "sentence 3", Outcome.RIGHT, "The false line"),
        ("9.4", by_norm, Outcome.WRONG, "on the first input"),
    ],
)
def test_what_learners_type_is_read_or_told_kindly(id_, answer, outcome, words):
    said = desk.judge(exercise(id_), answer)
    assert said.outcome is outcome
    assert words in "\n".join(said.lines)


def test_letters_in_a_list_are_an_order():
    right = choice.order_of(exercise("1.3")).split()
    assert desk.judge(exercise("1.3"), right).right


def test_symbols_tell_how_each_letter_is_typed():
    assert str(symbols("1.2")).splitlines()[1].split() == ["x.E_k[x.b]", r"\mathcal{E}_{k,b}"]
    shown = symbols("0.6")._repr_markdown_()
    row = r"| `sympy.Sum(x.w_ji[x.a, x.c], (x.c, 1, x.p))` | $\sum_{c=1}^{p} w_{ac}^{j,i}$ |"
    assert row in shown


def test_every_name_of_the_catalogue_has_a_sentence():
    names = [mistake.pattern for mistake in CATALOGUE] + [name for name, _ in OF_WINDOWS]
    filled = [name.replace("{function}", "φ") for name in names]
    filled = [re.sub(r"\{\w+\}", "w", name) for name in filled]
    assert [name for name in filled if not sentences.sentence(name)] == []


def test_every_kind_can_be_judged():
    assert set(desk.KINDS) == set(KINDS)


# --- the bank -------------------------------------------------------------------------------------

GOOD = """
[[exercise]]
id = "1.1"
kind = "shape"
title = "t"
ask = "a"
solution = "m x z"
hints = ["h", "i"]
why = "w"
another = "o"
"""
BAD = {
    "no TOML": (GOOD + "x", "bank.toml: "),
    "something missing": (GOOD.replace('why = "w"', ""), "exercise 1.1: why missing"),
    "unknown kind": (GOOD.replace('"shape"', '"essay"'), "a kind is one of equation"),
    "a wrong answer without words": (GOOD + 'wrong = [{answer = "x"}]', "without says"),
}


def test_a_good_bank_is_read():
    assert [x.id for x in read_bank(GOOD, "bank.toml")] == ["1.1"]


@pytest.mark.parametrize("case", BAD)
def test_a_bad_bank_is_refused(case):
    text, words = BAD[case]
    with pytest.raises(BankError, match=re.escape(words)):
        read_bank(text, "bank.toml")


@pytest.mark.parametrize("id_", [x for x in ALL if ALL[x].kind == "find"])
def test_exactly_the_line_that_is_meant_is_the_first_false_one(id_):
    from bpderiv.exercises.equation import task_of
    from bpderiv.verdict import check

    asked = ALL[id_]
    window = task_of(asked, "x").window
    for number, line in enumerate(asked.more["lines"], 1):
        for latex in re.findall(r"\$(.*?)\$", line):
            holds = check(latex, " ".join(window.layers), window.layers[-1] if window.output else
                          None, " ".join(window.sizes), " ".join(window.neurons)).holds  # fmt: skip
            if number <= asked.solution:
                assert holds is (number < asked.solution), latex
