r"""The numbers that a document declares for its example: a small network.

A line `**Example**: $z := 3$, $\eta := 0.1$, …` gives sizes, weights, inputs, desired responses,
η, and polynomials for φ, each once. What the document defines is computed from them, in fractions.
"""

from __future__ import annotations

from fractions import Fraction

from bpderiv import expression as ex
from bpderiv.document.polynomials import Rows, number, numbers, polynomial
from bpderiv.judges.exact import Evaluation, Grid, Missing, Numbers, TooSmall, Trial
from bpderiv.judges.tape import Tape
from bpderiv.meaning.declarations import Declarations
from bpderiv.meaning.names import readable
from bpderiv.meaning.resolve import Resolver
from bpderiv.meaning.shapes import UNKNOWN, IllTyped, Shapes, Unclear
from bpderiv.meaning.window import Window
from bpderiv.meaning.written import written
from bpderiv.reading import syntax as sx
from bpderiv.reading.errors import ReadError
from bpderiv.reading.reader import read

_ONE_LINE = (
    r"an example declares one value at a time: $z := 3$, $\eta := 0.1$, "
    r"$y_i := \begin{bmatrix} 1 \\ 2 \end{bmatrix}$, $\varphi_j(v) := v^2$"
)
#: A layer of the example has at most so many neurons.
WIDEST = 100


class _Declared(Numbers):
    """The example's numbers, for a trial."""

    prime = None

    def __init__(self, values: dict, functions: dict, layers: tuple[str, ...]):
        """Entries by (name, layers, indices), functions by (name, layer)."""
        self.values, self.functions, self.layers = values, functions, layers

    def given(self, name, layers, indices):
        """A declared number."""
        if (name, layers, indices) not in self.values:
            where = ",".join(self.layers[layer] for layer in layers)
            raise ReadError(
                f"the example gives no value for {readable(name)}" + (f" of {where}" * bool(where))
            )
        return self.values[name, layers, indices]

    def function(self, name, layer):
        """A declared polynomial."""
        if (name, layer) not in self.functions:
            raise ReadError(f"the example gives no {readable(name)} of layer {self.layers[layer]}")
        return self.functions[name, layer]


