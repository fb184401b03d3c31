"""The pictures: what is drawn is the data, the words say the same, and nothing hides anything.

PNGs are not compared: the artists' widths, styles, places and texts are.
"""

import base64
import doctest
import io
import re
from itertools import combinations

import matplotlib
import numpy as np
import pytest
import sympy
from matplotlib.colors import to_hex, to_rgb
from matplotlib.image import imread
from matplotlib.patches import Circle, Rectangle
from matplotlib.text import Text

from bpderiv.checks.step_size import METHODS, step_errors
from bpderiv.digits import digits
from bpderiv.figures import (
    PALETTE,
    activation_curves,
    answer_plane,
    confusion_map,
    delta_by_layer,
    digit_images,
    error_curve,
    error_surface,
    jacobian_map,
    jacobian_pair,
    jacobian_product,
    maps,
    point_at,
    seen_map,
    signal_flow,
    v_curve,
    weight_images,
    wiggle,
)
from bpderiv.figures.curves import spread
from bpderiv.figures.naming import plain
from bpderiv.figures.palette import INK, MIST, PALE, WEIGHTS
from bpderiv.figures.picture import Picture, box, maths, number
from bpderiv.jacobians import jacobian
from bpderiv.network import Network

RNG = np.random.default_rng(7)
NETWORK = Network(
    [
        np.array([[0.5, -1.2], [0.8, 0.3], [-0.1, 0.9]]),
        np.array([[1.0, -0.4, 0.2], [-0.7, 2.0, 0.6]]),
    ]
)
X = RNG.normal(size=(4, 2))
D = RNG.uniform(0.1, 0.9, size=(4, 2))
SIGNALS = NETWORK.forward(X)
GRADIENTS = NETWORK.backward(X, D)
LINEAR = Network([np.array([[1.0, -0.5]])], "linear")
DEAD = Network([np.array([[-1.0, -0.5]]), np.array([[1.0]])], "relu")
BIASED = Network.random((2, 3, 1), seed=3, bias=True)
WIDE = Network.random((9, 3, 2), seed=4, bias=True)
SEEING = Network.random((64, 12, 10), seed=3, bias=True, scale=0.2)
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([[0.0], [1.0], [1.0], [0.0]])
SOLVED = Network([[[-3.0, -5.7, 5.5], [3.1, -6.1, 6.2]], [[4.2, 9.5, -9.0]]], bias=True)
MEANT, ANSWERED = [0, 0, 1, 2, 2, 2, 3, 3], [0, 0, 1, 1, 2, 1, 0, 3]


def some_digits(count: int):
    train, _ = digits()
    return train.pixels[:count], train.digit[:count]


def labels(letter: str, layer: str, count: int) -> list[str]:
    return [rf"{letter}_{{{layer},{n}}}" for n in range(1, count + 1)]


def product():
    factors = [RNG.normal(size=(1, 3)), -np.eye(3), np.diag([0.2, 0.25, 0.1])]
    factors.append(RNG.normal(size=(3, 2)))
    titles = (
        r"\frac{\partial \mathcal{E}}{\partial e_k}",
        "A",
        "B",
        r"\partial v_k / \partial y_j",
    )
    return jacobian_product(factors, titles, "C")


DEEP = {kind: Network.random((4,) * 6, kind, seed=3) for kind in ("logistic", "tanh", "linear")}
STEPS = 10.0 ** -np.arange(0, 17, 1)
MAP = np.array([[True, False, True], [False, False, True]])
CHECKS = ["one\nexample", "zero", "3-4-2"]

DRAWN = {
    "flow": lambda: signal_flow(),
    "flow, path": lambda: signal_flow(path=(1, 2, 1)),
    "flow, 3-4-2, part": lambda: signal_flow(sizes=(3, 4, 2), part="j-k"),
    "flow, 4-3-3-2": lambda: signal_flow(sizes=(4, 3, 3, 2), path=(1, 2, 3, 1)),
    "flow, one pair": lambda: signal_flow(sizes=(3, 2)),
    "flow, any size": lambda: signal_flow(sizes=("p", "z", "m"), weight=(2, "b", "a")),
    "flow, wide": lambda: signal_flow(sizes=(12, 8, 2), path=(7, 4, 1), bias=True),
    "flow, numbers": lambda: signal_flow(NETWORK, SIGNALS, d=D),
    "flow, only numbers": lambda: signal_flow(NETWORK, SIGNALS, d=D, names=False),
    "flow, all paths": lambda: signal_flow(NETWORK, SIGNALS, d=D, path=(1, None, None)),
    "flow, bias": lambda: signal_flow(BIASED, BIASED.forward(X), d=D[:, :1], weight=(1, 2, 0)),
    "flow, backward": lambda: signal_flow(
        NETWORK, SIGNALS, d=D, gradients=GRADIENTS, show="backward", path=(None, 2, None)
    ),
    "map": lambda: jacobian_map(
        -np.eye(3), r"\partial e_k", labels("e", "k", 3), labels("y", "k", 3)
    ),
    "map, symbols": lambda: jacobian_map(
        jacobian("E", "v_k").explicit(2, 3, 3),
        r"\frac{a}{b}",
        [r"\mathcal{E}"],
        labels("v", "k", 3),
    ),
    "pair": lambda: jacobian_pair(-np.eye(3), -np.tri(3), labels("e", "k", 3), labels("y", "k", 3)),
    "pair, unequal": lambda: jacobian_pair(np.ones((3, 1)), np.ones((1, 3)), titles=("a", "b")),
    "product": product,
    "surface": lambda: error_surface(NETWORK, X, D, (2, 1, 1), (2, 1, 2), eta=1.0),
    "surface, four": lambda: error_surface(
        NETWORK, X, D, (1, 1, 1), (2, 1, 1), eta=[0.2, 2.0, 9.0, 40.0], n=15
    ),
    "curves": lambda: error_curve({f"η = {e}": NETWORK.train(X, D, e, 30)[1] for e in (0.1, 1.0)}),
    "curves, one end": lambda: error_curve({c: [3.0 + n, 1.0] for n, c in enumerate("abc")}),
    "curve, log": lambda: error_curve([1e-3, 1e-9, 1e-12], log=True, title="tiny"),
    "curves, epochs": lambda: error_curve(
        {"training": [1.2, 0.2, 0.01], "held out": [1.2, 0.25, 0.02]},
        log=True,
        xlabel="epochs",
        per="image",
    ),
    "digits": lambda: digit_images(*some_digits(23)),
    "digits, few": lambda: digit_images(some_digits(3)[0], ["8, said 3"] * 3),
    "weights": lambda: weight_images(SEEING),
    "weights, small": lambda: weight_images(Network.random((9, 2), seed=1, scale=1e-4), columns=2),
    "confusion": lambda: confusion_map(MEANT, ANSWERED, 4),
    "confusion, ten": lambda: confusion_map(np.arange(10), (np.arange(10) * 3) % 10, 10),
    "plane": lambda: answer_plane({"solved": SOLVED, "at random": BIASED}, CORNERS, XOR),
    "plane, one": lambda: answer_plane({"": SOLVED}, CORNERS, XOR),
    "plane, no hidden": lambda: answer_plane({"flat": LINEAR}, CORNERS, XOR),
    "point, weight": lambda: point_at(NETWORK, X[:1], D[:1], "w_{21}^{k,j}"),
    "point, weights": lambda: point_at(NETWORK, X[:1], D[:1], "W^{k,j}"),
    "point, wide": lambda: point_at(WIDE, np.ones((1, 9)), D[:1], "y_{i,5}"),
    "wiggle": lambda: wiggle(NETWORK, X[:1], D[:1], (1, 2, 1), 0.5),
    "delta by layer": lambda: delta_by_layer(DEEP, np.ones((2, 4)), np.zeros((2, 4))),
    "activations": lambda: activation_curves(["logistic", "tanh", "linear", "relu"]),
    "v-curve": lambda: v_curve(STEPS, step_errors(NETWORK, X, D, STEPS)),
    "v-curve, one": lambda: v_curve([1e-3, 1e-6], {"mine": np.array([0.0, 2.0])}),
    "seen": lambda: seen_map(MAP, ["W for Wᵀ", "φ′ missing"], CHECKS),
}


