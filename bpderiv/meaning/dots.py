r"""What dots leave out: one formula for all entries, found from the entries shown.

Entries count from the left and the top before the dots, from the right and the bottom after
them. Two entries that differ only where their places differ follow one formula: from
w_{11}, w_{1z}, w_{m1}, w_{mz} at their four corners follows w_{rc} for row r, column c. Where the
diagonal is of its own, it is taken apart. If the entries shown follow no formula, `general` is
None: then they can still be refuted one by one, but nothing can be proved.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from fractions import Fraction

from bpderiv import expression as ex
from bpderiv.reading import syntax as sx
from bpderiv.reading.errors import ReadError

#: Names for the row and the column of a general entry; no text can type them.
ROW, COLUMN = "ᵣ", "ᶜ"
_ONE, _MINUS, _ZERO = (ex.Number(Fraction(n)) for n in (1, -1, 0))


# --- reading a matrix -------------------------------------------------------------------------


@dataclass(frozen=True)
class DraftDisplay(ex.Expression):
    """A matrix as read: `cells` as (row, column, draft); `mark` is the b of (index = b)."""

    rows: ex.Dim
    columns: ex.Dim
    cells: tuple
    mark: object = None
    marked: tuple = ()

    def finish(self, done):
        """The display, once letters and layers are known."""
        cells = tuple(ex.Cell(row, column, done(value)) for row, column, value in self.cells)
        if self.mark is None:
            return ex.Display(self.rows, self.columns, cells, span=self.span)
        return Marked(self.rows, self.columns, cells, done(self.mark), done(self.marked[2]),
                      span=self.span)  # fmt: skip


@dataclass(frozen=True)
class Marked(ex.Expression):
    """A column or row with dots in which one entry, `value`, stands at place `mark`."""

    rows: ex.Dim
    columns: ex.Dim
    cells: tuple
    mark: ex.Index
    value: ex.Expression


@dataclass(frozen=True)
class DottedSum(ex.Expression):
    """Terms before, between and after the dots of a sum."""

    groups: tuple

    def finish(self, done):
        """The same, once letters and layers are known."""
        return replace(self, groups=done(self.groups))


def draft_display(node: sx.Matrix, mark, resolver) -> DraftDisplay:
    """A matrix with its entries read and each at its place."""
    gap_rows = [i for i, row in enumerate(node.rows) if _all_dots(row)]
    numbers = _places(len(node.rows), gap_rows)
    rows = [(number, row) for number, row in zip(numbers, node.rows, strict=True) if number]
    wide = any(isinstance(cell, sx.Dots) for _, row in rows for cell in row)
    cells, widths = [], set()
    for number, row in rows:
        gaps = [i for i, cell in enumerate(row) if isinstance(cell, sx.Dots)]
        if wide and not gaps:
            raise resolver.fail(
                "this row has no dots, others have: its columns cannot be counted", row[0] or node
            )
        if not wide:
            widths.add(len(row))
        for column, cell in zip(_places(len(row), gaps), row, strict=True):
            if column is None:
                continue
            if cell is None:
                raise resolver.fail("an entry is empty: write 0 or dots", node)
            cells.append((number, column, resolver.read(cell)))
    if len(widths) > 1:
        raise resolver.fail("the rows of this matrix have different lengths", node)
    return _with_mark(node, gap_rows, wide, widths, cells, len(rows), mark, resolver)


def _with_mark(node, gap_rows, wide, widths, cells, height, mark, resolver):
    size = None if gap_rows else height, None if wide else widths.pop()
    marked = [cell for cell in cells if "middle" in cell[:2]]
    if not marked and mark is None:
        return DraftDisplay(*size, tuple(cells), span=node.span)
    if mark is None:
        raise resolver.fail(
            r"at which place does the entry between the dots stand? Write (\text{index} = …) "
            "behind the matrix, with the letter of the neuron whose row or column it is", node,
        )  # fmt: skip
    if len(marked) != 1 or 1 not in size:
        raise resolver.fail(r"(\text{index} = b) belongs to a column or row with one entry "
                            "between two gaps", node)  # fmt: skip
    others = tuple(cell for cell in cells if cell is not marked[0])
    return DraftDisplay(*size, others, mark, marked[0], span=node.span)


def _all_dots(row) -> bool:
    filled = [cell for cell in row if cell is not None]
    return bool(filled) and all(isinstance(cell, sx.Dots) for cell in filled)


def _places(length: int, gaps: list[int]) -> list:
    """For each position: its number from the front, `Last` from the end, "middle", or None."""
    if not gaps:
        return list(range(1, length + 1))
    return [
        None if i in gaps
        else i + 1 if i < gaps[0]
        else ex.Last("", length - 1 - i) if i > gaps[-1]
        else "middle"
        for i in range(length)
    ]  # fmt: skip


# --- finding the formula ------------------------------------------------------------------------


@dataclass
class Pattern:
    """The formula found, and the layers whose sizes were met as last row and last column."""

    general: ex.Expression | None
    rows: set
    columns: set


class _NoFormula(Exception):
    """The entries shown follow no single formula."""


def find_pattern(cells: tuple[ex.Cell, ...]) -> Pattern:
    """The formula of all entries; the diagonal apart if it has to be."""
    found = Pattern(None, set(), set())
    try:
        found.general = _general(cells, found)
        return found
    except _NoFormula:
        pass
    on = tuple(cell for cell in cells if _same(cell.row, cell.column))
    off = tuple(cell for cell in cells if not _same(cell.row, cell.column))
    if on and off:
        found = Pattern(None, set(), set())
        try:
            diagonal, rest = _general(on, found), _general(off, found)
            found.general = _apart(ex.Equal(ROW, COLUMN, ""), diagonal, rest)
        except _NoFormula:
            found.general = None
    return found


def _apart(equal: ex.Equal, inside: ex.Expression, outside: ex.Expression) -> ex.Expression:
    """inside where the symbol is 1, outside where it is 0."""
    here = ex.Mul((equal, inside))
    if outside == _ZERO:
        return here
    return ex.Add((here, ex.Mul((ex.Add((_ONE, ex.Mul((_MINUS, equal)))), outside))))


def _same(row, column) -> bool:
    """Whether two places are the same number, from the front or from the end."""
    if isinstance(row, ex.Last) and isinstance(column, ex.Last):
        return row.back == column.back
    return row == column


def _general(cells, found: Pattern):
    return _merge([cell.value for cell in cells], cells, found)


def _merge(trees, cells, found):
    """One tree for all, letters ROW and COLUMN where they differ as their places do."""
    first = trees[0]
    if all(tree == first for tree in trees):
        return first
    if any(type(tree) is not type(first) for tree in trees):
        raise _NoFormula
    if isinstance(first, ex.Sum):
        trees = [_summed_over(first.index, tree) for tree in trees]
    values = {}
    for part in fields(first):
        if part.name == "span":
            continue
        column = [getattr(tree, part.name) for tree in trees]
        values[part.name] = _merge_values(column, cells, found, part.name == "indices")
    return replace(first, **values)


def _summed_over(index: str, tree: ex.Sum) -> ex.Sum:
    """The same sum with this bound letter: which one it is says nothing."""
    return replace(tree, index=index, body=_named(tree.body, {tree.index: index}))


def _merge_values(values, cells, found, indices):
    first = values[0]
    if all(value == first for value in values):
        return first
    if isinstance(first, ex.Expression):
        return _merge(values, cells, found)
    if isinstance(first, tuple):
        if any(len(value) != len(first) for value in values):
            raise _NoFormula
        return tuple(
            _merge_values([value[i] for value in values], cells, found, indices)
            for i in range(len(first))
        )
    if not indices:
        raise _NoFormula
    return _merge_index(values, cells, found)


def _merge_index(values, cells, found):
    """ROW if the index is each entry's row, COLUMN if it is the column."""
    for letter, places, layers in (
        (ROW, [cell.row for cell in cells], found.rows),
        (COLUMN, [cell.column for cell in cells], found.columns),
    ):
        if all(_same(value, place) for value, place in zip(values, places, strict=True)):
            layers.update(value.layer for value in values if isinstance(value, ex.Last))
            return letter
    raise _NoFormula


