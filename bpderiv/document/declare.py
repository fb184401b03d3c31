r"""Declarations read from a document: shapes, functions, spellings, definitions.

Only marked lines declare (`marks.py`), each for the window that stands before it. Anywhere else a
`:=` is a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from bpderiv import expression as ex
from bpderiv.document.circles import missing, overlap, without_circles
from bpderiv.document.place import Place as TextPlace
from bpderiv.meaning.declarations import (
    Declarations,
    Definition,
    Pattern,
    Place,
    Quantity,
    Slot,
)
from bpderiv.meaning.names import readable
from bpderiv.meaning.resolve import Resolver
from bpderiv.meaning.shapes import IllTyped, Shapes, Unclear
from bpderiv.meaning.window import Window
from bpderiv.meaning.written import Written, written
from bpderiv.reading import syntax as sx
from bpderiv.reading.errors import ReadError
from bpderiv.reading.reader import read

if TYPE_CHECKING:
    from bpderiv.document.document import Statement

_LIKE = (
    r"a quantity is declared as $\eta \in \mathbb{R}$, $v_k = [v_{k,b}] \in \mathbb{R}^m$ or "
    r"$W^{k,j} = [w_{ba}^{k,j}] \in \mathbb{R}^{m \times z}$"
)
_FUNCTION = r"a function is declared as $\varphi_k : \mathbb{R} \to \mathbb{R}$"
_REAL = r"\mathbb{R}"


class Declaring:
    """Fills `Declarations` from formulas, one at a time."""

    def __init__(self, declarations: Declarations):
        """Definitions can be read only once all names are known."""
        self.declarations = declarations
        self._definitions: list[tuple[sx.Chain, Statement]] = []
        self._spellings: list[tuple[str, Statement]] = []
        self._first: dict[tuple[str, int], TextPlace] = {}
        self._made: dict[int, Statement] = {}

    def take(self, kind: str, statement: Statement) -> None:
        """One formula of a marked line.

        Errors
        ------
        ReadError
            for what is not written like a declaration, or declared already.
        """
        latex = statement.latex
        if kind == "argument":
            return self._argument(latex)
        for chain in read(latex):
            if kind == "spelling":
                self._spelling(chain, statement)
            elif kind == "definition":
                self._window(statement)
                self._definitions.append((chain, statement))
            else:
                {"quantity": self._quantity, "function": self._function}[kind](chain, statement)
        return None

    def finish(self) -> Iterator[tuple[Statement, ReadError]]:
        """Read the definitions, all names being known by now; tell which are none, and why."""
        for name, statement in self._spellings:
            if not self.declarations.is_word(name):
                yield statement, ReadError(f"{name} is not declared", statement.latex)
        for chain, statement in self._definitions:
            try:
                definition = self._defined(chain, statement)
            except ReadError as error:
                yield statement, error
                continue
            self._made[id(definition)] = statement
            self.declarations.definitions.append(definition)
        for definition, circle in without_circles(self.declarations):
            name = readable(definition.target.name)
            words = f"{name} is defined by way of itself: {circle}"
            yield self._made[id(definition)], ReadError(words, definition.latex)

    # --- the kinds ----------------------------------------------------------------------------

    def _window(self, statement: Statement) -> Window:
        """The window of a declaration that needs one."""
        if statement.window is None:
            raise ReadError(
                "declare the layers first: **Layers** j → k; sizes z, m; …", statement.latex
            )
        return statement.window

    def _argument(self, latex: str) -> None:
        name = re.sub(r"[\s()]", "", latex)
        if self.declarations.argument is not None:
            raise ReadError(
                f"the argument ({self.declarations.argument}) is declared already", latex
            )
        if not (len(name) == 1 and name.isascii() and name.isalpha()):
            raise ReadError("an argument is declared as $(n)$, one letter in brackets", latex)
        self.declarations.argument = name

    def _spelling(self, chain: sx.Chain, statement: Statement) -> None:
        latex = statement.latex
        names = all(isinstance(x, sx.Name) for x in chain.sides)
        if chain.relations != (r"\equiv",) or not names:
            raise ReadError(r"another spelling is declared as $\phi \equiv \varphi$", latex)
        other, name = (side.text for side in chain.sides)
        aliases = self.declarations.aliases
        if other in aliases or self.declarations.named(other) or other == name:
            raise ReadError(f"{other} is declared already", latex)
        if name in aliases or other in aliases.values():
            raise ReadError(f"{name} and {other} are spelt in three ways: say it of one", latex)
        aliases[other] = name
        self._spellings.append((name, statement))

    def _quantity(self, chain: sx.Chain, statement: Statement) -> None:
        latex = statement.latex
        *names, space = chain.sides
        if chain.relations not in ((r"\in",), ("=", r"\in")):
            raise ReadError(_LIKE, latex)
        whole = self._written(names[0], latex)
        if isinstance(space, sx.Name) and space.text == _REAL:
            if len(names) > 1 or whole.sub or whole.sup:
                raise ReadError(f"of which size? {_LIKE}", latex, *names[0].span)
            typed = (sx.latex(names[0]),)
            scalar = Quantity(whole.letters, whole.letters, "scalar", 0, typed=typed)
            return self._add(scalar, [(whole, False)], (), statement)
        window = self._window(statement)
        shape = _shape(space, latex, window)
        if len(names) != 2 or not isinstance(names[1], sx.Bracket) or names[1].open != "[":
            raise ReadError(f"say how its entries are written. {_LIKE}", latex)
        inside = names[1].items[0]
        if len(names[1].items) > 1 or inside.relations:
            raise ReadError(_LIKE, latex)
        entry = self._written(inside.sides[0], latex)
        layers = tuple(sx.latex(x) for x in (*whole.sup, *whole.sub))
        if shape != layers:
            raise ReadError(
                f"the size does not fit: {whole.letters} belongs to {', '.join(layers) or 'none'}",
                latex,
            )
        quantity = Quantity(
            entry.letters, whole.letters, "vector" if len(layers) == 1 else "matrix", len(layers),
            letters=layers, typed=(sx.latex(names[0]), sx.latex(inside.sides[0])),
        )  # fmt: skip
        return self._add(quantity, [(whole, True), (entry, False)], layers, statement)

    def _function(self, chain: sx.Chain, statement: Statement) -> None:
        latex = statement.latex
        if chain.relations != (":", r"\to") or any(sx.latex(x) != _REAL for x in chain.sides[1:]):
            raise ReadError(_FUNCTION, latex)
        window = self._window(statement)
        name = self._written(chain.sides[0], latex)
        layers = tuple(sx.latex(x) for x in name.sub)
        if len(layers) != 1 or layers[0] not in window.layers or name.sup:
            raise ReadError(f"a function has one layer below: {_FUNCTION}", latex)
        typed = (sx.latex(chain.sides[0]),)
        quantity = Quantity(name.letters, name.letters, "function", 1, letters=layers, typed=typed)
        self._add(quantity, [(name, True)], layers, statement)

    # --- names --------------------------------------------------------------------------------

    def _add(self, quantity: Quantity, names, layers, statement: Statement) -> None:
        """A new quantity, or one more place where a known one exists."""
        window, latex = statement.window, statement.latex
        patterns = [
            (word.letters, _pattern(word, whole, layers, window, latex)) for word, whole in names
        ]
        self._check_free({letters for letters, _ in patterns}, quantity, statement)
        known = self.declarations.quantities.get(quantity.key)
        offsets = tuple(window.place(layer) for layer in layers) if layers else ()
        place = Place(offsets, len(window.layers) if window else 0, bool(window and window.output))
        if known is None:
            quantity.line, quantity.patterns = statement.place.line, patterns
            self.declarations.quantities[quantity.key] = known = quantity
            self._first[quantity.key] = statement.place
        elif place in known.places or known.kind != quantity.kind or known.patterns != patterns:
            first = self._first[quantity.key].words
            raise ReadError(f"{quantity.whole} is declared twice (first in {first})", latex)
        known.places.append(place)

    def _check_free(self, words: set[str], quantity: Quantity, statement: Statement) -> None:
        """No letter stands for two things, as far as scripts do not tell them apart."""
        taken = set(self.declarations.aliases)
        for other in self.declarations.quantities.values():
            function = "function" in (other.kind, quantity.kind) and other.kind != quantity.kind
            if other.key != quantity.key and (other.layers == quantity.layers or function):
                taken |= {letters for letters, _ in other.patterns}
        if clash := sorted(words & taken):
            raise ReadError(f"{clash[0]} stands for something else already", statement.latex)

    def _written(self, node: sx.Node, latex: str) -> Written:
        """A name, perhaps of two letters (Δw), perhaps with the argument, or after the step."""
        factors = list(node.factors) if isinstance(node, sx.Product) else [node]
        after = ""
        if isinstance(factors[-1], sx.Bracket):
            after = self.declarations.times.get(sx.latex(factors.pop()).replace(" ", ""))
        parts = [written(factor) for factor in factors]
        if after is None or not parts or None in parts or any(p.sub or p.sup for p in parts[:-1]):
            raise ReadError(_LIKE, latex)
        if any(part.primes or part.power is not None for part in parts):
            raise ReadError(_LIKE, latex)
        letters = " ".join(part.letters for part in parts) + after
        return replace(parts[-1], letters=letters)

    # --- definitions --------------------------------------------------------------------------

    def _defined(self, chain: sx.Chain, statement: Statement) -> Definition:
        """target := body."""
        latex, window = statement.latex, statement.window
        if chain.relations != (":=",):
            raise ReadError("a definition is written left side := right side", latex)
        try:
            resolver = Resolver(self.declarations, window, latex)
            target, body = resolver.sides(list(chain.sides))
            letters = {x.name: x.layer for x in resolver.free.values()}
            target, body = Shapes(self.declarations, window, letters).both(target, body)
        except (IllTyped, Unclear) as error:
            raise ReadError(error.reason, latex, *error.span) from None
        _check_sides(target, set(letters), latex)
        made = Definition(target, body, window.layers, window.output, latex, statement.place.line)
        if absent := missing(self.declarations, made):
            words = f"there is no {absent} at every place where these layers fit"
            raise ReadError(words, latex)
        for old in self.declarations.defining(target.name, len(target.layers)):
            if overlap(old, made):
                first = self._made[id(old)].place.words
                words = f"{sx.latex(chain.sides[0])} is defined twice (first in {first})"
                raise ReadError(words, latex)
        return made


def _check_sides(target: ex.Expression, letters: set[str], latex: str) -> None:
    """The left side is one entry, its letters all different, and the right has no others."""
    indices = target.indices if isinstance(target, ex.Entry) else (1,)
    if not all(isinstance(x, str) for x in indices) or len(set(indices)) < len(indices):
        raise ReadError("define a number: one entry, with letters, such as v_{k,b}", latex)
    if alone := sorted(letters - set(indices)):
        raise ReadError(
            f"{', '.join(alone)} stands only on the right: which neuron is it? Sum over it", latex
        )


def _shape(space: sx.Node, latex: str, window: Window) -> tuple[str, ...]:
    r"""The layers of ℝ^{m \times z}."""
    if isinstance(space, sx.Scripted) and sx.latex(space.base) == _REAL and space.sub is None:
        product = space.sup if isinstance(space.sup, sx.Product) else None
        sizes = product.factors if product else (space.sup,)
        layers = tuple(window.layer_of_size(sx.latex(x)) for x in sizes)
        crosses = product is None or all(sign == r"\times" for sign in product.signs[1:])
        if None not in layers and crosses and len(layers) <= 2:
            return layers
    raise ReadError(_LIKE, latex)


def _pattern(name: Written, whole: bool, layers, window: Window | None, latex: str) -> Pattern:
    """Which script of a name is a layer, and which a neuron."""

    def slot(atom: sx.Node) -> Slot:
        text = sx.latex(atom)
        if text in layers:
            return Slot(True, layers.index(text))
        layer = window.layer_of_neuron(text) if window else None
        if layer in layers:
            return Slot(False, layers.index(layer))
        raise ReadError(f"{text} is neither a layer nor a neuron's letter of this window", latex)

    pattern = Pattern(whole, tuple(map(slot, name.sub)), tuple(map(slot, name.sup)))
    each = list(range(len(layers)))
    slots = (*pattern.sub, *pattern.sup)
    of_layers = sorted(x.which for x in slots if x.layer)
    of_neurons = sorted(x.which for x in slots if not x.layer)
    if of_neurons != ([] if whole else each) or of_layers not in ([each] if whole else [[], each]):
        raise ReadError(
            f"{name.letters} lacks a layer or a neuron, or has too many. {_LIKE}", latex
        )
    return pattern
