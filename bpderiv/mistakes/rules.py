r"""The rewritings: each rule takes a node and yields what may stand in its place instead.

A rule knows nothing of right and wrong. To *repair* a false claim it is applied to what is
written; to *plant* a mistake, to what is right. What the mistake is called follows from both
(`catalogue.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

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
    """Whether a factor is a column or matrix, as far as it shows; kept in the tree."""
    found = tree.__dict__.get("_wide")
    if found is None:
        found = _shows_wide(tree)
        object.__setattr__(tree, "_wide", found)
    return found


def _shows_wide(tree: ex.Expression) -> bool:
    if isinstance(tree, (*_COLUMN, ex.Identity)):
        return True
    if isinstance(tree, (ex.Entry, ex.Number, ex.Power)):
        return False
    return any(map(_is_wide, ex.children(tree)))


def order_of_factors(node: ex.Expression, at: Setting):
    """Two factors of a product of matrices have changed places, or all are the other way round."""
    if not isinstance(node, ex.Mul):
        return
    wide = [i for i, factor in enumerate(node.factors) if _is_wide(factor)]
    for i, j in combinations(wide, 2):
        if node.factors[i] != node.factors[j]:
            yield replace(node, factors=_in_order(node.factors, (i, j), (j, i)))
    if len(wide) > 3:
        yield replace(node, factors=_in_order(node.factors, wide, wide[::-1]))
    if len(wide) > 2:  # the first is the last, or the last the first
        for turned in (wide[1:] + wide[:1], wide[-1:] + wide[:-1]):
            yield replace(node, factors=_in_order(node.factors, wide, turned))


def _in_order(factors: tuple, old, new) -> tuple:
    """The factors with those at `new` put at `old`."""
    places = dict(zip(old, new, strict=True))
    return tuple(factors[places.get(i, i)] for i in range(len(factors)))


def hadamard(node: ex.Expression, at: Setting):
    """⊙ for the product of matrices, and the other way round."""
    if isinstance(node, ex.Mul) and sum(map(_is_wide, node.factors)) > 1:
        yield ex.Hadamard(node.factors, span=node.span)
        for i in range(2, len(node.factors)):
            front = replace(node, factors=node.factors[:i])
            yield ex.Hadamard((front, *node.factors[i:]), span=node.span)
    if isinstance(node, ex.Hadamard):
        yield ex.Mul(node.factors, span=node.span)
        if len(node.factors) == 2:  # two columns: all their products, in a matrix
            one, two = node.factors
            yield ex.Mul((one, ex.Transpose(two, span=two.span)), span=node.span)
            yield ex.Mul((two, ex.Transpose(one, span=one.span)), span=node.span)


def diagonal(node: ex.Expression, at: Setting):
    """diag lost, or put where a column belongs."""
    if isinstance(node, ex.Diag):
        yield node.of
    elif isinstance(node, ex.Apply) and _is_wide(node.argument):
        yield ex.Diag(node, span=node.span)


def identity_missing(node: ex.Expression, at: Setting):
    """A number for that many times the unit matrix."""
    if isinstance(node, ex.Number) and at.root:
        new = ex.Identity(span=node.span)
        yield new if node.value == 1 else ex.Mul((node, new), span=node.span)


def identity_extra(node: ex.Expression, at: Setting):
    """The unit matrix for the number 1."""
    yield from _without(node, lambda x: isinstance(x, ex.Identity))
    if isinstance(node, ex.Identity) and at.inside_of is not ex.Mul:
        yield ex.Number(Fraction(1), span=node.span)


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
                yield from _at_its_own(node, layer, at)


def _at_its_own(node: ex.Apply, layer: str, at: Setting):
    """φ of another layer together with its argument: φ_j(v_j) for φ_k(v_k)."""
    inside = node.argument
    if isinstance(inside, (ex.Entry, ex.Whole)) and inside.layers == (node.layer,):
        few = at.entries if isinstance(inside, ex.Entry) else at.wholes
        for other in few(inside.name, 1):
            if other.layers == (layer,):
                yield replace(node, layer=layer, argument=replace(other, span=inside.span))


def function_missing(node: ex.Expression, at: Setting):
    """A function that was not applied."""
    few = (ex.Entry, ex.Whole, ex.Sum, ex.Mul)
    if isinstance(node, few) and at.inside_of not in (ex.Mul, ex.Derivative):
        for name in at.functions:
            for layer in at.window.layers:
                if at.declarations.fits(name, (layer,), at.window):
                    yield ex.Apply(layer, node, 0, name=name, span=node.span)


def function_extra(node: ex.Expression, at: Setting):
    """A function that was applied once too often."""
    if isinstance(node, ex.Apply) and not node.order:
        yield node.argument


def slope_missing(node: ex.Expression, at: Setting):
    """A factor φ′ too few."""
    wholes = list(at.slopes(True))
    yield from _with_factor(node, list(at.slopes(False)), wholes, at)
    if isinstance(node, ex.Mul) and _is_wide(node):
        yield from _inserted(node, [ex.Diag(x, span=node.span) for x in wholes])


def slope_extra(node: ex.Expression, at: Setting):
    """A factor φ′ too many."""
    yield from _without(node, lambda x: isinstance(x, ex.Apply) or _is_diag_of_slope(x))


def _is_diag_of_slope(tree) -> bool:
    return isinstance(tree, ex.Diag) and isinstance(tree.of, ex.Apply)


# --- factors and terms --------------------------------------------------------------------------


#: Numbers, as far as it shows, that a factor may be put beside.
_BESIDE = (ex.Sum, ex.Entry, ex.Apply, ex.Derivative, ex.Power, ex.Number, ex.Add)


def _with_factor(node, scalars, wholes, at: Setting):
    """One factor more: in a product, or beside what was none."""
    if isinstance(node, ex.Hadamard):
        for new in wholes:
            yield replace(node, factors=(*node.factors, new))
    elif isinstance(node, ex.Mul):
        for new in scalars:
            yield replace(node, factors=(*node.factors, new))
        if _is_wide(node):
            yield from _times_entries(node, wholes)
    elif _is_wide(node):
        if isinstance(node, (ex.Apply, ex.Whole, ex.Transpose, ex.Derivative, ex.Add, ex.Sum)):
            for new in wholes:
                yield ex.Hadamard((node, new), span=node.span)
    elif isinstance(node, _BESIDE) and at.inside_of is not ex.Mul and not _is_nought(node):
        for new in scalars:
            yield ex.Mul((node, new), span=node.span)


def _times_entries(node: ex.Mul, wholes):
    """A product of matrices, or some factors of it, times a column, entry by entry."""
    for start, end in combinations(range(len(node.factors) + 1), 2):
        part = node.factors[start:end]
        if not any(map(_is_wide, part)) or part[0] == _MINUS:
            continue
        inner = part[0] if len(part) == 1 else replace(node, factors=part)
        for new in wholes:
            more = ex.Hadamard((inner, new), span=node.span)
            if len(part) == len(node.factors):
                yield more
            else:
                yield replace(node, factors=(*node.factors[:start], more, *node.factors[end:]))


def _without(node, which):
    """One factor fewer."""
    if isinstance(node, (ex.Mul, ex.Hadamard)) and len(node.factors) > 1:
        for i, found in enumerate(node.factors):
            if which(found):
                rest = (*node.factors[:i], *node.factors[i + 1 :])
                yield rest[0] if len(rest) == 1 else replace(node, factors=rest)


def quantity_missing(node: ex.Expression, at: Setting):
    """A factor too few: a weight, a signal, η."""
    scalars = [entry for name, layers in at.quantities for entry in at.entries(name, layers)]
    yield from _with_factor(node, scalars, [], at)
    alone = isinstance(node, (ex.Whole, ex.Transpose)) and at.inside_of is not ex.Mul
    if (alone or isinstance(node, ex.Mul)) and _is_wide(node):
        yield from _inserted(node, _matrices(at))


def _matrices(at: Setting) -> list[ex.Expression]:
    """All columns and matrices, as they are and transposed."""
    wholes = [x for name, layers in at.quantities if layers for x in at.wholes(name, layers)]
    return [new for whole in wholes for new in (whole, ex.Transpose(whole))]


def _inserted(node: ex.Expression, matrices):
    """A matrix more, at any place of a product."""
    factors = node.factors if isinstance(node, ex.Mul) else (node,)
    for new in matrices:
        for i in range(len(factors) + 1):
            yield ex.Mul((*factors[:i], new, *factors[i:]), span=node.span)


def quantity_extra(node: ex.Expression, at: Setting):
    """A factor too many."""
    quantities = (ex.Entry, ex.Whole, ex.Transpose)
    yield from _without(node, lambda x: isinstance(x, quantities))


def link_missing(node: ex.Expression, at: Setting):
    """A chain of derivatives with a gap: ∂a/∂b · ∂c/∂d without ∂b/∂c."""
    if isinstance(node, ex.Mul):
        pairs = zip(node.factors, node.factors[1:], strict=False)
        for i, (one, two) in enumerate(pairs, 1):
            chain = isinstance(one, ex.Derivative) and isinstance(two, ex.Derivative)
            if chain and one.by != two.of and isinstance(two.of, (ex.Entry, ex.Whole)):
                new = ex.Derivative(one.by, two.of, span=node.span)
                yield replace(node, factors=(*node.factors[:i], new, *node.factors[i:]))


def link_extra(node: ex.Expression, at: Setting):
    """A derivative among the factors that does not belong there."""
    yield from _without(node, lambda x: isinstance(x, ex.Derivative))


def kronecker_missing(node: ex.Expression, at: Setting):
    """Nought, but for one neuron: that was forgotten."""
    if isinstance(node, (ex.Mul, ex.Entry, ex.Apply)) and at.inside_of is not ex.Mul:
        for (one, where), (two, other) in combinations(at.letters, 2):
            known = any(isinstance(x, ex.Equal) and {x.left, x.right} == {one, two}
                        for x in ex.walk(node))  # fmt: skip
            if where == other and where in at.window.layers and not known:
                yield ex.Mul((ex.Equal(one, two, where), node), span=node.span)


def kronecker_extra(node: ex.Expression, at: Setting):
    """[r = b] where every neuron counts."""
    yield from _without(node, lambda x: isinstance(x, ex.Equal))


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
                if entry not in getattr(node, "terms", ()):
                    yield ex.Add((node, entry), span=node.span)


def added(node: ex.Expression, at: Setting):
    """A sum of what is to be multiplied."""
    if isinstance(node, (ex.Mul, ex.Hadamard)):
        for i, factor in enumerate(node.factors):
            rest = (*node.factors[:i], *node.factors[i + 1 :])
            if rest and not is_number(factor) and not all(map(is_number, rest)):
                one = rest[0] if len(rest) == 1 else replace(node, factors=rest)
                yield ex.Add((one, factor), span=node.span)


def multiplied(node: ex.Expression, at: Setting):
    """A product of what is to be added; a factor may stand at any place of it."""
    if not isinstance(node, ex.Add):
        return
    if any(map(_is_wide, node.terms)):
        yield ex.Hadamard(node.terms, span=node.span)
    first, *rest = node.terms
    factors = first.factors if isinstance(first, ex.Mul) else (first,)
    for i in range(len(factors) + 1):
        yield ex.Mul((*factors[:i], *rest, *factors[i:]), span=node.span)


def is_number(tree: ex.Expression) -> bool:
    """Whether a number stands there, such as the noughts of a display."""
    return isinstance(tree, ex.Number)


def square(node: ex.Expression, at: Setting):
    """A square lost, or one too many."""
    if isinstance(node, ex.Power) and node.exponent > 1:
        yield node.base
    elif isinstance(node, ex.Apply) and not _is_wide(node) or getattr(node, "indices", ()):
        yield ex.Power(node, 2, span=node.span)


# --- names, layers, indices ---------------------------------------------------------------------


def quantity(node: ex.Expression, at: Setting):
    """Another quantity of the same layer."""
    if isinstance(node, (ex.Entry, ex.Whole)):
        for name, layers in at.quantities:
            if layers == len(node.layers) and name != node.name and _fits(at, name, node.layers):
                yield replace(node, name=name)
    if isinstance(node, ex.Entry):
        for name, layers in at.quantities:
            if layers != len(node.layers):
                yield from (new for new in at.entries(name, layers) if _share(node, new))


def _share(one: ex.Entry, two: ex.Entry) -> bool:
    """Whether they belong to one neuron: the weight w_{ba} for the signal y_{j,a}."""
    places = [set(zip(x.indices, x.layers, strict=True)) for x in (one, two)]
    return bool(places[0] & places[1])


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
    """The same quantity of another layer: the neuron of the same number, or one with a letter."""
    if not isinstance(node, (ex.Entry, ex.Whole)) or not node.layers or "?" in node.layers:
        return
    for other in at.wholes(node.name, len(node.layers)):
        if other.layers != node.layers:
            if isinstance(node, ex.Whole):
                yield replace(other, span=node.span)
            else:
                yield from _neurons_of(node, other.layers, at)


def _neurons_of(node: ex.Entry, layers: tuple[str, ...], at: Setting):
    """Entries at other layers."""
    choices = []
    for index, old, new in zip(node.indices, node.layers, layers, strict=True):
        known = at.letters_of(new)
        if old == new and index not in known or isinstance(index, int):
            known = [index, *known]
        if isinstance(index, ex.Last):
            known = [replace(index, layer=new), *known]
        choices.append(known)
    for indices in product(*choices):
        yield replace(node, layers=layers, indices=indices)


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
    """w_{ab} for w_{ba}; in a product each neuron for the other; an entry for its place."""
    if isinstance(node, ex.Entry) and len(set(node.indices)) == 2:
        yield replace(node, indices=node.indices[::-1])
        yield replace(node, indices=node.indices[::-1], layers=node.layers[::-1])
        if "?" in node.layers:
            for whole in at.wholes(node.name, 2):
                if set(node.layers) < {"?", *whole.layers}:
                    yield replace(node, indices=node.indices[::-1], layers=whole.layers)
    if isinstance(node, ex.Mul):
        for one, two in combinations(at.letters, 2):
            if one[1] != two[1]:
                new = _with_columns_exchanged(node, one, two)
                if new != node:
                    yield new
    if isinstance(node, Marked) and isinstance(node.mark, str):
        for index in dict.fromkeys(i for x in ex.walk(node.value) for i in _indices(x)):
            if index != node.mark:
                value = _exchange_index(node.value, index, "\0")
                value = _exchange_index(value, node.mark, index)
                value = _exchange_index(value, "\0", node.mark)
                yield replace(node, mark=index, value=value)


def _with_columns_exchanged(node: ex.Mul, one: tuple, two: tuple) -> ex.Expression:
    """δ_{k,b} y_{j,a} for δ_{j,a} y_{k,b}."""
    places = {((one[0],), (one[1],)): two, ((two[0],), (two[1],)): one}

    def rule(tree):
        there = places.get((getattr(tree, "indices", ()), getattr(tree, "layers", ())))
        return replace(tree, indices=(there[0],), layers=(there[1],)) if there else tree

    return ex.rewrite(node, rule)


def _indices(node: ex.Expression) -> tuple:
    """The letters of neurons that a node carries."""
    return tuple(x for x in getattr(node, "indices", ()) if isinstance(x, str))


def marked_place(node: ex.Expression, at: Setting):
    """The one entry of a column stands at the place of another neuron."""
    if isinstance(node, Marked):
        for letter, _ in at.letters:
            if letter != node.mark:
                yield replace(node, mark=letter)


def free_letters(tree: ex.Expression) -> frozenset[str]:
    """The letters of neurons that no Σ binds; kept in the tree."""
    found = tree.__dict__.get("_letters")
    if found is None:
        own = (*getattr(tree, "indices", ()), *(getattr(tree, x, None) for x in _WITH_INDEX))
        found = frozenset(x for x in own if isinstance(x, str))
        found = found.union(*map(free_letters, ex.children(tree)))
        if isinstance(tree, ex.Sum):
            found -= {tree.index}
        object.__setattr__(tree, "_letters", found)
    return found


#: Parts of nodes that hold one index: those of [r = b], and the place of a marked entry.
_WITH_INDEX = ("left", "right", "mark")


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
    for index in dict.fromkeys(_others_of_layer(node)):
        yield replace(node, body=_exchange_index(node.body, index, node.index, node.layer))


def _others_of_layer(node: ex.Sum):
    """Neurons of the summed layer that are not the sum's own."""
    for part in ex.walk(node.body):
        if isinstance(part, ex.Entry):
            for index, layer in zip(part.indices, part.layers, strict=True):
                if layer == node.layer and index != node.index:
                    yield index


