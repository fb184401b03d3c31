r"""The catalogue of mistakes: a table of names and rewritings.

A name is a pattern; what stands in its braces is read from the two trees, so that one row names
"e for δ", "y for v" and whatever quantities another text declares. `wrong` is what is written,
`right` what is meant.

To add a mistake: write its rule in `rules.py`, add a row here, and let `make messages` store what
it says of the examples in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bpderiv import expression as ex
from bpderiv.meaning.dots import DottedSum, Marked
from bpderiv.meaning.names import readable
from bpderiv.meaning.window import Window
from bpderiv.mistakes import rules
from bpderiv.mistakes.setting import Setting

Rule = Callable[[ex.Expression, Setting], Iterator[ex.Expression]]


@dataclass(frozen=True)
class Mistake:
    """A row: the name's pattern, the rule, and the rule that undoes it (often the same)."""

    pattern: str
    plant: Rule
    repair: Rule
    names: Callable[[ex.Expression, ex.Expression, Setting], dict] = lambda wrong, right, at: {}

    def name(self, wrong: ex.Expression, right: ex.Expression, at: Setting) -> str:
        """The mistake's name, if `wrong` is written for `right`."""
        return " ".join(self.pattern.format(**self.names(wrong, right, at)).split())


def _pair(wrong, right, at: Setting) -> dict:
    return {"wrong": called(wrong, at), "right": called(right, at)}


def called(node: ex.Expression, at: Setting) -> str:
    """How a text calls a quantity: W, w, ∂E/∂W, φ′."""
    if isinstance(node, ex.Apply):
        return readable(node.name) + "′" * node.order
    if isinstance(node, ex.Derivative):
        return f"∂{called(node.of, at)}/∂{called(node.by, at)}"
    if isinstance(node, (ex.Transpose, ex.Diag)):
        return called(node.of, at)
    if isinstance(node, (ex.Entry, ex.Whole)):
        quantity = at.declarations.quantity(node.name, len(node.layers))
        return readable(quantity.whole if isinstance(node, ex.Whole) else quantity.name)
    return ""


def _function(wrong, right, at: Setting) -> dict:
    return {"function": called(wrong, at)}


def _more(less: ex.Expression, more: ex.Expression, at: Setting) -> str:
    """The factor or term that `more` has and `less` has not."""
    kinds = (ex.Add,) if isinstance(more, ex.Add) else (ex.Mul, ex.Hadamard)
    rest = list(_parts(less, kinds))
    for part in _parts(more, kinds):
        if part in rest:
            rest.remove(part)
        else:
            return called(part, at)
    return ""


def _parts(tree: ex.Expression, kinds: tuple) -> Iterator[ex.Expression]:
    """The terms, or the factors, of a tree and of the brackets in it."""
    if isinstance(tree, kinds):
        for part in getattr(tree, "factors", None) or tree.terms:
            yield from _parts(part, kinds)
    else:
        yield tree


def _applied(wrong, right, at: Setting) -> dict:
    return {"function": called(wrong if isinstance(wrong, ex.Apply) else right, at)}


def _missing(wrong, right, at: Setting) -> dict:
    what = _more(wrong, right, at)
    return {"what": what, "factor": what or "factor"}


def _extra(wrong, right, at: Setting) -> dict:
    return _missing(right, wrong, at)


def _of_layer(wrong, right, at: Setting) -> dict:
    return {"what": called(wrong, at)}


#: All mistakes; of several names that fit, the first is told first.
CATALOGUE = (
    Mistake("sign", rules.sign, rules.sign),
    Mistake("factor 2", rules.factor, rules.factor),
    Mistake("layout", rules.layout, rules.layout),
    Mistake("transposed", rules.transposed, rules.transposed),
    Mistake("order of the factors", rules.order_of_factors, rules.order_of_factors),
    Mistake("inverse for transposed", rules.inverse, rules.inverse),
    Mistake("⊙ and matrix product", rules.hadamard, rules.hadamard),
    Mistake("diag", rules.diagonal, rules.diagonal),
    Mistake("I missing", rules.identity_extra, rules.identity_missing),
    Mistake("I too much", rules.identity_missing, rules.identity_extra),
    Mistake("{wrong} for {right}", rules.order, rules.order, _pair),
    Mistake("{function} of the wrong layer", rules.function_layer, rules.function_layer, _function),
    Mistake("{factor} missing", rules.slope_extra, rules.slope_missing, _missing),
    Mistake("{factor} too much", rules.slope_missing, rules.slope_extra, _extra),
    Mistake("{wrong} for {right}", rules.quantity, rules.quantity, _pair),
    Mistake("indices exchanged", rules.exchanged, rules.exchanged),
    Mistake("{what} of the wrong layer", rules.layer, rules.layer, _of_layer),
    Mistake("{function} not applied", rules.function_extra, rules.function_missing, _applied),
    Mistake("{function} too often", rules.function_missing, rules.function_extra, _applied),
    Mistake("neighbouring index", rules.neighbour, rules.neighbour),
    Mistake("wrong size", rules.size, rules.sizes_put_right),
    Mistake("index of the sum", rules.summed_index, rules.summed_index),
    Mistake("Σ missing", rules.sum_extra, rules.sum_missing),
    Mistake("Σ too much", rules.sum_missing, rules.sum_extra),
    Mistake("wrong index summed", rules.wrong_index_summed, rules.wrong_index_summed),
    Mistake("wrong layer summed", rules.summed_layer, rules.summed_layer),
    Mistake("end of the sum", rules.end_of_sum, rules.end_of_sum),
    Mistake("product of sums", rules.product_of_sums, rules.sum_of_products),
    Mistake("sum of products", rules.sum_of_products, rules.product_of_sums),
    Mistake("place of the entry", rules.marked_place, rules.marked_place),
    Mistake("{factor} missing", rules.link_extra, rules.link_missing, _missing),
    Mistake("{factor} too much", rules.link_missing, rules.link_extra, _extra),
    Mistake("Kronecker symbol missing", rules.kronecker_extra, rules.kronecker_missing),
    Mistake("Kronecker symbol too much", rules.kronecker_missing, rules.kronecker_extra),
    Mistake("square", rules.square, rules.square),
    Mistake("{factor} missing", rules.quantity_extra, rules.quantity_missing, _missing),
    Mistake("{factor} too much", rules.quantity_missing, rules.quantity_extra, _extra),
    Mistake("term {what} missing", rules.term_missing, rules.term_extra, _missing),
    Mistake("term {what} too much", rules.term_extra, rules.term_missing, _extra),
    Mistake("sum for product", rules.added, rules.multiplied),
    Mistake("product for sum", rules.multiplied, rules.added),
    Mistake("{wrong} for {right}", rules.gradient, rules.gradient, _pair),
    Mistake("∂ upside down", rules.upside_down, rules.upside_down),
)


