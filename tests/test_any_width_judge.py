r"""The any-width judge: no number gets in, the unknown stays unknown, nothing false is proved."""

from __future__ import annotations

from functools import cache

import mutate
import pytest
import sympy
from documents import DEFINED, PAIR, document
from equations import typed
from mutate import mutants_of
from sympy.functions.special.tensor_functions import KroneckerDelta
from test_exact_judge import of, rules
from test_meaning import ANYWHERE, FOUR, LONG, SHORT, claims

from bpderiv import expression as ex
from bpderiv.compose import Composer, Unknown
from bpderiv.judges import any_width, exact
from bpderiv.meaning import components
from bpderiv.meaning.claims import claim_of, links
from bpderiv.meaning.components import Components
from bpderiv.meaning.window import read_window
from bpderiv.reading.reader import read
from bpderiv.sums import normal
from bpderiv.symbols import Component, by_value


def proved(window, latex: str) -> bool:
    """Whether all claims of a formula are."""
    found = claims(window, latex)
    assert found and all(claim.problem is None for claim in found)
    return all(any_width.judge(claim).proved for claim in found)


@cache
def true_claims(pattern: str):
    return tuple(claim for equation in typed(pattern) if equation.true for claim in of(equation))


# --- every size a letter --------------------------------------------------------------------------


def expressions(claim):
    """Both sides in sympy as the judge composes them: with names, written out, in normal form."""
    definitions = any_width.network_of(claim)
    for sides in any_width.all_entries(claim):
        for side in sides:
            value = Composer(definitions).value(side, {})
            yield from (value, by_value(value), normal(by_value(value)))


def written_numbers(claim) -> set[int]:
    """Neurons that the claim itself numbers; 1 is the only row of a row."""
    found = {1}
    for side in (claim.left, claim.right):
        for node in ex.walk(side):
            indices = [*getattr(node, "indices", ()), *vars(node).values()]
            found |= {x for x in indices if isinstance(x, int)}
            if isinstance(node, ex.Sum):
                found |= set(range(1, node.start))
    return found


def numbers_that_got_in(expression: sympy.Expr, allowed: set[int], sizes: set[str]) -> list:
    """Sums that do not run from 1 to a size's letter, indices that are no letters."""
    wrong = [
        limit
        for part in sympy.preorder_traversal(expression)
        if isinstance(part, sympy.Sum)
        for limit in part.limits
        if limit[1] != 1 or not limit[2].is_Symbol or str(limit[2]) not in sizes
    ]
    for part in sympy.preorder_traversal(expression):
        if isinstance(part, Unknown) and not part.args[3].is_Symbol:
            wrong.append(part)
        if isinstance(part, Component):
            wrong += [x for x in part.indices if x.is_Integer and int(x) not in allowed]
        if isinstance(part, KroneckerDelta):
            wrong += [x for x in part.args if x.is_Integer and int(x) not in allowed]
    return wrong


@pytest.mark.parametrize("file", ["hidden_layer.md", "short_form.md"])
def test_no_number_gets_in_for_a_size(file):
    seen = 0
    for claim in true_claims(file):
        sizes = set(any_width.network_of(claim).layers.sizes)
        assert all(isinstance(size, str) for size in sizes)
        for expression in expressions(claim):
            assert numbers_that_got_in(expression, written_numbers(claim), sizes) == []
            seen += bool(expression.atoms(sympy.Sum))
    assert seen >= 50  # there are sums in what was looked at


def test_a_number_that_gets_in_is_seen():
    b, m = sympy.symbols("b m", integer=True, positive=True)
    from bpderiv.symbols import Family

    e = Family("e", "k")
    assert numbers_that_got_in(sympy.Sum(e[b], (b, 1, m)), {1}, {"m"}) == []
    assert numbers_that_got_in(sympy.Sum(e[b], (b, 1, 3)), {1}, {"m"})
    assert numbers_that_got_in(sympy.Sum(e[b], (b, 2, m)), {1}, {"m"})
    assert numbers_that_got_in(sympy.Sum(e[b], (b, 1, m)), {1}, {"z"})
    assert numbers_that_got_in(e[2], {1}, {"m"}) and not numbers_that_got_in(e[2], {1, 2}, {"m"})
    assert numbers_that_got_in(KroneckerDelta(b, 2), {1}, {"m"})


