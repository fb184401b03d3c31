"""The network, defined once: the forward equations, component by component.

    v_{k,b} := Σ_a w_{ba} y_{j,a}      y_{k,b} := φ_k(v_{k,b})
    e_{k,b} := d_{k,b} − y_{k,b}       E := ½ Σ_b e_{k,b}²

The first line holds for every pair of successive layers j → k, the second for the output
layer. Everything else in this package *follows*: ∂X/∂Y is "cut at Y, differentiate X", and
`Definitions.body` is the one place that says what a quantity is made of. There is no
backpropagation formula here.

A bias is one more column of W: y_{j,0} := 1, so that w_{b0} is the bias of neuron b. The
neuron 0 has no input, and a derivative by y_j or v_j leaves it out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from bpderiv.expression import (
    Add,
    Apply,
    Entry,
    Expression,
    Mul,
    Number,
    Outcome,
    Power,
    Sum,
    rewrite,
)


@dataclass(frozen=True)
class Definition:
    """One equation, a schema: it holds wherever the window j → k fits.

    `target` is the quantity that it defines and `body` what it is made of. `output` says that
    k is the output layer.
    """

    target: Entry
    body: Expression
    output: bool = False


def _minus(expression: Expression) -> Expression:
    return Mul((Number(Fraction(-1)), expression))


_W = Entry("w", ("k", "j"), ("b", "a"))
_BIAS = Entry("w", ("k", "j"), ("b", 0))
_ONE = Entry("y", ("j",), (0,))
_FIELD = Sum("a", "j", Mul((_W, Entry("y", ("j",), ("a",)))))
_V = Entry("v", ("k",), ("b",))
_Y = Entry("y", ("k",), ("b",))
_D = Entry("d", ("k",), ("b",))
_E = Entry("e", ("k",), ("b",))

#: The forward equations of the notes, for a network without bias.
FORWARD = (
    Definition(_V, _FIELD),
    Definition(_Y, Apply("k", _V)),
    Definition(_E, Add((_D, _minus(_Y))), output=True),
    Definition(Entry("E"), Mul((Number(Fraction(1, 2)), Sum("b", "k", Power(_E, 2)))), output=True),
)

#: The same with a bias: w_{b0} y_{j,0} joins the sum, and y_{j,0} is 1 in every layer.
FORWARD_WITH_BIAS = (
    replace(FORWARD[0], body=Add((Mul((_BIAS, _ONE)), _FIELD))),
    Definition(_ONE, Number(Fraction(1))),
    *FORWARD[1:],
)

# Letters of the layers, input side first. i, j, k are the notes'; deeper ones go on backwards.
_NAMES = "ghijk"
_SIZES = {"k": "m", "j": "z", "i": "p", "h": "q", "g": "s"}
_NEURONS = {"k": "b", "j": "a", "i": "c", "h": "f", "g": "l"}


@dataclass(frozen=True)
class Layers:
    """Successive layers, input first and output last, as the notes declare them.

    `Layers()` is i → j → k with sizes p, z, m and neurons c, a, b. A size is a letter (any
    width) or a whole number.
    """

    names: tuple[str, ...] = ("i", "j", "k")
    sizes: tuple[str | int, ...] = ("p", "z", "m")
    neurons: tuple[str, ...] = ("c", "a", "b")

    def __post_init__(self):
        """Check that every layer has one name, one size and one neuron's letter."""
        if len(self.names) < 2:
            raise ValueError(
                f"a network needs at least two layers (input and output), not {len(self.names)}"
            )
        if not len(self.names) == len(self.sizes) == len(self.neurons):
            raise ValueError(
                "each layer needs a name, a size and a letter for its neurons: "
                f"got {self.names}, {self.sizes}, {self.neurons}"
            )
        for size in self.sizes:
            if not (isinstance(size, str) and size.isalpha()) and not _is_size(size):
                raise ValueError(f"a size is a letter or a whole number from 1, not {size!r}")
        if len(set(self.neurons)) < len(self.neurons):
            raise ValueError(f"each layer's neurons need a letter of their own: {self.neurons}")
        for name in self.names:
            if len(name) != 1 or not name.isalpha() or self.names.count(name) > 1:
                raise ValueError(f"layers need different single letters, got {self.names}")

    @classmethod
    def of_depth(cls, depth: int) -> Layers:
        """Layers for `depth` weight matrices, the last one called k (as in the notes)."""
        if not isinstance(depth, int) or not 1 <= depth < len(_NAMES):
            raise ValueError(f"there are letters for depth 1 to {len(_NAMES) - 1}, not {depth}")
        names = tuple(_NAMES[-depth - 1 :])
        return cls(names, tuple(_SIZES[x] for x in names), tuple(_NEURONS[x] for x in names))

    def with_sizes(self, *sizes: str | int) -> Layers:
        """The same layers with other sizes."""
        return replace(self, sizes=tuple(sizes))

    def up_to(self, layer: str) -> Layers:
        """The layers from the input to `layer`, which becomes the last."""
        kept = self._place(layer) + 1
        return Layers(self.names[:kept], self.sizes[:kept], self.neurons[:kept])

    @property
    def output(self) -> str:
        """The last layer's letter."""
        return self.names[-1]

    def size(self, layer: str) -> str | int:
        """Number of neurons of a layer (its letter, or a whole number)."""
        return self.sizes[self._place(layer)]

    def neuron(self, layer: str) -> str:
        """The letter that stands for one neuron of a layer."""
        return self.neurons[self._place(layer)]

    def before(self, layer: str) -> str | None:
        """The layer before this one on the way forward; None for the input layer."""
        place = self._place(layer)
        return self.names[place - 1] if place else None

    def _place(self, layer: str) -> int:
        if layer not in self.names:
            raise ValueError(
                f"unknown layer {layer!r}: the layers here are {' → '.join(self.names)}"
            )
        return self.names.index(layer)


