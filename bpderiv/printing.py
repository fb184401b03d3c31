"""How sympy's expressions are shown: LaTeX as the notes write it, and plain text."""

from __future__ import annotations

import sympy
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from bpderiv.colours import in_colour
from bpderiv.meaning.names import readable
from bpderiv.symbols import Component, Named, component_latex, function_latex, latex_name, primes

#: Digits as exponents in plain text.
_ABOVE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class NotesPrinter(LatexPrinter):
    """sympy's LaTeX, with products in the notes' order and Kronecker's symbol as [r = b]."""

    def _print_Symbol(self, expr, **more):
        name = latex_name(expr.name)
        return name if name != expr.name else super()._print_Symbol(expr, **more)

    def _print_KroneckerDelta(self, expr, exp=None):
        left, right = same_neuron(expr)
        return rf"[{self._print(left)} = {self._print(right)}]"

    def _print_Mul(self, expr):
        sign, number, factors = split_product(expr)
        below = [f for f in factors if f.is_Pow and f.exp.is_negative]
        if below:
            above = sympy.Mul(number, *(f for f in factors if f not in below))
            under = sympy.Mul(*(1 / f for f in below))
            return sign + rf"\frac{{{self._print(above)}}}{{{self._print(under)}}}"
        if len(factors) == 1 and isinstance(factors[0], sympy.Sum) and not _signed(factors[0]):
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
        """Σ over what depends on its letter; the other factors follow, as the notes write it.

        A sign or a number goes before the Σ.
        """
        letters = {limit[0] for limit in expr.limits}
        inner, outer = [], []
        number, function = expr.function.as_coeff_Mul()
        if number != 1:
            return self._print_Mul(sympy.Mul(number, expr.func(function, *expr.limits)))
        for factor in sympy.Mul.make_args(function):
            depends = function == 1 or letters & _symbols(factor)
            (inner if depends else outer).append(factor)
        sums = "".join(
            rf"\sum_{{{self._print(i)}={self._print(low)}}}^{{{self._print(high)}}} "
            for i, low, high in expr.limits
        )
        body = sympy.Mul(*inner)
        text = sums + (rf"\left({self._print(body)}\right)" if body.is_Add else self._print(body))
        if not outer:
            return text
        return rf"\left[{text}\right] \, " + self._print(sympy.Mul(*outer))

    def _print_Derivative(self, expr):
        """∂X/∂Y, for a first derivative of what has a name."""
        if expr.derivative_count != 1 or not expr.expr.is_Atom and not expr.expr.is_Indexed:
            return super()._print_Derivative(expr)
        above, below = self._print(expr.expr), self._print(expr.variables[0])
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"

    def _bracket(self, factor):
        text = self._print(factor)
        if factor.is_Add or text.startswith("-"):
            return rf"\left({text}\right)"
        if isinstance(factor, sympy.Sum) and not text.startswith(r"\left["):
            return rf"\left[{text}\right]"
        return text


class PlainPrinter(StrPrinter):
    """The same in plain text, for terminals; components as one types them: w_{ba}^{k,j}."""

    printmethod = "_plain"  # not the classes' own _sympystr

    def _print_Symbol(self, expr):
        return readable(latex_name(expr.name))

    def _print_Pow(self, expr, rational=False):
        if not expr.exp.is_Integer or expr.exp < 2:
            return super()._print_Pow(expr, rational)
        power = str(expr.exp).translate(_ABOVE)
        return self.parenthesize(expr.base, PRECEDENCE["Pow"]) + power

    def _print_Component(self, expr):
        base = expr.base
        text = component_latex(base.quantity, base.layers, expr.indices, self._print)
        return readable(text)

    def _print_KroneckerDelta(self, expr):
        left, right = same_neuron(expr)
        return f"[{left} = {right}]"

    def _print_Mul(self, expr):
        sign, number, factors = split_product(expr)
        shown = [self.parenthesize(factor, PRECEDENCE["Mul"]) for factor in factors]
        return sign + " ".join([str(number)] * (number != 1 or not shown) + shown)

    def _print_Sum(self, expr):
        letters = "".join(f"Σ_{limit[0]} " for limit in expr.limits)
        return f"({letters}{self._print(expr.function)})"

    def _print_Unknown(self, expr):
        of = expr.args[0].args[0] if isinstance(expr.args[0], Named) else expr.args[0]
        first, last = (
            self._print(of.xreplace({expr.args[2]: x})) for x in (sympy.S.One, expr.args[3])
        )
        return f"F({first}, …, {last})"

    def _print_Named(self, expr):
        return self._print(expr.args[0])

    def _print_phi(self, expr):
        function, order, argument = expr.args
        return f"{readable(function_latex(function))}{primes(order)}({self._print(argument)})"


def plain(expression) -> str:
    """Plain text of a sympy expression, in the notes' order."""
    return PlainPrinter().doprint(expression)


def _symbols(tree: sympy.Expr) -> set:
    """The free symbols, with those of what is differentiated by: sympy leaves them out."""
    by = (x for d in tree.atoms(sympy.Derivative) for x in d.variables)
    return tree.free_symbols.union(*(x.free_symbols for x in by))


def _signed(sum_: sympy.Sum) -> bool:
    """Whether a sign or a number goes before its Σ."""
    return sum_.function.as_coeff_Mul()[0] != 1


def _is_negative(term) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def split_product(product: sympy.Expr) -> tuple[str, sympy.Expr, list]:
    """Sign, positive number, and the other factors in the order in which they are written."""
    number, rest = product.as_coeff_Mul()
    factors = [factor for factor in sympy.Mul.make_args(rest) if factor != 1]
    return "-" if number.is_negative else "", abs(number), sorted(factors, key=_place)


#: Where a factor stands in a product: e φ′ w y reads as the chain does. What is not listed
#: (a bracket, [r = b]) comes first.
_PLACES = {"d": 0, "e": 1, "delta": 2, "phi": 3, "w": 3, "y": 4, "v": 5}


def _place(factor: sympy.Expr) -> tuple:
    """A sort key; φ′ and w go from the output layer backwards: φ′_k w_kj φ′_j w_ji."""
    base = factor.base if factor.is_Pow else factor
    if isinstance(base, Named):
        base = base.args[0]
    kind = base.base.quantity if isinstance(base, Component) else type(base).__name__
    layers = {"phi": lambda: str(base.args[0])[-1], "w": lambda: base.base.layers[0]}
    backwards = -ord(layers[kind]()) if kind in layers else 0
    return _PLACES.get(kind, -1), backwards, kind, str(factor)


def same_neuron(delta: sympy.KroneckerDelta) -> list:
    """The two indices of [r = b], the row's letter (r, s, …) first."""
    return sorted(delta.args, key=lambda index: (str(index) not in "rstu", str(index)))


def latex(expression) -> str:
    """LaTeX of a sympy expression, in the notes' notation."""
    return NotesPrinter().doprint(expression)


def displayed(latex: str) -> str:
    """LaTeX as Jupyter wants it, each quantity in its colour."""
    return rf"$\displaystyle {in_colour(latex)}$"


def aligned(lines: list[str]) -> str:
    """Lines of LaTeX, aligned at their &, as Jupyter wants them."""
    return displayed(r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}")
