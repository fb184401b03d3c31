"""The network, defined once: the forward equations of `notes/0_declarations.md`, as trees.

They are read from the page where a reader sees them, component by component: the field of a
neuron, its signal, the error signal, the error. Each is a schema for a window j → k of successive
layers. Everything else in this package *follows*: ∂X/∂Y is "cut at Y, differentiate X", and
`Definitions.body` is the one place that says what a quantity is made of. There is no
backpropagation formula here.

A bias is one more column of W: y_{j,0} := 1, so that w_{b0} is the bias of neuron b. The
neuron 0 has no input, and a derivative by y_j or v_j leaves it out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from bpderiv.document.notes import notes_declarations
from bpderiv.expression import (
    Add,
    Apply,
    Derivative,
    Entry,
    Equal,
    Expression,
    Number,
    Outcome,
    Sum,
    rewrite,
    walk,
)
from bpderiv.meaning.declarations import Definition

#: What the notes' letters are called where LaTeX cannot be typed: E, delta.
PLAIN_NAMES = {r"\mathcal{E}": "E", r"\delta": "delta", r"\eta": "eta", r"\varphi": "phi"}


def _plain(definition: Definition) -> Definition:
    def rule(node):
        name = getattr(node, "name", None)
        return replace(node, name=PLAIN_NAMES[name]) if name in PLAIN_NAMES else node

    target, body = (rewrite(x, rule) for x in (definition.target, definition.body))
    return replace(definition, target=target, body=body)


def forward_equations(definitions: list[Definition]) -> tuple[Definition, ...]:
    """The definitions that the outcome, the number without a layer, is made of."""
    by_key = {(d.target.name, len(d.target.layers)): d for d in definitions}
    needed = [d for d in definitions if not d.target.layers]
    for definition in needed:
        for node in walk(definition.body):
            found = by_key.get((node.name, len(node.layers))) if isinstance(node, Entry) else None
            if found is not None and found not in needed:
                needed.append(found)
    return tuple(d for d in definitions if d in needed and not _derived(d))


def _derived(definition: Definition) -> bool:
    return any(isinstance(node, Derivative) for node in walk(definition.body))


#: The forward equations of the notes, for a network without bias.
FORWARD = tuple(map(_plain, forward_equations(notes_declarations().definitions)))


def _with_bias(field: Definition) -> tuple[Definition, Definition]:
    """The field with one more sender, number 0, and that sender's signal, which is 1."""
    sum_ = field.body
    first = rewrite(
        sum_.body, lambda node: replace(node, indices=tuple(0 if x == sum_.index else x
                                                            for x in node.indices))
        if isinstance(node, Entry) else node,
    )  # fmt: skip
    signal = next(x for x in first.factors if len(x.layers) == 1)
    one = Definition(signal, Number(Fraction(1)), field.layers)
    return replace(field, body=Add((first, sum_))), one


#: The same with a bias: w_{b0} y_{j,0} joins the sum, and y_{j,0} is 1 in every layer.
FORWARD_WITH_BIAS = (*_with_bias(FORWARD[0]), *FORWARD[1:])

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
        window = self._window(definition, entry.layers[:1])
        if window is None or any(
            window[x] != y for x, y in zip(target.layers, entry.layers, strict=True)
        ):
            return None
        indices = {}
        for written, asked in zip(target.indices, entry.indices, strict=True):
            if 0 in (written, asked) and written != asked:
                return None
            indices[written] = asked
        return window, indices

    def _window(self, definition: Definition, actual: tuple[str, ...]) -> dict | None:
        """Which layer each letter of the definition's window is, the target lying at `actual`."""
        names, letters = self.layers.names, definition.layers
        first = len(names) - len(letters)
        if actual:
            first = names.index(actual[0]) - letters.index(definition.target.layers[0])
        end = first + len(letters)
        if first < 0 or end > len(names) or (definition.output and end < len(names)):
            return None
        return dict(zip(letters, names[first:end], strict=True))

    @property
    def unknown_slope(self) -> str | None:
        """What −∂E/∂v is called where E is an unknown function; None where it is known."""
        bodies = (definition.body for definition in self.equations)
        return next((body.slope for body in bodies if isinstance(body, Outcome)), None)

    def unknown_after(self, layer: str, signals: bool = False) -> Definitions:
        """The network up to `layer`, with all that follows unknown: E = F(v of that layer).

        This is what a proof by induction needs: it must not look at the layers after k. With
        `signals`, E is an unknown function of what the layer sends, y, and its slope is called γ.
        """
        layers = self.layers.up_to(layer)
        inside = tuple(d for d in self.equations if not d.output)
        outcome = next((d for d in self.equations if not d.target.layers), None)
        if outcome is None:  # a text without an error: no derivative looks behind the layer
            return Definitions(layers, inside)
        forward = forward_equations(list(self.equations))
        of = [d.target for d in forward if not d.output and d.target.layers]
        if not of:
            raise NotImplementedError("nothing is defined that the layer could send on")
        state, slope = (of[-1], "γ") if signals else (of[0], "delta")
        unknown = replace(outcome, body=Outcome(state.indices[0], state, slope), output=True)
        return Definitions(layers, (*inside, unknown))


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
        elif isinstance(node, (Sum, Apply, Equal)):
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
        return replace(node, index=new, of=prime(node.of))

    return rewrite(tree, rule)
