"""`bpderiv jacobians`: derive every Jacobian and check it, in front of the user."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from bpderiv.checks.comparison import Report
from bpderiv.checks.gradients import compare_gradients
from bpderiv.checks.point import random_point
from bpderiv.checks.roads import compare_jacobian, jacobian_pairs
from bpderiv.definitions import NETWORK, Definitions
from bpderiv.directions import prove_along
from bpderiv.jacobians import jacobian
from bpderiv.printing import plain
from bpderiv.proofs import HIDDEN_NEURON, HIDDEN_WEIGHT, OUTPUT_WEIGHT, induction, prove

#: The random networks on which Jacobians are compared: sizes, activations, bias, seed.
_POINTS = (
    ((2, 3, 4), ("tanh", "logistic"), False, 1),
    ((4, 3, 2), ("logistic", "tanh"), True, 2),
)
#: A deep one for the gradients.
_DEEP = ((3, 5, 2, 4, 3, 2, 4), ("tanh", "logistic", "relu", "linear", "tanh", "logistic"), 3)


def derivations() -> Iterator[tuple[tuple[str, ...], Report]]:
    """A row of the table for each Jacobian (name, shape, entry, proof), and its comparisons."""
    points = [random_point(n, phi, seed, bias=bias) for n, phi, bias, seed in _POINTS]
    for X, Y in jacobian_pairs():
        J = jacobian(X, Y)
        compared = [c for point in points for c in compare_jacobian(X, Y, point).comparisons]
        shape = " × ".join(map(str, J.shape))
        proved = "any width" if prove_along(X, Y).proved_for_any_width else "NOT PROVED"
        yield (J.plain_name(), shape, plain(J.entry), proved), Report(tuple(compared))


def gradients() -> Report:
    """The gradient of a network six layers deep, by every road."""
    sizes, functions, seed = _DEEP
    deep = random_point(sizes, functions, seed)
    return compare_gradients(deep.network, deep.x, deep.d)


def proofs() -> Iterator[tuple[str, bool]]:
    """The proofs for any width, one at a time: what, and whether it holds."""
    for definitions, said in ((NETWORK, ""), (Definitions.with_bias(), " with bias")):
        for names in (OUTPUT_WEIGHT, HIDDEN_NEURON, HIDDEN_WEIGHT):
            proof = prove(names, definitions)
            yield f"∂E/∂{names[-1]}{said}", proof.proved_for_any_width
        yield f"any depth by induction{said}", induction(definitions).proved


def overview() -> int:
    """Run everything and print what was shown; 0 if all holds."""
    console = Console(highlight=False)
    table = Table("Jacobian", "shape", "entry (by sympy)", "proved for", "compared", box=box.SIMPLE)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("deriving and checking", total=len(jacobian_pairs()) + 9)
        reports, shown = [], []
        for row, report in derivations():
            table.add_row(*map(escape, row), _agreeing(report))
            reports.append(report)
            shown.append((row[0], row[-1] == "any width"))
            progress.advance(task)
        deep = gradients()
        progress.advance(task)
        for proof in proofs():
            shown.append(proof)
            progress.advance(task)
    console.print(table)
    return _conclude(console, len(reports), [*reports, deep], shown)


def _agreeing(report: Report) -> str:
    return f"{report.agreeing} of {len(report.comparisons)}"


def _conclude(console: Console, derived: int, reports: list[Report], shown: list) -> int:
    """The last lines: totals, and whatever does not hold."""
    together = Report(tuple(c for report in reports for c in report.comparisons))
    holding = [name for name, holds in shown if holds]
    console.print(
        f"{derived} Jacobians derived from the forward equations. {len(holding)} of {len(shown)} "
        "proofs hold for any width (each Jacobian, and the chains), two of them for any depth.\n"
        f"{_agreeing(together)} comparisons of sympy and numpy agree: up to six roads, on random "
        "networks up to six layers deep (seeds 1 to 3)."
    )
    for name, holds in shown:
        if not holds:
            console.print(escape(f"NOT proved: {name}"))
    for comparison in together.comparisons:
        if not comparison.agree:
            console.print(escape(repr(comparison)))
    return 0 if together.agree and len(holding) == len(shown) else 1
