r"""Dots: which formula the entries shown follow, and what can still be said if they follow none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_meaning import LONG, claims, said

from bpderiv import expression as ex
from bpderiv.document.notes import notes_declarations
from bpderiv.judges import any_width, exact
from bpderiv.reading.errors import ReadError
from bpderiv.verdict import judge_statement


def matrix(*rows: str) -> str:
    """Rows typed as "1 & 2"."""
    return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"


def column_of(first: str, last: str) -> str:
    """A column with its first and its last entry."""
    return matrix(first, r"\vdots", last)


def display(latex: str) -> ex.Display:
    """The settled display that stands alone on the right."""
    (claim,) = claims(LONG, latex)
    assert claim.problem is None, claim.problem
    assert isinstance(claim.right, ex.Display)
    return claim.right


def formula(latex: str) -> str | None:
    """The general entry, its places called r and c."""
    found = display(latex)
    if found.general is None:
        return None
    text = said(found.general)
    for letter, name in zip(found.letters, "rc", strict=True):
        text = text.replace(letter, name)
    return text


def holds(latex: str) -> bool | None | str:
    """By types and the exact judge; "unread" if the claim says too little."""
    try:
        found = claims(LONG, latex)
    except ReadError:
        return "unread"
    (claim,) = found
    if claim.problem is not None:
        return False
    answer = exact.judge(claim).holds
    if claim.guess and answer is not False:
        return "unread"
    assert not (any_width.judge(claim).proved and answer is not True)
    return answer


# --- positions and formulas -----------------------------------------------------------------------


def test_entries_count_from_the_front_before_dots_and_from_the_end_after():
    row = display(
        r"(e_k e_k^T)_{m \times m} = "
        + matrix(r"1 & 2 & \dots & 3 & 4", r"\vdots & & & & \vdots", r"5 & 6 & \dots & 7 & 8")
    )
    end = ex.Last("k", 0)
    assert [(cell.row, cell.column, int(cell.value.value)) for cell in row.cells] == [
        (1, 1, 1), (1, 2, 2), (1, ex.Last("k", 1), 3), (1, end, 4),
        (end, 1, 5), (end, 2, 6), (end, ex.Last("k", 1), 7), (end, end, 8),
    ]  # fmt: skip


WEIGHTS = matrix(
    r"w_{11} & \dots & w_{1z}", r"\vdots & \ddots & \vdots", r"w_{m1} & \dots & w_{mz}"
)
FORMULAS = (
    # Corner entries fix row and column.
    (rf"W^{{k,j}} = {WEIGHTS}", "w^kj[r,c]"),
    (
        r"e_k y_j^T = " + matrix(r"e_{k,1} y_{j,1} & \dots & e_{k,1} y_{j,z}",
                                 r"\vdots & & \vdots",
                                 r"e_{k,m} y_{j,1} & \dots & e_{k,m} y_{j,z}"),
        "(e^k[r] y^j[c])",
    ),
    # The diagonal apart; what is the same everywhere stays.
    (
        r"I_m = " + matrix(r"1 & 0 & \dots & 0", r"0 & 1 & \dots & 0",
                           r"\vdots & & \ddots & \vdots", r"0 & 0 & \dots & 1"),
        "([r=c of k] 1)",
    ),
    (
        r"I_m = " + matrix(r"y_{k,1} & \dots & 2", r"\vdots & \ddots & \vdots",
                           r"2 & \dots & y_{k,m}"),
        "(([r=c of k] y^k[r]) + ((1 + (-1 [r=c of k])) 2))",
    ),
    # Rows that are all alike, a column alone, a row alone.
    (
        r"W^{k,j} = " + matrix(r"w_{11} & \dots & w_{1z}", r"w_{11} & \dots & w_{1z}",
                               r"\vdots & & \vdots", r"w_{11} & \dots & w_{1z}"),
        "w^kj[1,c]",
    ),
    (r"W^{k,j} y_j = " + column_of("e_{k,1}", "e_{k,m}"), "e^k[r]"),
    (r"W^{k,j} y_j = " + matrix("w_{11}", "w_{21}", r"\vdots", "w_{m1}"), "w^kj[r,1]"),
    (r"y_j^T = " + matrix(r"y_{j,1} & \dots & y_{j,z}"), "y^j[c]"),
    (r"e_k = " + column_of("0", "0"), "0"),
    # No formula.
    (r"e_k = " + column_of("0", "1"), None),
    (r"e_k = " + column_of("e_{k,1}", "d_{k,m}"), None),
    (r"e_k = " + column_of("e_{k,m}", "e_{k,1}"), None),
    (r"e_k = " + matrix("e_{k,1}", "e_{k,3}", r"\vdots", "e_{k,m}"), None),
)  # fmt: skip


@pytest.mark.parametrize(("latex", "expected"), FORMULAS)
def test_the_formula_that_entries_follow(latex, expected):
    assert formula(latex) == expected


#: Entries in row R, column C; how many rows and columns; whether each place may be last but one.
KNOWN = (
    ("w_{RC}^{k,j}", "m", "z", 1, 1),
    ("e_{k,R} y_{j,C}", "m", "z", 1, 1),
    (r"-\delta_{k,R} w_{RC}^{k,j} \varphi_j'(v_{j,C})", "m", "z", 1, 1),
    (r"2 \varphi_k'(v_{k,R})", "m", "z", 1, 2),
    ("y_{j,C}^2", "m", "z", 2, 1),
    ("y_{i,C} + v_{j,R}", "z", "p", 1, 1),
    (r"\frac{\partial e_{k,R}}{\partial y_{k,C}}", "m", "m", 1, 1),
    ("e_{k,R} d_{k,C} - y_{k,C}", "m", "m", 1, 1),
    ("7", "m", "z", 2, 2),
    (r"\eta \mathcal{E}", "m", "p", 2, 2),
)
LETTERS = {"m": "k", "z": "j", "p": "i"}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.sampled_from(KNOWN), st.integers(1, 3), st.integers(1, 3), st.integers(1, 2),
    st.integers(1, 2),
)  # fmt: skip
def test_a_matrix_printed_by_a_formula_is_read_back_as_it(known, top, left, bottom, right):
    entry, height, width, most_bottom, most_right = known
    bottom, right = min(bottom, most_bottom), min(right, most_right)
    rows = [*map(str, range(1, top + 1)), None, *[height] * bottom]
    columns = [*map(str, range(1, left + 1)), None, *[width] * right]
    lines = [
        " & ".join(
            (r"\ddots" if c is None else r"\vdots") if r is None
            else r"\dots" if c is None else entry.replace("R", r).replace("C", c)
            for c in columns
        )
        for r in rows
    ]  # fmt: skip
    shown = matrix(*lines) + rf"_{{{height} \times {width}}}"
    found = display(f"{shown} = {shown}")
    assert (found.rows, found.columns) == (LETTERS[height], LETTERS[width])
    (wanted,) = claims(LONG, entry.replace("R", "r").replace("C", "s") + " = 0")
    text = said(found.general).replace(found.letters[0], "r").replace(found.letters[1], "s")
    assert text == said(wanted.left)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(1, 3), st.integers(1, 2), st.sampled_from(("-1", r"\eta", "2")))
def test_a_printed_diagonal_is_read_back(front, end, value):
    places = [*range(1, front + 1), None, *range(-end, 0)]

    def shown(r, c):
        if r is None or c is None:
            return r"\ddots" if r is c else r"\vdots" if r is None else r"\dots"
        return value if r == c else "0"

    latex = matrix(*(" & ".join(shown(r, c) for c in places) for r in places))
    found = display(rf"{value} I_m = {latex}")
    r, c = found.letters
    if (front, end) == (1, 1):
        # The corners are diagonal and off it: enough.
        assert len(found.cells) == 4
    assert said(found.general).startswith(f"([{r}={c} of k] ")
    assert holds(rf"{value} I_m = {latex}") is True
    assert holds(rf"{value} e_k e_k^T = {latex}") is False


# --- no formula -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        # Explicit entries that are wrong refute, whatever the dots hide.
        (r"e_k = " + column_of("e_{k,1}", "y_{k,m}"), False),
        (r"e_k = " + matrix("e_{k,1}", "e_{k,3}", r"\vdots", "e_{k,m}"), False),
        (r"W^{k,j} = " + WEIGHTS.replace("w_{m1}", "w_{11}"), False),
        # All entries shown are right, and the dots could hide anything.
        (r"e_k = " + column_of("e_{k,1}", "d_{k,m} - y_{k,m}"), None),
        (r"\frac{\partial v_k}{\partial w_{11}} = " + column_of("y_{j,1}", "0"), None),
        (r"\frac{\partial v_k}{\partial w_{m1}^{k,j}} = "
         + matrix("0", r"\vdots", "0", "y_{j,1}"), None),
        (r"W^{k,j} - W^{k,j} = " + column_of("0", r"\eta - \eta"), False),
        # Nothing tells the size.
        (column_of("0", "1") + " = " + column_of("0", "2"), "unread"),
    ],
)  # fmt: skip
def test_without_a_formula_only_entries_shown_are_judged(latex, expected):
    assert holds(latex) is expected or holds(latex) == expected


def test_hidden_entries_are_said_to_be_hidden():
    latex = r"e_k = " + column_of("e_{k,1}", "d_{k,m} - y_{k,m}")
    verdict = judge_statement(latex, LONG, notes_declarations())
    assert verdict.holds is None
    assert "the dots do not say one formula" in verdict.links[0].reason


# --- (index = b) ----------------------------------------------------------------------------------


def marked(entry: str, mark: str) -> str:
    """A column of noughts with one entry, and where that stands."""
    return matrix("0", r"\vdots", entry, r"\vdots", "0") + rf" (\text{{index}} = {mark})"


@pytest.mark.parametrize(
    ("left", "entry", "mark", "expected"),
    [
        (r"\frac{\partial v_k}{\partial w_{ba}}", "y_{j,a}", "b", True),
        (r"\frac{\partial v_k}{\partial w_{ba}}", "y_{j,a}", "r", False),
        (r"\frac{\partial v_k}{\partial w_{ba}}", "y_{j,a}", "a", False),
        (r"\frac{\partial v_k}{\partial w_{ba}}", "v_{j,a}", "b", False),
        (r"\frac{\partial y_k}{\partial v_{k,b}}", r"\varphi_k'(v_{k,b})", "b", True),
        (r"\frac{\partial y_k}{\partial v_{k,b}}", r"\varphi_k'(v_{k,1})", "b", False),
        (r"\frac{\partial y_k}{\partial v_{k,2}}", r"\varphi_k'(v_{k,2})", "2", True),
        (r"\frac{\partial y_k}{\partial v_{k,2}}", r"\varphi_k'(v_{k,2})", "3", False),
        (r"\frac{\partial v_k}{\partial w_{m1}}", "y_{j,1}", "m", True),
        (r"\frac{\partial v_k}{\partial w_{m1}}", "y_{j,1}", "z", False),
    ],
)
def test_the_marked_entry_stands_at_its_place(left, entry, mark, expected):
    assert holds(f"{left} = {marked(entry, mark)}") is expected


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"e_k = " + matrix("0", r"\vdots", "1", r"\vdots", "0"), "at which place does the entry"),
        (r"e_k = " + column_of("0", "0") + r" (\text{index} = b)", "belongs to a column or row"),
        (r"e_k = " + column_of("0", "0") + r" (\text{place} = b)", r"write (\text{index} = b)"),
        (
            r"W^{k,j} = " + matrix(r"w_{11} & \dots & w_{1z}", r"w_{21} & w_{22} & w_{2z}",
                                   r"\vdots & & \vdots", r"w_{m1} & \dots & w_{mz}"),
            "its columns cannot be counted",
        ),
        (r"I_2 = " + matrix("1 & 0", "1"), "different lengths"),
        (r"I_2 = " + matrix("1 & 0", "1 & "), "an entry is empty"),
        (r"v_{k,b} = w_{b1} y_{j,1} - \dots - w_{bz} y_{j,z}", "has + between its terms"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(latex, words):
    with pytest.raises(ReadError) as error:
        claims(LONG, latex)
    assert words in str(error.value)


# --- sizes ----------------------------------------------------------------------------------------


def test_a_size_below_is_checked_and_fills_in():
    assert holds(rf"W^{{k,j}} = {WEIGHTS}_{{m \times z}}") is True
    assert holds(rf"W^{{k,j}} = {WEIGHTS}_{{z \times m}}") is False
    assert display(column_of("0", "1") + r"_{z \times 1} = " + column_of("0", "1")).rows == "j"
    assert holds(r"e_k - e_k = " + column_of("0", "0") + r"_{m \times 1}") is True
    assert holds(r"e_k - e_k = " + column_of("0", "0") + r"_{z \times 1}") is False


def test_a_display_is_judged_at_sizes_that_hold_its_entries():
    latex = r"e_k = " + matrix(*(f"e_{{k,{r}}}" for r in range(1, 6)), r"\vdots", "e_{k,m}")
    (claim,) = claims(LONG, latex)
    assert exact.least_size(claim) == 7
    for spot in exact.spots(claim, 2):
        assert min(spot.sizes) >= 7 and len(set(spot.sizes)) == len(spot.sizes)
    assert holds(latex) is True
    assert holds(latex.replace("e_{k,5}", "e_{k,4}")) is False


def test_too_many_entries_for_a_known_number():
    (claim,) = claims(LONG, r"e_{k,b} = " + column_of("1", "1"))
    assert "this matrix shows 2 rows or more, and 1 belong there" in claim.problem


# --- sums with dots -------------------------------------------------------------------------------

TERM = "w_{{b{0}}} y_{{j,{1}}}".format
MIDDLE = rf"\dots + {TERM('a', 'a')} + \dots"


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ((TERM(1, 1), r"\dots", TERM("z", "z")), True),
        ((TERM(1, 1), TERM(2, 2), r"\dots", TERM("z", "z")), True),
        ((TERM(1, 1), MIDDLE, TERM("z", "z")), True),
        # One wrong term.
        ((TERM(1, 1), TERM(2, 1), r"\dots", TERM("z", "z")), False),
        ((TERM(1, 1), TERM(3, 3), r"\dots", TERM("z", "z")), False),
        ((TERM(2, 2), TERM(2, 2), r"\dots", TERM("z", "z")), False),
        ((TERM(1, 1), TERM(2, 2), r"2 w_{b3} y_{j,3}", r"\dots", TERM("z", "z")), False),
        # A wrong last term.
        ((TERM(1, 1), r"\dots", TERM("m", "m")), False),
        ((TERM(1, 1), TERM(2, 2), r"\dots", TERM("z", 1)), False),
        # The last of all z, or the a-th? Not said.
        ((TERM(1, 1), TERM(2, 2), r"\dots", TERM("a", "a")), "unread"),
        # A term between the dots that is not one of them.
        ((TERM(1, 1), r"\dots", TERM("a", 1), r"\dots", TERM("z", "z")), "unread"),
        # Terms that follow nothing: the dots could be anything.
        ((TERM(1, 1), r"\dots", "v_{k,b}"), "unread"),
        (("1", r"\dots", "1"), "unread"),
    ],
)
def test_a_sum_with_dots(terms, expected):
    found = holds("v_{k,b} = " + " + ".join(terms))
    assert found is expected or found == expected


def test_a_sum_with_one_term_wrong_is_never_true():
    """Even where the wrong term, taken for all, would be what the left side says."""
    latex = r"2 v_{k,b} - v_{k,b} = w_{b1} y_{j,1} + w_{b2} y_{j,2} + \dots + w_{bz} y_{j,1}"
    assert holds(latex) is False


@pytest.mark.parametrize(
    ("latex", "holds"),
    [
        (r"v_k = \begin{bmatrix} \sum_a w_{1a} y_{j,a} \\ \vdots \\ "
         r"\sum_r w_{mr} y_{j,r} \end{bmatrix}", True),
        (r"v_k = \begin{bmatrix} \sum_r w_{1r} y_{j,r} \\ \sum_s w_{1s} y_{j,s} \\ \vdots \\ "
         r"\sum_a w_{ma} y_{j,a} \end{bmatrix}", False),
        (r"\mathcal{E} = \tfrac12 ((d_{k,1} - \varphi_k(\sum_a w_{1a} y_{j,a}))^2 + \dots + "
         r"(d_{k,m} - \varphi_k(\sum_r w_{mr} y_{j,r}))^2)", True),
    ],
)  # fmt: skip
def test_the_letter_of_a_sum_in_an_entry_says_nothing(latex, holds):
    """Each Σ has a letter of its own, and the entries follow one formula all the same."""
    verdict = judge_statement(latex, LONG, notes_declarations())
    assert verdict.holds is holds
