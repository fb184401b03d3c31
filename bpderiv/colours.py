r"""One colour for each quantity, the same in pictures and in formulas.

Pictures fill areas with a quantity's colour (`PALETTE`). Letters are thin, and some readers have
a dark page: so formulas take the same colours, made neither too light nor too dark (`INKS`).

>>> in_colour(r"\delta_k = e_k")
'{\\color{#a27a14}{\\delta_k}} = {\\color{#e04a0a}{e_k}}'
"""

from __future__ import annotations

import re

#: The colour of each quantity: an Okabe–Ito-like set. Why these: `bpderiv.figures.palette`.
PALETTE = {"w": "#3B0F70", "y": "#0A678E", "e": "#E04A0A", "v": "#52B5EE", "delta": "#FFC020"}

#: How light an ink may be (relative luminance). On white its contrast is then at least 3.8, on
#: the dark page of JupyterLab (#111111) at least 3: less would be pale, more would make y and v,
#: a dark and a light blue, look alike.
DARKEST, LIGHTEST = 0.12, 0.22


def luminance(colour: str) -> float:
    """Relative luminance, 0 for black, 1 for white, as the contrast of web pages is defined."""
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in _parts(colour)]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with a share of another one mixed in; both as #rrggbb."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(((1 - share) * a + share * b) * 255):02x}" for a, b in pairs)


def _parts(colour: str) -> list[float]:
    """Red, green and blue of #rrggbb, from 0 to 1."""
    return [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]


def ink(colour: str) -> str:
    """The nearest tint or shade of a colour in which letters can be read."""
    light = luminance(colour)
    if DARKEST <= light <= LIGHTEST:
        return colour.lower()
    other, fits = (
        ("#ffffff", lambda found: found >= DARKEST)
        if light < DARKEST
        else ("#000000", lambda found: found <= LIGHTEST)
    )
    tints = (mixed(colour, other, share / 256) for share in range(257))
    return next(tint for tint in tints if fits(luminance(tint)))


#: The colour of each quantity's letters.
INKS = {name: ink(colour) for name, colour in PALETTE.items()}

_SCRIPT = r"[_^](?:\{(?:[^{}]|\{[^{}]*\})*\}|[A-Za-z0-9])"
#: A quantity has an index; without one the letter may be anything.
_QUANTITY = re.compile(rf"(?<![A-Za-z\\])(?:(?:[yvew]|\\delta)(?=_)|W(?=\^))(?:{_SCRIPT})+")
_COLOURED = re.compile(r"\{\\color\{#[0-9a-f]{6}\}(\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})\}")


def in_colour(latex: str) -> str:
    """LaTeX with every y, v, e, δ and w that has an index in its own colour."""
    return _QUANTITY.sub(lambda match: _inked(match[0]), latex)


def _inked(quantity: str) -> str:
    name = "delta" if quantity.startswith("\\") else quantity[0].lower()
    return rf"{{\color{{{INKS[name]}}}{{{quantity}}}}}"


def without_colour(latex: str) -> str:
    """The same LaTeX before `in_colour`."""
    return _COLOURED.sub(lambda match: match[1][1:-1], latex)
