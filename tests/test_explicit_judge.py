"""The explicit judge: sympy's matrices at small sizes, on equations typed by hand.

It runs alone here: no other judge is asked, and what it finds is compared with what the files of
equations say and with mathematics written out in these tests.
"""

import ast
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from bpderiv import expression as ex
from bpderiv.document.document import read_document
from bpderiv.document.notes import notes_declarations, notes_folder
from bpderiv.judges import composed, explicit, matrices, polynomials, views
from bpderiv.judges.composed import Named, Network, Undecidable, Unknown
from bpderiv.judges.explicit import judge, sizes_of
from bpderiv.judges.matrices import evaluate
from bpderiv.meaning.claims import links
from bpderiv.meaning.window import make_window, read_window
from bpderiv.reading.reader import read

EQUATIONS = Path(__file__).parent / "equations"
OUTPUT = make_window("i j k", "k", "p z m", "c a b")
ANYWHERE = make_window("i j k", None, "p z m", "c a b")


def claims_of(latex, window=OUTPUT, declarations=None):
    declarations = declarations or notes_declarations()
    return [
        claim
        for chain in read(latex)
        for link in links(chain, window, declarations, latex)
        for claim in link.claims
    ]


def judged(latex, window=OUTPUT, declarations=None):
    """What the judge finds for a link with one claim."""
    (claim,) = claims_of(latex, window, declarations)
    return judge(claim)


# --- the files of equations -----------------------------------------------------------------------


def typed_equations(name):
    """(line, whether it is true, its window, latex) of a file typed by hand."""
    window, found = None, []
    for number, line in enumerate((EQUATIONS / name).read_text("utf-8").splitlines(), 1):
        window = read_window(line) if line.startswith("**") else window
        if match := re.match(r"([TF]): (.*?)(?:\s\s%.*)?$", line):
            found.append((number, match[1] == "T", window, match[2]))
    return found


def verdict(latex, window):
    """True, False or None, as `T:` and `F:` mean it; what types refute is not this judge's."""
    holds = {judge(c).holds if c.problem is None else False for c in claims_of(latex, window)}
    return False if False in holds else None if None in holds else True


@pytest.mark.parametrize(
    ("name", "least", "step"),
    [
        ("output_layer.md", 66, 1),
        ("hidden_layer.md", 70, 1),
        # These take long, and test_equations.py has this judge look at all of them.
        ("deep.md", 66, 6),
        ("short_form.md", 66, 2),
    ],
)
def test_equations_typed_by_hand(name, least, step):
    found = typed_equations(name)
    assert len(found) >= least
    found = found[::step]
    assert {true for _, true, _, _ in found} == {True, False}
    wrong = [
        f"line {line}: {latex} is {holds}"
        for line, true, window, latex in found
        if (holds := verdict(latex, window)) is not true
    ]
    assert not wrong, "\n".join(wrong)


# --- definitions ----------------------------------------------------------------------------------

#: For every definition a consequence that fails if only its sign is changed.
CONSEQUENCES = {
    ("v", 1): r"v_k = W^{k,j} y_j",
    ("y", 1): r"y_{k,b} = \varphi_k(v_{k,b})",
    ("e", 1): r"e_k = d_k - y_k",
    (r"\mathcal{E}", 1): r"\frac{\partial \mathcal{E}_{k,b}}{\partial e_{k,b}} = e_{k,b}",
    (r"\mathcal{E}", 0): r"\frac{\partial \mathcal{E}}{\partial e_k} = e_k^T",
    (r"\delta", 1): r"\delta_{k,b} = e_{k,b} \varphi_k'(v_{k,b})",
    (r"\Delta w", 2): r"\Delta w_{ba} = -\eta \frac{\partial \mathcal{E}}{\partial w_{ba}}",
    ("w(n+1)", 2): r"w_{ba}(n+1) = w_{ba} + \Delta w_{ba}",
}


def key(definition):
    return definition.target.name, len(definition.target.layers)