def test_a_size_that_is_a_number_is_no_proof():
    (claim,) = claims(LONG, r"v_{k,b} = \sum_a w_{ba} y_{j,a}")
    definitions = any_width.network_of(claim)
    (sides,) = any_width.all_entries(claim)
    assert any_width.prove(*sides, definitions, Composer(definitions)).proved
    layers = definitions.layers.with_sizes("p", 3, "m")
    fixed = type(definitions)(layers, definitions.equations)
    found = any_width.prove(*sides, fixed, Composer(fixed))
    assert (found.residual, found.proved) == (0, False)


# --- what comes after the window ------------------------------------------------------------------


def test_where_depth_is_not_said_the_error_is_unknown():
    unpinned = [x for x in true_claims("[hsd]*.md") if not x.window.output]
    assert len(unpinned) >= 20
    for claim in unpinned:
        definitions = any_width.network_of(claim)
        assert definitions.unknown_slope is not None
        assert not any(d.output and d.target.layers for d in definitions.equations)
    for claim in unpinned[::4]:
        assert any_width.judge(claim).proved


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{\partial \delta_j}{\partial v_j} = \frac{\partial \delta_j}{\partial v_j}",
        r"\frac{\partial \delta_{j,a}}{\partial v_{j,a}} = \frac{\partial"
        r" \delta_{j,a}}{\partial v_{j,a}}",
        r"\frac{\partial^2 \mathcal{E}}{\partial v_{j,a}^2} = -\frac{\partial"
        r" \delta_{j,a}}{\partial v_{j,a}}",
        r"\frac{\partial \delta_{k,b}}{\partial w_{ba}} = \frac{\partial \delta_{k,b}}{\partial"
        r" w_{ba}}",
    ],
)  # fmt: skip
def test_second_derivatives_of_an_unknown_error_are_not_proved(latex):
    (claim,) = claims(ANYWHERE, latex)
    found = any_width.judge(claim)
    assert not found.proved and found.residual is None and "not known" in found.reason
    assert exact.judge(claim, 1).holds is True
    assert proved(LONG, latex)  # where k is the output, the error is known


def test_first_derivatives_of_an_unknown_error_are():
    assert proved(
        ANYWHERE, r"\frac{\partial \mathcal{E}}{\partial y_{j,a}} = -\sum_b \delta_{k,b} w_{ba}"
    )
    assert proved(
        ANYWHERE,
        r"\frac{\partial \mathcal{E}}{\partial w_{ac}} = -\delta_{j,a}"
        r" y_{i,c}",
    )


def test_what_is_true_of_the_output_only_is_not_proved_elsewhere():
    latex = r"\delta_k = e_k \odot \varphi_k'(v_k)"
    assert proved(LONG, latex) and not proved(ANYWHERE, latex)


@pytest.mark.parametrize("latex", ["v_i = v_i", r"\delta_i = \delta_i", "e_k = e_k", "d_k = d_k"])
def test_what_is_not_everywhere_is_not_proved(latex):
    """Both sides are equal, where they exist."""
    (claim,) = claims(ANYWHERE, latex)
    found = any_width.judge(claim)
    assert not found.proved and "at every place where the window fits" in found.reason


def test_two_functions_are_told_apart():
    """A text may declare more functions than one for a layer."""
    tau = "**Function**: $\\tau_k : \\mathbb{R} \\to \\mathbb{R}$\n\n"
    window, found = read_window(PAIR.strip()), document(PAIR + tau + DEFINED)
    for latex, truth in (
        (r"\sigma_k(u_k) = \tau_k(u_k)", False),
        (r"\sigma_k'(u_k) = \tau_k'(u_k)", False),
        (r"x_k = \tau_k(u_k)", False),
        (r"x_k + \tau_k(u_k) = \tau_k(u_k) + \sigma_k(u_k)", True),
    ):
        (claim,) = (c for chain in read(latex)
                    for link in links(chain, window, found.declarations, latex)
                    for c in link.claims)  # fmt: skip
        assert any_width.judge(claim).proved is exact.judge(claim).holds is truth


