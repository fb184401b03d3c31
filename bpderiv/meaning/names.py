r"""LaTeX names as plain text: \delta is δ, \mathcal{E} is E. The table is LaTeX's own."""

from __future__ import annotations

import re
from functools import lru_cache

_NAMES = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho
    sigma tau upsilon chi psi omega phi varphi varepsilon ell""".split()  # noqa: SIM905
_GREEK = dict(zip(_NAMES, "αβγδεζηθικλμνξοπρστυχψωφφεℓ", strict=True))
_GREEK |= {name.capitalize(): letter.upper() for name, letter in _GREEK.items() if name != "ell"}


@lru_cache(maxsize=4096)
def readable(text: str) -> str:
    r"""Plain text for a declared name: "\Delta w" is "Δw"."""
    text = re.sub(r"\\math\w+\s*\{([^{}]*)\}|\\boldsymbol\s*\{([^{}]*)\}",
                  lambda m: m[1] or m[2], text)  # fmt: skip
    text = re.sub(r"\\([A-Za-z]+) ?", lambda m: _GREEK.get(m[1], m[1]), text)
    return text


def with_layers(name: str, layers) -> str:
    """A name and the layers that it belongs to: E, v_k, W^{k,j}."""
    where = ",".join(layers)
    return f"{name}^{{{where}}}" if len(layers) > 1 else f"{name}_{where}" if where else name
