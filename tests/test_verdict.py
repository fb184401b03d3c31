"""`bpderiv.check`: one equation typed by hand, and a verdict whose words claim no more than ran."""

import pytest

import bpderiv
from bpderiv import ReadError, check, shown
from bpderiv.judges import any_width, exact, explicit, floating
from bpderiv.verdict import judge_statement

TRUE = r"\delta_k = e_k \odot \varphi_k'(v_k)"


def test_a_true_equation():
    verdict = check(TRUE)
    assert verdict.holds is True
    (link,) = verdict.links
    assert link.judges["any width"] == "proved for any width"
    assert "proved for any width; exact on 4 random networks" in repr(verdict)


def test_a_false_one_has_a_counterexample_and_a_name():
    verdict = check(r"\delta_k = -e_k \odot \varphi_k'(v_k)")
    (link,) = verdict.links
    assert verdict.holds is False and link.mistake == (("sign",),)
    example = link.counterexample
    assert int(example.left) == -int(example.right) != 0
    assert len({size for _, size in example.sizes}) == len(example.sizes)
    assert "mistake: sign" in repr(verdict)


def test_an_ill_typed_one_has_a_reason():
    verdict = check(r"e_k = d_k^T")
    assert verdict.holds is False
    assert verdict.links[0].reason == (
        "the left side is a column, m × 1, the right side a row, 1 × m"
    )


def test_a_chain_has_a_verdict_for_each_link():
    verdict = check(r"e_k = d_k - y_k = d_k + y_k")
    assert [link.holds for link in verdict.links] == [True, False]
    assert verdict.holds is False and "link 2: " in repr(verdict)


@pytest.mark.parametrize(
    ("latex", "options", "holds"),
    [
        (r"\delta_j = e_j \varphi_j'(v_j)", {"layers": "i j", "output": "j", "short": True}, True),
        (r"\delta_j = e_j \varphi_j'(v_j)", {"layers": "i j", "short": True}, False),
        (r"v_j = W^{j,i} y_i", {"layers": "i → j"}, True),
        (r"v_{j,a} = \sum_{c=1}^{p} w_{ac} y_{i,c}", {"layers": "i j"}, True),
        (r"v_s = W^{s,r} y_r", {"layers": "r s", "sizes": "f g", "neurons": "x t"}, True),
        (r"\delta_k = \varphi_k'(v_k)", {"short": True}, False),
    ],
)
def test_where_it_stands(latex, options, holds):
    assert check(latex, **options).holds is holds


def test_the_short_form_not_declared_is_pointed_out():
    verdict = check(r"\delta_j = \left[\sum_k \delta_k w_{kj}\right] \varphi_j'(v_j)")
    assert verdict.holds is False
    assert "in the short form" in verdict.links[0].note and "it holds" in verdict.links[0].note


@pytest.mark.parametrize("latex", ["", "e_k", "e_k = ", "q_k = 1", r"e_k = \begin{bmatrix} 1"])
def test_what_cannot_be_read_is_an_error_with_its_place(latex):
    with pytest.raises(ReadError) as error:
        check(latex)
    assert error.value.line == 1 and error.value.column >= 1


@pytest.mark.parametrize("relation", [":=", r"\equiv"])
def test_another_equals_sign_is_no_loophole(relation):
    assert check(TRUE.replace("=", relation, 1)).holds is True
    assert check(TRUE.replace("= e", f"{relation} -e")).holds is False


def test_a_relation_that_is_not_judged():
    verdict = check(r"\mathcal{E} \le 1")
    assert verdict.holds is None and not verdict.links[0].judged
    assert "not judged" in repr(verdict)


def test_nothing_is_evaluated_and_html_is_escaped():
    with pytest.raises(ReadError):
        check("__import__('os') = 1")
    html = check(r"[b = b] < 1 = 1")._repr_html_()
    assert "<b>" in html and "[b = b] &lt; 1" in html


def test_a_counterexample_is_a_table_of_its_parts():
    """Both sides, the sizes, and the given numbers from the input to the output."""
    verdict = check(r"\delta_k = -e_k \odot \varphi_k'(v_k)")
    example, html = verdict.links[0].counterexample, verdict._repr_html_()
    assert "✗ false:</b> mistake: sign<" in html
    assert f"<b>{example.left}</b>" in html and f"<b>{example.right}</b>" in html
    assert str(example) not in html, "the long line is for the terminal"
    names = ["y_{i} =", "W^{j,i} =", "W^{k,j} =", "d_{k} =", "φ_{j}(x) =", "φ_{k}(x) ="]
    places = [html.index(name) for name in names]
    assert places == sorted(places)
    assert r"\begin{bmatrix}" in html and "x^2" in html and "²" not in html
    for layer, size in example.sizes:
        assert f"{layer}: {size}" in html


