r"""Numbers that a document declares for its example, and claims about numbers judged with them.

A line `**Example**: $z := 3$, $\eta := 0.1$, …` gives sizes, weights, inputs, desired responses,
η, and polynomials for φ, each once. A chain with a side of plain numbers (v_{j,1} = 0.5 · 1 − 1 =
−0.5) that does not hold in general is judged in this example, exactly, in fractions. General
claims never see these numbers.
"""

from __future__ import annotations

from fractions import Fraction

from bpderiv import expression as ex
from bpderiv.judges.exact import Evaluation, Grid, Missing, Numbers, TooSmall, Trial
from bpderiv.judges.tape import Tape
from bpderiv.meaning.claims import links, unboxed
from bpderiv.meaning.declarations import Declarations
from bpderiv.meaning.names import readable
from bpderiv.meaning.resolve import Resolver
from bpderiv.meaning.shapes import UNKNOWN, IllTyped, Shapes, Unclear
from bpderiv.meaning.window import Window
from bpderiv.meaning.written import written
from bpderiv.reading import syntax as sx
from bpderiv.reading.errors import ReadError
from bpderiv.reading.reader import read
from bpderiv.verdict import LinkVerdict, judge_link

_ONE_LINE = (
    r"an example declares one value at a time: $z := 3$, $\eta := 0.1$, "
    r"$y_i := \begin{bmatrix} 1 \\ 2 \end{bmatrix}$, $\varphi_j(v) := v^2$"
)


class _Declared(Numbers):
    """The example's numbers, for a trial."""

    prime = None

    def __init__(self, values: dict, functions: dict, names: list[str]):
        """Entries by (name, layers, indices), functions by (name, layer); for messages, layers."""
        self.values, self.functions, self.names = values, functions, names

    def given(self, name, layers, indices):
        """A declared number."""
        if (name, layers, indices) not in self.values:
            where = ",".join(self.names[layer] for layer in layers)
            raise ReadError(f"the example gives no value for {readable(name)} of {where}")
        return self.values[name, layers, indices]

    def function(self, name, layer):
        """A declared polynomial."""
        if (name, layer) not in self.functions:
            raise ReadError(f"the example gives no {readable(name)} of layer {self.names[layer]}")
        return self.functions[name, layer]


