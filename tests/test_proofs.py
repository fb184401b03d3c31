"""Proofs for any width: what "proved" means, that it holds, and that it can fail."""

from dataclasses import replace

import pytest
import sympy

from bpderiv import directions
from bpderiv.checks.roads import jacobian_pairs
from bpderiv.definitions import NETWORK, Definitions, Layers
from bpderiv.directions import prove_along
from bpderiv.proofs import (
    HIDDEN_NEURON,
    HIDDEN_WEIGHT,
    OUTPUT_WEIGHT,
    Chain,
    induction,
    prove,
    sizes_are_letters,
)
from bpderiv.quantities import KINDS
from bpderiv.symbols import Component, Family, by_name, index_symbol, phi

BIASED = Definitions.with_bias()
DEEP = Definitions(Layers.of_depth(3))
DEEPER = Definitions(Layers.of_depth(4))
PROOFS = [
    (OUTPUT_WEIGHT, NETWORK),
    (HIDDEN_NEURON, NETWORK),
    (HIDDEN_WEIGHT, NETWORK),
    (OUTPUT_WEIGHT, BIASED),
    (HIDDEN_NEURON, BIASED),
    (HIDDEN_WEIGHT, BIASED),
    (("E", "e_k", "y_k", "v_k", "w_{b0}^{k,j}"), BIASED),
    (("E", "e_k", "y_k", "v_k", "y_j", "v_j", "w_{a0}^{j,i}"), BIASED),
    (("E", "e_k", "y_k", "v_k", "W^{k,j}"), NETWORK),
    (("E", "e_k", "y_k", "v_k", "y_j", "v_j", "W^{j,i}"), NETWORK),
    (("E", "e_k", "y_k", "v_k", "y_j", "y_{j,a}"), NETWORK),  # 2.II.chain as the notes write it
    (("E", "e_k", "y_k", "v_k", "y_j", "v_j", "y_i", "v_i", "w_{cf}^{i,h}"), DEEP),
    (("E", "e_k", "y_k", "v_k", "y_j", "v_j", "y_i", "v_i", "y_h", "v_h"), DEEPER),
]


@pytest.mark.parametrize(("names", "definitions"), PROOFS, ids=lambda x: str(x)[:60])
def test_proved_for_any_width(names, definitions, count):
    """Direct derivative minus product is zero, and no size had to be a number."""
    proof = prove(names, definitions)
    assert proof.proved and proof.any_width
    assert "proved for any sizes" in repr(proof)
    count("proofs")


@pytest.mark.parametrize(("names", "definitions"), PROOFS, ids=lambda x: str(x)[:60])
def test_no_formula_is_compared_with_itself(names, definitions):
    """The left side is all inputs, weights and d; the right side was built from the factors."""
    proof = prove(names, definitions)
    given = {definitions.layers.names[0]}
    cut = proof.chain.factors[-1].Y.family
    for side in (proof.direct, proof.product):
        for component in side.atoms(Component):
            quantity, layers = component.base.quantity, component.base.layers
            assert quantity in ("w", "d") or layers[0] in given or (quantity, layers) == cut
    factors = proof.chain.factors
    assert len(factors) == len(names) - 1 >= 2
    assert by_name(factors[0].raw) != proof.chain.product


@pytest.mark.parametrize("definitions", [NETWORK, BIASED, DEEP], ids=["plain", "bias", "deep"])
def test_any_depth_by_induction(definitions):
    proof = induction(definitions)
    assert proof.proved
    assert "any width and any depth" in repr(proof)


def test_the_step_does_not_see_what_comes_after():
    """The induction step holds for an unknown E = F(v_k): no e, d or φ_k in it."""
    step = induction().step
    quantities = {c.base.quantity for c in step.chain.product.atoms(Component)}
    assert quantities == {"delta", "w", "v"}
    layers = {str(node.args[0]) for node in step.chain.product.atoms(phi)}
    assert layers == {"j"}


def test_the_step_is_the_same_at_every_pair_of_layers():
    """i → j is j → k with other letters: one step serves all depths."""
    deep = DEEP.unknown_after("j")
    lower = prove(("E", "v_j", "y_i", "v_{i,c}"), deep).chain.product
    upper = induction().step.chain.product
    b, a, c = (index_symbol(x) for x in "bac")
    renamed = str(lower).replace("_ji", "_kj").replace("phi_i", "phi_j")
    renamed = renamed.replace("delta_j", "delta_k").replace("v_i", "v_j")
    for old, new in ((a, "B"), (c, "a"), ("B", "b"), ("z)", "m)")):
        renamed = renamed.replace(f"[{old}", f"[{new}").replace(f", {old}]", f", {new}]")
        renamed = renamed.replace(f"({old}, 1", f"({new}, 1").replace(f"1, {old}", f"1, {new}")
    assert renamed == str(upper)
    assert b in upper.atoms(sympy.Symbol)


# --- every Jacobian, along a direction ----------------------------------------------------------


