"""The measure, the words and the verdict of a comparison."""

import numpy as np
import pytest

from bpderiv.checks.comparison import (
    CENTRAL_TOLERANCE,
    TOLERANCE,
    Comparison,
    Report,
    compare,
)

NAN, INF = float("nan"), float("inf")


def between(one, other, tolerance=TOLERANCE) -> Comparison:
    return compare("∂E/∂W", ("here", one), ("there", other), tolerance)


# --- the measure ----------------------------------------------------------------------------------


def test_relative_to_the_largest_entry():
    """A difference counts against the largest entry of both, not against its own entry."""
    found = between([4.0, 2.0**-40], [4.0, 3 * 2.0**-40])
    assert found.largest_difference == 2.0**-39 and found.largest_entry == 4
    assert found.relative == 2.0**-41
    assert between([1.0, -8.0], [1.0, -4.0]).relative == 0.5
    assert between([1.0, -4.0], [1.0, -8.0]).relative == 0.5, "either side may have it"
    assert between([-1e-200, 0], [1e-200, 0]).relative == 2, "small numbers are no excuse"


def test_tolerance_is_the_border():
    """At the tolerance they agree, a little beyond they do not; 1e-13 unless told."""
    assert TOLERANCE == 1e-13 and CENTRAL_TOLERANCE == 1e-7
    assert between([1.0], [1.0]).tolerance == TOLERANCE
    assert between([0.75, 1.0], [0.5, 1.0], tolerance=0.25).agree
    assert not between([0.75, 1.0], [0.5, 1.0], tolerance=0.2499).agree
    assert between([1.0], [1 + 0.9e-13]).agree and not between([1.0], [1 + 1.2e-13]).agree


def test_place_of_the_largest_difference():
    """Not the first difference, the largest; its place along every axis."""
    one = np.zeros((2, 3, 4))
    one[0, 0, 1], one[1, 2, 3], one[1, 0, 0] = 1, -5, 2
    assert between(one, np.zeros((2, 3, 4))).place == (1, 2, 3)
    assert between([1.0, 2.0, 3.0], [1.0, 2.5, 3.0]).place == (1,)
    assert between(1.0, 2.0).place == ()
    assert all(type(i) is int for i in between(one, 2 * one).place)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([NAN], [NAN]), ([NAN], [0.0]), ([0.0], [NAN]), ([NAN], [1.0]), ([1.0], [NAN]),
        ([1.0, NAN], [1.0, NAN]), ([0.0, NAN], [0.0, 0.0]), ([1.0, 0.0], [1.0, NAN]),
        ([INF], [1.0]), ([1.0], [-INF]), ([INF], [-INF]),
    ],
)  # fmt: skip
def test_nan_and_infinity_never_agree(one, other):
    """Whatever stands on the other side, and at whatever tolerance."""
    for tolerance in (TOLERANCE, 1e300):
        found = between(one, other, tolerance)
        assert not found.agree
        assert repr(found).startswith("DIFFERENT")
        assert not Report((between([1.0], [1.0]), found)).agree


def test_nan_is_told_with_its_place():
    """The place shown is that of the NaN."""
    assert "nan at [1]" in repr(between([5.0, NAN], [1.0, 1.0]))


def test_both_zero():
    """Zero and zero agree, and the words say exactly zero, not "agree to 1e-13"."""
    found = between(np.zeros((2, 2)), np.zeros((2, 2)))
    assert found.agree and found.relative == 0
    assert repr(found) == "∂E/∂W: here and there are both exactly zero (4 numbers)"
    assert between([0.0], [-0.0]).agree
    assert "zero" not in repr(between([1.0, 0.0], [1.0, 0.0])), "not all of it is zero"


@pytest.mark.parametrize("tiny", [5e-324, 1e-300, 1e-20])
def test_zero_and_not_zero(tiny):
    """If one is zero and the other is not, they differ completely, however small it is."""
    for found in (between([0.0, 0.0], [0.0, tiny]), between([tiny, 0.0], [0.0, 0.0])):
        assert found.relative == 1 and not found.agree
        assert "zero" not in repr(found) and "DIFFERENT" in repr(found)


def test_equal_but_not_zero():
    """The same numbers: no difference, and no division by it."""
    assert between([3.0], [3.0]).relative == 0 and between([3.0], [3.0]).agree


@pytest.mark.parametrize(
    "other", [np.zeros((1, 2)), np.zeros((3,)), np.zeros(()), np.zeros((2, 1))]
)
def test_shapes_must_be_the_same(other):
    """No broadcasting: a column against a row is a mistake. The message has all four facts."""
    with pytest.raises(ValueError) as caught:
        between(np.zeros(2), other)
    assert str(caught.value) == f"∂E/∂W: here has shape (2,), there has {other.shape}"


def test_lists_and_float32():
    """What is passed in may be lists or float32; it is compared as float64."""
    third = np.float32(1) / np.float32(3)
    assert 1e-9 < between([third], [1 / 3]).relative < 1e-7


def test_nothing_to_compare():
    """Two empty arrays: the message should say what is empty."""
    with pytest.raises(ValueError, match="∂E/∂W"):
        between([], [])


# --- the words ------------------------------------------------------------------------------------


