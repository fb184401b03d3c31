"""Colours and style: one colour for each quantity, the same in every picture.

The five colours (`bpderiv.colours`, for formulas too) are an Okabe–Ito-like set, moved so that
they stay apart for readers without red or green cones (the tests simulate it), and so that their
lightness differs: w is the darkest, then y, e, v, and δ is the lightest. So a grey print still
tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib
from matplotlib.colors import LinearSegmentedColormap, to_hex

from bpderiv.colours import PALETTE as PALETTE  # the colour of each quantity
from bpderiv.colours import mixed

INK = "#1A1A1A"  # text, and whatever is neither of the five
GREY = "#8A8A8A"  # what is there, but not meant now
PALE = "#CFCFCF"  # what is there, but pale on purpose
MIST = "#F1F1F1"  # backgrounds

#: Line styles, in the order in which several curves get them.
DASHES = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2)), (0, (3, 3)))

#: Negative blue, zero white, positive orange: never so dark that black print is hard to read.
DIVERGING = LinearSegmentedColormap.from_list("diverging", ["#6FA8D6", "#FFFFFF", "#F2A65A"])

#: Low E is light, high E is grey: the path on top of it stays visible.
HEIGHT = LinearSegmentedColormap.from_list("height", ["#FFFFFF", "#B4BCC4"])

#: Weights as pixels: dark is negative, light is positive, also in grey.
WEIGHTS = LinearSegmentedColormap.from_list("weights", ["#2A0A54", "#A59DB5", "#FFF6D8"])

#: What we change of matplotlib's own style. The user's settings do not matter.
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "mathtext.fontset": "cm",
    "text.color": INK,
    "text.usetex": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.labelsize": 14,
    "axes.titlesize": 13,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "lines.linewidth": 2.2,
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.hashsalt": "bpderiv",
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in our own style, whatever the user has set; afterwards all is as it was."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        yield


def mix(colour: str, other: str = "white", share: float = 0.5) -> str:
    """`colour` with a share of another one mixed in: a tint, or a shade."""
    return mixed(to_hex(colour), to_hex(other), share)