class ExampleValues:
    """The example of one document."""

    def __init__(self, declarations: Declarations, file: str):
        """Nothing declared yet."""
        self.declarations, self.file = declarations, file
        self.window: Window | None = None
        self.sizes: dict[str, int] = {}
        self.values: dict[tuple, Fraction] = {}
        self.functions: dict[tuple, list[Fraction]] = {}
        self._declared: set = set()
        self._trial: Trial | None = None

    # --- declaring ------------------------------------------------------------------------------

    def take(self, statement) -> None:
        """One declared value."""
        latex = statement.latex
        for chain in read(latex):
            if chain.relations != (":=",):
                raise ReadError(_ONE_LINE, latex)
            if statement.window is None or statement.window.short:
                raise ReadError("declare the layers of the example first: **Layers** …", latex)
            self.window = self.window or statement.window
            if self.window.layers != statement.window.layers:
                raise ReadError(
                    f"the example has the layers {' → '.join(self.window.layers)}", latex
                )
            self._one(chain, latex)
        self._trial = None

    def _one(self, chain: sx.Chain, latex: str) -> None:
        left, right = chain.sides
        if isinstance(left, sx.Name) and self.window.layer_of_size(left.text):
            size = _number(right)
            if size is None or size.denominator > 1 or size < 1:
                raise ReadError(f"{left.text} is a size: a whole number from 1", latex, *right.span)
            self._once(left.text, latex)
            self.sizes[self.window.layer_of_size(left.text)] = int(size)
        elif isinstance(left, sx.Product) and self._is_function(left.factors[0]):
            self._function(left, right, latex)
        else:
            self._quantity(left, right, latex)

    def _once(self, what, latex: str) -> None:
        if what in self._declared:
            raise ReadError("this value is declared twice", latex)
        self._declared.add(what)

    def _is_function(self, node: sx.Node) -> bool:
        name = written(node)
        found = self.declarations.named(name.letters) if name else []
        return bool(found) and found[0][0].kind == "function"

    def _function(self, left: sx.Product, right: sx.Node, latex: str) -> None:
        r"""\varphi_j(v) := v^2: v is any letter, and means nothing outside this formula."""
        name, argument = written(left.factors[0]), left.factors[1:]
        inside = argument[0].items[0].sides[0] if len(argument) == 1 and isinstance(
            argument[0], sx.Bracket) else None  # fmt: skip
        if not isinstance(inside, sx.Name) or name.primes or len(name.sub) != 1:
            raise ReadError(_ONE_LINE, latex)
        layer = sx.latex(name.sub[0])
        if layer not in self.window.layers:
            raise ReadError(f"{layer} is no layer of the example", latex)
        quantity = self.declarations.named(name.letters)[0][0]
        self._once((quantity.name, layer), latex)
        coefficients = _polynomial(right, inside.text)
        if coefficients is None:
            raise ReadError(f"in an example a function is a polynomial in {inside.text}", latex)
        self.functions[quantity.name, self.window.place(layer)] = coefficients

    def _quantity(self, left: sx.Node, right: sx.Node, latex: str) -> None:
        resolver = Resolver(self.declarations, self.window, latex)
        target = resolver.sides([left])[0]
        rows = [[_number(right)]]
        if isinstance(right, sx.Matrix):
            rows = [[_number(cell) for cell in row] for row in right.rows]
        if not isinstance(target, (ex.Entry, ex.Whole)) or any(None in row for row in rows):
            raise ReadError(_ONE_LINE, latex)
        layers = tuple(self.window.place(layer) for layer in target.layers)
        if self.declarations.definition(target.name, layers, len(self.window.layers) - 1):
            raise ReadError("this is computed, not declared: see its definition", latex)
        self._check_size(target, rows, latex)
        self._once((target.name, layers), latex)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                self.values[target.name, layers, (r, c)[: len(layers)]] = value

    def _check_size(self, target, rows, latex: str) -> None:
        wanted = tuple(self.sizes.get(layer) for layer in target.layers) or (1,)
        found = (len(rows), len(rows[0]))
        if len({len(row) for row in rows}) > 1 or (*wanted, 1)[:2] != found:
            shape = " × ".join(str(n or "?") for n in (*wanted, 1)[:2])
            raise ReadError(f"expected {shape} numbers (declare sizes first), found "
                            f"{found[0]} × {found[1]}", latex)  # fmt: skip

    # --- judging --------------------------------------------------------------------------------

    def values_of(self, chain: sx.Chain, statement, window: Window):
        """[(kind, verdict, claims)] for a chain about numbers; None for any other."""
        chain = unboxed(chain)
        if self.window is None or not any(map(_is_numeric, chain.sides)):
            return None
        try:
            found = links(chain, window, self.declarations, statement.latex)
            general = [judge_link(link, statement.latex) for link in found]
            if all(verdict.holds for verdict in general):
                return None
        except ReadError:
            pass
        return [
            ("value", self._judged(i, chain, statement, window), ())
            for i in range(len(chain.relations))
        ]

    def _judged(self, i: int, chain: sx.Chain, statement, window: Window) -> LinkVerdict:
        sides, relation = chain.sides[i : i + 2], chain.relations[i]
        span = sides[0].span[0], sides[1].span[1]
        latex = " ".join(statement.latex[slice(*span)].split())
        if relation not in ("=", ":=", r"\equiv", r"\approx"):
            return LinkVerdict(latex, None, judged=False, reason=f"{relation} is not judged")
        left, right = (self._evaluated(side, window, statement.latex) for side in sides)
        digits = _digits(sides[1]) if relation == r"\approx" else None
        if digits is not None:
            holds = abs(left - right) <= Fraction(1, 2 * 10**digits)
            words = f"right to the {digits} digits shown, in the example"
        else:
            holds, words = left == right, "exact in the example"
        reason = (
            ""
            if holds
            else f"in the example the left side is {_shown(left)}, the right {_shown(right)}"
        )
        return LinkVerdict(
            latex, holds, {"exact": words if holds else "refuted in the example"}, reason
        )

    def _evaluated(self, side: sx.Node, window: Window, latex: str):
        if any(layer not in self.window.layers for layer in window.layers):
            layers = " → ".join(self.window.layers)
            words = f"the example has the layers {layers}, and this stands in {window}"
            raise ReadError(words, latex)
        resolver = Resolver(self.declarations, window, latex)
        tree = resolver.sides([side])[0]
        letters = {x.name: x.layer for x in resolver.free.values()}
        if letters:
            raise ReadError(
                f"{', '.join(letters)} stands for any neuron: in an example say which, 1 or 2",
                latex,
            )
        try:
            tree, _ = Shapes(self.declarations, window, letters).settle(tree, UNKNOWN)
            places = {layer: self.window.place(layer) for layer in window.layers}
            value = Evaluation(self._network(latex), places, {}).value(tree)
        except (IllTyped, Unclear) as error:
            raise ReadError(error.reason, latex, *error.span) from None
        except (Missing, TooSmall) as error:
            raise ReadError(f"not in the example: {error}", latex) from None
        if isinstance(value, Grid):
            return tuple(entry.number for entry in value.entries)
        return value.number

    def _network(self, latex: str) -> Trial:
        if self._trial is None:
            missing = [
                self.window.size_letter(x) for x in self.window.layers if x not in self.sizes
            ]
            if missing:
                raise ReadError(f"the example gives no size {', '.join(missing)}", latex)
            sizes = tuple(self.sizes[layer] for layer in self.window.layers)
            numbers = _Declared(self.values, self.functions, list(self.window.layers))
            self._trial = Trial(self.declarations, sizes, numbers, Tape(None))
        return self._trial


