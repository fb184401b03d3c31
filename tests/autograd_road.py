"""A road of its own: HIPS autograd through a forward pass that is written here from scratch.

Nothing of bpderiv is imported. It is also written differently: one example at a time, signals
are vectors, v = b + W y as the notes write it (bpderiv.network has rows and V = Y Wᵀ), and φ
comes as the textbook formula, with autograd to differentiate it.

Quantities have the address (name, layer number): ("E", None), ("e", 2), ("v", 1), ("y", 0),
("w", 2); layer 0 is the input and ("w", 2) leads into layer 2. `weights` has no None in front.
"""

import autograd
import autograd.numpy as anp

PHI = {
    "logistic": lambda v: 1 / (1 + anp.exp(-v)),
    "tanh": anp.tanh,
    "linear": lambda v: v,
    "relu": lambda v: anp.where(v > 0, v, 0.0 * v),
}


def address(text, depth):
    """The address of a quantity that is typed as the notes write it: v_k, W^{k,j}, E."""
    letters = "ghijk"[4 - depth :]  # the output layer is k
    if text == "E":
        return "E", None
    if text.startswith("W^{"):
        return "w", letters.index(text[3])
    name, letter = text.split("_")
    return name, letters.index(letter)


def quantities(weights, names, x, d, bias, held=None):
    """Every quantity of one example by its address; what is `held` is taken as it is."""
    q = dict(held or {})
    q.setdefault(("y", 0), x)
    for l, (W, name) in enumerate(zip(weights, names, strict=True), start=1):
        W = q.setdefault(("w", l), W)
        y = q["y", l - 1]
        q.setdefault(("v", l), W[:, 0] + anp.dot(W[:, 1:], y) if bias else anp.dot(W, y))
        q.setdefault(("y", l), PHI[name](q["v", l]))
    q.setdefault(("e", l), d - q["y", l])
    q.setdefault(("E", None), 0.5 * anp.sum(q["e", l] ** 2))
    return q


def slope(weights, names, x, d, bias, X, Y):
    """∂X/∂Y at one example: Y is held, the axes are those of X and then those of Y.

    With a bias, ∂X/∂W has the bias's column too (the first).
    """
    present = quantities(weights, names, x, d, bias)[Y]

    def of(value):
        # Autograd warns when nothing depends on `value`; adding a zero makes it depend.
        return quantities(weights, names, x, d, bias, {Y: value})[X] + 0 * anp.sum(value)

    return autograd.jacobian(of)(present)


def gradient(weights, names, xs, ds, bias):
    """∂E/∂W of every layer, E added up over the examples."""

    def whole(weights):
        rows = zip(xs, ds, strict=True)
        return sum(quantities(weights, names, x, d, bias)["E", None] for x, d in rows)

    return autograd.grad(whole)(list(weights))