@pytest.fixture(scope="module")
def drawn():
    """Every picture above, drawn once."""
    return {name: draw() for name, draw in DRAWN.items()}


def axes_of(picture):
    return picture.figure.axes[0]


def texts(picture) -> list[str]:
    return [text.get_text() for text in shown_texts(picture.figure)]


def shown_texts(figure) -> list[Text]:
    """All texts that are to be seen; ticks outside the axes' limits are not."""
    unseen = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not (low <= tick.get_loc() <= high and axes.axison and axes.get_visible()):
                    unseen |= {tick.label1, tick.label2}
    found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    return [text for text in found if text not in unseen]


def words_box(text) -> np.ndarray:
    """Where the words are in inches, without the arrow that an annotation may have."""
    figure = text.get_figure()
    return Text.get_window_extent(text, figure.canvas.get_renderer()).extents / figure.dpi


def overlap(one, other, slack: float = 0.01) -> bool:
    return bool((one[:2] + slack < other[2:]).all() and (other[:2] + slack < one[2:]).all())


def lines(picture) -> dict:
    """The graph's lines by their ends, such as "('y', 0, 1) → ('v', 1, 2)"."""
    return {line.get_gid(): line for line in axes_of(picture).lines if line.get_gid()}


def edge(layer: int, b, a, backward=False) -> str:
    ends = [str(("y", layer - 1, a)), str(("v", layer, b))]
    return " → ".join(ends[::-1] if backward else ends)


# --- every picture ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRAWN)
def test_texts_are_inside_apart_and_large(drawn, name):
    figure = drawn[name].figure
    figure.draw_without_rendering()
    width, height = figure.get_size_inches()
    found = [(text, words_box(text)) for text in shown_texts(figure)]
    assert found
    for text, (left, bottom, right, top) in found:
        assert left >= 0 and bottom >= 0 and right <= width and top <= height, text.get_text()
        assert text.get_fontsize() >= 9, text.get_text()
    for (one, where), (other, there) in combinations(found, 2):
        assert not overlap(where, there), f"{one.get_text()!r} and {other.get_text()!r}"


def test_the_overlap_check_sees_an_overlap():
    figure = signal_flow().figure
    first, second = [text for text in shown_texts(figure) if text.get_text() == "−1"]
    second.set_position(first.get_position())
    assert overlap(box(first), box(second))


@pytest.mark.parametrize("name", DRAWN)
def test_alt_text_is_one_to_three_sentences_for_a_reader(drawn, name):
    alt = drawn[name].alt
    assert alt == str(drawn[name])
    assert alt[0].isupper() and alt.endswith(".") and "\n" not in alt
    assert not set("\\{}$") & set(alt)
    assert 1 <= alt.count(". ") + 1 <= 3
    assert "nan" not in alt and "-" not in alt.replace("Signal-flow", "").replace("-", "", 9)


def test_a_notebook_gets_png_alt_text_and_size(drawn):
    picture = drawn["map"]
    data, metadata = picture._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == picture.alt
    png = base64.b64decode(data["image/png"])
    height, width = imread(io.BytesIO(png)).shape[:2]
    shown = metadata["image/png"]
    assert shown["alt"] == picture.alt
    assert (width, height) == pytest.approx((2 * shown["width"], 2 * shown["height"]), abs=2)


def test_ipython_takes_the_bundle(drawn):
    formatter = pytest.importorskip("IPython.core.formatters").DisplayFormatter()
    data, metadata = formatter.format(drawn["map"])
    assert data["text/plain"] == drawn["map"].alt
    assert metadata["image/png"]["alt"] == drawn["map"].alt


@pytest.mark.parametrize("name", ["flow, path", "surface", "wiggle", "map, symbols"])
def test_the_same_picture_is_the_same_bytes(drawn, name):
    png = drawn[name].png()
    assert png == drawn[name].png() == DRAWN[name]().png()
    assert b"Software" not in png


def test_settings_of_the_user_do_not_matter_and_stay(drawn):
    theirs = {"text.usetex": True, "font.size": 30, "axes.facecolor": "red", "figure.dpi": 37}
    theirs |= {"savefig.bbox": "tight", "mathtext.fontset": "stix", "lines.linewidth": 9}
    with matplotlib.rc_context(theirs):
        assert DRAWN["curves"]().png() == drawn["curves"].png()
        assert all(matplotlib.rcParams[key] == value for key, value in theirs.items())


def test_no_picture_is_left_with_pyplot(drawn):
    from matplotlib import pyplot

    assert drawn and pyplot.get_fignums() == []


def test_save_takes_three_endings(drawn, tmp_path):
    for ending, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
        drawn["map"].save(tmp_path / f"one.{ending}")
        drawn["map"].save(tmp_path / f"two.{ending}")
        one, two = ((tmp_path / f"{n}.{ending}").read_bytes() for n in ("one", "two"))
        assert one.startswith(start) and one == two
    with pytest.raises(ValueError, match="should end in"):
        drawn["map"].save(tmp_path / "one.jpg")


# --- colours ----------------------------------------------------------------------------------

# Linear RGB as seen without red, green or blue cones (Machado, Oliveira and Fernandes 2009).
SEEN = {
    "everybody": np.eye(3),
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
TO_XYZ = [[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]]


def lab(colour: str, seen="everybody") -> np.ndarray:
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(SEEN[seen]) @ linear, 0, 1)
    xyz = np.array(TO_XYZ) @ linear / [0.9505, 1.0, 1.0888]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def nearest(colours, seen="everybody") -> float:
    return min(np.linalg.norm(lab(a, seen) - lab(b, seen)) for a, b in combinations(colours, 2))


def test_the_palette_has_a_colour_for_each_quantity():
    assert set(PALETTE) == {"y", "v", "e", "delta", "w"}


@pytest.mark.parametrize("seen", SEEN)
def test_colours_are_told_apart(seen):
    assert nearest(PALETTE.values(), seen) > 25


def test_the_simulation_confuses_red_with_green():
    assert nearest(["#C04000", "#6B6B00"]) > 50
    assert nearest(["#C04000", "#6B6B00"], "protanopia") < 25


def test_a_grey_print_tells_the_colours_apart():
    lightness = sorted(lab(colour)[0] for colour in PALETTE.values())
    assert min(np.diff(lightness)) > 10


# --- numbers and names ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-1e-400, "0"),
        (0.12345, "0.123"),
        (-0.5, "−0.5"),
        (1.0, "1"),
        (1234.5, "1230"),
        (1.125, "1.125"),
        (-0.0625, "−0.0625"),
        (2.6875, "2.69"),
        (99999.0, "100000"),
        (1.234e-5, "1.23e−5"),
        (-6.02e23, "−6.02e23"),
        (np.float32(0.1), "0.1"),
    ],
)
def test_numbers_have_three_digits_or_four_and_no_minus_zero(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\mathcal{E}", "E"),
        (r"w_{21}^{k,j}", "w_21^k,j"),
        (r"\delta_{k,1}", "δ_k,1"),
        (r"\frac{\partial e_k}{\partial y_k}", "∂e_k/∂y_k"),
        (r"\partial e_k / \partial y_k", "∂e_k/∂y_k"),
        (r"-e_{k,1} \, \varphi_k'(v_{k,1})", "−e_k,1 φ_k'(v_k,1)"),
    ],
)
def test_latex_is_drawn_and_said(latex, words):
    assert maths(latex) == f"${latex}$"
    assert plain(latex) == words


@pytest.mark.parametrize("latex", [r"\begin{cases} 1 \end{cases}", r"\nonsense", "a_{", "^"])
def test_latex_that_cannot_be_drawn_is_refused(latex):
    with pytest.raises(ValueError, match="cannot draw"):
        maths(latex)