# --- nested cuts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "truth"),
    [
        (r"\frac{\partial \delta_k}{\partial y_k} = -\operatorname{diag}(\varphi_k'(v_k))", True),
        (r"\frac{\partial \delta_k}{\partial d_k} = \operatorname{diag}(\varphi_k'(v_k))", True),
        (r"\frac{\partial \delta_k}{\partial y_k} = \operatorname{diag}(\varphi_k'(v_k))", False),
        # With v_k for y_k, φ′ is no longer held.
        (r"\frac{\partial \delta_k}{\partial v_k} = -\operatorname{diag}(\varphi_k'(v_k))", False),
        (r"\frac{\partial \delta_k}{\partial v_k} = \operatorname{diag}(e_k \odot \varphi_k''(v_k)"
         r" - \varphi_k'(v_k) \odot \varphi_k'(v_k))", True),
        (r"\frac{\partial^2 \mathcal{E}}{\partial y_{k,b} \partial y_{k,r}} = [b = r]", True),
        (r"\frac{\partial^2 \mathcal{E}}{\partial y_{k,b} \partial y_{k,r}} = 1", False),
        (r"\frac{\partial \frac{\partial v_{k,b}}{\partial w_{ba}}}{\partial y_{j,a}} = 1", True),
        (r"\frac{\partial w_{ba}(n+1)}{\partial \eta} = \delta_{k,b} y_{j,a}", True),
        (r"\frac{\partial \Delta w_{ba}}{\partial d_{k,b}} = \eta \varphi_k'(v_{k,b}) y_{j,a}",
     True),
    ],
)  # fmt: skip
def test_a_cut_behind_another_cut(latex, truth):
    try:
        assert proved(LONG, latex) is truth
    finally:
        assert exact.judge(claims(LONG, latex)[0], 1).holds is truth


# --- nothing false is proved ----------------------------------------------------------------------


def test_false_claims_are_never_proved():
    """Of a false chain some links may be true: what is proved must be one of these."""
    made = [claim for equation in typed() if not equation.true for claim in of(equation)]
    found = [claim for claim in made if any_width.judge(claim).proved]
    assert len(made) - len(found) >= 80
    assert [claim for claim in found if exact.judge(claim, 1).holds is not True] == []


def test_what_follows_no_formula_is_not_proved():
    (claim,) = claims(
        LONG, r"e_k = \begin{bmatrix} e_{k,1} \\ \vdots \\ d_{k,m} - y_{k,m} \end{bmatrix}"
    )
    found = any_width.judge(claim)
    assert not found.proved and "no one formula" in found.reason


@pytest.mark.parametrize(
    ("latex", "truth"),
    [
        # A row times a column is a number, and what follows begins anew.
        (r"e_k^T e_k y_j = y_j \sum_b e_{k,b}^2", True),
        (r"e_k^T e_k e_k e_k^T = (e_k e_k^T)^2", True),
        (r"e_k^T e_k W^{k,j} y_j y_j^T y_j = v_k (y_j^T y_j) (e_k^T e_k)", True),
        (r"e_k^T e_k e_k = e_{k,1} e_k^T e_k \begin{bmatrix} 1 \\ \vdots \\ 1 \end{bmatrix}",
     False),
        (r"y_j^T y_j y_{j,a} = y_{j,1} y_j^T y_j", False),
    ],
)  # fmt: skip
def test_numbers_inside_a_product_of_matrices(latex, truth):
    assert proved(LONG, latex) is truth
    assert exact.judge(claims(LONG, latex)[0], 1).holds is truth


