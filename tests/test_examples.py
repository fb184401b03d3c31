"""Examples with numbers: what is declared, what is judged with it, and what never sees it."""

from __future__ import annotations

import pytest
from documents import LAYERS, claims, document, errors, rows

from bpderiv.document.polynomials import decimals, number, numbers, polynomial
from bpderiv.reading.reader import read

#: The network of the notebooks: y_j = (0.25, 1), v_k = (1.5, −1), y_k = (1.125, 0.5), E = 0.625.
EXAMPLE = LAYERS + (
    r"**Example**: $p := 2$, $z := 2$, $m := 2$, $\eta := 0.04$, "
    r"$y_i := \begin{bmatrix} 1 \\ 0.5 \end{bmatrix}$, "
    r"$W^{j,i} := \begin{bmatrix} 0.5 & -2 \\ -1.5 & 1 \end{bmatrix}$, "
    r"$W^{k,j} := \begin{bmatrix} 2 & 1 \\ -2 & -0.5 \end{bmatrix}$, "
    r"$d_k := \begin{bmatrix} 0.125 \\ 1 \end{bmatrix}$, "
    r"$\varphi_j(v) := v^2$, $\varphi_k(v) := \tfrac{1}{2} v^2$" + "\n\n"
)


def values(*latex: str, before: str = EXAMPLE):
    """(kind, holds) of every link of formulas in the example's text."""
    text = before + "\n\n".join(f"${x}$" for x in latex)
    return [(row.kind, row.holds) for row in rows(text) if row.note != "declares the example"]


def value(latex: str, before: str = EXAMPLE) -> bool | None:
    """Whether all links of a formula hold, all of them judged with numbers."""
    found = values(latex, before=before)
    assert found and {kind for kind, _ in found} == {"value"}
    return all(holds for _, holds in found)


def said(latex: str, before: str = EXAMPLE) -> str:
    """The only error."""
    (error,) = errors(f"{before}${latex}$")
    return error


# --- declaring ------------------------------------------------------------------------------------


def test_every_value_is_a_row_of_its_own():
    found = rows(EXAMPLE)
    assert [(row.kind, row.holds, row.good) for row in found] == [("value", None, True)] * 10
    assert found[3].latex == r"\eta := 0.04" and found[3].note == "declares the example"


WRONG = {
    "z = 3": "an example declares one value at a time",
    "z := 2.5": "z is a size: a whole number from 1 to 100",
    "z := 0": "z is a size: a whole number from 1 to 100",
    "z := 10^9": "z is a size: a whole number from 1 to 100",
    "z := m": "z is a size: a whole number from 1 to 100",
    "z := 2 := 2": "an example declares one value at a time",
    r"y_i := \begin{bmatrix} 1 \\ 2 \end{bmatrix}": "declare the sizes first",
    r"\eta := y_i": "an example declares one value at a time",
    r"\eta := \begin{bmatrix} 1 \\ 2 \end{bmatrix}": "expected 1 × 1 numbers, found 2 × 1",
    r"\mathcal{E} := 1": "this is computed, not declared",
    r"\delta_k := \begin{bmatrix} 1 \end{bmatrix}": "this is computed, not declared",
    r"d_j := \begin{bmatrix} 1 \end{bmatrix}": "this network has no d of layer j",
    r"y_{i,1} := 1": "declare all of y at once",
    r"q := 1": "q is not declared",
    r"\varphi_i(v) := v": "this network has no φ of layer i",
    r"\varphi_q(v) := v": "q is no layer of the example",
    r"\varphi_k(v) := y_k": "in an example a function is a polynomial in v",
    r"\varphi_k(v) := \frac{1}{v}": "in an example a function is a polynomial in v",
    r"\varphi_k(v) := v^{0.5}": "in an example a function is a polynomial in v",
    r"\varphi_k(v) := v^{999999999}": "in an example a function is a polynomial in v",
    r"\varphi_k(v) := ((9^{64})^{64})^{64}": "in an example a function is a polynomial in v",
    r"\varphi_k'(v) := v": "an example declares one value at a time",
    r"\varphi_k(2) := v": "an example declares one value at a time",
    r"\varphi_k := 2": r"\varphi needs its argument in brackets",
    r"\sqrt{z} := 2": "there are no roots here",
}


