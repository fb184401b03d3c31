r"""Judge a statement: each link by every judge, and one verdict in words that claim no more.

`holds` is True when the exact judge found both sides equal in every network it tried and no other
judge objects; False when types or the exact judge refute it; None when the judges disagree or none
can tell. "Proved" is said only of a match at any width.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bpderiv.definitions import NOTES_LAYERS
from bpderiv.judges import any_width, exact, explicit, floating
from bpderiv.judges.counterexample import Counterexample, smallest
from bpderiv.meaning.claims import Claim, Link, links
from bpderiv.meaning.declarations import Declarations
from bpderiv.meaning.names import readable
from bpderiv.meaning.window import Window, make_window
from bpderiv.reading.brackets import with_braces
from bpderiv.reading.errors import ReadError
from bpderiv.reading.reader import read
from bpderiv.shown import counterexample_html


@dataclass(frozen=True)
class LinkVerdict:
    """What was shown of one link: `judges` says in words what each judge found."""

    latex: str
    holds: bool | None
    judges: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    counterexample: Counterexample | None = None
    mistake: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    judged: bool = True
    plain: str = ""
    claims: tuple[Claim, ...] = field(default=(), compare=False, repr=False)

    @property
    def words(self) -> str:
        """The verdict in a few words."""
        if not self.judged:
            return "not judged"
        if self.holds is None:
            return f"undecided: {self.reason}"
        if not self.holds:
            return f"refuted: {self.reason}" if self.reason else f"refuted: {self.counterexample}"
        return "; ".join(self.judges.values())


@dataclass(frozen=True)
class Verdict:
    """The verdict on a statement, link by link."""

    latex: str
    links: tuple[LinkVerdict, ...]

    @property
    def holds(self) -> bool | None:
        """True if every link holds, False if one is refuted, else None."""
        found = {link.holds for link in self.links if link.judged}
        return False if False in found else None if None in found or not found else True

    def __repr__(self) -> str:
        """One line for each link, then what each judge found."""
        return "\n".join(_lines(self))

    def _repr_html_(self) -> str:
        return "".join(map(_html, self.links))


def _html(link: LinkVerdict) -> str:
    """A link, what was found, and a counterexample in its parts."""
    example = link.counterexample if link.holds is False else None
    words = html.escape(_more(link, with_example=example is None))
    sign = _sign(link.holds, link.judged)
    found = f"<b>{sign}</b> {words}" if words else f"<b>{sign.rstrip(':')}</b>"
    shown = counterexample_html(example) if example is not None else ""
    return f"<p>${html.escape(link.latex)}$ &emsp; {found}</p>{shown}"


def _sign(holds: bool | None, judged: bool) -> str:
    if not judged:
        return "–"
    return {True: "✓ holds:", False: "✗ false:", None: "? undecided:"}[holds]


def _more(link: LinkVerdict, with_example: bool = True) -> str:
    parts = [link.words if link.holds or not link.judged else ""]
    if link.judged and link.holds is not True:
        parts += [link.reason, str(link.counterexample or "") if with_example else ""]
    if link.mistake:
        parts.append("mistake: " + " or ".join(" + ".join(names) for names in link.mistake))
    parts.append(link.note)
    return "; ".join(part for part in parts if part)


def _lines(verdict: Verdict):
    for number, link in enumerate(verdict.links, 1):
        head = f"link {number}: " if len(verdict.links) > 1 else ""
        yield f"{head}{link.latex}"
        yield f"    {_sign(link.holds, link.judged)} {_more(link)}"


def check(
    latex: str,
    layers: str | None = None,
    output: str | None = None,
    sizes: str = "",
    neurons: str = "",
    short: bool = False,
    declarations: Declarations | None = None,
) -> Verdict:
    r"""Judge a statement typed in LaTeX.

    >>> check(r"\frac{\partial e_k}{\partial y_k} = -I").holds
    True

    `layers` are the letters of successive layers, "i j k"; `output` the last one if it is the
    output layer; `short` reads a letter as one neuron (section 3 of the notes). Without `layers`:
    i → j → k, k output, as in section 2. Letters mean what the notes declare, or `declarations`.

    Errors
    ------
    ReadError
        for what cannot be read: it says where, and what was expected.
    """
    from bpderiv.document.notes import notes_declarations

    window = _window(layers, output, sizes, neurons, short)
    return diagnosed(judge_statement(latex, window, declarations or notes_declarations()))


def diagnosed(verdict: Verdict) -> Verdict:
    """The same verdict, its false links with the names of what is wrong."""
    from bpderiv.mistakes.diagnosis import QUICK, diagnose

    named = [
        replace(link, mistake=diagnose(link.claims, QUICK if link.note else None))
        if link.holds is False else link
        for link in verdict.links
    ]  # fmt: skip
    return replace(verdict, links=tuple(named))


#: The window of section 2 of the notes.
SECTION_2 = Window(NOTES_LAYERS.names, NOTES_LAYERS.sizes, NOTES_LAYERS.neurons, output=True)


def _window(layers, output, sizes, neurons, short) -> Window:
    if layers is None:
        return SECTION_2.as_short() if short else SECTION_2
    letters = layers.replace("→", " ").split()
    if not sizes and not neurons and not short and all(x in SECTION_2.layers for x in letters):
        at = [SECTION_2.place(x) for x in letters]
        sizes = " ".join(SECTION_2.sizes[i] for i in at)
        neurons = " ".join(SECTION_2.neurons[i] for i in at)
    return make_window(layers, output, sizes, neurons, short)


def judge_statement(latex: str, window: Window, declarations: Declarations) -> Verdict:
    """The verdict on all chains of a formula."""
    found = [
        judge_link(link, latex)
        for chain in read(latex)
        for link in links(chain, window, declarations, latex)
    ]
    return Verdict(latex, tuple(_with_short_form(found, latex, window, declarations)))


def _with_short_form(found: list[LinkVerdict], latex, window: Window, declarations):
    """A note where a false link would hold in the short form. Exact numbers look first."""
    if window.short or all(link.holds is not False for link in found):
        return found
    try:
        short = [
            judge_link(link, latex) if all(map(exact.holds, link.claims)) else None
            for chain in read(latex)
            for link in links(chain, window.as_short(), declarations, latex)
        ]
    except ReadError:
        return found
    note = f"in the short form ({window.as_short()}) it holds: there a letter is one neuron"
    return [
        LinkVerdict(**{**link.__dict__, "note": note})
        if link.holds is False and other and other.holds else link
        for link, other in zip(found, short, strict=True)
    ]  # fmt: skip


def judge_link(link: Link, source: str = "") -> LinkVerdict:
    """All judges on one link."""
    latex = " ".join(with_braces(source, link.span).split()) or link.latex
    if not link.claims:
        reason = f"{link.relation} is not judged"
        return LinkVerdict(latex, None, judged=False, reason=reason, plain=link.plain)
    verdicts = [judge_claim(claim) for claim in link.claims]
    worst = next((v for v in verdicts if v.holds is False), None)
    worst = worst or next((v for v in verdicts if v.holds is None), verdicts[-1])
    guess = next((claim.guess for claim in link.claims if claim.guess), None)
    if guess and worst.holds is not False:
        raise ReadError(f"{guess}: write more of the terms, or a Σ", source, *link.span)
    return LinkVerdict(
        **{**worst.__dict__, "latex": latex, "plain": link.plain, "claims": link.claims}
    )


_HIDDEN = (
    "the entries shown are right, but the dots do not say one formula for the others: show more "
    "of them"
)


def judge_claim(claim: Claim) -> LinkVerdict:
    """All judges on one claim; a claim met again (in the notes, in a notebook) is judged once."""
    return _judge_claim(claim, claim.declarations)


@lru_cache(maxsize=4096)
def _judge_claim(claim: Claim, _declarations: Declarations) -> LinkVerdict:
    if claim.problem is not None:
        return LinkVerdict("", False, {"types": claim.problem}, claim.problem)
    found = exact.judge(claim)
    said = {
        "any width": _any_width(any_width.judge(claim)),
        "exact": _exact(found),
        "explicit": _explicit(explicit.judge(claim)),
        "floating point": _floating(floating.judge(claim)),
    }
    judges = {name: words for name, (_, words) in said.items()}
    others = {name: holds for name, (holds, _) in said.items() if name != "exact"}
    if found.holds is None:
        return LinkVerdict("", None, judges, _HIDDEN if found.hidden else found.reason)
    against = [name for name, holds in others.items() if holds is (not found.holds)]
    if against:
        return LinkVerdict("", None, judges, f"the judges disagree: {_all(judges)}")
    if found.holds:
        return LinkVerdict("", True, judges)
    return LinkVerdict("", False, judges, _reason(found), smallest(claim, found))


# What each judge found, as (True, False or None, words that claim no more).


def _exact(found: exact.Exact) -> tuple[bool | None, str]:
    if found.holds:
        return True, f"exact on {found.networks} random networks"
    return found.holds, "exact: refuted" if found.holds is False else _undecided(
        "exact", found.reason
    )


def _any_width(found: any_width.AnyWidth) -> tuple[bool | None, str]:
    if found.proved:
        return True, "proved for any width"
    return None, "not proved for any width" + (f" ({found.reason})" if found.reason else "")


def _explicit(found: explicit.Explicit) -> tuple[bool | None, str]:
    sizes = " and ".join("-".join(map(str, one)) for one in found.sizes)
    if found.holds:
        left_out = f" ({found.left_out})" if found.left_out else ""
        return True, f"explicit matrices at {sizes}{left_out}"
    if found.holds is False:
        return False, f"explicit: refuted at {sizes}" + (
            f" ({found.reason})" if found.reason else ""
        )
    return None, _undecided("explicit", found.reason)


def _undecided(judge: str, reason: str) -> str:
    return f"{judge}: not decided" + (f" ({reason})" if reason else "")


def _floating(found: floating.Floating) -> tuple[bool | None, str]:
    if found.holds:
        return True, f"floating point within {floating.TOLERANCE:.0e} on {found.networks} networks"
    if found.holds is False:
        return False, "floating point: refuted" + (f" ({found.reason})" if found.reason else "")
    return None, f"floating point: not run ({found.reason})"


def _all(judges: dict[str, str]) -> str:
    return "; ".join(judges.values())


def _reason(found: exact.Exact) -> str:
    missing = found.difference.missing
    if missing:
        return f"there is no {readable(missing)} at every place where the window fits"
    return ""
