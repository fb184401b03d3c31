"""Every Jacobian by every road, at random points with unequal sizes."""

import autograd_road
import numpy as np
import pytest

from bpderiv.checks.comparison import CENTRAL_TOLERANCE, TOLERANCE, compare
from bpderiv.checks.gradients import compare_gradients
from bpderiv.checks.point import random_point
from bpderiv.checks.roads import ROADS, compare_jacobian, jacobian_pairs, whole
from bpderiv.jacobians import TABLE, jacobian

PAIRS = jacobian_pairs()
#: i → j → k: sizes, activations. Every layer is once the widest and once the narrowest.
POINTS = [
    ((2, 3, 4), ("tanh", "logistic")),
    ((4, 2, 3), ("logistic", "tanh")),
    ((3, 4, 2), ("relu", "tanh")),
]
BIAS = pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
ANY_WIDTH, COMPOSED, EXPLICIT, BACKWARD, COMPLEX, CENTRAL = ROADS


def autograd(X, Y, point):
    """∂X/∂Y at the point's first row by autograd, with the bias's column if Y is a W."""
    network = point.network
    names, depth = [str(phi) for phi in network.phi[1:]], len(network.W) - 1
    addresses = [autograd_road.address(name, depth) for name in (X, Y)]
    return autograd_road.slope(
        network.W[1:], names, point.x[0], point.d[0], network.bias, *addresses
    )


def compared(X, Y, point):
    """All roads, and autograd, against the first road."""

    def road(J, point):
        found = autograd(X, Y, point)
        return found[..., int(point.network.bias) :] if Y.startswith("W") else found

    return compare_jacobian(X, Y, point, {**ROADS, "autograd": (road, TOLERANCE)})


def roads_for(X, Y):
    """Which roads there must be, besides the first: backward knows only ∂E/∂v and ∂E/∂W."""
    backward = X == "E" and Y[0] in "vW"
    return [COMPOSED, EXPLICIT, *([BACKWARD] if backward else []), COMPLEX, CENTRAL, "autograd"]


def check(X, Y, point):
    """All agree, and all are there, each with its tolerance; how many comparisons it were."""
    report = compared(X, Y, point)
    assert report.agree, repr(report)
    assert [c.right for c in report.comparisons] == roads_for(X, Y)
    for c in report.comparisons:
        assert c.left == ANY_WIDTH
        assert c.tolerance == (CENTRAL_TOLERANCE if c.right == CENTRAL else TOLERANCE)
    return len(report.comparisons)


# --- the table ------------------------------------------------------------------------------------


def test_the_pairs():
    """At least 13, whole layers only, each once, and each row of the table is among them."""
    assert len(PAIRS) == len(set(PAIRS)) >= 13
    assert len(POINTS) >= 3 and all(len(set(sizes)) == 3 for sizes, _ in POINTS)
    for X, Y, _id in TABLE:
        assert (whole(X), whole(Y)) in PAIRS
    for X, Y in PAIRS:
        assert not jacobian(X, Y).letters, "no neuron is fixed"
        assert len(roads_for(X, Y)) + 1 >= 6, "at least four roads besides autograd and the first"


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("v_{j,a}", "v_j"), ("y_{k,b}", "y_k"), ("w_{ba}^{k,j}", "W^{k,j}"), ("E", "E"),
        ("w_{b0}^{k,j}", "W^{k,j}"), ("v_k", "v_k"), ("W^{j,i}", "W^{j,i}"), ("e_{k,1}", "e_k"),
    ],
)  # fmt: skip
def test_whole(name, layer):
    """A quantity without its fixed neuron."""
    assert whole(name) == layer


# --- all roads ------------------------------------------------------------------------------------


@BIAS
@pytest.mark.parametrize("number", range(len(POINTS)))
def test_every_jacobian_by_every_road(number, bias, count):
    """One random point, all pairs: six or seven roads agree. Measured, of the largest entry:
    composed 0, explicit 2e-16, backward, complex step and autograd 7e-16, central 4e-9.
    """
    sizes, names = POINTS[number]
    point = random_point(sizes, names, number + 1, bias=bias)
    done = [check(X, Y, point) for X, Y in PAIRS]
    assert len(done) >= 13 and min(done) >= 5 and sum(done) >= 13 * 5 + 4
    count("comparisons", sum(done))


@BIAS
def test_the_points_are_alive(bias):
    """No Jacobian of the table is all zero at these points (ReLU!), except where it must be."""
    for number, (sizes, names) in enumerate(POINTS):
        point = random_point(sizes, names, number + 1, bias=bias)
        for X, Y in PAIRS:
            assert np.abs(autograd(X, Y, point)).max() > 1e-3, (X, Y, sizes)


