"""∂X/∂Y by sympy: the layout pinned, both forms equal, the notes' symbols in the display."""

import doctest

import pytest
import sympy

import bpderiv.jacobians
from bpderiv.colours import without_colour
from bpderiv.definitions import NETWORK, Definitions, Layers
from bpderiv.jacobians import TABLE, jacobian
from bpderiv.printing import latex
from bpderiv.symbols import Component, by_name, by_value

SIZES = [(2, 3, 4), (4, 2, 3), (3, 4, 2)]
BIASED = Definitions.with_bias()


def test_the_table_is_long_enough():
    assert len(TABLE) >= 16
    assert {"2.I.i", "2.I.ii", "2.I.iii", "2.I.iv.jac", "2.II.W", "2.II.col", "2.I.sum"} <= {
        id_ for _X, _Y, id_ in TABLE
    }


def same(left, right) -> bool:
    if not hasattr(left, "shape"):
        return sympy.expand(left - right) == 0
    pairs = zip(sympy.flatten(left.tolist()), sympy.flatten(right.tolist()), strict=True)
    return left.shape == right.shape and all(sympy.expand(x - y) == 0 for x, y in pairs)


@pytest.mark.parametrize("definitions", [NETWORK, BIASED], ids=["plain", "bias"])
@pytest.mark.parametrize(("X", "Y", "id_"), TABLE)
def test_any_width_and_explicit_agree(X, Y, id_, definitions, count):
    """The formula for any width, put in everywhere, is the matrix sympy finds at those sizes."""
    J = jacobian(X, Y, definitions)
    for sizes in SIZES:
        for number in (1, 2):
            at = dict.fromkeys(J.letters, number)
            assert same(J.explicit(*sizes, **at), J.at_sizes(*sizes, **at))
            if not J.letters:
                break
    count("jacobians")


# --- the layout: numerator; pinned by shape and by entries -------------------------------------


def symbols(text: str) -> list[str]:
    return text.split()


def names(matrix) -> list:
    return [[str(entry) for entry in row] for row in matrix.tolist()]


def test_scalar_by_vector_is_a_row():
    assert names(jacobian("E", "e_k").explicit(2, 3, 2)) == [["e_k[1]", "e_k[2]"]]


def test_vector_by_vector_has_rows_of_the_quantity():
    found = names(jacobian("v_k", "y_j").explicit(1, 3, 2))
    assert found == [["w_kj[1, 1]", "w_kj[1, 2]", "w_kj[1, 3]"],
                     ["w_kj[2, 1]", "w_kj[2, 2]", "w_kj[2, 3]"]]  # fmt: skip


def test_minus_identity():
    assert jacobian("e_k", "y_k").explicit(1, 2, 3) == -sympy.eye(3)


def test_diagonal():
    found = names(jacobian("y_k", "v_k").explicit(1, 3, 2))
    assert found == [["phi_k'(v_k[1])", "0"], ["0", "phi_k'(v_k[2])"]]


def test_vector_by_one_weight_is_a_column():
    assert names(jacobian("v_k", "w_{ba}^{k,j}").explicit(1, 3, 2, b=2, a=3)) == [["0"], ["y_j[3]"]]


def test_vector_by_all_weights_is_an_array_rba():
    found = jacobian("v_k", "W^{k,j}").explicit(1, 3, 2)
    assert found.shape == (2, 2, 3)
    for r in range(2):
        for b in range(2):
            for a in range(3):
                assert str(found[r, b, a]) == (f"y_j[{a + 1}]" if r == b else "0")


def test_scalar_by_all_weights_is_arranged_like_w():
    found = jacobian("E", "W^{k,j}").explicit(1, 3, 2)
    assert found.shape == (2, 3)
    assert str(found[1, 2]) == "-phi_k'(v_k[2])*e_k[2]*y_j[3]"


