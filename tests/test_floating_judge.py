r"""The floating-point judge: claims and definitions against `bpderiv.network` moved a little."""

import ast
import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import sympy

from bpderiv import expression as ex
from bpderiv import network
from bpderiv.checks.perturb import central_difference
from bpderiv.document.document import read_document
from bpderiv.document.notes import NAME, notes_declarations, notes_folder
from bpderiv.judges import arrays, floating, moved, trials
from bpderiv.judges.floating import check_definitions, judge, spots
from bpderiv.judges.moved import SMOOTH, Sample, sample, slope
from bpderiv.judges.roles import NOTES, NotTheNetwork, Role, mentions, roles, skeleton
from bpderiv.judges.trials import Trial
from bpderiv.meaning.claims import links
from bpderiv.meaning.declarations import Declarations
from bpderiv.meaning.window import read_window
from bpderiv.network import Network
from bpderiv.reading.reader import read

EQUATIONS = Path(__file__).parent / "equations"
FILES = ("output_layer", "hidden_layer", "deep", "short_form")
PAGE = notes_folder().joinpath(NAME).read_text("utf-8")
OUTPUT = "**Layers** j → k; sizes z, m; neurons a, b; k output"
ANYWHERE = "**Layers** j → k; sizes z, m; neurons a, b"


@cache
def typed(name):
    """(whether true, LaTeX, window's line) for each line of a file of equations."""
    found, window = [], None
    for line in (EQUATIONS / f"{name}.md").read_text("utf-8").splitlines():
        window = line if line.startswith("**") else window
        if match := re.match(r"([TF]): (.*)", line):
            found.append((match[1] == "T", match[2].split("  %")[0].strip(), window))
    return found


@cache
def judged(name):
    """(whether true, LaTeX, what was found link by link: a problem's words, or a `Floating`)."""
    return [(true, latex, verdicts(latex, window)) for true, latex, window in typed(name)]


def claims(latex, window=OUTPUT, declarations=None):
    declarations = declarations or notes_declarations()
    return [
        claim
        for chain in read(latex)
        for link in links(chain, read_window(window), declarations, latex)
        for claim in link.claims
    ]


def verdicts(latex, window=OUTPUT, declarations=None):
    return [c.problem or judge(c) for c in claims(latex, window, declarations)]


def verdict(latex, window=OUTPUT, declarations=None):
    """Of a single claim that has no problem."""
    (found,) = verdicts(latex, window, declarations)
    assert not isinstance(found, str), found
    return found


def page(*changes):
    """The notes' declarations with parts of the text replaced."""
    text = PAGE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    document = read_document([(None, text)], NAME)
    assert not document.errors
    return document.declarations


def with_definition(name, layers, change):
    """The notes' declarations with the body of one definition rewritten."""
    notes = notes_declarations()
    definitions = [
        replace(d, body=change(d.body))
        if (d.target.name, len(d.target.layers)) == (name, layers)
        else d
        for d in notes.definitions
    ]
    return Declarations(notes.quantities, definitions, notes.aliases, notes.argument)


@pytest.fixture
def fresh():
    """Nothing remembered from the network as it was, and nothing kept of what a test made of it."""

    def forget():
        sample.cache_clear()
        floating._checked.cache_clear()

    forget()
    yield
    forget()


# --- claims ---------------------------------------------------------------------------------------

#: These need a derivative of a derivative.
NOT_RUN = {r"\frac{\partial \delta_k}{\partial d_k} = \varphi_k'(v_k)"}


@pytest.mark.parametrize("name", FILES)
def test_every_true_link_holds(name):
    wrong = {
        latex: found
        for true, latex, found in judged(name)
        if true and latex not in NOT_RUN and not all(getattr(x, "holds", False) for x in found)
    }
    assert not wrong
    largest = max(x.largest for true, _, found in judged(name) if true for x in found)
    assert 0 < largest < 1e-13, "rounding only"


@pytest.mark.parametrize("name", FILES)
def test_every_false_chain_has_a_false_link(name):
    passed = [
        latex
        for true, latex, found in judged(name)
        if not true and not any(isinstance(x, str) or x.holds is False for x in found)
    ]
    assert not passed


