r"""The chain rule multiplied out, and proofs for any width and any depth.

A *chain* E → e_k → y_k → v_k → w_{ba} is a product of Jacobians, each derived by itself and
multiplied from left to right. A *proof* differentiates the whole composed E directly, by w,
without any chain, takes the chain's product away and finds zero. Sizes are letters
throughout, so what is found holds for any width.

Any depth is *induction*: from −∂E/∂v_k = δ_k, whatever the layers after k may be, follow
∂E/∂v_j and ∂E/∂W^{k,j}.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain as chained
from itertools import count, islice

import sympy

from bpderiv import quantities
from bpderiv.compose import Composer, written_out
from bpderiv.definitions import NETWORK, Definitions
from bpderiv.drawing import drawn_matrix
from bpderiv.jacobians import Jacobian, for_reading, jacobian, summed
from bpderiv.printing import aligned, latex, plain
from bpderiv.quantities import Axis
from bpderiv.sums import gathered, normal
from bpderiv.symbols import by_name, by_value

#: The two chains of the notes, with the ids of their statements.
OUTPUT_WEIGHT = ("E", "e_k", "y_k", "v_k", "w_{ba}^{k,j}")  # 2.I.chain
HIDDEN_NEURON = ("E", "e_k", "y_k", "v_k", "y_j", "v_{j,a}")  # 2.II.chain, corrected
HIDDEN_WEIGHT = ("E", "e_k", "y_k", "v_k", "y_j", "v_j", "w_{ac}^{j,i}")


def _letters(names: tuple[str, ...], definitions: Definitions) -> list[str]:
    """One index letter for each quantity of a chain, none of them a neuron's: r, s, t, u, r1, …"""
    read = [quantities.read(name, definitions) for name in names]
    taken = set(quantities.fixed_letters(*read))
    letters = (letter + tail for tail in chained([""], map(str, count(1))) for letter in "rstu")
    return list(islice((letter for letter in letters if letter not in taken), len(names)))


@dataclass(frozen=True)
class Product:
    """The product of the first factors of a chain: its general entry and its axes."""

    entry: sympy.Expr
    axes: tuple[Axis, ...]

    def times(self, factor: Jacobian) -> Product:
        """Multiply by the next factor: sum over the letter that both share."""
        product = self.entry * by_name(factor.raw)
        product = summed(product, factor.X.axes, factor.definitions.layers)
        kept = tuple(axis for axis in self.axes if axis not in factor.X.axes)
        return Product(normal(product), kept + factor.Y.axes)


@dataclass(frozen=True)
class Chain:
    """∂X/∂Y as a product of Jacobians through the quantities named in between."""

    names: tuple[str, ...]
    definitions: Definitions = NETWORK

    @cached_property
    def factors(self) -> tuple[Jacobian, ...]:
        """The Jacobians, each derived by itself; neighbours share a letter."""
        marked = list(zip(self.names, _letters(self.names, self.definitions), strict=True))
        return tuple(
            jacobian(X, Y, self.definitions, letters=(r, s))
            for (X, r), (Y, s) in zip(marked, marked[1:], strict=False)
        )

    @cached_property
    def products(self) -> tuple[Product, ...]:
        """What is left after one, two, … factors have been multiplied together."""
        first = self.factors[0]
        found = [Product(normal(by_name(first.raw)), first.axes)]
        for factor in self.factors[1:]:
            found.append(found[-1].times(factor))
        return tuple(found)

    @property
    def product(self) -> sympy.Expr:
        """The general entry of the whole product, in the notes' names."""
        return self._read(self.products[-1])

    def _read(self, product: Product) -> sympy.Expr:
        fixed = {x for factor in self.factors for x in factor.letters}
        taken = {axis.letter for axis in product.axes} | fixed
        return for_reading(product.entry, self.definitions, taken)

    @property
    def left(self) -> str:
        """LaTeX of ∂X/∂Y."""
        X, Y = self.factors[0].X.latex(), self.factors[-1].Y.latex()
        return rf"\frac{{\partial {X}}}{{\partial {Y}}}"

    def explicit(self, *sizes: int, **at: int) -> list:
        """The factors as sympy matrices at chosen sizes; letters that do not run get numbers."""
        return [
            factor.explicit(*sizes, **{x: n for x, n in at.items() if x in factor.letters})
            for factor in self.factors
        ]

    def latex_factors(self) -> str:
        """LaTeX of the chain: ∂X/∂Y = ∂X/∂A · ∂A/∂B · …"""
        return f"{self.left} = " + r" \cdot ".join(factor.name() for factor in self.factors)

    def latex_products(self) -> list[str]:
        """LaTeX of the product after each factor, first to last."""
        layers = self.definitions.layers
        return [drawn_matrix(self._read(p), p.axes, layers) for p in self.products]

    def latex(self) -> str:
        """LaTeX of ∂X/∂Y = the product."""
        return f"{self.left} = {latex(self.product)}"

    def __repr__(self) -> str:
        """The quantities on the way, and the product."""
        return f"{' → '.join(self.names)}: {plain(self.product)}"

    def _repr_latex_(self) -> str:
        first = self.latex_factors().replace(" = ", " &= ", 1)
        return aligned([first, *(f"&= {text}" for text in self._multiplied_out())])

    def _multiplied_out(self) -> list[str]:
        """Each line: what is multiplied so far, then the factors still to come."""
        names = [factor.name() for factor in self.factors]
        products = self.latex_products()
        return [
            r" \cdot ".join([product, *names[done + 1 :]]) for done, product in enumerate(products)
        ]