# --- signal-flow graph ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "bias"),
    [((2, 2, 2), True), ((3, 4, 2), False), ((4, 3, 3, 2), True), ((1, 1), False)],
)
def test_every_neuron_and_every_weight_is_drawn(sizes, bias):
    picture = signal_flow(sizes=sizes, bias=bias)
    weights = sum((a + bias) * b for a, b in zip(sizes, sizes[1:], strict=False))
    found = [gid for gid in lines(picture) if gid.startswith("('y'") and "('v'" in gid]
    assert len(found) == weights
    circles = [patch for patch in axes_of(picture).patches if isinstance(patch, Circle)]
    inner = 2 * sum(sizes[1:]) + sizes[0] + bias * (len(sizes) - 1)
    assert len(circles) == inner + sizes[-1] + 1
    names = "ghijk"[-len(sizes) :]
    for layer, (name, size) in enumerate(zip(names, sizes, strict=True)):
        for n in range(1, size + 1):
            assert f"$y_{{{name},{n}}}$" in texts(picture)
            assert (f"$v_{{{name},{n}}}$" in texts(picture)) == (layer > 0)
    assert rf"$e_{{k,{sizes[-1]}}}$" in texts(picture) and r"$\mathcal{E}$" in texts(picture)
    assert f"{'-'.join(map(str, sizes))} network (layers {' → '.join(names)}," in picture.alt


def test_a_path_is_thick_coloured_and_labelled():
    picture = signal_flow(path=(1, 2, 1))
    thick = {edge(1, 2, 1), edge(2, 1, 2)}
    for gid, line in lines(picture).items():
        if "('y'" in gid.split(" → ")[0] and "('v'" in gid:
            assert (line.get_linewidth() > 2) == (gid in thick)
            assert (line.get_color() == PALETTE["w"]) == (gid in thick)
    assert [t for t in texts(picture) if "w_" in t] == ["$w_{21}^{j,i}$", "$w_{12}^{k,j}$"]
    assert "Drawn thick: w_21^j,i, w_12^k,j." in picture.alt
    on = lines(picture)["('v', 1, 2) → ('y', 1, 2)"].get_linewidth()
    assert on > lines(picture)["('v', 1, 1) → ('y', 1, 1)"].get_linewidth()


def test_none_in_a_path_is_every_neuron():
    picture = signal_flow(NETWORK, path=(1, 2, None))
    assert "Drawn thick: w_21^j,i = 0.8, w_12^k,j = −0.4, w_22^k,j = 2." in picture.alt


def test_one_weight_is_not_a_path():
    picture = signal_flow(sizes=(2, 3, 2), weight=(1, 2, 1))
    assert "Drawn thick: w_21^j,i." in picture.alt
    width = {gid: line.get_linewidth() for gid, line in lines(picture).items()}
    assert [gid for gid in width if width[gid] > 2] == [edge(1, 2, 1)]


def test_widths_are_proportional_to_the_weights_and_dashed_where_negative():
    drawn = lines(signal_flow(NETWORK))
    for layer, W in ((1, NETWORK.W[1]), (2, NETWORK.W[2])):
        for (b, a), w in np.ndenumerate(W):
            line = drawn[edge(layer, b + 1, a + 1)]
            assert line.get_linewidth() == pytest.approx(max(5 * abs(w) / 2.0, 0.4))
            assert line.is_dashed() == (w < 0)
    assert "dashed: w < 0" in " ".join(texts(signal_flow(NETWORK)))


def test_numbers_are_the_signals_of_the_example():
    picture = signal_flow(NETWORK, SIGNALS, d=D, example=3)
    e = D - SIGNALS.y[2]
    for values in (SIGNALS.y[0], SIGNALS.v[1], SIGNALS.y[1], SIGNALS.v[2], SIGNALS.y[2], e):
        for value in values[2]:
            assert number(value) in texts(picture)
    assert f"$d_{{k,1}}$ = {number(D[2, 0])}" in texts(picture)
    assert "example 3 of 4" in picture.alt
    assert picture.alt.endswith(f"E = {number((e[2] ** 2).sum() / 2)}.")
    assert f"v_j = ({', '.join(map(number, SIGNALS.v[1][2]))})" in picture.alt


def test_backward_turns_the_arrows_and_shows_delta():
    picture = signal_flow(NETWORK, SIGNALS, d=D, gradients=GRADIENTS, show="backward", example=2)
    assert edge(2, 1, 3, backward=True) in lines(picture) and edge(2, 1, 3) not in lines(picture)
    for layer, name in ((1, "j"), (2, "k")):
        values = GRADIENTS.delta[layer][1]
        assert f"δ_{name} = ({', '.join(map(number, values))})" in picture.alt
        for n, value in enumerate(values, start=1):
            assert rf"$\delta_{{{name},{n}}}$" in texts(picture)
            assert number(value) in texts(picture)
    arriving = GRADIENTS.delta[2][1] @ NETWORK.W[2]
    slopes = NETWORK.phi[1].phi_prime(SIGNALS.v[1][1])
    assert all(number(value) in texts(picture) for value in (*arriving, *slopes))
    assert "backward, with δ at the nodes" in picture.alt
    to_input = lines(picture)[edge(1, 1, 1, backward=True)]
    assert to_input.get_linestyle() == "--"  # dotted: nothing is passed on


@pytest.mark.parametrize(
    ("part", "gid"),
    [
        ("E", "('e', 1) → ('E',)"),
        ("e", "('y', 2, 1) → ('e', 1)"),
        ("k", "('v', 2, 1) → ('y', 2, 1)"),
        ("j-k", edge(2, 1, 1)),
        ("j", "('v', 1, 1) → ('y', 1, 1)"),
        ("i-j", edge(1, 1, 1)),
    ],
)
def test_all_is_pale_but_the_part(part, gid):
    picture = signal_flow(sizes=(2, 3, 2), part=part)
    strong = [g for g, line in lines(picture).items() if line.get_color() != PALE]
    ends = {tuple(end.split(", ")[0] for end in g.split(" → ")) for g in strong}
    assert gid in strong and len(ends) == 1
    assert f"all is pale but {part}." in picture.alt
    faces = {c.get_gid(): to_hex(c.get_facecolor()) for c in axes_of(picture).patches}
    white = [g for g in faces if g and faces[g] == "#ffffff"]
    assert not set(white) & set(gid.split(" → ")) and len(white) >= 8


def test_wide_layers_are_abbreviated_but_not_the_path():
    picture = signal_flow(sizes=(12, 8, 6), path=(7, 4, 6))
    found = texts(picture)
    assert all(f"$y_{{i,{n}}}$" in found for n in (1, 2, 3, 7, 12))
    assert not any(f"$y_{{i,{n}}}$" in found for n in (4, 5, 6, 8, 11))
    assert all(f"$y_{{j,{n}}}$" in found for n in (1, 2, 3, 4, 8))
    assert all(f"$y_{{k,{n}}}$" in found for n in range(1, 7))
    assert found.count("⋮") == 2 + 2  # twice in the input, once between v and once between y


def test_seven_neurons_are_too_many():
    assert "⋮" in texts(signal_flow(sizes=(7, 1)))
    assert "⋮" not in texts(signal_flow(sizes=(6, 1)))


def unseen(picture) -> list[str]:
    return [text.get_text() for text in axes_of(picture).texts if not text.get_visible()]


def test_labels_of_weights_make_room_for_each_other_or_stay_away():
    assert unseen(signal_flow(NETWORK, SIGNALS, d=D)) == []
    crowd = signal_flow(sizes=(6, 6), path=(None, None))
    assert 0 < len(unseen(crowd)) < 6
    assert all(name.startswith("$w_") for name in unseen(crowd))
    boxes = [words_box(text) for text in shown_texts(crowd.figure)]
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))


def test_letters_are_any_size():
    found = texts(signal_flow(sizes=("p", "z", "m"), weight=(2, "b", "a")))
    for name in ("y_{i,p}", "v_{j,a}", "v_{j,z}", "e_{k,b}", "e_{k,m}", "w_{ba}^{k,j}"):
        assert f"${name}$" in found
    assert "$z$ neurons" in found


