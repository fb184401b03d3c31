"""Wrong backward passes: each is told from the right one and from the others, and named.

The bank's own passes are built from one skeleton. So that the finder is not only shown its own
kind, `STUDENT` is a pass written out as a learner would, with mistakes typed into it.
"""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from bpderiv import Network, compare, complex_step
from bpderiv.bugs import (
    BANK,
    STAGES,
    Trial,
    backward,
    bug,
    descend,
    differ,
    find_bug,
    finder,
    fits,
)
from bpderiv.bugs.steps import TOLERANCE

KINDS = ("tanh", "logistic")
GRADIENTS, ALL = ("dW", "db"), tuple(STAGES)
NAMES = [one.name for one in BANK]
#: These networks hide nothing: 3-4-2 is unequal, 2-4-3 has three outputs, and some mistakes run
#: on square networks only.
TRIALS = [
    Trial.random(sizes, KINDS, examples=examples, seed=seed)
    for seed, (sizes, examples) in enumerate([((3, 4, 2), 5), ((2, 4, 3), 6), ((3, 3, 3), 5)])
]
SQUARE = TRIALS[2]
#: Pairs that no data tells apart when only gradients are returned, and why.
SAME_GRADIENTS = {
    ("sign of e lost", "sign of the gradient lost"): "everything is linear in e: −e makes −∂E/∂W",
}


# --- the skeleton -----------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [(3, 2), (3, 4, 2), (2, 5, 4, 3)])
def test_without_a_change_it_is_the_algorithm(sizes, count):
    t = Trial.random(sizes, "tanh", examples=4, seed=1)
    net = Network(t.with_bias_column[1:], t.phi[1:], bias=True)
    way, right = backward(t), net.backward(t.x, t.d)
    for l in range(1, len(sizes)):
        mine = np.hstack([way.db[l][:, None], way.dW[l]])
        nudged = complex_step(net, t.x, t.d, ("E", None), ("w", l))
        assert compare("∂E/∂W", ("steps", mine), ("network", right.W[l])).agree
        assert compare("∂E/∂W", ("steps", mine), ("complex step", nudged)).agree
        assert compare("δ", ("steps", way.delta[l]), ("network", right.delta[l])).agree
    assert t.error == net.error(t.x, t.d) and t.sizes == net.sizes
    count("comparisons", 3 * (len(sizes) - 1))


def test_values_come_in_the_order_of_the_way_back():
    t = Trial.random((2, 3, 4, 2), "tanh", examples=3, seed=1)
    keys = list(backward(t).values())
    assert keys[:4] == [("e", 3), ("delta_output", 3), ("arriving", 2), ("delta_hidden", 2)]
    assert keys[6:] == [("dW", 3), ("db", 3), ("dW", 2), ("db", 2), ("dW", 1), ("db", 1)]
    assert {stage for stage, _ in keys} == set(STAGES)


# --- the bank ---------------------------------------------------------------------------------


def test_the_bank_is_large_and_names_are_unique():
    assert len(BANK) >= 43 and len(set(NAMES)) == len(BANK)
    assert {one.stage for one in BANK} == set(STAGES)
    for one in BANK:
        assert one.says[-1] in ".?" and one.does and one.name in repr(one)
    with pytest.raises(ValueError, match="no bug is called 'x'"):
        bug("x")


@pytest.mark.parametrize("one", BANK, ids=NAMES)
def test_each_bug_is_told_from_the_truth_at_its_stage(one):
    """By the gradients alone, by a wide margin; and nothing differs before the stage it names."""
    assert any(differ(t, one.changes) for t in TRIALS)
    wrong, right = backward(SQUARE, one.changes).values(), backward(SQUARE).values()
    apart = {k: np.abs(wrong[k] - right[k]).max() / np.abs(right[k]).max() for k in right}
    first = next(k for k in right if apart[k] > TOLERANCE)
    assert first[0] == one.stage
    assert max(apart[k] for k in apart if k[0] in GRADIENTS) > 1000 * TOLERANCE


def told_apart(one, other, stages) -> bool:
    return any(differ(t, one.changes, other.changes, stages) for t in TRIALS)


def test_the_bugs_are_told_from_each_other():
    pairs = list(combinations(BANK, 2))
    same = {(a.name, b.name) for a, b in pairs if not told_apart(a, b, GRADIENTS)}
    assert same == set(SAME_GRADIENTS)
    assert all(told_apart(a, b, ALL) for a, b in pairs)


def test_the_readme_counts_the_bank():
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert f"{len(BANK)} wrong passes" in readme


# --- what data hide ---------------------------------------------------------------------------