def _exchange(tree, old, new):
    return ex.rewrite(tree, lambda node: new if node == old else node)


def _exchange_index(tree, old, new, layer: str | None = None):
    """Another index for an old one; only in one layer if that is said."""

    def there(index, where):
        return new if index == old and layer in (None, where) else index

    def rule(node):
        if isinstance(node, ex.Entry):
            return replace(node, indices=tuple(map(there, node.indices, node.layers)))
        if isinstance(node, ex.Equal):
            left, right = (there(x, node.layer) for x in (node.left, node.right))
            return replace(node, left=left, right=right)
        return node

    return ex.rewrite(tree, rule)


#: The letter of a Σ that is not in the text.
_NEW = "◦"


def sum_missing(node: ex.Expression, at: Setting):
    """A Σ too few: over a letter that is free."""
    if isinstance(node, (ex.Mul, ex.Entry, ex.Apply, ex.Power, ex.Add, ex.Derivative)):
        for letter, where in dict.fromkeys(at.letters):
            if any(letter in getattr(x, "indices", ()) for x in ex.walk(node)):
                yield ex.Sum(letter, where, node, span=node.span)
        for where in at.window.layers:  # of its terms, only the first is left
            body = _exchange_index(node, 1, _NEW, where)
            if body != node:
                yield ex.Sum(_NEW, where, body, span=node.span)


