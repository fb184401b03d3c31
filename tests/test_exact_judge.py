r"""The exact judge: its tape against sympy, its places and index values, its counterexamples.

A judge that cannot fail shows nothing: the last tests plant mistakes in the judge's own code and
see it give wrong verdicts on equations typed by hand.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
import sympy
from equations import typed
from mutate import mutants_of
from test_meaning import ANYWHERE, FOUR, LONG, SHORT, claims

from bpderiv import expression as ex
from bpderiv.document.notes import notes_declarations
from bpderiv.judges import exact
from bpderiv.judges.counterexample import SmallNumbers, smallest
from bpderiv.judges.exact import DEGREE, Evaluation, Numbers, Trial
from bpderiv.judges.tape import PRIME, Tape
from bpderiv.meaning.claims import links
from bpderiv.meaning.window import read_window
from bpderiv.reading.reader import read


def judged(window, latex: str, seeds: int = 2) -> exact.Exact:
    """The verdict on one claim that types let pass."""
    (claim,) = claims(window, latex)
    assert claim.problem is None, claim.problem
    return exact.judge(claim, seeds)


# --- the tape -------------------------------------------------------------------------------------


def random_formula(rng: random.Random, leaves, steps: int):
    """The same random formula twice: a recipe for a tape, and a sympy expression."""
    x = sympy.symbols("x:3")
    parts = list(zip(leaves, x, strict=True))
    for _ in range(steps):
        (a, p), (b, q) = rng.choice(parts), rng.choice(parts)
        match rng.randrange(5):
            case 0:
                parts.append((lambda t, a=a, b=b: t.add(a(t), b(t)), p + q))
            case 1 | 2:
                parts.append((lambda t, a=a, b=b: t.mul(a(t), b(t)), p * q))
            case 3:
                c = [rng.randrange(-3, 4) for _ in range(4)]
                order = rng.randrange(3)
                made = sum(k * sympy.Symbol("t") ** r for r, k in enumerate(c))
                made = sympy.diff(made, sympy.Symbol("t"), order)
                parts.append(
                    (lambda t, a=a, c=c, o=order: t.polynomial(c, a(t), o),
                     made.subs("t", p) if made.has(sympy.Symbol("t")) else made)
                )  # fmt: skip
            case 4:
                parts.append((lambda t, a=a: t.inverse(t.add(t.constant(7), t.mul(a(t), a(t)))),
                              1 / (7 + p**2)))  # fmt: skip
    return parts[-1]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("prime", [None, PRIME])
def test_the_tape_differentiates_as_sympy_does(seed, prime):
    rng = random.Random(seed)
    tape = Tape(prime)
    at = [rng.randrange(-2, 3) for _ in range(3)]
    values = [tape.constant(number) for number in at]
    leaves = [lambda t, i=i: values[i] for i in range(3)]
    recipe, expected = random_formula(rng, leaves, 6)
    made = recipe(tape)
    x = sympy.symbols("x:3")
    point = dict(zip(x, at, strict=True))

    def number(expression):
        value = sympy.sympify(expression).subs(point)
        return tape.number(Fraction(int(value.p), int(value.q)))

    assert made.number == number(expected)
    for i in range(3):
        first = tape.slopes(made).get(values[i], tape.zero)
        assert first.number == number(sympy.diff(expected, x[i]))
        for j in range(3):
            second = tape.slopes(first).get(values[j], tape.zero)
            assert second.number == number(sympy.diff(expected, x[i], x[j]))


def test_fractions_and_residues_agree():
    rng = random.Random(5)
    exactly, modulo = Tape(None), Tape()
    for _ in range(20):
        a, b, c = (Fraction(rng.randrange(-9, 10), rng.randrange(1, 9)) for _ in range(3))

        def formula(tape, a=a, b=b, c=c):
            x, y, z = map(tape.constant, (a, b, c))
            return tape.polynomial([1, 2, 3, 4], tape.add(tape.mul(x, y), tape.mul(z, z)), 1)

        assert modulo.number(formula(exactly).number) == formula(modulo).number


def test_dividing_by_nought_is_refused():
    for tape in (Tape(), Tape(None)):
        with pytest.raises(ZeroDivisionError):
            tape.inverse(tape.add(tape.constant(2), tape.constant(-2)))
    assert judged(LONG, r"\frac{1}{e_{k,b} - e_{k,b}} = 1").holds is None


def test_walking_back_stops_at_the_cut():
    """∂x/∂y holds y as one thing: what y is made of changes nothing, and z behind it is a path."""
    tape = Tape(None)
    w, x = tape.constant(3), tape.constant(5)
    y = tape.same(tape.mul(w, x))
    z = tape.add(tape.mul(y, y), w)
    slopes = tape.slopes(z)
    assert slopes[y].number == 30
    assert slopes[w].number == 30 * 5 + 1
    assert tape.slopes(y)[w].number == 5
    assert z not in tape.slopes(y)


# --- cuts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "holds"),
    [
        # E by e: e is cut, though it is made of y.
        (r"\frac{\partial \mathcal{E}}{\partial e_{k,b}} = e_{k,b}", True),
        (r"\frac{\partial \mathcal{E}}{\partial y_{k,b}} = -e_{k,b}", True),
        (r"\frac{\partial \mathcal{E}}{\partial y_{k,b}} = e_{k,b}", False),
        # What comes before the cut is not on the way.
        (r"\frac{\partial v_{j,a}}{\partial v_{k,b}} = 0", True),
        (r"\frac{\partial y_{j,a}}{\partial y_{j,a}} = 1", True),
        (r"\frac{\partial y_{k,b}}{\partial y_{k,r}} = [b = r]", True),
        (r"\frac{\partial y_{k,b}}{\partial y_{k,r}} = 1", False),
        # Two ways to the same weight; second derivatives, of one and of two variables.
        (r"\frac{\partial \mathcal{E}}{\partial w_{ba}} = -\delta_{k,b} y_{j,a}", True),
        (r"\frac{\partial^2 \mathcal{E}}{\partial v_{k,b} \partial v_{k,r}}"
         r" = [b = r] (\varphi_k'(v_{k,b})^2 - e_{k,b} \varphi_k''(v_{k,b}))", True),
        (r"\frac{\partial^2 \mathcal{E}}{\partial v_{k,b}^2} = \varphi_k'(v_{k,b})^2", False),
        (r"\frac{\partial \delta_k}{\partial y_k} = -\operatorname{diag}(\varphi_k'(v_k))", True),
        (r"\frac{\partial (e_k^T e_k)}{\partial e_{k,b}} = 2 e_{k,b}", True),
    ],
)  # fmt: skip
def test_what_is_held_fixed(latex, holds):
    assert judged(LONG, latex).holds is holds


# --- places, sizes, index values ------------------------------------------------------------------


def places(claim) -> set[tuple[int, int]]:
    """(layers before the window, layers after it)."""
    length = len(claim.window.layers)
    return {(s.base, len(s.sizes) - s.base - length) for s in exact.spots(claim, 2)}


def test_every_place_is_tried():
    (claim,) = claims(ANYWHERE, "y_j = y_j")
    assert places(claim) == {(0, 0), (0, 1), (1, 0), (0, 2), (1, 1), (2, 0)}
    (claim,) = claims(LONG, "y_j = y_j")
    assert places(claim) == {(0, 0), (1, 0)}


ONLY_SOMEWHERE = (
    # True of the output layer only, and so false where depth is not said.
    (r"\delta_k = e_k \odot \varphi_k'(v_k)", LONG, ANYWHERE),
    (r"\frac{\partial \mathcal{E}}{\partial y_k} = -e_k^T", LONG, ANYWHERE),
)


@pytest.mark.parametrize(("latex", "where", "everywhere"), ONLY_SOMEWHERE)
def test_what_is_true_of_the_output_only(latex, where, everywhere):
    assert judged(where, latex).holds is True
    found = judged(everywhere, latex)
    assert found.holds is False and found.difference.missing == "e of layer k"


def test_what_is_true_in_the_middle_only():
    """The input has no local gradient; a window of three layers knows one that has."""
    middle = r"\delta_j = \left({W^{k,j}}^T \delta_k\right) \odot \varphi_j'(v_j)"
    assert judged(ANYWHERE, middle).holds is True
    two = read_window("**Layers** j → k; sizes z, m; neurons a, b")
    found = judged(two, middle)
    assert found.holds is False and found.difference.missing == "δ of layer j"
    assert found.difference.spot.base == 0
    short = read_window("**Short form**, layers j → k")
    assert judged(short, r"\delta_j = \sum_k \delta_k w_{kj} \varphi_j'(v_j)").holds is False


def test_missing_quantities_are_named():
    found = judged(ANYWHERE, "v_i = v_i")
    assert (found.holds, found.difference.missing) == (False, "v of layer i")
    assert "there is no v of layer i" in str(smallest(claims(ANYWHERE, "v_i = v_i")[0], found))


def test_sizes_are_unequal_and_at_least_two():
    for equation in typed("deep.md")[:12]:
        for claim in of(equation):
            for spot in exact.spots(claim, 2):
                assert len(set(spot.sizes)) == len(spot.sizes) and min(spot.sizes) >= 2


@pytest.mark.parametrize(
    "latex",
    [
        # [r = m] is 1 for the last neuron alone, [r = 1] for the first alone.
        "[r = m] = 0", "[b = 1] = 0", "[b = 2] = 0",
        r"e_{k,b} [b = m] = 0",
        r"y_{j,a} [a = z] + e_{k,b} = e_{k,b}",
        r"[a = z] [b = m] = 0", r"[a = z] [b = 1] = 0", r"[a = 1] [b = m] = 0",
    ],
)  # fmt: skip
def test_every_value_of_every_letter_is_tried(latex):
    """False for one neuron (or one pair of neurons) only."""
    found = judged(LONG, latex, seeds=1)
    assert found.holds is False and found.networks == 1


@pytest.mark.parametrize(
    ("row", "column"), [("1", "1"), ("1", "z"), ("m", "1"), ("m", "z"), ("2", "2")]
)
def test_every_entry_of_a_matrix_is_compared(row, column):
    """One entry of W is moved: e_r e_c^T is nothing elsewhere."""
    one = rf"\frac{{\partial v_k}}{{\partial v_{{k,{row}}}}}"
    other = rf"\frac{{\partial y_j}}{{\partial y_{{j,{column}}}}}"
    found = judged(LONG, rf"W^{{k,j}} = W^{{k,j}} + {one} \left({other}\right)^T")
    sizes = dict(zip("ijk", found.difference.spot.sizes, strict=True))
    numbers = {"m": sizes["k"], "z": sizes["j"]}
    assert found.holds is False
    assert found.difference.row == numbers.get(row) or found.difference.row == int(row)
    assert found.difference.column == numbers.get(column) or found.difference.column == int(column)


# --- counterexamples ------------------------------------------------------------------------------


def polynomial(coefficients, x, order=0):
    """A derivative of Σ c_r x^r, in plain Python."""
    for _ in range(order):
        coefficients = [r * c for r, c in enumerate(coefficients)][1:]
    return sum(Fraction(c) * x**r for r, c in enumerate(coefficients))


def forward_and_back(sizes, given, functions):
    """y, v and δ of a network in plain Python, by the textbook."""
    y = {0: [given["y", (0,), (c,)] for c in range(1, sizes[0] + 1)]}
    v, delta, last = {}, {}, len(sizes) - 1
    for l in range(1, last + 1):  # noqa: E741
        w = [[given["w", (l, l - 1), (r, c)] for c in range(1, sizes[l - 1] + 1)]
             for r in range(1, sizes[l] + 1)]  # fmt: skip
        v[l] = [sum(a * b for a, b in zip(row, y[l - 1], strict=True)) for row in w]
        y[l] = [polynomial(functions[l], x) for x in v[l]]
    e = [given["d", (last,), (b,)] - y[last][b - 1] for b in range(1, sizes[last] + 1)]
    delta[last] = [a * polynomial(functions[last], x, 1) for a, x in zip(e, v[last], strict=True)]
    for l in range(last - 1, 0, -1):  # noqa: E741
        arriving = [sum(delta[l + 1][b] * given["w", (l + 1, l), (b + 1, a + 1)]
                        for b in range(sizes[l + 1])) for a in range(sizes[l])]  # fmt: skip
        delta[l] = [a * polynomial(functions[l], x, 1) for a, x in zip(arriving, v[l], strict=True)]
    return y, v, e, delta


@pytest.mark.parametrize(
    ("latex", "sides"),
    [
        (r"\delta_{j,a} = \sum_b \delta_{k,b} w_{ba}",
         lambda n, a: (n.delta[1][a - 1],
                       sum(n.delta[2][b] * n.given["w", (2, 1), (b + 1, a)]
                           for b in range(n.sizes[2])))),
        (r"\delta_{k,b} = e_{k,b}", lambda n, b: (n.delta[2][b - 1], n.e[b - 1])),
        (r"\delta_{j,a} = -\frac{\partial \mathcal{E}}{\partial y_{j,a}}",
         lambda n, a: (n.delta[1][a - 1],
                       sum(n.delta[2][b] * n.given["w", (2, 1), (b + 1, a)]
                           for b in range(n.sizes[2])))),
        (r"\frac{\partial \mathcal{E}}{\partial w_{ba}} = \delta_{k,b} y_{j,a}",
         lambda n, b, a: (-n.delta[2][b - 1] * n.y[1][a - 1], n.delta[2][b - 1] * n.y[1][a - 1])),
        (r"y_{j,a} = \varphi_j'(v_{j,a})",
         lambda n, a: (n.y[1][a - 1], polynomial(n.functions[1], n.v[1][a - 1], 1))),
    ],
)  # fmt: skip
def test_a_counterexample_is_one(latex, sides):
    """Recomputed in fractions, without tape, tree or judge: the sides differ, as it says."""
    (claim,) = claims(LONG, latex)
    found = smallest(claim, exact.judge(claim))
    assert sorted(size for _, size in found.sizes) == [2, 3, 4]
    network = Network(claim, found)
    left, right = sides(network, *(value for _, value in found.letters))
    assert (str(left), str(right)) == (found.left, found.right) and left != right


class Network:
    """The numbers of a counterexample, read from what a user is shown, and all that follows."""

    def __init__(self, claim, found):
        self.sizes = [size for _, size in found.sizes]
        shown = dict(found.numbers)
        names = [layer for layer, _ in found.sizes]
        self.given, self.functions = Default(), {}
        for number, layer in enumerate(names):
            for name in ("y", "d"):
                for at, x in enumerate(self._row(shown.get(f"{name}_{layer}", "()")), 1):
                    self.given[name, (number,), (at,)] = x
            rows = shown.get(f"W^{{{layer},{names[number - 1]}}}", "()").strip("()").split(";")
            for r, row in enumerate(rows, 1):
                for c, x in enumerate(self._row(row), 1):
                    self.given["w", (number, number - 1), (r, c)] = x
            self.functions[number] = self._coefficients(shown.get(f"φ_{layer}(x)", "0"))
        self.y, self.v, self.e, self.delta = forward_and_back(
            self.sizes, self.given, self.functions
        )

    def _row(self, text: str):
        parts = [x.strip() for x in text.strip("()").split(",") if x.strip()]
        return [Fraction(0) if x == "·" else Fraction(x) for x in parts]

    def _coefficients(self, text: str):
        """x² + 2x is 0, 2, 1."""
        found = [0, 0, 0]
        for term in text.split(" + "):
            for power, sign in ((2, "x²"), (1, "x"), (0, "")):
                if term.endswith(sign):
                    found[power] += int(term.removesuffix(sign) or 1)
                    break
        return found


# --- networks are kept from claim to claim --------------------------------------------------------


def test_numbers_do_not_depend_on_the_order_in_which_they_are_asked():
    asked = [("w", (1, 0), (a, b)) for a, b in product(range(1, 4), repeat=2)]
    forward, backward = Numbers(1), Numbers(1)
    one = [forward.given(*key) for key in asked]
    backward.function("f", 1)
    assert one == [backward.given(*key) for key in reversed(asked)][::-1]
    assert len(set(one)) == len(asked) and all(0 < number < PRIME for number in one)
    assert one != [Numbers(2).given(*key) for key in asked]


def test_the_next_claim_finds_the_network_and_nothing_of_the_last_claim():
    (claim,) = claims(LONG, r"\delta_k = e_k \odot \varphi_k'(v_k)")
    (own,) = claims(
        LONG, r"\frac{\partial (\mathcal{E} + \mathcal{E})}{\partial v_k} = -2 \delta_k"
    )
    exact.network.cache_clear()
    assert exact.judge(claim).holds is exact.judge(own).holds is True
    spots = list(exact.spots(own, 2))
    made = len(spots)
    assert exact.network.cache_info().misses == made
    kept = [exact.network(own.declarations, tuple(own.declarations.definitions), s) for s in spots]
    before = [len(trial.tape._slopes) for trial in kept]
    for _ in range(3):
        assert exact.judge(own).holds is True
    assert exact.network.cache_info().misses == made
    assert [len(trial.tape._slopes) for trial in kept] == before


class Default(dict):
    """What a counterexample did not need is nought."""

    def __missing__(self, key):
        return Fraction(0)


def test_small_numbers_differ_from_layer_to_layer():
    numbers = SmallNumbers(1, 3)
    made = [numbers.function("f", layer) for layer in range(3)]
    assert len({tuple(x) for x in made}) == 3


# --- the judge can fail ---------------------------------------------------------------------------


def of(equation):
    """The claims of a typed equation that types let pass."""
    declarations = notes_declarations()
    found = [
        claim
        for chain in read(equation.latex)
        for link in links(chain, equation.window, declarations, equation.latex)
        for claim in link.claims
    ]
    return [claim for claim in found if claim.problem is None and not claim.guess]


#: Equations that need much of the judge: displays, second derivatives, marks, sums from 2.
OWN = (
    (LONG, r"\frac{\partial^2 \mathcal{E}}{\partial v_{k,b}^2}"
     r" = \varphi_k'(v_{k,b})^2 - e_{k,b} \varphi_k''(v_{k,b})", True),
    (LONG, r"\sum_{i=2}^{m} e_{k,i} = \sum_i e_{k,i} - e_{k,1}", True),
    (LONG, r"\frac{\partial \frac{1}{e_{k,b}}}{\partial e_{k,b}} = -\frac{1}{e_{k,b}^2}", True),
    (LONG, r"\frac{\partial^2 \frac{1}{e_{k,b}}}{\partial e_{k,b}^2}"
     r" = \frac{2}{e_{k,b} e_{k,b}^2}", True),
    (LONG, r"(e_k e_k^T)^2 = e_k^T e_k e_k e_k^T", True),
    (LONG, "y_j^T {W^{k,j}}^T I = v_k^T", True),
    (LONG, r"\operatorname{diag}(e_k) y_k = e_k \odot y_k \odot \begin{bmatrix} 1 \\ \vdots \\ 1"
     r" \end{bmatrix}", True),
    (LONG, r"\frac{\partial v_k}{\partial w_{ba}} = \begin{bmatrix} 0 \\ \vdots \\ y_{j,a} \\"
     r" \vdots \\ 0 \end{bmatrix} (\text{index} = b)", True),
    (LONG, r"\frac{\partial \mathcal{E}}{\partial W^{k,j}} = -\delta_k y_j^T", True),
    (LONG, r"W^{k,j} = \begin{bmatrix} w_{11} & \dots & w_{1z} \\ \vdots & & \vdots \\"
     r" w_{m1} & \dots & w_{mz} \end{bmatrix}", True),
    (LONG, r"W^{k,j} = \begin{bmatrix} w_{11} & \dots & w_{1z} \\ \vdots & & \vdots \\"
     r" w_{m1} & \dots & w_{m1} \end{bmatrix}", False),
    (LONG, r"e_k = \begin{bmatrix} e_{k,1} \\ \vdots \\ d_{k,m} \end{bmatrix}", False),
    (LONG, "[r = m] = 0", False), (LONG, "[b = 1] = 0", False),
    (LONG, "e_{k,m} = e_{k,1}", False), (LONG, "e_{k,2} = e_{k,m}", False),
    (ANYWHERE, "v_i = v_i", False), (ANYWHERE, "e_k = e_k", False),
    (ANYWHERE, r"\delta_k = e_k \odot \varphi_k'(v_k)", False),
    (SHORT, r"\delta_j = \sum_k \delta_k w_{kj} \varphi_j'(v_j)", True),
    (SHORT, r"\delta_j = \sum_k \delta_k w_{kj}", False),
    (FOUR, r"y_j^T y_j e_k^T = y_j^T y_j e_k^T", True),
    (LONG, r"\delta_{k,b} = e_{k,b} \varphi_k'(y_{k,b})", False),
    (LONG, r"\frac{\partial \mathcal{E}}{\partial W^{j,i}} y_i = -\delta_j y_i^T y_i", True),
    (LONG, r"(e_{k,b} - e_{k,b})^0 = 1", True),
    (LONG, r"\frac{e_{k,b}}{e_{k,b}} = 1", True), (LONG, r"\frac{1}{e_{k,b} - e_{k,b}} = 1", None),
    (LONG, r"\frac{\partial \mathcal{E}}{\partial W^{k,j}} y_j = -\delta_k y_j^T y_j", True),
    (LONG, r"\frac{\partial y_{k,1}}{\partial y_k} \begin{bmatrix} e_{k,1} \\ \vdots \\ d_{k,m}"
     r" \end{bmatrix} = e_{k,1}", True),
    (LONG, r"\begin{bmatrix} e_{k,1} & \dots & d_{k,m} \end{bmatrix}"
     r" \left(\frac{\partial y_{k,1}}{\partial y_k}\right)^T = e_{k,1}", True),
    (LONG, r"\frac{\partial y_{k,2}}{\partial y_k} \begin{bmatrix} e_{k,1} \\ \vdots \\ d_{k,m}"
     r" \end{bmatrix} = e_{k,2}", None),
    (LONG, r"I_m = \begin{bmatrix} 1 & 0 & \dots & 0 & 0 \\ \vdots & & \ddots & & \vdots \\"
     r" 0 & 0 & \dots & 1 & 0 \\ 0 & 0 & \dots & 0 & 1 \end{bmatrix}", True),
    (LONG, r"\frac{1}{2} e_{k,b} + \frac{1}{2} e_{k,b} = e_{k,b}", True),
)  # fmt: skip


@cache
def battery():
    """(claim, whether it is true): OWN and some typed equations."""
    found = [(claim, truth) for window, latex, truth in OWN for claim in claims(window, latex)]
    for equation in typed("[dsho]*.md")[::13]:
        made = of(equation)
        if len(made) == 1 or equation.true:
            found += [(claim, equation.true) for claim in made]
    return found


def wrong_verdicts(stop: bool = True) -> int:
    """How many verdicts of the judge are not what they should be."""
    wrong = 0
    for claim, truth in battery():
        try:
            holds = exact.judge(claim, 1).holds
        except Exception:  # a mutant may break anything
            holds = "broken"
        wrong += holds is not truth
        if wrong and stop:
            break
    return wrong


@contextmanager
def networks_of_its_own():
    """What a mutant computed is of no use to anybody else, and the other way round."""
    exact.network.cache_clear()
    try:
        yield
    finally:
        exact.network.cache_clear()


def test_the_battery_is_judged_rightly():
    assert len(battery()) >= 50
    assert wrong_verdicts(stop=False) == 0


def rules(method) -> list:
    """All rules of a method that chooses by type."""
    return list(dict.fromkeys(method.table.values()))


MUTATED = (
    *(getattr(Tape, name) for name in (
        "number", "make", "same", "add", "mul", "inverse", "_inverse_slope", "polynomial",
        "slopes", "_walk_back",
    )),
    *(getattr(Trial, name) for name in ("value", "_computed", "function")),
    *(getattr(Evaluation, name) for name in (
        "size", "index", "_plus", "_times", "_entrywise", "_matrix_product", "_scaled",
    )),
    *rules(Evaluation.__dict__["value"]),
    exact.compare, exact._first_difference, exact.entries_of,
)  # fmt: skip
_FRACTIONS = "this judge computes with residues; the tape's own test has fractions, and sees it"
_ANY_FUNCTION = (
    "φ becomes another function, φ′ another: what the rules prove, they prove for any of them; "
    "the tape's own test sees it"
)
_WORDS = "the place that is told, not the verdict; tests of what is told see it"
_TYPES = "types let only a number be differentiated by a matrix"
_ONCE = "the first value on the queue is alone there"
_NAMES = "bound letters have names of their own: nothing is there to be put back"
_ALONE = "a matrix with one entry is a number everywhere else, and never comes here"
#: Mutants that change no verdict, and why: the beginning of a name, of which all are meant.
EQUAL = {
    "Tape.inverse: number + 1 in `1`; number = Fraction(1, a.number) if self.prime is None "
    "else pow(a.number, -1, self.prime)": _FRACTIONS,
    "Tape.polynomial: number + 1 in `0`; number = 0": _ANY_FUNCTION,
    "Tape.polynomial: sign in `number * x.number`": _ANY_FUNCTION,
    "Tape.polynomial: factor 2 in `number * x.number`": _ANY_FUNCTION,
    "Tape.polynomial: right factor only in `number * x.number`": _ANY_FUNCTION,
    "Tape.polynomial: number + 1 in `0`; slopes": _ANY_FUNCTION,
    "Tape.polynomial: number + 1 in `1`; slopes": _ANY_FUNCTION,
    "Tape.polynomial: sign in `r * c`": _ANY_FUNCTION,
    "Tape.polynomial: factor 2 in `r * c`": _ANY_FUNCTION,
    "Tape.polynomial: left factor only in `r * c`": _ANY_FUNCTION,
    "Tape.polynomial: right factor only in `r * c`": _ANY_FUNCTION,
    "Tape._walk_back: sign in `-x.order`; queue = [(-x.order, x)]": _ONCE,
    "Trial.value: other branch in `layers[0] if layers else -1`": _WORDS,
    "Trial.value: sign in `-1`": _WORDS,
    "Trial.value: number + 1 in `1`; raise": _WORDS,
    "Evaluation._matrix_product: number + 1 in `0`": _ALONE,
    "Evaluation._: condition turned in `before is not None`": _NAMES,
    "Evaluation._: number + 1 in `1`; if isinstance(by, Grid) and by.columns > 1 and": _TYPES,
    "Evaluation._: number + 1 in `0`; of = of.entries[0]": _TYPES,
    "compare: number + 1 in `0`; return (Difference": _WORDS,
    "_first_difference: number + 1 in `1`": _WORDS,
    "_first_difference: left part only in `place": _WORDS,
    "_first_difference: right part only in `place": _WORDS,
}


def test_mistakes_in_the_judge_give_wrong_verdicts(say):
    listed, unseen, seen = set(), [], 0
    for function in MUTATED:
        for mutant in mutants_of(function):
            equal = [name for name in EQUAL if mutant.name.startswith(name)]
            if equal:
                listed.update(equal)
                continue
            with mutant.planted(), networks_of_its_own():
                if wrong_verdicts():
                    seen += 1
                else:
                    unseen.append(mutant.name)
    assert unseen == []
    assert listed == set(EQUAL)  # a name that nothing bears any more must go
    say(f"mistakes in the exact judge's own code: {seen} give wrong verdicts on typed equations")


def test_two_random_polynomials_of_this_degree_are_told_apart():
    """φ, φ′, φ″ and φ‴ of a random φ are four different functions, none of them 0."""
    numbers = Numbers(3)
    coefficients = numbers.function("f", 1)
    assert len(coefficients) == DEGREE + 1 >= 5
    tape = Tape()
    at = [tape.constant(x) for x in (5, 11)]
    made = {tuple(tape.polynomial(coefficients, x, order).number for x in at)
            for order in range(DEGREE)}  # fmt: skip
    assert len(made) == DEGREE and all(number for pair in made for number in pair)


def test_all_letters_run_through_all_pairs():
    """As many comparisons as neurons, counted by a tree that counts."""
    (claim,) = claims(LONG, "w_{ba} = w_{ba}")
    seen = set()

    class Watching(Numbers):
        def given(self, name, layers, indices):
            seen.add((name, indices))
            return super().given(name, layers, indices)

    spot = next(iter(exact.spots(claim, 1)))
    exact.compare(claim, spot, Trial(claim.declarations, spot.sizes, Watching(1)))
    sizes = spot.sizes[2], spot.sizes[1]
    every = {("w", at) for at in product(*(range(1, size + 1) for size in sizes))}
    assert seen == every
    assert isinstance(claim.left, ex.Entry)