def _shown(value) -> str:
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_shown, value)) + ")"
    text = str(float(value))
    return text if Fraction(text) == value else f"{float(value):.6g}…"


def _digits(node: sx.Node) -> int | None:
    """Digits after the point of the decimal that is shown."""
    numbers = [x for x in sx.walk(node) if isinstance(x, sx.Number)]
    return len(numbers[0].text.partition(".")[2]) if len(numbers) == 1 else None


def _is_numeric(node: sx.Node) -> bool:
    """Whether a side is made of numbers only."""
    good = (
        sx.Number,
        sx.Sum,
        sx.Product,
        sx.Bracket,
        sx.Chain,
        sx.Fraction,
        sx.Scripted,
        sx.Matrix,
    )
    return all(isinstance(part, good) for part in sx.walk(node))


def _number(node: sx.Node | None) -> Fraction | None:
    """A plain number, perhaps with a sign or as a fraction."""
    coefficients = _polynomial(node, "") if node is not None else None
    return coefficients[0] if coefficients and len(coefficients) == 1 else None


def _polynomial(node: sx.Node, letter: str) -> list[Fraction] | None:
    """The coefficients of a polynomial in a letter; None if it is none."""
    if isinstance(node, sx.Number):
        return [Fraction(node.text)]
    if isinstance(node, sx.Name):
        return [Fraction(0), Fraction(1)] if node.text == letter else None
    if isinstance(node, sx.Bracket):
        return _polynomial(node.items[0].sides[0], letter) if len(node.items) == 1 else None
    parts = _parts(node, letter)
    return None if parts is None or None in parts else _combined(node, parts)


def _parts(node: sx.Node, letter: str):
    if isinstance(node, sx.Scripted) and isinstance(node.sup, sx.Number) and node.sub is None:
        return [_polynomial(node.base, letter)] * int(node.sup.text)
    if isinstance(node, sx.Fraction):
        return [_polynomial(x, letter) for x in (node.numerator, node.denominator)]
    if isinstance(node, sx.Product) and all(
        sign in ("", r"\cdot", r"\times") for sign in node.signs
    ):
        return [_polynomial(factor, letter) for factor in node.factors]
    if isinstance(node, sx.Sum):
        return [_polynomial(term, letter) for term in node.terms]
    return None


def _combined(node: sx.Node, parts) -> list[Fraction] | None:
    if isinstance(node, sx.Sum):
        length = max(map(len, parts))
        signs = [-1 if sign == "-" else 1 for sign in node.signs]
        return [
            sum((s * p[i] for s, p in zip(signs, parts, strict=True) if i < len(p)), Fraction(0))
            for i in range(length)
        ]
    if isinstance(node, sx.Fraction):
        below = parts[1]
        return [c / below[0] for c in parts[0]] if len(below) == 1 and below[0] else None
    product = [Fraction(1)]
    for part in parts:
        longer = [Fraction(0)] * (len(product) + len(part) - 1)
        for i, a in enumerate(product):
            for j, b in enumerate(part):
                longer[i + j] += a * b
        product = longer
    return product