def test_derivatives_of_derivatives_are_not_run_and_it_says_so():
    undecided = {
        latex: [x.reason for x in found if getattr(x, "holds", False) is None]
        for name in FILES
        for _, latex, found in judged(name)
    }
    undecided = {latex: reasons for latex, reasons in undecided.items() if reasons}
    reason = r"not run: \delta is defined by a derivative and is differentiated"
    assert undecided == {latex: [reason] for latex in NOT_RUN}
    second = verdict(r"\frac{\partial^2 \mathcal{E}}{\partial e_{k,b}^2} = 1")
    assert second.holds is None and second.networks == 0
    assert second.reason == "not run: a derivative stands under another one"


def test_where_a_nested_derivative_hides_what_is_missing_the_claim_is_false():
    found = verdict(r"\frac{\partial \delta_{k,b}}{\partial v_{k,b}} = e_{k,b}", ANYWHERE)
    assert found.holds is False and found.reason.startswith("there is no e of layer k (number 1)")


def test_what_a_hidden_layer_has_not_is_named():
    found = verdict(r"\delta_{k,b} = e_{k,b} \varphi_k'(v_{k,b})", ANYWHERE)
    assert (found.holds, found.difference) == (False, None)
    assert found.reason == "there is no e of layer k (number 1) in a network with layers 0 … 2"


def test_the_difference_is_shown_with_its_place():
    found = verdict(r"\frac{\partial e_k}{\partial y_k} = I")
    letters, row, column, left, right = found.difference
    assert (letters, left, right) == ((), -1, 1) and row == column and found.largest == 2
    found = verdict(r"\frac{\partial e_{k,r}}{\partial y_{k,b}} = -1")
    letters = dict(found.difference.letters)
    assert set(letters) == {"r", "b"} and letters["r"] != letters["b"]
    assert found.difference[1:] == (1, 1, 0, -1)


@pytest.mark.parametrize(("off", "holds"), [(10**9, False), (10**12, True)])
def test_the_tolerance_is_relative_to_the_largest_entry(off, holds):
    (claim,) = claims(r"\delta_k = e_k \odot \varphi_k'(v_k)")
    factor = ex.Number(1 + Fraction(1, off))
    found = judge(replace(claim, right=ex.Mul((factor, claim.right))))
    assert found.holds is holds and found.largest == pytest.approx(1 / off, rel=1e-2)


def test_what_cancels_leaves_rounding_and_no_more():
    zero = r"{W^{k,j}}^T \left( e_k - d_k + \varphi_k(v_k) \right) = 0 \cdot y_j"
    assert verdict(zero).holds is True
    assert verdict(r"\sum_{r=1}^{m} \left( e_{k,r} - d_{k,r} + y_{k,r} \right) = 0").holds is True
    assert verdict(r"e_{k,b} - d_{k,b} + y_{k,b} = \frac{1}{1000000} e_{k,b}").holds is False


def test_a_sum_counts_what_does_not_depend_on_its_letter():
    difference = r"\sum_{r=1}^{m} e_{k,b} - \sum_{r=2}^{m} e_{k,b}"
    assert verdict(rf"{difference} = e_{{k,b}}").holds is True
    assert verdict(rf"{difference} = 0").holds is False


@pytest.mark.parametrize(
    ("last", "holds"), [(r"y_{k,m} + 0", None), (r"y_{k,m} + 1", False)], ids=["right", "wrong"]
)
def test_entries_hidden_behind_dots_are_not_vouched_for(last, holds):
    display = rf"\begin{{bmatrix}} y_{{k,1}} \\ \vdots \\ {last} \end{{bmatrix}}"
    (claim,) = claims(rf"y_k = {display}")
    assert claim.right.general is None, "else nothing is hidden"
    found = judge(claim)
    assert found.holds is holds
    assert ("hidden" in found.reason) is (holds is None)


def test_zero_times_something_hidden_is_zero():
    (claim,) = claims(r"y_k = \begin{bmatrix} y_{k,1} \\ \vdots \\ y_{k,m} + 0 \end{bmatrix}")
    nothing = ex.Mul(
        (ex.Diag(ex.Add((claim.left, ex.Mul((ex.Number(-1), claim.left))))), claim.right)
    )
    assert (
        judge(replace(claim, left=nothing, right=ex.Mul((ex.Number(0), claim.left)))).holds is True
    )


def test_a_guess_is_never_vouched_for():
    (claim,) = claims("v_k = W^{k,j} y_j")
    found = judge(replace(claim, guess="a term does not follow the others"))
    assert (found.holds, found.reason) == (None, "a term does not follow the others")