def test_a_bias_is_a_sender_with_signal_one():
    picture = signal_flow(BIASED, BIASED.forward(X), weight=(2, 1, 0))
    assert f"w_10^k,j = {number(BIASED.W[2][0, 0])}" in picture.alt
    assert {"$y_{i,0}$", "$y_{j,0}$"} <= set(texts(picture))
    assert "$y_{k,0}$" not in texts(picture)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"path": (1, 3, 1)}, "neuron of layer 1 is 3, but that layer has neurons 1 to 2"),
        ({"path": (0, 1, 1)}, "neurons 1 to 2"),
        ({"path": (1, 1)}, "one for each of the 3 layers"),
        ({"path": ("c", 1, 1)}, "is 'c'"),
        ({"weight": (3, 1, 1)}, "layers 1 to 2"),
        ({"weight": (1, 3, 1)}, "receiver b is 3"),
        ({"weight": (1, 1, 0)}, "sender a is 0"),
        ({"weight": (1, 1)}, r"named \(layer, b, a\)"),
        ({"weight": (1, 1, 1), "path": (1, 1, 1)}, "not both"),
        ({"part": "k-j"}, "choose from i-j, j-k, j, k, e, E"),
        ({"part": "e", "show": "backward"}, "choose from i-j, j-k, j, k, E"),
        ({"show": "sideways"}, "forward"),
        ({"sizes": (2, 0)}, "at least one neuron"),
        ({"sizes": (2,)}, "at least two layers|depth 1 to"),
        ({"signals": SIGNALS}, "belong to a network"),
        ({"network": NETWORK, "d": D}, "needs y"),
        ({"network": NETWORK, "signals": SIGNALS, "show": "backward"}, "pass gradients"),
        ({"network": NETWORK, "signals": SIGNALS, "example": 5}, "row for example 5"),
        ({"network": NETWORK, "signals": SIGNALS, "example": 0}, "row for example 0"),
        ({"network": LINEAR, "signals": SIGNALS}, "expected 1 columns"),
        ({"network": NETWORK, "signals": SIGNALS, "d": D * np.nan}, "must be finite"),
    ],
)
def test_a_graph_that_makes_no_sense_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        signal_flow(**arguments)


SMALL = Network([[[0.5, -2.0], [-1.5, 1.0], [0.0, 4.0]], [[2.0, 1.0, 0.25]]], "linear")
ONE = np.array([[1.0, 0.5]]), np.array([[0.125]])  # y_i and d_k; v_j is −0.5, −1, 2


@pytest.mark.parametrize(
    ("symbol", "gids", "heading"),
    [
        ("v_{j,3}", ["('v', 1, 3)"], ["the field of neuron 3 of layer $j$", "one number:  2"]),
        ("e_{k,1}", ["('e', 1)"], ["the error signal of neuron 1 of layer $k$", "1.625"]),
        ("E", ["('E',)"], ["the error of the network", "one number:  1.32"]),
        (r"\mathcal{E}(n)", ["('E',)"], ["the error of the network", "one number:  1.32"]),
        ("y_i", ["('y', 0, 1)", "('y', 0, 2)"], ["signals of layer $i$", "$p$ × 1, here 2 × 1"]),
        ("v_{j,a}", [f"('v', 1, {a})" for a in (1, 2, 3)], ["any neuron $a$", "for each:  (−0.5"]),
        ("d_{k,1}", [], ["the desired response of neuron 1 of layer $k$", "one number:  0.125"]),
        (
            "w_{21}^{j,i}",
            [edge(1, 2, 1)],
            ["into neuron 2 of layer $j$, from neuron 1 of layer $i$", "one number:  −1.5"],
        ),
        (
            "W^{k,j}",
            [edge(2, 1, a) for a in (1, 2, 3)],
            ["all the weights into layer $k$", "$m$ × $z$, here 1 × 3:  (2, 1, 0.25)"],
        ),
    ],
)
def test_a_symbol_is_pointed_at_named_and_given_its_shape_and_numbers(symbol, gids, heading):
    picture = point_at(SMALL, *ONE, symbol)
    coloured = [
        c.get_gid()
        for c in axes_of(picture).patches
        if c.get_gid() and to_hex(c.get_facecolor()) != "#ffffff"
    ]
    strong = [gid for gid, line in lines(picture).items() if line.get_color() != PALE]
    assert sorted(coloured + strong) == sorted(gids)
    for words in heading:
        assert any(words in text for text in texts(picture))
        assert plain(words) in picture.alt


def test_a_desired_response_is_the_only_dark_word_when_it_is_pointed_at():
    for symbol, dark in (("d_{k,1}", True), ("e_{k,1}", False)):
        written = axes_of(point_at(SMALL, *ONE, symbol)).texts
        (text,) = (t for t in written if t.get_text().startswith("$d_{k,1}$ ="))
        assert (text.get_color() == INK) == dark


def test_a_neuron_in_the_middle_of_a_wide_layer_is_drawn_and_so_is_a_bias():
    x, d = np.ones((1, 9)), D[:1]
    picture = point_at(WIDE, x, d, "w_{20}^{j,i}")
    assert any("from the bias, neuron 0, of layer $i$" in text for text in texts(picture))
    assert "$y_{i,5}$" in texts(point_at(WIDE, x, d, "y_{i,5}"))
    assert "here 3 × 10: 30 numbers, from" in point_at(WIDE, x, d, "W^{j,i}").alt