def changed(change):
    """The notes' declarations, with `change` made to every definition for which it is not None."""
    notes = notes_declarations()
    definitions = [change(definition) or definition for definition in notes.definitions]
    assert definitions != notes.definitions
    return replace(notes, definitions=definitions)


def test_every_definition_has_a_consequence_here():
    assert {key(definition) for definition in notes_declarations().definitions} == set(CONSEQUENCES)


@pytest.mark.parametrize("which", CONSEQUENCES, ids=str)
def test_a_sign_changed_in_a_definition_is_seen(which):
    def change(definition):
        minus = ex.Mul((ex.Number(Fraction(-1)), definition.body))
        return replace(definition, body=minus) if key(definition) == which else None

    assert judged(CONSEQUENCES[which]).holds is True
    assert judged(CONSEQUENCES[which], declarations=changed(change)).holds is False


def test_definitions_changed_in_place_are_read_again():
    declarations = replace(notes_declarations(), definitions=[*notes_declarations().definitions])
    assert judged("e_k = d_k - y_k", declarations=declarations).holds is True
    at = [key(definition) for definition in declarations.definitions].index(("e", 1))
    old = declarations.definitions[at]
    declarations.definitions[at] = replace(old, body=old.body.terms[0])
    assert judged("e_k = d_k - y_k", declarations=declarations).holds is False


def test_a_wrong_gradient_follows_from_a_wrong_network():
    """φ″ for φ in y: δ then has another slope, though δ's own definition is as it was."""

    def change(definition):
        if key(definition) == ("y", 1):
            return replace(definition, body=replace(definition.body, order=1))
        return None

    declarations = changed(change)
    output = r"\delta_k = e_k \odot \varphi_k'(v_k)"
    assert judged(output).holds is True
    assert judged(output, declarations=declarations).holds is False
    assert judged(output.replace("'", "''"), declarations=declarations).holds is True


def test_what_is_defined_by_itself_is_not_decided():
    def change(definition):
        if key(definition) == ("e", 1):
            return replace(definition, body=definition.target)
        return None

    found = judged(r"e_k = d_k - y_k", declarations=changed(change))
    assert found.holds is None and "defined by itself" in found.reason


def test_no_letter_is_known():
    """All letters of the declarations exchanged for others: the same verdicts."""
    others = {
        r"\delta": r"\mu", r"\varphi": r"\psi", r"\mathcal{E}": r"\mathcal{L}", r"\eta": r"\alpha",
        "y": "x", "v": "s", "w": "u", "W": "U", "e": "r", "d": "t",
    }  # fmt: skip
    page = (notes_folder() / "0_declarations.md").read_text("utf-8")
    page = re.sub(r"\$[^$]+\$", lambda match: _each_name(match[0], others), page)
    document = read_document([(None, page)], "renamed")
    assert not document.errors
    for latex, holds in (
        (r"\delta_j = ({W^{k,j}}^T \delta_k) \odot \varphi_j'(v_j)", True),
        (r"\delta_j = ({W^{k,j}}^T e_k) \odot \varphi_j'(v_j)", False),
        (r"\frac{\partial \mathcal{E}}{\partial W^{k,j}} = -\delta_k y_j^T", True),
    ):
        assert judged(latex).holds is holds
        assert judged(_each_name(latex, others), declarations=document.declarations).holds is holds


def _each_name(latex, others):
    r"""LaTeX with its names exchanged; commands such as \frac are names of their own."""
    names = r"\\mathcal\{E\}|\\[A-Za-z]+|[A-Za-z]"
    return re.sub(names, lambda match: others.get(match[0], match[0]), latex)


# --- layout: rows belong to what is differentiated, columns to the variable -----------------------

PLACES = {"i": 0, "j": 1, "k": 2}


@pytest.fixture
def network():
    return Network(notes_declarations(), (4, 3, 2), evaluate)


def derivative(network, of, by):
    """∂of/∂by with every free letter 1, from the left side of a claim that says nothing."""
    latex = rf"\frac{{\partial {of}}}{{\partial {by}}}"
    (claim,) = claims_of(f"{latex} = {latex}")
    return evaluate(network, claim.left, PLACES, {letter: 1 for letter, _ in claim.letters})