#: Pairs that the table lacks: the network's whole map, an error far back, a step over two layers,
#: a quantity by itself, and two that are zero because Y comes after X.
OTHERS = [
    ("y_k", "y_i"), ("e_k", "W^{j,i}"), ("v_k", "y_i"), ("y_k", "v_j"), ("e_k", "y_j"),
    ("y_k", "W^{j,i}"), ("v_j", "W^{j,i}"), ("E", "y_i"), ("v_k", "v_k"), ("y_j", "v_k"),
    ("v_j", "W^{k,j}"),
]  # fmt: skip


@BIAS
def test_pairs_that_the_table_lacks(bias, count):
    """The roads know nothing of the table: they work for any two quantities."""
    assert not set(OTHERS) & set(PAIRS)
    point = random_point((3, 2, 4), ("tanh", "logistic"), 5, bias=bias)
    done = [check(X, Y, point) for X, Y in OTHERS]
    assert len(done) >= 11 and min(done) >= 5
    zero = [compared(X, Y, point) for X, Y in OTHERS[-2:]]
    assert all("exactly zero" in repr(c) for report in zero for c in report.comparisons)
    count("comparisons", sum(done))


FLAT = [(X, Y) for X, Y in PAIRS if not X.endswith("j") and Y not in ("v_j", "W^{j,i}")]
DEEP = [
    ("E", "W^{i,h}"), ("E", "v_i"), ("E", "y_h"), ("v_k", "y_h"), ("e_k", "W^{i,h}"),
    ("v_j", "W^{j,i}"), ("E", "W^{j,i}"), ("E", "W^{k,j}"), ("v_i", "y_h"), ("y_j", "v_i"),
]  # fmt: skip


@BIAS
def test_one_layer(bias, count):
    """Depth 1, j → k: the input layer is j, and what the table says of it holds."""
    point = random_point((4, 3), ["tanh"], 6, bias=bias)
    done = [check(X, Y, point) for X, Y in FLAT]
    assert len(done) >= 9 and ("E", "y_j") in FLAT
    count("comparisons", sum(done))


@pytest.mark.parametrize(
    ("sizes", "bias"), [((2, 3, 1, 2), False), ((3, 2, 4, 2), True)], ids=["plain", "bias"]
)
def test_three_layers(sizes, bias, count):
    """Depth 3, h → i → j → k, with pairs that reach over two and three layers."""
    point = random_point(sizes, ("tanh", "relu", "logistic"), 8, bias=bias)
    done = [check(X, Y, point) for X, Y in DEEP]
    assert len(done) >= 10 and min(done) >= 5
    assert np.abs(autograd("E", "W^{i,h}", point)).max() > 1e-2, "alive"
    count("comparisons", sum(done))


@pytest.mark.parametrize(
    ("X", "weight", "W", "axes"),
    [
        ("E", "w_{b0}^{k,j}", "W^{k,j}", "b"),
        ("v_k", "w_{b0}^{k,j}", "W^{k,j}", "rb"),
        ("y_k", "w_{b0}^{k,j}", "W^{k,j}", "rb"),
        ("E", "w_{a0}^{j,i}", "W^{j,i}", "a"),
        ("e_k", "w_{a0}^{j,i}", "W^{j,i}", "ra"),
    ],
)
def test_the_biases(X, weight, W, axes, count):
    """The roads leave out the bias's column, so here it is: sympy's ∂X/∂w_{b0} and autograd's."""
    point = random_point((2, 4, 3), ("tanh", "logistic"), 7, bias=True)
    size = {"r": "m", "b": "m", "a": "z"}
    J = jacobian(X, weight, point.definitions)
    evaluator = point.evaluator(point.signals)
    formula = evaluator.array(J.entry, tuple((letter, size[letter]) for letter in axes))[0]
    found = autograd(X, W, point)[..., 0]
    comparison = compare(f"∂{X}/∂{weight}", ("sympy", formula), ("autograd", found))
    assert comparison.agree and comparison.largest_entry > 1e-3, repr(comparison)
    count("comparisons")


# --- they can fail --------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [COMPOSED, EXPLICIT, BACKWARD, COMPLEX, CENTRAL])
def test_one_wrong_entry_of_one_road_is_seen(wrong):
    """1e-12 of the largest entry (1e-6 for central differences), in one entry of one road."""
    point = random_point(*POINTS[0], 1)
    road, tolerance = ROADS[wrong]

    def off(J, point):
        array = np.array(road(J, point))
        array.flat[-1] += 10 * tolerance * np.abs(array).max()
        return array

    for X, Y in [("E", "W^{j,i}"), ("E", "v_k")]:
        report = compare_jacobian(X, Y, point, {**ROADS, wrong: (off, tolerance)})
        assert [c.right for c in report.comparisons if not c.agree] == [wrong]
        bad = next(c for c in report.comparisons if not c.agree)
        assert all(i == n - 1 for i, n in zip(bad.place, ROADS[wrong][0](
            jacobian(X, Y), point).shape, strict=True))  # fmt: skip


