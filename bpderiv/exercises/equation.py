r"""An answer that is an expression: judged as the claim "left side = answer", by the judges.

The answer may be a chain of steps: then each is judged, and the first that does not follow is
spoken of. It may also be typed for a whole layer where one neuron was asked for, if the exercise
says so (`also`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from bpderiv import expression as ex
from bpderiv.document.notes import notes_declarations
from bpderiv.exercises import misfit, sentences
from bpderiv.exercises.exercise import Exercise
from bpderiv.exercises.feedback import Feedback, Outcome
from bpderiv.exercises.likely import Likely
from bpderiv.exercises.typed import Unfit, latex_of, plain_text
from bpderiv.judges import any_width, exact
from bpderiv.judges.counterexample import smallest
from bpderiv.meaning.claims import Claim, Link, links
from bpderiv.meaning.names import readable, with_layers
from bpderiv.meaning.resolve import Resolver
from bpderiv.meaning.window import Window, make_window
from bpderiv.reading.errors import ReadError
from bpderiv.reading.reader import read

#: A function without its argument, or a Σ without what it sums.
_ALONE = re.compile(r"^(\\varphi_\w'*|\\sum_(\{[^{}]*\}|\w)(\^\{\w\})?)$")
#: A number of the example in the place of a letter; ½ is none.
_NUMBER = re.compile(r"(?<![\d.])\d*\.(?!50*(?!\d))\d+")


@dataclass(frozen=True)
class Task:
    """What an answer must be equal to, in which window, and what it may be made of."""

    left: str
    window: Window
    letters: tuple[str, ...]
    solution: str
    without: tuple[str, ...] = ()
    may: str = ""

    @property
    def circular(self) -> frozenset:
        """What would be no answer: the left side itself; a derivative, if none may be used; and
        what the exercise wants to be written out (`without`).

        Everything else may stand in an answer, also what is not among the letters: if it is
        equal, it is right.
        """
        left = self.sides(self.left)[0]
        derivatives = any("∂" in _names(tree) for tree in self.trees)
        found = set() if derivatives else {"∂"}
        found |= {left} if isinstance(left, ex.Derivative) else _names(left)
        return frozenset(found.union(*(_names(self.sides(text)[0]) for text in self.without)))

    @property
    def trees(self) -> list[ex.Expression]:
        """The letters as trees; a function or a Σ that stands alone gets a number."""
        return [self.sides(_ALONE.sub(r"\g<0>(1)", text))[-1] for text in self.letters]

    @property
    def made_of(self) -> str:
        """What an answer may be made of, in words, with each formula as it is typed."""
        return self.may or ", ".join(f"${x}$ `{x}`" for x in self.letters)

    @property
    def lures(self) -> bool:
        """Whether some of the letters are not needed; `may` says itself what is needed."""
        if self.may:
            return False
        used = _names(self.sides(self.solution)[-1])
        return any(not _names(tree) <= used for tree in self.trees)

    def sides(self, latex: str) -> list[ex.Expression]:
        """The sides of what is typed, as trees: all names, layers and indices filled in."""
        resolver = Resolver(notes_declarations(), self.window, latex)
        return resolver.sides([side for chain in read(latex) for side in chain.sides])

    def links(self, answer: str) -> list[Link]:
        """left = answer, link by link."""
        source = f"{self.left} = {answer}"
        chains = read(source)
        if len(chains) > 1:
            raise ReadError("one expression is asked for, and here are several", source)
        return links(chains[0], self.window, notes_declarations(), source)


def task_of(exercise: Exercise, left: str | None = None) -> Task:
    """The task of an exercise; for another left side, if there is one."""
    more = exercise.more
    window = make_window(
        more.get("layers", "i j k"), more.get("output"), more.get("sizes", ""),
        more.get("neurons", ""), more.get("short", False),
    )  # fmt: skip
    letters = tuple(more.get("letters", ()))
    without = tuple(more.get("without", ()))
    may = more.get("may", "")
    return Task(left or more["left"], window, letters, exercise.solution, without, may)


def asks(exercise: Exercise) -> list[str]:
    """What is asked for, and what may be typed."""
    left = exercise.more["left"]
    return [
        f"An expression that equals ${left}$: LaTeX in a string, or sympy's.",
        _may_use(task_of(exercise)),
    ]


def judge(exercise: Exercise, answer) -> Feedback:
    """What is to be said of an answer."""
    try:
        latex = latex_of(answer)
    except Unfit as error:
        return Feedback(exercise.id, Outcome.UNREADABLE, (f"{error}.",))
    task = task_of(exercise)
    readings, unread = [], None
    for other in ({"left": task.left, "say": ""}, *exercise.more.get("also", ())):
        of = task_of(exercise, other["left"])
        try:
            readings.append((other["say"], of, _steps(of, latex)))
        except ReadError as error:
            unread = unread or _unread(exercise, of, error, answer)
    if bare := next((x for x in readings if _bare(x[1], x[2])), None):
        return _which_weight(exercise, bare[1])
    for say, of, steps in readings:
        if all(step.follows for step in steps):
            said = _end(exercise, of, steps)
            return replace(said, lines=(say, *said.lines)) if say else said
    # Of several ways to read it, the first in which the shapes fit is spoken of.
    fitting = [x for x in readings if not any(step.claim.problem for step in x[2])]
    for _, of, steps in fitting or readings:
        return _not_yet(exercise, of, steps)
    return unread


def _bare(task: Task, steps: list[Step]) -> bool:
    """Whether a w without indices is in the answer, where nothing says which weight it is."""
    return any("∗" in letter for step in steps for letter, _ in step.claim.letters)


def _which_weight(exercise: Exercise, task: Task) -> Feedback:
    line = "A `w` without indices stands here: which weight? Its receiver and its sender tell it."
    return Feedback(exercise.id, Outcome.UNREADABLE, (line, _may_use(task)))


@dataclass(frozen=True)
class Step:
    """One link of an answer, or of what is asked to the answer; what the exact judge found."""

    link: Link
    claim: Claim
    found: exact.Exact | None

    @property
    def follows(self) -> bool:
        """Whether it is true."""
        return self.found is not None and self.found.holds is True and not self.claim.guess


def _steps(task: Task, latex: str) -> list[Step]:
    return [
        Step(link, claim, None if claim.problem else exact.judge(claim))
        for link in task.links(latex)
        for claim in link.claims
    ]


def _end(exercise: Exercise, task: Task, steps: list[Step]) -> Feedback:
    """All steps are true: is the last one made of what it may be made of?"""
    if circular := _names(steps[-1].claim.as_read[1]) & task.circular:
        return Feedback(exercise.id, Outcome.WRONG, (_circular(circular, task),))
    networks = sum(step.found.networks for step in steps)
    proved = all(any_width.judge(step.claim).proved for step in steps)
    words = f"xact on {networks} random networks."
    shown = f"Proved for any width, and e{words}" if proved else f"E{words}"
    return Feedback(exercise.id, Outcome.RIGHT, (shown,))


def _not_yet(exercise: Exercise, task: Task, steps: list[Step]) -> Feedback:
    """The first step that does not follow, and why."""
    number = next(i for i, step in enumerate(steps) if not step.follows)
    step, first = steps[number], _first(steps, number)
    claim = step.claim
    if claim.problem is None and (step.found.holds is not False):
        reason = claim.guess or step.found.reason
        lines = (*first, f"The judges cannot tell: {reason}. This does not mean that it is wrong.")
        return Feedback(exercise.id, Outcome.UNDECIDED, lines)
    if number := _NUMBER.search(step.link.latex):
        line = (f"{number[0]} is a number of the example, and the answer holds for all numbers: "
                "write the letter for which it stands.")  # fmt: skip
        return Feedback(exercise.id, Outcome.WRONG, (*first, line))
    remarks = misfit.remarks(claim)
    # Who mixes up one neuron and a whole layer is told so: there is no slip to search for.
    names = () if len(remarks) > 1 else likely_of(task).names_of(claim)
    lines = [*first, *remarks, *sentences.of(names, exercise.notebook)]
    if ("sign",) in names and exercise.more.get("other_book") and _with_delta(claim):
        lines.append(sentences.OTHER_BOOK)
    if claim.problem is None:
        lines += _smallest(claim, step.found, bool(names))
    return Feedback(exercise.id, Outcome.WRONG, tuple(lines), names)


def _with_delta(claim: Claim) -> bool:
    """Whether δ stands in it, so that another book's δ may be meant."""
    return any(part[0] == r"\delta" for side in claim.as_read for part in _names(side)
               if isinstance(part, tuple))  # fmt: skip


