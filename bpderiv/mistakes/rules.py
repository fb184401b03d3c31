r"""The rewritings: each rule takes a node and yields what may stand in its place instead.

A rule knows nothing of right and wrong. To *repair* a false claim it is applied to what is
written; to *plant* a mistake, to what is right. What the mistake is called follows from both
(`catalogue.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from bpderiv import expression as ex
from bpderiv.meaning.dots import Marked
from bpderiv.meaning.resolve import Foreign
from bpderiv.meaning.shapes import UNKNOWN, IllTyped, Shapes, Unclear
from bpderiv.mistakes.setting import Setting

_MINUS = ex.Number(Fraction(-1))
_COLUMN = (ex.Whole, ex.Display, Marked)


# --- the whole of a side, a term, an entry of a matrix ------------------------------------------


def negated(tree: ex.Expression) -> ex.Expression:
    """−tree, without two signs in a row."""
    if isinstance(tree, ex.Mul) and tree.factors[0] == _MINUS:
        rest = tree.factors[1:]
        return rest[0] if len(rest) == 1 else replace(tree, factors=rest)
    if isinstance(tree, ex.Number):
        return replace(tree, value=-tree.value)
    return ex.Mul((_MINUS, tree), span=tree.span)


def of_terms(change):
    """A rule for whole sides, terms of a sum, and entries of a display."""

    def rule(node: ex.Expression, at: Setting) -> Iterator[ex.Expression]:
        if at.root:
            yield from change(node)
        if isinstance(node, ex.Add):
            for i, term in enumerate(node.terms):
                for new in change(term):
                    yield replace(node, terms=(*node.terms[:i], new, *node.terms[i + 1 :]))
        if isinstance(node, ex.Cell):
            yield from (replace(node, value=new) for new in change(node.value))
        if isinstance(node, Marked):
            yield from (replace(node, value=new) for new in change(node.value))

    return rule


def _other_sign(term: ex.Expression):
    if not _is_nought(term):
        yield negated(term)


def _is_nought(tree: ex.Expression) -> bool:
    return isinstance(tree, ex.Number) and not tree.value


sign = of_terms(_other_sign)


def _factor_two(term):
    if _is_nought(term):
        return
    for value in (2, Fraction(1, 2)):
        if isinstance(term, ex.Number):
            yield replace(term, value=term.value * value)
        else:
            yield ex.Mul((ex.Number(Fraction(value)), term), span=term.span)


factor = of_terms(_factor_two)


def layout(node: ex.Expression, at: Setting):
    """The whole side as a row instead of a column."""
    if at.root and _is_wide(node):
        yield _flipped(node)


# --- matrices -----------------------------------------------------------------------------------


def transposed(node: ex.Expression, at: Setting):
    """A factor with rows and columns exchanged; two columns multiplied in the other order."""
    if isinstance(node, ex.Transpose) and not at.root:
        yield node.of
    if isinstance(node, _COLUMN) and not at.root:
        yield ex.Transpose(node, span=node.span)
    if isinstance(node, ex.Mul):
        wide = [i for i, f in enumerate(node.factors) if _is_wide(f)]
        if len(wide) == 2:
            one, two = wide
            factors = list(node.factors)
            factors[one], factors[two] = _flipped(factors[two]), _flipped(factors[one])
            yield replace(node, factors=tuple(factors))


def _flipped(tree):
    return tree.of if isinstance(tree, ex.Transpose) else ex.Transpose(tree, span=tree.span)


def _is_wide(tree: ex.Expression) -> bool:
    """Whether a factor is a column or matrix, as far as it shows."""
    if isinstance(tree, (ex.Entry, ex.Number, ex.Power)):
        return False
    if isinstance(tree, (ex.Derivative,)):
        return _is_wide(tree.of) or _is_wide(tree.by)
    return any(isinstance(x, (*_COLUMN, ex.Identity)) for x in ex.walk(tree))


def order_of_factors(node: ex.Expression, at: Setting):
    """Two neighbours in a product of matrices have changed places."""
    if isinstance(node, ex.Mul):
        for i, (one, two) in enumerate(zip(node.factors, node.factors[1:], strict=False)):
            if _is_wide(one) and _is_wide(two) and one != two:
                factors = (*node.factors[:i], two, one, *node.factors[i + 2 :])
                yield replace(node, factors=factors)


def hadamard(node: ex.Expression, at: Setting):
    """∘ for the product of matrices, and the other way round."""
    if isinstance(node, ex.Mul) and sum(map(_is_wide, node.factors)) > 1:
        yield ex.Hadamard(node.factors, span=node.span)
        for i in range(2, len(node.factors)):
            front = replace(node, factors=node.factors[:i])
            yield ex.Hadamard((front, *node.factors[i:]), span=node.span)
    if isinstance(node, ex.Hadamard):
        yield ex.Mul(node.factors, span=node.span)


def diagonal(node: ex.Expression, at: Setting):
    """diag lost, or put where a column belongs."""
    if isinstance(node, ex.Diag):
        yield node.of
    elif isinstance(node, ex.Apply) and _is_wide(node.argument):
        yield ex.Diag(node, span=node.span)


def inverse(node: ex.Expression, at: Setting):
    """The inverse of a matrix for its transpose."""
    if isinstance(node, ex.Transpose) and isinstance(node.of, ex.Whole):
        yield ex.Power(node.of, -1, span=node.span)
    if isinstance(node, ex.Power) and node.exponent == -1 and isinstance(node.base, ex.Whole):
        yield ex.Transpose(node.base, span=node.span)


# --- functions ----------------------------------------------------------------------------------


def order(node: ex.Expression, at: Setting):
    """φ for φ′."""
    if isinstance(node, ex.Apply):
        yield replace(node, order=node.order + 1)
        if node.order:
            yield replace(node, order=node.order - 1)


def function_layer(node: ex.Expression, at: Setting):
    """φ of another layer."""
    if isinstance(node, ex.Apply):
        for layer in at.window.layers:
            if layer != node.layer and at.declarations.fits(node.name, (layer,), at.window):
                yield replace(node, layer=layer)


def slope_missing(node: ex.Expression, at: Setting):
    """A factor φ′ too few."""
    yield from _with_factor(node, list(at.slopes(False)), list(at.slopes(True)))


def slope_extra(node: ex.Expression, at: Setting):
    """A factor φ′ too many."""
    yield from _without(node, lambda x: isinstance(x, ex.Apply) or _is_diag_of_slope(x))


def _is_diag_of_slope(tree) -> bool:
    return isinstance(tree, ex.Diag) and isinstance(tree.of, ex.Apply)


# --- factors and terms --------------------------------------------------------------------------


def _with_factor(node, scalars, wholes):
    """One factor more: in a product, or beside what was none."""
    if isinstance(node, (ex.Hadamard,)):
        for new in wholes:
            yield replace(node, factors=(*node.factors, new))
    elif isinstance(node, ex.Mul):
        for new in scalars:
            yield replace(node, factors=(*node.factors, new))
        if _is_wide(node):
            for new in wholes:
                yield ex.Hadamard((node, new), span=node.span)
    elif isinstance(node, ex.Sum):
        for new in scalars:
            yield ex.Mul((node, new), span=node.span)
    elif isinstance(node, (ex.Entry, ex.Apply, ex.Whole, ex.Transpose)):
        few = wholes if _is_wide(node) else scalars
        for new in few:
            kind = ex.Hadamard if _is_wide(node) else ex.Mul
            yield kind((node, new), span=node.span)


def _without(node, which):
    """One factor fewer."""
    if isinstance(node, (ex.Mul, ex.Hadamard)) and len(node.factors) > 1:
        for i, found in enumerate(node.factors):
            if which(found):
                rest = (*node.factors[:i], *node.factors[i + 1 :])
                yield rest[0] if len(rest) == 1 else replace(node, factors=rest)


def quantity_missing(node: ex.Expression, at: Setting):
    """A factor too few: a weight, a signal, η."""
    if not isinstance(node, (ex.Mul, ex.Entry, ex.Sum, ex.Hadamard)):
        return
    scalars = [entry for name, layers in at.quantities for entry in at.entries(name, layers)]
    yield from _with_factor(node, scalars, [])
    if isinstance(node, ex.Mul) and _is_wide(node):
        yield from _with_matrix(node, at)


def _with_matrix(node: ex.Mul, at: Setting):
    """A matrix more, at any place of a product, as it is or transposed."""
    for name, layers in at.quantities:
        for whole in at.wholes(name, layers) if layers else ():
            for new in (whole, ex.Transpose(whole)):
                for i in range(len(node.factors) + 1):
                    yield replace(node, factors=(*node.factors[:i], new, *node.factors[i:]))


def quantity_extra(node: ex.Expression, at: Setting):
    """A factor too many."""
    quantities = (ex.Entry, ex.Whole, ex.Transpose)
    yield from _without(node, lambda x: isinstance(x, quantities))


def term_missing(node: ex.Expression, at: Setting):
    """A term too few."""
    if isinstance(node, ex.Add):
        for i in range(len(node.terms)):
            rest = (*node.terms[:i], *node.terms[i + 1 :])
            yield rest[0] if len(rest) == 1 else replace(node, terms=rest)


def term_extra(node: ex.Expression, at: Setting):
    """A quantity more, added to a whole side."""
    if at.root:
        for name, layers in at.quantities:
            for entry in (*at.entries(name, layers), *(at.wholes(name, layers) if layers else ())):
                yield ex.Add((node, entry), span=node.span)


def square(node: ex.Expression, at: Setting):
    """A square lost, or one too many."""
    if isinstance(node, ex.Power) and node.exponent > 1:
        yield node.base
    elif isinstance(node, ex.Entry) and node.layers:
        yield ex.Power(node, 2, span=node.span)


# --- names, layers, indices ---------------------------------------------------------------------


def quantity(node: ex.Expression, at: Setting):
    """Another quantity of the same layer."""
    if isinstance(node, (ex.Entry, ex.Whole)):
        for name, layers in at.quantities:
            if layers == len(node.layers) and name != node.name and _fits(at, name, node.layers):
                yield replace(node, name=name)


def _fits(at: Setting, name, layers) -> bool:
    known = all(layer in at.window.layers for layer in layers)
    return known and at.declarations.fits(name, layers, at.window)


def gradient(node: ex.Expression, at: Setting):
    """∂E/∂W for W, and the other way round."""
    if isinstance(node, (ex.Entry, ex.Whole)) and node.layers:
        for outcome in at.outcomes:
            yield ex.Derivative(outcome, node, span=node.span)
    elif isinstance(node, ex.Derivative) and node.of in at.outcomes:
        yield node.by


def upside_down(node: ex.Expression, at: Setting):
    """∂Y/∂X for ∂X/∂Y."""
    if isinstance(node, ex.Derivative) and isinstance(node.of, (ex.Entry, ex.Whole)):
        yield replace(node, of=node.by, by=node.of)


def layer(node: ex.Expression, at: Setting):
    """The same quantity of another layer."""
    if not isinstance(node, (ex.Entry, ex.Whole)) or not node.layers or "?" in node.layers:
        return
    if isinstance(node, ex.Whole):
        yield from (x for x in at.wholes(node.name, len(node.layers)) if x != node)
        return
    for other in at.entries(node.name, len(node.layers)):
        if other.layers != node.layers:
            yield replace(other, span=node.span)


def neighbour(node: ex.Expression, at: Setting):
    """Another neuron of the same layer: 1 for 2, b for a."""
    if isinstance(node, ex.Entry):
        for i, (index, where) in enumerate(zip(node.indices, node.layers, strict=True)):
            for new in _neighbours(index, where, at):
                indices = (*node.indices[:i], new, *node.indices[i + 1 :])
                yield replace(node, indices=indices)


def _neighbours(index: ex.Index, where: str, at: Setting):
    clash = isinstance(index, ex.Last) and index.layer != where  # a wrong size, see below
    if where == "?" or isinstance(index, Foreign) or clash:
        return
    few = [1, 2, ex.Last(where)] if not isinstance(index, str) else [1]
    for new in (*at.letters_of(where), *few):
        if new != index and not (isinstance(new, str) and new[0] == "ᵣ"):
            yield new


def exchanged(node: ex.Expression, at: Setting):
    """w_{ab} for w_{ba}."""
    if isinstance(node, ex.Entry) and len(set(node.indices)) == 2:
        yield replace(node, indices=node.indices[::-1])
        yield replace(node, indices=node.indices[::-1], layers=node.layers[::-1])


def summed_index(node: ex.Expression, at: Setting):
    """What is summed does not carry the letter of the sum."""
    if not isinstance(node, ex.Sum):
        return
    for part in ex.walk(node.body):
        if isinstance(part, ex.Entry):
            for i in range(len(part.indices)):
                if part.indices[i] != node.index and part.layers[i] in ("?", node.layer):
                    new = replace(
                        part,
                        indices=(*part.indices[:i], node.index, *part.indices[i + 1 :]),
                        layers=(*part.layers[:i], node.layer, *part.layers[i + 1 :]),
                    )
                    yield replace(node, body=_exchange(node.body, part, new))
    lost = _exchange_index(node.body, node.index, 1)
    if lost != node.body:
        yield replace(node, body=lost)


def _exchange(tree, old, new):
    return ex.rewrite(tree, lambda node: new if node == old else node)


def _exchange_index(tree, old, new):
    def rule(node):
        if isinstance(node, ex.Entry):
            return replace(node, indices=tuple(new if x == old else x for x in node.indices))
        if isinstance(node, ex.Equal):
            left, right = (new if x == old else x for x in (node.left, node.right))
            return replace(node, left=left, right=right)
        return node

    return ex.rewrite(tree, rule)


def sum_missing(node: ex.Expression, at: Setting):
    """A Σ too few: over a letter that is free."""
    if isinstance(node, (ex.Mul, ex.Entry, ex.Apply)):
        for letter, where in at.letters:
            if any(letter in getattr(x, "indices", ()) for x in ex.walk(node)):
                yield ex.Sum(letter, where, node, span=node.span)


def sum_extra(node: ex.Expression, at: Setting):
    """A Σ too many: only one of its terms, or its letter left free."""
    if isinstance(node, ex.Sum):
        for new in (*at.letters_of(node.layer), 1):
            yield _exchange_index(node.body, node.index, new)


def wrong_index_summed(node: ex.Expression, at: Setting):
    """The letter of the sum and a free one have changed places."""
    if isinstance(node, ex.Sum):
        for letter, where in at.letters:
            if letter != node.index and any(
                letter in getattr(x, "indices", ()) for x in ex.walk(node.body)
            ):
                body = _exchange_index(node.body, letter, "\0")
                body = _exchange_index(body, node.index, letter)
                yield replace(node, body=_exchange_index(body, "\0", node.index), layer=where)


# --- sizes --------------------------------------------------------------------------------------


def size(node: ex.Expression, at: Setting):
    """Another layer's size: as a sum's limit, as the last index, below a matrix."""
    for where in at.window.layers:
        if isinstance(node, ex.Sum) and where != node.layer:
            yield replace(node, layer=where)
        if isinstance(node, ex.Sized):
            if node.rows not in (where, 1):
                yield replace(node, rows=where)
            if node.columns not in (where, 1):
                yield replace(node, columns=where)
        if isinstance(node, ex.Entry):
            for i, index in enumerate(node.indices):
                if isinstance(index, ex.Last) and index.layer != where:
                    new = replace(index, layer=where)
                    yield replace(node, indices=(*node.indices[:i], new, *node.indices[i + 1 :]))


def sizes_put_right(node: ex.Expression, at: Setting):
    """All sizes of a side that clash with what stands beside them, at once; or one of them."""
    if at.root:
        right = ex.rewrite(node, _last_of_its_layer)
        right = ex.rewrite(right, lambda x: _sized_as_it_is(x, at))
        if right != node:
            yield right
    yield from size(node, at)


def _last_of_its_layer(node: ex.Expression) -> ex.Expression:
    """y_{j,m} is y_{j,z}: the last neuron of its own layer. Σ runs over what its letter counts."""
    if isinstance(node, ex.Entry):
        indices = tuple(
            replace(index, layer=layer) if isinstance(index, ex.Last) and layer != "?" else index
            for index, layer in zip(node.indices, node.layers, strict=True)
        )
        return replace(node, indices=indices)
    if isinstance(node, ex.Sum):
        counted = {
            layer
            for x in ex.walk(node.body) if isinstance(x, ex.Entry)
            for index, layer in zip(x.indices, x.layers, strict=True) if index == node.index
        }  # fmt: skip
        return replace(node, layer=counted.pop()) if len(counted) == 1 else node
    return node


def _sized_as_it_is(node: ex.Expression, at: Setting) -> ex.Expression:
    """A matrix with the size that its entries show written below it."""
    if not isinstance(node, ex.Sized):
        return node
    try:
        letters = dict(at.letters)
        _, (rows, columns) = Shapes(at.declarations, at.window, letters).settle(node.of, UNKNOWN)
    except (IllTyped, Unclear):
        return node
    return node if None in (rows, columns) else replace(node, rows=rows, columns=columns)
