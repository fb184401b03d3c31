r"""Types before values: which shapes meet, which layer an index belongs to, what exists where.

`settle` gives every unit matrix and every display its size from what stands beside it and checks
the whole; what can never be is an `IllTyped` with its reason. Sizes are those of layers, and
different layers have different sizes: so W y_k has no shape, however many neurons there are.
"""

from __future__ import annotations

from bpderiv import expression as ex
from bpderiv.dispatch import by_type
from bpderiv.meaning.declarations import Declarations
from bpderiv.meaning.dots import (
    Dotted,
    DottedSum,
    Marked,
    Undetermined,
    dims_shown,
    dotted_sum,
    settled_display,
)
from bpderiv.meaning.resolve import Foreign
from bpderiv.meaning.window import Window

Shape = tuple[ex.Dim, ex.Dim]
SCALAR: Shape = (1, 1)
UNKNOWN: Shape = (None, None)


class IllTyped(Exception):
    """Readable, but it cannot be: a shape, a layer or a range is wrong. Says which, and where."""

    def __init__(self, reason: str, span: tuple[int, int] = (0, 0)):
        """Remember reason and place."""
        super().__init__(reason)
        self.reason, self.span = reason, span


class Unclear(Exception):
    """What was written does not say enough."""

    def __init__(self, reason: str, span: tuple[int, int] = (0, 0)):
        """Remember reason and place."""
        super().__init__(reason)
        self.reason, self.span = reason, span