def _first(steps: list[Step], number: int) -> list[str]:
    if len(steps) == 1:
        return []
    before = "The steps before it are right. " if number else ""
    return [f"{before}The first step that does not follow: ${steps[number].link.latex}$"]


def _smallest(claim: Claim, found: exact.Exact, named: bool) -> list[str]:
    """Where the sides differ, in small numbers; what a network lacks only if nothing is named."""
    if found.difference is not None and found.difference.missing:
        return (
            []
            if named
            else [f"Some networks that are meant have no {readable(found.difference.missing)}."]
        )
    example = smallest(claim, found)
    if example is None:
        return []
    sizes = ", ".join(f"{layer} {size}" for layer, size in example.sizes)
    at = ", ".join([f"neurons: {sizes}", *example.where])
    return [
        f"A small example, {at}. Wanted is {example.left}, your answer gives {example.right}.",
        f"Its numbers{' (· is not needed)' if '·' in example.given else ''}: {example.given}.",
    ]


def _unread(exercise: Exercise, task: Task, error: ReadError, answer) -> Feedback:
    """The place is marked in the learner's own text, without the left side before it."""
    start = len(f"{task.left} = ")
    own = ReadError(error.message, error.source[start:], max(0, error.position - start),
                    max(1, error.end - start))  # fmt: skip
    lines = [*filter(None, [plain_text(answer)]), _size(own, task) or f"{own.message}."]
    if task.window.short:
        lines.append(misfit.SHORT_FORM)
    if own.excerpt:
        lines.append(f"```\n{own.excerpt}\n```")
    return Feedback(exercise.id, Outcome.UNREADABLE, (*lines, _may_use(task)))


