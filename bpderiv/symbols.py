"""The notes' symbols in sympy: components, φ and its derivatives, and how they are printed.

Three classes carry everything. `Component` is one component of a named quantity, such as
v_k[b]. `phi` is a layer's generic activation function, whose derivative is φ′ and nothing
else. `Named` is a value that remembers its name: to differentiate, sympy looks inside; to
read, we see the name. So one expression is both "E written out in the weights" and the
notes' "−e φ′ y".
"""

from __future__ import annotations

import sympy
from sympy.core.function import ArgumentIndexError
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

#: LaTeX of the quantities whose name is not already what the notes write.
_LATEX_NAMES = {"E": r"\mathcal{E}", "delta": r"\delta"}


def index_symbol(letter: str) -> sympy.Symbol:
    """The sympy symbol of an index: a whole number, at least 1 (so never the bias's 0)."""
    return sympy.Symbol(letter, integer=True, positive=True)


def size_symbol(size: str | int) -> sympy.Expr:
    """The sympy symbol of a layer's size, or the number itself."""
    if isinstance(size, int):
        return sympy.Integer(size)
    return sympy.Symbol(size, integer=True, positive=True)


class Component(sympy.Indexed):
    """One component of a quantity: v_k[b], w_kj[b, a]; its base is a `Family`."""

    def _latex(self, printer) -> str:
        return component_latex(self.base.quantity, self.base.layers, self.indices, printer._print)