@pytest.mark.parametrize(
    ("symbol", "count", "message"),
    [
        ("v_{k,3}", 1, "'v_{k,3}': the neuron of layer k is 3, but that layer has neurons 1 to 2"),
        ("w_{10}^{k,j}", 1, "w_{b0} is a bias, and this network has none"),
        ("delta_k", 1, "'delta_k' is not a quantity of the network"),
        ("v_i", 1, "v exists in layer j, k"),
        ("v_{j,1}", 2, "expected one example"),
    ],
)
def test_pointing_at_nothing_is_refused(symbol, count, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        point_at(NETWORK, X[:count], D[:count], symbol)


# --- Jacobians --------------------------------------------------------------------------------


def cells(picture) -> list:
    return [patch for patch in axes_of(picture).patches if isinstance(patch, Rectangle)]


def test_a_map_prints_every_entry_and_colours_it_by_sign():
    matrix = np.array([[0.5, -1.2, 0.0], [0.001234, 0.0, -0.3]])
    picture = jacobian_map(matrix, "A", labels("e", "k", 2), labels("y", "k", 3))
    assert len(cells(picture)) == 6
    for cell, value in zip(cells(picture), matrix.flat, strict=True):
        red, _, blue = to_rgb(cell.get_facecolor())
        assert number(value) in texts(picture)
        assert (to_hex(cell.get_facecolor()) == MIST.lower()) == (value == 0)
        assert (red > blue + 0.05) == (value > 0) and (blue > red + 0.05) == (value < 0)
        assert lab(to_hex(cell.get_facecolor()))[0] > 60  # black print stays readable
    for label in ("$e_{k,2}$", "$y_{k,3}$", "$A$", r"$2 \times 3$"):
        assert label in texts(picture)
    assert picture.alt == (
        "Map of A (2 × 3) with the rows (0.5; −1.2; 0), (0.00123; 0; −0.3). "
        "Entries that are not 0: 4 of 6."
    )


def test_the_documented_example():
    assert doctest.testmod(maps) == (0, 1) or doctest.testmod(maps).failed == 0
    assert doctest.testmod(maps).attempted == 2


def frames(picture) -> list:
    return [cell for cell in cells(picture) if not cell.get_fill()]


def test_a_pair_frames_what_differs_in_both():
    picture = jacobian_pair([[1.0, 2.0], [0.0, -4.0]], [[1.0, 3.0], [0.0, 4.0]], titles=("it", "I"))
    assert len(cells(picture)) == 8 + 4 and len(frames(picture)) == 4
    assert {"it", "I", r"$\neq$"} <= set(texts(picture))
    assert picture.alt == (
        "It (2 × 2): the rows (1; 2), (0; −4). I (2 × 2): the rows (1; 3), (0; 4). "
        "Framed, for they differ: row 1, column 2; row 2, column 2."
    )
    shades = {}
    for cell in cells(picture):
        if cell.get_fill():
            shades.setdefault(to_hex(cell.get_facecolor()), []).append(cell)
    assert len(shades) == 6, "one scale for both: 1 twice, 0 twice, and 2, 3, 4, −4"


def test_a_pair_of_equals_and_a_pair_of_shapes():
    same = jacobian_pair([[1.0, 2.0]], [[1.0, 2.0]])
    assert frames(same) == [] and "$=$" in texts(same) and same.alt.endswith("They are equal.")
    other = jacobian_pair([[1.0, 2.0]], [[1.0], [2.0]])
    assert frames(other) == [] and r"$\neq$" in texts(other)
    assert other.alt.endswith("The shapes differ.")
    with pytest.raises(ValueError, match="expected two titles, not 1"):
        jacobian_pair([[1.0]], [[1.0]], titles=("one",))
    with pytest.raises(ValueError, match="expected 2 column labels"):
        jacobian_pair([[1.0, 2.0]], [[1.0, 2.0]], columns=("a",))


def test_symbols_are_printed_and_have_one_colour():
    picture = jacobian_map(jacobian("y_k", "v_k").explicit(2, 3, 2), "A")
    assert r"$\varphi_k'(v_{k,1})$" in texts(picture) and texts(picture).count("0") == 2
    colours = [to_hex(cell.get_facecolor()) for cell in cells(picture)]
    assert colours[0] == colours[3] != colours[1] == colours[2]
    assert "(φ_k'(v_k,1); 0), (0; φ_k'(v_k,2))" in picture.alt


def test_numbers_in_a_sympy_matrix_are_numbers():
    ours = jacobian_map(jacobian("e_k", "y_k").explicit(2, 3, 2), "A")
    theirs = jacobian_map(-np.eye(2), "A")
    assert ours.png() == theirs.png() and ours.alt == theirs.alt


TABLE = [
    ("E", "e_k"),
    ("e_k", "y_k"),
    ("y_k", "v_k"),
    ("v_k", "y_j"),
    ("E", "v_k"),
    ("E", "W^{k,j}"),
]


@pytest.mark.parametrize(("upper", "lower"), TABLE)
def test_the_jacobians_of_the_notes_can_be_drawn(upper, lower):
    one = jacobian(upper, lower)
    picture = jacobian_map(one.explicit(2, 3, 2), one.name())
    assert f"∂{upper}/∂{plain(lower)}" in picture.alt
    assert picture.figure.get_figwidth() < 10


@pytest.mark.parametrize(
    ("matrix", "arguments", "message"),
    [
        (np.eye(2), {"rows": ["a"]}, "matrix is 2 × 2: expected 2 row labels"),
        (np.eye(2), {"columns": ["a"] * 3}, "expected 2 column labels"),
        (np.eye(2) * np.nan, {}, "must be finite"),
        (sympy.Matrix([[sympy.oo]]), {}, "not finite"),
        (sympy.Matrix([[sympy.nan]]), {}, "not finite"),
        (np.ones(3), {}, "expected rows × columns"),
        (np.ones((0, 3)), {}, "expected rows × columns"),
        (jacobian("v_k", "W^{k,j}").explicit(2, 2, 2), {}, "has 3 indices"),
        (np.eye(2), {"rows": [r"\what", "b"]}, "cannot draw"),
    ],
)
def test_a_matrix_that_makes_no_sense_is_refused(matrix, arguments, message):
    with pytest.raises(ValueError, match=message):
        jacobian_map(matrix, "A", **arguments)


def test_a_product_is_the_product():
    first, second = np.array([[0.3, -0.2]]), np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0]])
    picture = jacobian_product([first, second], ["A", "B"], "C", sizes=("1", "m", "z"))
    assert picture.alt.endswith("The result: C (1 × 3) with the row (0.3; 0.4; 0.2).")
    for size in (r"$1 \times m$", r"$m \times z$", r"$1 \times z$", "$=$", r"$\cdot$"):
        assert size in texts(picture)
    joins = [line for line in axes_of(picture).lines if line.get_linewidth() == 1.2]
    assert len(joins) == 1  # from m to m


def test_a_product_of_symbols_is_2_I_sum():
    names = [("E", "e_k"), ("e_k", "y_k"), ("y_k", "v_k"), ("v_k", "w_{ba}^{k,j}")]
    factors = [jacobian(*pair) for pair in names]
    at = [{}, {}, {}, {"b": 1, "a": 2}]
    matrices = [one.explicit(2, 3, 2, **place) for one, place in zip(factors, at, strict=True)]
    picture = jacobian_product(matrices, [one.name() for one in factors], "C")
    assert picture.alt.endswith("The result: C = −e_k,1 φ_k'(v_k,1) y_j,2.")


def test_a_long_product_goes_on_in_the_next_line():
    short = jacobian_product([np.eye(2)] * 2).figure
    long = jacobian_product([np.eye(2) * 0.123] * 8).figure
    assert long.get_figwidth() < 12 and long.get_figheight() > 1.5 * short.get_figheight()


@pytest.mark.parametrize(
    ("matrices", "arguments", "message"),
    [
        ([], {}, "at least one factor"),
        ([np.eye(2), np.eye(3)], {}, "factor 1 has 2 columns and factor 2 has 3 rows"),
        ([np.eye(2)] * 2, {"titles": ["A"]}, "expected 2 titles"),
        ([np.eye(2)] * 2, {"sizes": ["m"]}, "expected 3 sizes"),
        ([np.eye(2)], {"labels": [((), ())]}, "expected 2 pairs of labels"),
        ([np.eye(2)], {"labels": [(["a"], ()), ((), ())]}, "factor 1 is 2 × 2: expected 2 row"),
    ],
)
def test_a_product_that_makes_no_sense_is_refused(matrices, arguments, message):
    with pytest.raises(ValueError, match=message):
        jacobian_product(matrices, **arguments)


# --- E over two weights -----------------------------------------------------------------------


def path_of(axes) -> np.ndarray:
    return next(line for line in axes.lines if line.get_gid() == "path").get_xydata()


def error_at(network, layer_places, point, x, d) -> float:
    W = [w.copy() for w in network.W[1:]]
    for (layer, b, a), value in zip(layer_places, point, strict=True):
        W[layer - 1][b - 1, a - 1 + network.bias] = value
    return Network(W, network.phi[1:], bias=network.bias).error(x, d)


@pytest.mark.parametrize(
    ("network", "first", "second"),
    [(NETWORK, (1, 3, 2), (2, 1, 3)), (BIASED, (1, 2, 0), (2, 1, 1))],
)
def test_steps_go_down_the_slope_of_these_two_weights_alone(network, first, second):
    d = D[:, : network.sizes[-1]]
    axes = axes_of(error_surface(network, X, d, first, second, eta=0.7, steps=4, n=5))
    path = path_of(axes)
    assert len(path) == 5
    start = [float(network.W[w[0]][w[1] - 1, w[2] - 1 + network.bias]) for w in (first, second)]
    assert path[0] == pytest.approx(start)
    h = 1e-6
    for here, there in zip(path, path[1:], strict=False):
        for n in range(2):
            ends = [here + sign * h * np.eye(2)[n] for sign in (1, -1)]
            up, down = (error_at(network, (first, second), end, X, d) for end in ends)
            assert there[n] - here[n] == pytest.approx(-0.7 * (up - down) / (2 * h), abs=1e-8)


def test_the_map_is_E_and_the_words_say_where_the_path_ends():
    window = (-2.0, 1.0, -3.0, 2.0)
    weights = ((2, 1, 1), (2, 1, 2))
    picture = error_surface(NETWORK, X, D, *weights, eta=0.5, steps=7, window=window, n=3)
    points = [(a, b) for a in (-2.0, -0.5, 1.0) for b in (-3.0, -0.5, 2.0)]
    E = [error_at(NETWORK, weights, point, X, D) for point in points]
    assert f"w_11^k,j from −2 to 1 and w_12^k,j from −3 to 2; E lies between {number(min(E))} and "
    assert f"E lies between {number(min(E))} and {number(max(E))}." in picture.alt
    end = path_of(axes_of(picture))[-1]
    last = number(error_at(NETWORK, weights, end, X, D))
    assert f"after 7 steps of η = 0.5: ({number(end[0])}, {number(end[1])}) with E = {last}" in (
        picture.alt
    )
    assert axes_of(picture).get_xlim() == (-2.0, 1.0) and axes_of(picture).get_ylim() == (-3.0, 2.0)