@pytest.mark.parametrize(
    ("of", "by", "shape"),
    [
        (r"\mathcal{E}", "e_k", (1, 2)),
        (r"\mathcal{E}", "y_j", (1, 3)),
        ("v_k", "y_j", (2, 3)),
        ("v_k", "y_{j,a}", (2, 1)),
        ("v_k", "w_{ba}^{k,j}", (2, 1)),
        ("y_{k,b}", "y_i", (1, 4)),
        (r"\mathcal{E}", "W^{k,j}", (2, 3)),
        (r"\mathcal{E}", "W^{j,i}", (3, 4)),
        ("e_{k,b}", "W^{j,i}", (3, 4)),
    ],
)
def test_shapes_of_derivatives(network, of, by, shape):
    assert derivative(network, of, by).shape == shape


def test_a_number_by_a_number_is_a_number(network):
    assert derivative(network, "v_{k,b}", "v_{k,b}") == 1


def test_every_entry_of_a_jacobian_stands_at_its_place(network):
    slopes = derivative(network, "v_k", "y_j")
    for r, c in ((r, c) for r in (1, 2) for c in (1, 2, 3)):
        assert slopes[r - 1, c - 1] == network.value("w", (2, 1), (r, c))


def test_a_number_by_a_matrix_is_arranged_like_the_matrix(network):
    slopes = derivative(network, "v_{k,b}", "W^{k,j}")
    inputs = [network.value("y", (1,), (a,)) for a in (1, 2, 3)]
    assert slopes == sympy.Matrix([inputs, [0, 0, 0]])


def test_a_transposed_jacobian_is_refuted():
    """Times Wᵀ it is square, and types cannot tell it from its transpose."""
    square = r"\frac{\partial y_k}{\partial y_j} {W^{k,j}}^T"
    slopes = r"\operatorname{diag}(\varphi_k'(v_k))"
    assert judged(rf"{square} = {slopes} W^{{k,j}} {{W^{{k,j}}}}^T").holds is True
    assert judged(rf"{square} = W^{{k,j}} {{W^{{k,j}}}}^T {slopes}").holds is False


# --- what sympy is given --------------------------------------------------------------------------


def test_functions_are_told_apart(network):
    at = network.value("v", (2,), (1,))
    found = [composed.unknown("f", layer, order)(at) for layer in (1, 2) for order in (0, 1, 2)]
    assert len(set(found)) == 6
    assert found[0].fdiff() == found[1] and found[1].fdiff() == found[2]


def test_the_slope_of_a_function_is_the_next_one():
    x = sympy.Symbol("x")
    first, second = (composed.unknown("f", 1, order)(x**2) for order in (0, 1))
    assert first.diff(x) == 2 * x * second


@pytest.mark.parametrize(
    "wrong",
    [
        r"y_k = \varphi_j(v_k)",
        r"y_k = \varphi_k'(v_k)",
        r"\frac{\partial y_k}{\partial v_k} = \operatorname{diag}(\varphi_j'(v_k))",
        r"\frac{\partial y_k}{\partial v_k} = \operatorname{diag}(\varphi_k''(v_k))",
        r"\frac{\partial y_k}{\partial v_k} = \operatorname{diag}(\varphi_k'(y_k))",
    ],
)
def test_another_function_is_refuted(wrong):
    assert judged(wrong).holds is False


def test_derivatives_are_carried_out(network):
    """An undefined sympy Function would leave Subs and Derivative behind."""
    slope = derivative(network, r"\mathcal{E}", "w_{ac}^{j,i}")
    assert not slope.has(sympy.Derivative, sympy.Subs, sympy.Piecewise)
    assert {node.which for node in slope.atoms(Unknown)} == {
        (r"\varphi", 2, 1), (r"\varphi", 1, 1)
    }  # fmt: skip


