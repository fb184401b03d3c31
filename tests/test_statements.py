"""δ and Δw, derived; and the example that runs through the course."""

import numpy as np
import pytest

from bpderiv.definitions import Definitions, Layers
from bpderiv.example import NUMBERS, numbers_latex, pencil
from bpderiv.jacobians import jacobian
from bpderiv.statements import local_gradient, matrix_at, weight_change


def test_local_gradients():
    assert str(local_gradient("k").right) == "phi_k'(v_k[b])*e_k[b]"
    assert local_gradient("j").text.endswith(
        r"= \left[\sum_{b=1}^{m} \delta_{k,b} \, w_{ba}^{k,j}\right] \, \varphi_j'(v_{j,a})"
    )
    deep = Definitions(Layers.of_depth(3))
    assert r"\delta_{j,a} \, w_{ac}^{j,i}" in local_gradient("i", deep).text


def test_the_input_layer_has_no_local_gradient():
    with pytest.raises(ValueError, match="the input layer i has no v"):
        local_gradient("i")


def test_weight_changes():
    assert weight_change("k").text.endswith(r"= \eta \, \delta_{k,b} \, y_{j,a}")
    assert weight_change("j").text.endswith(r"= \eta \, \delta_{j,a} \, y_{i,c}")
    with pytest.raises(ValueError, match="no weights lead into the input layer"):
        weight_change("i")


def test_a_matrix_at_chosen_sizes():
    drawn = matrix_at(jacobian("e_k", "y_k"), 2, 3, 2).text
    assert drawn.endswith(r"\left[\begin{matrix}-1 & 0\\0 & -1\end{matrix}\right]")
    array = matrix_at(jacobian("v_k", "W^{k,j}"), 2, 3, 2).text
    assert array.count("matrix}") == 4


def test_the_pencil_example_by_hand():
    """Worked out on paper from the numbers in bpderiv.example; exact, so == and no tolerance."""
    example = pencil()
    by_hand = {
        "v_j": [-0.5, -1], "y_j": [0.25, 1], "v_k": [1.5, -1], "y_k": [1.125, 0.5],
        "e_k": [-1, 0.5], "phi'_k": [1.5, -1], "phi'_j": [-1, -2],
        "delta_k": [-1.5, -0.5], "delta_j": [2, 2.5],
        "dE/dW^{k,j}": [[0.375, 1.5], [0.125, 0.5]],
        "dE/dW^{j,i}": [[-2, -1], [-2.5, -1.25]],
        "E": 0.625,
    }  # fmt: skip
    for name, expected in by_hand.items():
        assert np.array_equal(example.value(name), expected), name


@pytest.mark.parametrize(
    ("X", "Y", "names", "alt"),
    [
        (
            "E", "e_k", {r"$\mathcal{E}$", "$e_{k,1}$", "$e_{k,2}$"},
            "Map of ∂E/∂e_k (1 × 2) with the row (−1; 0.5).",
        ),
        (
            "v_k", "w_{21}^{k,j}", {"$v_{k,1}$", "$v_{k,2}$", "$w_{21}^{k,j}$"},
            "Map of ∂v_k/∂w_21^k,j (2 × 1) with the rows (0), (0.25).",
        ),
    ],
)  # fmt: skip
def test_a_jacobian_of_the_example_is_a_map_with_a_name_at_each_row_and_column(X, Y, names, alt):
    picture = pencil().map_jacobian(X, Y)
    assert picture.alt.startswith(alt)
    assert names <= {text.get_text() for text in picture.figure.axes[0].texts}


def test_a_map_has_no_names_for_all_the_weights_at_once():
    with pytest.raises(ValueError, match="W.* is a matrix: pick one weight, or one neuron"):
        pencil().map_jacobian("E", "W^{k,j}")


def test_no_coincidence_hides_a_mistake():
    """Vectors differ from each other, and W is not symmetric."""
    example = pencil()
    names = ["y_i", "v_j", "y_j", "y_k", "e_k", "phi'_j", "delta_k", "delta_j", "d_k"]
    values = [tuple(example.value(name)) for name in names]
    assert len(set(values)) == len(values)
    for name in ("W^{j,i}", "W^{k,j}"):
        W = example.value(name)
        assert abs(W[0, 1]) != abs(W[1, 0])


def test_one_step_lowers_the_error():
    example = pencil()
    assert example.stepped().value("E") < example.value("E")


def test_numbers_can_be_changed_and_bad_ones_are_refused():
    assert pencil(eta=0.5).value("eta") == 0.5
    assert pencil(y_i=[2, 0]).value("y_i").tolist() == [2.0, 0.0]
    with pytest.raises(TypeError, match="the example has y_i, W_ji, W_kj, d_k, eta; not x"):
        pencil(x=[1.0])
    with pytest.raises(ValueError, match="x has shape"):
        pencil(y_i=[1.0, 2.0, 3.0]).signals  # noqa: B018
    with pytest.raises(ValueError, match="not a quantity of this example"):
        pencil().value("q_k")
    with pytest.raises(ValueError, match="not a quantity of this example"):
        pencil().value("e_j")


def test_numbers_are_shown_as_columns_and_rounded():
    assert numbers_latex([1.0, -0.25]) == r"\begin{bmatrix} 1 \\ -0.25 \end{bmatrix}"
    assert numbers_latex(-0.00001) == "0"
    assert numbers_latex(2 / 3) == "0.6667"
    assert numbers_latex([[1, 2], [3, 4]]) == r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"
    assert set(NUMBERS) == {"y_i", "W_ji", "W_kj", "d_k", "eta"}