@pytest.mark.parametrize("latex", WRONG)
def test_what_is_not_declared_well_is_said(latex):
    assert WRONG[latex] in said(latex, LAYERS + "**Example**: ")


TWICE = {
    "$z := 2$, $z := 2$": "this value is declared twice",
    r"$p := 1$, $y_i := 2$, $y_i := 2$": "this value is declared twice",
    r"$\eta := 2$" + "\n\n" + r"**Example**: $\eta := 2$": "this value is declared twice",
    r"$\varphi_k(v) := v$, $\varphi_k(x) := x$": "this value is declared twice",
    r"$p := 2$, $y_i := \begin{bmatrix} 1 & 2 \end{bmatrix}$": "expected 2 × 1 numbers, found",
    r"$p := 2$, $y_i := \begin{bmatrix} 1 \\ x \end{bmatrix}$": "an example declares one value",
    r"$p := 2$, $y_i := \begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}$": "an example declares one value",
    r"$p := 2$, $z := 2$, $W^{j,i} := \begin{bmatrix} 1 \\ 2 \end{bmatrix}$": "expected 2 × 2",
}


@pytest.mark.parametrize("text", TWICE)
def test_each_value_has_its_size_and_is_declared_once(text):
    (error,) = errors(f"{LAYERS}**Example**: {text}")
    assert TWICE[text] in error


@pytest.mark.parametrize("before", ["", "**Short form**, layers i → j\n\n"])
def test_an_example_has_layers(before):
    assert said("z := 3", before + "**Example**: ") == (
        "declare the layers of the example first: **Layers** …"
    )


def test_a_text_has_one_example():
    other = "**Layers** j → k; sizes z, m; neurons a, b; k output\n\n**Example**: $z := 2$"
    assert errors(LAYERS + "**Example**: $p := 1$\n\n" + other) == [
        "the example has the layers i → j → k"
    ]


def test_an_example_line_declares_something():
    assert errors(LAYERS + "**Example**: the one from above") == [
        "this line declares nothing: write its formula in the same paragraph"
    ]


def test_a_value_that_was_refused_may_be_declared_again():
    text = LAYERS + "**Example**: $z := 0$, $z := 2$, $\\varphi_j(v) := y_j$, $\\varphi_j(v) := v$"
    assert len(errors(text)) == 2


# --- judging --------------------------------------------------------------------------------------


def test_the_forward_pass_of_the_example():
    for latex in (
        r"v_{j,1}(n) = 0.5 \cdot 1 + (-2) \cdot 0.5 = -0.5",
        r"y_{j,1}(n) = (-0.5)^2 = 0.25",
        r"v_k = \begin{bmatrix} 1.5 \\ -1 \end{bmatrix}",
        r"y_k = \begin{bmatrix} 1.125 \\ 0.5 \end{bmatrix}",
        r"\mathcal{E}(n) = \tfrac{1}{2} \left( (-1)^2 + 0.5^2 \right) = 0.625",
        r"\mathcal{E} = \frac{5}{8}",
        r"0.625 = \mathcal{E}",
        r"\mathcal{E} := 0.625 \equiv \frac58",
        r"\boxed{\mathcal{E} = 0.625}",
        r"\delta_{k,1} = -1.5",
        r"\frac{\partial \mathcal{E}}{\partial w_{12}^{k,j}} = 1.5 \cdot 1",
        r"w_{12}^{k,j}(n+1) = 1 - 0.04 \cdot 1.5 = 0.94",
        r"v_j = \begin{bmatrix} 0.5 & -2 \\ -1.5 & 1 \end{bmatrix} \begin{bmatrix} 1 \\ 0.5 "
        r"\end{bmatrix} = \begin{bmatrix} -0.5 \\ -1 \end{bmatrix}",
    ):
        assert value(latex) is True, latex


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (r"v_{j,1} = 0.5", "the left side is -0.5, the right 0.5"),
        (r"\mathcal{E} = 0.63", "the left side is 0.625, the right 0.63"),
        (r"v_{j,1} \cdot v_{j,1} \cdot \frac13 = 0.083", "the left side is 0.0833333…, "),
        (r"v_j = \begin{bmatrix} -0.5 & -1 \end{bmatrix}", "is [-0.5; -1.0], the right [-0.5, -1."),
        (r"y_{k,1} = \begin{bmatrix} 1.125 \\ 0.5 \end{bmatrix}", "the left side is 1.125, the"),
    ],
)
def test_a_wrong_number_is_refuted_with_both_numbers(latex, reason):
    (row,) = (row for row in rows(f"{EXAMPLE}${latex}$") if row.error)
    assert (row.kind, row.holds, row.error) == ("value", False, "is false")
    assert reason in row.verdict.reason and row.as_data()["reason"] == row.verdict.reason


