r"""Every Jacobian proved for any width, by walking in a straight line.

Move Y along an arbitrary direction U by a little: put Y + t·U for Y into X, and differentiate
by the single number t. At t = 0 this must be Σ_s ∂X/∂Y_s · U_s, the Jacobian times U, for
every U. The left side needs no Jacobian, no index to differentiate by and no [r = s]: it is a
derivative as at school. So it checks what `bpderiv.jacobians` does by another way, and all
sizes stay letters.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from bpderiv.compose import Composer
from bpderiv.definitions import NETWORK, Definitions
from bpderiv.jacobians import Jacobian, for_reading, jacobian, summed
from bpderiv.printing import aligned, latex, plain
from bpderiv.proofs import Shown
from bpderiv.sums import gathered, normal
from bpderiv.symbols import Component, Family, by_value, index_symbol


@dataclass(frozen=True)
class DirectionProof(Shown):
    """That ∂X/∂Y times a direction U is the slope of X along U, for any U and any width."""

    J: Jacobian
    slope: sympy.Expr
    product: sympy.Expr
    residual: sympy.Expr

    @property
    def sides(self) -> tuple[sympy.Expr, sympy.Expr]:
        """The slope, and the Jacobian times the direction."""
        return self.slope, self.product

    def __repr__(self) -> str:
        """What was shown, in words that claim no more."""
        name = self.J.plain_name()
        if not self.proved:
            return f"{name}: NOT proved; what is left is {plain(self.residual)}"
        return f"{name}: {self.verdict} (slope along any direction U − Jacobian times U = 0)"

    def _repr_latex_(self) -> str:
        moved = rf"{self.J.X.latex()}({self.J.Y.latex()} + t\,U)"
        slope = rf"\left. \tfrac{{d}}{{dt}} {moved} \right|_{{t=0}}"
        left, right = latex(gathered(self.slope)), latex(gathered(self.product))
        verdict = rf"\text{{{self.verdict}}}"
        return aligned([f"{slope} &= {left}", rf"{self.J.name()} \, U &= {right} \quad {verdict}"])


def prove_along(X: str, Y: str, definitions: Definitions = NETWORK) -> DirectionProof:
    """Compare ∂X/∂Y, times a direction, with the slope of X along that direction.

    `Y` is a whole layer or all the weights between two layers.

    Errors
    ------
    ValueError
        if Y is a single neuron or weight, or X or Y is not a quantity of the network.
    """
    J = jacobian(X, Y, definitions)
    if not J.Y.axes:
        raise ValueError(f"a direction needs a whole layer or W, not {Y!r}")
    direction = Family("U", *J.Y.entry.layers)
    slope = normal(_slope(J, direction))
    along = J.composed * direction[tuple(index_symbol(axis.letter) for axis in J.Y.axes)]
    product = normal(summed(along, J.Y.axes, definitions.layers))
    reading = [for_reading(side, definitions, J.taken) for side in (slope, product)]
    return DirectionProof(J, *reading, normal(slope - product))


def _slope(J: Jacobian, direction: Family) -> sympy.Expr:
    """d/dt of X at Y + t·U, at t = 0."""
    t = sympy.Symbol("t", real=True)
    cut = Composer(J.definitions, cut=J.Y.family, functions=J.functions)
    written_out = by_value(cut.component(J.X.entry))
    name, layers = J.Y.family
    moved = {
        part: part + t * direction[part.indices]
        for part in written_out.atoms(Component)
        if (part.base.quantity, part.base.layers) == (name, layers) and 0 not in part.indices
    }
    return written_out.xreplace(moved).diff(t).xreplace({t: sympy.S.Zero})
