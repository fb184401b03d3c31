"""What a user passes in wrongly: the error says where, what was expected and what to do."""

import numpy as np
import pytest

from bpderiv.activations import ACTIVATIONS
from bpderiv.checks.gradients import compare_gradients
from bpderiv.checks.point import random_point
from bpderiv.checks.roads import compare_jacobian
from bpderiv.definitions import Definitions, Layers
from bpderiv.jacobians import jacobian
from bpderiv.network import Network

BIASED = Definitions.with_bias()


def ones(*shape, but=None, dtype=float):
    """An array of ones; `but` puts another number at a place."""
    array = np.ones(shape, dtype)
    for place, value in (but or {}).items():
        array[place] = value
    return array


NETWORK = Network([ones(3, 2), ones(4, 3)], "tanh")
SINGLE = Network([ones(3, 2, dtype=np.float32), ones(4, 3, dtype=np.float32)], "tanh")
X, D = ones(2, 2), ones(2, 4)
FORWARD = NETWORK.forward
NAN, INF = float("nan"), float("inf")

# name: what is done; which error; what its message has to say, in this order
SIZES = {
    "weights among themselves": (
        lambda: Network([ones(3, 2), ones(4, 5)]),
        ValueError, ["weights[1]", "(4, 5)", "layer 1 has 3 neurons", "expected 3 columns"],
    ),
    "weights among themselves, deeper": (
        lambda: Network([ones(3, 2), ones(4, 3), ones(1, 3)]),
        ValueError, ["weights[2]", "(1, 3)", "layer 2 has 4 neurons", "expected 4 columns"],
    ),
    "weights without their bias": (
        lambda: Network([ones(3, 2), ones(4, 3)], bias=True),
        ValueError, ["weights[1]", "(4, 3)", "expected 4 columns", "the bias and one per sender"],
    ),
    "nothing but a bias": (
        lambda: Network([ones(3, 1)], bias=True),
        ValueError, ["weights[0]", "(3, 1)", "expected", "receivers × (1 + senders)"],
    ),
    "a vector for a matrix": (
        lambda: Network([ones(3)]),
        ValueError, ["weights[0]", "(3,)", "expected a matrix", "receivers × senders"],
    ),
    "a matrix in place of the list": (
        lambda: Network(ones(3, 2)),
        ValueError, ["weights[0]", "(2,)", "expected a matrix", "receivers × senders"],
    ),
    "a layer of no neurons": (
        lambda: Network([ones(0, 2)]),
        ValueError, ["weights[0]", "(0, 2)", "expected a matrix", "receivers × senders"],
    ),
    "too few activations": (
        lambda: Network([ones(3, 2), ones(4, 3)], ["tanh"]),
        ValueError, ["2 layers after the input", "activations", "not 1"],
    ),
    "too many activations": (
        lambda: Network([ones(3, 2)], ["tanh", "relu"]),
        ValueError, ["1 layers after the input", "activations", "not 2"],
    ),
    "unknown activation": (
        lambda: Network([ones(3, 2), ones(4, 3)], ["tanh", "sigmoid"]),
        ValueError, ["'sigmoid'", "choose", *ACTIVATIONS, "of your own"],
    ),
    "x too wide": (
        lambda: FORWARD(ones(2, 3)),
        ValueError, ["x has shape (2, 3)", "expected (examples, 2)", "one example per row"],
    ),
    "x with a bias column of one's own": (
        lambda: Network([ones(3, 3)], bias=True).forward(ones(5, 3)),
        ValueError, ["x has shape (5, 3)", "expected (examples, 2)"],
    ),
    "d too narrow": (
        lambda: NETWORK.error(X, ones(2, 3)),
        ValueError, ["d has shape (2, 3)", "expected (examples, 4)", "one example per row"],
    ),
    "x and d of different length": (
        lambda: NETWORK.backward(X, ones(3, 4)),
        ValueError, ["x has 2 rows", "d has 3", "one d for each x"],
    ),
    "x with one axis": (
        lambda: FORWARD(ones(2)),
        ValueError, ["x has shape (2,)", "expected (examples, 2)", "write [x]"],
    ),
    "d with one axis": (
        lambda: NETWORK.backward(ones(1, 2), ones(4)),
        ValueError, ["d has shape (4,)", "expected (examples, 4)", "write [d]"],
    ),
    "one number": (
        lambda: FORWARD(1.0),
        ValueError, ["x has shape ()", "expected (examples, 2)"],
    ),
    "three axes": (
        lambda: FORWARD(ones(1, 2, 2)),
        ValueError, ["x has shape (1, 2, 2)", "expected (examples, 2)"],
    ),
    "empty batch": (
        lambda: FORWARD(ones(0, 2)),
        ValueError, ["x is an empty batch", "at least one row"],
    ),
    "empty batch of d": (
        lambda: NETWORK.error(X, ones(0, 4)),
        ValueError, ["d is an empty batch", "at least one row"],
    ),
    "depth zero": (
        lambda: Network([]),
        ValueError, ["at least one weight matrix", "depth of zero"],
    ),
    "sizes of one layer": (
        lambda: Network.random((3,), seed=1),
        ValueError, ["an input and an output layer", "(3,)"],
    ),
    "no sizes": (
        lambda: Network.random((), seed=1),
        ValueError, ["an input and an output layer", "()"],
    ),
    "a size of zero": (
        lambda: Network.random((3, 0, 2), seed=1),
        ValueError, ["sizes[1] is 0", "at least 1"],
    ),
}  # fmt: skip

