r"""Syntax tree → meaning: every name looked up, every layer and index filled in.

The reader saw `w_{ia}(n)`; here it becomes the entry of w between layers k and j, row i, column
a. Nothing is judged: what is written wrongly (an index of another layer, a quantity where an
index belongs) goes into the tree as it is, and `shapes.py` finds it. A letter that is not
declared is an error with its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction

from bpderiv import expression as ex
from bpderiv.dispatch import by_type
from bpderiv.meaning.declarations import Declarations, Pattern, Quantity
from bpderiv.meaning.letters import Hole, Letter, Unknowns
from bpderiv.meaning.window import Window
from bpderiv.meaning.written import Written, operator, written
from bpderiv.reading import syntax as sx
from bpderiv.reading.brackets import with_braces
from bpderiv.reading.errors import ReadError


@dataclass(frozen=True)
class Foreign:
    """Something in the place of a neuron's letter that is no neuron: y(n) in E_{y(n)}."""

    text: str
    why: str


@dataclass
class Resolver:
    """Reads the sides of one statement; letters that are free mean the same in all of them.

    `pair` are the layers that a bare weight (w, no index at all) stands for; `bare` says
    afterwards whether there was one.
    """

    declarations: Declarations
    window: Window
    source: str
    pair: tuple[str, ...] | None = None
    bare: bool = False
    free: dict[str, Letter] = field(default_factory=dict)
    _bound: list[dict[str, Letter]] = field(default_factory=list)

    def __post_init__(self):
        """Nothing is known yet."""
        self.unknowns = Unknowns(self.window)
        self._any_weight: dict[str, tuple[Letter, ...]] = {}

    # --- entry points -----------------------------------------------------------------------

    def sides(self, nodes: list[sx.Node]) -> list[ex.Expression]:
        """The meaning of the sides of a chain."""
        drafts = [self.read(node) for node in nodes]
        self.unknowns.settle()
        _name_apart(self.unknowns.letters, self.free)
        return [_finish(draft, self) for draft in drafts]

    def fail(self, message: str, node: sx.Node | None = None, span=None) -> ReadError:
        """An error at the place of a node."""
        start, end = span or node.span
        return ReadError(message, self.source, start, end)

    def typed(self, node: sx.Node) -> str:
        """A node as it stands in the source."""
        return with_braces(self.source, node.span) or sx.latex(node)

    # --- sums, products, brackets -------------------------------------------------------------

    @by_type
    def read(self, node: sx.Node) -> ex.Expression:
        """The meaning of a node; a draft, whose letters are not settled yet."""
        raise self.fail(f"{self.typed(node)} has no meaning here", node)

    @read.register
    def _(self, node: sx.Number):
        return ex.Number(Fraction(node.text), span=node.span)

    @read.register
    def _(self, node: sx.Sum):
        if any(isinstance(term, sx.Dots) for term in node.terms):
            return self._sum_with_dots(node)
        terms = [
            _signed(sign, self.read(term))
            for sign, term in zip(node.signs, node.terms, strict=True)
        ]
        return terms[0] if len(terms) == 1 else ex.Add(tuple(terms), span=node.span)

    def _sum_with_dots(self, node: sx.Sum):
        from bpderiv.meaning.dots import DottedSum

        if any(sign == "-" for sign in node.signs):
            raise self.fail("a sum with dots has + between its terms: put the − in brackets", node)
        groups, current = [], []
        for term in node.terms:
            if isinstance(term, sx.Dots):
                groups.append(current)
                current = []
            else:
                current.append(self.read(term))
        groups.append(current)
        return DottedSum(tuple(map(tuple, groups)), span=node.span)

    @read.register
    def _(self, node: sx.Hadamard):
        return ex.Hadamard(tuple(map(self.read, node.factors)), span=node.span)

    @read.register
    def _(self, node: sx.Bracket):
        if node.open == "[" and len(node.items) == 1 and node.items[0].relations == ("=",):
            return self._kronecker(node)
        if len(node.items) != 1 or node.items[0].relations:
            raise self.fail(f"{self.typed(node)} has no meaning here", node)
        inside = self.read(node.items[0].sides[0])
        return replace(inside, span=node.span)

    def _kronecker(self, node: sx.Bracket):
        left, right = (self._neuron(side) for side in node.items[0].sides)
        last = next((x.layer for x in (left, right) if isinstance(x, ex.Last)), None)
        hole = Hole(next((x for x in (left, right) if isinstance(x, Letter)), None), last)
        for index in (left, right):
            if isinstance(index, Letter):
                self.unknowns.links.append(((hole, Hole(index)), (0, 0)))
        return ex.Equal(left, right, hole, span=node.span)

    @read.register
    def _(self, node: sx.Decorated):
        items = node.body.items
        if len(items) != 1 or items[0].relations:
            raise self.fail(f"{node.command} must hold one formula, or a whole equation", node)
        return self.read(items[0].sides[0])

    @read.register
    def _(self, node: sx.Name):
        return self._factors([node], [""], node)

    @read.register
    def _(self, node: sx.Product):
        return self._factors(list(node.factors), list(node.signs), node)

    @read.register
    def _(self, node: sx.Matrix):
        return self._display(node, None)

    @read.register
    def _(self, node: sx.Scripted):
        if written(node) is not None:
            return self._factors([node], [""], node)
        return self._with_scripts(self.read_base(node), node)

    def read_base(self, node: sx.Scripted):
        """What the scripts hang on, if that is not a name.

        Braces are not seen on the page: a script behind {a b} seems to hang on b. So they may hold
        one quantity, such as {W(n)}^T, and nothing that needs brackets.
        """
        base = self.read(node.base)
        hidden = isinstance(node.base, sx.Bracket) and node.base.open == "{"
        if hidden and not isinstance(base, (ex.Entry, ex.Whole, ex.Derivative)):
            raise self.fail(
                "braces are not seen: write brackets around what the script is for", node
            )
        return base

    def _with_scripts(self, base, node: sx.Scripted):
        """An underbrace's words, a matrix's size, ^T and powers."""
        result = base
        words = isinstance(node.base, sx.Decorated) and isinstance(node.sub, sx.Text)
        if node.sub is not None and not words:
            result = self._sized(result, node.sub)
        if node.sup is not None:
            power = operator(node.sup)
            if power is None:
                raise self.fail(
                    f"cannot read ^{self.typed(node.sup)} here: T or a number", node.sup
                )
            result = _powered(result, power, node.span)
        return result

    def _sized(self, base, sub: sx.Node):
        size = self._size(sub)
        if size is None:
            raise self.fail(
                f"here belongs a size, rows \\times columns, or (below a brace) words in \\text, "
                f"not {self.typed(sub)}", sub,
            )  # fmt: skip
        return ex.Sized(base, *size, span=base.span)

    def _size(self, sub: sx.Node):
        """(rows, columns) of {m \times z}; None if it is not one."""
        if isinstance(sub, sx.Product) and sub.signs == ("", r"\times"):
            dims = [self._dim(x) for x in sub.factors]
            return None if None in dims else dims
        return None

    def _dim(self, node: sx.Node) -> ex.Dim:
        if isinstance(node, sx.Number) and node.text.isdigit():
            return int(node.text)
        if isinstance(node, sx.Name):
            return self.window.layer_of_size(node.text)
        return None

    # --- Σ ------------------------------------------------------------------------------------

    @read.register
    def _(self, node: sx.Summation):
        text, start = self._summed_letter(node)
        letter = Letter(text, bound=True, span=node.span)
        if node.sup is not None:
            letter.limit = self._dim(node.sup) if isinstance(node.sup, sx.Name) else None
            if letter.limit is None:
                raise self.fail(
                    "a sum runs to a layer's size: "
                    + (", ".join(self.window.sizes) or "here no size is declared"),
                    node.sup,
                )
        self.unknowns.letters.append(letter)
        self._bound.append({text: letter})
        body = self.read(node.body)
        self._bound.pop()
        return ex.Sum(letter, Hole(letter) if letter.limit is None else letter.limit, body,
                      start, span=node.span)  # fmt: skip

    def _summed_letter(self, node: sx.Summation) -> tuple[str, int]:
        """The letter below a Σ, and where it starts."""
        below = node.sub
        if isinstance(below, sx.Name):
            return below.text, 1
        if isinstance(below, sx.Bracket) and len(below.items) == 1:
            chain = below.items[0]
            if chain.relations == ("=",) and isinstance(chain.sides[0], sx.Name):
                start = chain.sides[1]
                if isinstance(start, sx.Number) and start.text.isdigit():
                    return chain.sides[0].text, int(start.text)
        raise self.fail(r"below a Σ stands its letter: \sum_i or \sum_{i=1}^{m}", below or node)

    # --- fractions and derivatives --------------------------------------------------------------

    @read.register
    def _(self, node: sx.Fraction):
        numerator, denominator = (
            _without_partial(node.numerator),
            _without_partial(node.denominator),
        )
        if (numerator is None) != (denominator is None):
            raise self.fail("a derivative has ∂ above and below the line", node)
        if numerator is None:
            return self._quotient(self.read(node.numerator), self.read(node.denominator), node.span)
        return self._derivative(numerator, denominator, node)

    def _quotient(self, above, below, span):
        if isinstance(above, ex.Number) and isinstance(below, ex.Number) and below.value:
            return ex.Number(above.value / below.value, span=span)
        return ex.Mul((above, ex.Power(below, -1, span=below.span)), span=span)

    def _derivative(self, numerator, denominator, node):
        of, order = numerator
        by, below = denominator
        variables = self._variables(by, below, node)
        if order != len(variables):
            raise self.fail(
                f"∂ appears {order} times above the line and {len(variables)} times below", node
            )
        result = self.read(of)
        for variable in reversed(variables):
            result = ex.Derivative(result, variable, span=node.span)
        return result

    def _variables(self, by: sx.Node, first_order: int, node) -> list:
        """What is differentiated by: ∂w, or ∂v ∂y for a second derivative."""
        if first_order != 1:
            raise self.fail("below the line write ∂ once for each variable", node)
        parts, current = [], []
        for factor in by.factors if isinstance(by, sx.Product) else (by,):
            if isinstance(factor, sx.Partial):
                parts.append(current)
                current = []
            else:
                current.append(factor)
        found = []
        for part in [*parts, current]:
            if not part:
                raise self.fail("a variable is missing after ∂", node)
            whole = (
                part[0]
                if len(part) == 1
                else sx.Product(tuple(part), ("",) * len(part), span=part[0].span)
            )
            variable = self.read(whole)
            times = 1
            if isinstance(variable, ex.Power) and variable.exponent == 2:
                variable, times = variable.base, 2
            if not isinstance(variable, (ex.Entry, ex.Whole)):
                raise self.fail(
                    f"differentiate by a quantity with a name, not by {self.typed(whole)}", whole
                )
            found += [variable] * times
        return found

    # --- names ----------------------------------------------------------------------------------

    def _factors(self, factors: list, signs: list, node: sx.Node):
        """A product: names take their (n) and their arguments, the rest is multiplied."""
        units: list[tuple[str, ex.Expression]] = []
        at = 0
        while at < len(factors):
            if isinstance(factors[at], sx.Partial):
                unit, taken = self._slashed_derivative(factors, signs, at)
            else:
                unit, taken = self._unit(factors, signs, at)
            sign = signs[at]
            at += taken
            if sign == "/":
                if at < len(factors) and signs[at] == "":
                    raise self.fail(
                        "what is below the slash? Write \\frac, or brackets", factors[at]
                    )
                over = units.pop()
                unit = self._quotient(over[1], unit, node.span)
                sign = over[0]
            units.append((sign, unit))
        return self._multiplied(units, node)

    def _multiplied(self, units, node):
        parts = []
        for sign, unit in units:
            if sign == r"\times" and parts and not (_is_number(parts[-1]) and _is_number(unit)):
                raise self.fail(
                    r"\times stands between numbers or in a size; a product is written \cdot", node
                )
            parts.append(
                ex.Mul((ex.Number(Fraction(-1)), unit), span=unit.span)
                if sign.endswith("-")
                else unit
            )
        return parts[0] if len(parts) == 1 else ex.Mul(tuple(parts), span=node.span)

    def _slashed_derivative(self, factors, signs, at):
        r"""∂X / ∂Y on one line."""
        slash = next((i for i in range(at + 1, len(factors)) if signs[i] == "/"), None)
        if (
            slash is None
            or not isinstance(factors[slash], sx.Partial)
            or any(signs[at + 1 : slash])
        ):
            raise self.fail(
                r"∂ belongs to a derivative, \frac{\partial X}{\partial Y}, perhaps with a slash",
                factors[at],
            )
        above = factors[at + 1 : slash]
        if not above or slash + 1 >= len(factors):
            raise self.fail("something is missing after ∂", factors[slash])
        of, taken_above = self._unit(factors, signs, at + 1)
        by, taken_below = self._unit(factors, signs, slash + 1)
        if at + 1 + taken_above != slash:
            raise self.fail(r"put what is differentiated in brackets, or write \frac", factors[at])
        if not isinstance(by, (ex.Entry, ex.Whole)):
            raise self.fail("differentiate by a quantity with a name", factors[slash + 1])
        span = (factors[at].span[0], factors[slash + taken_below].span[1])
        return ex.Derivative(of, by, span=span), slash + 1 + taken_below - at

    def _unit(self, factors, signs, at):
        """The factor at a place, with what belongs to it; and how many factors that took."""
        node = factors[at]
        if (
            isinstance(node, sx.Matrix)
            or isinstance(node, sx.Scripted)
            and isinstance(node.base, sx.Matrix)
        ):
            return self._matrix_unit(factors, signs, at)
        if isinstance(node, sx.Text):
            return self._operator_unit(factors, signs, at)
        name = written(node)
        if name is None:
            return self.read(node), 1
        taken = 1
        if self.declarations.is_word(name.letters) and not self.declarations.named(name.letters):
            name, taken = self._long_name(name, factors, signs, at)
        if name.letters == "I" and not self.declarations.named("I"):
            return self._identity(name, node), 1
        return self._named_unit(name, factors, signs, at, taken)

    def _long_name(self, name, factors, signs, at):
        r"""\Delta w: a name of two letters, each typed by itself."""
        more = written(factors[at + 1]) if at + 1 < len(factors) and not signs[at + 1] else None
        if more is None or name.sub or name.sup or name.power is not None:
            raise self.fail(f"{name.letters} must be followed by its quantity", factors[at])
        span = (name.span[0], more.span[1])
        return replace(more, letters=f"{name.letters} {more.letters}", span=span), 2

    def _named_unit(self, name: Written, factors, signs, at, taken):
        """A declared quantity with its (n), or a function with its argument."""
        time = ""
        after = at + taken
        power = name.power
        follows = after < len(factors) and not signs[after]
        if follows and (step := self._argument(factors[after])):
            time, above = step
            if power is not None and above is not None:
                raise self.fail("two operators hang above one name", factors[after])
            power = power if above is None else above
            after += 1
        letters = name.letters + time
        candidates = self.declarations.named(letters)
        if not candidates:
            raise self._unknown(name, letters)
        if candidates[0][0].kind == "function":
            if after != at + taken:
                raise self.fail(
                    f"{name.letters} is a function and has no ({self.declarations.argument})",
                    factors[at],
                )
            return self._application(name, candidates, factors, signs, after, at)
        if name.primes:
            raise self.fail(f"{name.letters} is no function, and so has no prime", factors[at])
        value = self._quantity(name, candidates)
        return _powered(value, power, name.span), after - at

    def _argument(self, node):
        """(what it adds to the name, operator above) for (n) and (n+1); None for anything else."""
        bracket, power = node, None
        if isinstance(node, sx.Scripted) and node.sub is None and not node.primes:
            bracket, power = node.base, operator(node.sup)
            if power is None:
                return None
        if not isinstance(bracket, sx.Bracket) or bracket.open != "(":
            return None
        time = self.declarations.times.get(sx.latex(bracket).replace(" ", ""))
        return None if time is None else (time, power)

    def _unknown(self, name: Written, letters: str) -> ReadError:
        known = sorted(
            {word for q in self.declarations.quantities.values() for word, _ in q.patterns}
        )
        if letters != name.letters and self.declarations.named(name.letters):
            time = letters.removeprefix(name.letters)
            after = ", ".join(x for x in known if x.endswith(time)) or "nothing"
            words = f"{letters} is not declared, only {after}"
            return self.fail(words, span=name.span)
        return self.fail(
            f"{name.letters} is not declared; declared are {', '.join(known)}", span=name.span
        )

    def _application(self, name: Written, candidates, factors, signs, after, at):
        """φ′_k(…): the function, its layer, its argument."""
        if after >= len(factors) or signs[after] or not _is_argument(factors[after]):
            raise self.fail(
                f"{name.letters} needs its argument in brackets: {name.letters}(v)", factors[at]
            )
        bracket, power = factors[after], name.power
        if isinstance(bracket, sx.Scripted):
            if power is not None or operator(bracket.sup) is None:
                raise self.fail("two operators hang above one function", bracket)
            power, bracket = operator(bracket.sup), bracket.base
        argument = self.read(bracket)
        quantity, pattern = candidates[0]
        layer = self._function_layer(name, quantity, argument)
        span = (name.span[0], bracket.span[1])
        value = ex.Apply(layer, argument, name.primes, name=quantity.name, span=span)
        return _powered(value, power, span), after + 1 - at

    def _function_layer(self, name: Written, quantity: Quantity, argument):
        if not name.sub and quantity.layers:
            return Hole()  # the layer of its argument
        if len(name.sub) != quantity.layers or name.sup:
            raise self.fail(f"{name.letters} has one index, its layer", span=name.span)
        return self._layer(name.sub[0]) if quantity.layers else ""

    def _quantity(self, name: Written, candidates):
        """The entry, column or matrix that is written."""
        for quantity, pattern in candidates:
            if self._matches(name, pattern):
                return self._filled(name, quantity, pattern)
        for quantity, pattern in candidates:
            if not pattern.whole and self._matches_short(name, pattern):
                return self._short(name, quantity, pattern)
        if not name.sub and not name.sup:
            for quantity, pattern in candidates:
                if not pattern.whole and quantity.layers > 1:
                    return self._any(name, quantity, pattern)
        shapes = " or ".join(dict.fromkeys(_compact(x) for q, _ in candidates for x in q.typed))
        raise self.fail(
            f"{name.letters} has other indices: it is written like {shapes}", span=name.span
        )

    def _matches(self, name: Written, pattern: Pattern) -> bool:
        sub = _spread(name.sub, len(pattern.sub))
        if len(sub) != len(pattern.sub) or name.sup and len(name.sup) != len(pattern.sup):
            return False
        if pattern.whole and len(pattern.sub) == 1 and not name.sup:
            return self._is_layer(sub[0])
        return True

    def _is_layer(self, atom: sx.Node) -> bool:
        """Whether one letter below a vector is its layer (or, in the short form, its neuron)."""
        text = sx.latex(atom)
        bound = any(text in scope for scope in self._bound)
        return not bound and not self.window.short and (
            text in self.window.layers
            or isinstance(atom, sx.Name) and not self.window.layer_of_neuron(text)
            and not self.window.layer_of_size(text)
        )  # fmt: skip

    def _matches_short(self, name: Written, pattern: Pattern) -> bool:
        return (
            not name.sup
            and len(_spread(name.sub, len(pattern.neurons))) == len(pattern.neurons) > 0
        )

    def _filled(self, name: Written, quantity: Quantity, pattern: Pattern):
        """All layers and indices as written (layers above may be left out)."""
        layers: list = [None] * quantity.layers
        indices: list = [None] * (0 if pattern.whole else quantity.layers)
        slots = list(zip(pattern.sub, _spread(name.sub, len(pattern.sub)), strict=True))
        if name.sup:
            slots += list(zip(pattern.sup, name.sup, strict=True))
        for slot, atom in slots:
            if slot.layer:
                layers[slot.which] = self._layer(atom)
            else:
                indices[slot.which] = self._neuron(atom)
        return self._linked(name, quantity, layers, indices, pattern.whole)

    def _short(self, name: Written, quantity: Quantity, pattern: Pattern):
        """Only the neurons are written."""
        found = [self._neuron(atom) for atom in _spread(name.sub, len(pattern.neurons))]
        indices: list = [None] * quantity.layers
        for slot, index in zip(pattern.neurons, found, strict=True):
            indices[slot.which] = index
        return self._linked(name, quantity, [None] * quantity.layers, indices, False)

    def _any(self, name: Written, quantity: Quantity, pattern: Pattern):
        """A bare w: any one weight, the same throughout the claim."""
        self.bare = True
        layers = self.pair or tuple(self.window.layers[-1 - i] for i in range(quantity.layers))
        if not self._any_weight:
            self._any_weight["all"] = tuple(
                Letter(f"∗{i + 1}", layer=layer) for i, layer in enumerate(layers)
            )
            self.unknowns.letters += self._any_weight["all"]
            self.free.update({x.text: x for x in self._any_weight["all"]})
        return ex.Entry(quantity.name, layers, self._any_weight["all"], span=name.span)

    def _linked(self, name: Written, quantity: Quantity, layers, indices, whole: bool):
        """The entry or whole, its unwritten layers as holes, tied to their letters."""
        offsets = quantity.places[0].offsets
        written_out = all(layer is not None for layer in layers)
        holes = []
        for i, layer in enumerate(layers):
            letter = indices[i] if indices and isinstance(indices[i], Letter) else None
            if isinstance(layer, str):
                if (
                    letter is not None
                    and letter.layer is None
                    and letter.bound
                    or letter is not None
                    and letter.layer is None
                    and not self.window.layer_of_neuron(letter.text)
                ):
                    letter.layer = layer
                holes.append(layer)
            else:
                holes.append(layer if isinstance(layer, Hole) else Hole(letter))
        for i, index in enumerate(indices):
            if isinstance(index, ex.Last) and isinstance(holes[i], Hole):
                holes[i].last = index.layer
        if holes and not written_out:
            holes = tuple(holes)
            self.unknowns.links.append((holes, offsets))
            if all(isinstance(h, Hole) for h in holes):
                self.unknowns.pairs.append((holes, quantity.letters))
        if whole:
            return ex.Whole(quantity.name, tuple(holes), span=name.span)
        return ex.Entry(quantity.name, tuple(holes), tuple(indices), span=name.span)

    def _layer(self, atom: sx.Node):
        """A layer's letter; in the short form, a neuron's letter tells its layer."""
        text = sx.latex(atom)
        for scope in reversed(self._bound):
            if text in scope:
                return Hole(scope[text])
        if text in self.window.layers:
            return text
        if isinstance(atom, sx.Name) and self.window.layer_of_neuron(text):
            return text  # shapes.py says that a neuron stands where a layer belongs
        raise self.fail(
            f"{text} is no layer here: the layers are {' → '.join(self.window.layers)}", atom
        )

    def _neuron(self, atom: sx.Node):
        """What stands in the place of a neuron: a letter, a number, the last one, or a mistake."""
        text = sx.latex(atom)
        for scope in reversed(self._bound):
            if text in scope:
                return scope[text]
        if isinstance(atom, sx.Number) and atom.text.isdigit():
            return int(atom.text)
        if not isinstance(atom, sx.Name):
            return self._foreign(atom, self.typed(atom))
        if layer := self.window.layer_of_size(text):
            return ex.Last(layer)
        if text in self.window.layers and not self.window.short:
            return Foreign(text, f"{text} is a layer, and a neuron belongs there")
        if self.declarations.named(text):
            return Foreign(text, f"{text} is a quantity, and a neuron's letter belongs there")
        if text not in self.free:
            letter = Letter(text, span=atom.span)
            self.free[text] = letter
            self.unknowns.letters.append(letter)
        return self.free[text]

    def _foreign(self, atom: sx.Node, text: str) -> Foreign:
        for part in sx.walk(atom):
            if isinstance(part, sx.Name) and self.declarations.named(part.text):
                return Foreign(text, f"{text} is a quantity, and a neuron's letter belongs there")
        raise self.fail(f"{text} is no neuron: a letter or a number belongs here", atom)

    # --- matrices and linear algebra ---------------------------------------------------------

    def _identity(self, name: Written, node):
        size = None
        if name.sub:
            sub = node.sub
            dims = self._size(sub) or [self._dim(sub)] * 2
            if None in dims or dims[0] != dims[1]:
                return ex.Misplaced(f"{self.typed(node)}: a unit matrix is square", span=node.span)
            size = dims[0]
        if name.sup or name.primes:
            raise self.fail("I has only its size below, as in I_{2 \\times 2}", node)
        return _powered(ex.Identity(size, span=node.span), name.power, node.span)

    def _operator_unit(self, factors, signs, at):
        r"""\operatorname{diag}(…): of a column, or of its entries one after the other."""
        node = factors[at]
        follows = at + 1 < len(factors) and not signs[at + 1] and _is_argument(factors[at + 1])
        if node.text.strip() != "diag" or not follows:
            raise self.fail(rf"\{node.command}{{{node.text}}} has no meaning here", node)
        bracket = factors[at + 1]
        power = None
        if isinstance(bracket, sx.Scripted):
            bracket, power = bracket.base, operator(bracket.sup)
        column = self._in_a_column(bracket) or self.read(bracket)
        value = ex.Diag(column, span=(node.span[0], bracket.span[1]))
        return _powered(value, power, value.span), 2

    def _in_a_column(self, bracket: sx.Bracket):
        r"""(x_1, \dots, x_m) as the column of these; None for a single entry."""
        if len(bracket.items) < 2 or any(chain.relations for chain in bracket.items):
            return None
        rows = tuple(chain.sides[:1] for chain in bracket.items)
        return self._display(sx.Matrix("bmatrix", rows, span=bracket.span), None)

    def _matrix_unit(self, factors, signs, at):
        """A matrix, with its size below and (index = b) behind it."""
        node = factors[at]
        after = factors[at + 1] if at + 1 < len(factors) and not signs[at + 1] else None
        mark = self._marked(after)
        matrix = node.base if isinstance(node, sx.Scripted) else node
        display = self._display(matrix, mark)
        if isinstance(node, sx.Scripted):
            display = self._with_scripts(display, node)
        return display, 2 if mark is not None else 1

    def _marked(self, node):
        r"""The b of (\text{index} = b)."""
        if not isinstance(node, sx.Bracket) or node.open != "(" or len(node.items) != 1:
            return None
        chain = node.items[0]
        if chain.relations != ("=",) or not isinstance(chain.sides[0], sx.Text):
            return None
        if "index" not in chain.sides[0].text:
            raise self.fail(r"write (\text{index} = b) for the place of the entry", node)
        return self._neuron(chain.sides[1])

    def _display(self, node: sx.Matrix, mark):
        from bpderiv.meaning.dots import draft_display

        return draft_display(node, mark, self)


