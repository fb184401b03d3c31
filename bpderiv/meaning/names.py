r"""LaTeX names as plain text: \delta is δ, \mathcal{E} is E. LaTeX's own table, no text's letters."""

from __future__ import annotations

import re

_GREEK = dict(zip(
    ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "chi", "psi", "omega"],
    ["α", "β", "γ", "δ", "ε", "ζ", "η", "θ", "ι", "κ", "λ", "μ", "ν", "ξ", "ο", "π", "ρ", "σ", "τ", "υ", "χ", "ψ", "ω"], strict=True,
)) | {"phi": "φ", "varphi": "φ", "varepsilon": "ε", "ell": "ℓ"}  # fmt: skip
_GREEK |= {name.capitalize(): letter.upper() for name, letter in _GREEK.items() if name != "ell"}


def readable(text: str) -> str:
    r"""Plain text for a declared name: "\Delta w" is "Δw"."""
    text = re.sub(r"\\math\w+\s*\{([^{}]*)\}|\\boldsymbol\s*\{([^{}]*)\}",
                  lambda m: m[1] or m[2], text)  # fmt: skip
    text = re.sub(r"\\([A-Za-z]+) ?", lambda m: _GREEK.get(m[1], m[1]), text)
    return text