PATHS = {"one path only", "mean over the paths", "product of sums"}
HIDES = {
    "1-1-1": (
        Trial.random((1, 1, 1), KINDS, examples=5, seed=1),
        PATHS | {"mean over the outputs", "W for Wᵀ", "Hadamard for Wᵀδ",
                 "outer product transposed", "bias summed over the neurons"},
    ),
    "one example": (
        Trial.random((3, 3, 3), KINDS, examples=1, seed=1),
        {"e averaged too early", "mean for sum over the batch", "B times too large",
         "= for += over the batch", "bias gradient as mean", "mean for the weights only"},
    ),
    "one output": (
        Trial.random((3, 3, 1), KINDS, examples=5, seed=1), PATHS | {"mean over the outputs"},
    ),
    "symmetric": (SQUARE.changed(W=lambda w: w + w.T), {"W for Wᵀ"}),
    "same φ": (
        Trial.random((3, 3, 3), "logistic", examples=5, seed=1),
        {"φ′ of the wrong layer, at the output", "φ′ of the wrong layer, at a hidden neuron"},
    ),
    "zero": (
        SQUARE.changed(W=lambda w: 0 * w, b=lambda b: 0 * b),
        {one.name for one in BANK if one.stage in ("arriving", "delta_hidden")}
        - {"φ′ replaces what arrives"}
        | {"outer product transposed", "field for signal", "e averaged too early",
           "mean for the weights only"},
    ),
    "unequal": (TRIALS[0], set()),
    "square": (SQUARE, set()),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDES)
def test_data_hide_exactly_these(name):
    trial, hidden = HIDES[name]
    assert {one.name for one in BANK if not differ(trial, one.changes)} == hidden


def test_unequal_sizes_let_five_fail_by_shape():
    failing = {one.name for one in BANK if not fits(TRIALS[0], one.changes)}
    assert failing == {"W for Wᵀ", "wrong layer's weights", "Hadamard for Wᵀδ",
                       "outer product transposed", "output for input"}  # fmt: skip
    assert all(fits(SQUARE, one.changes) for one in BANK)
    assert differ(TRIALS[0], bug("W for Wᵀ").changes)
    assert not differ(TRIALS[0], bug("W for Wᵀ").changes, bug("outer product transposed").changes)


# --- training ---------------------------------------------------------------------------------


def test_descent_with_the_right_pass_is_that_of_the_network():
    t = TRIALS[0]
    net = Network(t.with_bias_column[1:], t.phi[1:], bias=True)
    assert np.allclose(descend(t, eta=0.1, steps=20), net.train(t.x, t.d, 0.1, 20)[1], rtol=1e-12)


def test_descent_that_leaves_all_numbers_ends_there():
    t = Trial.random((2, 2, 2), "linear", examples=5, seed=1)
    errors = descend(t, bug("sign of e lost").changes, eta=1.0, steps=500)
    assert errors[-1] == np.inf and len(errors) < 500 and np.isfinite(errors[:-1]).all()


def test_most_wrong_gradients_train():
    """What notebook 09 counts; no run is so near the border that another machine counts another."""
    training = 0
    for one in BANK:
        shares = []
        for seed in range(5):
            t = Trial.random((3, 3, 3), KINDS, examples=5, seed=seed)
            E = descend(replace(t, d=LOGISTIC(t.d)), one.changes, eta=0.1, steps=100)
            shares.append(E[-1] / E[0])
        assert abs(max(shares) - 0.8) > 1e-3, one.name
        training += max(shares) < 0.8
    assert training == 30


# --- naming: the bank's own passes --------------------------------------------------------------


def planted(changes, kinds=KINDS, stages=GRADIENTS, book=1, E_is_mean=False):
    """A function as `find_bug` wants it, from a pass of the bank."""

    def your_backward(W, b, x, d):
        phi = Trial.random((1,) * (len(kinds) + 1), kinds, examples=1, seed=0).phi
        way = backward(Trial([None, *W], [None, *b], phi, x, d), changes)
        share = len(x) if E_is_mean else 1
        lists = {"arriving": way.arriving, "delta": way.delta, "dW": way.dW, "db": way.db}
        found = {name: list(values[1:]) for name, values in lists.items()}
        found["dW"], found["db"] = ([g / share for g in found[name]] for name in GRADIENTS)
        if stages == GRADIENTS:
            return found["dW"], found["db"]
        found["arriving"][:-1] = [book * a for a in found["arriving"][:-1]]
        return found | {"e": book * way.e, "delta": [book * one for one in found["delta"]]}

    return your_backward