# --- helpers --------------------------------------------------------------------------------


def _signed(sign: str, term):
    return ex.Mul((ex.Number(Fraction(-1)), term), span=term.span) if sign == "-" else term


def _powered(value, power, span):
    if power is None:
        return value
    return ex.Transpose(value, span=span) if power == "T" else ex.Power(value, power, span=span)


def _is_number(value) -> bool:
    return isinstance(value, ex.Number) or (
        isinstance(value, (ex.Mul, ex.Add, ex.Power)) and all(map(_is_number, ex.children(value)))
    )


def _is_argument(node: sx.Node) -> bool:
    bracket = node.base if isinstance(node, sx.Scripted) and node.sub is None else node
    return isinstance(bracket, sx.Bracket) and bracket.open in "(["


def _without_partial(node: sx.Node):
    """(what is differentiated, how often) of ∂X or ∂²X; None if there is no ∂ in front."""
    first = node.factors[0] if isinstance(node, sx.Product) else node
    order = 1
    if isinstance(first, sx.Scripted) and isinstance(first.base, sx.Partial):
        order = operator(first.sup) or 1
        first = first.base
    if not isinstance(first, sx.Partial) or not isinstance(node, sx.Product):
        return None
    rest = node.factors[1:]
    if len(rest) == 1:
        return rest[0], order
    return sx.Product(rest, ("", *node.signs[2:]), span=(rest[0].span[0], node.span[1])), order