class Example:
    """The example of one document: it is told the values, then it computes."""

    def __init__(self, declarations: Declarations):
        """Nothing declared yet."""
        self.declarations = declarations
        self.window: Window | None = None
        self.sizes: dict[str, int] = {}
        self.values: dict[tuple, Fraction] = {}
        self.functions: dict[tuple, list[Fraction]] = {}
        self._declared: set = set()
        self._trial: Trial | None = None

    # --- declaring ------------------------------------------------------------------------------

    def take(self, latex: str, window: Window | None) -> None:
        """One declared value.

        Errors
        ------
        ReadError
            for what is no number, has no place in the network, or is declared already.
        """
        for chain in read(latex):
            if chain.relations != (":=",):
                raise ReadError(_ONE_LINE, latex)
            if window is None or window.short:
                raise ReadError("declare the layers of the example first: **Layers** …", latex)
            self.window = self.window or window
            if self.window.layers != window.layers:
                raise ReadError(
                    f"the example has the layers {' → '.join(self.window.layers)}", latex
                )
            self._one(chain, latex, window)
        self._trial = None

    def _one(self, chain: sx.Chain, latex: str, window: Window) -> None:
        left, right = chain.sides
        if isinstance(left, sx.Name) and (layer := window.layer_of_size(left.text)):
            size = number(right)
            if size is None or size.denominator > 1 or not 1 <= size <= WIDEST:
                words = f"{left.text} is a size: a whole number from 1 to {WIDEST}"
                raise ReadError(words, latex, *right.span)
            self._once(layer, latex)
            self.sizes[layer] = int(size)
        elif isinstance(left, sx.Product) and self._function_named(left.factors[0]):
            self._function(left, right, latex)
        else:
            self._quantity(left, right, latex)

    def _once(self, what, latex: str) -> None:
        if what in self._declared:
            raise ReadError("this value is declared twice", latex)
        self._declared.add(what)

    def _function_named(self, node: sx.Node):
        """The declared function of this name, or None."""
        name = written(node)
        found = self.declarations.named(name.letters) if name else []
        return found[0][0] if found and found[0][0].kind == "function" else None

    def _function(self, left: sx.Product, right: sx.Node, latex: str) -> None:
        r"""\varphi_j(v) := v^2: v is any letter, and means nothing outside this formula."""
        name, argument = written(left.factors[0]), left.factors[1:]
        inside = argument[0].items[0].sides[0] if len(argument) == 1 and isinstance(
            argument[0], sx.Bracket) else None  # fmt: skip
        if not isinstance(inside, sx.Name) or name.primes or name.power or len(name.sub) != 1:
            raise ReadError(_ONE_LINE, latex)
        layer = sx.latex(name.sub[0])
        if layer not in self.window.layers:
            raise ReadError(f"{layer} is no layer of the example", latex)
        quantity = self._function_named(left.factors[0])
        at = self.window.place(layer)
        self._check_exists(quantity.name, (at,), latex)
        coefficients = polynomial(right, inside.text)
        if coefficients is None:
            raise ReadError(f"in an example a function is a polynomial in {inside.text}", latex)
        self._once((quantity.name, layer), latex)
        self.functions[quantity.name, at] = coefficients

    def _quantity(self, left: sx.Node, right: sx.Node, latex: str) -> None:
        resolver = Resolver(self.declarations, self.window, latex)
        target = resolver.sides([left])[0]
        rows = numbers(right)
        if isinstance(target, ex.Entry) and target.layers:
            raise ReadError(f"declare all of {readable(target.name)} at once: {_ONE_LINE}", latex)
        if not isinstance(target, (ex.Entry, ex.Whole)) or rows is None:
            raise ReadError(_ONE_LINE, latex)
        layers = tuple(self.window.place(layer) for layer in target.layers)
        self._check_exists(target.name, layers, latex)
        if self.declarations.definition(target.name, layers, len(self.window.layers) - 1):
            raise ReadError("this is computed, not declared: see its definition", latex)
        self._check_size(target, rows, latex)
        self._once((target.name, layers), latex)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                self.values[target.name, layers, (r, c)[: len(layers)]] = value

    def _check_exists(self, name: str, layers: tuple[int, ...], latex: str) -> None:
        if not self.declarations.exists(name, layers, len(self.window.layers) - 1):
            where = ",".join(self.window.layers[layer] for layer in layers)
            raise ReadError(f"this network has no {readable(name)} of layer {where}", latex)

    def _check_size(self, target, rows, latex: str) -> None:
        sizes = [self.sizes.get(layer) for layer in target.layers]
        wanted, found = tuple([*sizes, 1, 1][:2]), (len(rows), len(rows[0]))
        if None in sizes:
            raise ReadError("declare the sizes first, as in $z := 3$", latex)
        if wanted != found:
            raise ReadError(f"expected {wanted[0]} × {wanted[1]} numbers, found "
                            f"{found[0]} × {found[1]}", latex)  # fmt: skip

    # --- computing ------------------------------------------------------------------------------

    def value(self, side: sx.Node, window: Window, latex: str) -> Rows:
        """What a formula comes to here: the rows of a matrix, which may have one entry.

        Errors
        ------
        ReadError
            for what is not declared, or has no place in this network.
        """
        if any(layer not in self.window.layers for layer in window.layers):
            layers = " → ".join(self.window.layers)
            words = f"the example has the layers {layers}, and this stands in {window}"
            raise ReadError(words, latex)
        try:
            tree = Resolver(self.declarations, window, latex).sides([side])[0]
            tree, _ = Shapes(self.declarations, window, {}).settle(tree, UNKNOWN)
            places = {layer: self.window.place(layer) for layer in window.layers}
            value = Evaluation(self.network(latex), places, {}).value(tree)
        except (IllTyped, Unclear) as error:
            raise ReadError(error.reason, latex, *error.span) from None
        except (Missing, TooSmall, ZeroDivisionError, ReadError) as error:
            raise self._not_there(error, side, latex) from None
        if not isinstance(value, Grid):
            return [[value.number]]
        return [[value.at(r, c).number for c in range(value.columns)] for r in range(value.rows)]

    def _not_there(self, error: Exception, side: sx.Node, latex: str) -> ReadError:
        """What is missing, at the place where it is asked for."""
        self._trial = None  # it stopped half-way
        if isinstance(error, ReadError):
            return error if error.source else ReadError(error.message, latex, *side.span)
        words = str(error)
        if isinstance(error, ZeroDivisionError):
            words = "something is divided by zero"
        for at, layer in enumerate(self.window.layers):
            words = words.replace(f"layer {at}", f"layer {layer}")
        return ReadError(f"not in the example: {words}", latex, *side.span)

    def network(self, latex: str = "") -> Trial:
        """The network with the declared numbers.

        Errors
        ------
        ReadError
            if a size is not declared.
        """
        if self._trial is None:
            layers = self.window.layers
            missing = [self.window.size_letter(x) for x in layers if x not in self.sizes]
            if missing:
                raise ReadError(f"the example gives no size {', '.join(missing)}", latex)
            sizes = tuple(self.sizes[layer] for layer in layers)
            self._trial = Trial(
                self.declarations, sizes, _Declared(self.values, self.functions, layers), Tape(None)
            )
        return self._trial
