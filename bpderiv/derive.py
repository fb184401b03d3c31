r"""Derive an equation step by step: the any-width prover's own rewritings, each with its reason.

The steps are not composed for the reader: while the prover works, it notes every derivative it
takes, what it differentiates (written out by the definitions) and what sympy makes of it. Here they
are put into the letters of the text and in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy

from bpderiv import expression as ex
from bpderiv.compose import Composer, Derived, Unprovable
from bpderiv.definitions import Definitions
from bpderiv.guise import Guise, guise_of
from bpderiv.jacobians import for_reading
from bpderiv.judges.any_width import AnyWidth, letters_of, missing_somewhere, placed_entries, prove
from bpderiv.meaning.claims import Claim
from bpderiv.meaning.components import Components, NotGeneral
from bpderiv.meaning.declarations import Definition
from bpderiv.printing import latex, plain
from bpderiv.sums import normal, spare_letters
from bpderiv.symbols import by_name, by_value, index_symbol, size_symbol

# Why a step holds.
_OPEN = (
    "what the layers after this window do is left open: any function F of what the last layer "
    "sends; minus its slope is called {slope}"
)
_WRITTEN_OUT = "by the definitions, down to {by}; all before it is held fixed"
_COLLAPSED = "[r = b] is 1 for r = b and 0 elsewhere: of a sum over r one term is left"
_PROVED = (
    "in normal form (sums opened, [r = b] used up, letters of sums renamed), every size a letter: "
    "proved for any width"
)


@dataclass(frozen=True)
class Step:
    """One line of a derivation, in LaTeX and in plain text, and why it holds."""

    latex: str
    plain: str
    reason: str


@dataclass(frozen=True)
class Derivation:
    """The steps of one claim, and whether they end in a proof."""

    claim: Claim
    steps: tuple[Step, ...]
    proved: bool

    def __repr__(self) -> str:
        """The steps in plain text."""
        lines = [f"{i}. {step.plain}\n     {step.reason}" for i, step in enumerate(self.steps, 1)]
        return "\n".join(lines)

    def _repr_markdown_(self) -> str:
        rows = (f"{i}. ${step.latex}$ — {step.reason}" for i, step in enumerate(self.steps, 1))
        return "\n\n".join(rows)


def derive(claim: Claim) -> Derivation:
    """The derivation of a claim.

    Errors
    ------
    ValueError
        if the prover has nothing to work on; it says why.
    """
    guess = claim.guess and f"{claim.guess}: write more of the terms, or a Σ"
    if problem := claim.problem or guess or missing_somewhere(claim):
        raise ValueError(f"there is nothing to derive: {problem}")
    try:
        guise = guise_of(claim)
        steps, proved = _derivation(guise)
    except (NotGeneral, NotImplementedError, Unprovable) as error:
        raise ValueError(f"this cannot be derived for any width: {error}") from None
    return Derivation(claim, tuple(_as_typed(step, guise) for step in steps), proved)


def _as_typed(step: Step, guise: Guise) -> Step:
    return Step(guise.latex(step.latex), guise.plain(step.plain), guise.plain(step.reason))


def _derivation(guise: Guise) -> tuple[list[Step], bool]:
    """The steps, entry by entry where sides are matrices, and whether all are proved."""
    claim, definitions = guise.claim, guise.definitions
    steps, seen, all_proved = [*_begin(guise)], set(), True
    for place, *sides in placed_entries(claim, guise.rows()):
        left, right = map(guise.inside, sides)
        composer = Composer(definitions, steps=[])
        found = prove(left, right, definitions, composer)
        if found.residual is None:
            raise Unprovable(found.reason)
        read = _Reading(definitions, {*letters_of(claim), *(x for x in place if x != 1)})
        steps += _place(claim, place)
        for made in map(tuple, map(read.steps_of, composer.steps)):
            if made not in seen:
                seen.add(made)
                steps += made
        values = [Composer(definitions).value(side, {}) for side in (left, right)]
        steps += _end(values, read, found)
        all_proved &= found.proved
    return steps, all_proved


def _place(claim: Claim, place: tuple) -> Iterator[Step]:
    """Which entry is looked at, if the sides are matrices."""
    components = Components(claim.declarations, claim.window, dict(claim.letters))
    rows, columns = components.shape(claim.left)
    named = [f"{word} {at}" for word, at, size in
             zip(("row", "column"), place, (rows, columns), strict=True) if size != 1]  # fmt: skip
    if named:
        words = f"entry by entry, in {' and '.join(named)}"
        yield Step(rf"\text{{{words}}}", words, "two matrices are equal if all their entries are")


def _begin(guise: Guise) -> Iterator[Step]:
    """What is needed of the definitions, and what is left open."""
    definitions = guise.definitions
    derived = _derived_definitions(guise.claim)
    for definition in derived:
        yield Step(definition.latex, _plain_latex(definition.latex), "by definition")
    if slope := definitions.unknown_slope:
        outcome = next(d.target for d in definitions.equations if isinstance(d.body, ex.Outcome))
        named = [guise.claim.left, guise.claim.right, *(d.body for d in derived)]
        if outcome not in (node for tree in map(guise.inside, named) for node in ex.walk(tree)):
            return
        value = Composer(definitions).value(definitions.body(outcome), {})
        name = by_name(Composer(definitions).component(outcome))
        yield _equation(name, value, _OPEN.format(slope=slope))


def _derived_definitions(claim: Claim) -> list[Definition]:
    """Definitions by a derivative (δ, Δw) of what the claim names."""
    names = dict.fromkeys(
        (node.name, len(node.layers))
        for side in (claim.left, claim.right)
        for node in ex.walk(side)
        if isinstance(node, (ex.Entry, ex.Whole))
    )
    found = []
    queue = list(names)
    while queue:
        for definition in claim.declarations.defining(*queue.pop()):
            if definition in found:
                continue
            inside = [x for x in ex.walk(definition.body) if isinstance(x, ex.Entry)]
            if any(isinstance(x, ex.Derivative) for x in ex.walk(definition.body)) or any(
                (x.name, len(x.layers)) not in names and _by_derivative(claim, x) for x in inside
            ):
                found.append(definition)
                queue += [(x.name, len(x.layers)) for x in inside]
    return found


def _by_derivative(claim: Claim, entry: ex.Entry) -> bool:
    return any(
        isinstance(x, ex.Derivative)
        for definition in claim.declarations.defining(entry.name, len(entry.layers))
        for x in ex.walk(definition.body)
    )


def _plain_latex(source: str) -> str:
    from bpderiv.reading.plain import plain as plain_tree
    from bpderiv.reading.reader import read

    return ", ".join(map(plain_tree, read(source)))


def _end(values, read: _Reading, found: AnyWidth) -> Iterator[Step]:
    """Both sides in names, then down to what is given, then their difference."""
    named = [read.tidy(by_name(value)) for value in values]
    yield _equation(*named, "put these into the equation")
    given = [read.tidy(by_value(value)) for value in values]
    if named[0] != named[1]:
        yield _equation(*given, "every name written out, down to what is given from outside")
    yield Step(
        rf"\text{{left}} - \text{{right}} = {latex(found.residual)}",
        f"left − right = {plain(found.residual)}",
        _PROVED if found.proved else "not proved",
    )


def _equation(left, right, reason: str) -> Step:
    return Step(f"{latex(left)} = {latex(right)}", f"{plain(left)} = {plain(right)}", reason)


@dataclass
class _Reading:
    """Puts what the prover noted into letters for reading."""

    definitions: Definitions
    taken: set[str]

    def tidy(self, value: sympy.Expr) -> sympy.Expr:
        """Normal form, in the neurons' letters."""
        return for_reading(normal(value), self.definitions, self._free(value))

    def _free(self, value: sympy.Expr) -> set[str]:
        return self.taken | {str(symbol) for symbol in value.free_symbols}

    def steps_of(self, derived: Derived) -> Iterator[Step]:
        """Written out, differentiated, tidied."""
        derived = self._without_numbers(derived)
        left, right = self._fraction(derived)
        written = self._renamed(by_value(derived.written))
        if derived.of is not None and written != derived.of:
            yield _equation(derived.of, written, _WRITTEN_OUT.format(by=plain(derived.by)))
        raw, tidied = self._renamed(by_name(derived.slope)), self.tidy(by_name(derived.slope))
        yield Step(
            f"{left} = {latex(raw)}", f"{right} = {plain(raw)}", "sum, product and chain rule"
        )
        if plain(tidied) != plain(raw):
            yield Step(f"{left} = {latex(tidied)}", f"{right} = {plain(tidied)}", _COLLAPSED)

    def _without_numbers(self, derived: Derived) -> Derived:
        """b_3, a letter that the prover made up for a sum around this, is b (or b′) to a reader."""
        names, taken = {}, set(self.taken)
        named = (x for x in (derived.by, derived.of) if x is not None)
        for symbol in sorted(set().union(*(x.free_symbols for x in named)), key=str):
            if "_" in str(symbol) and symbol.is_integer:
                letter = next(spare_letters([str(symbol).split("_")[0]], taken))
                taken.add(letter)
                names[symbol] = index_symbol(letter)
        parts = (derived.of, derived.by, derived.written, derived.slope)
        return Derived(*(part if part is None else part.xreplace(names) for part in parts))

    def _fraction(self, derived: Derived) -> tuple[str, str]:
        of = derived.of if derived.of is not None else self._renamed(by_name(derived.written))
        over = rf"\frac{{\partial {latex(of)}}}{{\partial {latex(derived.by)}}}"
        bracket = plain(of) if derived.of is not None else f"({plain(of)})"
        return over, f"∂{bracket}/∂{plain(derived.by)}"

    def _renamed(self, value: sympy.Expr) -> sympy.Expr:
        """The letters of sums as the text would have them, by layer: b, b′, …"""
        names, taken = {}, self._free(value)
        layers = self.definitions.layers
        neurons = {size_symbol(layers.size(x)): layers.neuron(x) for x in layers.names}
        limits = {limit[0]: limit[2] for part in sympy.preorder_traversal(value)
                  if isinstance(part, sympy.Sum) for limit in part.limits}  # fmt: skip
        for symbol, size in limits.items():
            letter = next(spare_letters([neurons[size]], taken))
            taken.add(letter)
            names[symbol] = index_symbol(letter)
        return value.xreplace(names)