@pytest.mark.parametrize(
    ("latex", "truth"),
    [
        ("{0} = {0}", True),
        ("{0} = {1}", False),
        (r"{0} \begin{{bmatrix}} 1 \\ 2 \end{{bmatrix}} = \begin{{bmatrix}} 5 \\ 11"
         r" \end{{bmatrix}}", True),
        (r"{0} \begin{{bmatrix}} 1 \\ 2 \end{{bmatrix}} = \begin{{bmatrix}} 5 \\ 12"
         r" \end{{bmatrix}}", False),
        (r"\begin{{bmatrix}} 1 & 2 \end{{bmatrix}} {0} \begin{{bmatrix}} 1 \\ 2 \end{{bmatrix}}"
         r" = 27", True),
        (r"{0} I = {0}", True), (r"{0}^2 = {0} {0}", True), (r"{0}^T = {0}", False),
        (r"{0} \operatorname{{diag}}(\begin{{bmatrix}} 1 \\ 1 \end{{bmatrix}}) = {0}", True),
        (r"\begin{{bmatrix}} e_{{k,1}} & e_{{k,2}} \end{{bmatrix}} {0} = \begin{{bmatrix}}"
         r" e_{{k,1}} + 3 e_{{k,2}} & 2 e_{{k,1}} + 4 e_{{k,2}} \end{{bmatrix}}", True),
    ],
)  # fmt: skip
def test_matrices_with_numbers_of_rows_are_compared_in_every_entry(latex, truth):
    """Their entries do not follow one formula: each is proved by itself."""
    one, other = (rf"\begin{{bmatrix}} 1 & 2 \\ 3 & {x} \end{{bmatrix}}" for x in (4, 5))
    latex = latex.format(one, other)
    assert proved(LONG, latex) is truth
    assert exact.judge(claims(LONG, latex)[0], 1).holds is truth


def test_an_entry_on_the_diagonal():
    (claim,) = claims(LONG, r"I_m = \operatorname{diag}(e_k)")
    made = Components(claim.declarations, claim.window, {})
    assert made.entry(claim.left, 2, 2) == ex.Number(1)
    assert made.entry(claim.left, 2, 3) == ex.Equal(2, 3, "k")
    (claim,) = claims(LONG, r"e_k = e_k")
    shown = ex.Display("k", "k", (), ("r", "c"), ex.Equal("r", "c", "k"))
    assert made.entry(shown, 2, 2) == ex.Number(1)


def test_layers_called_by_a_word():
    r"""\alpha → \beta: sympy's names need one letter for each layer."""
    window = read_window(
        r"**Layers** \alpha → \beta; sizes \mu, \nu; neurons \kappa, \lambda; \beta output"
    )
    assert proved(window, r"v_\beta = W^{\beta,\alpha} y_\alpha")
    assert proved(
        window, r"v_{\beta,\lambda} = \sum_{\kappa=1}^{\mu} w_{\lambda\kappa} y_{\alpha,\kappa}"
    )
    assert not proved(window, r"e_\beta = y_\beta - d_\beta")
    (claim,) = claims(
        window,
        r"w_{\nu 1} y_{\alpha,1} = \frac{\partial v_{\beta,\nu}}{\partial y_{\alpha,1}}"
        r" y_{\alpha,1}",
    )
    single = any_width.in_single_letters(claim)
    assert all(len(x) == 1 for x in (*single.window.layers, *single.window.sizes))
    assert any_width.judge(claim).proved
    (plain,) = claims(LONG, "e_k = e_k")
    assert any_width.in_single_letters(plain) is plain


# --- components, with mistakes --------------------------------------------------------------------