def test_steps_are_numbered_from_start_to_end(drawn):
    axes = axes_of(drawn["surface"])
    steps = [text for text in axes.texts if text.get_gid() == "step"]
    shown = [int(text.get_text()) for text in steps]
    assert {0, 20} <= set(shown) and len(shown) == len(set(shown)) >= 4
    for text, k in zip(steps, shown, strict=True):
        assert text.xy == pytest.approx(path_of(axes)[k])


def test_several_rates_are_small_multiples_of_one_map(drawn):
    panels = [axes for axes in drawn["surface, four"].figure.axes if axes.get_visible()]
    assert [axes.get_title() for axes in panels] == [
        rf"$\eta$ = {eta}" for eta in ("0.2", "2", "9", "40")
    ]
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in panels}) == 1
    assert drawn["surface, four"].alt.count("after 20 steps of η") == 4


def test_steps_that_leave_the_picture_or_the_numbers_are_told():
    x, d = X, D[:, :1]
    weights = ((1, 1, 1), (1, 1, 2))
    far = error_surface(LINEAR, x, d, *weights, eta=5.0, steps=9, window=(-2, 2, -2, 2), n=5)
    assert "outside the picture at step 1" in far.alt and "no finite number" not in far.alt
    away = error_surface(LINEAR, x, d, *weights, eta=[0.01, 1e60], steps=9, n=5)
    assert "and then no finite number" in away.alt
    assert "after 9 steps of η = 0.01" in away.alt
    assert all(np.isfinite(path_of(axes)).all() for axes in away.figure.axes)
    assert abs(path_of(away.figure.axes[1])).max() < 1e3


def test_a_flat_error_is_said_to_be_flat():
    x, d = np.array([[1.0, 1.0]]), np.array([[1.0]])
    picture = error_surface(DEAD, x, d, (1, 1, 1), (1, 1, 2), window=(-2, -1, -2, -1), n=5)
    assert "E is 0.5 everywhere" in picture.alt
    assert r"$\mathcal{E}$ = 0.5 everywhere" in texts(picture)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"second": (2, 1, 1)}, "are the same"),
        ({"second": (2, 3, 1)}, "receiver b is 3"),
        ({"eta": 0}, "above 0"),
        ({"eta": []}, "at least one eta"),
        ({"steps": -1}, "steps ≥ 0"),
        ({"window": (1, 0, 0, 1)}, "expected"),
        ({"window": (0, np.inf, 0, 1)}, "expected"),
        ({"d": D[:2]}, "one d for each x"),
    ],
)
def test_a_surface_that_makes_no_sense_is_refused(arguments, message):
    arguments = {"d": D, "first": (2, 1, 1), "second": (2, 1, 2), **arguments}
    with pytest.raises(ValueError, match=message):
        error_surface(NETWORK, X, **arguments)


# --- curves -----------------------------------------------------------------------------------


def test_curves_are_the_errors_with_different_lines_and_labels_at_their_ends():
    errors = {f"η = {eta}": NETWORK.train(X, D, eta, 20)[1] for eta in (0.1, 1.0, 5.0)}
    axes = axes_of(error_curve(errors))
    assert len(axes.lines) == 3
    for line, (name, values) in zip(axes.lines, errors.items(), strict=True):
        assert line.get_ydata() == pytest.approx(values)
        label = next(text for text in axes.texts if text.get_text() == name)
        assert label.xy == pytest.approx((20, values[-1]))
        assert label.arrow_patch.get_edgecolor()[:3] == pytest.approx(to_rgb(line.get_color()))
    patterns = {str(line._unscaled_dash_pattern) for line in axes.lines}
    assert len(patterns) == len({line.get_color() for line in axes.lines}) == 3


def test_the_words_of_a_curve_say_where_it_was_lowest():
    picture = error_curve({"a": [4.0, 1.0, 2.5], "b": [3.0, 2.0]})
    assert picture.alt == (
        "E against the steps of training; a: from 4 to 2.5 in 2 steps (lowest 1 at step 1); "
        "b: from 3 to 2 in 1 steps."
    )
    assert error_curve([2.0, 1.0], log=True).alt.startswith("E (logarithmic) against")
    assert axes_of(error_curve([2.0, 1.0], log=True)).get_yscale() == "log"


@pytest.mark.parametrize(
    ("errors", "log", "message"),
    [
        ([1.0, np.nan], False, "must be finite"),
        ({"a": [1.0, np.inf, 2.0]}, False, r"errors\['a'\]\[1\] is inf"),
        ([1.0, -1.0], False, "never below 0"),
        ([1.0, 0.0], True, "logarithmic axis needs E > 0"),
        ([], False, "one number a step"),
        ([[1.0]], False, "one number a step"),
        ({}, False, "1 to 5 curves"),
    ],
)
def test_errors_that_make_no_sense_are_refused(errors, log, message):
    with pytest.raises(ValueError, match=message):
        error_curve(np.array(errors, dtype=float) if errors == [] else errors, log=log)


def test_labels_are_spread_no_farther_than_needed():
    assert spread([1.0, 3.0], 0.5, 0, 4) == [1.0, 3.0]
    assert spread([1.0, 1.0, 3.0], 0.5, 0, 4) == pytest.approx([1.0, 1.5, 3.0])
    assert spread([3.9, 4.0], 0.5, 0, 4) == pytest.approx([3.5, 4.0])
    assert spread([], 0.5, 0, 4) == []


def test_activations_and_their_slopes_side_by_side():
    picture = activation_curves(["logistic", "relu"], widest=3.0)
    left, right = picture.figure.axes
    v = left.lines[0].get_xdata()
    assert left.lines[0].get_ydata() == pytest.approx(1 / (1 + np.exp(-v)))
    y = left.lines[0].get_ydata()
    assert right.lines[0].get_ydata() == pytest.approx(y * (1 - y))
    slope = right.lines[1].get_ydata()
    assert np.isnan(slope).sum() == 1  # a gap, not a steep line, at the kink
    assert set(slope[~np.isnan(slope)]) == {0.0, 1.0}
    patterns = [str(line._unscaled_dash_pattern) for line in left.lines[:2]]
    assert patterns[0] != patterns[1]
    assert [text.get_text() for text in picture.figure.legends[0].texts] == ["logistic", "relu"]
    assert "relu: φ from 0 to 3, φ′ = 0, 0, 1 at v = −3, 0, 3." in picture.alt


@pytest.mark.parametrize(
    ("names", "widest", "message"),
    [("step", 4.0, "unknown activation"), ([], 4.0, "1 to 5"), ("tanh", 0.0, "above 0")],
)
def test_activations_that_make_no_sense_are_refused(names, widest, message):
    with pytest.raises(ValueError, match=message):
        activation_curves(names, widest=widest)


# --- a nudged weight --------------------------------------------------------------------------


@pytest.mark.parametrize(("weight", "size"), [((2, 1, 3), 0.1), ((1, 2, 1), -0.4)])
def test_bars_are_the_changes_and_marks_the_derivative(weight, size):
    layer, b, a = weight
    picture = wiggle(NETWORK, X[:1], D[:1], weight, size)
    W = [w.copy() for w in NETWORK.W[1:]]
    W[layer - 1][b - 1, a - 1] += size
    after = Network(W)
    change = after.error(X[:1], D[:1]) - NETWORK.error(X[:1], D[:1])
    slope = NETWORK.backward(X[:1], D[:1]).W[layer][b - 1, a - 1]
    bars = [patch for patch in axes_of(picture).patches if isinstance(patch, Rectangle)]
    marks = [line for line in axes_of(picture).lines if line.get_linewidth() == 2]
    assert len(bars) == len(marks) == (4 if layer == 2 else 2 + 3 * 2 + 1)
    assert bars[-1].get_width() == pytest.approx(change)
    assert marks[-1].get_xdata()[0] == pytest.approx(slope * size)
    v, y = after.forward(X[:1]).v[layer], after.forward(X[:1]).y[layer]
    before = NETWORK.forward(X[:1])
    assert bars[0].get_width() == pytest.approx((v - before.v[layer])[0, b - 1])
    assert bars[1].get_width() == pytest.approx((y - before.y[layer])[0, b - 1])
    assert f"E by {number(change)}. The derivative predicts {number(slope * size)} for E." in (
        picture.alt
    )


