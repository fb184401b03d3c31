r"""The catalogue of mistakes: a table of names and rewritings.

A name is a pattern; what stands in its braces is read from the two trees, so that one row names
"e for δ", "y for v" and whatever quantities another text declares. `wrong` is what is written,
`right` what is meant.

To add a mistake: write its rule in `rules.py`, add a row here, and let `make messages` store what
it says of the examples in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace

from bpderiv import expression as ex
from bpderiv.meaning.names import readable
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
    return {"wrong": _called(wrong, at), "right": _called(right, at)}


def _called(node: ex.Expression, at: Setting) -> str:
    """How a text calls a quantity: W, w, ∂E/∂W, φ′."""
    if isinstance(node, ex.Apply):
        return readable(node.name) + "′" * node.order
    if isinstance(node, ex.Derivative):
        return f"∂{_called(node.of, at)}/∂{_called(node.by, at)}"
    if isinstance(node, (ex.Transpose, ex.Diag)):
        return _called(node.of, at)
    if isinstance(node, (ex.Entry, ex.Whole)):
        quantity = at.declarations.quantity(node.name, len(node.layers))
        return readable(quantity.whole if isinstance(node, ex.Whole) else quantity.name)
    return ""


def _function(wrong, right, at: Setting) -> dict:
    return {"function": _called(wrong, at)}


def _more(less: ex.Expression, more: ex.Expression, at: Setting) -> str:
    """The factor or term that `more` has and `less` has not."""
    parts = [getattr(tree, "factors", getattr(tree, "terms", (tree,))) for tree in (less, more)]
    rest = [*parts[0], less]
    for part in parts[1]:
        if part in rest:
            rest.remove(part)
        else:
            return _called(part, at)
    return ""


def _missing(wrong, right, at: Setting) -> dict:
    what = _more(wrong, right, at)
    return {"what": what, "factor": what or "factor"}


def _extra(wrong, right, at: Setting) -> dict:
    return _missing(right, wrong, at)


def _of_layer(wrong, right, at: Setting) -> dict:
    return {"what": _called(wrong, at)}


#: All mistakes; of several names that fit, the first is told first.
CATALOGUE = (
    Mistake("sign", rules.sign, rules.sign),
    Mistake("factor 2", rules.factor, rules.factor),
    Mistake("layout", rules.layout, rules.layout),
    Mistake("transposed", rules.transposed, rules.transposed),
    Mistake("order of the factors", rules.order_of_factors, rules.order_of_factors),
    Mistake("inverse for transposed", rules.inverse, rules.inverse),
    Mistake("∘ and matrix product", rules.hadamard, rules.hadamard),
    Mistake("diag", rules.diagonal, rules.diagonal),
    Mistake("{wrong} for {right}", rules.order, rules.order, _pair),
    Mistake("{function} of the wrong layer", rules.function_layer, rules.function_layer, _function),
    Mistake("{factor} missing", rules.slope_extra, rules.slope_missing, _missing),
    Mistake("{factor} too much", rules.slope_missing, rules.slope_extra, _extra),
    Mistake("{wrong} for {right}", rules.quantity, rules.quantity, _pair),
    Mistake("{what} of the wrong layer", rules.layer, rules.layer, _of_layer),
    Mistake("neighbouring index", rules.neighbour, rules.neighbour),
    Mistake("indices exchanged", rules.exchanged, rules.exchanged),
    Mistake("wrong size", rules.size, rules.sizes_put_right),
    Mistake("index of the sum", rules.summed_index, rules.summed_index),
    Mistake("Σ missing", rules.sum_extra, rules.sum_missing),
    Mistake("Σ too much", rules.sum_missing, rules.sum_extra),
    Mistake("wrong index summed", rules.wrong_index_summed, rules.wrong_index_summed),
    Mistake("{factor} missing", rules.quantity_extra, rules.quantity_missing, _missing),
    Mistake("{factor} too much", rules.quantity_missing, rules.quantity_extra, _extra),
    Mistake("term {what} missing", rules.term_missing, rules.term_extra, _missing),
    Mistake("term {what} too much", rules.term_extra, rules.term_missing, _extra),
    Mistake("square", rules.square, rules.square),
    Mistake("{wrong} for {right}", rules.gradient, rules.gradient, _pair),
    Mistake("∂ upside down", rules.upside_down, rules.upside_down),
)


@dataclass(frozen=True)
class Variant:
    """A tree with one node rewritten; `old` and `new` are that node before and after."""

    tree: ex.Expression
    old: ex.Expression
    new: ex.Expression
    at: Setting


def variants(tree: ex.Expression, rule: Rule, at: Setting) -> Iterator[Variant]:
    """The tree with the rule applied at one node, for every node and every result.

    What is differentiated by stays a quantity with a name.
    """
    for new in rule(tree, at):
        yield Variant(new, tree, new, at)
    below = at.inside(tree)
    for part in fields(tree):
        if part.name == "span":
            continue
        for value, variant in _in_value(getattr(tree, part.name), rule, below):
            if part.name == "by" and not isinstance(value, (ex.Entry, ex.Whole)):
                continue
            yield replace(variant, tree=replace(tree, **{part.name: value}))


def _in_value(value, rule: Rule, at: Setting):
    """(the value with one node rewritten, the variant)."""
    if isinstance(value, ex.Expression):
        for variant in variants(value, rule, at):
            yield variant.tree, variant
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            for new, variant in _in_value(item, rule, at):
                yield (*value[:i], new, *value[i + 1 :]), variant


def planted(tree: ex.Expression, at: Setting) -> Iterator[tuple[str, ex.Expression]]:
    """(name, tree with that mistake) for every mistake at every place."""
    for mistake in CATALOGUE:
        for variant in variants(tree, mistake.plant, at):
            yield mistake.name(variant.new, variant.old, variant.at), variant.tree


def repaired(
    tree: ex.Expression, at: Setting, first: int = 0
) -> Iterator[tuple[int, str, ex.Expression]]:
    """(row, name, tree without that mistake) for every mistake that may be undone, at every place.

    `first` is the row of the catalogue to begin with.
    """
    for row in range(first, len(CATALOGUE)):
        mistake = CATALOGUE[row]
        for variant in variants(tree, mistake.repair, at):
            yield row, mistake.name(variant.old, variant.new, variant.at), variant.tree