OWN = (
    (r"v_k = W^{k,j} y_j", True),
    (r"e_k^T e_k y_j = y_j \sum_b e_{k,b}^2", True),
    (r"W^{k,j} I y_j = v_k", True),
    (r"e_k^T e_k e_k e_k^T = (e_k e_k^T)^2", True),
    (r"e_k^T e_k W^{k,j} = (e_k^T e_k) W^{k,j}", True),
    (r"\operatorname{diag}(e_k) y_k = e_k \odot y_k", True),
    (r"I_m = \operatorname{diag}(e_k)", False),
    (r"\frac{\partial v_k}{\partial y_j} = W^{k,j}", True),
    (r"e_k e_k^T = I_m", False),
    (r"\frac{\partial \mathcal{E}}{\partial y_j} = -\delta_k^T W^{k,j}", True),
    (r"\frac{\partial \mathcal{E}}{\partial W^{k,j}} = -\delta_k y_j^T", True),
    (r"\frac{\partial (e_k^T e_k)}{\partial e_k} = 2 e_k^T", True),
    (r"\varphi_k(v_k) = y_k", True),
    (r"\sum_{i=2}^{m} e_{k,i} = \sum_i e_{k,i} - e_{k,1}", True),
    (r"\sum_{i=3}^{m} e_{k,i} = \sum_i e_{k,i} - e_{k,1} - e_{k,2}", True),
    (r"\sum_{i=2}^{m} [i = b] e_{k,i} = e_{k,b} - [b = 1] e_{k,1}", True),
    (r"(e_k^T e_k)^2 = e_k^T e_k e_k^T e_k", True),
    (r"e_k^T e_k = \sum_b e_{k,b}", False),
    (
        r"\frac{\partial v_k}{\partial w_{ba}} = \begin{bmatrix} 0 \\ \vdots \\ y_{j,a} \\ \vdots"
        r" \\ 0 \end{bmatrix} (\text{index} = b)",
        True,
    ),
    (
        r"W^{k,j} = \begin{bmatrix} w_{11} & \dots & w_{1z} \\ \vdots & & \vdots \\ w_{m1} & \dots"
        r" & w_{mz} \end{bmatrix}",
        True,
    ),
    (r"\sum_a \begin{bmatrix} w_{1a} \\ \vdots \\ w_{ma} \end{bmatrix} y_{j,a} = v_k", True),
    (
        r"\frac{\partial y_k}{\partial v_k} = \begin{bmatrix} \varphi_k'(v_{k,1}) & \dots & 0 \\"
        r" \vdots & \ddots & \vdots \\ 0 & \dots & \varphi_k'(v_{k,m}) \end{bmatrix}",
        True,
    ),
    (
        r"\frac{\partial y_k}{\partial v_{k,1}} = \varphi_k'(v_{k,1})"
        r" \begin{bmatrix} 1 \\ \vdots \\ 0 \end{bmatrix}_{m \times 1}",
        False,
    ),
    (r"I_{2 \times 2} = \begin{bmatrix} 1 & 0 \\ 0 & 1 \end{bmatrix}", True),
    (
        r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \begin{bmatrix} 1 \\ 2 \end{bmatrix}"
        r" = \begin{bmatrix} 5 \\ 11 \end{bmatrix}",
        True,
    ),
    (
        r"\begin{bmatrix} 1 & 2 & 3 \end{bmatrix} \begin{bmatrix} 1 & 0 & 0 \\ 0 & 1 & 0 \\"
        r" 0 & 0 & 1 \end{bmatrix} \begin{bmatrix} 1 \\ 1 \\ 1 \end{bmatrix} = 6",
        True,
    ),
    (r"\frac{2}{e_{k,b}} = 2", False),
    (r"W^{k,j} \eta y_j = \eta v_k", True),
    (r"\frac{\partial (e_k^T e_k)}{\partial W^{k,j}} = -2 \delta_k y_j^T", True),
)


@cache
def battery():
    """(claim, whether it is proved): numbers first, they cost least."""
    found = [(claim, truth) for latex, truth in OWN for claim in claims(LONG, latex)]
    return sorted(found, key=lambda x: len(names_in(x[0])))


def names_in(claim) -> list:
    """The quantities in a claim; squares of columns cost most."""
    sides = (claim.left, claim.right)
    return [x for side in sides for x in ex.walk(side) if isinstance(x, (ex.Whole, ex.Sum))]