def test_the_whole_error_is_differentiated(network):
    """No δ in it: ∂E/∂v_j is made of errors, slopes and weights."""
    slopes = derivative(network, r"\mathcal{E}", "v_j")
    assert {node.family[0] for node in slopes.atoms(Named)} == {"e", "v"}


def test_a_function_has_one_value_at_equal_arguments():
    """φ(Σ w y) and φ(v) are one number, though they are written differently."""
    assert judged(r"y_k = \varphi_k(W^{k,j} \varphi_j(W^{j,i} y_i))").holds is True
    assert judged(r"y_k = \varphi_k(W^{k,j} \varphi_j(2 W^{j,i} y_i))").holds is False


@pytest.mark.parametrize(
    ("latex", "holds"),
    [
        # What y is made of is held fixed, though v is there too.
        (r"\frac{\partial \delta_k}{\partial y_k} = -\operatorname{diag}(\varphi_k'(v_k))", True),
        (r"\frac{\partial \delta_k}{\partial d_k} = \operatorname{diag}(\varphi_k'(v_k))", True),
        (r"\frac{\partial^2 \mathcal{E}}{\partial v_{k,b} \partial v_{k,b}} = "
         r"(\varphi_k'(v_{k,b}))^2 - e_{k,b} \varphi_k''(v_{k,b})", True),
        (r"\frac{\partial^2 \mathcal{E}}{\partial v_{k,b} \partial v_{k,b}} = "
         r"(\varphi_k'(v_{k,b}))^2 + e_{k,b} \varphi_k''(v_{k,b})", False),
        (r"\frac{\partial w_{ba}(n+1)}{\partial d_{k,b}} = \eta \varphi_k'(v_{k,b}) y_{j,a}", True),
    ],
)  # fmt: skip
def test_derivatives_of_derivatives(latex, holds):
    assert judged(latex).holds is holds


#: −I as the notes draw it, one entry of the last row but one left open.
MINUS_ONES = (
    r"\frac{\partial e_k}{\partial y_k} = \begin{bmatrix} -1 & 0 & 0 & \dots & 0 \\ "
    r"0 & -1 & 0 & \dots & 0 \\ \vdots & & & \ddots & \vdots \\ "
    r"0 & \dots & \dots & -1 & %s \\ 0 & \dots & \dots & 0 & -1 \end{bmatrix}"
)


@pytest.mark.parametrize(
    ("latex", "holds"),
    [
        (r"\sum_{r=2}^{m} e_{k,r} = \sum_{r=1}^{m} e_{k,r} - e_{k,1}", True),
        (r"\sum_{r=2}^{m} e_{k,r} = \sum_{r=1}^{m} e_{k,r}", False),
        (MINUS_ONES % "0", True),
        (MINUS_ONES % "-1", False),
    ],
)
def test_sums_and_displays_from_both_ends(latex, holds):
    assert judged(latex).holds is holds


# --- equal or not ---------------------------------------------------------------------------------


def test_what_is_the_same_multiplied_out(network):
    """Alone, without the random numbers: what is told apart there must be told apart here."""
    view = views.View(lambda name: False)
    x, y = sympy.symbols("x y")
    f = {order: composed.unknown("f", 1, order) for order in (0, 1)}
    assert view.equal(f[0](x * (x + y)), f[0](x**2 + x * y))
    assert not view.equal(f[0](x), f[0](y))
    assert not view.equal(f[0](x), f[1](x))
    assert not view.equal(f[0](x), composed.unknown("f", 2, 0)(x))
    e, d, s = (network.value(name, (2,), (1,)) for name in "edy")
    assert view.equal(e, d - s) and not view.equal(e, d + s)
    assert not views.View(lambda name: True).equal(e, d - s)


