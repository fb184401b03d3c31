"""The network is defined once, as a schema; these tests pin what the schema says."""

import inspect

import pytest

from bpderiv import definitions as module
from bpderiv.definitions import FORWARD, NETWORK, Definitions, Layers
from bpderiv.expression import Apply, Entry, Number, Outcome, Sum


def v(layer, index):
    return Entry("v", (layer,), (index,))


def test_a_hidden_field_is_made_of_the_layer_before():
    body = NETWORK.body(v("j", "a"))
    assert isinstance(body, Sum) and body.layer == "i"
    weight, signal = body.body.factors
    assert weight == Entry("w", ("j", "i"), ("a", body.index))
    assert signal == Entry("y", ("i",), (body.index,))
    assert body.index != "a", "the sum's own letter must not catch the neuron's"


def test_signals_apply_the_layers_own_phi():
    assert NETWORK.body(Entry("y", ("j",), (2,))) == Apply("j", v("j", 2), name="phi")


@pytest.mark.parametrize(
    "given",
    [
        Entry("y", ("i",), ("c",)),
        Entry("w", ("k", "j"), ("b", "a")),
        Entry("d", ("k",), ("b",)),
        v("i", "c"),
        Entry("e", ("j",), ("a",)),
    ],
    ids=str,
)
def test_what_is_given_from_outside_has_no_body(given):
    """Inputs, weights, desired responses; and a hidden layer has no error signal of its own."""
    assert NETWORK.body(given) is None


def test_bias_is_one_more_column():
    biased = Definitions.with_bias()
    assert biased.bias and not NETWORK.bias
    assert biased.body(Entry("y", ("j",), (0,))) == Number(1)
    assert biased.body(Entry("y", ("i",), (0,))) == Number(1)
    assert NETWORK.body(Entry("y", ("j",), (0,))) is None
    first, rest = biased.body(v("k", "b")).terms
    assert first.factors == (Entry("w", ("k", "j"), ("b", 0)), Entry("y", ("j",), (0,)))
    assert rest == NETWORK.body(v("k", "b"))


def test_each_quantity_is_defined_once():
    assert [d.target.name for d in FORWARD] == ["v", "y", "e", "E"]


def test_no_derivative_stands_in_the_definitions():
    """δ, φ′ and ∂ have no place there: everything is to follow."""
    for definition in (*FORWARD, *module.FORWARD_WITH_BIAS):
        assert "delta" not in repr(definition)
        assert "order=1" not in repr(definition)
    code = inspect.getsource(Definitions)
    assert "diff" not in code and "sympy" not in inspect.getsource(module)


def test_what_follows_a_layer_can_be_unknown():
    unknown = NETWORK.unknown_after("j")
    assert unknown.layers.names == ("i", "j")
    assert unknown.body(Entry("E")) == Outcome("b", v("j", "b"), "delta")
    assert unknown.body(v("j", "a")) == NETWORK.body(v("j", "a"))
    assert unknown.body(Entry("e", ("j",), ("a",))) is None


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_layers_of_a_depth(depth):
    layers = Layers.of_depth(depth)
    assert layers.output == "k" and len(layers.names) == depth + 1
    assert len(set(layers.sizes)) == len(set(layers.neurons)) == depth + 1


def test_the_notes_letters():
    assert Layers() == Layers.of_depth(2) == Layers(("i", "j", "k"), ("p", "z", "m"), tuple("cab"))
    assert Layers().before("j") == "i" and Layers().before("i") is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Layers(("k",), ("m",), ("b",)), "at least two layers"),
        (lambda: Layers(("j", "k"), ("m",), ("a", "b")), "each layer needs a name, a size"),
        (lambda: Layers(("k", "k"), ("z", "m"), ("a", "b")), "different single letters"),
        (lambda: Layers.of_depth(0), "depth 1 to 4, not 0"),
        (lambda: Layers().size("q"), "unknown layer 'q': the layers here are i → j → k"),
    ],
)
def test_bad_layers(make, message):
    with pytest.raises(ValueError, match=message):
        make()
