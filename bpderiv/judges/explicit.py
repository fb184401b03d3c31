r"""The explicit judge: sympy's matrices in networks of small, fixed, unequal sizes.

Every weight, input and desired response is a symbol, every φ a function of which nothing is
known. What a document defines is composed as it is defined; ∂X/∂Y cuts the network at Y, and sympy
differentiates what X is made of. A claim holds in a network if both sides, multiplied out, are the
same for all letters and entries; it is refuted by random numbers at which the two sides differ.

The window lies at the start of the network. If its last layer need not be the output, the claim is
judged with the window alone, and with one layer more behind it. What is shown is shown for these
sizes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count, product
from math import prod
from typing import NamedTuple

import sympy

from bpderiv import expression as ex
from bpderiv.judges.composed import Missing, Named, Network, Undecidable, Unknown, rebuilt
from bpderiv.judges.matrices import entries, evaluate, is_hidden, is_matrix
from bpderiv.judges.views import View, views
from bpderiv.meaning.claims import Claim
from bpderiv.meaning.names import readable

#: How many ways from input to output a network may have.
WAYS = 1500
#: How many terms the two sides of a claim may have before they are multiplied out.
TERMS = 6000


class Difference(NamedTuple):
    """Where the sides differ: the letters' values, row and column (from 1), both sides."""

    letters: tuple[tuple[str, int], ...]
    row: int
    column: int
    left: sympy.Expr
    right: sympy.Expr


@dataclass(frozen=True)
class Explicit:
    """What this judge found. `sizes` are those of the networks tried, from the input on.

    The window begins at the first layer of each. `reason` says why if nothing is decided, or what
    is missing; `left_out` why there was no layer behind the window, where there might be one.
    """

    holds: bool | None
    sizes: tuple[tuple[int, ...], ...] = ()
    difference: Difference | None = None
    reason: str = ""
    left_out: str = ""


def judge(claim: Claim) -> Explicit:
    """Judge a claim whose types are right, in one or two networks.

    Errors
    ------
    ValueError
        for a claim that types alone refute.
    """
    if claim.problem is not None:
        raise ValueError(f"this claim has no value: {claim.problem}")
    found: list[Explicit] = []
    for behind in (0,) if claim.window.output else (0, 1):
        found.append(_in_one_network(claim, sizes_of(claim, behind)))
        if found[-1].holds is False:
            break
    return _together(found, claim.guess or "")


def _in_one_network(claim: Claim, sizes: tuple[int, ...]) -> Explicit:
    """What one network shows."""
    trial = Trial(claim, _network(claim.declarations, tuple(claim.declarations.definitions), sizes))
    try:
        difference = trial.difference()
    except Missing as missing:
        return Explicit(False, (sizes,), reason=trial.missing(missing))
    except TooLarge as error:
        return Explicit(None, left_out=str(error))
    except Undecidable as error:
        return Explicit(None, (sizes,), reason=str(error))
    return Explicit(difference is None, (sizes,), difference)


def _together(found: list[Explicit], guess: str) -> Explicit:
    """What all networks show; where dots were guessed, no network shows that a claim holds."""
    alone, last = found[0], found[-1]
    sizes = tuple(x for one in found for x in one.sizes)
    if last.holds is False:
        return replace(last, sizes=sizes)
    reasons = [guess, *(one.reason for one in found), alone.left_out]
    reason = next((x for x in reasons if x), "")
    left_out = "" if reason else last.left_out
    return Explicit(None if reason else True, sizes, None, reason, left_out)


class TooLarge(Exception):
    """Judging this would take too long."""


# --- sizes ----------------------------------------------------------------------------------------


def sizes_of(claim: Claim, behind: int) -> tuple[int, ...]:
    """Sizes of the window's layers and of `behind` more: small, and different.

    At least 2, with room for what is shown and one entry more; a whole number that the claim
    writes is nobody's size. From the output to the input they grow. Where that makes a network
    too large, only layers that follow each other have different sizes.
    """
    room = _room(claim)
    least = [max(2, room.get(layer, 2)) for layer in [*claim.window.layers, *[None] * behind]]
    sizes = _different(least, _numbers(claim), len(least))
    return sizes if prod(sizes) <= WAYS else _different(least, _numbers(claim), 1)


def _different(least: list[int], taken: set, memory: int) -> tuple[int, ...]:
    """The smallest sizes from `least` on that are not taken, nor among so many chosen before."""
    sizes: list[int] = []
    for at_least in reversed(least):
        recent = sizes[-memory:]
        sizes.append(next(n for n in count(at_least) if n not in taken and n not in recent))
    return tuple(reversed(sizes))


def _numbers(claim: Claim) -> set:
    """The numbers that a claim writes."""
    nodes = (node for side in (claim.left, claim.right) for node in ex.walk(side))
    return {node.value for node in nodes if isinstance(node, ex.Number)}


def _room(claim: Claim) -> dict[str, int]:
    """How large each layer has to be for all neurons shown, and one more."""
    room: dict[str, int] = {}
    for side in (claim.left, claim.right):
        for node in ex.walk(side):
            for layer, shown in _shown(node):
                room[layer] = max(room.get(layer, 0), shown + 1)
    return room


