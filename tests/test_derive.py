r"""Derivations: whatever the any-width judge proves can be derived, in the letters of its text."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest
from documents import DEFINED, PAIR, document
from equations import typed
from quick import exact_alone
from test_exact_judge import of
from test_meaning import ANYWHERE, BARE, LONG, SHORT, claims

from bpderiv import expression as ex
from bpderiv.checking import check_document
from bpderiv.derive import Derivation, derive
from bpderiv.document.document import read_document
from bpderiv.document.notes import notes_folder
from bpderiv.judges import any_width
from bpderiv.meaning.claims import links
from bpderiv.meaning.window import read_window
from bpderiv.reading.reader import read

GREEK = read_window(
    r"**Layers** \alpha → \beta; sizes \mu, \nu; neurons \kappa, \lambda; \beta output"
)
#: Letters inside, which no text can type: none may be seen.
INSIDE = re.compile(r"[Ⴀ-ჿ∗◦]|_\d|[a-z]_\d\d")


def text_of(derivation: Derivation, latex: bool = False) -> str:
    return "\n".join(step.latex if latex else step.plain for step in derivation.steps)


def derived(window, latex: str) -> Derivation:
    (claim,) = claims(window, latex)
    return derive(claim)


# --- all that is proved ---------------------------------------------------------------------------


@cache
def true_claims() -> tuple:
    """(where, claim) for every true equation typed by hand, and in the notes."""
    found = [(x.name, claim) for x in typed() if x.true for claim in of(x)]
    texts = [(i, p.read_text("utf-8")) for i, p in enumerate(sorted(notes_folder().glob("*.md")))]
    with exact_alone():
        rows = list(check_document(read_document(texts, "notes.md")))
    return *found, *((f"{row.file}:{row.line}", c) for row in rows if row.holds for c in row.claims)


#: What each claim may have in it; every kind must be in the sample.
KINDS = {
    "components": lambda claim, nodes: not any(isinstance(x, ex.Whole) for x in nodes),
    "matrices": lambda claim, nodes: any(isinstance(x, ex.Whole) for x in nodes),
    "dots": lambda claim, nodes: any(isinstance(x, ex.Display) and x.letters for x in nodes),
    "sums": lambda claim, nodes: any(isinstance(x, ex.Sum) for x in nodes),
    "nested derivatives": lambda claim, nodes: any(
        isinstance(x, ex.Derivative) and any(isinstance(y, ex.Derivative) for y in ex.walk(x.of))
        for x in nodes
    ),
    "after the step": lambda claim, nodes: any("(" in getattr(x, "name", "") for x in nodes),
    "deep": lambda claim, nodes: len(claim.window.layers) >= 4,
    "short form": lambda claim, nodes: claim.window.short,
    "any depth": lambda claim, nodes: not claim.window.output,
}


def kinds(claim) -> set[str]:
    nodes = [node for side in (claim.left, claim.right) for node in ex.walk(side)]
    return {kind for kind, found in KINDS.items() if found(claim, nodes)}


def sample(every: bool) -> list:
    """Every twenty-fourth, and two or three of each kind; or all."""
    chosen = set(range(0, len(true_claims()), 1 if every else 24))
    for kind in KINDS:
        has = [i for i, (_, claim) in enumerate(true_claims()) if kind in kinds(claim)]
        assert has, kind
        chosen |= set(has[:: max(1, len(has) // 2)])
    return [true_claims()[i] for i in sorted(chosen)]


def test_what_is_true_is_derived(pytestconfig, say):
    """`--every-check` derives all of them."""
    chosen = sample(pytestconfig.option.every_check)
    for where, claim in chosen:
        found = derive(claim)
        assert found.proved, where
        for latex in (False, True):
            assert not INSIDE.search(text_of(found, latex)), where
        assert len({(step.plain, step.reason) for step in found.steps}) >= 2
    say(f"derivations: {len(chosen)} of {len(true_claims())} true equations, every kind of them")


# --- what is derived ------------------------------------------------------------------------------


def test_explicit_entries_are_derived_one_by_one():
    latex = (
        r"\begin{bmatrix} e_{k,1} & y_{k,1} \\ e_{k,2} & 0 \end{bmatrix} = "
        r"\begin{bmatrix} d_{k,1} - y_{k,1} & y_{k,1} \\ d_{k,2} - y_{k,2} & 0 \end{bmatrix}"
    )
    found = derived(LONG, latex)
    assert found.proved
    said = text_of(found)
    for row, column in ((1, 1), (1, 2), (2, 1), (2, 2)):
        assert f"entry by entry, in row {row} and column {column}" in said
    assert said.count("left − right = 0") == 4
    wrong = derived(LONG, latex.replace(r"d_{k,2} -", "d_{k,2} +"))
    assert not wrong.proved and text_of(wrong).count("left − right = 0") == 3


def test_columns_rows_and_numbers_are_told_apart():
    first = "entry by entry, in "
    assert first + "row r\n" in text_of(derived(LONG, "e_k = d_k - y_k"))
    assert first + "column r\n" in text_of(derived(LONG, "e_k^T = (d_k - y_k)^T"))
    assert first + "row r and column s\n" in text_of(derived(LONG, r"W^{k,j} = W^{k,j}"))
    assert first not in text_of(derived(LONG, "e_{k,b} = d_{k,b} - y_{k,b}"))


def test_layers_called_by_a_word():
    latex = r"\delta_{\beta,\lambda} = e_{\beta,\lambda} \varphi_\beta'(v_{\beta,\lambda})"
    found = derived(GREEK, latex)
    assert found.proved
    assert "∂v_{β,λ}" in text_of(found) and r"\partial v_{\beta,\lambda}" in text_of(found, True)
    weights = derived(GREEK, r"v_\beta = W^{\beta,\alpha} y_\alpha")
    assert r"\sum_{\kappa=1}^{\mu} w_{r\kappa}^{\beta,\alpha} \, y_{\alpha,\kappa}" in text_of(
        weights, True
    )


def test_a_short_form_and_a_window_without_sizes():
    found = derived(SHORT, r"\delta_j = \varphi_j'(v_j) \sum_k \delta_k w_{kj}")
    assert found.proved and "}^{|k|}" in text_of(found, True)
    assert derived(BARE, r"v_k = W^{k,j} y_j").proved


def test_a_letter_of_a_sum_that_is_that_of_another_row():
    """Here r and s are bound: rows and columns get other letters."""
    found = derived(LONG, r"v_k^T \delta_k = \sum_{r=1}^{m} \delta_{k,r} v_{k,r}")
    assert found.proved
    assert derived(
        LONG, r"\sum_{r=1}^{m} \delta_{k,r} W^{k,j} = W^{k,j} \sum_r \delta_{k,r}"
    ).proved


def test_a_bare_weight_has_the_letters_of_its_layers():
    found = [derive(claim) for claim in claims(LONG, r"w(n+1) = w + \Delta w")]
    assert [x.proved for x in found] == [True, True]
    assert "w_{ac}^{j,i}(n+1) = " in text_of(found[0])
    assert "w_{ba}^{k,j}(n+1) = " in text_of(found[1])


def test_what_the_text_does_not_ask_is_not_told():
    """The unknown error stands only where the claim is about it."""
    about = derived(ANYWHERE, r"\frac{\partial \mathcal{E}}{\partial y_j} = -\delta_k^T W^{k,j}")
    other = derived(ANYWHERE, r"\frac{\partial v_k}{\partial y_j} = W^{k,j}")
    assert about.proved and "E = F(y_{k,1}, …, y_{k,m})" in text_of(about)
    assert other.proved and "F(" not in text_of(other)


def test_a_derivation_is_the_same_each_time():
    latex = r"w_{ba}(n+1) - w_{ba} = \eta e_{k,b} \varphi_k'(v_{k,b}) y_{j,a}"
    assert repr(derived(LONG, latex)) == repr(derived(LONG, latex))


def test_formulas_are_written_in_latex():
    said = text_of(derived(LONG, r"\delta_k = \varphi_k'(v_k) \odot e_k"), True)
    assert r"\mathcal{E} = \frac{1}{2} \," in said and not re.search(r"\bE\b(?!})", said)
    assert not re.search(r"\\, -|\*\*|[′∂Σ]", said)  # a sign after a factor would be a difference


# --- the letters of another text ------------------------------------------------------------------

#: A text that calls its error E, which is sympy's name for the notes' \mathcal{E}.
OWN = DEFINED + (
    "**Layers** j → k; sizes z, m; neurons a, b; k output\n\n"
    "**Quantities**: $E \\in \\mathbb{R}$, $\\gamma_k = [\\gamma_{k,b}] \\in \\mathbb{R}^m$\n\n"
    "**Definition**: $E := \\tfrac12 \\sum_{b=1}^{m} x_{k,b}^2$\n\n"
)


def of_text(text: str, window, latex: str) -> Derivation:
    (claim,) = (c for chain in read(latex)
                for link in links(chain, window, document(text).declarations, latex)
                for c in link.claims)  # fmt: skip
    return derive(claim)


def test_the_names_of_another_text():
    latex = r"\frac{\partial x_k}{\partial u_k} = \operatorname{diag}(\sigma_k'(u_k))"
    found = of_text(DEFINED, read_window(PAIR.strip()), latex)
    assert found.proved
    assert "x_{k,r} = σ_k(u_{k,r})" in text_of(found)
    assert r"x_{k,r} = \sigma_k(u_{k,r})" in text_of(found, True)


def test_a_name_that_sympy_takes_for_another():
    latex = r"\frac{\partial E}{\partial x_{k,b}} = x_{k,b}"
    pinned = of_text(OWN, read_window(PAIR.strip() + "; k output"), latex)
    assert pinned.proved
    assert r"\partial E}" in text_of(pinned, True) and r"\mathcal" not in text_of(pinned, True)
    anywhere = of_text(OWN, read_window(PAIR.strip()),
                       r"\frac{\partial E}{\partial x_j} = \frac{\partial E}{\partial x_k} "
                       r"\frac{\partial x_k}{\partial x_j}")  # fmt: skip
    assert anywhere.proved
    assert "minus its slope is called Γ" in "\n".join(x.reason for x in anywhere.steps)
    assert r"\Gamma_{k,b}" in text_of(anywhere, True) and "γ" not in text_of(anywhere)


# --- what is refused ------------------------------------------------------------------------------

#: (window, formula, why it cannot be derived)
REFUSED = [
    (ANYWHERE, "v_i = v_i", "there is nothing to derive: there is no v of layer i at every place"),
    (ANYWHERE, "e_k = e_k", "there is nothing to derive: there is no e of layer k at every place"),
    (ANYWHERE, r"\frac{\partial \delta_j}{\partial v_j} = \frac{\partial \delta_j}{\partial v_j}",
     "this cannot be derived for any width: a second derivative of an error that is not known"),
    (LONG, "e_k = d_k^T", "there is nothing to derive: the left side is a column"),
    (LONG, r"\begin{bmatrix} e_{k,1} \\ e_{k,1} \\ \vdots \\ e_{k,m} \end{bmatrix} = d_k - y_k",
     "this cannot be derived for any width: a display whose entries follow no one formula"),
]  # fmt: skip


@pytest.mark.parametrize(("window", "latex", "why"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused_is_not_proved_either(window, latex, why):
    (claim,) = claims(window, latex)
    with pytest.raises(ValueError, match="^" + re.escape(why)):
        derive(claim)
    assert claim.problem or not any_width.judge(claim).proved


def test_dots_that_were_guessed_are_not_derived():
    (claim,) = claims(LONG, "v_{k,b} = w_{b1} y_{j,1} + \\dots + w_{bz} y_{j,z}")
    assert derive(claim).proved
    with pytest.raises(ValueError, match="there is nothing to derive: they follow no formula: wri"):
        derive(replace(claim, guess="they follow no formula"))