NUMBERS = {
    "NaN in the weights": (
        lambda: Network([ones(3, 2), ones(4, 3, but={(2, 1): NAN})]),
        ValueError, ["weights[1][2, 1] is nan", "finite"],
    ),
    "infinity in the weights": (
        lambda: Network([ones(3, 2, but={(0, 1): -INF}), ones(4, 3)]),
        ValueError, ["weights[0][0, 1] is -inf", "finite"],
    ),
    "NaN in x": (
        lambda: FORWARD(ones(2, 2, but={(1, 0): NAN})),
        ValueError, ["x[1, 0] is nan", "finite"],
    ),
    "infinity in x": (
        lambda: NETWORK.error(ones(2, 2, but={(0, 1): INF}), D),
        ValueError, ["x[0, 1] is inf", "finite"],
    ),
    "NaN in d": (
        lambda: NETWORK.backward(X, ones(2, 4, but={(1, 3): NAN})),
        ValueError, ["d[1, 3] is nan", "finite"],
    ),
    "infinity in d": (
        lambda: NETWORK.update(X, ones(2, 4, but={(0, 2): INF}), 0.1),
        ValueError, ["d[0, 2] is inf", "finite"],
    ),
    "NaN as the scale": (
        lambda: Network.random((3, 2), seed=1, scale=NAN),
        ValueError, ["weights[0][0, 0] is nan", "finite"],
    ),
    "complex weights": (
        lambda: Network([ones(3, 2), 1j * ones(4, 3)]),
        TypeError, ["weights[1] is complex", "real numbers"],
    ),
    "complex x, imaginary part zero": (
        lambda: FORWARD(X + 0j),
        TypeError, ["x is complex", "real numbers"],
    ),
    "complex d": (
        lambda: NETWORK.error(X, D * 1j),
        TypeError, ["d is complex", "real numbers"],
    ),
    "complex type": (
        lambda: Network.random((3, 2), seed=1, dtype=complex),
        TypeError, ["weights[0] is complex", "real numbers"],
    ),
    "whole weights": (
        lambda: Network([ones(3, 2), ones(4, 3, dtype=int)]),
        TypeError, ["weights[1] holds whole numbers (int64)", "write 1.0 for 1",
                    "np.asarray(weights[1], dtype=float)"],
    ),
    "whole x": (
        lambda: FORWARD(ones(2, 2, dtype=np.uint8)),
        TypeError, ["x holds whole numbers (uint8)", "write 1.0", "np.asarray(x, dtype=float)"],
    ),
    "a list of ints": (
        lambda: FORWARD([[1, 2], [3, 4]]),
        TypeError, ["x holds whole numbers (int", "write 1.0", "np.asarray(x, dtype=float)"],
    ),
    "weights as a list of ints": (
        lambda: Network([[[1, 2], [3, 4]]]),
        TypeError, ["weights[0] holds whole numbers (int", "np.asarray(weights[0], dtype=float)"],
    ),
    "whole d": (
        lambda: NETWORK.backward(X, ones(2, 4, dtype=np.int32)),
        TypeError, ["d holds whole numbers (int32)", "write 1.0", "np.asarray(d, dtype=float)"],
    ),
    "a list of bools": (
        lambda: FORWARD([[True, False]]),
        TypeError, ["x holds whole numbers (bool)", "np.asarray(x, dtype=float)"],
    ),
    "ragged weights": (
        lambda: Network([[[1.0, 2.0], [3.0]]]),
        ValueError, ["weights[0] is not a rectangular array"],
    ),
    "ragged x": (
        lambda: FORWARD([[1.0, 2.0], [3.0]]),
        ValueError, ["x is not a rectangular array"],
    ),
    "text": (
        lambda: FORWARD([["1.0", "2.0"]]),
        TypeError, ["x is ", "U3", "expected float64 or float32"],
    ),
    "nothing": (
        lambda: FORWARD(None),
        TypeError, ["x is object", "expected float64 or float32"],
    ),
    "float16 weights": (
        lambda: Network([ones(3, 2, dtype=np.float16)]),
        TypeError, ["weights[0] is float16", "expected float64 or float32"],
    ),
    "float16 x": (
        lambda: FORWARD(X.astype(np.float16)),
        TypeError, ["x is float16", "expected float64 or float32"],
    ),
    "float16 network": (
        lambda: Network.random((3, 2), seed=1, dtype=np.float16),
        TypeError, ["weights[0] is float16", "expected float64 or float32"],
    ),
    "float32 and float64 weights": (
        lambda: Network([ones(3, 2, dtype=np.float32), ones(4, 3)]),
        TypeError, ["weights[1] is float64", "weights[0] is float32", "one type"],
    ),
    "float64 x in a float32 network": (
        lambda: SINGLE.forward(X),
        TypeError, ["x is float64", "the network float32", "digits", "x.astype('float32')"],
    ),
    "float64 d in a float32 network": (
        lambda: SINGLE.error(X.astype(np.float32), D),
        TypeError, ["d is float64", "the network float32", "digits", "d.astype('float32')"],
    ),
}  # fmt: skip