def test_ill_typed_claims_have_nothing_to_compute():
    (claim,) = claims("v_k = W^{k,j} y_k")
    with pytest.raises(ValueError, match="refuted by its types"):
        judge(claim)


@pytest.mark.parametrize(("window", "most"), [(OUTPUT, 1), (ANYWHERE, 2)])
def test_claims_are_tried_at_every_place_of_deeper_networks(window, most):
    (claim,) = claims("v_{k,2} = 0", window)
    tried = list(spots(claim))
    places = {(spot.base, len(spot.sizes)) for spot in tried}
    last = {(base, depth) for base, depth in places if base + 2 == depth}
    assert last == {(extra, 2 + extra) for extra in range(most + 1)}, "the window at the end"
    assert (places == last) is (window == OUTPUT)
    for spot in tried:
        assert len(set(spot.sizes)) == len(spot.sizes) and min(spot.sizes) >= 3
    assert judge(claim).networks == 1 and len(tried) == 2 * len(places)


# --- names do not matter --------------------------------------------------------------------------

_GREEK = {
    r"\varphi": r"\psi", r"\phi": r"\chi", r"\delta": r"\lambda", r"\eta": r"\mu",
    r"\Delta": r"\Gamma", r"\mathcal{E}": r"\mathcal{L}", "W": "U",
}  # fmt: skip
_KEPT = r"\\(?:text|operatorname|begin|end|mathbb|bigl|Bigl)\b(?:\{[^}]*\})?"
_TOKEN = re.compile(rf"{_KEPT}|\\mathcal\{{E\}}|\\[A-Za-z]+|[a-zA-Z]")


def renamed(latex):
    """Every letter replaced by another one."""

    def other(match):
        token = match[0]
        if re.fullmatch("[a-z]", token):
            return chr((ord(token) - ord("a") + 7) % 26 + ord("a"))
        return _GREEK.get(token, token)

    return _TOKEN.sub(other, latex)


def renamed_window(line):
    return re.sub(r"\b[a-z]\b", lambda match: renamed(match[0]), line)


@cache
def renamed_page():
    lines = []
    for line in PAGE.splitlines():
        line = renamed_window(line) if line.startswith("**Layers**") else line
        lines.append(re.sub(r"\$([^$]+)\$", lambda match: f"${renamed(match[1])}$", line))
    document = read_document([(None, "\n".join(lines))], NAME)
    assert not document.errors
    return document.declarations


def test_roles_are_found_under_other_names():
    assert roles(notes_declarations()) == NOTES
    names = {name: role for (name, layers), role in roles(renamed_page()).items() if layers}
    assert names["c"] is Role.FIELD and names["f"] is Role.SIGNAL and names["d"] is Role.WEIGHT
    assert names[r"\lambda"] is Role.LOCAL_GRADIENT and names["d(u+1)"] is Role.NEXT_WEIGHT
    assert not {name for name, _ in NOTES} & (set(names) - {"d"}) - {"d(n+1)", "w(n+1)"}


@pytest.mark.parametrize("name", FILES)
def test_renaming_every_letter_changes_nothing(name):
    for (_, latex, found), (*_, window) in zip(judged(name), typed(name), strict=True):
        again = verdicts(renamed(latex), renamed_window(window), renamed_page())
        for one, other in zip(found, again, strict=True):
            if isinstance(one, str):
                assert isinstance(other, str)
                continue
            shown = one.difference and tuple((renamed(x), n) for x, n in one.difference.letters)
            assert (one.holds, one.networks, one.largest) == (
                other.holds, other.networks, other.largest,
            ), latex  # fmt: skip
            assert (other.difference and other.difference.letters) == shown
            assert (one.difference and one.difference[1:]) == (
                other.difference and other.difference[1:]
            )


@pytest.mark.parametrize("module", [floating, arrays, trials, moved], ids=lambda x: x.__name__)
def test_the_letters_of_the_notes_stand_in_one_table(module):
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert not strings & {*(name for name, _ in NOTES), *"ijkabcpzm"}


def test_a_text_may_declare_less():
    text = PAGE[: PAGE.index("## Learning")]
    declarations = read_document([(None, text)], NAME).declarations
    assert roles(declarations) == {key: NOTES[key] for key in declarations.quantities}
    assert verdict("v_k = W^{k,j} y_j", OUTPUT, declarations).holds is True


