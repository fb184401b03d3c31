r"""Derive an equation step by step: the any-width prover's own rewritings, each with its reason.

The steps are not composed for the reader: while the prover works, it notes every derivative it
takes, what it differentiates (written out by the definitions) and what sympy makes of it. Here they
are put into the letters of the text and in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import sympy

from bpderiv import expression as ex
from bpderiv.compose import Composer, Derived
from bpderiv.definitions import PLAIN_NAMES, Definitions
from bpderiv.jacobians import for_reading
from bpderiv.judges.any_width import network_of, prove
from bpderiv.meaning.claims import Claim
from bpderiv.meaning.components import Components
from bpderiv.meaning.declarations import Definition
from bpderiv.printing import latex, plain
from bpderiv.sums import normal
from bpderiv.symbols import by_name, by_value, index_symbol

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
    """The derivation of a claim that types let pass."""
    if claim.problem is not None:
        raise ValueError(f"there is nothing to derive: {claim.problem}")
    left, right, where = _entries(claim)
    definitions = network_of(claim)
    definitions = Definitions(
        definitions.layers, tuple(map(_plain_definition, definitions.equations))
    )
    composer = Composer(definitions, steps=[])
    found = prove(left, right, definitions, composer)
    read = _Reading(definitions, {x for x, _ in claim.letters} | set(where))
    steps = [*_begin(claim, definitions, read, where)]
    seen = set()
    for derived in composer.steps:
        key = derived.of, derived.by
        if key not in seen:
            seen.add(key)
            steps += read.steps_of(derived)
    steps += _end(left, right, composer, read, found.proved)
    return Derivation(claim, tuple(steps), found.proved)


def _plain_tree(tree: ex.Expression) -> ex.Expression:
    def rule(node):
        name = getattr(node, "name", None)
        return replace(node, name=PLAIN_NAMES[name]) if name in PLAIN_NAMES else node

    return ex.rewrite(tree, rule)


def _plain_definition(definition: Definition) -> Definition:
    target, body = _plain_tree(definition.target), _plain_tree(definition.body)
    return replace(definition, target=target, body=body)


#: Letters for rows and columns, in the order in which they are taken.
_ROWS = "rstuqxl"


def _entries(claim: Claim):
    """General entries of both sides, and the letters of row and column."""
    taken = {x for x, _ in claim.letters} | set(claim.window.neurons) | set(claim.window.layers)
    components = Components(claim.declarations, claim.window, dict(claim.letters),
                            [x for x in _ROWS if x not in taken])  # fmt: skip
    rows, columns = components.shape(claim.left)
    r, c = components.place(rows), components.place(columns)
    sides = (_plain_tree(components.entry(side, r, c)) for side in (claim.left, claim.right))
    return (*sides, [x for x in (r, c) if isinstance(x, str)])


def _begin(claim, definitions, read, where) -> Iterator[Step]:
    if where:
        words = f"entry by entry, in row and column {' and '.join(where)}"
        yield Step(rf"\text{{{words}}}", words, "two matrices are equal if all their entries are")
    for definition in _derived_definitions(claim):
        yield Step(definition.latex, _plain_latex(definition.latex), "by definition")
    if definitions.unknown_slope:
        outcome = next(d for d in definitions.equations if isinstance(d.body, ex.Outcome))
        value = Composer(definitions).value(outcome.body, {})
        name = read.name(outcome.target)
        yield _equation(name, value, _OPEN.format(slope=definitions.unknown_slope))


def _derived_definitions(claim: Claim) -> list[Definition]:
    """Definitions by a derivative (δ, Δw) of what the claim names."""
    names = {
        (node.name, len(node.layers))
        for side in (claim.left, claim.right)
        for node in ex.walk(side)
        if isinstance(node, (ex.Entry, ex.Whole))
    }
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


def _end(left, right, composer, read, proved: bool) -> Iterator[Step]:
    """Both sides in names, then down to what is given, then their difference."""
    values = [composer.value(x, {}) for x in (left, right)]
    named = [read.tidy(by_name(value)) for value in values]
    yield _equation(*named, "put these into the equation")
    given = [read.tidy(by_value(value)) for value in values]
    if named[0] != named[1]:
        yield _equation(*given, "every name written out, down to what is given from outside")
    difference = normal(by_value(values[0] - values[1]))
    yield Step(
        rf"\text{{left}} - \text{{right}} = {latex(difference)}",
        f"left − right = {plain(difference)}",
        _PROVED if proved else "not proved",
    )


def _equation(left, right, reason: str) -> Step:
    return Step(f"{latex(left)} = {latex(right)}", f"{plain(left)} = {plain(right)}", reason)


@dataclass
class _Reading:
    """Puts what the prover noted into letters for reading."""

    definitions: Definitions
    taken: set[str]

    def name(self, entry: ex.Entry) -> sympy.Expr:
        """The name of a quantity."""
        return by_name(Composer(self.definitions).component(entry))

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
        for symbol in sorted(derived.by.free_symbols, key=str):
            if "_" in str(symbol) and symbol.is_integer:
                letter = str(symbol).split("_")[0]
                while letter in taken:
                    letter += "′"
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
        """The letters of sums as the text would have them: b, b′, …"""
        names, taken = {}, self._free(value)
        limits = [limit[0] for part in sympy.preorder_traversal(value)
                  if isinstance(part, sympy.Sum) for limit in part.limits]  # fmt: skip
        for symbol in dict.fromkeys(limits):
            letter = str(symbol).split("_")[0]
            while letter in taken:
                letter += "′"
            taken.add(letter)
            names[symbol] = index_symbol(letter)
        return value.xreplace(names)
