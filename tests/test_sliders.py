"""Sliders: a picture for each position, and words where nothing can be moved."""

from __future__ import annotations

import builtins

import pytest

from bpderiv import pencil
from bpderiv.figures import signal_flow
from bpderiv.sliders import WIDGET, slide


def _slider(positions=("1", "2")):
    example = pencil()

    def draw(neuron):
        path = (None, int(neuron), None)
        return signal_flow(example.network, example.signals, path=path)

    return slide("hidden neuron", positions, draw)


def test_a_picture_for_each_position():
    slider = _slider()
    assert len(slider.pictures) == 2 and slider.pictures[0].alt != slider.pictures[1].alt
    assert repr(slider) == (
        "(Run this cell in JupyterLab, and a slider stands here: hidden neuron, from 1 to 2.)"
    )


def test_moving_it_changes_the_picture_and_its_words():
    slider = _slider()
    box = slider._widget()
    control, picture = box.children
    first = picture.value
    assert "<img" in first and 'alt="' in first
    control.value = 1
    assert picture.value != first
    control.value = 0
    assert picture.value == first


def test_what_is_shown_has_words_beside_the_widget():
    bundle = _slider()._repr_mimebundle_()
    assert bundle["text/plain"].startswith("(Run this cell in JupyterLab") and WIDGET in bundle


def test_without_ipywidgets_the_words_are_left(monkeypatch):
    original = builtins.__import__

    def refuse(name, *args, **options):
        if name == "ipywidgets":
            raise ImportError(name)
        return original(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert list(_slider()._repr_mimebundle_()) == ["text/plain"]


def test_one_position_is_nothing_to_move():
    with pytest.raises(ValueError, match="two positions or more, not 1"):
        slide("neuron", ["1"], None)
