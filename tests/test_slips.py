"""Lines of the notes in numbers: the numbers come from the text, and they are the network's."""

import doctest

import numpy as np
import pytest
import test_notes

from bpderiv import Network, Point, as_written, both_sides, errata, pencil, slips
from bpderiv.example import HALF_SQUARE, SQUARE

#: One input, two hidden and three output neurons; no slope is negative.
SMALL = pencil(
    y_i=[1.0],
    W_ji=[[1.0], [2.0]],
    W_kj=[[-1.0, 1.0], [-2.0, 1.0], [5.0, -1.0]],
    d_k=[5.5, 5.0, 2.5],
)
DEEP = Point(
    Network([*SMALL.network.W[1:], np.array([[2.0, -3.0, -2.0]])], [SQUARE, *[HALF_SQUARE] * 2]),
    SMALL.x,
    np.array([[3.0]]),
    "the small network with one layer more",
)
#: id → (neurons, both sides of the line as written); what is written stands on the right.
NUMBERS = {
    "2.I.i": ({}, [[1, 3, 2]], [[1], [3], [2]]),
    "2.I.ii.entries": ({}, -np.eye(3), [[-1, 0, 0], [-1, -1, -1], [0, 0, -1]]),
    "2.II.def": ({}, [[-10], [28]], [[5], [-7]]),
    "2.II.row": ({}, [[-3, -6, -2]], [[-3, 9, 2]]),
    "2.II.W": ({}, [[-1, 1], [-2, 1], [5, -1]], [[-1, 1]] * 3),
    "2.II.col": ({"a": 2}, [[0], [4]], [[0], [2]]),
    "3.deeper": ({}, [[-16], [16]], [[-12], [-24]]),
}


def sides_of(id_: str, **neurons):
    return both_sides(id_, DEEP if id_.startswith("3") else SMALL, **neurons)


@pytest.mark.parametrize("id_", NUMBERS)
def test_both_sides_of_an_erratum(id_):
    neurons, left, right = NUMBERS[id_]
    found = sides_of(id_, **neurons)
    assert np.array_equal(found.left, left) and np.array_equal(found.right, right)
    assert not found.equal and r"\ne" in found._repr_latex_()


@pytest.mark.parametrize("id_", [*NUMBERS, "2.I.iv.size", "2.I.iv.row"])
def test_both_sides_of_its_correction_are_equal(id_):
    neurons, left, _ = NUMBERS.get(id_, ({}, [[3], [2], [1]], None))
    neurons = {"b": 1, "a": 1} if id_ == "2.I.iv.row" else neurons
    found = sides_of(f"{id_}.ok", **neurons)
    assert found.equal and r"\ne" not in found._repr_latex_()
    assert np.array_equal(found.left, left[:1] if id_ == "2.I.iv.row" else left)


def test_the_left_sides_are_what_numpy_computes():
    assert np.array_equal(sides_of("2.II.def").left[:, 0], SMALL.value("delta_j"))
    assert np.array_equal(sides_of("2.II.row").left, SMALL.jacobian("E", "v_k"))
    assert np.array_equal(sides_of("2.II.W").left, SMALL.value("W^{k,j}"))
    deltas = DEEP.network.backward(DEEP.x, DEEP.d).delta
    assert np.array_equal(sides_of("3.deeper").left[:, 0], deltas[1][0])


def test_what_dots_hide_is_not_a_number_and_not_a_difference():
    wide = pencil(y_i=[1.0], W_ji=[[1.0]], W_kj=[[1.0], [2.0], [3.0], [4.0]], d_k=[1.0] * 4)
    found = both_sides("2.II.row", wide)
    assert np.isnan(found.right[0]).tolist() == [False, False, True, False]
    assert not found.different[0, 2] and found.different[0, 3]


def test_numbers_are_taken_exactly():
    third = pencil(d_k=[1 / 3, 1.0])
    found = both_sides("2.I.i", third)
    assert found.left[0, 0] == third.value("e_k")[0]


@pytest.mark.parametrize(
    ("id_", "example", "neurons", "message"),
    [
        ("9.z", SMALL, {}, "the notes have no statement 9.z"),
        ("3.deeper", SMALL, {}, "expected a network of 4 layers, not 3"),
        ("2.II.col", SMALL, {}, "say which neuron, as in a=1"),
        ("2.I.iv.row", SMALL, {"b": 1}, "index m: layer j has z neurons"),
        ("2.II.def", Point(Network.random((1, 2, 3), "tanh", seed=1), SMALL.x, SMALL.d, ""), {},
         "expected a polynomial"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_said(id_, example, neurons, message):
    with pytest.raises(ValueError, match=message):
        both_sides(id_, example, **neurons)


def test_sides_of_different_shapes_have_no_entries_to_compare():
    found = sides_of("2.I.i")
    with pytest.raises(ValueError, match="1 × 3 and 3 × 1"):
        _ = found.different


def test_as_written_is_the_text_of_the_notes():
    assert as_written("2.I.iv").text == "v_k(n) = W^{k,j}(n) y_j(n)"
    assert "tag" not in as_written("2.II.row").text


# --- the table ------------------------------------------------------------------------------------


def test_the_table_has_every_erratum_and_no_other():
    false = [id_ for id_, said in test_notes.STATEMENTS.items() if set(said) != {"T"}]
    assert [slip.id for slip in errata()] == false and len(errata()) == 10


def test_what_catches_an_erratum_is_what_refutes_it():
    by_shape = {slip.id for slip in errata() if slip.caught_by == "shapes and indices alone"}
    assert by_shape == {"1.a", "2.I.i", "2.I.iv.size", "2.I.iv.row"}
    assert {slip.caught_by for slip in errata()} == {"shapes and indices alone", "one number"}


def test_every_name_of_an_erratum_has_a_kind():
    said = [said for links in test_notes.STATEMENTS.values() for said in links]
    names = {name for x in said if x not in ("T", "") for name in x.split(" + ")}
    assert names == set(slips.KINDS)


def test_the_table_is_shown():
    html, text = errata()._repr_html_(), repr(errata())
    assert html.count("<tr>") == 11 and "sign + path" in html
    assert len(text.splitlines()) == 11 and "φ′" not in text, "the mistake is not given away"


def test_the_documented_example():
    found = doctest.testmod(slips)
    assert found.attempted == 2 and found.failed == 0