def test_a_bias_can_be_nudged_and_a_dead_neuron_stays():
    assert "v_j,2 by −0.3," in wiggle(BIASED, X[:1], D[:1, :1], (1, 2, 0), -0.3).alt
    dead = wiggle(DEAD, np.array([[1.0, 1.0]]), np.array([[1.0]]), (1, 1, 1), 0.1)
    assert "v_j,1 by 0.1, y_j,1 by 0, v_k,1 by 0, y_k,1 by 0, e_k,1 by 0, E by 0." in dead.alt


def test_only_the_neurons_that_change_most_are_shown():
    wide = Network.random((2, 2, 5), seed=1)
    x, d = X[:1], RNG.uniform(size=(1, 5))
    picture = wiggle(wide, x, d, (1, 1, 1), 0.5)
    most = np.argsort(-abs(wide.W[2][:, 0]))[:3] + 1
    assert sorted(most) == [n for n in range(1, 6) if f"v_k,{n} by" in picture.alt]
    assert "the 3 neurons that change most" in picture.alt


@pytest.mark.parametrize(
    ("x", "d", "weight", "size", "message"),
    [
        (X, D, (1, 1, 1), 0.1, "one example"),
        (X[:1], D[:1], (1, 1, 3), 0.1, "sender a is 3"),
        (X[:1], D[:1], (1, 1, 1), 0.0, "other than 0"),
        (X[:1], D[:1], (1, 1, 1), np.nan, "finite"),
    ],
)
def test_a_nudge_that_makes_no_sense_is_refused(x, d, weight, size, message):
    with pytest.raises(ValueError, match=message):
        wiggle(NETWORK, x, d, weight, size)


def test_a_picture_shows_itself_as_its_words():
    figure = matplotlib.figure.Figure(figsize=(1, 1))
    assert str(Picture(figure, "One dot.")) == "One dot."


def test_training_that_diverged_is_told():
    """An infinite last E is no point of the curve; the label and the alt text say it."""
    picture = error_curve({"η = 9": [1.0, 4.0, np.inf], "η = 1": [1.0, 0.5, 0.2]})
    assert picture.alt == (
        "E against the steps of training; η = 9 → ∞: from 1 to 4 in 1 steps; "
        "η = 1: from 1 to 0.2 in 2 steps."
    )
    with pytest.raises(ValueError, match="every number must be finite"):
        error_curve([1.0, np.inf, 2.0])


def test_a_map_without_steps_names_no_eta():
    picture = error_surface(NETWORK, X, D, (2, 1, 1), (2, 1, 2), steps=0, eta=0.5)
    assert picture.figure.axes[0].get_title() == ""


# --- δ by layer -------------------------------------------------------------------------------


def test_points_are_the_mean_sizes_of_delta_from_the_output_back(drawn):
    line = axes_of(drawn["delta by layer"]).lines[0]
    delta = DEEP["logistic"].backward(np.ones((2, 4)), np.zeros((2, 4))).delta
    assert np.allclose(line.get_ydata(), [abs(delta[l]).mean() for l in (5, 4, 3, 2, 1)])
    assert "logistic: from" in drawn["delta by layer"].alt


@pytest.mark.parametrize(
    ("networks", "message"),
    [
        ({}, "1 to 5 networks, not 0"),
        ({"a": DEEP["tanh"], "b": Network.random((4, 4), seed=1)}, "same number of layers"),
        ({"dead": Network([np.zeros((4, 4))] * 2, "relu")}, "dead: all δ of a layer are zero"),
    ],
)
def test_layers_that_make_no_sense_are_refused(networks, message):
    with pytest.raises(ValueError, match=message):
        delta_by_layer(networks, np.ones((1, 4)), np.ones((1, 4)))


# --- checking ---------------------------------------------------------------------------------


def test_a_v_curve_is_the_errors_with_lines_and_markers_that_differ(drawn):
    errors = step_errors(NETWORK, X, D, STEPS)
    axes = axes_of(drawn["v-curve"])
    assert axes.get_xscale() == axes.get_yscale() == "log"
    for line, (name, values) in zip(axes.lines, errors.items(), strict=True):
        assert line.get_label() == name
        assert line.get_xdata() == pytest.approx(STEPS)
        assert line.get_ydata() == pytest.approx(np.maximum(values, 1e-16), rel=1e-12)
    for look in ("get_marker", "get_color", "_unscaled_dash_pattern"):
        found = [getattr(line, look) for line in axes.lines]
        assert len({str(one() if callable(one) else one) for one in found}) == len(METHODS)
    labels = [text.get_text() for text in drawn["v-curve"].figure.legends[0].texts]
    assert labels == list(METHODS)


def test_the_words_of_a_v_curve_are_the_same_on_every_machine(drawn):
    """The left side is rounding: its shape is told, which small changes do not move."""
    alt = drawn["v-curve"].alt
    assert alt == (
        "Relative error against the step h, from 1e−16 to 1e0, both logarithmic. Read from large "
        "steps to small ones: forward difference falls, is lowest near 1e−8 (to a factor of 30), "
        "and rises again; central difference falls, is lowest near 1e−5 (to a factor of 30), and "
        "rises again; complex step falls and stays at the bottom, for all the smaller steps."
    )
    rng = np.random.default_rng(1)
    for _ in range(20):
        errors = step_errors(NETWORK, X, D, STEPS)
        errors = {k: a * rng.uniform(0.3, 3, a.shape) for k, a in errors.items()}
        assert v_curve(STEPS, errors).alt == alt


@pytest.mark.parametrize(
    ("steps", "errors", "message"),
    [
        ([], {"a": []}, "numbers above 0"),
        ([0.1, 0.0], {"a": [1.0, 1.0]}, "numbers above 0"),
        ([0.1], {}, "1 to 5 curves"),
        ([0.1], {"a": [1.0, 1.0]}, "one error, not below 0, for each step"),
        ([0.1], {"a": [-1.0]}, "one error, not below 0, for each step"),
        ([0.1], {"a": [np.nan]}, "every number must be finite"),
    ],
)
def test_a_v_curve_that_makes_no_sense_is_refused(steps, errors, message):
    with pytest.raises(ValueError, match=message):
        v_curve(np.array(steps, dtype=float), {k: np.array(a) * 1.0 for k, a in errors.items()})


def test_a_map_of_what_is_seen_shows_each_cell_by_shade_and_by_cross(drawn):
    axes = axes_of(drawn["seen"])
    cells = [patch for patch in axes.patches if patch.get_gid() in ("seen", "hidden")]
    cells = sorted(cells, key=lambda cell: (-round(cell.get_y(), 3), cell.get_x()))
    assert [cell.get_gid() == "seen" for cell in cells] == MAP.ravel().tolist()
    crosses = [line.get_xydata()[0] for line in axes.lines]
    assert len(crosses) == (~MAP).sum() + 1, "one in the legend"
    for cell in cells:
        inside = [cell.get_window_extent().contains(*axes.transData.transform(c)) for c in crosses]
        assert any(inside) == (cell.get_gid() == "hidden")
    lightness = {cell.get_gid(): lab(to_hex(cell.get_facecolor()))[0] for cell in cells}
    assert lightness["seen"] - lightness["hidden"] > 50
    assert {"hidden", "seen", *CHECKS, "W for Wᵀ", "φ′ missing"} == set(texts(drawn["seen"]))
    assert drawn["seen"].alt == (
        "Table of 2 mistakes (rows) and 3 sets of data (columns): which mistakes stay hidden. "
        "Number of those hidden by one example: 1; zero: 2; 3-4-2: 0."
    )


@pytest.mark.parametrize(("seen", "rows"), [(MAP, ["a"]), (np.zeros((0, 3)), [])])
def test_a_map_of_what_is_seen_that_makes_no_sense_is_refused(seen, rows):
    with pytest.raises(ValueError, match="names for a table of"):
        seen_map(seen, rows, CHECKS)


# --- digits -----------------------------------------------------------------------------------


def pictured(picture) -> list[np.ndarray]:
    """The arrays shown, panel by panel."""
    return [axes.images[0].get_array() for axes in picture.figure.axes if axes.images]