def test_each_link_of_a_chain_is_judged():
    found = values(r"v_{j,1} = 0.5 \cdot 1 - 1 = -0.4 = -0.4")
    assert found == [("value", True), ("value", False), ("value", True)]


@pytest.mark.parametrize(
    ("latex", "holds"),
    [
        (r"\mathcal{E} \approx 0.63", True),
        (r"\mathcal{E} \approx 0.62", True),
        (r"\mathcal{E} \approx 0.64", False),
        (r"\mathcal{E} \approx 0.6", True),
        (r"\mathcal{E} \approx 0.7", False),
        (r"\mathcal{E} \approx 1", True),
        (r"\mathcal{E} \approx 0.6250", True),
        (r"\mathcal{E} \approx 0.6251", False),
        (r"v_{j,1} \approx -0.5", True),
        (r"v_{j,1} \approx 0.5", False),
        (r"\frac{\mathcal{E}}{3} = \frac{0.625}{3} \approx 0.21", True),
        (r"y_k \approx \begin{bmatrix} 1.13 \\ 0.5 \end{bmatrix}", True),
        (r"y_k \approx \begin{bmatrix} 1.1 \\ 0.50 \end{bmatrix}", True),
        (r"y_k \approx \begin{bmatrix} 1.12 \\ 0.51 \end{bmatrix}", False),
        (r"y_k \approx 0.5", False),
        (r"y_{k,2} \approx \begin{bmatrix} 0.5 \\ 0.5 \end{bmatrix}", False),
    ],
)
def test_nearly_is_to_the_digits_shown(latex, holds):
    assert value(latex) is holds


@pytest.mark.parametrize(
    ("latex", "wanted"),
    [
        (r"\mathcal{E} \approx \frac58", r"\approx stands before a decimal"),
        (r"\mathcal{E} \approx 0.3 + 0.325", r"\approx stands before a decimal"),
        (r"0.63 \approx \mathcal{E}", r"\approx stands before a decimal"),
    ],
)
def test_nearly_stands_before_a_decimal(latex, wanted):
    assert wanted in said(latex)


def test_nearly_without_a_side_of_numbers_is_listed_as_not_judged():
    half = r"y_k \approx \begin{bmatrix} 1.1 \\ v_{k,1} \end{bmatrix}"
    assert values(r"y_k \approx y_k", half) == [("not judged", None)] * 2


UNDECIDED = {
    r"v_{j,3} = 1": "not in the example: v has no neuron 3 in layer j",
    r"v_{j,0} = 1": "neuron 0: neurons are numbered from 1",
    r"e_j = 1": "there is no e of layer j here",
    r"q = 1": "q is not declared",
    r"v_{j,1} \cdot \frac{1}{0} = 1": "not in the example: something is divided by zero",
    r"\frac{1}{v_{j,1} + 0.5} = 1": "not in the example: something is divided by zero",
    r"v_{j,1} = 2^{65}": "a power with numbers has an exponent of at most 64",
    r"v_{j,1}^{99999999} = 1": "a power with numbers has an exponent of at most 64",
    r"y_k y_k = 1": "1 column meets m rows",
}


@pytest.mark.parametrize("latex", UNDECIDED)
def test_what_cannot_be_computed_is_said(latex):
    assert UNDECIDED[latex] in said(latex)


