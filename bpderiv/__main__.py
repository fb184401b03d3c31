"""`python -m bpderiv`: derive every Jacobian and check it, in front of the user.

Ends with exit code 1 if anything is not proved or two roads disagree.
"""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import Progress

from bpderiv.checks.gradients import compare_gradients
from bpderiv.checks.point import random_point
from bpderiv.checks.roads import compare_jacobian, jacobian_pairs
from bpderiv.definitions import NETWORK, Definitions
from bpderiv.proofs import HIDDEN_NEURON, HIDDEN_WEIGHT, OUTPUT_WEIGHT, induction, prove

#: Sizes, activations, bias and seed of the random networks that are compared.
_POINTS = (
    ((2, 3, 4), ("tanh", "logistic"), False, 1),
    ((4, 3, 2), ("logistic", "tanh"), True, 2),
)
_DEEP = ((3, 5, 2, 4, 3, 2, 4), ("tanh", "logistic", "relu", "linear", "tanh", "logistic"))


def proofs():
    """The proofs for any width, one at a time: (name, how it went, whether it holds)."""
    for definitions, said in ((NETWORK, ""), (Definitions.with_bias(), ", with bias")):
        for names in (OUTPUT_WEIGHT, HIDDEN_NEURON, HIDDEN_WEIGHT):
            proof = prove(names, definitions)
            yield f"∂E/∂{names[-1]}{said}", proof.proved and proof.any_width
        yield f"any depth, by induction{said}", induction(definitions).proved


def comparisons():
    """The reports of all comparisons, one Jacobian or network at a time."""
    for sizes, functions, bias, seed in _POINTS:
        point = random_point(sizes, functions, seed, bias=bias)
        for X, Y in jacobian_pairs():
            yield compare_jacobian(X, Y, point)
    deep = random_point(*_DEEP, seed=3)
    yield compare_gradients(deep.network, deep.x, deep.d)


def main() -> int:
    """Run everything; print a few lines; 0 if all holds."""
    console = Console(highlight=False)
    proved, failed, reports = [], [], []
    total = 8 + len(_POINTS) * len(jacobian_pairs()) + 1
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("deriving and checking", total=total)
        for name, holds in proofs():
            (proved if holds else failed).append(name)
            progress.advance(task)
        for report in comparisons():
            reports.append(report)
            progress.advance(task)
    different = [c for report in reports for c in report.comparisons if not c.agree]
    count = sum(len(report.comparisons) for report in reports)
    console.print(f"{len(jacobian_pairs())} Jacobians derived by sympy from the forward equations.")
    console.print(f"{len(proved)} of {len(proved) + len(failed)} proofs hold for any width: "
                  f"{', '.join(proved)}.", soft_wrap=False)  # fmt: skip
    console.print(f"{count - len(different)} of {count} comparisons with numpy agree "
                  "(random networks, seeds 1 to 3).")  # fmt: skip
    for name in failed:
        console.print(f"NOT proved: {name}")
    for comparison in different:
        console.print(str(comparison))
    return 1 if failed or different else 0


if __name__ == "__main__":
    sys.exit(main())