def test_words_of_agreement():
    """The words claim the tolerance and no digit more: the same on every machine."""
    assert repr(between([1.0, 2.0], [1.0, 2.0])) == (
        "∂E/∂W: here and there agree to 1e-13 of the largest entry (2 numbers)"
    )
    assert repr(between(1.0, 1.0, 1e-7)) == (
        "∂E/∂W: here and there agree to 1e-07 of the largest entry (1 number)"
    )


def test_words_do_not_change_with_the_last_digits():
    """Three different differences, all within the tolerance: one text, in repr and in HTML."""
    found = [between([1.0, 2.0], [1.0, 2.0 + x]) for x in (0, 4e-16, 1e-13)]
    assert len({c.relative for c in found}) == 3 and all(c.agree for c in found)
    assert len({repr(c) for c in found}) == 1
    assert len({Report((c,))._repr_html_() for c in found}) == 1


def test_words_of_a_difference():
    """DIFFERENT comes first; then how far, where, and out of how many."""
    found = between([[1.0, 2.0], [8.0, 4.0]], [[1.0, 2.0], [6.0, 4.0]])
    assert repr(found) == (
        "DIFFERENT. ∂E/∂W: here and there, 4 numbers; largest difference 2 at [1][0], "
        "0.25 of the largest entry (8)"
    )
    assert repr(found) == f"DIFFERENT. {found.detail()}"
    assert found.cells() == ("∂E/∂W", "here", "there", "4", f"DIFFERENT: {found.detail()}")
    assert "at the only entry" in repr(between(1.0, 2.0))


def test_cells_of_agreement():
    """A row of the table."""
    assert between([1.0, 2.0], [1.0, 2.0]).cells() == (
        "∂E/∂W", "here", "there", "2", "agree to 1e-13 of the largest entry",
    )  # fmt: skip


def test_zero_in_the_table():
    """In a notebook the table is what is seen: it should say exactly zero, as repr does."""
    assert "zero" in between([0.0], [0.0]).cells()[-1]


# --- the report -----------------------------------------------------------------------------------

GOOD, BAD = between([1.0, 2.0], [1.0, 2.0]), between([1.0], [1.5])


def test_an_empty_report_does_not_agree():
    """Nothing compared is nothing proved."""
    assert Report(()).agree is False
    assert Report(()).verdict == "0 of 0 comparisons agree (0 numbers)"


def test_all_must_agree():
    """One that differs, anywhere in the list, and the report does not agree."""
    assert Report((GOOD,)).agree is True and Report((GOOD, GOOD)).agree is True
    assert Report((BAD, GOOD)).agree is False and Report((GOOD, BAD)).agree is False


def test_verdict_and_repr():
    """The first line counts; then every comparison has its line, the bad one too."""
    report = Report((GOOD, BAD), "seed 3")
    assert report.verdict == "1 of 2 comparisons agree (3 numbers, seed 3)"
    assert repr(report).splitlines() == [report.verdict, f"  {GOOD!r}", f"  {BAD!r}"]
    assert repr(report) == repr(Report((GOOD, BAD), "seed 3"))


def test_html():
    """The verdict; a head and a row for each comparison; what all rows share is said only once."""
    other = compare("∂E/∂v", ("up there", [1.0]), ("down there", [2.0]))
    text = Report((GOOD, other))._repr_html_()
    assert text.startswith("<p>1 of 2 comparisons agree (3 numbers)</p><table>")
    assert text.count("<th>") == 5 and text.count("<td>") == 10 and text.count("<tr>") == 3
    assert text.count("DIFFERENT") == 1 and text.count("up there") == 2  # once in the details
    for cell in (*GOOD.cells(), *other.cells()):
        assert f"<td>{cell}</td>" in text

    text = Report((GOOD, BAD))._repr_html_()
    assert text.startswith("<p>∂E/∂W, here: 1 of 2 comparisons agree (3 numbers)</p><table>")
    assert text.count("<th>") == 3 and text.count("<td>") == 6 and text.count("<tr>") == 3
    for cell in (*GOOD.cells()[2:], *BAD.cells()[2:]):
        assert f"<td>{cell}</td>" in text


def test_html_of_an_empty_report():
    """It says that nothing was compared, and does not fail."""
    text = Report(())._repr_html_()
    assert "0 of 0 comparisons agree" in text and "<td>" not in text


def test_html_is_escaped():
    """Names go through html.escape, in cells and in the verdict: no tag of theirs survives."""
    nasty = compare("<b>&", ("<script>", [1.0]), ('"a"', [1.0]))
    for comparisons in ((nasty,), (nasty, GOOD)):  # in the line above the table, and in its cells
        text = Report(comparisons, "<i>about</i>")._repr_html_()
        assert "<b>" not in text and "<script>" not in text and "<i>" not in text
        assert "&lt;b&gt;&amp;" in text and "&lt;script&gt;" in text and "&lt;i&gt;about" in text


def test_a_browser_sees_indices_below_and_above():
    """∂v_k/∂w_{ba}^{k,j} is not shown with its braces."""
    report = Report((compare("∂v_k/∂w_{ba}^{k,j}", ("a", [1.0]), ("b", [1.0])),))
    shown = report._repr_html_()
    assert "∂v<sub>k</sub>/∂w<sub>ba</sub><sup>k,j</sup>" in shown and "{" not in shown
