r"""A line of the notes as a learner meets it: as it is written, and both of its sides in numbers.

The numbers come from the LaTeX in the notes, read by the checker and put into a small network in
fractions; nobody types them. So what an erratum claims can be held against what is true.

>>> from bpderiv import pencil
>>> both_sides("2.II.def", pencil())
2.II.def: left [2; 2.5], right [2; 1.25]
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from itertools import product

import numpy as np
import sympy

from bpderiv.checks.point import Point
from bpderiv.document.document import Statement
from bpderiv.document.example import Example as Declared
from bpderiv.document.notes import notes_declarations, notes_folder
from bpderiv.example import Example, numbers_latex
from bpderiv.judges.exact import Evaluation, Grid, TooSmall
from bpderiv.meaning.claims import Claim, links
from bpderiv.meaning.shapes import UNKNOWN, IllTyped, Shapes
from bpderiv.meaning.window import Window, make_window
from bpderiv.reading.reader import read
from bpderiv.statements import Equation
from bpderiv.verdict import Verdict, judge_statement
from bpderiv.verdicts import notes_documents

#: What kind of slip a mistake of the catalogue is, for a reader who sorts.
KINDS = {
    "layout": "shape",
    "wrong size": "shape",
    "index of the sum": "index",
    "neighbouring index": "index",
    "sign": "sign",
    "y for v": "path",
    "φ′ of the wrong layer": "path",
    "φ′ missing": "path",
    "w missing": "path",
}


# --- a line as it is written ----------------------------------------------------------------------


def as_written(id_: str) -> Equation:
    """A statement of the notes, to look at.

    Errors
    ------
    ValueError
        for an id that is not in the notes.
    """
    return Equation(_found(id_).latex.partition(r"\tag")[0].strip())


def _found(id_: str) -> Statement:
    for document in notes_documents():
        for statement in document.statements:
            if id_ in statement.ids:
                return statement
    raise ValueError(f"the notes have no statement {id_}")


# --- both sides in numbers ------------------------------------------------------------------------


@dataclass(frozen=True)
class Sides:
    """Both sides of a line in one network: rows × columns, NaN where dots hide an entry."""

    id: str
    left: np.ndarray
    right: np.ndarray

    @property
    def equal(self) -> bool:
        """Whether nothing that is shown differs."""
        return self.left.shape == self.right.shape and not self.different.any()

    @property
    def different(self) -> np.ndarray:
        """Entry by entry, where both are shown and differ.

        Errors
        ------
        ValueError
            for sides of different shapes.
        """
        if self.left.shape != self.right.shape:
            raise ValueError(f"{self.id}: the sides are {_by(self.left)} and {_by(self.right)}")
        return (self.left != self.right) & ~np.isnan(self.left) & ~np.isnan(self.right)

    def __repr__(self) -> str:
        """In one line."""
        return f"{self.id}: left {_flat(self.left)}, right {_flat(self.right)}"

    def _repr_latex_(self) -> str:
        sign = "=" if self.equal else r"\ne"
        words = (
            rf"\text{{{name}: }} {numbers_latex(side)}"
            for name, side in (("left side", self.left), ("right side", self.right))
        )
        between = rf" \quad {sign} \quad "
        return rf"$\displaystyle {between.join(words)}$"


def _by(side: np.ndarray) -> str:
    return " × ".join(map(str, side.shape))


def _flat(side: np.ndarray) -> str:
    rows = [", ".join(f"{x:g}" for x in row) for row in side]
    return rows[0] if side.size == 1 else f"[{'; '.join(rows)}]"


def both_sides(id_: str, example: Example | Point, **neurons: int) -> Sides:
    """What both sides of a statement of the notes come to in an example.

    Parameters
    ----------
    id_ : str
        of the statement; of a chain the last two sides are taken.
    example : Example or Point
        a network with polynomials for φ, as many layers deep as the statement speaks of.
    neurons : int
        for letters of neurons, as in a=2. One letter may be left out if the sides are single
        numbers: then all its values are taken, one below the other.

    Errors
    ------
    ValueError
        for an unknown id, a network that does not fit, and sides that cannot be computed.
    """
    statement = _found(id_)
    declared = _declared(example, statement.window)
    link = links(read(statement.latex)[-1], statement.window, notes_declarations(),
                 statement.latex)[-1]  # fmt: skip
    claim = link.claims[0]
    places = {layer: n for n, layer in enumerate(statement.window.layers)}
    free = {x: layer for x, layer in claim.letters if x not in neurons}
    ranges = [range(1, example.network.sizes[places[layer]] + 1) for layer in free.values()]
    trial = declared.network()
    try:
        values = [
            [_rows(Evaluation(trial, places, {**neurons, **dict(zip(free, at, strict=True))}), side)
             for side in _computable(claim)]
            for at in product(*ranges)
        ]  # fmt: skip
    except (IllTyped, TooSmall) as error:
        reason = getattr(error, "reason", error)
        raise ValueError(f"{id_} has no value: {reason}") from None
    if len(values) > 1 and (len(free) > 1 or any(x.size > 1 for pair in values for x in pair)):
        raise ValueError(f"{id_}: say which neuron, as in {next(iter(free))}=1")
    left, right = (np.vstack(side) for side in zip(*values, strict=True))
    return Sides(id_, left, right)


def _computable(claim: Claim):
    """The claim's sides; each by itself where they cannot be equal."""
    if claim.problem is None:
        return claim.left, claim.right
    shapes = Shapes(claim.declarations, claim.window, dict(claim.letters))
    return tuple(shapes.settle(side, UNKNOWN)[0] for side in claim.as_read)