ETAS = {
    "0": (0, ValueError),
    "0.0": (0.0, ValueError),
    "-0.1": (-0.1, ValueError),
    "nan": (NAN, ValueError),
    "inf": (INF, ValueError),
    "0.1j": (0.1j, TypeError),
    "(0.1+0j)": (0.1 + 0j, TypeError),
    "np.complex128(0.1+0j)": (np.complex128(0.1), TypeError),
    "array([0.1])": (np.array([0.1]), TypeError),
    "[0.1]": ([0.1], TypeError),
    "'0.1'": ("0.1", TypeError),
    "None": (None, TypeError),
}


def refused(do, kind, says):
    """`do` raises exactly this kind of error, and the message says these things in this order."""
    with pytest.raises((ValueError, TypeError)) as caught:
        do()
    message = str(caught.value)
    assert type(caught.value) is kind
    place = 0
    for part in says:
        assert part in message[place:], f"{part!r} is not, or not there, in: {message}"
        place = message.index(part, place) + len(part)
    return message


@pytest.mark.parametrize("case", SIZES)
def test_sizes(case):
    """A size that does not fit: numpy's own broadcasting error, or worse none, would come."""
    refused(*SIZES[case])


@pytest.mark.parametrize("case", NUMBERS)
def test_numbers(case):
    """Numbers that spoil everything later (NaN), or are rounded or cast behind one's back."""
    refused(*NUMBERS[case])


@pytest.mark.parametrize("how", ["update", "train"])
@pytest.mark.parametrize("shown", ETAS)
def test_eta(shown, how):
    """A learning rate that is no positive real number: the message shows it."""
    eta, kind = ETAS[shown]
    do = {"update": lambda: NETWORK.update(X, D, eta), "train": lambda: NETWORK.train(X, D, eta, 2)}
    expected = "a real number" if kind is TypeError else "a finite number above 0"
    refused(do[how], kind, ["eta must be", expected, f"not {shown}"])


def test_the_first_bad_place_is_told():
    """Two NaNs: the first one in reading order is named; the place is that of the user's array."""
    x = ones(3, 2, but={(1, 1): NAN, (2, 0): INF})
    refused(lambda: FORWARD(x), ValueError, ["x[1, 1] is nan"])