def wrong(stop: bool = True) -> int:
    """How many proofs of the battery are not what they should be."""
    number = 0
    for claim, truth in battery():
        try:
            found = any_width.judge(claim).proved
        except Exception:  # a mutant may break anything
            found = None
        number += found is not truth
        if number and stop:
            break
    return number


MUTATED = (
    *rules(Components.__dict__["entry"]), Components._product, Components._chained,
    Components._equal, Components._shown, Components.letter, Components.place, components._at,
)  # fmt: skip
_ONE_ROW = "of what has one row or one column only the number of the other is looked at"
_NUMBER = "a number has one row and one column: neither is looked at"
_LAYER = "sympy's [r = c] does not say of which layer: the letters do"
_SET = "it is set before it is read"
#: Mutants that change no proof, and why: the beginning of a name, of which all are meant.
EQUAL = {
    "Components._: number + 1 in `0`; layer = self.shape(tree.of)[0]": _LAYER,
    "Components._: number + 1 in `1`; return ex.Mul((self._equal(r, c, layer)": _ONE_ROW,
    "Components._: number + 1 in `1`; return ex.Power": _NUMBER,
    "Components._: number + 1 in `1`; row = 1 if above": _NUMBER,
    "Components._: number + 1 in `1`; return ex.Derivative(self.entry(tree.of, row, 1)": _ONE_ROW,
    "Components._: number + 1 in `1`; return ex.Derivative(self.entry(tree.of, 1, 1)": _NUMBER,
    "Components._: number + 1 in `1`; return self.entry(result, 1, 1)": _NUMBER,
    "Components._product: number + 1 in `1`; scalars, wide, total": _SET,
    "Components._product: number + 1 in `1`; scalars.append": _NUMBER,
    "Components.place: number + 1 in `1`": _ONE_ROW,
}


def test_the_battery_is_proved_rightly():
    assert len(battery()) >= 28 and wrong(stop=False) == 0


def test_mistakes_in_components_are_seen_by_equations(monkeypatch):
    # Sympy never sees these functions: what it remembers stays right.
    monkeypatch.setattr(mutate, "clear_cache", lambda: None)
    listed, unseen = set(), []
    for function in MUTATED:
        for mutant in mutants_of(function):
            equal = [name for name in EQUAL if mutant.name.startswith(name)]
            if equal:
                listed.update(equal)
                continue
            with mutant.planted():
                if not wrong():
                    unseen.append(mutant.name)
    assert unseen == []
    assert listed == set(EQUAL)  # a name that nothing bears any more must go


def test_general_entries_are_those_of_the_exact_judge():
    """A matrix claim entry by entry, judged in exact numbers: the same verdict as the whole."""
    for latex in (r"W^{k,j} y_j = v_k", r"e_k^T e_k e_k e_k^T = (e_k e_k^T)^2",
                  r"\frac{\partial v_k}{\partial v_j} = W^{k,j}"
                  r" \operatorname{diag}(\varphi_j'(v_j))",
                  r"\delta_j = ({W^{k,j}}^T \delta_k) \odot \varphi_j'(v_j)"):  # fmt: skip
        (claim,) = claims(LONG, latex)
        made = Components(claim.declarations, claim.window, dict(claim.letters))
        r, c = map(made.place, made.shape(claim.left))
        sides = (made.entry(side, r, c) for side in (claim.left, claim.right))
        letters = tuple((x, layer) for x, layer in made.letters.items())
        entry = claim_of(*sides, letters, claim.window, claim.declarations)
        assert entry.problem is None and exact.judge(entry, 1).holds is True


def test_short_and_long_form_are_proved_alike():
    assert proved(SHORT, r"\delta_j = \sum_k \delta_k w_{kj} \varphi_j'(v_j)")
    assert proved(FOUR, r"\frac{\partial v_k}{\partial v_i} = \frac{\partial v_k}{\partial v_j}"
                        r" \cdot"
                        r" \frac{\partial v_j}{\partial v_i}")  # fmt: skip