class Family(sympy.IndexedBase):
    """A quantity of a layer (v_k), or the weights between two layers (w_kj)."""

    def __new__(cls, name, *layers):
        """Make the family `name` of the given layers; sympy rebuilds it from its label."""
        label = f"{name}_{''.join(layers)}" if layers else str(name)
        return super().__new__(cls, sympy.Symbol(label))

    def __getitem__(self, indices):
        """One component."""
        return Component(self, *(indices if isinstance(indices, tuple) else (indices,)))

    @property
    def quantity(self) -> str:
        """The quantity's name: "v", "w", "delta"."""
        return str(self.label).split("_")[0]

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that it belongs to; for weights the receiving layer first."""
        return tuple(str(self.label).split("_")[1]) if "_" in str(self.label) else ()


class phi(sympy.Function):  # noqa: N801 - the notes' letter
    """φ of a layer at an argument: phi(k, order, v); order 1 is φ′, order 2 is φ″."""

    nargs = 3

    @classmethod
    def eval(cls, layer, order, argument):
        """Leave it as it stands: φ is generic, nothing is known about it."""
        return None

    def fdiff(self, argindex=3):
        """The derivative of φ is φ′, at the same argument."""
        layer, order, argument = self.args
        if argindex != 3:
            raise ArgumentIndexError(self, argindex)
        return phi(layer, order + 1, argument)

    def _eval_derivative(self, s):
        return self.fdiff() * self.args[2].diff(s)

    def _latex(self, printer, exp=None) -> str:
        layer, order, argument = self.args
        text = rf"\varphi_{layer}{primes(order)}({printer._print(argument)})"
        return rf"{text}^{{{exp}}}" if exp else text

    def _sympystr(self, printer) -> str:
        layer, order, argument = self.args
        return f"phi_{layer}{primes(order)}({printer._print(argument)})"


class Named(sympy.Function):
    """A value with a name: Named(name, value). Differentiated, it is its value."""

    nargs = 2

    @classmethod
    def eval(cls, name, value):
        """Leave it as it stands."""
        return None

    def _eval_derivative(self, s):
        return self.args[1].diff(s)

    def _latex(self, printer, exp=None) -> str:
        text = printer._print(self.args[0])
        return rf"{text}^{{{exp}}}" if exp else text

    def _sympystr(self, printer) -> str:
        return printer._print(self.args[0])


def by_name(expression: sympy.Expr) -> sympy.Expr:
    """Every named value replaced by its name: what a reader wants to see."""
    return _replace(expression, Named, lambda node: node.args[0])


def by_value(expression: sympy.Expr) -> sympy.Expr:
    """Every named value written out: what a proof must look at."""
    return _replace(expression, Named, lambda node: by_value(node.args[1]))


def _replace(expression, kind, rule):
    """Replace the outermost nodes of a kind (sympy's own `replace` works from the leaves)."""
    if isinstance(expression, kind):
        return rule(expression)
    if not expression.args or not expression.has(kind):
        return expression
    return expression.func(*(_replace(part, kind, rule) for part in expression.args))


def component_latex(name: str, layers=(), indices=(), show=str) -> str:
    r"""LaTeX of a component, as the notes write it: e_{k,b}, w_{ba}^{k,j}, \mathcal{E}."""
    letter = _LATEX_NAMES.get(name, name)
    shown = [show(index) for index in indices]
    if len(layers) == 2:
        lower = "".join(shown) if all(len(x) == 1 for x in shown) else ",".join(shown)
        lower = f"_{{{lower}}}" if shown else ""
        return f"{letter}{lower}^{{{layers[0]},{layers[1]}}}"
    lower = ",".join([*layers, *shown])
    return f"{letter}_{{{lower}}}" if len(lower) > 1 else f"{letter}_{lower}" if lower else letter


class NotesPrinter(LatexPrinter):
    """sympy's LaTeX, with products in the notes' order and Kronecker's symbol as [r = b]."""

    #: Factors of a product are written in this order: e φ′ w y reads as the chain does.
    _ORDER = ("d", "e", "delta", "phi", "w", "y", "v")

    def _print_KroneckerDelta(self, expr, exp=None):
        # The row's letter (r, s, …) first: [r = b].
        left, right = sorted(expr.args, key=lambda x: (str(x) not in "rstu", str(x)))
        return rf"[{self._print(left)} = {self._print(right)}]"

    def _print_Mul(self, expr):
        sign, number, factors = _split_product(expr, self._rank)
        if len(factors) == 1 and isinstance(factors[0], sympy.Sum):
            shown = [self._print_Sum(factors[0])]
        else:
            shown = [self._bracket(f) for f in factors]
        if number != 1 or not shown:
            shown.insert(0, self._print(number))
        return sign + r" \, ".join(shown)

    def _print_Add(self, expr, order=None):
        terms = sorted(expr.args, key=lambda t: (_is_negative(t), sympy.default_sort_key(t)))
        text = self._print(terms[0])
        for term in terms[1:]:
            shown = self._print(term)
            text += f" - {shown[1:].lstrip()}" if shown.startswith("-") else f" + {shown}"
        return text

    def _print_Sum(self, expr):
        """Σ over what depends on its letter; the other factors follow, as the notes write it."""
        letters = {limit[0] for limit in expr.limits}
        inner, outer = [], []
        for factor in sympy.Mul.make_args(expr.function):
            (inner if letters & factor.free_symbols else outer).append(factor)
        sums = "".join(
            rf"\sum_{{{self._print(i)}={self._print(low)}}}^{{{self._print(high)}}} "
            for i, low, high in expr.limits
        )
        body = sympy.Mul(*inner)
        text = sums + (rf"\left({self._print(body)}\right)" if body.is_Add else self._print(body))
        if not outer:
            return text
        return rf"\left[{text}\right] \, " + self._print(sympy.Mul(*outer))

    def _bracket(self, factor):
        text = self._print(factor)
        if factor.is_Add:
            return rf"\left({text}\right)"
        if isinstance(factor, sympy.Sum) and not text.startswith(r"\left["):
            return rf"\left[{text}\right]"
        return text

    def _rank(self, factor):
        base = factor.base if factor.is_Pow else factor
        name = type(base).__name__
        if isinstance(base, Named):
            base = base.args[0]
        if isinstance(base, Component):
            name = base.base.quantity
        place = self._ORDER.index(name) if name in self._ORDER else -1
        if name == "phi" or name == "w":  # φ′_k w_kj φ′_j w_ji: from the output backwards
            place = self._ORDER.index("phi")
            layer = str(base.args[0]) if name == "phi" else base.base.layers[0]
            return (place, -ord(layer), name, str(factor))
        return (place, 0, name, str(factor)) if not isinstance(base, sympy.Sum) else (1, 0, "", "")


class PlainPrinter(StrPrinter):
    """The same in plain text, for terminals; components as one types them: w_{ba}^{k,j}."""

    printmethod = "_plain"  # not the classes' own _sympystr

    def _print_Component(self, expr):
        base = expr.base
        text = component_latex(base.quantity, base.layers, expr.indices, self._print)
        return text.replace(r"\delta", "δ").replace(r"\mathcal{E}", "E")

    def _print_KroneckerDelta(self, expr):
        left, right = sorted(expr.args, key=lambda x: (str(x) not in "rstu", str(x)))
        return f"[{left} = {right}]"

    def _print_Mul(self, expr):
        sign, number, factors = _split_product(expr, NotesPrinter()._rank)
        shown = [self.parenthesize(factor, PRECEDENCE["Mul"]) for factor in factors]
        return sign + " ".join([str(number)] * (number != 1 or not shown) + shown)

    def _print_Sum(self, expr):
        letters = "".join(f"Σ_{limit[0]} " for limit in expr.limits)
        return f"({letters}{self._print(expr.function)})"

    def _print_Named(self, expr):
        return self._print(expr.args[0])

    def _print_phi(self, expr):
        layer, order, argument = expr.args
        return f"φ_{layer}{primes(order)}({self._print(argument)})"


def plain(expression) -> str:
    """Plain text of a sympy expression, in the notes' order."""
    return PlainPrinter().doprint(expression)


def primes(order) -> str:
    """One prime for each derivative."""
    return "'" * int(order)


def _is_negative(term) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def _split_product(expr, rank):
    number, rest = expr.as_coeff_Mul()
    sign = "-" if number.is_negative else ""
    factors = sorted(sympy.Mul.make_args(rest), key=rank)
    return sign, abs(number), [f for f in factors if f != 1]


def latex(expression) -> str:
    """LaTeX of a sympy expression, in the notes' notation."""
    return NotesPrinter().doprint(expression)


def aligned(lines: list[str]) -> str:
    """Lines of LaTeX, aligned at their &, as Jupyter wants them."""
    return r"$\displaystyle \begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}$"
