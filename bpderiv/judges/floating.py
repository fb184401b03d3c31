r"""The floating-point judge: what running numpy says, `bpderiv.network` moved a little.

Signals come from the network's forward pass, at random numbers; ∂X/∂Y, on either side of a claim
and in definitions, from that pass with Y moved (`moved.py`); everything else is computed as the
document defines it. A letter is an axis: all values of all letters are tried at once.

The judge knows which name is which by structure (`roles.py`), and first compares every definition
with what `bpderiv.network` computes. It does not differentiate twice, and says so: *not run*.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from bpderiv import expression as ex
from bpderiv.judges.arrays import Evaluation, Missing, NotRun, magnitude
from bpderiv.judges.moved import sample
from bpderiv.judges.roles import Key, NotTheNetwork, Text, roles, target_of, text_of
from bpderiv.judges.trials import Trial
from bpderiv.meaning.claims import Claim
from bpderiv.meaning.declarations import Declarations

#: Largest difference allowed, relative to the largest entry of both sides.
TOLERANCE = 1e-10
#: Where terms cancel, rounding is left: a side is taken to be at least this part of its terms.
CANCELLED = 1e-4
#: Networks tried at every place.
SEEDS = 2


class Difference(NamedTuple):
    """Where the sides differ most: the letters' values, row and column (from 1), both numbers."""

    letters: tuple[tuple[str, int], ...]
    row: int
    column: int
    left: float
    right: float


@dataclass(frozen=True)
class Floating:
    """What this judge found; `holds` is None if it could not judge, and `reason` says why.

    `largest` is the largest difference met, relative to the largest entry.
    """

    holds: bool | None
    networks: int
    largest: float = 0.0
    difference: Difference | None = None
    reason: str = ""


@dataclass(frozen=True)
class Disagreement:
    """A definition that is not what `bpderiv.network` computes."""

    name: str
    latex: str
    reason: str


# --- judging --------------------------------------------------------------------------------------


def judge(claim: Claim) -> Floating:
    """Compare both sides in random networks, at every place where the window fits.

    Errors
    ------
    ValueError
        for a claim that types refute: there is nothing to compute.
    """
    if claim.problem is not None:
        raise ValueError(f"this claim is refuted by its types: {claim.problem}")
    try:
        wrong = check_definitions(claim.declarations)
    except NotTheNetwork as error:
        return Floating(None, 0, reason=f"not run: {error}")
    if wrong:
        return Floating(False, 0, reason=wrong[0].reason)
    return _tried(claim)


def _tried(claim: Claim) -> Floating:
    largest, networks, reason = 0.0, 0, claim.guess or ""
    for spot in spots(claim):
        try:
            found = compare(claim, spot)
        except Missing as missing:
            return Floating(False, networks + 1, largest, reason=str(missing))
        except NotRun as why:  # at another place something may be missing
            reason = f"not run: {why}"
            continue
        networks += 1
        largest = max(largest, found.relative)
        if found.relative > TOLERANCE:
            words = f"the sides differ by {found.relative:.1e} of the largest entry"
            return Floating(False, networks, largest, found.place, words)
        reason = reason or "entries are hidden behind dots" * found.hidden
    return Floating(None if reason else True, networks, largest, reason=reason)


@dataclass(frozen=True)
class Spot:
    """A place where a claim is tried: sizes of the network, where the window begins."""

    sizes: tuple[int, ...]
    base: int
    seed: int


def spots(claim: Claim) -> Iterator[Spot]:
    """Networks as deep as the window and deeper; all layers of different sizes, at least 2."""
    length, least = len(claim.window.layers), least_size(claim)
    for before, after in product(range(3), range(1 if claim.window.output else 3)):
        if before + after > (1 if claim.window.output else 2):
            continue
        for seed in range(SEEDS):
            sizes = list(range(least, least + before + length + after))
            random.Random(f"{before} {after} {seed}").shuffle(sizes)
            yield Spot(tuple(sizes), before, seed)


def least_size(claim: Claim) -> int:
    """So many neurons that every entry shown is another one, and one at least is hidden."""
    nodes = [node for side in (claim.left, claim.right) for node in ex.walk(side)]
    at = {index for node in nodes for index in _indices(node)}
    front = max((x for x in at if isinstance(x, int)), default=0)
    end = max((x.back + 1 for x in at if isinstance(x, ex.Last)), default=0)
    return max(2, front + end + 1)


def _indices(node: ex.Expression) -> tuple:
    """Whatever stands for a neuron, a row or a column in this node."""
    parts = ("row", "column", "left", "right", "start")
    found = [x for part in parts if isinstance(x := getattr(node, part, None), (int, ex.Last))]
    return (*found, *getattr(node, "indices", ()))