def test_no_formula_is_in_a_table():
    """A browser lays a table out before it knows how wide its formulas are."""
    html = check(r"\delta_k = -e_k \odot \varphi_k'(v_k)")._repr_html_()
    assert "$" not in html.split("<table>")[1].split("</table>")[0]


def test_a_counterexample_says_which_entry():
    html = check(r"\frac{\partial e_k}{\partial y_k} = I")._repr_html_()
    assert "<td style='text-align:left'>at</td><td style='text-align:left'>row 1, column 1" in html


def test_a_counterexample_without_numbers_says_what_is_missing():
    html = check(r"\delta_j = e_j \varphi_j'(v_j)", layers="i j", short=True)._repr_html_()
    assert "neurons there is no e of layer j.</p>" in html and "left side" not in html


def test_what_is_right_has_no_counterexample():
    html = check(TRUE)._repr_html_()
    assert html.startswith(f"<p>${TRUE.replace(chr(39), '&#x27;')}$") and html.count("<p>") == 1
    assert "✓ holds:</b> proved for any width" in html


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("d_k", "d_{k}"),
        ("W^{k,j}", "W^{k,j}"),
        ("η", "η"),
        ("φ_k(x)", "φ_{k}(x)"),
        ("y_1 before", r"y_{\text{1 before}}"),
        ("W^{1 after,k}", r"W^{\text{1 after,k}}"),
        ("a(b)", r"\text{a(b)}"),
    ],
)
def test_names_of_given_numbers(name, latex):
    assert shown._latex_name(name) == latex


@pytest.mark.parametrize(
    ("value", "latex"),
    [
        ("2", "2"),
        ("(1, -2)", r"\begin{bmatrix} 1 \\ -2 \end{bmatrix}"),
        ("(1, ·; 3, 4)", r"\begin{bmatrix} 1 & \cdot \\ 3 & 4 \end{bmatrix}"),
        ("x⁴ + 2x²", "x^4 + 2x^2"),
    ],
)
def test_given_numbers_are_drawn(value, latex):
    assert shown._latex(value) == latex


# --- the judges together ---------------------------------------------------------------------


def objecting(monkeypatch, judge, **found):
    """A judge that says something else."""
    kinds = {any_width: any_width.AnyWidth, exact: exact.Exact, explicit: explicit.Explicit,
             floating: floating.Floating}  # fmt: skip
    monkeypatch.setattr(judge, "judge", lambda claim: kinds[judge](**found))
    bpderiv.verdict._judge_claim.cache_clear()


@pytest.fixture(autouse=True)
def _forget():
    yield
    bpderiv.verdict._judge_claim.cache_clear()


@pytest.mark.parametrize(
    ("judge", "found"),
    [
        (explicit, {"holds": False, "sizes": ((3, 2),)}),
        (floating, {"holds": False, "networks": 4}),
        (exact, {"holds": False, "networks": 1}),
    ],
    ids=["explicit", "floating", "exact"],
)
def test_judges_that_disagree_give_no_verdict(monkeypatch, judge, found):
    objecting(monkeypatch, judge, **found)
    verdict = check(TRUE)
    assert verdict.holds is None
    assert "the judges disagree" in repr(verdict)


def test_what_is_refuted_and_proved_is_undecided(monkeypatch):
    objecting(monkeypatch, any_width, proved=True)
    assert check(TRUE.replace("= e", "= -e")).holds is None


@pytest.mark.parametrize(
    ("judge", "found", "words"),
    [
        (any_width, {"proved": False}, "not proved for any width"),
        (explicit, {"holds": None, "reason": "too large"}, "not decided (too large)"),
        (floating, {"holds": None, "networks": 0, "reason": "nested"}, "not run (nested)"),
    ],
)
def test_a_judge_that_cannot_tell_says_so_and_does_not_object(monkeypatch, judge, found, words):
    objecting(monkeypatch, judge, **found)
    verdict = check(TRUE)
    assert verdict.holds is True and words in repr(verdict)


def test_undecided_is_never_true(monkeypatch):
    objecting(monkeypatch, exact, holds=None, networks=0, reason="no network")
    verdict = check(TRUE)
    assert verdict.holds is None and "undecided" in repr(verdict)


def test_the_cache_knows_whose_declarations_they_are():
    """The same tree with other definitions is another claim."""
    import copy
    from dataclasses import replace

    from bpderiv.document.notes import notes_declarations
    from bpderiv.expression import Number
    from bpderiv.verdict import SECTION_2

    mutant = copy.copy(notes_declarations())
    mutant.definitions = [
        replace(d, body=Number(1)) if d.target.name == "e" else d for d in mutant.definitions
    ]
    latex = r"e_k = d_k - y_k"
    assert judge_statement(latex, SECTION_2, notes_declarations()).holds is True
    assert judge_statement(latex, SECTION_2, mutant).holds is not True