#: What a claim says too much of, and the window in which it is true: names that no tree shows.
OF_WINDOWS = (
    ("true of the output layer only", Window.as_output),
    ("not true of the input layer", Window.with_layer_before),
)


#: What shows entries: a rewriting may go through all of them.
WITH_CELLS = (ex.Display, Marked)


@dataclass(frozen=True)
class Variant:
    """A tree with one node rewritten; `old` and `new` are that node before and after."""

    tree: ex.Expression
    old: ex.Expression
    new: ex.Expression
    at: Setting


def variants(
    tree: ex.Expression, rule: Rule, at: Setting, together: bool = False
) -> Iterator[Variant]:
    """The tree with the rule applied at one node, for every node and every result.

    What is differentiated by stays a quantity with a name. `together`: also to all entries of a
    display, or all terms of a sum with dots, in the same way at once: who errs in one errs in all.
    """
    for new in rule(tree, at):
        yield Variant(new, tree, new, at)
    below = at.inside(tree)
    if together and isinstance(tree, (*WITH_CELLS, DottedSum)):
        yield from _in_all_entries(tree, rule, below)
    for name in ex.parts(type(tree)):
        for value, variant in _in_value(getattr(tree, name), rule, below, together):
            if name == "by" and not isinstance(value, (ex.Entry, ex.Whole)):
                continue
            yield Variant(ex.changed(tree, **{name: value}), variant.old, variant.new, variant.at)


def _in_value(value, rule: Rule, at: Setting, together: bool):
    """(the value with one node rewritten, the variant)."""
    if isinstance(value, ex.Expression):
        for variant in variants(value, rule, at, together):
            yield variant.tree, variant
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            for new, variant in _in_value(item, rule, at, together):
                yield (*value[:i], new, *value[i + 1 :]), variant


def _in_all_entries(tree: ex.Expression, rule: Rule, at: Setting) -> Iterator[Variant]:
    """The first rewriting of each entry, the second of each, …; noughts have none."""
    places = [place for place in _entries(tree) if not rules.is_number(_entry_at(tree, place))]
    each = [list(variants(_entry_at(tree, place), rule, at)) for place in places]
    if len(each) > 1 and len({len(found) for found in each}) == 1:
        for chosen in zip(*each, strict=True):
            new = tree
            for place, variant in zip(places, chosen, strict=True):
                new = _with_entry(new, place, variant.tree)
            yield replace(chosen[0], tree=new)


def _entries(tree) -> list[tuple]:
    if isinstance(tree, DottedSum):
        return [(i, j) for i, group in enumerate(tree.groups) for j in range(len(group))]
    marked = [("value",)] if isinstance(tree, Marked) else []
    return [*((i,) for i in range(len(tree.cells))), *marked]


def _entry_at(tree, place: tuple):
    if isinstance(tree, DottedSum):
        return tree.groups[place[0]][place[1]]
    return tree.value if place == ("value",) else tree.cells[place[0]].value


def _with_entry(tree, place: tuple, new):
    if isinstance(tree, DottedSum):
        i, j = place
        group = (*tree.groups[i][:j], new, *tree.groups[i][j + 1 :])
        return replace(tree, groups=(*tree.groups[:i], group, *tree.groups[i + 1 :]))
    if place == ("value",):
        return replace(tree, value=new)
    (i,) = place
    cell = replace(tree.cells[i], value=new)
    return replace(tree, cells=(*tree.cells[:i], cell, *tree.cells[i + 1 :]))


def planted(tree: ex.Expression, at: Setting) -> Iterator[tuple[str, ex.Expression]]:
    """(name, tree with that mistake) for every mistake at every place."""
    for mistake in CATALOGUE:
        for variant in variants(tree, mistake.plant, at):
            yield mistake.name(variant.new, variant.old, variant.at), variant.tree


@dataclass(frozen=True)
class Repair:
    """A tree without one of its mistakes: row and name of that, and where it stood."""

    row: int
    name: str
    where: int
    tree: ex.Expression


def repairs(tree: ex.Expression, at: Setting, rows=None) -> Iterator[Repair]:
    """The tree without one mistake, for each of these rows (default: all) and every place."""
    for row in range(len(CATALOGUE)) if rows is None else rows:
        mistake = CATALOGUE[row]
        for variant in variants(tree, mistake.repair, at, together=True):
            name = mistake.name(variant.old, variant.new, variant.at)
            yield Repair(row, name, variant.old.span[0], variant.tree)
