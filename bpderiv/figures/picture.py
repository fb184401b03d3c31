"""A picture: a matplotlib figure together with the words for those who cannot see it."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser
from PIL import Image

from bpderiv.figures.palette import style

DPI = 100  # dots per inch as displayed; files have twice as many
#: What is left out of files, so that the same picture is the same bytes. A PNG is compressed later.
_HOW = {
    "png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 0}},
    "svg": {"metadata": {"Date": None}},
    "pdf": {"metadata": {"CreationDate": None, "Producer": None, "Creator": None}},
}


@dataclass(frozen=True)
class Picture:
    """A figure and its alt text; a notebook shows the one and stores the other beside it.

    `str(picture)` is the alt text, and so is the text/plain of a notebook's output.
    """

    figure: Figure = field(repr=False)
    alt: str

    def png(self) -> bytes:
        """The picture as PNG at twice the displayed resolution; the same bytes every time."""
        return self._bytes("png")

    def save(self, path) -> None:
        """Write a file; its ending decides between png, svg and pdf.

        Errors
        ------
        ValueError
            for any other ending.
        """
        ending = Path(path).suffix.lower().lstrip(".")
        if ending not in _HOW:
            raise ValueError(f"{str(path)!r}: the name should end in .{', .'.join(_HOW)}")
        Path(path).write_bytes(self._bytes(ending))

    def _bytes(self, ending: str) -> bytes:
        target = io.BytesIO()
        with style():
            self.figure.savefig(target, format=ending, dpi=2 * DPI, **_HOW[ending])
        return _smaller(target) if ending == "png" else target.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        width, height = (round(DPI * inches) for inches in self.figure.get_size_inches())
        data = {"image/png": base64.b64encode(self.png()).decode(), "text/plain": self.alt}
        return data, {"image/png": {"alt": self.alt, "width": width, "height": height}}

    def html(self) -> str:
        """The picture and its alt text as one HTML element, for a widget; never wider than it."""
        width, height = (round(DPI * inches) for inches in self.figure.get_size_inches())
        data, alt = base64.b64encode(self.png()).decode(), html.escape(self.alt, quote=True)
        size = f'width="{width}" height="{height}" style="max-width: 100%; height: auto"'
        return f'<img src="data:image/png;base64,{data}" alt="{alt}" {size}>'

    def __str__(self) -> str:
        """The alt text."""
        return self.alt


def _smaller(png: io.BytesIO) -> bytes:
    """A PNG with a palette of 256 colours: a third of the bytes, which a notebook carries along."""
    target = io.BytesIO()
    image = Image.open(png).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    image.save(target, format="png", optimize=True)
    return target.getvalue()


def in_style(function: Callable) -> Callable:
    """Run a function that draws in our own style."""

    @wraps(function)
    def wrapper(*args, **kwargs):
        with style():
            return function(*args, **kwargs)

    return wrapper


def new_figure(width: float, height: float) -> Figure:
    """A figure of that size in inches, which can be measured and belongs to no window."""
    figure = Figure(figsize=(width, height), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def sheet(width: float, height: float):
    """A figure and axes without a frame that fill it, measured in inches from below left."""
    figure = new_figure(width, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    return figure, axes


def box(artist) -> np.ndarray:
    """Where an artist is in its figure, in inches: left, bottom, right, top."""
    figure = artist.get_figure()
    return artist.get_window_extent(figure.canvas.get_renderer()).extents / figure.dpi


@lru_cache(maxsize=4096)
def text_size(text: str, size: float) -> tuple[float, float]:
    """Width and height of a text in inches, as it would be drawn in our style."""
    _, axes = _scrap_paper()
    written = axes.text(0, 0, text, size=size)
    left, bottom, right, top = box(written)
    written.remove()
    return right - left, top - bottom


@lru_cache(maxsize=1)
def _scrap_paper():
    return sheet(1, 1)


def maths(latex: str) -> str:
    """LaTeX as matplotlib wants it, once it is known that matplotlib can draw it.

    Errors
    ------
    ValueError
        if it cannot (an environment such as cases or bmatrix, an unknown command).
    """
    text = f"${latex}$"
    try:
        MathTextParser("path").parse(text)
    except ValueError as problem:
        reason = str(problem).strip().splitlines()[-1]
        raise ValueError(f"matplotlib cannot draw the LaTeX {latex!r}: {reason}") from None
    return text


def number(value: float) -> str:
    """A number with three significant digits (four where they are exact: 1.125), no −0."""
    four, three = (float(f"{float(value):.{digits}g}") for digits in (4, 3))
    exact = abs(float(value)) >= 1e-2 and np.isclose(four, float(value), rtol=1e-9, atol=0)
    text = f"{(four if exact else three) + 0.0:g}"
    mantissa, e, exponent = text.partition("e")
    return (mantissa + (f"e{int(exponent)}" if e else "")).replace("-", "−")


def numbers(values) -> str:
    """Several numbers in brackets, for alt texts."""
    return f"({', '.join(map(number, values))})"