def test_what_is_right_is_taken():
    """The checks let good things pass: lists of floats, float32 into float64, odd strides."""
    assert np.array_equal(FORWARD([[1.0, 2.0]]).y[0], [[1.0, 2.0]])
    assert FORWARD(X.astype(np.float32)).y[0].dtype == np.float64
    wide = np.arange(8.0).reshape(2, 4)
    assert np.array_equal(FORWARD(wide[:, ::2]).y[0], [[0, 2], [4, 6]])
    assert np.array_equal(Network([np.asfortranarray(wide)]).W[1], wide)
    for eta in (1, np.float32(0.5), np.float64(0.5), 1e-300):
        NETWORK.update(X, D, eta)


def test_nothing_that_is_passed_in_is_changed():
    """Weights are copied, x and d only read; nothing that is returned lets the weights change."""
    weights, x, d = [ones(3, 2), ones(4, 3)], X.copy(), D.copy()
    network = Network(weights, "tanh")
    before = network.forward(X).y[-1]
    weights[0][0, 0] = weights[1][0, 0] = 7
    assert np.array_equal(network.forward(X).y[-1], before), "the network has its own weights"
    assert weights[0].sum() == 12 and weights[1].sum() == 18

    names = ["tanh", "linear"]
    for array in (x, d, *weights):
        array.flags.writeable = False
    for bias in (False, True):
        shapes = [(3, 2 + bias), (4, 3 + bias)]
        frozen = [np.full(shape, 0.1) for shape in shapes]
        for w in frozen:
            w.flags.writeable = False
        network = Network(frozen, names, bias=bias)
        network.forward(x), network.backward(x, d), network.error(x, d)
        network.train(x, d, 0.1, 3)
        assert all((w == 0.1).all() for w in network.W[1:])
    assert names == ["tanh", "linear"] and (x == 1).all() and (d == 1).all()


# --- quantities, sizes and letters of jacobian() ------------------------------------------------

QUANTITIES = {
    "q_k": ["'q_k' is not a quantity", "try one of", '"e_k"', '"W^{k,j}"'],
    "": ["'' is not a quantity", "try one of"],
    "v_{k,b": ["'v_{k,b' is not a quantity", "try one of"],
    "e_k + y_k": ["'e_k + y_k' is not a quantity", "try one of"],
    "delta_k": ["'delta_k' is not a quantity", "try one of"],
    "v_i": ["'v_i'", "v exists in layer j, k of i → j → k"],
    "e_j": ["'e_j'", "e exists in layer k of i → j → k"],
    "d_i": ["'d_i'", "d exists in layer k of i → j → k"],
    "y_m": ["'y_m'", "y exists in layer i, j, k"],
    "w_{ba}": ["'w_{ba}'", "the receiving and the sending layer above", "{j,i}, {k,j}"],
    "W": ["'W'", "the receiving and the sending layer above", "{j,i}, {k,j}"],
    "W^{j,k}": ["'W^{j,k}'", "the receiving and the sending layer above", "{j,i}, {k,j}"],
    "W^{k,i}": ["'W^{k,i}'", "the receiving and the sending layer above", "{j,i}, {k,j}"],
    "W_{ba}^{k,j}": ["'W_{ba}^{k,j}'", "W is all the weights", "w_{ba}^{k,j}"],
    "w_{b}^{k,j}": ["'w_{b}^{k,j}'", "two indices, receiver and sender", "w_{ba}"],
    "w_{bac}^{k,j}": ["'w_{bac}^{k,j}'", "two indices, receiver and sender", "w_{ba}"],
    "w_{b0}^{k,j}": ["'w_{b0}^{k,j}'", "w_{b0} is a bias", "this network has none"],
    "w_{0a}^{k,j}": ["'w_{0a}^{k,j}'", "an index is one letter or a number from 1", "not '0'"],
    "v_{k,b,c}": ["'v_{k,b,c}'", "expected v_{layer} or v_{layer,index}", '"v_{j,a}"'],
    "v_{k,0}": ["'v_{k,0}'", "an index is one letter or a number from 1", "not '0'"],
    "y_{j,ab}": ["'y_{j,ab}'", "an index is one letter or a number from 1", "not 'ab'"],
    "E_k": ["'E_k'", "expected E without indices"],
    "y": ["'y'", "expected y_{layer} or y_{layer,index}"],
}