def dotted_sum(groups, span) -> ex.Expression:
    """Σ of the formula that the terms around the dots follow."""
    lead, middle, tail = groups[0], [x for group in groups[1:-1] for x in group], groups[-1]
    if not lead or not tail:
        raise ReadError("dots in a sum need a term before and a term after them")
    cells = [ex.Cell(i + 1, 1, term) for i, term in enumerate(lead)]
    cells += [ex.Cell(ex.Last("", len(tail) - 1 - i), 1, term) for i, term in enumerate(tail)]
    letter = ROW + str(span[0])
    found = _sum_of(cells, letter)
    if found is None:
        return Undetermined(
            "the terms around the dots follow no single formula", _guess(cells, letter),
            tuple(cell.value for cell in cells), span=span,
        )  # fmt: skip
    for term in middle:
        if not _fits(found.body, letter, term):
            why = "a term between the dots does not follow the others"
            return Undetermined(why, None, (*lead, *middle, *tail), span=span)
    return Dotted(replace(found, span=span), (*lead, *middle, *tail), span=span)


def _sum_of(cells: list[ex.Cell], letter: str) -> ex.Sum | None:
    """The sum over the formula of these terms; None if they follow none."""
    found = Pattern(None, set(), set())
    try:
        general = _general(tuple(cells), found)
    except _NoFormula:
        return None
    if len(found.rows) != 1:
        return None
    return ex.Sum(letter, found.rows.pop(), _named(general, {ROW: letter}))


def _guess(cells: list[ex.Cell], letter: str) -> ex.Expression | None:
    """What is meant if one term is wrong: the others' sum, corrected by that term.

    Good enough to refute a claim (the term shown is false whatever the dots hide), never to prove.
    """
    for odd in cells:
        rest = [cell for cell in cells if cell is not odd]
        sum_ = _sum_of(rest, letter) if len(rest) > 1 else None
        if sum_ is not None:
            place = odd.row if isinstance(odd.row, int) else ex.Last(sum_.layer, odd.row.back)
            wrong = ex.Mul((_MINUS, _named(sum_.body, {letter: place})))
            return ex.Add((sum_, odd.value, wrong))
    return None


