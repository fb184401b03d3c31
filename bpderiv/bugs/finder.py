"""Which bug is it? Somebody's backward pass, compared with the right one and with the bank.

The pass is run on random networks that hide little: unequal sizes, no symmetry, several examples.
A square one is among them, since some mistakes run only there. What is returned is compared stage
by stage. A name is given only if the pass of that name gives the same numbers everywhere.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np

from bpderiv.bugs.bank import BANK, Bug
from bpderiv.bugs.steps import RIGHT, STAGES, TOLERANCE, Step, Trial, backward, same

#: What a pass may return by name. All lists have one entry for each layer after the input.
KEYS = ("e", "delta", "arriving", "dW", "db")
EXAMPLES = (6, 7, 8)
TOUCHED = "(Your function changes W, b, x or d in place: what came before it is gone.)"
#: Signs of (e; δ and what arrives): ours, the other book's, and the mixtures of the two.
BOOKS = ((1, 1), (-1, -1), (1, -1), (-1, 1))
#: Ratios answer/truth that say something, as a function of the trial.
RATIOS: dict[str, Callable[[Trial], float]] = {
    "−1": lambda t: -1.0,
    "2": lambda t: 2.0,
    "½": lambda t: 0.5,
    "−2": lambda t: -2.0,
    "B, the number of examples": lambda t: t.B,
    "1/B, B the number of examples": lambda t: 1 / t.B,
    "1/B², B the number of examples": lambda t: 1 / t.B**2,
    "one over the number of outputs": lambda t: 1 / t.sizes[-1],
    "0": lambda t: 0.0,
}


@dataclass(frozen=True)
class Finding:
    """What was found out about a pass.

    `outcome` is "right", "named" (it is the mistake in `bugs`), "several" (each of `bugs` fits),
    "two at once" (each entry of `pairs` fits), "not in the bank", "stops" (it runs on none of the
    networks) or "unreadable" (what it returned could not be read).
    `stage` is the first that differs, `layer` its layer. `only` is the layer with the mistake, if
    it is in one layer only (0: in all).
    """

    outcome: str
    words: str
    bugs: tuple[Bug, ...] = ()
    pairs: tuple[tuple[Bug, Bug], ...] = ()
    stage: str = ""
    layer: int = 0
    ratio: str = ""
    only: int = 0

    @property
    def right(self) -> bool:
        """Whether nothing wrong was seen."""
        return self.outcome == "right"

    def __repr__(self) -> str:
        """In words."""
        return self.words


def find_bug(
    your_backward: Callable,
    activations: Sequence = ("tanh", "logistic"),
    *,
    bias: bool = True,
    mean: bool = False,
    sizes: Sequence[Sequence[int]] | None = None,
    seed: int = 9,
) -> Finding:
    """Try a backward pass on random networks; say what is wrong with it, by name if it has one.

    Parameters
    ----------
    your_backward : function
        called as your_backward(W, b, x, d), without bias as your_backward(W, x, d). W[0] leads from
        the input into the first layer and has a row for each receiver; b[0] is that layer's bias; x
        and d have a row for each example. It returns (dW, db), lists like W and b with the
        gradients of E = ½ Σ e²; or a dict with the keys "dW" and "db" and, if you like, "e" and
        "delta" (a list, one for each layer) and "arriving" (Wᵀδ, the same; None at the output).
    activations : list of str or Activation
        φ of each layer after the input, as your code has them.
    bias : bool
        whether there are biases.
    mean : bool
        whether your E is the mean over the examples, and not their sum.
    sizes : list of tuples
        sizes of the networks to try, for code that runs at one size only.
    seed : int
        of the random networks.

    Errors
    ------
    ValueError
        for sizes that do not fit the activations, or an activation that is unknown.
    """
    depth = len(activations)
    if isinstance(activations, str):
        raise ValueError(f"give one φ for each layer: ({activations!r}, …), not {activations!r}")
    if any(len(one) != depth + 1 for one in sizes or ()):
        raise ValueError(f"{depth} layers after the input need {depth + 1} sizes each: {sizes}")
    trials = [
        _trial(s, activations, EXAMPLES[n % 3], seed + n, bias)
        for n, s in enumerate(sizes or _sizes(depth))
    ]
    kept, stops, touched = [], [], False
    for trial in trials:
        try:
            values, changed = _run(your_backward, trial, bias)
            kept.append((trial, values))
            touched |= changed
        except _UnreadableError as problem:
            return Finding("unreadable", f"What your function returned can't be read: {problem}")
        except _Stop as problem:
            kept.append((trial, None))
            stops.append(f"{'-'.join(map(str, trial.sizes))}: {problem}")
    found = _Search(kept, stops, mean).finding()
    return replace(found, words=f"{found.words}\n  {TOUCHED}") if touched else found


def _sizes(depth: int) -> list[tuple[int, ...]]:
    """Twice all neighbours unequal, and once all equal."""
    inner = tuple((4, 5)[n % 2] for n in range(depth - 1))
    return [(3, *inner, 2), (2, *inner, 3), (3,) * (depth + 1)]


def _trial(sizes, activations, examples: int, seed: int, bias: bool) -> Trial:
    trial = Trial.random(sizes, activations, examples=examples, seed=seed)
    if bias:
        return trial
    zero = [None, *(np.zeros_like(b) for b in trial.b[1:])]
    return Trial(trial.W, zero, trial.phi, trial.x, trial.d)


# --- running somebody's function ---------------------------------------------------------------


class _UnreadableError(Exception):
    """What came back has not the form that was asked for."""


class _Stop(Exception):  # noqa: N818
    """It does not run on this network, or what it gives has not the shape of W."""


def _run(your_backward: Callable, t: Trial, bias: bool) -> tuple[dict, bool]:
    """(stage, layer) → array, for all that it returns; and whether it changed what it was given."""
    W, b, x, d = copy.deepcopy((t.W[1:], t.b[1:], t.x, t.d))
    try:
        answer = your_backward(W, b, x, d) if bias else your_backward(W, x, d)
    except Exception as problem:  # whatever it is: it is theirs, and is told
        raise _Stop(f"{type(problem).__name__}: {_short(str(problem))}") from None
    named = _named(answer, bias)
    found = {}
    right = backward(t).values()
    for key, truth in right.items():
        value = _value(named, key, t)
        if value is None:
            continue
        found[key] = _array(value, key)
        if found[key].shape != truth.shape:
            raise _Stop(f"{_place(key)} has shape {found[key].shape}, not {truth.shape}")
    now, before = [*W, *b, x, d], [*t.W[1:], *t.b[1:], t.x, t.d]
    kept = len(now) == len(before) and all(map(np.array_equal, now, before))
    return found, not kept


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"


def _named(answer, bias: bool) -> dict:
    if not isinstance(answer, dict):
        pair = isinstance(answer, (tuple, list)) and len(answer) == 2
        if bias and not (pair and all(isinstance(part, (tuple, list)) for part in answer)):
            raise _UnreadableError('expected two lists (dW, db), or a dict with "dW" and "db"')
        answer = {"dW": answer[0], "db": answer[1]} if bias else {"dW": answer}
    unknown = [key for key in answer if key not in KEYS]
    if unknown or "dW" not in answer or (bias and "db" not in answer):
        raise _UnreadableError(
            f"the dict has {', '.join(map(repr, answer))}; it may have {', '.join(KEYS)}, "
            f"and must have {'dW and db' if bias else 'dW'}"
        )
    return answer


def _value(named: dict, key: tuple[str, int], t: Trial):
    """The entry that belongs to a stage and a layer, or None if it is not there."""
    stage, layer = key
    name = "delta" if stage.startswith("delta") else stage
    if name not in named:
        return None
    if name == "e":
        return named["e"]
    try:
        number = len(named[name])
    except TypeError:
        raise _UnreadableError(f"{name} is no list") from None
    if number != t.last:
        raise _UnreadableError(f"{name} has {number} entries, and there are {t.last} layers")
    value = named[name][layer - 1]
    if value is None and name in ("dW", "db"):
        raise _UnreadableError(f"{name}[{layer - 1}] is None")
    return value


def _array(value, key) -> np.ndarray:
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise _UnreadableError(f"{_place(key)} is no array of real numbers") from None
    if key[0] == "db" and array.ndim == 2 and 1 in array.shape:
        array = array.reshape(-1)  # a bias as a column or a row is as good
    if not np.isfinite(array).all():
        raise _Stop(f"{_place(key)} holds NaN or infinity")
    return array


def _place(key: tuple[str, int]) -> str:
    stage, layer = key
    return STAGES[stage] if stage in ("e", "delta_output") else f"{STAGES[stage]} of layer {layer}"


# --- searching ---------------------------------------------------------------------------------


class _Search:
    """All that is known: trials, and what the pass gave on each (None where it stopped)."""

    def __init__(self, kept, stops, mean: bool):
        self.kept, self.stops, self.mean = kept, stops, mean
        self.ran = [(t, values) for t, values in kept if values is not None]
        self.truths = [self.passed(t, {}) for t, _ in self.ran]

    def passed(self, t: Trial, changes) -> dict | None:
        """What a pass of ours gives, if the shapes let it run."""
        try:
            values = backward(t, changes).values()
        except ValueError:
            return None
        if self.mean:
            values = {k: a / t.B if k[0] in ("dW", "db") else a for k, a in values.items()}
        return values

    def finding(self) -> Finding:
        """The whole decision."""
        if not self.ran:
            return Finding("stops", "It runs on none of the networks.\n" + self._stopped())
        wrong = self._first_wrong(("dW", "db"))
        if wrong is None and not self.stops:
            return Finding("right", self._right())
        for stages, only, book in self._ways_to_look():
            bugs = tuple(b for b in BANK if self._is(b, book, stages, only))
            if bugs:
                return self._named(bugs, book, stages, only)
        if wrong is None:
            return Finding("stops", "Right where it runs, but:\n" + self._stopped())
        pairs = tuple(self._pairs())
        return self._pair(pairs) if pairs else self._unknown()

    def _ways_to_look(self):
        """Which stages must fit, in which layer the mistake is (0: all), whose signs."""
        layers = range(1, self.ran[0][0].last + 1)
        yield from product([tuple(STAGES)], [0], BOOKS)
        yield from product([tuple(STAGES)], layers, BOOKS)
        yield from product([("dW", "db")], [0], BOOKS)  # its δ may mean something else

    # Comparing

    def _agree(self, changes, book=(1, 1), stages=tuple(STAGES)) -> bool:
        """Whether a pass with these changes gives the same on every network."""
        for t, values in self.kept:
            ours = self.passed(t, changes)
            if (ours is None) != (values is None):
                return False
            if values is None:
                continue
            theirs = {k: a for k, a in values.items() if k[0] in stages}
            if not all(same(a, _in_book(ours[k], k, book)) for k, a in theirs.items()):
                return False
        return True

    def _is(self, one: Bug, book, stages, only: int) -> bool:
        """Whether it is this bug, everywhere or in one layer only."""
        changes = {name: _in_layer(step, name, only) for name, step in one.changes.items()}
        if one.by_rate and only:
            return False
        if one.by_rate:
            rate = self._rate(one)
            if rate is None:
                return False
            changes = one.by_rate(rate)
        return self._agree(changes, book, stages)

    def _rate(self, one: Bug) -> float | None:
        """The learning rate that fits best: up to the last hidden layer it enters linearly."""
        t, values = self.ran[0]
        key = ("dW", t.last - 1)
        if t.last < 2:
            return None
        truth, at_one = self.truths[0][key], self.passed(t, one.by_rate(1.0))[key]
        move = at_one - truth
        rate = float(((values[key] - truth) * move).sum() / (move * move).sum())
        return rate if rate > TOLERANCE else None

    def _pairs(self):
        """Two mistakes in different steps that together give these numbers."""
        for one, other in combinations(BANK, 2):
            if not (one.changes.keys() & other.changes.keys() or one.by_rate or other.by_rate):
                changes = one.changes | other.changes
                if any(self._agree(changes, book) for book in BOOKS[:2]):
                    yield one, other

    def _first_wrong(self, stages=tuple(STAGES), book=(1, 1)) -> tuple[str, int] | None:
        """The first (stage, layer) that differs on any network where the pass ran."""
        for key in self.ran[0][1]:
            if key[0] in stages and not all(
                same(values[key], _in_book(truth[key], key, book))
                for (_, values), truth in zip(self.ran, self.truths, strict=True)
            ):
                return key
        return None

    def _ratio(self, key) -> str:
        """What answer/truth is, entry by entry, if it is one of those that say something."""
        pairs = [(t, values[key], truth[key])
                 for (t, values), truth in zip(self.ran, self.truths, strict=True)]  # fmt: skip
        for name, ratio in RATIOS.items():
            if all(same(answer, ratio(t) * truth) for t, answer, truth in pairs):
                return name
        if key[0].startswith("delta"):
            for name, power in (("1/φ′(v)", 1), ("φ′(v)", -1)):
                if all(same(a * t.slope(key[1]) ** power, w) for t, a, w in pairs):
                    return name
        return ""

    # Saying

    def _networks(self) -> str:
        sizes = ", ".join("-".join(map(str, t.sizes)) for t, _ in self.ran)
        return f"{len(self.ran)} random networks ({sizes})"

    def _stopped(self) -> str:
        return "\n".join(f"  stops with sizes {line}" for line in self.stops)

    def _right(self) -> str:
        words = (
            f"Right: on {self._networks()} all gradients agree\n"
            f"  to {TOLERANCE:.0e} of the largest entry."
        )
        blind = [one.name for one in BANK if self._agree(one.changes, stages=("dW", "db"))]
        if blind:
            names = "".join(f"\n  · {name}" for name in blind[:4]) + "\n  · …" * (len(blind) > 4)
            words += f"\n  But {len(blind)} of the {len(BANK)} mistakes would not show here:{names}"
        if self._first_wrong() is None:
            return words
        if any(self._first_wrong(book=book) is None for book in BOOKS[1:]):
            return f"{words}\n  (Your e or δ has the other book's sign: no harm, if you know it.)"
        key = self._first_wrong()
        return f"{words}\n  (What you call {_place(key)} is something else here.)"

    def _where(self, book=None, stages=tuple(STAGES)) -> tuple[tuple[str, int], str, str]:
        """The first that differs: in that book, or in the one that agrees for the longest."""
        order = list(self.ran[0][1])
        places = [self._first_wrong(stages, one) for one in ([book] if book else BOOKS)]
        places = [place for place in places if place] or [self._first_wrong(("dW", "db"))]
        key = max(places, key=order.index)
        ratio = self._ratio(key)
        words = f"  first seen at: {_place(key)}"
        if ratio:
            words += f"\n  your number / the right one, everywhere: {ratio}"
        if self.stops:
            words += "\n" + self._stopped()
        return key, ratio, words

    def _named(self, bugs, book, stages, only) -> Finding:
        if self._first_wrong(("dW", "db")) is None:  # wrong by its shape only
            key, ratio, where = ("dW", 0), "", self._stopped()
        else:
            key, ratio, where = self._where(book, stages)
        if len(bugs) == 1:
            (one,) = bugs
            place = f", in layer {only} only" if only else ""
            words = (
                f"Wrong: {one.name}{place}.\n  It {one.does}.\n{where}\n  A tutor asks: {one.says}"
            )
            return Finding("named", words, bugs, (), *key, ratio, only)
        names = "\n".join(f"  · {one.name}: it {one.does}" for one in bugs)
        words = f"Wrong, and {len(bugs)} mistakes fit what you returned:\n{names}\n{where}"
        if not any(stage == "e" for stage, _ in self.ran[0][1]):
            words += '\n  Return "e" and "delta" too, and they may be told apart.'
        return Finding("several", words, bugs, (), *key, ratio, only)

    def _pair(self, pairs) -> Finding:
        key, ratio, where = self._where()
        names = "\n".join(f"  · {one.name} + {other.name}" for one, other in pairs)
        words = f"Wrong, and it takes two mistakes at once to explain it:\n{names}\n{where}"
        return Finding("two at once", words, (), pairs, *key, ratio)

    def _unknown(self) -> Finding:
        key, ratio, where = self._where()
        words = f"Wrong, and none of the {len(BANK)} mistakes in the bank fits.\n{where}"
        return Finding("not in the bank", words, (), (), *key, ratio)


def _in_layer(step: Step, name: str, only: int) -> Step:
    """The wrong step in one layer, the right one in the others; 0: the wrong one in all."""
    return step if not only else lambda t, way, l: (step if l == only else RIGHT[name])(t, way, l)


def _in_book(array: np.ndarray, key: tuple[str, int], book: tuple[int, int]) -> np.ndarray:
    """The same number with the signs of another book for e, and for δ and what arrives."""
    if key[0] == "e":
        return book[0] * array
    return book[1] * array if key[0] in ("delta_output", "arriving", "delta_hidden") else array