class Shapes:
    """Finds and checks shapes in one claim; `letters` maps index letters to their layers."""

    def __init__(self, declarations: Declarations, window: Window, letters: dict[str, str]):
        """Nothing bound yet."""
        self.declarations, self.window = declarations, window
        self.letters = dict(letters)
        #: Reasons why a formula is only guessed from dots that do not tell; see `dots.py`.
        self.guesses: list[Undetermined] = []

    def both(self, left: ex.Expression, right: ex.Expression):
        """Both sides of an equation, settled; they must have one shape."""
        left, one = self.settle(left, UNKNOWN)
        right, two = self.settle(right, one)
        if None in one:
            left, one = self.settle(left, two)
        if None in two:
            right, two = self.settle(right, one)
        for side in (left, right):
            for node in ex.walk(side):
                if _unsized(node):
                    words = "nothing tells the size of this: write it below, rows \\times columns"
                    raise Unclear(words, node.span)
        if one != two:
            raise IllTyped(
                f"the left side is {self.words(one)}, the right side {self.words(two)}", right.span
            )
        return left, right

    def words(self, shape: Shape) -> str:
        """m × z, in the window's letters."""
        if shape == SCALAR:
            return "a number"
        kind = "a row, " if shape[0] == 1 else "a column, " if shape[1] == 1 else ""
        return kind + " × ".join(
            x if x == "?" else self.window.size_letter(x) if isinstance(x, str) else str(x or "?")
            for x in shape
        )

    # --- one rule for each node -----------------------------------------------------------------

    @by_type
    def settle(self, node: ex.Expression, want: Shape):
        """(the node with all sizes filled in, its shape); `want` is what is expected, if known."""
        raise TypeError(f"no rule for {type(node).__name__}")

    @settle.register
    def _(self, node: ex.Number, want):
        return node, SCALAR

    @settle.register
    def _(self, node: ex.Misplaced, want):
        raise IllTyped(node.why, node.span)

    @settle.register
    def _(self, node: Undetermined, want):
        for term in node.terms:  # a term that cannot be says more than the dots
            self.settle(term, want)
        if node.guess is None:
            raise Unclear(f"{node.why}: write more of the terms, or a Σ", node.span)
        self.guesses.append(node)
        return self.settle(node.guess, want)

    @settle.register
    def _(self, node: DottedSum, want):
        return self.settle(dotted_sum(node.groups, node.span), want)

    @settle.register
    def _(self, node: Dotted, want):
        for term in node.terms:  # a term that cannot be says more than the sum of all
            self.settle(term, want)
        return self.settle(node.sum, want)

    @settle.register
    def _(self, node: ex.Entry, want):
        self._quantity(node)
        for index, layer in zip(node.indices, node.layers, strict=True):
            self._index(index, layer, node)
        return node, SCALAR

    @settle.register
    def _(self, node: ex.Whole, want):
        self._quantity(node)
        return node, (node.layers[0], node.layers[1] if len(node.layers) > 1 else 1)

    def _quantity(self, node):
        """The name must exist for these layers."""
        for layer in node.layers:
            if layer not in self.window.layers:
                for index in getattr(node, "indices", ()):
                    if isinstance(index, Foreign):
                        raise IllTyped(index.why, node.span)
                if layer == "?":
                    raise IllTyped(self._no_neighbour(node), node.span)
                raise IllTyped(f"{layer} is a neuron's letter: a layer belongs there", node.span)
        if not self.declarations.fits(node.name, node.layers, self.window):
            raise IllTyped(self.no_such(node.name, node.layers), node.span)

    def _no_neighbour(self, node) -> str:
        """An unwritten layer that lies outside the window: w_{1b}, b of the last layer."""
        at = next(i for i, layer in enumerate(node.layers) if layer != "?")
        index = node.indices[at] if isinstance(node, ex.Entry) else ""
        which = {0: "receiver", 1: "sender"}[at]
        named = self._plain(index) if isinstance(index, str) and index else "this"
        return (
            f"{named} is a neuron of layer {node.layers[at]} and stands as the {which}: "
            f"the window has no layer on the other side"
        )

    def no_such(self, name: str, layers: tuple[str, ...]) -> str:
        """Words for a quantity that does not exist at these layers."""
        if len(layers) == 2:
            return f"there is no {name} that leads into {layers[0]} from {layers[1]}"
        return f"there is no {name} of layer {layers[0]} here"

    def _index(self, index: ex.Index, layer: str, node):
        if isinstance(index, Foreign):
            raise IllTyped(index.why, node.span)
        if isinstance(index, ex.Last) and index.layer != layer:
            size = self.window.size_letter
            raise IllTyped(
                f"index {size(index.layer)}: layer {layer} has {size(layer)} neurons", node.span
            )
        if isinstance(index, int) and index < 1:
            raise IllTyped(f"neuron {index}: neurons are numbered from 1", node.span)
        if isinstance(index, str) and self.letters.get(index, layer) != layer:
            raise IllTyped(
                f"{self._plain(index)} counts the neurons of layer {self.letters[index]}, "
                f"and here stands a neuron of layer {layer}", node.span,
            )  # fmt: skip
        if isinstance(index, str):
            self.letters.setdefault(index, layer)

    def _plain(self, letter: str) -> str:
        return letter.rstrip("′") if letter[0] not in "ᵣᶜ" else "the place of an entry"

    @settle.register
    def _(self, node: ex.Equal, want):
        for index in (node.left, node.right):
            if isinstance(index, str) and self.letters.get(index, node.layer) != node.layer:
                raise IllTyped(
                    f"[{self._plain(str(node.left))} = {self._plain(str(node.right))}] compares "
                    "neurons of two layers", node.span,
                )  # fmt: skip
            self._index(index, node.layer, node)
        return node, SCALAR

    @settle.register
    def _(self, node: ex.Sum, want):
        before = dict(self.letters)
        self.letters[node.index] = node.layer
        body, shape = self.settle(node.body, want)
        self.letters = before
        if node.start < 1:
            raise IllTyped(f"a sum from {node.start}: neurons are numbered from 1", node.span)
        return ex.changed(node, body=body), shape

    @settle.register
    def _(self, node: ex.Add, want):
        terms, shapes = self._all(node.terms, want)
        known = next((s for s in shapes if None not in s), want)
        for i, shape in enumerate(shapes):
            if None in shape:
                terms[i], shapes[i] = self.settle(terms[i], known)
        for term, shape in zip(terms, shapes, strict=True):
            if None not in shape and None not in known and shape != known:
                raise IllTyped(f"{self.words(known)} and {self.words(shape)} are added", term.span)
        return ex.changed(node, terms=tuple(terms)), known if None not in known else shapes[0]

    @settle.register
    def _(self, node: ex.Hadamard, want):
        factors, shapes = self._all(node.factors, want)
        known = next((s for s in shapes if None not in s), want)
        for i, shape in enumerate(shapes):
            if None in shape:
                factors[i], shapes[i] = self.settle(factors[i], known)
            if None not in shapes[i] and shapes[i] != known:
                raise IllTyped(
                    f"{self.words(known)} times {self.words(shapes[i])}, entry by entry",
                    factors[i].span,
                )
        return ex.changed(node, factors=tuple(factors)), known

    def _all(self, nodes, want):
        settled = [self.settle(node, want) for node in nodes]
        return [node for node, _ in settled], [shape for _, shape in settled]

    @settle.register
    def _(self, node: ex.Mul, want):
        factors, shapes = self._all(node.factors, UNKNOWN)
        self._fill_neighbours(factors, shapes, want)
        groups = [(factor, shape) for factor, shape in zip(factors, shapes, strict=True)]
        product, shape = self._multiplied(groups, node)
        return product, shape

    def _fill_neighbours(self, factors, shapes, want):
        """Sizes that are not said: from the factor before, the factor behind, or the whole."""
        wide = [i for i, shape in enumerate(shapes) if shape != SCALAR]
        for _ in wide:
            for at, i in enumerate(wide):
                if None not in shapes[i]:
                    continue
                before = self._side([shapes[x] for x in wide[:at]], -1, want[0])
                behind = self._side([shapes[x] for x in wide[at + 1 :]], 0, want[1])
                rows = shapes[i][0] if shapes[i][0] is not None else before
                columns = shapes[i][1] if shapes[i][1] is not None else behind
                factors[i], shapes[i] = self.settle(factors[i], (rows, columns))

    def _side(self, shapes, end: int, whole: ex.Dim) -> ex.Dim:
        """What stands beside a factor; a number there (e^T e) says nothing, then it is the whole's.

        `end` is −1 for the columns of what stands before, 0 for the rows of what stands behind.
        """
        product = self._shape_of_product(shapes)
        if product == SCALAR:
            return whole
        return product[end] if product is not None else shapes[end][end]

    def _multiplied(self, groups, node: ex.Mul):
        """The product from left to right; where that has no shape, scalars are made first."""
        shape = self._shape_of_product([s for _, s in groups])
        if shape is not None:
            return ex.changed(node, factors=tuple(f for f, _ in groups)), shape
        for length in range(2, len(groups)):
            for start in range(len(groups) - length + 1):
                part = groups[start : start + length]
                if self._shape_of_product([s for _, s in part]) == SCALAR and not all(
                    s == SCALAR for _, s in part
                ):
                    inner = ex.Mul(tuple(f for f, _ in part), span=node.span)
                    rest = [*groups[:start], (inner, SCALAR), *groups[start + length :]]
                    try:
                        return self._multiplied(rest, node)
                    except IllTyped:
                        continue
        raise self._no_product(groups)

    def _shape_of_product(self, shapes) -> Shape | None:
        total: Shape = SCALAR
        for shape in shapes:
            if shape == SCALAR:
                continue
            if total == SCALAR:
                total = shape
            elif None in (total[1], shape[0]) or total[1] == shape[0]:
                total = (total[0], shape[1])
            else:
                return None
        return total

    def _no_product(self, groups) -> IllTyped:
        total: Shape = SCALAR
        for factor, shape in groups:
            made = self._shape_of_product([total, shape])
            if made is None:
                columns, rows = self._dim(total[1]), self._dim(shape[0])
                meet = "1 column meets" if columns == "1" else f"{columns} columns meet"
                return IllTyped(
                    f"{self.words(total)} times {self.words(shape)}: {meet} "
                    f"{rows} row{'s' * (rows != '1')}", factor.span,
                )  # fmt: skip
            total = made
        raise AssertionError("a product that has a shape was taken for one that has none")

    def _dim(self, dim: ex.Dim) -> str:
        return self.window.size_letter(dim) if isinstance(dim, str) else str(dim)

    @settle.register
    def _(self, node: ex.Power, want):
        base, shape = self.settle(node.base, UNKNOWN)
        if shape != SCALAR:
            square = shape[0] == shape[1] and node.exponent > 0
            if not square:
                raise IllTyped(f"{self.words(shape)} has no power {node.exponent}", node.span)
        return ex.changed(node, base=base), shape

    @settle.register
    def _(self, node: ex.Apply, want):
        if node.layer not in self.window.layers:
            words = f"{node.layer} is a neuron's letter: a function has a layer's"
            raise IllTyped(words, node.span)
        if not self.declarations.fits(node.name, (node.layer,), self.window):
            raise IllTyped(self.no_such(node.name, (node.layer,)), node.span)
        argument, shape = self.settle(node.argument, want)
        return ex.changed(node, argument=argument), shape

    @settle.register
    def _(self, node: ex.Transpose, want):
        of, shape = self.settle(node.of, want[::-1])
        return ex.changed(node, of=of), shape[::-1]

    @settle.register
    def _(self, node: ex.Diag, want):
        of, shape = self.settle(node.of, (want[0], 1))
        if shape[1] != 1 or shape == SCALAR:
            if shape[0] != 1 or shape == SCALAR:
                raise IllTyped(f"diag is made of a column, not of {self.words(shape)}", node.span)
            of, shape = ex.Transpose(of, span=of.span), shape[::-1]
        return ex.changed(node, of=of), (shape[0], shape[0])

    @settle.register
    def _(self, node: ex.Identity, want):
        size = node.size
        if size is None:
            size = want[0] if want[0] is not None else want[1]
        return ex.changed(node, size=size), (size, size)

    @settle.register
    def _(self, node: ex.Sized, want):
        size = (node.rows, node.columns)
        of, shape = self.settle(node.of, size)
        if shape != size:
            raise IllTyped(
                f"this is {self.words(shape)}, and below it stands {self.words(size)}", node.span
            )
        return of, shape

    @settle.register
    def _(self, node: ex.Derivative, want):
        of, above = self.settle(node.of, UNKNOWN)
        by, below = self.settle(node.by, UNKNOWN)
        if above[1] != 1:
            raise IllTyped(
                f"what is differentiated is {self.words(above)}: a derivative is taken of a number "
                "or a column", node.span,
            )  # fmt: skip
        if below[1] != 1 and above != SCALAR:
            raise IllTyped("a column differentiated by a matrix needs three indices", node.span)
        shape = below if below[1] != 1 else (above[0], below[0])
        return ex.changed(node, of=of, by=by), shape

    @settle.register(ex.Display)
    @settle.register(Marked)
    def _(self, node, want):
        if isinstance(node, ex.Display) and node.letters[0]:
            return node, (node.rows, node.columns)
        shown = dims_shown(node)
        rows, columns = (
            own if own is not None else other for own, other in zip(shown, want, strict=True)
        )
        if isinstance(node, Marked):
            rows, columns = self._marked_size(node, rows, columns)
        if None in (rows, columns):
            return ex.changed(node, rows=rows, columns=columns), (rows, columns)
        self._check_cells(node, rows, columns)
        return self._settled(settled_display(node, rows, columns)), (rows, columns)

    def _marked_size(self, node: Marked, rows, columns):
        """The letter b of (index = b) tells along which layer the column runs."""
        layer = self.letters.get(node.mark) if isinstance(node.mark, str) else None
        layer = node.mark.layer if isinstance(node.mark, ex.Last) else layer
        if node.columns == 1:
            rows = rows if rows is not None else layer
        else:
            columns = columns if columns is not None else layer
        along = rows if node.columns == 1 else columns
        if along == 1 and isinstance(node.mark, str):
            lie, for_them = ("column", "row") if node.columns == 1 else ("row", "column")
            raise IllTyped(f"the entries lie in a {lie}, and only one {for_them} is there for them",
                           node.span)  # fmt: skip
        if along is not None:
            self._index(node.mark, along, node)
        return rows, columns

    def _check_cells(self, node, rows, columns):
        for dim, along, word in ((rows, "row", "rows"), (columns, "column", "columns")):
            shown = _fewest({getattr(cell, along) for cell in node.cells})
            if isinstance(dim, int) and shown > dim:
                words = f"this matrix shows {shown} {word} or more, and {dim} belong there"
                raise IllTyped(words, node.span)
        for cell in (*node.cells, *((node.value,) if isinstance(node, Marked) else ())):
            value = cell.value if isinstance(cell, ex.Cell) else cell
            _, shape = self.settle(value, SCALAR)
            if shape != SCALAR:
                raise IllTyped(
                    f"an entry of a matrix is a number, not {self.words(shape)}", value.span
                )

    def _settled(self, display: ex.Display):
        """Cells and the general entry, settled in turn."""
        cells = tuple(ex.changed(c, value=self.settle(c.value, SCALAR)[0]) for c in display.cells)
        general = display.general
        if general is not None:
            before = dict(self.letters)
            for letter, dim in zip(display.letters, (display.rows, display.columns), strict=True):
                if isinstance(dim, str):
                    self.letters[letter] = dim
            general, _ = self.settle(general, SCALAR)
            self.letters = before
        return ex.changed(display, cells=cells, general=general)


def _fewest(places: set) -> int:
    """How many rows or columns there are at least, if entries stand at these places."""
    front = max((x for x in places if isinstance(x, int)), default=0)
    end = max((x.back + 1 for x in places if isinstance(x, ex.Last)), default=0)
    return front + end


def _unsized(node: ex.Expression) -> bool:
    """Whether nothing has told how large a unit matrix or a display is."""
    if isinstance(node, ex.Identity):
        return node.size is None
    return isinstance(node, (ex.Display, Marked)) and None in (node.rows, node.columns)