@dataclass(frozen=True)
class Comparison:
    """How far apart two sides are in one network, where most, and whether entries were hidden."""

    relative: float
    place: Difference
    hidden: bool


def compare(claim: Claim, spot: Spot) -> Comparison:
    """Both sides in one network, for all values of the letters at once."""
    trial = Trial(sample(spot.sizes, spot.seed), claim.declarations, roles(claim.declarations))
    places = {layer: spot.base + i for i, layer in enumerate(claim.window.layers)}
    evaluation = Evaluation(trial.state(), places)
    for letter, layer in claim.letters:
        evaluation = evaluation.along(letter, trial.sizes[places[layer]])
    sides = _both(evaluation, claim)
    shape = np.broadcast_shapes(*(side.shape for side in sides))
    left, right = (np.broadcast_to(side, shape)[0] for side in sides)
    apart, relative, hidden = _apart(left, right, evaluation.terms[0])
    *letters, row, column = np.unravel_index(np.argmax(apart), apart.shape)
    values = tuple((x, int(n) + 1) for (x, _), n in zip(claim.letters, letters, strict=True))
    at = (*letters, row, column)
    place = Difference(values, int(row) + 1, int(column) + 1, float(left[at]), float(right[at]))
    return Comparison(relative, place, hidden)


def _both(evaluation: Evaluation, claim: Claim) -> list[np.ndarray]:
    """Both sides; something missing in one of them counts more than what cannot be run."""
    sides, why = [], None
    for side in (claim.left, claim.right):
        try:
            sides.append(evaluation.value(side))
        except NotRun as error:
            why = error
    if why is not None:
        raise why
    if sides[0].shape[-2:] != sides[1].shape[-2:]:
        raise AssertionError("the types let two shapes pass that differ")
    return sides


def _apart(left, right, term=0.0) -> tuple[np.ndarray, float, bool]:
    """Differences entry by entry (0 where hidden), the largest relative one, if any was hidden."""
    unseen = np.isnan(left) | np.isnan(right)
    if np.isinf(left).any() or np.isinf(right).any():
        raise NotRun("a number is too large")
    apart = np.where(unseen, 0, np.abs(left - right))
    scale = max(magnitude(left), magnitude(right), CANCELLED * term)
    most = float(apart.max())
    return apart, most / scale if most else 0.0, bool(unseen.any())


# --- the definitions against the network ----------------------------------------------------------

#: Sizes of the networks in which definitions are compared: two, three and four layers.
_SIZES = ((3, 2), (2, 4, 3), (4, 2, 5, 3))


def check_definitions(declarations: Declarations) -> tuple[Disagreement, ...]:
    """The definitions that are not what `bpderiv.network` computes; each is compared by itself.

    Errors
    ------
    NotTheNetwork
        if they are the definitions of something else.
    """
    text = text_of(declarations)
    latex = {target_of(definition): definition.latex for definition in text.definitions}
    return tuple(Disagreement(key[0], latex.get(key, ""), why) for key, why in _checked(text))


@lru_cache(maxsize=64)
def _checked(text: Text) -> tuple[tuple[Key, str], ...]:
    """(name, reason): not how it is typed, for equal definitions may be typed in two ways."""
    names, found = roles(text.declarations), []
    trials = [Trial(sample(sizes, 0), text.declarations, names, True) for sizes in _SIZES]
    for key, _, _ in text.names:
        reasons = (
            _disagrees(key, layers, trial)
            for trial in trials
            for layers in product(range(len(trial.sizes)), repeat=key[1])
        )
        if reason := next(filter(None, reasons), None):
            found.append((key, reason))
    return tuple(found)


def _disagrees(key: Key, layers: tuple[int, ...], trial: Trial) -> str | None:
    """What is wrong with a name at these layers of a network; None if nothing is."""
    role = trial.roles[key]
    where = f"{key[0]} at layer {layers[0]}" if layers else key[0]
    where += f" of a network with layers 0 … {trial.last}"
    own, theirs = trial.in_text(role, layers), trial.in_notes(role, layers)
    if own != theirs:
        return f"{where} is {own}, and in bpderiv.network {theirs}"
    definition = trial.declarations.definition(key[0], layers, trial.last)
    if definition is None:
        return None
    try:
        made = trial.state().defined(definition, layers)
    except (Missing, NotRun) as error:
        return f"{where}: {error}"
    given = trial.state().value(role, layers)
    apart, relative, _ = _apart(made, given)
    if relative <= TOLERANCE:
        return None
    at = np.unravel_index(np.argmax(apart), apart.shape)
    return f"{where} is {made[at]:.3g} by its definition and {given[at]:.3g} in bpderiv.network"