PARTS = {
    r"\eta = 1": (r"\eta := 0.04$, $", "the example gives no value for η"),
    r"y_{k,1} = 1": (r", $\varphi_k(v) := \tfrac{1}{2} v^2", "the example gives no φ of layer k"),
    r"v_{j,1} = 1": (r"p := 2$, $", "the example gives no size p"),
    r"e_{k,1} = 1": (
        r"$d_k := \begin{bmatrix} 0.125 \\ 1 \end{bmatrix}$, ",
        "the example gives no value for d of k",
    ),
}  # fmt: skip


@pytest.mark.parametrize("latex", PARTS)
def test_what_the_example_does_not_give_is_said(latex):
    left_out, wanted = PARTS[latex]
    assert left_out in EXAMPLE
    assert wanted in errors(EXAMPLE.replace(left_out, "") + f"${latex}$")[-1]


def test_after_an_error_the_next_value_is_judged():
    less = EXAMPLE.replace(r", $\varphi_k(v) := \tfrac{1}{2} v^2$", "")
    assert values("y_{k,1} = 1", "y_{k,1} = 1", "v_{k,1} = 1.5", before=less) == [
        ("unread", None), ("unread", None), ("value", True),
    ]  # fmt: skip


# --- what the example does not decide -------------------------------------------------------------


def test_general_claims_never_see_the_numbers(monkeypatch):
    """True with the example's numbers, and no side is a plain number: refuted in general."""
    monkeypatch.setattr(
        "bpderiv.checking.diagnose", lambda claims: ()
    )  # takes long, changes nothing
    for latex in (
        r"y_{j,1} = y_{j,2} - 3 \eta \cdot 6.25",
        r"\varphi_j'(v_{j,1}) = 2 v_{j,1}",
        r"v_{k,1} + v_{k,2} = y_{k,2}",
        r"\mathcal{E} = e_{k,1} e_{k,1} \cdot 0.625",
    ):
        assert value_in_example(latex)
        assert values(latex) == [("claim", False)], latex


def value_in_example(latex: str) -> bool:
    """Whether the difference of both sides is nought in the example."""
    left, right = latex.split(" = ")
    return value(rf"({left}) - ({right}) = 0")


def test_a_claim_of_any_neuron_is_general():
    found = rows(EXAMPLE + r"$\frac{\partial e_{k,b}}{\partial y_{k,b}} = -1$")[-1]
    assert (found.kind, found.holds) == ("claim", True)
    assert said(r"v_{k,b} = 1.5") == (
        "is false (b: any neuron; a number of the example is said of one, as in v_{k,1})"
    )
    erratum = (
        r"**Erratum** (sign): so" + "\n\n" + r"$$\frac{\partial e_{k,b}}{\partial y_{k,b}} = 1$$"
    )
    assert errors(EXAMPLE + erratum) == []


def test_in_the_short_form_no_letter_is_one_neuron():
    short = EXAMPLE + "**Short form**, layers i → j\n\n"
    assert said("v_j = -0.5", short) == (
        "is false (j: any neuron; a number of the example is said of one, as in v_{k,1})"
    )
    assert r"\approx is judged between numbers" in said(r"v_j \approx -0.5", short)
    assert value(r"\eta = 0.04", short) is True and value(r"\mathcal{E} = 0.625", short) is True


def test_a_number_that_holds_in_every_network_is_a_claim():
    assert values(r"\frac{\partial y_{j,1}}{\partial y_{j,2}} = 0") == [("claim", True)]
    assert values(r"e_{k,1} - e_{k,1} = 0") == [("claim", True)]


def test_without_an_example_numbers_of_the_network_are_general_claims():
    assert values("v_{k,1} = 0.5", before=LAYERS) == [("claim", False)]
    assert r"\approx is judged between numbers" in said(r"v_{k,1} \approx 0.5", LAYERS)


def test_the_example_belongs_to_its_layers():
    other = EXAMPLE + "**Layers** s → t\n\n"
    assert said(r"\eta = 0.04", other).startswith("the example has the layers i → j → k, and this")
    part = EXAMPLE + "**Layers** j → k; k output\n\n"
    assert value("v_{k,1} = 1.5", part) is True


