r"""Declarations read from a document: shapes, functions, spellings, definitions.

Only marked lines declare: **Quantity**, **Function**, **Spelling**, **Argument**, **Definition**
(or the plural), each for the window that stands before it. Anywhere else a `:=` is a claim.
"""

from __future__ import annotations

from dataclasses import replace

from bpderiv import expression as ex
from bpderiv.meaning.declarations import (
    Declarations,
    Definition,
    Pattern,
    Place,
    Quantity,
    Slot,
)
from bpderiv.meaning.resolve import Resolver
from bpderiv.meaning.shapes import IllTyped, Shapes, Unclear
from bpderiv.meaning.window import Window
from bpderiv.meaning.written import Written, written
from bpderiv.reading import syntax as sx
from bpderiv.reading.errors import ReadError
from bpderiv.reading.reader import read

#: The marked words, and what a line marked so declares.
KINDS = {
    "Quantity": "quantity", "Quantities": "quantity", "Function": "function",
    "Functions": "function", "Spelling": "spelling", "Argument": "argument",
    "Definition": "definition", "Definitions": "definition",
}  # fmt: skip


class Declaring:
    """Fills `Declarations` from formulas, one at a time."""

    def __init__(self, declarations: Declarations):
        """Definitions can be read only once all names are known."""
        self.declarations = declarations
        self._definitions: list[tuple[str, sx.Chain, Window, int]] = []

    def take(self, kind: str, latex: str, window: Window | None, line: int) -> None:
        """One formula of a marked line."""
        if kind == "argument":
            return self._argument(latex)
        for chain in read(latex):
            if kind == "spelling":
                self._spelling(chain, latex)
            elif window is None and chain.relations[:1] != (r"\in",):
                raise ReadError("declare the layers first: **Layers** j → k; sizes z, m; …", latex)
            elif kind == "definition":
                self._definitions.append((latex, chain, window, line))
            else:
                {"quantity": self._quantity, "function": self._function}[kind](
                    chain, latex, window, line
                )
        return None

    def finish(self) -> Declarations:
        """Read the definitions, all names being known by now."""
        for latex, chain, window, line in self._definitions:
            self._define(latex, chain, window, line)
        return self.declarations

    # --- the kinds ----------------------------------------------------------------------------

    def _argument(self, latex: str) -> None:
        name = latex.strip().strip("()")
        if self.declarations.argument is not None:
            raise ReadError(
                f"the argument ({self.declarations.argument}) is declared already", latex
            )
        if len(name) != 1 or not name.isalpha():
            raise ReadError("an argument is declared as $(n)$, one letter in brackets", latex)
        self.declarations.argument = name

    def _spelling(self, chain: sx.Chain, latex: str) -> None:
        if len(chain.sides) != 2 or not all(isinstance(x, sx.Name) for x in chain.sides):
            raise ReadError(r"another spelling is declared as $\phi \equiv \varphi$", latex)
        other, name = (side.text for side in chain.sides)
        if other in self.declarations.aliases or self.declarations.named(other):
            raise ReadError(f"{other} is declared already", latex)
        self.declarations.aliases[other] = name

    def _quantity(self, chain: sx.Chain, latex: str, window: Window | None, line: int) -> None:
        *names, space = chain.sides
        if not chain.relations or chain.relations[-1] != r"\in" or len(names) > 2:
            raise ReadError(_LIKE, latex)
        shape = self._shape(space, latex, window)
        whole = self._written(names[0], latex)
        if shape == ():
            scalar = Quantity(
                whole.letters, whole.letters, "scalar", 0, typed=(sx.latex(names[0]),)
            )
            return self._add(scalar, [(whole, False)], (), window, latex, line)
        if len(names) != 2 or not isinstance(names[1], sx.Bracket) or names[1].open != "[":
            raise ReadError(f"say how its entries are written. {_LIKE}", latex)
        entry = self._written(names[1].items[0].sides[0], latex)
        layers = tuple(sx.latex(x) for x in (whole.sup or whole.sub))
        if tuple(shape) != layers:
            raise ReadError(
                f"the size does not fit: {whole.letters} belongs to {', '.join(layers)}", latex
            )
        kind = "vector" if len(layers) == 1 else "matrix"
        typed = sx.latex(names[0]), sx.latex(names[1].items[0])
        quantity = Quantity(
            entry.letters, whole.letters, kind, len(layers), letters=layers, typed=typed
        )
        return self._add(quantity, [(whole, True), (entry, False)], layers, window, latex, line)

    def _function(self, chain: sx.Chain, latex: str, window: Window | None, line: int) -> None:
        real = r"\mathbb{R}"
        good = chain.relations == (":", r"\to") and all(
            isinstance(x, sx.Name) and x.text == real for x in chain.sides[1:]
        )
        if not good:
            raise ReadError(
                r"a function is declared as $\varphi_k : \mathbb{R} \to \mathbb{R}$", latex
            )
        name = self._written(chain.sides[0], latex)
        layers = tuple(sx.latex(x) for x in name.sub)
        typed = (sx.latex(chain.sides[0]),)
        quantity = Quantity(
            name.letters, name.letters, "function", len(layers), letters=layers, typed=typed
        )
        self._add(quantity, [(name, True)], layers, window, latex, line)

    def _add(self, quantity: Quantity, names, layers, window, latex, line) -> None:
        """A new quantity, or one more place where a known one exists."""
        known = self.declarations.quantities.get(quantity.key)
        offsets = tuple(window.place(layer) for layer in layers) if layers else ()
        place = Place(offsets, len(window.layers) if window else 0, bool(window and window.output))
        if known is None:
            quantity.line = line
            quantity.patterns = [
                (word.letters, _pattern(word, whole, layers, window, latex))
                for word, whole in names
            ]
            self.declarations.quantities[quantity.key] = known = quantity
        elif place in known.places or known.kind != quantity.kind:
            raise ReadError(
                f"{quantity.whole} is declared twice (first in line {known.line})", latex
            )
        known.places.append(place)

    def _shape(self, space: sx.Node, latex: str, window: Window | None) -> tuple:
        r"""The layers of ℝ^{m \times z}: () for ℝ."""
        if isinstance(space, sx.Name) and space.text == r"\mathbb{R}":
            return ()
        if isinstance(space, sx.Scripted) and sx.latex(space.base) == r"\mathbb{R}" and window:
            factors = space.sup.factors if isinstance(space.sup, sx.Product) else (space.sup,)
            layers = [window.layer_of_size(sx.latex(x)) for x in factors]
            if None not in layers:
                return tuple(layers)
        raise ReadError(_LIKE, latex)

    def _written(self, node: sx.Node, latex: str) -> Written:
        """A name, perhaps of two letters (Δw), perhaps with (n+1)."""
        factors = list(node.factors) if isinstance(node, sx.Product) else [node]
        after = ""
        if isinstance(factors[-1], sx.Bracket):
            text = sx.latex(factors.pop()).replace(" ", "")
            argument = self.declarations.argument
            after = {f"({argument})": "", f"({argument}+1)": "(n+1)"}.get(text)
        parts = [written(factor) for factor in factors]
        if after is None or not parts or None in parts or any(p.sub or p.sup for p in parts[:-1]):
            raise ReadError(_LIKE, latex)
        letters = " ".join(part.letters for part in parts) + after
        return replace(parts[-1], letters=letters)

    def _define(self, latex: str, chain: sx.Chain, window: Window, line: int) -> None:
        """target := body."""
        if chain.relations != (":=",):
            raise ReadError("a definition is written left side := right side", latex)
        try:
            resolver = Resolver(self.declarations, window, latex)
            target, body = resolver.sides(list(chain.sides))
            letters = {x.name: x.layer for x in resolver.free.values()}
            target, body = Shapes(self.declarations, window, letters).both(target, body)
        except (IllTyped, Unclear) as error:
            raise ReadError(error.reason, latex, *error.span) from None
        if not isinstance(target, ex.Entry) or not all(isinstance(x, str) for x in target.indices):
            raise ReadError("define a number: one entry, with letters, such as v_{k,b}", latex)
        if alone := sorted(set(letters) - set(target.indices)):
            raise ReadError(
                f"{', '.join(alone)} stands only on the right: which neuron is it? Sum over it",
                latex,
            )
        for old in self.declarations.defining(target.name, len(target.layers)):
            if old.output == window.output or old.layers == window.layers:
                raise ReadError(
                    f"{sx.latex(chain.sides[0])} is defined twice (first in line {old.line})", latex
                )
        self.declarations.definitions.append(
            Definition(target, body, window.layers, window.output, latex, line)
        )


_LIKE = (
    r"a quantity is declared as $\eta \in \mathbb{R}$, $v_k = [v_{k,b}] \in \mathbb{R}^m$ or "
    r"$W^{k,j} = [w_{ba}^{k,j}] \in \mathbb{R}^{m \times z}$"
)


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

    return Pattern(whole, tuple(map(slot, name.sub)), tuple(map(slot, name.sup)))
