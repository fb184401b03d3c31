"""Small images: handwritten digits, and the weights into hidden neurons seen as pixels."""

from __future__ import annotations

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from bpderiv.figures.palette import GREY, INK, WEIGHTS
from bpderiv.figures.picture import Picture, in_style, new_figure, number
from bpderiv.inputs import check_count
from bpderiv.network import Network

_CELL = 0.92  # inches, the side of an image
_GAP = 0.14
_CAPTION = 0.3
_SIZE = 12


@in_style
def digit_images(pixels, captions, *, columns: int = 10) -> Picture:
    """Draw images in a grid, dark where the pixel is large, each with its caption below.

    Parameters
    ----------
    pixels : array B × n
        one image a row, of 8 × 8 or any other square number of pixels; 0 is white, the largest
        number of all is black.
    captions : sequence of B str or numbers
    columns : int
        images in a line.

    Errors
    ------
    ValueError
        for no image, pixels that make no square or are negative, or captions that are too few.
    """
    images = _squares(pixels, "pixels")
    captions = [str(caption) for caption in captions]
    if len(captions) != len(images):
        raise ValueError(f"{len(images)} images need as many captions, not {len(captions)}")
    if images.min() < 0:
        raise ValueError(f"a pixel is {images.min():g}: white is 0, and nothing is whiter")
    look = {"cmap": "Greys", "vmin": 0.0, "vmax": images.max() or 1.0}
    figure = _grid(images, captions, columns, look)
    side = images.shape[1]
    return Picture(
        figure,
        f"Images of {side} × {side} pixels, {len(images)} of them, with the captions "
        f"{'; '.join(captions)}.",
    )


@in_style
def weight_images(network: Network, *, columns: int = 10, layer: int = 1) -> Picture:
    """Draw the weights into each neuron of a layer, each where the pixel is that it multiplies.

    Light is positive (this pixel pushes the field up), dark is negative; the grey-violet in the
    middle is zero. Biases are left out. One scale for all neurons, with its legend.

    Errors
    ------
    ValueError
        if the layer before does not have a square number of neurons, or there is no such layer.
    """
    check_count(layer, "layer", least=1)
    if layer >= len(network.W):
        raise ValueError(f"{network!r} has no weights into layer {layer}")
    weights = network.W[layer][:, network.bias :]
    images = _squares(weights, "weights")
    most = float(abs(images).max()) or 1.0
    look = {"cmap": WEIGHTS, "vmin": -most, "vmax": most}
    captions = [str(n) for n in range(1, len(images) + 1)]
    figure = _grid(images, captions, columns, look, legend=1.3)
    width, height = figure.get_size_inches()
    axes = figure.add_axes(((width - 1.13) / width, 0.45 / height, 0.16 / width, 1 - 0.7 / height))
    bar = figure.colorbar(ScalarMappable(Normalize(-most, most), WEIGHTS), cax=axes)
    bar.set_ticks([-most, 0.0, most], labels=[number(-most), "0", number(most)])
    bar.outline.set_edgecolor(GREY)
    side = images.shape[1]
    return Picture(
        figure,
        f"The weights into each of {len(images)} neurons as an image of {side} × {side} pixels: "
        f"light is positive, dark is negative. The largest is {number(images.max())}, the "
        f"smallest {number(images.min())}.",
    )


def _squares(rows, what: str) -> np.ndarray:
    """B × side × side."""
    rows = np.asarray(rows, dtype=float)
    if rows.ndim != 2 or not rows.size:
        raise ValueError(f"{what} have shape {rows.shape}: expected one image a row, at least one")
    if not np.isfinite(rows).all():
        raise ValueError(f"{what} must be finite numbers")
    side = round(rows.shape[1] ** 0.5)
    if side**2 != rows.shape[1]:
        raise ValueError(f"{rows.shape[1]} numbers a row make no square image")
    return rows.reshape(-1, side, side)


def _grid(images, captions, columns: int, look: dict, legend: float = 0.0):
    """All images in a figure, `legend` inches left free at the right."""
    columns = min(check_count(columns, "columns", least=1), len(images))
    lines = -(-len(images) // columns)
    width = 0.2 + columns * (_CELL + _GAP) + legend
    height = 0.2 + lines * (_CELL + _CAPTION)
    figure = new_figure(width, height)
    for n, (image, caption) in enumerate(zip(images, captions, strict=True)):
        line, column = divmod(n, columns)
        left = 0.1 + _GAP / 2 + column * (_CELL + _GAP)
        bottom = height - 0.1 - _CELL - line * (_CELL + _CAPTION)
        axes = figure.add_axes((left / width, bottom / height, _CELL / width, _CELL / height))
        axes.imshow(image, interpolation="nearest", **look)
        axes.set(xticks=[], yticks=[])
        for spine in axes.spines.values():
            spine.set(visible=True, color=GREY, linewidth=0.8)
        axes.set_xlabel(caption, fontsize=_SIZE, color=INK, labelpad=2)
    return figure