def test_vector_by_one_component_is_a_column():
    found = names(jacobian("y_j", "v_{j,a}").explicit(1, 3, 2, a=2))
    assert found == [["0"], ["phi_j'(v_j[2])"], ["0"]]


def test_scalar_by_scalar_is_an_expression():
    found = jacobian("E", "w_{ba}^{k,j}").explicit(1, 3, 2, b=1, a=2)
    assert str(found) == "-phi_k'(v_k[1])*e_k[1]*y_j[2]"


# --- asked for what the table lacks -----------------------------------------------------------


def test_a_pair_that_the_table_lacks():
    assert ("e_k", "w_{ac}^{j,i}") not in {(X, Y) for X, Y, _ in TABLE}
    J = jacobian("e_k", "w_{ac}^{j,i}")
    assert str(J.entry) == "-phi_j'(v_j[a])*phi_k'(v_k[r])*w_kj[r, a]*y_i[c]"
    assert same(J.explicit(2, 3, 4, a=3, c=2), J.at_sizes(2, 3, 4, a=3, c=2))


def test_a_phi_that_the_table_lacks():
    """φ_k = sin at the output: φ′ turns into cos and nothing generic is left of layer k."""
    J = jacobian("E", "v_{j,a}", functions={"k": sympy.sin})
    assert J.entry.has(sympy.cos) and not J.entry.has(sympy.Symbol("k"))
    assert same(J.explicit(2, 3, 4, a=2), J.at_sizes(2, 3, 4, a=2))
    softplus = jacobian("y_k", "v_k", functions={"k": lambda v: sympy.log(1 + sympy.exp(v))})
    slope = softplus.explicit(1, 1, 1)[0, 0]
    (v,) = slope.atoms(Component)
    assert sympy.simplify(slope - 1 / (1 + sympy.exp(-v))) == 0


def test_three_layers_deep():
    layers = Layers.of_depth(3)
    J = jacobian("E", "w_{cf}^{i,h}", Definitions(layers))
    assert same(J.explicit(2, 3, 4, 2, c=2, f=1), J.at_sizes(2, 3, 4, 2, c=2, f=1))


def test_a_quantity_that_does_not_depend_is_zero():
    assert jacobian("v_j", "y_k").entry == 0
    assert jacobian("y_j", "W^{k,j}").entry == 0


def test_the_bias():
    """∂v/∂w_{b0} is 1 at b; ∂v/∂y leaves the bias out; no bias, no w_{b0}."""
    assert str(jacobian("v_k", "w_{b0}^{k,j}", BIASED).entry) == "KroneckerDelta(b, r)"
    assert jacobian("v_k", "y_j", BIASED).explicit(2, 3, 2).shape == (2, 3)
    assert jacobian("E", "w_{a0}^{j,i}", BIASED).entry == jacobian("E", "v_{j,a}", BIASED).entry
    with pytest.raises(ValueError, match="this network has none"):
        jacobian("v_k", "w_{b0}^{k,j}")


# --- display ------------------------------------------------------------------------------------

DISPLAYS = [
    ("E", "e_k", r"\begin{bmatrix} e_{k,1} & e_{k,2} & \dots & e_{k,m} \end{bmatrix}_{1 \times m}"),
    ("e_k", "y_k", r"\begin{bmatrix} -1 & 0 & \dots & 0 \\ 0 & -1 & \dots & 0 \\"
                   r" \vdots & \vdots & \ddots & \vdots \\ 0 & 0 & \dots & -1"
                   r" \end{bmatrix}_{m \times m}"),
    ("v_k", "w_{ba}^{k,j}", r"\begin{bmatrix} 0 \\ \vdots \\ y_{j,a} \\ \vdots \\ 0 \end{bmatrix}"
                            r" (\text{index} = b)"),
    ("y_j", "v_{j,a}", r"\begin{bmatrix} 0 \\ \vdots \\ \varphi_j'(v_{j,a}) \\ \vdots \\ 0"
                       r" \end{bmatrix} (\text{index} = a)"),
    ("E", "w_{ba}^{k,j}", r"-e_{k,b} \, \varphi_k'(v_{k,b}) \, y_{j,a}"),
    ("E", "v_{j,a}", r"-\left[\sum_{b=1}^{m} e_{k,b} \, \varphi_k'(v_{k,b}) \, w_{ba}^{k,j}\right]"
                     r" \, \varphi_j'(v_{j,a})"),
]  # fmt: skip