def sum_extra(node: ex.Expression, at: Setting):
    """A Σ too many: only one of its terms, or its letter left free."""
    if isinstance(node, ex.Sum):
        for new in (*at.letters_of(node.layer), 1):
            yield _exchange_index(node.body, node.index, new)


def wrong_index_summed(node: ex.Expression, at: Setting):
    """The letter of the sum and a free one, or two sums, have changed places."""
    if not isinstance(node, ex.Sum):
        return
    for letter, where in dict.fromkeys(at.letters):
        if letter != node.index and letter in free_letters(node.body):
            body = _exchange_index(node.body, letter, "\0")
            for free in at.letters_of(node.layer):
                if free != node.index:
                    new = _exchange_index(body, node.index, free)
                    new = _exchange_index(new, "\0", node.index)
                    yield replace(node, body=new, layer=where)
    for inner in ex.walk(node.body):
        if isinstance(inner, ex.Sum) and inner.layer != node.layer:
            yield from _sums_exchanged(node, inner, at)


def _sums_exchanged(node: ex.Sum, inner: ex.Sum, at: Setting):
    """The inner sum outside; a free letter of its layer is then its own."""
    other = replace(inner, index=node.index, layer=node.layer)
    body = _exchange(node.body, inner, other)
    for letter in ("", *at.letters_of(inner.layer)):
        mine = _exchange_index(body, letter, inner.index, inner.layer)
        new = replace(node, index=inner.index, layer=inner.layer, body=mine)
        if free_letters(new) <= free_letters(node) and not (letter and mine == body):
            yield new