@pytest.mark.parametrize("stages", [GRADIENTS, ALL], ids=["gradients", "all stages"])
@pytest.mark.parametrize("kinds", [KINDS, ("tanh", "logistic", "tanh")], ids=["2", "3"])
def test_every_bug_is_named(kinds, stages, count):
    for one in BANK:
        found = find_bug(planted(one.changes, kinds, stages), kinds)
        alike = {name for pair in SAME_GRADIENTS for name in pair if one.name in pair}
        if stages == ALL or not alike:
            assert (found.outcome, found.bugs) == ("named", (one,)), one.name
            assert one.name in repr(found) and one.says in repr(found)
        else:
            assert (found.outcome, {b.name for b in found.bugs}) == ("several", alike)
            assert 'Return "e" and "delta" too' in repr(found)
        if stages == ALL:
            assert found.stage == one.stage, one.name
        assert max(map(len, repr(found).splitlines())) <= 110
        count("bugs named")


@pytest.mark.parametrize("stages", [GRADIENTS, ALL], ids=["gradients", "all stages"])
@pytest.mark.parametrize("mean", [False, True], ids=["sum", "mean"])
@pytest.mark.parametrize("book", [1, -1], ids=["our sign", "the other book's"])
def test_the_right_pass_is_right(stages, mean, book):
    for kinds in (("logistic",), KINDS, ("relu", "tanh", "linear")):
        mine = planted({}, kinds, stages, book, mean)
        found = find_bug(mine, kinds, mean=mean)
        assert found.right and repr(found).startswith("Right: on 3 random networks")
        assert ("other book's sign" in repr(found)) == (book == -1 and stages == ALL)
        assert not find_bug(mine, kinds, mean=not mean).right


def test_the_other_books_signs_do_not_hide_the_name():
    for one in BANK:
        found = find_bug(planted(one.changes, stages=ALL, book=-1))
        assert one in found.bugs or one.stage == "e" or "sign" in one.name, one.name


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_a_mistake_in_one_layer_is_named_with_its_layer(layer):
    """All that can be in one layer: a step of the middle of the way runs in layers 1 and 2."""
    kinds = ("tanh", "logistic", "tanh")
    for one in BANK:
        if one.by_rate or layer == 3 and one.stage in ("arriving", "delta_hidden"):
            continue
        if layer < 3 and one.stage in ("e", "delta_output"):
            continue
        if layer == 1 and one.name == "field for signal":
            continue  # the input has no field
        changes = {n: finder._in_layer(step, n, layer) for n, step in one.changes.items()}
        found = find_bug(planted(changes, kinds, ALL), kinds)
        assert one in found.bugs, one.name
        everywhere = one.stage in ("e", "delta_output")
        assert found.only == (0 if everywhere else layer)
        assert everywhere or len(found.bugs) > 1 or f"in layer {layer} only" in repr(found)


def test_two_mistakes_at_once():
    one, other = bug("φ′ missing at the output"), bug("bias gradient as mean")
    for stages in (GRADIENTS, ALL):
        found = find_bug(planted(one.changes | other.changes, stages=stages))
        assert (found.outcome, found.pairs) == ("two at once", ((one, other),))
        assert f"{one.name} + {other.name}" in repr(found)
    assert found.stage == "delta_output"


@pytest.mark.parametrize(
    ("scale", "ratio"), [(2, "2"), (0.5, "½"), (-2, "−2"), (0, "0"), (3.7, "")]
)
def test_a_mistake_that_is_not_in_the_bank(scale, ratio):
    def change(t, way, l):
        return scale * (way.delta[l + 1] @ t.W[l + 1])

    found = find_bug(planted({"arriving": change}, stages=ALL))
    assert (found.outcome, found.stage, found.layer) == ("not in the bank", "arriving", 1)
    assert found.ratio == ratio and f"none of the {len(BANK)} mistakes" in repr(found)


def test_the_slope_is_seen_in_the_ratio():
    def twice(t, way, l):
        return way.arriving[l] * t.slope(l) ** 2

    assert find_bug(planted({"delta_hidden": twice}, stages=ALL)).ratio == "φ′(v)"
    missing = bug("φ′ missing at a hidden neuron").changes
    assert find_bug(planted(missing, stages=ALL)).ratio == "1/φ′(v)"


# --- naming: a pass written by hand --------------------------------------------------------------