def test_examples_of_two_texts_are_two():
    assert values(r"\eta = 0.04", before=LAYERS) == [("claim", False)]
    assert document(EXAMPLE).declarations is None


def test_other_relations_are_listed():
    found = rows(EXAMPLE + r"$v_{j,1} \le 3$")[-1]
    assert (found.kind, found.note, found.good) == ("not judged", r"\le is not judged", True)


# --- plain numbers --------------------------------------------------------------------------------

PLAIN = {
    "0.5 + 0.5 = 1": True,
    "0.1 + 0.2 = 0.3": True,
    "0.5 + 0.5 = 1 = 2 - 1": True,
    "1 = 2": False,
    r"\frac{1}{3} = 0.333": False,
    r"\frac{1}{3} \approx 0.333": True,
    r"\frac{1}{3} \approx 0.334": False,
    r"2 \cdot (3 - 1)^2 - 8 \cdot 1 \equiv 0": True,
    "1/4 := 0.25": True,
    r"2 \times 3 = 6": True,
    r"2^{-2} = 0.25": True,
    r"\begin{bmatrix} 1 \\ 2 \end{bmatrix} = \begin{bmatrix} 1 \\ 2 \end{bmatrix}": True,
    r"\begin{bmatrix} 1 \\ 2 \end{bmatrix} = \begin{bmatrix} 1 & 2 \end{bmatrix}": False,
}


@pytest.mark.parametrize("latex", PLAIN)
@pytest.mark.parametrize("before", [LAYERS, EXAMPLE, ""], ids=["no example", "example", "nothing"])
def test_links_between_plain_numbers_are_judged(latex, before):
    assert value(latex, before) is PLAIN[latex]


@pytest.mark.parametrize(
    ("latex", "wanted"),
    [
        ("2^{65} = 1", "a power with numbers has an exponent of at most 64"),
        (r"\frac{1}{0} = 1", "is not decided"),
        (r"\frac{1}{0} \approx 1", r"\approx is judged between numbers"),
        (r"2 = \sqrt{4}", "there are no roots here"),
    ],
)
def test_what_is_no_number_is_said(latex, wanted):
    assert wanted in said(latex, LAYERS)


def side(latex: str):
    return read(f"{latex} = 0")[0].sides[0]


@pytest.mark.parametrize(
    ("latex", "coefficients"),
    [
        ("v^2", [0, 0, 1]),
        (r"\tfrac{1}{2} v^2 - v + 3", [3, -1, 0.5]),
        ("(v + 1)(v - 1)", [-1, 0, 1]),
        ("(v+1)^3", [1, 3, 3, 1]),
        (r"v \cdot 2/4", [0, 0.5]),
        ("-v", [0, -1]),
        ("7", [7]),
        (r"\frac{v}{2}", [0, 0.5]),
        ("v^0", [1]),
        ("1/v", None),
        ("v^{-1}", None),
        ("v^{1.5}", None),
        ("v^v", None),
        ("w", None),
        ("v'", None),
        ("(v, 1)", None),
        (r"v \odot v", None),
    ],
)
def test_polynomials(latex, coefficients):
    assert polynomial(side(latex), "v") == coefficients


def test_numbers_and_decimals():
    assert number(side("1 - 0.75")) == 0.25 and number(side("v")) is None
    assert number(None) is None and number(side("(1 + 1)^{64}")) == 2**64
    assert numbers(side(r"\begin{bmatrix} 1 & -2 \end{bmatrix}")) == [[1, -2]]
    assert numbers(side(r"\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}")) is None
    assert [decimals(side(x)) for x in ("0.50", "-1.5", "3", "1 + 1", "v")] == [2, 1, 0, None, None]


def test_no_claim_of_the_text_is_lost():
    found = claims(EXAMPLE + r"$e_k = d_k - y_k$ and $\eta = 0.04$ and $v_k = W^{k,j} y_j$")
    assert found == [("e_k = d_k - y_k", True), ("v_k = W^{k,j} y_j", True)]
