"""Jacobians as maps: every entry printed in its cell, zeros pale, rows and columns named."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import sympy
from matplotlib.patches import Rectangle

from bpderiv.figures.naming import plain
from bpderiv.figures.palette import DIVERGING, GREY, INK, MIST
from bpderiv.figures.picture import Picture, in_style, maths, number, sheet, text_size
from bpderiv.inputs import check_array
from bpderiv.printing import latex

_SIZE = 13  # of entries and labels, in points
_WIDEST = 10.5  # inches; a product that is longer goes on in the next line
_SYMBOLIC = "#DAD3EA"  # of a symbolic entry that is not zero
_PAIR = ("as written", "right")


@in_style
def jacobian_map(matrix, title: str, rows=(), columns=()) -> Picture:
    r"""Draw one Jacobian.

    Parameters
    ----------
    matrix : array m × n, or sympy Matrix m × n
        its entries; a number has a colour by its value, a symbol one flat colour.
    title : str
        LaTeX, such as r"\partial e_k / \partial y_k".
    rows, columns : sequences of str
        LaTeX of the m quantities differentiated and of the n variables; or nothing.

    Errors
    ------
    ValueError
        for labels that do not fit the matrix, NaN, and LaTeX that matplotlib cannot draw.

    >>> jacobian_map(-sympy.eye(2), r"\partial e_k / \partial y_k").alt
    'Map of ∂e_k/∂y_k (2 × 2) with the rows (−1; 0), (0; −1). Entries that are not 0: 2 of 4.'
    """
    block = _Block.of(matrix, title, rows, columns, "matrix")
    width, height = block.width + 0.4, block.height + 0.3
    figure, axes = sheet(max(width, 2.2), height)
    block.draw(axes, (max(width, 2.2) - block.width) / 2, height - 0.15, _scale([block]))
    count, size = sum(value != 0 for value in block.values.flat), block.values.size
    return Picture(figure, f"Map of {block.words()}. Entries that are not 0: {count} of {size}.")


@in_style
def jacobian_product(matrices, titles=(), result: str = "", sizes=(), labels=()) -> Picture:
    r"""Draw factors and their product: row · matrix · matrix · column = result.

    Parameters
    ----------
    matrices : sequence of arrays or sympy Matrices
        the factors, from left to right; their product is computed here.
    titles : sequence of str
        LaTeX, one for each factor; or nothing.
    result : str
        LaTeX of the product's title.
    sizes : sequence of str
        letters to write for the sizes, one more than there are factors: ("1", "m", "m", "1").
    labels : sequence of (rows, columns)
        as in `jacobian_map`, one pair for each factor and one for the result; or nothing.

    Errors
    ------
    ValueError
        if neighbours do not fit (it says which), or titles, sizes or labels are too few or many.
    """
    blocks = _blocks(list(matrices), list(titles), result, list(labels))
    sizes = _check_sizes(list(sizes), blocks)
    lines = _lines(blocks)
    width = max(_length(line) for line in lines) + 0.4 + 2 * _SIGN * (len(lines) > 1)
    heights = [max(block.height for block in line) + 0.35 for line in lines]
    figure, axes = sheet(width, sum(heights) + 0.25)
    scale = _scale(blocks)
    top = sum(heights) + 0.15
    for line, height in zip(lines, heights, strict=True):
        _draw_line(axes, line, (width - _length(line)) / 2, top, scale, blocks, sizes)
        top -= height
    factors = " times ".join(block.words() for block in blocks[:-1])
    return Picture(figure, f"Product of Jacobians: {factors}. The result: {blocks[-1].words()}.")


@in_style
def jacobian_pair(written, right, rows=(), columns=(), titles=_PAIR) -> Picture:
    r"""Draw two tables side by side, such as a false one and the right one.

    Entries that differ have a thick frame in both.

    Parameters
    ----------
    written, right : arrays m × n, or sympy Matrices
        their entries; where the shapes differ no entries are compared.
    rows, columns : sequences of str
        LaTeX, as in `jacobian_map`, for both; or nothing.
    titles : two str
        words above them.

    Errors
    ------
    ValueError
        for labels that do not fit, NaN, and other than two titles.

    >>> jacobian_pair([[1.0, 2.0]], [[1.0, 3.0]]).alt.split(". ")[-1]
    'Framed, for it differs: row 1, column 2.'
    """
    if len(titles) != 2:
        raise ValueError(f"expected two titles, not {len(titles)}")
    blocks = [
        _Block.of(matrix, "", rows, columns, title).headed(title)
        for matrix, title in zip((written, right), titles, strict=True)
    ]
    differ = _different(*blocks)
    width = max(_length(blocks) + 0.5, 2.2)
    middle = max(block.middle for block in blocks)
    height = max(middle - block.middle + block.height for block in blocks) + 0.3
    figure, axes = sheet(width, height)
    x, top, scale = (width - _length(blocks)) / 2, height - 0.15, _scale(blocks)
    for block in blocks:
        if block is blocks[1]:
            sign = r"$\neq$" if differ is None or differ else "$=$"
            axes.text(x - _SIGN / 2, top - middle, sign, ha="center", va="center", size=22)
        block.draw(axes, x, top - (middle - block.middle), scale)
        for r, c in differ or ():
            block.frame(axes, x, top - (middle - block.middle), r, c)
        x += block.width + _SIGN
    return Picture(figure, f"{' '.join(block.sentence() for block in blocks)} {_said(differ)}")


def _different(one: _Block, other: _Block) -> list[tuple[int, int]] | None:
    """(row, column) of the entries that differ, from 0; None if the shapes do."""
    if one.values.shape != other.values.shape:
        return None
    pairs = zip(one.values.flat, other.values.flat, strict=True)
    flat = [n for n, (a, b) in enumerate(pairs) if a != b]
    return [divmod(n, one.values.shape[1]) for n in flat]


def _said(differ: list[tuple[int, int]] | None) -> str:
    if differ is None:
        return "The shapes differ."
    places = "; ".join(f"row {r + 1}, column {c + 1}" for r, c in differ)
    if not places:
        return "They are equal."
    words = "for it differs" if len(differ) == 1 else "for they differ"
    return f"Framed, {words}: {places}."


# --- one matrix -----------------------------------------------------------------------------


@dataclass
class _Block:
    """A matrix ready to be drawn: its values, the texts in it, and the sizes of its cells."""

    values: np.ndarray  # floats, or sympy expressions
    texts: list
    title: str
    rows: list
    columns: list
    what: str

    @classmethod
    def of(cls, matrix, title, rows, columns, what) -> _Block:
        """Check the matrix and its labels."""
        values = _entries(matrix, what)
        m, n = values.shape
        for labels, count, kind in ((rows, m, "row"), (columns, n, "column")):
            if len(labels) not in (0, count):
                raise ValueError(
                    f"{what} is {m} × {n}: expected {count} {kind} labels (or none), "
                    f"not {len(labels)}"
                )
        texts = [[_text(value) for value in row] for row in values]
        rows, columns = ([maths(label) for label in labels] for labels in (rows, columns))
        title = maths(title.replace(r"\frac", r"\dfrac")) if title else ""
        return cls(values, texts, title, rows, columns, what)

    def __post_init__(self):
        """Measure."""
        sizes = [text_size(t, _SIZE) for row in self.texts for t in row]
        heads = [text_size(t, _SIZE) for t in self.columns]
        sides = [text_size(t, _SIZE) for t in self.rows]
        self.cell_width = max([0.6, *(w + 0.26 for w, _ in sizes), *(w + 0.2 for w, _ in heads)])
        self.cell_height = max(0.46, *(h + 0.2 for _, h in sizes))
        self.left = 0.14 + max([0.0, *(w + 0.12 for w, _ in sides)])
        self.head = text_size(self.title, _SIZE + 2)[1] + 0.2 if self.title else 0.0
        self.top = self.head + 0.36 * bool(self.columns)
        m, n = self.values.shape
        inner = self.left + n * self.cell_width + 0.14
        self.width = max(inner, text_size(self.title, _SIZE + 2)[0] if self.title else 0)
        self.left += (self.width - inner) / 2
        self.height = self.top + m * self.cell_height + 0.42

    @property
    def middle(self) -> float:
        """How far the middle row is below the top."""
        return self.top + len(self.values) * self.cell_height / 2

    def draw(self, axes, x: float, y: float, scale: float, size=None) -> tuple[float, float]:
        """Draw it with its corner (left, top) at x, y; where the middle of the cells is."""
        m, n = self.values.shape
        left, top = x + self.left, y - self.top
        right, bottom = left + n * self.cell_width, top - m * self.cell_height
        centre = (left + right) / 2
        if self.title:
            place = (centre, y - self.head / 2)
            axes.text(*place, self.title, ha="center", va="center", size=_SIZE + 2)
        for r, row in enumerate(self.texts):
            for c, text in enumerate(row):
                corner = (left + c * self.cell_width, top - (r + 1) * self.cell_height)
                self._draw_cell(axes, corner, text, self.values[r, c], scale)
        for r, label in enumerate(self.rows):
            place = (left - 0.18, top - (r + 0.5) * self.cell_height)
            axes.text(*place, label, ha="right", va="center", size=_SIZE)
        for c, label in enumerate(self.columns):
            place = (left + (c + 0.5) * self.cell_width, top + 0.18)
            axes.text(*place, label, ha="center", va="center", size=_SIZE)
        for edge, way in ((left - 0.06, 0.08), (right + 0.06, -0.08)):
            bracket = ([edge + way, edge, edge, edge + way], [top, top, bottom, bottom])
            axes.plot(*bracket, color=INK, linewidth=1.5)
        size = size or f"${m} \\times {n}$"
        axes.text(centre, bottom - 0.22, size, ha="center", va="center", size=12)
        return centre, bottom - 0.22

    def _draw_cell(self, axes, corner, text, value, scale) -> None:
        cell = Rectangle(corner, self.cell_width, self.cell_height, edgecolor="white")
        cell.set_facecolor(_colour(value, scale))
        axes.add_patch(cell)
        x, y = corner[0] + self.cell_width / 2, corner[1] + self.cell_height / 2
        ink = GREY if value == 0 else INK
        axes.text(x, y, text, ha="center", va="center", size=_SIZE, color=ink)

    def headed(self, title: str) -> _Block:
        """The same below a title in words."""
        return replace(self, title=title)

    def frame(self, axes, x: float, y: float, row: int, column: int) -> None:
        """A thick frame round one cell of the block that was drawn at x, y."""
        corner = (
            x + self.left + column * self.cell_width + 0.04,
            y - self.top - (row + 1) * self.cell_height + 0.04,
        )
        size = self.cell_width - 0.08, self.cell_height - 0.08
        axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=INK, linewidth=2.2))

    def sentence(self) -> str:
        """The matrix for alt texts, as a sentence."""
        m, n = self.values.shape
        rows = "), (".join("; ".join(map(plain, row)) for row in self.texts)
        title = self.title[:1].upper() + self.title[1:]
        return f"{title} ({m} × {n}): the row{'s' * (m > 1)} ({rows})."

    def words(self) -> str:
        """The matrix for alt texts."""
        name = plain(self.title) or f"the {self.what}"
        m, n = self.values.shape
        rows = ["; ".join(map(plain, row)) for row in self.texts]
        if m == n == 1:
            return f"{name} = {rows[0]}"
        return f"{name} ({m} × {n}) with the row{'s' * (m > 1)} ({'), ('.join(rows)})"


def _entries(matrix, what: str) -> np.ndarray:
    """A matrix's entries: floats of an array, expressions of a sympy Matrix."""
    if isinstance(matrix, sympy.Expr):
        matrix = sympy.Matrix([[matrix]])
    if isinstance(matrix, sympy.MatrixBase):
        values = np.array(matrix.tolist(), dtype=object)
        if any(value in (sympy.nan, sympy.zoo) or value.is_infinite for value in values.flat):
            raise ValueError(f"{what} has an entry that is not finite: {list(values.flat)}")
    elif isinstance(matrix, sympy.NDimArray):
        raise ValueError(f"{what} has {matrix.rank()} indices: choose a matrix of it to draw")
    else:
        array = np.asarray(matrix)
        values = check_array(array.astype(float) if array.dtype.kind in "iu" else array, what)
    if values.ndim != 2 or 0 in values.shape:
        raise ValueError(f"{what} has shape {values.shape}: expected rows × columns")
    return values