@dataclass(frozen=True)
class Dotted(ex.Expression):
    """The sum that dots stand for, and the terms that were shown."""

    sum: ex.Sum
    terms: tuple[ex.Expression, ...]


@dataclass(frozen=True)
class Undetermined(ex.Expression):
    """A formula whose dots do not say what they stand for; `guess` can be refuted, not proved."""

    why: str
    guess: ex.Expression | None = None
    terms: tuple[ex.Expression, ...] = ()


def _fits(general, letter: str, term) -> bool:
    """Whether a term is the formula at some place."""
    places = set()

    def same(a, b) -> bool:
        if a == letter:
            places.add(b)
            return len(places) == 1
        if isinstance(a, ex.Sum) and isinstance(b, ex.Sum):
            b = _summed_over(a.index, b)
        if isinstance(a, ex.Expression):
            return type(a) is type(b) and all(
                same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a) if f.name != "span"
            )
        if isinstance(a, tuple):
            return isinstance(b, tuple) and len(a) == len(b) and all(map(same, a, b))
        return a == b

    return same(general, term)


def _named(tree, names: dict):
    """The tree with the letters of places replaced."""

    def rule(node):
        changes = {}
        if isinstance(node, ex.Entry):
            changes["indices"] = tuple(_renamed(x, names) for x in node.indices)
        elif isinstance(node, ex.Equal):
            changes = {"left": _renamed(node.left, names), "right": _renamed(node.right, names)}
        return replace(node, **changes)

    return ex.rewrite(tree, rule)


def _renamed(index, names):
    return names.get(index, index) if isinstance(index, str) else index


def settled_display(node, rows: ex.Dim, columns: ex.Dim) -> ex.Display:
    """A display whose numbers of rows and columns are known: places and formula filled in."""
    cells = tuple(
        replace(cell, row=_placed(cell.row, rows), column=_placed(cell.column, columns))
        for cell in node.cells
    )
    number = str(node.span[0])
    letters = ROW + number, COLUMN + number
    if isinstance(node, Marked):
        return _settled_mark(node, cells, rows, columns, letters)
    general = find_pattern(node.cells).general
    if general is not None:
        general = _with_layer(_named(general, dict(zip((ROW, COLUMN), letters, strict=True))), rows)
        if _diagonal(general, letters) and rows != columns:
            general = None
    return ex.Display(rows, columns, cells, letters, general, span=node.span)


def _settled_mark(node: Marked, cells, rows, columns, letters):
    along, letter = (rows, letters[0]) if columns == 1 else (columns, letters[1])
    found = Pattern(None, set(), set())
    try:
        others = _named(_general(node.cells, found), dict(zip((ROW, COLUMN), letters, strict=True)))
        general = _apart(ex.Equal(letter, node.mark, along), node.value, others)
    except _NoFormula:
        general = None
    # With one formula for the others the entries shown say nothing more: any of them may be at b.
    return ex.Display(rows, columns, () if general is not None else cells, letters, general,
                      span=node.span)  # fmt: skip


def _placed(place, dim: ex.Dim):
    """A place from the end, once we know the end of what."""
    if not isinstance(place, ex.Last):
        return place
    return dim - place.back if isinstance(dim, int) else ex.Last(dim, place.back)


def _with_layer(tree, rows: ex.Dim):
    return ex.rewrite(
        tree, lambda node: replace(node, layer=rows)
        if isinstance(node, ex.Equal) and node.layer == "" else node,
    )  # fmt: skip


def _diagonal(tree, letters) -> bool:
    return any(
        isinstance(node, ex.Equal) and {node.left, node.right} == set(letters)
        for node in ex.walk(tree)
    )


def dims_shown(node) -> tuple[ex.Dim, ex.Dim]:
    """Rows and columns as far as the entries shown tell; None where they do not."""
    rows, columns = node.rows, node.columns
    cells = node.cells
    if rows is not None and columns is not None:
        return rows, columns
    found = find_pattern(cells)
    if isinstance(node, Marked):
        return rows, columns
    if found.general is None:
        found = _shown_at_the_end(cells)
    if rows is None and len(found.rows) == 1:
        rows = next(iter(found.rows))
    if columns is None and len(found.columns) == 1:
        columns = next(iter(found.columns))
    return rows, columns


def _shown_at_the_end(cells) -> Pattern:
    """Layers named by entries of the last row and column (no formula: a guess for the shape)."""
    found = Pattern(None, set(), set())
    for at_end, layers, other in (("row", found.rows, "column"), ("column", found.columns, "row")):
        for cell in cells:
            end, side = getattr(cell, at_end), getattr(cell, other)
            if isinstance(end, ex.Last) and end.back == 0 and not isinstance(side, ex.Last):
                for part in ex.walk(cell.value):
                    layers.update(
                        x.layer for x in getattr(part, "indices", ()) if isinstance(x, ex.Last)
                    )
    return found