def summed_layer(node: ex.Expression, at: Setting):
    """Σ over the neurons of another layer, with all that belongs to them."""
    if isinstance(node, ex.Sum):
        for layer in at.window.layers:
            if layer != node.layer:
                body = _in_layer(node.body, node.index, node.layer, layer, at)
                if body is not None:
                    yield replace(node, layer=layer, body=body)


def _in_layer(body, index: str, old: str, new: str, at: Setting):
    """The body with the neuron `index` in another layer; None if that has not such quantities."""
    failed = []

    def rule(node):
        if isinstance(node, ex.Apply):
            mine = any(index in getattr(x, "indices", ()) for x in ex.walk(node.argument))
            return replace(node, layer=new) if mine and node.layer == old else node
        if not isinstance(node, ex.Entry) or index not in node.indices:
            return node
        layers = tuple(new if i == index else x for i, x in zip(node.indices, node.layers,
                                                               strict=True))  # fmt: skip
        for turned in (1, -1):
            if _fits(at, node.name, layers[::turned]):
                return replace(node, layers=layers[::turned], indices=node.indices[::turned])
        failed.append(node)
        return node

    changed = ex.rewrite(body, rule)
    return None if failed or changed == body else changed


def end_of_sum(node: ex.Expression, at: Setting):
    """A factor that belongs to the terms of a Σ stands outside, or the other way round."""
    if isinstance(node, ex.Mul):
        for i, factor in enumerate(node.factors):
            if isinstance(factor, ex.Sum):
                rest = (*node.factors[:i], *node.factors[i + 1 :])
                yield from _into(factor, rest, ())
                for j in range(len(rest) if len(rest) > 1 else 0):
                    yield from _into(factor, (rest[j],), (*rest[:j], *rest[j + 1 :]))
    if isinstance(node, ex.Sum) and isinstance(node.body, ex.Mul):
        factors = node.body.factors
        for i, factor in enumerate(factors):
            if node.index in free_letters(factor) and len(factors) > 1:
                rest = replace(node.body, factors=(*factors[:i], *factors[i + 1 :]))
                inner = node.index + "′"  # outside, the letter is another one
                body = _exchange_index(rest, node.index, inner)
                yield ex.Mul((replace(node, index=inner, body=body), factor), span=node.span)