@pytest.mark.parametrize("definitions", [NETWORK, BIASED, DEEP], ids=["plain", "bias", "deep"])
@pytest.mark.parametrize(("X", "Y"), jacobian_pairs())
def test_every_jacobian_is_proved_for_any_width(X, Y, definitions, count):
    """d/dt X(Y + t·U) at 0 is the Jacobian times U, for any U, with every size a letter."""
    proof = prove_along(X, Y, definitions)
    assert proof.proved and proof.any_width
    assert "proved for any width" in repr(proof) and "proved for any width" in proof._repr_latex_()
    assert proof.product.has(Family("U", *proof.J.Y.entry.layers))
    count("proofs")


@pytest.mark.parametrize(
    "change", [lambda raw: -raw, lambda raw: 2 * raw, lambda raw: raw + 1, lambda raw: 0 * raw]
)
def test_a_wrong_jacobian_is_not_proved(change, monkeypatch):
    right = directions.jacobian
    monkeypatch.setattr(
        directions,
        "jacobian",
        lambda *args: replace(right(*args), raw=change(right(*args).raw)),
    )
    proof = prove_along("y_k", "v_k")
    assert not proof.proved and "NOT proved" in repr(proof)
    assert "not proved" in proof._repr_latex_()


def test_a_direction_needs_a_whole_layer():
    with pytest.raises(ValueError, match="a direction needs a whole layer or W, not 'v_{j,a}'"):
        prove_along("E", "v_{j,a}")


# --- and it can fail ----------------------------------------------------------------------------

BROKEN = {
    "a link left out": ("E", "e_k", "y_k", "w_{ba}^{k,j}"),
    "the notes' last factor, ∂y_j/∂y_{j,a}, for δ": ("E", "e_k", "y_k", "y_{j,a}", "v_{j,a}"),
    "one path of many": ("E", "e_k", "y_k", "v_{k,b}", "y_{j,a}"),
    "through the wrong neuron": ("E", "v_{k,b}", "v_{j,a}"),
}


def test_a_chain_through_one_neuron_of_many_is_not_proved():
    """A sum over paths cannot be left out: only the path through b is not the derivative."""
    proof = prove(("E", "v_{k,b}", "y_{j,a}"))
    assert not proof.proved and proof.residual != 0
    assert "NOT proved" in repr(proof)
    assert "not proved" in proof._repr_latex_()


@pytest.mark.parametrize(
    ("letters", "change"),
    [
        ("sign", lambda entry: -entry),
        ("factor", lambda entry: 2 * entry),
        ("φ for φ′", lambda entry: entry.replace(phi, lambda k, n, x: phi(k, 0, x))),
        ("φ″ for φ′", lambda entry: entry.replace(phi, lambda k, n, x: phi(k, 2, x))),
        ("φ′ of the other layer", lambda entry: entry.replace(
            phi, lambda k, n, x: phi(sympy.Symbol("j"), n, x))),
    ],
)  # fmt: skip
def test_a_wrong_product_is_not_proved(letters, change, monkeypatch):
    """The same proof with a mistake in one factor: the residual is not zero."""
    chain = Chain(OUTPUT_WEIGHT)
    wrong = list(chain.factors)
    third = wrong[2]
    wrong[2] = type(third)(third.X, third.Y, third.definitions, change(third.raw))
    monkeypatch.setattr(Chain, "factors", tuple(wrong))
    assert not prove(OUTPUT_WEIGHT).proved, letters


def test_numbers_in_the_sizes_are_noticed():
    """any_width is about what ran: with one size a number it says so."""
    fixed = Definitions(Layers().with_sizes("p", "z", 3))
    proof = prove(HIDDEN_NEURON, fixed)
    assert proof.proved and not proof.any_width
    assert "at sizes p, z, 3" in repr(proof)


def test_sizes_are_letters_can_say_no():
    e, b, m = Family("e", "k"), index_symbol("b"), sympy.Symbol("m")
    assert sizes_are_letters(sympy.Sum(e[b], (b, 1, m)))
    assert not sizes_are_letters(sympy.Sum(e[b], (b, 1, 3)))
    assert not sizes_are_letters(sympy.Sum(e[b], (b, 2, m)))
    assert not sizes_are_letters(e[2])


def test_products_are_shown_factor_by_factor():
    """The collapse of the chain: row, row, row, number."""
    products = Chain(OUTPUT_WEIGHT).latex_products()
    assert products[0].startswith(r"\begin{bmatrix} e_{k,1}")
    assert products[1].startswith(r"\begin{bmatrix} -e_{k,1}")
    assert products[2].startswith(r"\begin{bmatrix} -e_{k,1} \, \varphi_k'(v_{k,1})")
    assert products[3] == r"-e_{k,b} \, \varphi_k'(v_{k,b}) \, y_{j,a}"
    assert "1 \\times m" in products[0] and len(products) == 4


def test_letters_do_not_run_out():
    """Eight links need eight letters; zip would have dropped the last ones silently."""
    chain = Chain(PROOFS[-1][0], DEEPER)
    assert len(chain.factors) == 9
    assert KINDS["E"] == 0