@pytest.mark.parametrize(("X", "Y", "right"), DISPLAYS)
def test_shown_as_the_notes_write_it(X, Y, right):
    J = jacobian(X, Y)
    assert J.latex() == f"{J.name()} = {right}"
    shown = J._repr_latex_()
    assert without_colour(shown) == f"$\\displaystyle {J.latex()}$" and r"{\color{#" in shown


def test_sympys_own_printer_shows_the_notes_symbols_too():
    J = jacobian("y_k", "v_k")
    assert (
        sympy.latex(J.explicit(1, 1, 1))
        == r"\left[\begin{matrix}\varphi_k'(v_{k,1})\end{matrix}\right]"
    )


def test_indices_of_two_digits_are_separated():
    J = jacobian("v_k", "y_j")
    assert latex(J.explicit(1, 11, 1)[0, 10]) == "w_{1,11}^{k,j}"


def test_named_values_differentiate_to_their_value():
    """By name and by value are one expression: the second contains no name any more."""
    raw = jacobian("E", "w_{ba}^{k,j}").raw
    assert {c.base.quantity for c in by_value(raw).atoms(Component)} == {"w", "y", "d"}
    assert {c.base.quantity for c in by_name(raw).atoms(Component)} >= {"e", "v"}
    inputs = {c.base.layers for c in by_value(raw).atoms(Component) if c.base.quantity == "y"}
    assert inputs == {("i",)}, "written out, only the network's inputs are left"


@pytest.mark.parametrize(
    ("sizes", "at", "message"),
    [
        ((2, 3), {}, "give 3 whole sizes, one for each of i → j → k"),
        ((2, 3, 0), {}, "whole sizes"),
        ((2, 3, 2.0), {}, "whole sizes"),
        ((2, 3, 4), {}, "give a number for each letter"),
        ((2, 3, 4), {"b": 5, "a": 1}, "b = 5, but layer k has 4 neurons"),
        ((2, 3, 4), {"b": 1, "a": 1, "q": 1}, "give a number for each letter"),
    ],
)
def test_bad_sizes(sizes, at, message):
    with pytest.raises(ValueError, match=message):
        jacobian("v_k", "w_{ba}^{k,j}").explicit(*sizes, **at)


def test_the_docstrings_example_is_true():
    assert doctest.testmod(bpderiv.jacobians).failed == 0


# --- letters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("X", "Y"),
    [("v_k", "w_{ra}^{k,j}"), ("v_{k,b}", "W^{k,j}"), ("y_{k,s}", "v_k"), ("v_k", "w_{rs}^{k,j}")],
)
def test_a_letter_that_is_in_use_is_not_used_again(X, Y):
    """Rows and columns get other letters; what is found is what sympy finds at fixed sizes."""
    J = jacobian(X, Y)
    assert not {axis.letter for axis in J.axes} & set(J.letters)
    at = dict.fromkeys(J.letters, 2)
    assert same(J.explicit(2, 3, 4, **at), J.at_sizes(2, 3, 4, **at))


def test_one_letter_for_one_neuron_is_that_neuron():
    assert str(jacobian("y_{k,b}", "v_{k,b}").entry) == "phi_k'(v_k[b])"


@pytest.mark.parametrize(("X", "Y"), [("v_{k,a}", "y_{j,a}"), ("E", "w_{bb}^{k,j}")])
def test_one_letter_for_neurons_of_two_layers_is_refused(X, Y):
    with pytest.raises(ValueError, match="use two letters"):
        jacobian(X, Y)
