r"""Which declared name is which quantity of `bpderiv.network`: found by structure, not by letters.

A text may call its quantities what it likes. Here the *skeleton* of its definitions (what each
one mentions, of which layers, and whether it is pinned to the output; not the arithmetic) is
compared with the skeleton of the notes' own, whose names are tied to the code once, in `NOTES`. A
renaming that makes the two equal says what each name of the text is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, lru_cache, singledispatch
from itertools import permutations, product

from bpderiv import expression as ex
from bpderiv.document.notes import notes_declarations
from bpderiv.meaning.declarations import Declarations, Definition, Place

Key = tuple[str, int]


class Role(Enum):
    """What a name stands for in `bpderiv.network`, in words."""

    FIELD = "field"
    SIGNAL = "signal"
    WEIGHT = "weight"
    FUNCTION = "activation function"
    DESIRED = "desired response"
    ERROR_SIGNAL = "error signal"
    SHARE = "share of the error"
    ERROR = "error"
    LOCAL_GRADIENT = "local gradient"
    CHANGE = "change of a weight"
    NEXT_WEIGHT = "weight after the step"
    STEP_SIZE = "step size"


#: The names of the notes' declarations. These are all the letters that this judge knows.
NOTES: dict[Key, Role] = {
    ("v", 1): Role.FIELD,
    ("y", 1): Role.SIGNAL,
    ("w", 2): Role.WEIGHT,
    (r"\varphi", 1): Role.FUNCTION,
    ("d", 1): Role.DESIRED,
    ("e", 1): Role.ERROR_SIGNAL,
    (r"\mathcal{E}", 1): Role.SHARE,
    (r"\mathcal{E}", 0): Role.ERROR,
    (r"\delta", 1): Role.LOCAL_GRADIENT,
    (r"\Delta w", 2): Role.CHANGE,
    ("w(n+1)", 2): Role.NEXT_WEIGHT,
    (r"\eta", 0): Role.STEP_SIZE,
}

#: What `bpderiv.network.forward` calls the quantities that it can hold.
HELD = {Role.FIELD: "v", Role.SIGNAL: "y"}


class NotTheNetwork(Exception):
    """The definitions are not those of `bpderiv.network`, whatever the names."""

    def __init__(self):
        """Says so."""
        super().__init__("these definitions are not those of bpderiv.network")


@dataclass(frozen=True)
class Text:
    """What a document declares, to be compared by what it says.

    `names` are keys, each with its kind and the places where it exists.
    """

    names: tuple[tuple[Key, str, tuple[Place, ...]], ...]
    definitions: tuple[Definition, ...]
    declarations: Declarations = field(compare=False, repr=False)

    @property
    def defined(self) -> set[Key]:
        """The names that have a definition, anywhere."""
        return {target_of(definition) for definition in self.definitions}


def text_of(declarations: Declarations) -> Text:
    """The document's names and definitions as they are now."""
    names = tuple((key, q.kind, tuple(q.places)) for key, q in declarations.quantities.items())
    return Text(names, tuple(declarations.definitions), declarations)


def target_of(definition: Definition) -> Key:
    """The name that is defined."""
    return definition.target.name, len(definition.target.layers)


def roles(declarations: Declarations) -> dict[Key, Role]:
    """The role of every declared name.

    Either every definition of the text has the skeleton of its counterpart; or the text has all
    names of the notes, and all definitions but one have it (then that one will be found to
    disagree, instead of nothing being compared).

    Errors
    ------
    NotTheNetwork
        if there is no such renaming, or more than one.
    """
    return _roles(text_of(declarations))


@lru_cache(maxsize=64)
def _roles(text: Text) -> dict[Key, Role]:
    mentioned = [(target_of(definition), mentions(definition)) for definition in text.definitions]
    found = [(_distance(mentioned, renaming), renaming) for renaming in _renamings(text)]
    least = min((distance for distance, _ in found), default=None)
    best = [renaming for distance, renaming in found if distance == least]
    if len(best) != 1:
        raise NotTheNetwork
    odd = least[0]
    if odd > (1 if len(text.names) == len(NOTES) else 0):
        raise NotTheNetwork
    return best[0]


def _renamings(text: Text) -> Iterator[dict[Key, Role]]:
    """All ways to give different roles to the names, kinds and being defined kept."""
    own, notes = _groups(text), _groups(_notes())
    choices = [permutations(notes.get(sort, ()), len(keys)) for sort, keys in own.items()]
    for chosen in product(*choices):
        pairs = zip(own.values(), chosen, strict=True)
        yield {
            key: NOTES[theirs]
            for keys, others in pairs
            for key, theirs in zip(keys, others, strict=True)
        }


def _groups(text: Text) -> dict[tuple, list[Key]]:
    """Names of one sort: (kind, number of layers, whether defined) → names."""
    groups: dict[tuple, list[Key]] = {}
    for key, kind, _ in text.names:
        groups.setdefault((kind, key[1], key in text.defined), []).append(key)
    return groups


@cache
def _notes() -> Text:
    return text_of(notes_declarations())


@cache
def _notes_skeletons() -> dict[Role, frozenset]:
    return {NOTES[target_of(d)]: skeleton(mentions(d), NOTES) for d in _notes().definitions}


def _distance(mentioned: list[tuple[Key, frozenset]], renaming: dict[Key, Role]) -> tuple[int, int]:
    """How many definitions have another skeleton than their counterpart; and by how much."""
    apart = [
        len(skeleton(found, renaming) ^ _notes_skeletons()[renaming[target]])
        for target, found in mentioned
    ]
    return sum(map(bool, apart)), sum(apart)


def skeleton(mentioned: frozenset, names: dict[Key, Role]) -> frozenset:
    """What a definition mentions, with roles for names."""
    return frozenset(
        (names.get(what), of) if isinstance(what, tuple) else (what, of) for what, of in mentioned
    )


def mentions(definition: Definition) -> frozenset:
    """(what, of which layers) in a definition: names, and layers counted from its target's."""
    layers, target = definition.layers, definition.target
    origin = layers.index(target.layers[0]) if target.layers else len(layers) - 1

    def steps(letters):
        return tuple(layers.index(letter) - origin for letter in letters)

    mentioned = {("pinned to the output", definition.output)}
    for node in ex.walk(definition.body):
        mentioned |= {(what, steps(of)) for what, of in _mentions(node)}
    return frozenset(mentioned)


@singledispatch
def _mentions(node: ex.Expression) -> list[tuple]:
    """(what, of which layers) that this node itself mentions; arithmetic mentions nothing."""
    return []


@_mentions.register(ex.Entry)
@_mentions.register(ex.Whole)
def _(node):
    return [((node.name, len(node.layers)), node.layers)]


@_mentions.register
def _(node: ex.Apply):
    return [((node.name, 1), (node.layer,))]


@_mentions.register
def _(node: ex.Sum):
    return [("sum", (node.layer,))]


@_mentions.register
def _(node: ex.Derivative):
    return [("derivative", ())]
