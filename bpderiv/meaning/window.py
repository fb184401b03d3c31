"""Where a statement lives: successive layers, the letters of their sizes and neurons.

In the long form `**Layers** i → j → k; sizes p, z, m; neurons c, a, b; k output` a letter is a
layer. In the short form `**Short form**, layers i → j → k, k output` a letter is one neuron, and
its layer is known by the letter. Unless the last layer is the output, a window fits in many
places: at every depth of every network.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bpderiv.reading.errors import ReadError

LONG = re.compile(r"\*\*Layers\*\*(.*)")
SHORT = re.compile(r"\*\*Short form\*\*,?\s*layers(.*)")
#: Statements are tried in networks that are a little deeper than their window.
MOST_LAYERS = 6
EXPECTED = (
    "write for example: **Layers** i → j → k; sizes p, z, m; neurons c, a, b; k output",
    "write for example: **Short form**, layers i → j → k, k output",
)


@dataclass(frozen=True)
class Window:
    """Successive layers, from the input side; `output` if the last one is the network's output.

    `sizes` and `neurons` are letters, one for each layer, or empty.
    """

    layers: tuple[str, ...]
    sizes: tuple[str, ...] = ()
    neurons: tuple[str, ...] = ()
    output: bool = False
    short: bool = False

    def place(self, layer: str) -> int:
        """How many layers of the window come before it."""
        return self.layers.index(layer)

    def step(self, layer: str, steps: int) -> str | None:
        """The layer so many steps further on; None beyond the window."""
        place = self.place(layer) + steps
        return self.layers[place] if 0 <= place < len(self.layers) else None

    def layer_of_size(self, letter: str) -> str | None:
        """The layer that has this many neurons."""
        return self.layers[self.sizes.index(letter)] if letter in self.sizes else None

    def layer_of_neuron(self, letter: str) -> str | None:
        """The layer that a neuron's letter belongs to (in the short form, the letter itself)."""
        if self.short and letter in self.layers:
            return letter
        return self.layers[self.neurons.index(letter)] if letter in self.neurons else None

    def size_letter(self, layer: str) -> str:
        """How to write a layer's size."""
        return self.sizes[self.place(layer)] if self.sizes else f"|{layer}|"

    def as_short(self) -> Window:
        """The same layers, read in the short form."""
        return Window(self.layers, (), (), self.output, short=True)

    def as_output(self) -> Window:
        """The same layers, the last one the output layer."""
        return replace(self, output=True)

    def with_layer_before(self) -> Window:
        """The same layers, and one more before them that nothing names."""
        sizes, neurons = (("◦", *x) if x else () for x in (self.sizes, self.neurons))
        return replace(self, layers=("◦", *self.layers), sizes=sizes, neurons=neurons)

    def __str__(self) -> str:
        """As a text declares it."""
        arrows = " → ".join(self.layers)
        last = f"{self.layers[-1]} output"
        if self.short:
            return f"**Short form**, layers {arrows}" + (f", {last}" if self.output else "")
        sizes = f"; sizes {', '.join(self.sizes)}" if self.sizes else ""
        neurons = f"; neurons {', '.join(self.neurons)}" if self.neurons else ""
        return f"**Layers** {arrows}{sizes}{neurons}" + (f"; {last}" if self.output else "")


def read_window(line: str) -> Window | None:
    """The window that a line of a document declares; None if it declares none.

    Errors
    ------
    ReadError
        for a line that begins like one and does not go on like one.
    """
    line = line.strip().lstrip("-* ") if not line.lstrip().startswith("**") else line.strip()
    if match := LONG.match(line):
        arrows, *parts = (part.strip() for part in match[1].rstrip(" .").split(";"))
        return _not_too_long(_checked(line, arrows, parts, short=False), line)
    if match := SHORT.match(line):
        arrows, *parts = (part.strip() for part in match[1].rstrip(" .").split(","))
        return _not_too_long(_checked(line, arrows, parts, short=True), line)
    return None


def _not_too_long(window: Window, line: str) -> Window:
    if len(window.layers) > MOST_LAYERS:
        raise ReadError("this window fits in none of the networks that are tried: it has more than "
                        f"{MOST_LAYERS} layers", line)  # fmt: skip
    return window


def make_window(layers: str, output: str | None = None, sizes: str = "", neurons: str = "",
                short: bool = False) -> Window:  # fmt: skip
    """A window from plain words: make_window("i j k", output="k", short=True)."""
    parts = [f"{word} {letters}" for word, letters in (("sizes", sizes), ("neurons", neurons))
             if letters]  # fmt: skip
    return _checked(layers, layers, [*parts, *([f"{output} output"] if output else [])], short)


def _checked(line: str, arrows: str, parts: list[str], short: bool) -> Window:
    layers = _letters(arrows)
    if len(layers) < 2 or len(set(layers)) < len(layers) or not all(map(_is_letter, layers)):
        raise ReadError(
            f"a window needs two or more different letters for layers; {EXPECTED[short]}", line
        )
    found = {"sizes": (), "neurons": ()}
    output = False
    for part in parts:
        word, _, rest = part.partition(" ")
        if word in found and not found[word]:
            found[word] = _letters(rest)
            if len(set(found[word])) != len(layers) or not all(map(_is_letter, found[word])):
                raise ReadError(f"{word}: one letter for each of {' → '.join(layers)}", line,
                                max(0, line.find(part)))  # fmt: skip
        elif part == f"{layers[-1]} output" and not output:
            output = True
        elif re.fullmatch(r"\w output", part):
            raise ReadError(
                f"only the last layer of a window, {layers[-1]}, can be the output", line,
                max(0, line.find(part)),
            )  # fmt: skip
        else:
            raise ReadError(
                f"cannot read {part!r} here; {EXPECTED[short]}", line, max(0, line.find(part))
            )
    taken = [*layers, *found["sizes"], *found["neurons"]]
    if twice := sorted({x for x in taken if taken.count(x) > 1}):
        raise ReadError(f"{', '.join(twice)} stands for two things in one window", line)
    return Window(layers, found["sizes"], found["neurons"], output, short)


def _letters(text: str) -> tuple[str, ...]:
    return tuple(re.sub(r"→|->|\\to|,|\$", " ", text).split())


def _is_letter(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z]|\\[A-Za-z]+", text))
