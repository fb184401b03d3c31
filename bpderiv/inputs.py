"""Checks of what a user passes in: each error says where, what was expected and what to do."""

from __future__ import annotations

import numbers

import numpy as np

_FLOATS = (np.float64, np.float32)


def check_array(values, name: str) -> np.ndarray:
    """A float array without NaN or infinity; a copy is made only if needed."""
    try:
        array = np.asarray(values)
    except ValueError as problem:
        raise ValueError(f"{name} is not a rectangular array: {problem}") from None
    if np.iscomplexobj(array):
        raise TypeError(f"{name} is complex: a network takes real numbers")
    if array.dtype.kind in "iub":
        raise TypeError(
            f"{name} holds whole numbers ({array.dtype}), and whole numbers would be rounded in "
            f"later steps: write 1.0 for 1, or pass np.asarray({name}, dtype=float)"
        )
    if array.dtype not in _FLOATS:
        raise TypeError(f"{name} is {array.dtype}: expected float64 or float32")
    if not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name}{list(place)} is {array[place]}: every number must be finite")
    return array


def check_weights(weights, bias: bool) -> list[np.ndarray]:
    """Matrices whose sizes follow on each other, all of one float type."""
    if len(weights) == 0:
        raise ValueError("a network needs at least one weight matrix (a depth of zero was given)")
    checked = [check_array(w, f"weights[{n}]").copy() for n, w in enumerate(weights)]
    for n, w in enumerate(checked):
        if w.ndim != 2 or w.shape[0] < 1 or w.shape[1] < 1 + bias:
            raise ValueError(
                f"weights[{n}] has shape {w.shape}: expected a matrix, receivers × "
                f"{'(1 + senders)' if bias else 'senders'}"
            )
        if w.dtype != checked[0].dtype:
            raise TypeError(
                f"weights[{n}] is {w.dtype}, weights[0] is {checked[0].dtype}: use one type"
            )
        if n and w.shape[1] - bias != checked[n - 1].shape[0]:
            raise ValueError(
                f"weights[{n}] has shape {w.shape}, but layer {n} has {checked[n - 1].shape[0]} "
                f"neurons: expected {checked[n - 1].shape[0] + bias} columns"
                f"{', the bias and one per sender' if bias else ', one per sender'}"
            )
    return checked


def check_batch(values, name: str, width: int, dtype) -> np.ndarray:
    """Rows of examples: B × width, B at least 1, of the network's float type."""
    array = check_array(values, name)
    if array.ndim != 2 or array.shape[1] != width:
        raise ValueError(
            f"{name} has shape {array.shape}: expected (examples, {width}), one example per row"
            + (f"; for one example write [{name}]" if array.shape == (width,) else "")
        )
    if array.shape[0] == 0:
        raise ValueError(f"{name} is an empty batch: give at least one row")
    if array.dtype != dtype and not np.can_cast(array.dtype, dtype):
        raise TypeError(
            f"{name} is {array.dtype} and the network {np.dtype(dtype)}: digits would be lost; "
            f"pass {name}.astype('{np.dtype(dtype)}') if you mean that"
        )
    return array.astype(dtype, copy=False)


def check_eta(eta, dtype=np.float64) -> np.floating:
    """A learning rate: a finite real number above 0, also in the network's float type."""
    if isinstance(eta, (bool, np.bool_)) or not isinstance(eta, numbers.Real):
        raise TypeError(f"eta must be a real number, not {eta!r}")
    try:
        with np.errstate(over="ignore"):
            rounded = np.dtype(dtype).type(float(eta))
    except OverflowError:
        rounded = np.dtype(dtype).type(np.inf)
    if not (np.isfinite(rounded) and rounded > 0):
        raise ValueError(f"eta must be a finite number above 0 in {np.dtype(dtype)}, not {eta}")
    return rounded


def check_count(value, name: str, least: int) -> int:
    """A whole number, at least `least`."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number, not {value!r}")
    if value < least:
        raise ValueError(f"{name} is {value}: it must be at least {least}")
    return int(value)
