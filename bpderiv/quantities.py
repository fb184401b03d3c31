"""Names of quantities, typed as the notes write them: "E", "e_k", "v_{j,a}", "W^{k,j}".

A quantity is a scalar, one component, a whole layer (a vector), or all weights between two
layers (a matrix). Its free axes are what a Jacobian has rows and columns for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bpderiv.definitions import Definitions
from bpderiv.expression import Entry
from bpderiv.symbols import component_latex

#: name → number of layers that it belongs to.
KINDS = {"E": 0, "e": 1, "d": 1, "y": 1, "v": 1, "w": 2, "W": 2}

_PATTERN = re.compile(
    r"\s*(?P<name>[A-Za-z]+)"
    r"(?:_(?:\{(?P<lower>[^{}]*)\}|(?P<lower1>\w)))?"
    r"(?:\^(?:\{(?P<upper>[^{}]*)\}|(?P<upper1>\w)))?\s*"
)
#: Letters for axes, when the usual one is taken.
_SPARE = "rstuqxz"
_EXAMPLES = '"E", "e_k", "v_{j,a}", "W^{k,j}", "w_{ba}^{k,j}", "w_{b0}^{k,j}"'


@dataclass(frozen=True)
class Axis:
    """One direction of a Jacobian: a letter that runs over the neurons of a layer."""

    letter: str
    layer: str


@dataclass(frozen=True)
class Quantity:
    """A quantity to differentiate, or to differentiate by.

    `entry` is its general component; `axes` are the letters of it that run.
    """

    entry: Entry
    axes: tuple[Axis, ...] = ()

    @property
    def family(self) -> tuple[str, tuple[str, ...]]:
        """Name and layers, without indices: where the graph is cut."""
        return self.entry.name, self.entry.layers

    def latex(self) -> str:
        """The quantity as the notes write it."""
        name, layers = self.family
        if not self.axes:
            return component_latex(name, layers, self.entry.indices)
        return component_latex("W" if len(layers) == 2 else name, layers)


def read(text: str, definitions: Definitions, wanted: str = "r", taken: set | None = None):
    """The `Quantity` that `text` names.

    The axis of a vector gets the letter `wanted`, those of W their neurons' letters; a letter
    that is `taken` gives way to another.

    Errors
    ------
    ValueError
        if the text is not a quantity of this network: it says what was expected.
    """
    match = _PATTERN.fullmatch(_as_outputs_write_it(text)) if isinstance(text, str) else None
    if not match or match["name"] not in KINDS:
        raise ValueError(f"{text!r} is not a quantity of the network; try one of {_EXAMPLES}")
    name = match["name"]
    lower = match["lower"] or match["lower1"] or ""
    upper = match["upper"] or match["upper1"] or ""
    taken = taken or set()
    if KINDS[name] == 2:
        return _weights(text, name, lower, upper, definitions, taken)
    parts = [part.strip() for part in lower.split(",")] if lower else []
    if upper or not all(parts) or len(parts) not in ((0,) if KINDS[name] == 0 else (1, 2)):
        raise ValueError(f"{text!r}: expected {_shape(name)}; for example {_EXAMPLES}")
    if KINDS[name] == 0:
        return Quantity(Entry(name))
    layer = parts[0]
    _check_layer(text, name, layer, definitions)
    if len(parts) == 2:
        return Quantity(Entry(name, (layer,), (_index(text, parts[1]),)))
    letter = free_letter(wanted, taken)
    return Quantity(Entry(name, (layer,), (letter,)), (Axis(letter, layer),))


def _as_outputs_write_it(text: str) -> str:
    """The notes' spelling is read, too: 𝓔 as LaTeX, and (n) behind a quantity."""
    return text.strip().removesuffix("(n)").replace(r"\mathcal{E}", "E")


def free_letter(wanted: str, taken: set) -> str:
    """`wanted`, or the next of r, s, t, … that is not taken."""
    return next(letter for letter in (wanted, *_SPARE) if letter not in taken)


def _weights(text, name, lower, upper, definitions, taken) -> Quantity:
    layers = tuple(part.strip() for part in upper.split(","))
    names = definitions.layers.names
    if layers not in set(zip(names[1:], names[:-1], strict=True)):
        pairs = ", ".join(f"{{{k},{j}}}" for j, k in zip(names, names[1:], strict=False))
        raise ValueError(
            f"{text!r}: weights need the receiving and the sending layer above, one of {pairs}"
        )
    if name == "W":
        if lower:
            raise ValueError(f"{text!r}: W is all the weights; one of them is w_{{ba}}^{{{upper}}}")
        b = free_letter(definitions.layers.neuron(layers[0]), taken)
        a = free_letter(definitions.layers.neuron(layers[1]), taken | {b})
        return Quantity(Entry("w", layers, (b, a)), (Axis(b, layers[0]), Axis(a, layers[1])))
    indices = lower.split(",") if "," in lower else list(lower)
    if len(indices) != 2:
        raise ValueError(f"{text!r}: one weight has two indices, receiver and sender: w_{{ba}}")
    if indices[1] == "0" and not definitions.bias:
        raise ValueError(f"{text!r}: w_{{b0}} is a bias, and this network has none")
    receiver, sender = _index(text, indices[0]), _index(text, indices[1], bias=True)
    return Quantity(Entry("w", layers, (receiver, sender)))


def fixed_letters(*quantities: Quantity) -> dict[str, str]:
    """The index letters that do not run, each with its layer.

    Errors
    ------
    ValueError
        if one letter stands for neurons of two layers: v_{k,a} and y_{j,a}.
    """
    fixed: dict[str, str] = {}
    for quantity in quantities:
        running = {axis.letter for axis in quantity.axes}
        for letter, layer in zip(quantity.entry.indices, quantity.entry.layers, strict=True):
            if isinstance(letter, int) or letter in running:
                continue
            if fixed.setdefault(letter, layer) != layer:
                raise ValueError(
                    f"{letter} stands for a neuron of layer {fixed[letter]} and for one of "
                    f"layer {layer}: use two letters"
                )
    return fixed


def _check_layer(text, name, layer, definitions) -> None:
    names = definitions.layers.names
    allowed = {"v": names[1:], "e": names[-1:], "d": names[-1:]}.get(name, names)
    if layer not in allowed:
        raise ValueError(
            f"{text!r}: {name} exists in layer {', '.join(allowed)} of {' → '.join(names)}"
        )


def _index(text: str, written: str, bias: bool = False) -> str | int:
    index = written.strip()
    if index.isdigit() and (int(index) > 0 or bias):
        return int(index)
    if len(index) == 1 and index.isalpha():
        return index
    raise ValueError(f"{text!r}: an index is one letter or a number from 1, not {index!r}")


def _shape(name: str) -> str:
    if KINDS[name] == 0:
        return f"{name} without indices"
    return f"{name}_{{layer}} or {name}_{{layer,index}}"