def test_a_text_that_declares_less_must_fit_in_all_it_defines():
    text = PAGE[: PAGE.index("## Learning")].replace("d_{k,b}(n) - y", "d_{k,b}(n) - v")
    with pytest.raises(NotTheNetwork):
        roles(read_document([(None, text)], NAME).declarations)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda d: replace(d, output=True), False),
        (lambda d: replace(d, body=ex.rewrite(d.body, over_layer("k"))), False),
        (lambda d: replace(d, body=of_the_layer("k", "y")(d.body)), False),
        (lambda d: replace(d, body=d.body.body), False),
        (lambda d: replace(d, body=ex.Apply("j", d.body, name=r"\varphi")), False),
        (lambda d: replace(d, body=ex.Mul((ex.Number(Fraction(-1)), d.body))), True),
        (lambda d: replace(d, body=ex.Transpose(d.body)), True),
    ],
    ids=["pinned", "Σ's layer", "layer", "no Σ", "function", "sign", "arithmetic"],
)
def test_a_skeleton_is_what_is_mentioned_and_of_which_layers(change, same):
    (field,) = notes_declarations().defining("v", 1)
    assert (skeleton(mentions(change(field)), NOTES) == skeleton(mentions(field), NOTES)) is same


def over_layer(layer):
    return lambda node: replace(node, layer=layer) if isinstance(node, ex.Sum) else node


@pytest.mark.parametrize(
    "changes",
    [
        [(r"e_{k,b}(n) := d_{k,b}(n) - y", r"e_{k,b}(n) := d_{k,b}(n) - v"),
         (r"\tfrac{1}{2} \sum_{b=1}^{m} e", r"\tfrac{1}{2} \sum_{b=1}^{m} d")],
        [("**Definition**: $y_{k,b}(n) := \\varphi_k(v_{k,b}(n))$\n", "")],
        [("# What the", "**Quantity**: $\\lambda \\in \\mathbb{R}$\n\n# What the")],
    ],
    ids=["two other definitions", "signals given from outside", "one more name"],
)  # fmt: skip
def test_other_definitions_are_not_run(changes):
    declarations = page(*changes)
    with pytest.raises(NotTheNetwork):
        check_definitions(declarations)
    found = verdict("v_k = W^{k,j} y_j", OUTPUT, declarations)
    assert (found.holds, found.networks) == (None, 0)
    assert found.reason == "not run: these definitions are not those of bpderiv.network"


def test_two_possible_renamings_are_none():
    _, _, after = PAGE.partition("## Any two")
    twins = (
        "## Any two" + after[: after.index("**Function**") - 2]
        + "- **Quantity**: $u_k = [u_{k,b}] \\in \\mathbb{R}^m$\n"
        + "\n**Definition**: $v_{k,b} := \\sum_{a=1}^{z} w_{ba}^{k,j} y_{j,a}$\n"
        + "\n**Definition**: $u_{k,b} := \\sum_{a=1}^{z} w_{ba}^{k,j} y_{j,a}$\n"
    )  # fmt: skip
    document = read_document([(None, twins)], NAME)
    assert not document.errors and len(document.declarations.definitions) == 2
    with pytest.raises(NotTheNetwork):
        roles(document.declarations)


# --- definitions ----------------------------------------------------------------------------------