STUDENT = """
def backward(W, b, x, d):
    y, v = [x], []
    for l in range(len(W)):
        v.append(y[l] @ W[l].T + b[l])
        y.append(phi[l](v[l]))
    e = d - y[-1]
    delta = e * slope[-1](v[-1])
    dW, db = [], []
    for l in reversed(range(len(W))):
        dW.insert(0, -delta.T @ y[l])
        db.insert(0, -delta.sum(axis=0))
        if l > 0:
            delta = (delta @ W[l]) * slope[l - 1](v[l - 1])
    return dW, db
"""
LOGISTIC = lambda v: 1 / (1 + np.exp(-v))  # noqa: E731
PHI = {"tanh": np.tanh, "logistic": LOGISTIC}
SLOPE = {
    "tanh": lambda v: 1 - np.tanh(v) ** 2,
    "logistic": lambda v: LOGISTIC(v) * (1 - LOGISTIC(v)),
}


def by_hand(*changes, kinds=KINDS):
    """The student's function, with some of its text changed."""
    text = STUDENT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    names = {"np": np, "phi": [PHI[k] for k in kinds], "slope": [SLOPE[k] for k in kinds]}
    exec(compile(text, "student", "exec"), names)
    return names["backward"]


TYPED = {
    "φ′ missing at the output": [("delta = e * slope[-1](v[-1])", "delta = e")],
    "φ′ taken at y, at the output": [("slope[-1](v[-1])", "slope[-1](y[-1])")],
    "φ for φ′ at the output": [("slope[-1](v[-1])", "y[-1]")],
    "φ′ taken at y, at a hidden neuron": [("slope[l - 1](v[l - 1])", "slope[l - 1](y[l])")],
    "φ′ of the wrong layer, at a hidden neuron": [("slope[l - 1](v", "slope[l](v")],
    "φ′ missing at a hidden neuron": [("(delta @ W[l]) * slope[l - 1](v[l - 1])", "delta @ W[l]")],
    "W for Wᵀ": [("delta @ W[l]", "delta @ W[l].T")],
    "wrong layer's weights": [("delta @ W[l]", "delta @ W[l - 1]")],
    "inverse for transpose": [("delta @ W[l]", "delta @ np.linalg.pinv(W[l]).T")],
    "∂E/∂W passed on": [("delta @ W[l]", "delta @ dW[0]")],
    "updated W used going back": [("  if l > 0:", "  W[l] -= 0.3 * dW[0]\n        if l > 0:")],
    "one path only": [("delta @ W[l]", "delta[:, [0]] * W[l][0]")],
    "output for input": [("delta.T @ y[l]", "delta.T @ y[l + 1]")],
    "outer product transposed": [("-delta.T @ y[l]", "-y[l].T @ delta")],
    "= for += over the batch": [
        ("-delta.T @ y[l]", "-np.outer(delta[-1], y[l][-1])"),
        ("-delta.sum(axis=0)", "-delta[-1]"),
    ],
    "mean for sum over the batch": [
        ("delta.T @ y[l]", "delta.T @ y[l] / len(x)"),
        ("delta.sum(axis=0)", "delta.mean(axis=0)"),
    ],
    "mean for the weights only": [("delta.T @ y[l]", "delta.T @ y[l] / len(x)")],
    "bias gradient as mean": [("delta.sum(axis=0)", "delta.mean(axis=0)")],
    "bias summed over the neurons": [("delta.sum(axis=0)", "delta.sum() * np.ones(len(b[l]))")],
    "bias forgotten": [("-delta.sum(axis=0)", "0 * b[l]")],
    "factor 2": [("e = d - y[-1]", "e = 2 * (d - y[-1])")],
    "2 e over all entries": [("e = d - y[-1]", "e = 2 * (d - y[-1]) / d.size")],
    "size of e only": [("e = d - y[-1]", "e = np.abs(d - y[-1])")],
}  # fmt: skip


@pytest.mark.parametrize("name", TYPED)
def test_a_mistake_typed_by_hand_is_named(name, count):
    found = find_bug(by_hand(*TYPED[name]))
    assert (found.outcome, [one.name for one in found.bugs]) == ("named", [name])
    assert (finder.TOUCHED in repr(found)) == name.startswith("updated")
    count("bugs named")


def test_an_updated_W_is_named_at_any_rate_and_depth():
    for rate in ("0.01", "0.3", "2.0"):
        change = ("  if l > 0:", f"  W[l] = W[l] - {rate} * dW[0]\n        if l > 0:")
        three = ("tanh", "logistic", "tanh")
        for kinds in (KINDS, three):
            found = find_bug(by_hand(change, kinds=kinds), kinds)
            assert found.bugs == (bug("updated W used going back"),)


