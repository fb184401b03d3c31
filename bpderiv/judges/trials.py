r"""A random network seen through a document: the values of everything that it declares.

What goes in, and signals and fields, come from `bpderiv.network`'s forward pass. The rest is
computed as the document defines it; or, to compare the two, as `bpderiv.network` does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpderiv import network
from bpderiv.document.notes import notes_declarations
from bpderiv.judges.arrays import Evaluation, Missing, Nested
from bpderiv.judges.moved import STEP, Sample, Where, each_moved
from bpderiv.judges.roles import NOTES, Key, Role
from bpderiv.meaning.declarations import Declarations, Definition, base_of


class Trial:
    """A random network seen through a document's declarations.

    `by_network`: what the document defines is taken from `bpderiv.network` instead, so that its
    definitions can be compared with that one by one.
    """

    def __init__(
        self,
        sample: Sample,
        declarations: Declarations,
        roles: dict[Key, Role],
        by_network: bool = False,
    ):
        """Nothing computed yet."""
        self.sample, self.declarations, self.roles = sample, declarations, roles
        self.sizes, self.last = sample.sizes, sample.last
        self.names = {role: name for (name, _), role in roles.items()}
        self.by_network = by_network
        self._states: dict[Where | None, State] = {}

    def state(self, moved: Where | None = None) -> State:
        """All values as they are, or with the entries of one quantity moved in turn."""
        if moved not in self._states:
            self._states[moved] = State(self, moved)
        return self._states[moved]

    def in_text(self, role: Role, layers: tuple[int, ...]) -> str:
        """How a quantity stands in the document: "missing", "given" or "defined"."""
        return _stands(self.declarations, self.names[role], layers, self.last)

    def in_notes(self, role: Role, layers: tuple[int, ...]) -> str:
        """The same in the notes, whose network is that of `bpderiv.network`."""
        name = next(name for (name, _), other in NOTES.items() if other is role)
        return _stands(notes_declarations(), name, layers, self.last)


def _stands(declarations: Declarations, name: str, layers: tuple[int, ...], last: int) -> str:
    if not declarations.exists(name, layers, last):
        return "missing"
    return "defined" if declarations.definition(name, layers, last) else "given"


class State:
    """The values of every quantity. Entries lie along the axes after the first."""

    def __init__(self, trial: Trial, moved: Where | None):
        """Run the network forward."""
        self.trial, self.moved = trial, moved
        self.run = trial.sample.run(moved)
        self._values: dict[Where, np.ndarray] = {}

    def value(self, role: Role, layers: tuple[int, ...]) -> np.ndarray:
        """A quantity's entries, for every entry moved."""
        given = self.run.get((role, layers))
        if given is not None:
            return given
        if (role, layers) not in self._values:
            self._values[role, layers] = self._made(role, layers)
        return self._values[role, layers]

    def _made(self, role: Role, layers: tuple[int, ...]) -> np.ndarray:
        if self.moved == (role, layers):  # cut here: held, and moved
            return each_moved(self.trial.state().value(role, layers))
        if self.trial.by_network:
            return self._by_network(role, layers)
        name = self.trial.names[role]
        definition = self.trial.declarations.definition(name, layers, self.trial.last)
        assert definition is not None, "definitions that do not fit the network were found before"
        try:
            return self.defined(definition, layers)
        except Nested:
            raise Nested(f"{name} is defined by a derivative and is differentiated") from None

    def _by_network(self, role: Role, layers: tuple[int, ...]) -> np.ndarray:
        if self.trial.in_notes(role, layers) == "missing":
            raise Missing(f"bpderiv.network has no {role.value} at layer {layers[0]}")
        return _BY_NETWORK[role](self, layers)

    def defined(self, definition: Definition, layers: tuple[int, ...]) -> np.ndarray:
        """What a definition gives: all entries of its target."""
        base = base_of(definition, layers, self.trial.last)
        places = {letter: base + i for i, letter in enumerate(definition.layers)}
        evaluation = Evaluation(self, places)
        sizes = [self.trial.sizes[layer] for layer in layers]
        for letter, size in zip(definition.target.indices, sizes, strict=True):
            evaluation = evaluation.along(letter, size)
        made = evaluation.value(definition.body)[..., 0, 0]
        return np.broadcast_to(made, (made.shape[0], *sizes))

    def slopes(self, role: Role, layers: tuple[int, ...], by: Where) -> np.ndarray:
        """How a quantity changes with another: the moved entries along the first axis."""
        return self.trial.state(by).value(role, layers).imag / STEP


def _error_signal(state: State, layers: tuple[int, ...]) -> np.ndarray:
    return state.value(Role.DESIRED, layers) - state.value(Role.SIGNAL, layers)


def _error(state: State, layers: tuple[int, ...]) -> np.ndarray:
    signals = state.value(Role.ERROR_SIGNAL, (state.trial.last,))
    return np.array([network.error(row) for row in signals])


def _share(state: State, layers: tuple[int, ...]) -> np.ndarray:
    signals = state.value(Role.ERROR_SIGNAL, layers)
    return np.array([[network.error(one) for one in row] for row in signals])


def _local_gradient(state: State, layers: tuple[int, ...]) -> np.ndarray:
    return -state.slopes(Role.ERROR, (), (Role.FIELD, layers))[np.newaxis]


def _next_weight(state: State, layers: tuple[int, ...]) -> np.ndarray:
    weights = state.value(Role.WEIGHT, layers)
    slopes = state.slopes(Role.ERROR, (), (Role.WEIGHT, layers)).reshape(weights.shape)
    step_size = state.value(Role.STEP_SIZE, ())
    return network.update([None, weights], [None, slopes], step_size)[1]


def _change(state: State, layers: tuple[int, ...]) -> np.ndarray:
    return state.value(Role.NEXT_WEIGHT, layers) - state.value(Role.WEIGHT, layers)


#: What `bpderiv.network` says a quantity is (signals and fields are in its forward pass already).
_BY_NETWORK: dict[Role, Callable[[State, tuple[int, ...]], np.ndarray]] = {
    Role.ERROR_SIGNAL: _error_signal,
    Role.ERROR: _error,
    Role.SHARE: _share,
    Role.LOCAL_GRADIENT: _local_gradient,
    Role.NEXT_WEIGHT: _next_weight,
    Role.CHANGE: _change,
}