def _compact(typed: str) -> str:
    """v_{k,b} as one types it: no spaces between indices."""
    return re.sub(r"\{[^{}]*\}", lambda found: found[0].replace(" ", ""), typed)


def _spread(sub: tuple, wanted: int) -> tuple:
    """{11} for two indices is 1 and 1."""
    if len(sub) == 1 and wanted == 2 and isinstance(sub[0], sx.Number) and len(sub[0].text) == 2:
        return tuple(sx.Number(digit, span=sub[0].span) for digit in sub[0].text)
    return sub


def _name_apart(letters: list[Letter], free: dict[str, Letter]) -> None:
    """Every letter of a claim gets a name of its own: a bound one may be typed like a free one."""
    taken = set(free)
    for letter in letters:
        letter.name = letter.text
        if letter.bound:
            while letter.name in taken:
                letter.name += "′"
            taken.add(letter.name)


def _finish(draft, resolver: Resolver):
    """The tree with letters and layers in the place of the unknowns."""
    if isinstance(draft, Letter):
        return draft.name
    if isinstance(draft, Hole):
        return draft.layer or (draft.letter.layer if draft.letter else None)
    if isinstance(draft, tuple):
        return tuple(_finish(item, resolver) for item in draft)
    if hasattr(draft, "finish"):
        return draft.finish(lambda part: _finish(part, resolver))
    if not isinstance(draft, ex.Expression):
        return draft
    values = {f.name: _finish(getattr(draft, f.name), resolver) for f in fields(draft)}
    done = type(draft)(**values)
    if isinstance(done, ex.Apply) and done.layer is None:
        inside = next(
            (x.layers[0] for x in ex.walk(done.argument) if getattr(x, "layers", None)), None
        )
        done = replace(done, layer=inside)
    if isinstance(done, (ex.Entry, ex.Whole)) and None in done.layers:
        return _unsettled(done, resolver)
    if isinstance(done, ex.Equal) and done.layer is None:
        raise resolver.fail(
            "neurons of which layer are compared here? Use a letter", span=done.span
        )
    if isinstance(done, ex.Sum) and done.layer is None:
        raise resolver.fail(
            f"over which layer runs the sum of {done.index}? Write its upper limit", span=done.span
        )
    return done


def _unsettled(entry, resolver: Resolver):
    """A layer that nothing tells: an error, unless what stands there is no neuron anyway."""
    foreign = [x for x in getattr(entry, "indices", ()) if isinstance(x, Foreign)]
    if foreign or any(entry.layers):  # shapes.py says what is wrong
        return replace(entry, layers=tuple(x or "?" for x in entry.layers))
    shape = resolver.declarations.quantity(entry.name, len(entry.layers)).typed[-1]
    raise resolver.fail(
        f"which layer does this belong to? Write it: {_compact(shape)}", span=entry.span
    )