def _into(sum_: ex.Sum, factors: tuple, others: tuple):
    """Factors put into the sum, of whose layer they have neurons; the others stay outside."""
    letters = {
        index
        for factor in factors
        for x in ex.walk(factor)
        if isinstance(x, ex.Entry)
        for index, layer in zip(x.indices, x.layers, strict=True)
        if layer == sum_.layer and index in free_letters(factor)
    }
    more = factors
    for letter in letters:
        more = tuple(_exchange_index(x, letter, sum_.index, sum_.layer) for x in more)
    if letters:
        new = replace(sum_, body=ex.Mul((sum_.body, *more), span=sum_.span))
        yield ex.Mul((*others, new), span=sum_.span) if others else new


def sum_of_products(node: ex.Expression, at: Setting):
    """A product of sums, a square of a sum, where the products or squares are to be added."""
    if isinstance(node, ex.Power) and node.exponent > 1 and isinstance(node.base, ex.Sum):
        yield replace(node.base, body=replace(node, base=node.base.body))
    if isinstance(node, ex.Mul):
        sums = [i for i, factor in enumerate(node.factors) if isinstance(factor, ex.Sum)]
        for i, j in combinations(sums, 2):
            one, two = node.factors[i], node.factors[j]
            if one.layer == two.layer:
                body = _exchange_index(two.body, two.index, one.index)
                new = replace(one, body=ex.Mul((one.body, body), span=node.span))
                rest = tuple(x for x in node.factors if x is not one and x is not two)
                yield ex.Mul((new, *rest), span=node.span) if rest else new


def product_of_sums(node: ex.Expression, at: Setting):
    """The other way round."""
    if not isinstance(node, ex.Sum):
        return
    body = node.body
    if isinstance(body, ex.Power) and body.exponent > 1:
        yield replace(body, base=replace(node, body=body.base))
    if isinstance(body, ex.Mul) and len(body.factors) > 1:
        for i in range(1, len(body.factors)):
            parts = body.factors[:i], body.factors[i:]
            if all(any(node.index in _indices(x) for f in part for x in ex.walk(f))
                   for part in parts):  # fmt: skip
                yield ex.Mul(
                    tuple(replace(node, body=replace(body, factors=part)) for part in parts),
                    span=node.span,
                )


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
            if node.rows == node.columns != where:
                yield replace(node, rows=where, columns=where)
        if isinstance(node, ex.Identity) and node.size not in (None, where):
            yield replace(node, size=where)
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