@pytest.mark.parametrize("side", ["X", "Y"])
@pytest.mark.parametrize("text", QUANTITIES)
def test_quantities_typed_wrongly(text, side):
    """A slip of the pen in X or in Y: the message quotes it and says what is possible."""
    names = (text, "y_i") if side == "X" else ("E", text)
    refused(lambda: jacobian(*names), ValueError, QUANTITIES[text])


@pytest.mark.parametrize("thing", [3, None, b"e_k", ["e_k"]])
def test_quantities_that_are_no_text(thing):
    """The message shows what was given, and what a quantity looks like."""
    refused(lambda: jacobian("E", thing), ValueError, [repr(thing), "is not a quantity", '"e_k"'])


def test_one_letter_for_neurons_of_two_layers():
    """The a of v_{k,a} and the a of y_{j,a} cannot be one neuron; where it can be, it may."""
    refused(
        lambda: jacobian("v_{k,a}", "y_{j,a}"),
        ValueError, ["a stands for a neuron of layer k", "layer j", "two letters"],
    )  # fmt: skip
    assert str(jacobian("y_{j,a}", "v_{j,a}").entry) == "phi_j'(v_j[a])"


def test_layers_in_the_message_are_those_of_this_network():
    """The message must not speak of i, j, k where the layers are others."""
    deep = Definitions(Layers.of_depth(3))
    refused(lambda: jacobian("E", "v_h", deep), ValueError, ["v exists in layer i, j, k of h → i"])
    flat = Definitions(Layers.of_depth(1))
    refused(lambda: jacobian("E", "W^{j,i}", flat), ValueError, ["one of {k,j}"])
    assert jacobian("E", "w_{b0}^{k,j}", BIASED).entry != 0, "with a bias it is a quantity"


WHOLE = jacobian("v_k", "y_j")
LETTERS = jacobian("E", "w_{ba}^{k,j}")
EXPLICIT = {
    "no sizes": (lambda J: J(), ["3 whole sizes", "i → j → k", "got ()"]),
    "too few sizes": (lambda J: J(2, 3, b=1, a=1), ["3 whole sizes", "i → j → k", "got (2, 3)"]),
    "a size of zero": (lambda J: J(2, 3, 0, b=1, a=1), ["whole sizes", "got (2, 3, 0)"]),
    "a size of 2.0": (lambda J: J(2.0, 3, 4, b=1, a=1), ["whole sizes", "got (2.0, 3, 4)"]),
    "a tuple": (lambda J: J((2, 3, 4), b=1, a=1), ["3 whole sizes", "got ((2, 3, 4),)"]),
    "no letters": (lambda J: J(2, 3, 4), ["letter that does not run (b=1, a=1)", "got {}"]),
    "one letter": (lambda J: J(2, 3, 4, b=1), ["(b=1, a=1)", "got {'b': 1}"]),
    "a letter too many": (lambda J: J(2, 3, 4, b=1, a=1, c=1), ["(b=1, a=1)", "'c': 1"]),
    "a number too large": (lambda J: J(2, 3, 4, b=5, a=1), ["b = 5", "layer k has 4 neurons"]),
    "the bias's number": (lambda J: J(2, 3, 4, b=1, a=0), ["a = 0", "layer j has 3 neurons"]),
}


@pytest.mark.parametrize("how", ["explicit", "at_sizes"])
@pytest.mark.parametrize("case", EXPLICIT)
def test_sizes_and_letters_of_a_matrix(case, how):
    """explicit() and at_sizes() check alike: a size or a letter's number that does not fit."""
    do, says = EXPLICIT[case]
    refused(lambda: do(getattr(LETTERS, how)), ValueError, says)


def test_a_letter_that_runs_takes_no_number():
    """Of ∂v_k/∂y_j both letters run: a number for one of them means something else was meant."""
    refused(lambda: WHOLE.explicit(2, 3, 4, r=1), ValueError, ["(none)", "got {'r': 1}"])