def test_the_first_road_is_compared_too():
    """If the first road is wrong, every other one says so."""
    point = random_point(*POINTS[1], 2)
    road = ROADS[ANY_WIDTH][0]
    roads = {**ROADS, ANY_WIDTH: (lambda J, p: road(J, p) * (1 + 1e-6), TOLERANCE)}
    report = compare_jacobian("E", "W^{k,j}", point, roads)
    assert len(report.comparisons) == 5 and not any(c.agree for c in report.comparisons)


def test_a_formula_with_another_letter_is_seen():
    """∂E/∂W^{k,j} with b and a exchanged: the shapes are the same at z = m, the numbers are not."""
    point = random_point((2, 3, 3), ("tanh", "logistic"), 1)
    road = ROADS[ANY_WIDTH][0]
    roads = {**ROADS, "exchanged": (lambda J, p: road(J, p).T, TOLERANCE)}
    report = compare_jacobian("E", "W^{k,j}", point, roads)
    assert [c.right for c in report.comparisons if not c.agree] == ["exchanged"]


# --- letters that meet ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("X", "Y"),
    [
        ("e_k", "y_{k,r}"), ("v_k", "w_{ra}^{k,j}"), ("v_{k,s}", "v_k"), ("v_{k,s}", "y_j"),
        ("v_{k,r}", "v_{k,s}"), ("w_{ba}^{k,j}", "W^{k,j}"), ("W^{k,j}", "w_{ba}^{k,j}"),
        ("W^{k,j}", "y_j"), ("W^{k,j}", "W^{k,j}"),
    ],
)  # fmt: skip
def test_letters_that_meet(X, Y):
    """A letter of the user's that is also an axis's (r, s, b, a): one would be taken for the other,
    and ∂e_k/∂y_{k,r} come out as −1 in every row. The reference is sympy's matrix at sizes.
    """
    J = jacobian(X, Y)
    for one, other in ((J.X, J.Y), (J.Y, J.X)):
        assert not {axis.letter for axis in one.axes} & set(other.entry.indices)
    if len(J.axes) < 4:
        at = dict.fromkeys(J.letters, 2)
        assert J.explicit(2, 3, 4, **at) == J.at_sizes(2, 3, 4, **at)


def test_two_equal_letters():
    """letters=("r", "r") must not make −I into −1."""
    J = jacobian("e_k", "y_k", letters=("r", "r"))
    assert J.at_sizes(1, 1, 2) == J.explicit(1, 1, 2) and J.at_sizes(1, 1, 2)[0, 1] == 0


# --- once wrong ----------------------------------------------------------------------------------


def test_weights_as_X_with_a_bias():
    """W as X works without a bias; with one, by_wiggling cuts the bias off Y only."""
    point = random_point((2, 3, 4), ("tanh", "logistic"), 1, bias=True)
    assert compare_jacobian("W^{k,j}", "y_j", point).agree


def test_weights_by_weights():
    """∂W/∂W has four axes, [b, a, b′, a′]; explicit() has no form for it and does not say so."""
    assert jacobian("W^{k,j}", "W^{k,j}").explicit(1, 2, 3).shape == (3, 2, 3, 2)


@pytest.mark.parametrize(
    ("X", "Y"), [("E", "d_k"), ("E", "v_{k,2}"), ("v_{k,1}", "W^{k,j}"), ("E", "w_{20}^{k,j}")]
)
def test_a_neuron_by_its_number_and_what_is_given(X, Y):
    """Single neurons, the bias and d can be compared, too."""
    point = random_point((2, 3, 4), ("tanh", "logistic"), 1, bias=True)
    report = compare_jacobian(X, Y, point)
    assert report.agree and len(report.comparisons) >= 4


def test_a_report_says_where_its_numbers_come_from():
    """Seeds stated: a comparison that nobody can repeat proves little."""
    point = random_point((2, 3, 4), ("tanh", "logistic"), 7)
    said = "random Network 2-3-4 (tanh, logistic), seed 7"
    assert compare_jacobian("e_k", "y_k", point).verdict.endswith(f"numbers, {said})")
    assert compare_gradients(point.network, point.x, point.d, about=said).about == said
    assert compare_gradients(point.network, point.x, point.d).about == repr(point.network)
