"""What neurons and weights are called: from (layer, b, a) to w_{ba}^{k,j}."""

from __future__ import annotations

from bpderiv.definitions import Layers
from bpderiv.symbols import component_latex


def layers_of(sizes) -> Layers:
    """The layers' letters for these sizes, k being the last: i → j → k for three."""
    return Layers.of_depth(len(sizes) - 1).with_sizes(*sizes)


def node_latex(kind: str, layers: Layers, layer: int, neuron) -> str:
    """LaTeX of v_{j,a} and the like."""
    return component_latex(kind, (layers.names[layer],), (neuron,))


def weight_latex(layers: Layers, weight: tuple) -> str:
    """LaTeX of the weight (layer, b, a)."""
    layer, b, a = weight
    return component_latex("w", (layers.names[layer], layers.names[layer - 1]), (b, a))


#: LaTeX → what a screen reader can say, in this order.
_PLAIN = (
    (r"\dfrac", r"\frac"),
    (r"\frac{\partial ", "∂"),
    (r"}{\partial ", "/∂"),
    (r"\partial ", "∂"),
    (r"\varphi", "φ"),
    (r"\delta", "δ"),
    (r"\mathcal{E}", "E"),
    (r"\left", ""),
    (r"\right", ""),
    (r"\,", " "),
    (" / ", "/"),
    ("-", "−"),
    ("{", ""),
    ("}", ""),
    ("$", ""),
    ("\\", ""),
)


def plain(latex: str) -> str:
    """The same for alt texts: v_j,1 and w_21^k,j and ∂e_k/∂y_k."""
    for old, new in _PLAIN:
        latex = latex.replace(old, new)
    return " ".join(latex.split())


def check_weight(weight, sizes, bias: bool) -> tuple:
    """A weight's name (layer, b, a), once it is known that the network has it.

    `layer` counts from 1, the first layer after the input; b is the receiver and a the sender,
    both from 1. With a bias, a may be 0. Sizes that are letters take any letter or number.

    Errors
    ------
    ValueError
        if there is no such weight: it says which numbers are possible.
    """
    if not isinstance(weight, tuple) or len(weight) != 3:
        raise ValueError(f"a weight is named (layer, b, a), such as (1, 2, 1); got {weight!r}")
    layer, b, a = weight
    if layer not in range(1, len(sizes)):
        raise ValueError(
            f"weight {weight}: layer {layer!r} has no weights; layers 1 to {len(sizes) - 1} do"
        )
    check_neuron(b, sizes[layer], 1, f"weight {weight}: receiver b")
    check_neuron(a, sizes[layer - 1], 0 if bias else 1, f"weight {weight}: sender a")
    return (layer, b, a)


def check_neuron(neuron, size, first: int, what: str) -> None:
    """A neuron's number is in its layer; in a layer of any size its letter will do too."""
    if isinstance(size, str):
        if isinstance(neuron, str) or (neuron >= first):
            return
    elif neuron in range(first, size + 1):
        return
    raise ValueError(f"{what} is {neuron!r}, but that layer has neurons {first} to {size}")