def test_digits_are_drawn_as_they_are_with_the_largest_number_black(drawn):
    pixels, digit = some_digits(23)
    shown = pictured(drawn["digits"])
    assert np.array_equal(np.reshape(shown, (23, 64)), pixels)
    captions = [axes.get_xlabel() for axes in drawn["digits"].figure.axes]
    assert captions == [str(one) for one in digit]
    image = drawn["digits"].figure.axes[0].images[0]
    assert image.norm(0) == 0 and image.norm(16) == 1
    assert to_hex(image.cmap(0.0)) == "#ffffff" and to_hex(image.cmap(1.0)) == "#000000"
    assert drawn["digits"].alt.startswith(
        "Images of 8 × 8 pixels, 23 of them, with the captions 0; 1;"
    )


def test_weights_are_drawn_where_their_pixel_is_without_the_bias(drawn):
    shown = pictured(drawn["weights"])
    assert np.array_equal(np.reshape(shown, (12, 64)), SEEING.W[1][:, 1:])
    images = [axes.images[0] for axes in drawn["weights"].figure.axes if axes.images]
    assert {image.norm.vmax for image in images} == {abs(SEEING.W[1][:, 1:]).max()}
    assert all(image.norm(0.0) == 0.5 for image in images)
    most = number(abs(SEEING.W[1][:, 1:]).max())
    assert {"0", most, "−" + most} <= set(texts(drawn["weights"]))


@pytest.mark.parametrize("seen", SEEN)
def test_the_sign_of_a_weight_is_seen_by_lightness_alone(seen):
    lightness = [lab(to_hex(WEIGHTS(share)), seen)[0] for share in np.linspace(0, 1, 21)]
    assert min(np.diff(lightness)) > 0
    assert lightness[-1] - lightness[10] > 25 and lightness[10] - lightness[0] > 25


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: digit_images(np.ones((2, 64)), ["a"]), "2 images need as many captions, not 1"),
        (lambda: digit_images(np.ones((1, 63)), ["a"]), "63 numbers a row make no square"),
        (lambda: digit_images(np.ones((0, 64)), []), "at least one"),
        (lambda: digit_images(np.ones(64), ["a"]), "one image a row"),
        (lambda: digit_images(-np.ones((1, 64)), ["a"]), "white is 0"),
        (lambda: digit_images(np.full((1, 64), np.nan), ["a"]), "finite"),
        (lambda: digit_images(np.ones((1, 64)), ["a"], columns=0), "columns"),
        (lambda: weight_images(NETWORK), "2 numbers a row make no square"),
        (lambda: weight_images(SEEING, layer=3), "no weights into layer 3"),
    ],
)
def test_images_that_make_no_sense_are_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def test_a_confusion_is_counted_in_its_row_and_column(drawn):
    axes = axes_of(drawn["confusion"])
    cells = {}
    for patch in axes.patches:
        inside = [t for t in axes.texts if patch.get_bbox().contains(*t.get_position())]
        first = axes.patches[0]
        row = round((first.get_y() - patch.get_y()) / first.get_height())
        column = round((patch.get_x() - first.get_x()) / first.get_width())
        cells[row, column] = (inside, to_hex(patch.get_facecolor()))
    counts = {place: int(t[0].get_text()) for place, (t, _) in cells.items() if t}
    assert counts == {(0, 0): 2, (1, 1): 1, (2, 1): 2, (2, 2): 1, (3, 0): 1, (3, 3): 1}
    bold = {place for place, (t, _) in cells.items() if t and t[0].get_weight() == "bold"}
    assert bold == {(2, 1), (3, 0)}
    right, wrong = cells[0, 0][1], cells[2, 1][1]
    assert right != wrong != cells[0, 1][1] == MIST.lower()
    assert lab(wrong)[0] < lab(right)[0] - 10, "darker, so that a grey print tells them apart"
    assert drawn["confusion"].alt == (
        "Map of written against answered: 5 of 8 are right, 3 wrong; most often "
        "2 written, 1 answered: 2; 3 written, 0 answered: 1."
    )


def test_nothing_confused():
    picture = confusion_map([1, 0], [1, 0], 2)
    assert picture.alt == "Map of written against answered: 2 of 2 are right, 0 wrong."
    assert sorted(texts(picture)) == sorted(["0", "1", "0", "1", "1", "1", "written", "answered"])


@pytest.mark.parametrize(
    ("meant", "answered"),
    [([0, 1], [0]), ([], []), ([0, 4], [0, 0]), ([0], [-1]), ([0.5], [0])],
)
def test_a_confusion_that_makes_no_sense_is_refused(meant, answered):
    with pytest.raises(ValueError, match="expected"):
        confusion_map(meant, answered, 4)


def test_the_plane_shows_the_output_everywhere_and_the_examples(drawn):
    axes = axes_of(drawn["plane"])
    grid = axes.images[0].get_array()
    line = np.linspace(-0.5, 1.5, len(grid))
    for row, column in ((0, 0), (17, 80), (120, 120)):
        y = SOLVED.forward(np.array([[line[column], line[row]]])).y[-1][0, 0]
        assert grid[row, column] == pytest.approx(y)
    dots = {dot.get_markerfacecolor(): dot.get_xydata().tolist() for dot in axes.lines}
    assert dots["white"] == [[0, 0], [1, 1]] and len(dots) == 2
    assert [axes.get_title() for axes in drawn["plane"].figure.axes] == ["solved", "at random"]
    answers = ", ".join(f"{y:.2f}" for y in SOLVED.forward(CORNERS).y[-1][:, 0])
    assert f"wanted are 0, 1, 1, 0; answered are, solved: {answers}; " in drawn["plane"].alt


def lines_in(axes, width: float) -> list[np.ndarray]:
    """The points of the contours of that width."""
    found = [one for one in axes.collections if one.get_linewidth()[0] == width]
    return [np.concatenate([path.vertices for path in one.get_paths()]) for one in found]


def test_lines_are_where_a_field_is_zero_and_where_the_output_is_half(drawn):
    axes = axes_of(drawn["plane"])
    fields = lines_in(axes, 2)
    assert len(fields) == 2
    for a, points in enumerate(fields):
        assert abs(SOLVED.forward(points).v[1][:, a]).max() < 1e-9
    (half,) = lines_in(axes, 3.5)
    assert abs(SOLVED.forward(half).y[-1] - 0.5).max() < 0.02
    said = [text.get_text() for text in drawn["plane"].figure.legends[0].texts]
    assert said == ["wants 1", "wants 0", "output is ½", "a hidden field is 0"]


def test_an_output_that_is_flat_crosses_nothing():
    """Up to rounding the output is one half everywhere: no line is drawn through the noise."""
    flat = Network([[[1e-16, 1e-16, -2e-16]]], bias=True)
    picture = answer_plane({"flat": flat}, CORNERS, XOR)
    assert len(axes_of(picture).collections) == 0
    assert "a hidden field is 0" not in texts(picture)


@pytest.mark.parametrize(
    ("networks", "arguments", "message"),
    [
        ({}, {}, "1 to 3 networks"),
        (dict.fromkeys("abcd", SOLVED), {}, "1 to 3 networks"),
        ({"a": NETWORK}, {}, "two inputs and one output"),
        ({"a": SOLVED}, {"d": XOR[:2]}, "one d for each x"),
        ({"a": SOLVED}, {"low": 2.0}, "low < high"),
    ],
)
def test_a_plane_that_makes_no_sense_is_refused(networks, arguments, message):
    with pytest.raises(ValueError, match=message):
        answer_plane(networks, **{"x": CORNERS, "d": XOR, **arguments})


def test_curves_may_count_epochs_and_be_a_mean(drawn):
    assert drawn["curves, epochs"].alt == (
        "E per image (logarithmic) against the epochs of training; training: from 1.2 to 0.01 in "
        "2 epochs; held out: from 1.2 to 0.02 in 2 epochs."
    )
    assert "$\\mathcal{E}$\nper\nimage" in texts(drawn["curves, epochs"])
    assert "(lowest 1 at epoch 1)" in error_curve([3.0, 1.0, 2.0], xlabel="epochs").alt