def _is_size(size) -> bool:
    return isinstance(size, int) and not isinstance(size, bool) and size >= 1


#: The layers of the notes.
NOTES_LAYERS = Layers()


@dataclass(frozen=True)
class Definitions:
    """The forward equations on given layers.

    `equations` is the list that everything is derived from; `with_bias` has the column w_{b0}.
    """

    layers: Layers = NOTES_LAYERS
    equations: tuple[Definition, ...] = FORWARD

    @classmethod
    def with_bias(cls, layers: Layers = NOTES_LAYERS) -> Definitions:
        """The forward equations in which every neuron has a bias."""
        return cls(layers, FORWARD_WITH_BIAS)

    @property
    def bias(self) -> bool:
        """Whether a neuron 0 with output 1 feeds every layer."""
        return any(0 in definition.target.indices for definition in self.equations)

    def body(self, entry: Entry) -> Expression | None:
        """What `entry` is made of, one step down; None if it is given from outside.

        Given are weights, desired responses and the output signals of the input layer.
        """
        for definition in self.equations:
            letters = self._match(definition, entry)
            if letters is not None:
                return _fill(definition.body, *letters)
        return None

    def _match(self, definition: Definition, entry: Entry):
        """Layers and indices to fill in so that the definition's target becomes `entry`."""
        target = definition.target
        shape = (target.name, len(target.layers), len(target.indices))
        if shape != (entry.name, len(entry.layers), len(entry.indices)):
            return None
        window = self._window(target.layers[:1], entry.layers[:1])
        if window is None or (definition.output and window["k"] != self.layers.output):
            return None
        indices = {}
        for written, asked in zip(target.indices, entry.indices, strict=True):
            if 0 in (written, asked) and written != asked:
                return None
            indices[written] = asked
        return window, indices

    def _window(self, written: tuple[str, ...], actual: tuple[str, ...]) -> dict | None:
        """The successive layers j → k if `written` (the letter j or k) is the layer `actual`."""
        names = self.layers.names
        place = names.index(actual[0]) if actual else len(names) - 1
        if written == ("j",):
            place += 1
        if not 1 <= place < len(names):
            return None
        return {"j": names[place - 1], "k": names[place]}

    def unknown_after(self, layer: str) -> Definitions:
        """The network up to `layer`, with all that follows unknown: E = F(v of that layer).

        This is what a proof by induction needs: it must not look at the layers after k.
        """
        layers = self.layers.up_to(layer)
        inside = tuple(d for d in self.equations if not d.output)
        outcome = Definition(Entry("E"), Outcome("b", _V), output=True)
        return Definitions(layers, (*inside, outcome))


#: The network of the notes, i → j → k, any width, without bias.
NETWORK = Definitions()


def _fill(body: Expression, layers: dict, indices: dict) -> Expression:
    """Put actual layers and indices in the place of the window's letters.

    Bound letters of the body may equal an index that is filled in; whoever evaluates a Sum
    gives its letter a fresh meaning, so here they only have to be told apart.
    """

    def rule(node):
        changes = {}
        if isinstance(node, Entry):
            changes["layers"] = tuple(layers[x] for x in node.layers)
            changes["indices"] = tuple(indices.get(x, x) for x in node.indices)
        elif isinstance(node, (Sum, Apply)):
            changes["layer"] = layers[node.layer]
        return replace(node, **changes)

    return rewrite(_rename_bound(body, set(indices.values())), rule)


def _rename_bound(tree: Expression, taken: set) -> Expression:
    """Give bound letters that are also filled in a prime (a → a′), innermost first."""

    def rule(node):
        if not isinstance(node, (Sum, Outcome)) or node.index not in taken:
            return node
        old, new = node.index, node.index + "′"

        def prime(inner):
            if isinstance(inner, Entry):
                return replace(inner, indices=tuple(new if x == old else x for x in inner.indices))
            return inner

        if isinstance(node, Sum):
            return Sum(new, node.layer, rewrite(node.body, prime))
        return Outcome(new, prime(node.of))

    return rewrite(tree, rule)