class Shown:
    """What every proof has: two sides, and their difference in normal form, the `residual`."""

    residual: sympy.Expr

    @property
    def sides(self) -> tuple[sympy.Expr, sympy.Expr]:
        """The two expressions that are compared."""
        raise NotImplementedError

    @property
    def proved(self) -> bool:
        """Whether the residual is zero. False means "not proved", not "refuted"."""
        return self.residual == 0

    @property
    def any_width(self) -> bool:
        """Whether every size met on the way is a letter."""
        return all(sizes_are_letters(side) for side in self.sides)

    @property
    def proved_for_any_width(self) -> bool:
        """Whether it is proved and every size is a letter."""
        return self.proved and self.any_width

    @property
    def verdict(self) -> str:
        """What was shown, in words that claim no more."""
        if not self.proved:
            return "not proved"
        return "proved for any width" if self.any_width else "proved at these sizes"


@dataclass(frozen=True)
class Proof(Shown):
    """That a chain's product is the derivative of the whole composed X.

    `residual` is their difference, every name written out, in normal form; `same_shape` says
    whether the product has the rows and columns of the derivative.
    """

    chain: Chain
    direct: sympy.Expr
    product: sympy.Expr
    residual: sympy.Expr
    same_shape: bool

    @property
    def sides(self) -> tuple[sympy.Expr, sympy.Expr]:
        """The direct derivative and the chain's product."""
        return self.direct, self.product

    @property
    def proved(self) -> bool:
        """Whether the residual is zero, and of the right shape."""
        return super().proved and self.same_shape

    def __repr__(self) -> str:
        """What was shown, in words that claim no more."""
        chain = " → ".join(self.chain.names)
        sizes = ", ".join(map(str, self.chain.definitions.layers.sizes))
        if not self.same_shape:
            said = "NOT proved; the product has another shape"
        elif not self.proved:
            said = f"NOT proved; what is left is {plain(self.residual)}"
        elif self.any_width:
            said = f"proved for any sizes {sizes}: direct derivative − product = 0"
        else:
            said = f"proved at sizes {sizes}: direct derivative − product = 0"
        return f"{chain}\n    {said}"

    def _repr_latex_(self) -> str:
        verdict = rf"\text{{{self.verdict}}}"
        return aligned(
            [
                rf"\text{{directly:}} \quad & {latex(gathered(self.direct))}",
                rf"\text{{by the chain:}} \quad & {latex(gathered(self.product))}",
                rf"\text{{difference:}} \quad & {latex(self.residual)} \quad {verdict}",
            ]
        )


def prove(names: tuple[str, ...], definitions: Definitions = NETWORK) -> Proof:
    """Differentiate the composed X by Y directly; take the product of the chain away.

    `names` are the quantities on the way, X first and Y last, such as `OUTPUT_WEIGHT`.
    """
    chain = Chain(tuple(names), definitions)
    first, *_, last = _letters(chain.names, definitions)
    whole = jacobian(names[0], names[-1], definitions, letters=(first, last))
    cut = Composer(definitions, cut=whole.Y.family)
    product = normal(by_value(written_out(chain.products[-1].entry, cut)))
    direct = normal(by_value(whole.raw))
    reading = [for_reading(side, definitions, whole.taken) for side in (direct, product)]
    same_shape = chain.products[-1].axes == whole.axes
    return Proof(chain, *reading, normal(direct - product), same_shape)


def sizes_are_letters(expression: sympy.Expr) -> bool:
    """Whether every sum runs from 1 to a letter and no index is a number (0 is the bias)."""
    sums = all(
        low == 1 and high.is_Symbol
        for sum_ in expression.atoms(sympy.Sum)
        for _letter, low, high in sum_.limits
    )
    indices = all(
        index.is_Symbol or index == 0
        for part in expression.atoms(sympy.Indexed)
        for index in part.indices
    )
    return sums and indices


@dataclass(frozen=True)
class Induction:
    """Backpropagation at any depth, by induction on the distance from the output layer.

    `base` gives δ of the output layer. `step` takes any layer k with δ_k = −∂E/∂v_k,
    whatever comes after it, and gives δ of the layer j before. `weights` gives ∂E/∂w from δ.
    """

    base: Proof
    step: Proof
    weights: Proof

    @property
    def parts(self) -> tuple[Proof, Proof, Proof]:
        """The three proofs."""
        return self.base, self.step, self.weights

    @property
    def proved(self) -> bool:
        """Whether all three hold for any width."""
        return all(part.proved_for_any_width for part in self.parts)

    def __repr__(self) -> str:
        """The proof in words."""
        verdict = "proved for any width and any depth" if self.proved else "NOT proved"
        return "\n".join([*map(repr, self.parts), f"By induction: {verdict}."])

    def _repr_latex_(self) -> str:
        hypothesis = (
            r"\text{Suppose } \delta_{k,b} = -\partial \mathcal{E} / \partial v_{k,b}"
            r" \text{ for the neurons } b \text{ of a layer } k\text{. Then, for the layer }"
            r" j \text{ before it:}"
        )
        words = (r"\text{Output layer } k\text{:}", hypothesis, r"\text{and for the weights:}")
        lines = [
            rf"&{said} \\ &\qquad {part.chain.latex()}"
            for said, part in zip(words, self.parts, strict=True)
        ]
        verdict = "proved for any width, and so for any depth" if self.proved else "NOT proved"
        return aligned([*lines, rf"&\text{{{verdict}}}"])


def induction(definitions: Definitions = NETWORK) -> Induction:
    """Prove the base, the step and the weights' gradient.

    The step never sees what comes after layer k: there, E is an unknown function F(v_k).
    """
    unknown = definitions.unknown_after("k")
    return Induction(
        base=prove(("E", "e_k", "y_k", "v_{k,b}"), definitions),
        step=prove(("E", "v_k", "y_j", "v_{j,a}"), unknown),
        weights=prove(("E", "v_k", "w_{ba}^{k,j}"), unknown),
    )
