from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, singledispatchmethod
from itertools import product

import sympy

from bpderiv import expression as ex
from bpderiv.judges.composed import Missing, Named, Network, Undecidable, Unknown
from bpderiv.meaning.claims import Claim

LIMIT = 20_000


@dataclass(frozen=True)
class Explicit:
    holds: bool | None
    sizes: tuple = ()
    difference: tuple | None = None
    reason: str = ""


class Evaluation:
    def __init__(self, network, places, letters):
        self.network, self.places, self.letters = network, places, dict(letters)

    def size(self, dim):
        return dim if isinstance(dim, int) else self.network.sizes[self.places[dim]]

    def index(self, index):
        if isinstance(index, ex.Last):
            return self.size(index.layer) - index.back
        return self.letters[index] if isinstance(index, str) else index

    @singledispatchmethod
    def value(self, node):
        raise Undecidable(f"no rule for {type(node).__name__}")

    @value.register
    def _(self, node: ex.Number):
        return sympy.Rational(node.value.numerator, node.value.denominator)

    @value.register
    def _(self, node: ex.Entry):
        return self.network.value(node.name, self.layers(node), tuple(map(self.index, node.indices)))

    def layers(self, node):
        return tuple(self.places[x] for x in node.layers)

    @value.register
    def _(self, node: ex.Whole):
        layers = self.layers(node)
        entries = self.network.family(node.name, layers)
        rows = self.network.sizes[layers[0]]
        return sympy.Matrix(rows, len(entries) // rows, entries)

    @value.register
    def _(self, node: ex.Add):
        total, *terms = map(self.value, node.terms)
        for term in terms:
            total = total + term
        return total

    @value.register
    def _(self, node: ex.Mul):
        total, *factors = map(self.value, node.factors)
        for factor in factors:
            total = plain(total * factor)
        return total

    @value.register
    def _(self, node: ex.Hadamard):
        total, *factors = map(self.value, node.factors)
        for factor in factors:
            total = total.multiply_elementwise(factor) if is_matrix(total) else total * factor
        return total

    @value.register
    def _(self, node: ex.Power):
        return plain(self.value(node.base) ** node.exponent)

    @value.register
    def _(self, node: ex.Apply):
        layer = self.places[node.layer]
        if not self.network.declarations.exists(node.name, (layer,), self.network.last):
            raise Missing(node.name, layer)
        name = sympy.Symbol(node.name)

        def applied(x):
            return Unknown(name, layer, node.order, x)

        argument = self.value(node.argument)
        return argument.applyfunc(applied) if is_matrix(argument) else applied(argument)

    @value.register
    def _(self, node: ex.Sum):
        outer = dict(self.letters)
        terms = []
        for number in range(node.start, self.size(node.layer) + 1):
            self.letters[node.index] = number
            terms.append(self.value(node.body))
        self.letters = outer
        if not terms:
            raise Undecidable("an empty sum")
        if not is_matrix(terms[0]):
            return sympy.Add(*terms)
        total = terms[0]
        for t in terms[1:]:
            total = total + t
        return total

    @value.register
    def _(self, node: ex.Equal):
        return sympy.Integer(self.index(node.left) == self.index(node.right))

    @value.register
    def _(self, node: ex.Transpose):
        of = self.value(node.of)
        return of.T if is_matrix(of) else of

    @value.register
    def _(self, node: ex.Diag):
        return plain(sympy.diag(*self.value(node.of)))

    @value.register
    def _(self, node: ex.Identity):
        return plain(sympy.eye(self.size(node.size)))

    @value.register
    def _(self, node: ex.Derivative):
        of, by = self.value(node.of), self.value(node.by)
        of = list(of) if is_matrix(of) else [of]
        family = node.by.name, self.layers(node.by)
        found = self.network.jacobian(of, family, list(by) if is_matrix(by) else [by])
        if is_matrix(by) and by.shape[1] > 1:
            found = found.reshape(*by.shape)
        return plain(found)

    @value.register
    def _(self, node: ex.Display):
        rows, columns = self.size(node.rows), self.size(node.columns)
        entries = sympy.Matrix(rows, columns, lambda r, c: sympy.Dummy("hidden"))
        outer = dict(self.letters)
        if node.general is not None:
            for r, c in product(range(rows), range(columns)):
                self.letters.update(zip(node.letters, (r + 1, c + 1), strict=True))
                entries[r, c] = self.value(node.general)
            self.letters = outer
        for cell in node.cells:
            entries[self.index(cell.row) - 1, self.index(cell.column) - 1] = self.value(cell.value)
        return plain(entries)


def is_matrix(value):
    return isinstance(value, sympy.MatrixBase)


def plain(value):
    return value[0, 0] if is_matrix(value) and value.shape == (1, 1) else value


def _evaluate(network, body, places, letters):
    return Evaluation(network, places, letters).value(body)


NETS = {}


def network(declarations, sizes):
    key = (id(declarations), sizes)
    if key not in NETS:
        NETS[key] = Network(declarations, sizes, _evaluate)
    return NETS[key]


def judge(claim: Claim) -> Explicit:
    window = claim.window
    n = len(window.layers)
    tried = []
    for extra in (0,) if window.output else (0, 1):
        sizes = tuple(range(n + extra + 2, 2, -1)) if SHOWN(claim) else tuple(range(n + extra + 1, 1, -1))
        tried.append(sizes)
        r = compare(claim, network(claim.declarations, sizes))
        if r is not None:
            return Explicit(r[0], tuple(tried), r[1], r[2])
    return Explicit(True, tuple(tried))


def SHOWN(claim):
    return any(isinstance(n, (ex.Display, ex.Last)) or any(isinstance(i, (int, ex.Last)) for i in getattr(n, 'indices', ())) for s in (claim.left, claim.right) for n in ex.walk(s))


def compare(claim, net):
    places = {l: i for i, l in enumerate(claim.window.layers)}
    names = [x for x, _ in claim.letters]
    todo = []
    for values in product(*[range(1, net.sizes[places[l]] + 1) for _, l in claim.letters]):
        letters = dict(zip(names, values))
        e = Evaluation(net, places, letters)
        try:
            left, right = e.value(claim.left), e.value(claim.right)
        except Missing as m:
            return False, None, str(m)
        left = list(left) if is_matrix(left) else [left]
        right = list(right) if is_matrix(right) else [right]
        for a, b in zip(left, right, strict=True):
            if a == b:
                continue
            if net.number(a) != net.number(b):
                return False, (letters, a, b), "differ"
            todo.append((a, b))
    terms = sum(net.terms(a) + net.terms(b) for a, b in todo)
    if terms > LIMIT:
        return None, None, f"{terms} terms"
    for a, b in todo:
        if (net.opened(a) - net.opened(b)).expand() != 0:
            return None, None, "not decided"