def test_by_hand_without_a_mistake_it_is_right():
    assert find_bug(by_hand()).right
    three = ("logistic", "tanh", "logistic")
    assert find_bug(by_hand(kinds=three), three).right
    assert find_bug(by_hand(), sizes=[(7, 6, 5)]).right
    single = by_hand(("-delta.T @ y[l]", "np.float32(-delta.T @ y[l])"))
    assert find_bug(single).right, "float32 is good enough"


def test_the_sign_is_told_apart_once_more_is_returned():
    wrong = [("e = d - y[-1]", "e = y[-1] - d")]
    assert find_bug(by_hand(*wrong)).outcome == "several"
    wrong += [("return dW, db", 'return {"dW": dW, "db": db, "e": e}')]
    assert find_bug(by_hand(*wrong)).bugs == (bug("sign of e lost"),)


def test_the_other_book_is_right_and_told():
    other = [
        ("e = d - y[-1]", "e = y[-1] - d"),
        ("-delta.T", "delta.T"),
        ("-delta.sum", "delta.sum"),
    ]
    other += [("return dW, db", 'return {"dW": dW, "db": db, "e": e}')]
    assert "other book's sign" in repr(find_bug(by_hand(*other)))


def test_a_stage_that_means_something_else_does_not_hide_the_name():
    scaled = [("return dW, db", 'return {"dW": dW, "db": db, "e": 7 * e}')]
    assert find_bug(by_hand(*scaled)).right
    found = find_bug(by_hand(*scaled, ("delta.sum(axis=0)", "delta.mean(axis=0)")))
    assert found.bugs == (bug("bias gradient as mean"),) and found.stage == "db"


def test_networks_that_hide_something_are_told():
    one = find_bug(by_hand(("delta @ W[l]", "delta @ W[l].T")), sizes=[(1, 1, 1)])
    assert one.right and "But 8 of the" in repr(one) and "W for Wᵀ" in repr(one)
    alike = ("logistic", "logistic")
    assert "But 2 of the" in repr(find_bug(by_hand(kinds=alike), alike))


def test_without_bias():
    def mine(W, x, d):
        dW, _ = by_hand()(W, [np.zeros(len(w)) for w in W], x, d)
        return dW

    def doubled(W, x, d):
        return [2 * one for one in mine(W, x, d)]

    assert find_bug(mine, bias=False).right
    assert find_bug(doubled, bias=False).bugs == (bug("factor 2"),)


# --- what can't be compared ---------------------------------------------------------------------


def test_a_pass_that_runs_nowhere_or_only_where_all_is_square():
    found = find_bug(lambda W, b, x, d: 1 / 0)
    assert found.outcome == "stops" and "3-4-2: ZeroDivisionError: division by zero" in repr(found)
    nan = find_bug(lambda W, b, x, d: ([np.nan * w for w in W], b))
    assert nan.outcome == "stops" and "holds NaN or infinity" in repr(nan)

    def square_only(W, b, x, d):
        assert len(W[0]) == len(W[1]), "too long a message: " + "x" * 80
        return by_hand()(W, b, x, d)

    some = find_bug(square_only)
    assert some.outcome == "stops" and repr(some).startswith("Right where it runs, but:")
    assert max(map(len, repr(some).splitlines())) <= 110


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda W, b: W, "expected two lists (dW, db)"),
        (lambda W, b: {"dW": W}, "must have dW and db"),
        (lambda W, b: {"dW": W, "db": b, "slope": 1}, "it may have e, delta"),
        (lambda W, b: (W, b[:1]), "db has 1 entries, and there are 2 layers"),
        (lambda W, b: (W, 3), "expected two lists"),
        (lambda W, b: ([None, W[1]], b), "dW[0] is None"),
        (lambda W, b: (W, ["a", b[1]]), "∂E/∂b of layer 1 is no array of real numbers"),
    ],
)
def test_what_cannot_be_read_is_said(answer, words):
    found = find_bug(lambda W, b, x, d: answer(list(W), list(b)), ("tanh",) * 2, sizes=[(2, 2, 2)])
    assert found.outcome == "unreadable" and words in repr(found)


def test_a_bias_may_stand_as_a_column():
    columns = by_hand(("-delta.sum(axis=0)", "-delta.sum(axis=0)[:, None]"))
    assert find_bug(columns).right


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"activations": "tanh"}, "one φ for each layer"),
        ({"activations": ("tanh", "step")}, "unknown activation 'step'"),
        ({"sizes": [(3, 4, 2), (3, 2)]}, "2 layers after the input need 3 sizes each"),
    ],
)
def test_what_find_bug_cannot_take(arguments, message):
    with pytest.raises(ValueError, match=message):
        find_bug(by_hand(), **arguments)