LAYERS = {
    "one layer": (lambda: Layers(("i",)), ["at least two layers", "not 1"]),
    "too few letters": (
        lambda: Layers(("j", "k")),
        ["a name, a size and a letter", "('j', 'k')", "('p', 'z', 'm')"],
    ),
    "the same letter twice": (
        lambda: Layers(("j", "j", "k")),
        ["different single letters", "('j', 'j', 'k')"],
    ),
    "two letters": (
        lambda: Layers(("i", "jj", "k")),
        ["different single letters", "('i', 'jj', 'k')"],
    ),
    "a number": (lambda: Layers(("1", "j", "k")), ["single letters", "('1', 'j', 'k')"]),
    "depth 0": (lambda: Layers.of_depth(0), ["depth 1 to 4", "not 0"]),
    "depth 5": (lambda: Layers.of_depth(5), ["depth 1 to 4", "not 5"]),
    "too few sizes": (lambda: Layers().with_sizes(1, 2), ["a name, a size", "(1, 2)"]),
    "an unknown layer": (lambda: Layers().size("g"), ["unknown layer 'g'", "i → j → k"]),
}


@pytest.mark.parametrize("case", LAYERS)
def test_layers(case):
    """Letters for layers that would run into each other, and depths that have no letters."""
    do, says = LAYERS[case]
    refused(do, ValueError, says)


def test_how_many():
    """A table that was emptied would test nothing."""
    assert len(SIZES) >= 24 and len(NUMBERS) >= 27 and len(ETAS) >= 12
    assert len(QUANTITIES) >= 23 and len(EXPLICIT) >= 10 and len(LAYERS) >= 9


# --- once wrong ----------------------------------------------------------------------------------

POINT = random_point((2, 3, 4), "tanh", 1)


def case(do, says, reason):
    return pytest.param(do, says, id=reason)


@pytest.mark.parametrize(
    ("do", "says"),
    [
        case(
            lambda: Network([ones(3, 2)], np.tanh), ["activation"],
            "a bare function as activation: 'ufunc has no len()'",
        ),
        case(
            lambda: Network([ones(3, 2)], None), ["activation"],
            "None as activation: 'NoneType has no len()'",
        ),
        case(
            lambda: Network([ones(3, 2)], [np.array("tanh")]), ["activation"],
            "a list or an array as one activation: 'unhashable type'",
        ),
        case(
            lambda: Network.random((3, 2.5), seed=1), ["whole"],
            "sizes (3, 2.5): told to have at least one neuron, not to be whole",
        ),
        case(
            lambda: Network.random((3, 2.0), seed=1), ["2.0"],
            "sizes (3, 2.0): pass the check, then numpy fails",
        ),
        case(
            lambda: NETWORK.train(X, D, 0.1, -1), ["steps"],
            "train takes steps = -1 and does nothing",
        ),
        case(
            lambda: NETWORK.train(X, D, 0.1, 2.5), ["steps"],
            "train with steps = 2.5: error of range()",
        ),
        case(
            lambda: jacobian("E", "v_{k,}"), ["v_{k,}"],
            "'v_{k,}' is taken for v_k",
        ),
        case(
            lambda: LETTERS.explicit(2, 3, 4, b=1.5, a=1), ["b = 1.5"],
            "explicit(b=1.5) is rounded to b=1 in silence",
        ),
        case(
            lambda: jacobian("E", "v_{k,9}").explicit(2, 3, 4), ["9", "layer k has 4 neurons"],
            "neuron 9 of a layer with 4 gives 0",
        ),
        case(
            lambda: compare_jacobian("E", "v_{k,b}", POINT), ["v_{k,b}"],
            "compare_jacobian with one neuron: KeyError: 'b'",
        ),
    ],
)  # fmt: skip
def test_unclear_or_no_error(do, says):
    """Things that no network has: no error comes, or one that does not say where and what."""
    with pytest.raises((ValueError, TypeError)) as caught:
        do()
    assert all(part in str(caught.value) for part in says)


def test_sizes_from_numpy():
    """explicit(*weights.shape[::-1]) is natural, and numpy's whole numbers are whole."""
    assert WHOLE.explicit(*np.array([2, 3, 4])).shape == (4, 3)


def test_lists_for_compare_gradients():
    """What network.backward takes, compare_gradients should take, or say what it wants."""
    assert compare_gradients(NETWORK, [[1.0, 2.0]], [[1.0, 0.0, 0.0, 1.0]]).agree


def test_after_all_that_the_network_is_as_it_was():
    """None of the refused calls above left something behind in the shared network."""
    assert all((w == 1).all() for w in NETWORK.W[1:]) and (X == 1).all() and (D == 1).all()
