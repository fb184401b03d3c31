"""A slider under a picture: in JupyterLab one moves it and sees another picture.

The figures are drawn before anything moves; each becomes an image when it is first shown, and is
kept. Where no kernel runs (on a page, in print) a sentence says what could be moved, and the static
picture before it says the same as the slider's first position.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from bpderiv.figures.picture import Picture

WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Slider:
    """Positions, what each is called, and the picture at each."""

    name: str
    positions: tuple[str, ...]
    pictures: tuple[Picture, ...]

    def __repr__(self) -> str:
        """What there is to move, for those who cannot."""
        return (
            f"(Run this cell in JupyterLab, and a slider stands here: {self.name}, from "
            f"{self.positions[0]} to {self.positions[-1]}.)"
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        shown = {"text/plain": repr(self)}
        try:
            view = self._widget()._repr_mimebundle_()
        except ImportError:  # ipywidgets is no part of bpderiv, only of the course
            return shown
        return {**view, **shown}

    def _widget(self):
        """A slider, and below it the picture of its position with its alt text."""
        import ipywidgets

        slider = ipywidgets.SelectionSlider(
            options=list(zip(self.positions, range(len(self.positions)), strict=True)),
            description=self.name, style={"description_width": "initial"},
        )  # fmt: skip
        picture = ipywidgets.HTML()

        @cache
        def image(place: int) -> str:
            return self.pictures[place].html()

        def show(place: int) -> None:
            picture.value = image(place)

        slider.observe(lambda change: show(change["new"]), names="value")
        show(0)
        return ipywidgets.VBox([slider, picture])


def slide(name: str, positions: Sequence, draw: Callable[..., Picture]) -> Slider:
    """A slider over `positions`; `draw` makes the picture at each.

    Errors
    ------
    ValueError
        if there is nothing to move.
    """
    if len(positions) < 2:
        raise ValueError(f"a slider needs two positions or more, not {len(positions)}")
    pictures = tuple(draw(position) for position in positions)
    return Slider(name, tuple(map(str, positions)), pictures)