def _text(value) -> str:
    return number(value) if _is_number(value) else maths(latex(value))


def _scale(blocks) -> float:
    """The largest number, which gets the strongest colour."""
    found = [abs(float(v)) for b in blocks for v in b.values.flat if _is_number(v)]
    return max(found, default=0.0) or 1.0


def _is_number(value) -> bool:
    return not isinstance(value, sympy.Expr) or bool(value.is_number)


def _colour(value, scale: float):
    if value == 0:
        return MIST
    if not _is_number(value):
        return _SYMBOLIC
    share = float(value) / scale
    return DIVERGING(0.5 + np.sign(share) * (0.12 + 0.38 * abs(share)))


# --- a product ------------------------------------------------------------------------------


def _blocks(matrices, titles, result, labels) -> list[_Block]:
    """The factors and their product."""
    if not matrices:
        raise ValueError("a product needs at least one factor")
    for what, given, count in (
        ("titles", titles, len(matrices)),
        ("pairs of labels", labels, len(matrices) + 1),
    ):
        if len(given) not in (0, count):
            raise ValueError(f"expected {count} {what} (or none), not {len(given)}")
    titles = [*(titles or [""] * len(matrices)), result]
    labels = labels or [((), ())] * len(titles)
    entries = [_entries(m, f"factor {n}") for n, m in enumerate(matrices, start=1)]
    product = entries[0]
    for n, factor in enumerate(entries[1:], start=2):
        if product.shape[1] != factor.shape[0]:
            raise ValueError(
                f"factor {n - 1} has {product.shape[1]} columns and factor {n} has "
                f"{factor.shape[0]} rows: these must be equal"
            )
        product = product @ factor
    names = [*(f"factor {n}" for n in range(1, len(titles))), "product"]
    whole = zip([*matrices, _as_matrix(product)], titles, labels, names, strict=True)
    return [_Block.of(m, title, *pair, name) for m, title, pair, name in whole]