x, y, z = sympy.symbols("x y z")
FORMULAS = st.recursive(
    st.sampled_from([x, y, z]) | st.fractions(-3, 3, max_denominator=3).map(sympy.Rational),
    lambda below: st.one_of(
        st.tuples(below, below).map(lambda two: sympy.Add(*two, evaluate=False)),
        st.tuples(below, below).map(lambda two: sympy.Mul(*two, evaluate=False)),
        st.tuples(below, st.sampled_from([-2, -1, 2, 3])).map(
            lambda two: sympy.Pow(*two, evaluate=False)
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(FORMULAS, FORMULAS)
def test_multiplied_out_as_by_sympy(left, right):
    view = views.View(lambda name: False)
    by_sympy = [sympy.cancel(side.doit()) for side in (left, right)]
    try:
        assert view.equal(left, by_sympy[0]) and view.equal(by_sympy[1], right)
        assert view.equal(left, right) is (by_sympy[0] == by_sympy[1])
    except Undecidable:
        assert any(side.has(sympy.zoo, sympy.nan) for side in by_sympy)


def test_a_quotient_of_equal_sums_is_one():
    found = judged(r"\frac{e_{k,b}}{e_{k,b} + y_{k,b}} + \frac{y_{k,b}}{e_{k,b} + y_{k,b}} = 1")
    assert found.holds is True
    assert judged(r"\frac{e_{k,b} + y_{k,b}}{e_{k,b} - y_{k,b}} = 1").holds is False


def test_terms_are_never_more_than_counted(network):
    view = views.View(lambda name: False)
    x, y = sympy.symbols("x y")
    error = network.value(r"\mathcal{E}", (), ())
    for value, terms in ((x + y, 2), ((x + y) * (x - y), 4), ((x + y) ** 3, 8), (error, 8)):
        assert view.terms(value) == terms


# --- where it is judged ---------------------------------------------------------------------------


def test_the_output_layer_is_judged_in_one_network():
    assert judged("v_k = W^{k,j} y_j").sizes == ((4, 3, 2),)


def test_any_layers_are_judged_at_the_end_and_before_it():
    found = judged("v_k = W^{k,j} y_j", ANYWHERE)
    assert found.holds is True and found.sizes == ((4, 3, 2), (5, 4, 3, 2))


def test_what_holds_only_at_the_output_is_refuted_before_it():
    """The window alone ends in the output layer, and there it is true."""
    found = judged(r"\mathcal{E} = \frac{1}{2} \sum_{b=1}^{m} (d_{k,b} - y_{k,b})^2", OUTPUT)
    assert found.holds is True
    (claim,) = claims_of(r"\mathcal{E} = \frac{1}{2} \sum_{b=1}^{m} (d_{k,b} - y_{k,b})^2")
    found = judge(replace(claim, window=ANYWHERE))
    assert found.holds is False and len(found.sizes) == 2
    assert found.reason == "there is no d of layer k in a network of sizes 5 → 4 → 3 → 2"


def test_a_quantity_that_the_input_has_not():
    found = judged(r"\delta_i = \varphi_i'(v_i) \odot ({W^{j,i}}^T \delta_j)", ANYWHERE)
    assert found.holds is False and found.difference is None
    assert found.reason == "there is no δ of layer i in a network of sizes 4 → 3 → 2"


def test_a_function_that_the_input_has_not():
    found = judged(r"\varphi_i(y_i) = \varphi_i(y_i)", ANYWHERE)
    assert found.holds is False and "no φ of layer i" in found.reason


def test_a_neuron_that_a_layer_has_not(network):
    assert network.value("v", (2,), (2,))
    with pytest.raises(composed.Undecidable, match="neuron 3 of a layer with 2"):
        network.value("v", (2,), (3,))


@pytest.mark.parametrize(
    ("latex", "sizes"),
    [
        ("v_k = W^{k,j} y_j", (4, 3, 2)),
        (r"2 v_k = 2 W^{k,j} y_j", (5, 4, 3)),  # 2 is a number here, and nobody's size
        (r"e_{k,1} = d_{k,1} - y_{k,1}", (4, 3, 2)),
        (r"e_{k,3} = d_{k,3} - y_{k,3}", (3, 2, 4)),
        (r"\sum_{r=4}^{m} e_{k,r} = \sum_{r=4}^{m} (d_{k,r} - y_{k,r})", (3, 2, 5)),
        (r"v_{k,b} = w_{b1} y_{j,1} + w_{b2} y_{j,2} + \dots + w_{bz} y_{j,z}", (4, 3, 2)),
        (r"v_k = \begin{bmatrix} v_{k,1} \\ v_{k,2} \\ \vdots \\ v_{k,m} \end{bmatrix}", (3, 2, 4)),
    ],
)  # fmt: skip
def test_layers_have_room_for_what_is_shown(latex, sizes):
    (claim,) = claims_of(latex)
    assert sizes_of(claim, 0) == sizes
    assert judge(claim).holds is True


def test_a_number_is_not_the_size_of_a_layer():
    """Σ_b ∂e_b/∂y_b = −m: neither −2 nor −3, in whatever network."""
    trace = r"\sum_{b=1}^{m} \frac{\partial e_{k,b}}{\partial y_{k,b}}"
    for number in (2, 3, 4, 5):
        assert judged(f"{trace} = -{number}").holds is False


def test_deep_windows_have_unequal_neighbours():
    letters = "c f g h i j k"
    (claim,) = claims_of(r"v_k = W^{k,j} y_j", make_window(letters, "k"))
    assert sizes_of(claim, 0) == (2, 3, 2, 3, 2, 3, 2)
    assert judge(claim).holds is True


def test_a_network_too_large_is_left_out():
    letters = "b c f g h i j k"
    (claim,) = claims_of(r"v_k = W^{k,j} y_j", make_window(letters))
    found = judge(claim)
    assert found.holds is True and len(found.sizes) == 1 and "too large" in found.left_out


# --- not decided ----------------------------------------------------------------------------------


#: A column in which the entries before the dots say too little; and one that is false as well.
RIGHT, WRONG = (
    rf"\delta_k = \begin{{bmatrix}} e_{{k,1}} \varphi_k'(v_{{k,1}}) \\ {second} \\ "
    r"\vdots \\ e_{k,m} \varphi_k'(v_{k,m}) \end{bmatrix}"
    for second in (r"\varphi_k'(v_{k,2}) e_{k,2}", r"\varphi_k'(v_{k,2}) e_{k,1}")
)


#: The sum of two numbers; multiplied out, it stays a quotient.
SQUARES = r"\frac{e_{k,b}^2 - y_{k,b}^2}{e_{k,b} - y_{k,b}}"


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (RIGHT, "the dots do not say one formula"),
        (rf"\varphi_k({SQUARES}) = \varphi_k(e_{{k,b}} + y_{{k,b}})",
         "the sides differ, multiplied out, and agree at random numbers"),
        (r"\frac{1}{y_{k,b} - y_{k,b}} = 1", "a division by zero"),
        (r"\frac{1}{e_{k,b} - d_{k,b} + y_{k,b}} = \frac{1}{e_{k,b} - d_{k,b} + y_{k,b}}",
         "zero at random numbers"),
    ],
)  # fmt: skip
def test_not_decided(latex, reason):
    found = judged(latex)
    assert found.holds is None and reason in found.reason


def test_an_entry_shown_beside_hidden_ones_refutes():
    found = judged(WRONG)
    assert found.holds is False
    assert found.difference[:3] == ((), 2, 1)


def test_a_derivative_of_what_is_hidden_is_not_decided():
    column = RIGHT.split(" = ", 1)[1]
    found = judged(
        rf"\frac{{\partial {column}}}{{\partial d_k}} = \frac{{\partial \delta_k}}{{\partial d_k}}"
    )
    assert found.holds is None and found.reason == "a derivative of what is hidden behind dots"


def test_guessed_dots_are_only_refuted():
    (claim,) = claims_of("v_k = W^{k,j} y_j")
    found = judge(replace(claim, guess="the dots were guessed"))
    assert found.holds is None and found.reason == "the dots were guessed"
    (claim,) = claims_of("v_k = 2 W^{k,j} y_j")
    assert judge(replace(claim, guess="the dots were guessed")).holds is False


def test_too_many_terms(monkeypatch):
    monkeypatch.setattr(explicit, "TERMS", 3)
    found = judged(r"\delta_j = ({W^{k,j}}^T \delta_k) \odot \varphi_j'(v_j)")
    assert found.holds is None and "too many to multiply out" in found.reason
    assert judged(r"\delta_j = ({W^{k,j}}^T \delta_k) \odot \varphi_j(v_j)").holds is False


def test_what_types_refute_is_not_judged():
    (claim,) = claims_of("v_k = W^{k,j} y_k")
    assert claim.problem
    with pytest.raises(ValueError, match="this claim has no value"):
        judge(claim)


# --- what it says ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "letters", "place", "left", "right"),
    [
        (r"\frac{\partial \mathcal{E}}{\partial y_{k,b}} = e_{k,b}", (("b", 1),), (1, 1),
         "-e_{k,1}", "e_{k,1}"),
        (r"v_k = \begin{bmatrix} v_{k,1} \\ v_{k,1} \\ \vdots \\ v_{k,m} \end{bmatrix}",
         (), (2, 1), "v_{k,2}", "v_{k,1}"),
        (r"\frac{\partial \mathcal{E}}{\partial W^{k,j}} = \delta_k y_j^T", (), (1, 1),
         r"-e_{k,1}*y_{j,1}*\varphi_k'(v_{k,1})", r"\delta_{k,1}*y_{j,1}"),
        (r"w_{ba}^{k,j}(n+1) = \eta w_{ba}^{k,j}", (("b", 1), ("a", 1)), (1, 1),
         "w_{1,1}^{k,j}(n+1)", r"\eta*w_{1,1}^{k,j}"),
        (r"\frac{\partial v_{k,b}}{\partial y_{j,a}} = w_{1a}^{k,j}", (("b", 2), ("a", 1)), (1, 1),
         "w_{2,1}^{k,j}", "w_{1,1}^{k,j}"),
    ],
)  # fmt: skip
def test_the_first_difference(latex, letters, place, left, right):
    found = judged(latex)
    assert found.holds is False
    assert dict(found.difference.letters) == dict(letters)
    assert (found.difference.row, found.difference.column) == place
    assert (str(found.difference.left), str(found.difference.right)) == (left, right)