def _shown(node: ex.Expression) -> Iterator[tuple[str, int]]:
    """Layers, and how many of their neurons a node shows."""
    if isinstance(node, ex.Entry):
        yield from zip(node.layers, map(_reach, node.indices), strict=True)
    elif isinstance(node, ex.Equal):
        yield node.layer, max(_reach(node.left), _reach(node.right))
    elif isinstance(node, ex.Sum):
        yield node.layer, node.start
    elif isinstance(node, ex.Display):
        for dim, along in ((node.rows, "row"), (node.columns, "column")):
            places = [getattr(cell, along) for cell in node.cells]
            front = max((_reach(x) for x in places if isinstance(x, int)), default=0)
            back = max((_reach(x) for x in places if isinstance(x, ex.Last)), default=0)
            if isinstance(dim, str):
                yield dim, front + back


def _reach(index: ex.Index) -> int:
    """How many neurons there must be, counted from the index's end of the layer."""
    if isinstance(index, ex.Last):
        return index.back + 1
    return index if isinstance(index, int) else 1


# --- one network ----------------------------------------------------------------------------------


@lru_cache(32)
def _network(declarations, definitions, sizes) -> tuple[Network, tuple[View, ...]]:
    """A network, kept for the next claim with the same definitions and sizes."""
    return Network(declarations, sizes, evaluate), views()


class Trial:
    """A claim at the start of a network."""

    def __init__(self, claim: Claim, kept: tuple[Network, tuple[View, ...]]):
        """Nothing judged yet."""
        self.claim = claim
        self.network, self.views = kept
        self.places = {layer: number for number, layer in enumerate(claim.window.layers)}

    def difference(self) -> Difference | None:
        """Where the sides differ; None if they are equal everywhere.

        Errors
        ------
        Missing, Undecidable, TooLarge
            where there is neither.
        """
        if prod(self.network.sizes) > WAYS:
            raise TooLarge(f"{_arrows(self.network.sizes)} is too large to be written out")
        pairs, hidden = [], False
        for letters in self._letters():
            for at, left, right in self._both(letters):
                if is_hidden(left) or is_hidden(right):
                    hidden = True
                elif self.views[-1].number(left) != self.views[-1].number(right):
                    return self._described(letters, at, left, right)
                elif left != right:
                    pairs.append((left, right))
        self._check_equal(pairs)
        if hidden:
            raise Undecidable("the dots do not say one formula for the entries that they hide")
        return None

    def _letters(self) -> Iterator[dict[str, int]]:
        """All values of the free letters."""
        names = [letter for letter, _ in self.claim.letters]
        sizes = [self.network.sizes[self.places[layer]] for _, layer in self.claim.letters]
        for values in product(*(range(1, size + 1) for size in sizes)):
            yield dict(zip(names, values, strict=True))

    def _both(self, letters: dict[str, int]) -> Iterator[tuple]:
        """(row and column, left, right) of every entry."""
        left, right = (
            evaluate(self.network, side, self.places, letters)
            for side in (self.claim.left, self.claim.right)
        )
        columns = left.cols if is_matrix(left) else 1
        for number, both in enumerate(zip(entries(left), entries(right), strict=True)):
            yield (number // columns + 1, number % columns + 1), *both

    def _check_equal(self, pairs: list) -> None:
        """Multiply out both sides of every pair, in the closest view in which they agree."""
        chosen = [(self._closest(left, right), left, right) for left, right in pairs]
        terms = sum(view.terms(left) + view.terms(right) for view, left, right in chosen)
        if terms > TERMS:
            raise TooLarge(f"{terms} terms are too many to multiply out")
        if not all(view.equal(left, right) for view, left, right in chosen):
            raise Undecidable("the sides differ, multiplied out, and agree at random numbers")

    def _closest(self, left, right) -> View:
        return next(view for view in self.views if view.number(left) == view.number(right))

    # --- what to say ----------------------------------------------------------------------------

    def missing(self, missing: Missing) -> str:
        """In words, what this network has not."""
        layers = " and ".join(map(self._letter, missing.layers))
        of = f" of layer {layers}" if layers else ""
        return f"there is no {readable(missing.name)}{of} in {_arrows(self.network.sizes)}"

    def _described(self, letters, at, left, right) -> Difference:
        sides = self._in_letters(left), self._in_letters(right)
        return Difference(tuple(letters.items()), *at, *sides)

    def _in_letters(self, value: sympy.Expr) -> sympy.Expr:
        """An expression for readers: names with the window's letters in the place of values."""
        return rebuilt(value, self._renamed, {})

    def _renamed(self, node):
        if isinstance(node, Named):
            return self._renamed(node.symbol)
        if isinstance(node, sympy.Symbol) and node in self.network.entries:
            return sympy.Symbol(self._label(*self.network.entries[node]))
        if isinstance(node, Unknown):
            name, layer, order = node.which
            label = f"{name}_{self._letter(layer)}" + "'" * order
            return sympy.Function(label)(self._in_letters(node.args[0]))
        return None

    def _label(self, name: str, layers, indices) -> str:
        name, bracket, after = name.partition("(")
        where = [self._letter(layer) for layer in layers]
        below = ",".join(map(str, indices))
        if len(where) == 1:
            name += f"_{{{where[0]},{below}}}"
        elif where:
            name += f"_{{{below}}}^{{{','.join(where)}}}"
        return name + bracket + after

    def _letter(self, layer: int) -> str:
        """The window's letter of a layer; a layer behind the window is its last one + 1."""
        letters = self.claim.window.layers
        behind = layer - len(letters) + 1
        return letters[layer] if behind <= 0 else f"{letters[-1]}+{behind}"


def _arrows(sizes: tuple[int, ...]) -> str:
    return "a network of sizes " + " → ".join(map(str, sizes))