def _as_matrix(values):
    return values if values.dtype != object else sympy.Matrix(values.tolist())


def _check_sizes(sizes, blocks) -> list[str]:
    numbers = [*(str(block.values.shape[0]) for block in blocks[:-1])]
    numbers.append(str(blocks[-1].values.shape[1]))
    if len(sizes) not in (0, len(numbers)):
        raise ValueError(f"expected {len(numbers)} sizes (or none), not {len(sizes)}")
    return sizes or numbers


_SIGN = 0.42  # room for · and =


def _lines(blocks) -> list[list[_Block]]:
    """As many blocks in a line as fit."""
    lines = [[blocks[0]]]
    for block in blocks[1:]:
        if _length([*lines[-1], block]) > _WIDEST:
            lines.append([])
        lines[-1].append(block)
    return lines


def _length(line) -> float:
    return sum(block.width + _SIGN for block in line) - _SIGN


def _draw_line(axes, line, x, top, scale, blocks, sizes) -> None:
    """The blocks of a line with · or = before them, and equal inner sizes joined below."""
    middle = max(block.middle for block in line)
    before = None
    for block in line:
        place = next(n for n, other in enumerate(blocks) if other is block)
        is_result = place == len(blocks) - 1
        if place:
            sign = "$=$" if is_result else r"$\cdot$"
            axes.text(x - _SIGN / 2, top - middle, sign, ha="center", va="center", size=22)
        ends = (sizes[0], sizes[-1]) if is_result else (sizes[place], sizes[place + 1])
        size = f"${ends[0]} \\times {ends[1]}$"
        centre, y = block.draw(axes, x, top - (middle - block.middle), scale, size)
        if before and not is_result:
            _join(axes, before, (centre, y))
        before = (centre, y)
        x += block.width + _SIGN


def _join(axes, left, right) -> None:
    """A bracket from one size to the next: these two are equal."""
    low = min(left[1], right[1]) - 0.2
    xs = [left[0] + 0.17, left[0] + 0.17, right[0] - 0.17, right[0] - 0.17]
    axes.plot(xs, [left[1] - 0.1, low, low, right[1] - 0.1], color=GREY, linewidth=1.2)
