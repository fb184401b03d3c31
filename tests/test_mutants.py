"""Each check is shown able to fail: mistakes are planted one at a time, and each check looks alone.

Mutated are the definitions, the derivation's own rules (what sympy does itself is sympy's) and
every line of numpy's forward and backward pass. Every mutant must be seen by at least one
check, and each check must see some. The exceptions are listed by hand, each with its reason.

A mutant that one check has seen is not shown to the others, and one of those exceptions only to
the quickest three: this saves most of the time. `make test PYTEST_ARGS=--every-check` shows all
mutants to all checks, and says what each sees and sees alone.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from checks_alone import ALONE
from mutate import mutants_of, mutants_of_definition

from bpderiv import compose, definitions, jacobians, network, proofs, sums, symbols

BACKWARD = [name for name in ALONE if name.startswith("backward")]
#: Checks in which nothing of sympy's derivation runs: no use in planting mistakes there.
NUMPY_ONLY = [
    "backward = complex step",
    "backward = central differences",
    "backward = autograd",
]
DERIVED = [name for name in ALONE if name not in NUMPY_ONLY]
#: Checks in which numpy's forward pass runs.
FORWARD = [name for name in ALONE if "complex step" in name or name in BACKWARD]

#: What is mutated, and which checks run it.
TARGETS = {
    "backward pass": ([network.backward, network.gradient, network.without_bias], BACKWARD),
    "forward pass": ([network.forward, network.error, network.with_bias], FORWARD),
    "sympy's symbols": (
        [
            symbols.phi.fdiff,
            symbols.phi._eval_derivative,
            symbols.Named._eval_derivative,
            compose.Unknown._eval_derivative,
        ],
        DERIVED,
    ),
    "writing out": (
        [
            compose.Composer.component,
            compose.Composer._is_cut,
            compose.Composer._index,
            compose.written_out,
            *[f for f in vars(compose.Composer)["value"].dispatcher.registry.values()
              if f.__name__ == "_"],
        ],
        DERIVED,
    ),
    "normal form": (
        [sums.terms, sums._times, sums._open, sums.collapse, sums._rebuild, sums._inside],
        DERIVED,
    ),
    # Here the proofs look first: what they do is mutated.
    "chain and proof": ([proofs.Product.times, jacobians.summed, proofs.prove], DERIVED[::-1]),
    "layout": ([jacobians._differentiate, jacobians._arrange, jacobians._places], DERIVED),
    "filling in definitions": (
        [
            definitions.Definitions._match,
            definitions.Definitions._window,
            definitions._fill,
            definitions._rename_bound,
        ],
        DERIVED,
    ),
}  # fmt: skip
#: How many checks look at a mutant of which it is known that it changes nothing.
QUICKEST = 3
_EQUATIONS = (*definitions.FORWARD_WITH_BIAS, definitions.FORWARD[0])

#: Mutants that change nothing which any check could see: the name, and why.
SURVIVORS = {
    "phi.fdiff: right part only in `order + 1`; return phi(layer, order + 1, argument)":
        "the course takes no second derivative; tests/test_symbols.py sees it",
    "terms: number + 1 in `1`; if expression.is_Pow and expression.exp.is_Integer and "
    "(expression.exp > 1):":
        "a square is left standing, and no Jacobian squares a sum; tests/test_sums.py sees it",
    "_rebuild: number + 1 in `0`; product, limits = min(named, key=lambda x: _Spelled(x[0]))":
        "which of several equally good namings is taken",
    "_inside: number + 1 in `1`; return phi(*factor.args[:2], normal(factor.args[2], depth + 1))":
        "two levels deeper instead of one: the letters are new all the same",
    "_inside: number + 1 in `1`; "
    "return factor.func(*(normal(part, depth + 1) for part in factor.args))":
        "the same",
    "Definitions._match: number + 1 in `1`; "
    "window = self._window(definition, entry.layers[:1])":
        "only the first of these layers is looked at",
    "Composer._index: sign in "
    "`size_symbol(self.definitions.layers.size(index.layer)) - index.back`; "
    "return size_symbol(self.definitions.layers.size(index.layer)) - index.back":
        "no Jacobian of the course names the last neuron; tests/test_equations.py sees it",
    "Composer._: condition turned in `self.steps is not None`; if self.steps is not None:":
        "what the prover notes down for `derive`; tests/test_explain_derive.py sees it",
    "_rename_bound: right part only in `node.index + '′'`; "
    "old, new = (node.index, node.index + '′')":
        "the new letter only has to be new",
    "definition v := wb0·y0 + Σ_a wba·ya: first factor only in wb0·y0":
        "w_{b0} y_{j,0} without its y_{j,0}, which is 1",
}  # fmt: skip


@cache
def everything() -> list[tuple]:
    """(group, mutant, checks that can see it)."""
    found = [
        (group, mutant, checks)
        for group, (functions, checks) in TARGETS.items()
        for function in functions
        for mutant in mutants_of(function)
    ]
    for definition in _EQUATIONS:
        found += [("definitions", mutant, DERIVED) for mutant in mutants_of_definition(definition)]
    return found


def killers(mutant, checks, enough: int) -> list[str]:
    """The checks that see the mutant, each run alone, until so many have seen it."""
    found = []
    with mutant.planted():
        for name in checks:
            if len(found) < enough and sees(name):
                found.append(name)
    return found


def sees(name: str) -> bool:
    """Whether this check finds something wrong; an exception is seeing, too."""
    try:
        return not ALONE[name]()
    except Exception:
        return True


@pytest.mark.parametrize("name", ALONE)
def test_every_check_is_content_without_a_mutant(name):
    assert ALONE[name]()


@pytest.mark.parametrize("name", ALONE)
def test_every_check_sees_some_mutant(name):
    for _, mutant, checks in everything():
        if name in checks:
            with mutant.planted():
                if sees(name):
                    return
    pytest.fail(f"{name} sees no mutant at all")


class Seen:
    """One group of mutants; a class of its own, so that pytest-xdist can share the groups out."""

    group = ""

    def test_every_mutant_is_seen(self, count, say, pytestconfig):
        every = pytestconfig.option.every_check
        seen, alone, total, survivors = Counter(), Counter(), 0, []
        for _, mutant, checks in (x for x in everything() if x[0] == self.group):
            looking = checks if every or mutant.name not in SURVIVORS else checks[:QUICKEST]
            found = killers(mutant, looking, len(checks) if every else 1)
            total += 1
            seen.update(found)
            if every and len(found) == 1:  # known only if every check looked
                alone.update(found)
            if not found:
                survivors.append(mutant.name)
            assert not (found and mutant.name in SURVIVORS), f"{mutant.name} is seen by {found}"
        count("mutants", total)
        parts = [
            f"{number} by {name}" + (f" ({alone[name]} alone)" if alone[name] else "")
            for name, number in seen.most_common()
        ]
        say(f"{self.group}: {total} mutants, {len(survivors)} change nothing; {', '.join(parts)}")
        assert [name for name in survivors if name not in SURVIVORS] == []
        assert total >= 3


class SeenInWhatIsDerived(Seen):
    """For mutants that change no derivative: each is taken once for all of them."""

    @pytest.fixture(autouse=True)
    def each_derivative_once(self, monkeypatch):
        """What is mutated here is done with derivatives, once they are taken, and changes none."""
        differentiate, explicit = jacobians._differentiate, jacobians._explicit
        taken = {}

        def kept(key, take):
            if key not in taken:
                taken[key] = take()
            return taken[key]

        def differentiate_once(X, Y, definitions, functions):
            key = X, Y, definitions, tuple(functions.items())
            return kept(key, lambda: differentiate(X, Y, definitions, functions))

        def explicit_once(jacobian, layers, at, shown):
            of = jacobian.X, jacobian.Y, jacobian.definitions, tuple(jacobian.functions.items())
            key = *of, layers, tuple(at.items()), shown
            return kept(key, lambda: explicit(jacobian, layers, at, shown))

        monkeypatch.setattr(jacobians, "_differentiate", differentiate_once)
        monkeypatch.setattr(jacobians, "_explicit", explicit_once)


# The groups that take longest first: the others fill in beside them.


class TestNormalForm(SeenInWhatIsDerived):
    group = "normal form"


class TestDefinitions(Seen):
    group = "definitions"


class TestChainAndProof(SeenInWhatIsDerived):
    group = "chain and proof"


class TestSymbols(Seen):
    group = "sympy's symbols"


class TestForwardPass(Seen):
    group = "forward pass"


class TestFillingIn(Seen):
    group = "filling in definitions"


class TestWritingOut(Seen):
    group = "writing out"


class TestLayout(Seen):
    group = "layout"


class TestBackwardPass(Seen):
    group = "backward pass"


def test_no_group_is_forgotten():
    classes = [*Seen.__subclasses__(), *SeenInWhatIsDerived.__subclasses__()]
    assert {seen.group for seen in classes if seen.group} == {*TARGETS, "definitions"}


def test_the_list_of_survivors_is_not_longer_than_it_must_be():
    names = [mutant.name for _, mutant, _ in everything()]
    assert len(names) == len(set(names)), "two mutants of one name: one could hide the other"
    assert set(SURVIVORS) <= set(names), "a survivor is listed that is no mutant any more"
    assert len(SURVIVORS) <= 10
    assert len(names) >= 213