def _size(error: ReadError, task: Task) -> str:
    """What to say where a layer's size is written as a factor; "" for any other error."""
    letter = error.source[error.position : error.end]
    if letter not in task.window.sizes or not error.message.startswith(f"{letter} is not declared"):
        return ""
    return (
        f"{letter} is how many neurons a layer has, and no factor here: what is added differs "
        "from neuron to neuron, so it needs a Σ."
    )


def _may_use(task: Task) -> str:
    return f"You may use {task.made_of}{' (not all of it is needed)' * task.lures}."


def _circular(found: set, task: Task) -> str:
    asked = {"the derivative that was asked for" for x in found if isinstance(x, ex.Derivative)}
    other = {
        "a derivative" if x == "∂" else _called(*x) for x in found if isinstance(x, str | tuple)
    }
    words = " and ".join(sorted(other | (set() if "∂" in found else asked)))
    return (
        f"It is true, but it is no answer yet: {words} must not stand in it. "
        f"Go on until it is made of {task.made_of}."
    )


def _called(name: str, layers: tuple[str, ...]) -> str:
    quantity = notes_declarations().quantities.get((name, len(layers)))
    return with_layers(readable(quantity.whole if quantity else name), layers)


def _names(tree: ex.Expression) -> set:
    """What a tree is made of: (name, layers), and for a derivative itself and "∂"."""
    found: set = set()
    for node in ex.walk(tree):
        if isinstance(node, (ex.Entry, ex.Whole)):
            found.add((node.name, node.layers))
        elif isinstance(node, ex.Derivative):
            found |= {"∂", node}
    return found


@lru_cache(maxsize=128)
def likely_of(task: Task) -> Likely:
    """The mistakes in the solution of a task, by their values."""
    return Likely(task.links(task.solution)[0].claims[0])