def _rows(evaluation: Evaluation, side) -> np.ndarray:
    value = evaluation.value(side)
    grid = value if isinstance(value, Grid) else Grid(1, 1, (value,))
    entries = [np.nan if x is None else float(x.number) for x in grid.entries]
    return np.array(entries).reshape(grid.rows, grid.columns)


def _declared(example: Example | Point, window: Window) -> Declared:
    """The example as a text would declare it, in the window's letters."""
    network, layers = example.network, window.layers
    if len(network.sizes) != len(layers):
        raise ValueError(f"the statement has the layers {' → '.join(layers)}: expected a network "
                         f"of {len(layers)} layers, not {len(network.sizes)}")  # fmt: skip
    letters = "abcdefghlmopqrstuvwxyzABCDEF"
    sizes = [x for x in letters if x not in layers][: len(layers)]
    neurons = [x for x in letters if x not in (*layers, *sizes)][: len(layers)]
    place = make_window(" ".join(layers), layers[-1], " ".join(sizes), " ".join(neurons))
    declared, v = Declared(notes_declarations()), sympy.Symbol("v")
    lines = [f"{letter} := {size}" for letter, size in zip(sizes, network.sizes, strict=True)]
    lines += [f"y_{layers[0]} := {_exactly(example.x[0])}"]
    lines += [f"d_{layers[-1]} := {_exactly(example.d[0])}"]
    for n in range(1, len(layers)):
        lines += [f"W^{{{layers[n]},{layers[n - 1]}}} := {_exactly(network.W[n])}"]
        lines += [rf"\varphi_{layers[n]}(v) := {_polynomial(network.phi[n], v)}"]
    for line in lines:
        declared.take(line, place)
    return declared


def _exactly(values) -> str:
    """A column or a matrix, no digit rounded away."""
    rows = np.reshape(values, (len(values), -1))
    body = r" \\ ".join(" & ".join(_decimal(x) for x in row) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def _decimal(x: float) -> str:
    return np.format_float_positional(x, trim="-")


def _polynomial(phi, v: sympy.Symbol) -> str:
    formula = sympy.nsimplify(phi.formula(v))
    if not formula.is_polynomial(v):
        raise ValueError(f"φ is {phi}: expected a polynomial, so that all comes out exact")
    return sympy.latex(sympy.expand(formula))


# --- the table ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slip:
    """One erratum: its id, the page, the kinds of slip in it, what is enough to see it."""

    id: str
    page: str
    kinds: tuple[str, ...]
    caught_by: str


@dataclass(frozen=True)
class SlipTable:
    """All errata of the notes."""

    slips: tuple[Slip, ...]

    def __len__(self) -> int:
        """How many."""
        return len(self.slips)

    def __iter__(self):
        """One after the other, in the order of the notes."""
        return iter(self.slips)

    def _rows(self):
        yield "line", "where in the notes", "kind of slip", "caught by"
        for slip in self.slips:
            yield slip.id, slip.page, " + ".join(slip.kinds), slip.caught_by

    def __repr__(self) -> str:
        """One line for each."""
        rows = list(self._rows())
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        left = "style='text-align:left'"
        head, *rows = (
            "".join(f"<{tag} {left}>{html.escape(cell)}</{tag}>" for cell in row)
            for tag, row in zip(["th", *["td"] * len(self.slips)], self._rows(), strict=True)
        )
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in (head, *rows)) + "</table>"


def errata() -> SlipTable:
    """Every erratum of the notes; what is enough to see it is what refutes it."""
    found = []
    for document in notes_documents():
        page = notes_folder().joinpath(document.file).read_text("utf-8").partition("\n")[0]
        for statement in document.statements:
            if statement.errata:
                names = [name for erratum in statement.errata for name in erratum.names]
                kinds = tuple(dict.fromkeys(KINDS[name] for name in names))
                refuted = [x for x in _judged(statement).links if x.holds is False]
                types = all("types" in link.judges for link in refuted)
                caught = "shapes and indices alone" if types else "one number"
                found.append(Slip(statement.id, page.lstrip("# "), kinds, caught))
    return SlipTable(tuple(found))


def judged_lines() -> dict[str, bool | None]:
    """id → whether it holds, for every line of the notes that has an id."""
    statements = (s for document in notes_documents() for s in document.statements if s.id)
    return {statement.id: _judged(statement).holds for statement in statements}


def _judged(statement: Statement) -> Verdict:
    """The verdict; what is wrong is not searched for, which would take longer."""
    return judge_statement(statement.latex, statement.window, notes_declarations())
