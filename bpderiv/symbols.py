"""The notes' symbols in sympy: components, φ and its derivatives, values with a name.

Four classes carry everything. `Component` is one component of a named quantity, such as
v_k[b]. `phi` is a layer's generic activation function, whose derivative is φ′ and nothing
else. `Sum` is Σ over a layer. `Named` is a value that remembers its name: to differentiate,
sympy looks inside; to read, we see the name. So one expression is both "E written out in the
weights" and the notes' "−e φ′ y".
"""

from __future__ import annotations

import sympy
from sympy.core.function import ArgumentIndexError

#: What sympy may ask about a number: is it real, zero, positive, … ?
_FACTS = frozenset(sympy.Symbol("x", zero=True).assumptions0) - {"commutative"}

#: LaTeX of the quantities whose name is not already what the notes write.
_LATEX_NAMES = {
    "E": r"\mathcal{E}", "delta": r"\delta", "eta": r"\eta", "phi": r"\varphi", "γ": r"\gamma",
}  # fmt: skip


def index_symbol(letter: str) -> sympy.Symbol:
    """The sympy symbol of an index: a whole number, at least 1 (so never the bias's 0)."""
    return sympy.Symbol(letter, integer=True, positive=True)


def size_symbol(size: str | int) -> sympy.Expr:
    """The sympy symbol of a layer's size, or the number itself."""
    if isinstance(size, int):
        return sympy.Integer(size)
    return sympy.Symbol(size, integer=True, positive=True)


class _NothingKnown:
    """A number of which nothing is known.

    Whenever sympy differentiates, it asks whether a product is zero, hence whether its factors are
    real, positive, finite; these say at once that it is not known, and are not searched for signs.
    """

    def __init_subclass__(cls, **kwargs):
        """Before sympy prepares the class: whatever it may ask about a number is not known."""
        for fact in _FACTS:
            if f"is_{fact}" not in cls.__dict__:
                setattr(cls, f"is_{fact}", None)
        super().__init_subclass__(**kwargs)


class Component(_NothingKnown, sympy.Indexed):
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


class Sum(_NothingKnown, sympy.Sum):
    """Σ over a layer. sympy asks again and again for its free symbols: they are found once."""

    _free: frozenset | None = None

    @property
    def free_symbols(self) -> set:
        """The symbols that mean something outside the sum."""
        if self._free is None:
            self._free = frozenset(super().free_symbols)
        return set(self._free)


def function_symbol(name: str, layer: str) -> sympy.Symbol:
    """Which function `phi` is: k is φ_k of the course; any other name is said, as in σ_k."""
    return sympy.Symbol(layer if name == "phi" else f"{name}_{layer}")


def function_latex(function: sympy.Symbol) -> str:
    r"""How it is written: \varphi_k, \sigma_k."""
    name, _, layer = str(function).rpartition("_")
    return f"{name or latex_name('phi')}_{layer}"


class phi(_NothingKnown, sympy.Function):  # noqa: N801 - the notes' letter
    """φ of a layer at an argument: phi(k, order, v); order 1 is φ′, order 2 is φ″.

    A text may have more functions than one, and call them as it likes: see `function_symbol`.
    """

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
        function, order, argument = self.args
        text = f"{function_latex(function)}{primes(order)}({printer._print(argument)})"
        return rf"{text}^{{{exp}}}" if exp else text

    def _sympystr(self, printer) -> str:
        layer, order, argument = self.args
        return f"phi_{layer}{primes(order)}({printer._print(argument)})"


class Named(_NothingKnown, sympy.Function):
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


def latex_name(name: str) -> str:
    r"""LaTeX of a quantity's name: \delta for delta, e for e."""
    return _LATEX_NAMES.get(name, name)


def component_latex(name: str, layers=(), indices=(), show=str) -> str:
    r"""LaTeX of a component, as the notes write it: e_{k,b}, w_{ba}^{k,j}, w_{ba}^{k,j}(n+1)."""
    name, bracket, time = name.partition("(")
    return _component_latex(latex_name(name), layers, indices, show) + bracket + time


def _component_latex(letter: str, layers, indices, show) -> str:
    shown = [show(index) for index in indices]
    if len(layers) == 2:
        lower = "".join(shown) if all(len(x) == 1 for x in shown) else ",".join(shown)
        lower = f"_{{{lower}}}" if shown else ""
        return f"{letter}{lower}^{{{layers[0]},{layers[1]}}}"
    lower = ",".join([*layers, *shown])
    return f"{letter}_{{{lower}}}" if len(lower) > 1 else f"{letter}_{lower}" if lower else letter


def primes(order) -> str:
    """One prime for each derivative."""
    return "'" * int(order)