def test_layers_behind_the_window_are_named():
    """∂²E/∂y² = 1 in the output layer alone; before it, the next layer's weights are in it."""
    found = judged(
        r"\frac{\partial^2 \mathcal{E}}{\partial y_{k,b} \partial y_{k,b}} = 1", ANYWHERE
    )
    assert found.holds is False and len(found.sizes) == 2
    assert sympy.Symbol("w_{1,1}^{k+1,k}") in found.difference.left.free_symbols


# --- alone ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [explicit, matrices, composed, views, polynomials])
def test_no_code_of_another_judge(module):
    """Trees, definitions and meaning are shared; how they are computed is not."""
    shared = {"expression", "dispatch", "meaning"}
    own = {"bpderiv.judges." + name for name in ("composed", "matrices", "polynomials", "views")}
    for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
        names = [node.module] if isinstance(node, ast.ImportFrom) else []
        names += [x.name for x in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name == "bpderiv":
                assert {x.name for x in node.names} <= shared
            elif name.startswith("bpderiv."):
                assert name in own or name.split(".")[1] in shared


def test_closed_names_are_only_a_shorter_way(monkeypatch):
    """With every name opened, as with names left where they may be."""
    monkeypatch.setattr(explicit, "views", lambda: (views.View(lambda name: False),))
    explicit._network.cache_clear()
    try:
        for latex, holds in (
            (r"\delta_j = ({W^{k,j}}^T \delta_k) \odot \varphi_j'(v_j)", True),
            (r"\delta_j = ({W^{k,j}}^T e_k) \odot \varphi_j'(v_j)", False),
        ):
            assert judged(latex).holds is holds
    finally:
        explicit._network.cache_clear()