PLANTED = {
    "sign of v": ("v", r"\sum_{a=1}^{z} w", r"-\sum_{a=1}^{z} w"),
    "one weight too few": ("v", r"\sum_{a=1}^{z} w", r"\sum_{a=2}^{z} w"),
    "slope for function": ("y", r":= \varphi_k(v", r":= \varphi_k'(v"),
    "no function": ("y", r":= \varphi_k(v_{k,b}(n))", r":= v_{k,b}(n)"),
    "sign of e": ("e", "d_{k,b}(n) - y_{k,b}(n)", "y_{k,b}(n) - d_{k,b}(n)"),
    "field for signal": ("e", "d_{k,b}(n) - y_{k,b}(n)", "d_{k,b}(n) - v_{k,b}(n)"),
    "share without half": (r"\mathcal{E}", r"\tfrac{1}{2} e_{k,b}^2", r"e_{k,b}^2"),
    "share not squared": (r"\mathcal{E}", r"\tfrac{1}{2} e_{k,b}^2", r"\tfrac{1}{2} e_{k,b}"),
    "error without half": (r"\mathcal{E}", r"\tfrac{1}{2} \sum", r"\sum"),
    "square of the sum": (
        r"\mathcal{E}", r"\sum_{b=1}^{m} e_{k,b}^2(n)", r"(\sum_{b=1}^{m} e_{k,b}(n))^2",
    ),
    "sign of δ": (r"\delta", r":= -\frac", r":= \frac"),
    "δ by y": (r"\delta", r"\partial v_{k,b}(n)}", r"\partial y_{k,b}(n)}"),
    "sign of Δw": (r"\Delta w", r":= -\eta", r":= \eta"),
    "no step size": (r"\Delta w", r":= -\eta", r":= -"),
    "sign of the step": ("w(n+1)", r"+ \Delta w", r"- \Delta w"),
    "no step": ("w(n+1)", r" + \Delta w_{ba}^{k,j}(n)", ""),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_an_error_planted_in_a_definition_is_seen(planted):
    name, old, new = PLANTED[planted]
    declarations = page((old, new))
    (wrong,) = check_definitions(declarations)
    assert wrong.name == name and wrong.reason.startswith(name)
    assert ":=" in wrong.latex and wrong.latex in PAGE.replace(old, new)
    found = verdict("v_{k,b} = v_{k,b}", OUTPUT, declarations)
    assert (found.holds, found.networks, found.reason) == (False, 0, wrong.reason)


def test_equal_definitions_typed_in_two_ways_are_each_shown_as_typed():
    first = page((r"d_{k,b}(n) - y_{k,b}(n)", r"y_{k,b}(n) - d_{k,b}(n)"))
    typed = first.definitions
    other = replace(first, definitions=[replace(d, latex=f"{d.latex} ") for d in typed])
    for declarations in (first, other):
        (wrong,) = check_definitions(declarations)
        assert wrong.latex in {definition.latex for definition in declarations.definitions}


def without_sum(body):
    return ex.rewrite(body, lambda node: node.body if isinstance(node, ex.Sum) else node)


def of_the_layer(layer, name):
    def rule(node):
        return replace(node, layers=(layer,)) if getattr(node, "name", "") == name else node

    return lambda body: ex.rewrite(body, rule)


def of_desired(body):
    """Hidden layers have no d: a text with it is not read."""
    desired = ex.Entry("d", ("k",), ("b",))
    return ex.rewrite(body, lambda x: desired if x == ex.Entry(r"\mathcal{E}") else x)


def the_signal_itself(body):
    """A circle: a text with it is not read; bpderiv.network's signal is held beside it."""
    return ex.rewrite(body, lambda x: replace(x, name="y") if isinstance(x, ex.Entry) else x)


@pytest.mark.parametrize(
    ("name", "layers", "change"),
    [
        ("v", 1, without_sum),
        (r"\mathcal{E}", 0, without_sum),
        ("y", 1, of_the_layer("j", "v")),
        ("y", 1, the_signal_itself),
        ("e", 1, of_the_layer("j", "y")),
        (r"\delta", 1, of_the_layer("j", "v")),
        (r"\delta", 1, of_desired),
    ],
    ids=[
        "v without Σ",
        "E without Σ",
        "v of j in y",
        "y in y",
        "y of j in e",
        "v of j in δ",
        "d in δ",
    ],  # fmt: skip
)
def test_an_error_planted_in_the_tree_of_a_definition_is_seen(name, layers, change):
    (wrong,) = check_definitions(with_definition(name, layers, change))
    assert wrong.name == name


def test_the_same_definition_in_other_words_agrees():
    declarations = page(
        (r"\tfrac{1}{2} e_{k,b}^2(n)", r"\frac{(y_{k,b}(n) - d_{k,b}(n))^2}{2}"),
    )
    assert check_definitions(declarations) == ()


def test_a_quantity_declared_where_the_network_has_none_is_seen():
    delta = "- **Quantity**: $\\delta_k"
    everywhere = "- **Quantity**: $e_k = [e_{k,b}] \\in \\mathbb{R}^m$\n" + delta
    (wrong,) = check_definitions(page((delta, everywhere)))
    assert wrong.name == "e" and wrong.reason == (
        "e at layer 1 of a network with layers 0 … 2 is given, and in bpderiv.network missing"
    )


def test_the_notes_own_definitions_are_those_of_the_network():
    assert check_definitions(notes_declarations()) == ()


# --- it can fail alone: the network and the functions are really run ------------------------------


def shaken_forward(change):
    forward = network.forward

    def changed(W, phi, y0, bias=False, held=None):
        v, y = forward(W, phi, y0, bias, held)
        return change(v, y)

    return changed


@pytest.mark.parametrize(
    ("function", "broken", "names"),
    [
        ("forward", shaken_forward(lambda v, y: (v, [x * (1 + 1e-9) for x in y])), {"v", "y"}),
        ("forward", shaken_forward(lambda v, y: ([None, *(-x for x in v[1:])], y)), {"v", "y"}),
        ("error", lambda e: (e * e).sum(), {r"\mathcal{E}"}),
        ("update", lambda W, slope, eta: [None, W[1] + eta * slope[1]], {r"\Delta w"}),
        ("update", lambda W, slope, eta: [None, W[1] - slope[1]], {r"\Delta w"}),
    ],
    ids=["signals", "fields", "error", "update's sign", "update's step size"],
)
def test_a_network_that_computes_something_else_is_seen(
    function, broken, names, monkeypatch, fresh
):
    monkeypatch.setattr(network, function, broken)
    wrong = check_definitions(notes_declarations())
    assert {x.name for x in wrong} == names
    assert verdict("v_k = W^{k,j} y_j").holds is False


def test_a_wrong_slope_in_the_code_is_seen_by_claims(monkeypatch, fresh):
    wrong = tuple(replace(f, phi_prime=lambda v, f=f: f.phi_prime(v) * (1 + 1e-8)) for f in SMOOTH)
    monkeypatch.setattr(moved, "SMOOTH", wrong)
    assert check_definitions(notes_declarations()) == ()
    assert verdict(r"\delta_{k,b} = e_{k,b} \varphi_k'(v_{k,b})").holds is False


def test_the_backward_pass_takes_no_part(monkeypatch, fresh):
    monkeypatch.delattr(network, "backward")
    monkeypatch.delattr(network, "gradient")
    result = r"\Delta W^{k,j} = \eta (e_k \odot \varphi_k'(v_k)) y_j^T"
    assert verdict(result).holds is True


# --- what it is made of ---------------------------------------------------------------------------


@pytest.mark.parametrize("function", SMOOTH, ids=str)
@pytest.mark.parametrize("order", [1, 2, 3])
def test_slopes_of_functions_are_sympys(function, order):
    v = sympy.Symbol("v", real=True)
    points = np.linspace(-2.5, 2.5, 11)
    formula = sympy.lambdify(v, sympy.diff(function.formula(v), v, order), "mpmath")
    wanted = np.array([float(formula(x)) for x in points])
    found = slope(function, order, points)
    assert np.abs(found - wanted).max() <= 1e-12 * np.abs(wanted).max()


def test_layers_have_different_functions():
    functions = Sample((2, 3, 4, 5, 6, 7, 8, 9), 0).functions[1:]
    assert len(set(functions)) == len(functions) == len(SMOOTH)


@pytest.mark.parametrize("last", [2, 3])
def test_moving_a_quantity_gives_the_slopes_that_central_differences_give(last):
    random = Sample((3, 2, 5, 4)[: last + 1], 1)
    trial = Trial(random, notes_declarations(), NOTES)
    net = Network(random.weights[1:], random.functions[1:])
    for where, theirs in {
        (Role.FIELD, (1,)): ("v", 1),
        (Role.SIGNAL, (0,)): ("y", 0),
        (Role.SIGNAL, (1,)): ("y", 1),
        (Role.WEIGHT, (2, 1)): ("w", 2),
        (Role.DESIRED, (last,)): ("d", last),
        (Role.ERROR_SIGNAL, (last,)): ("e", last),
    }.items():
        for what, whose, wanted in (
            (Role.ERROR, (), ("E", None)),
            (Role.SIGNAL, (last,), ("y", last)),
        ):
            if theirs[0] in "ed" and what is Role.SIGNAL:
                continue
            found = trial.state().slopes(what, whose, where)
            slopes = central_difference(net, random.inputs, random.desired, wanted, theirs)
            slopes = slopes.reshape(len(found.T) if found.ndim > 1 else 1, -1).T
            assert found.reshape(slopes.shape) == pytest.approx(slopes, rel=1e-6, abs=1e-8)
