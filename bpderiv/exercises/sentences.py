"""What a tutor says of a named mistake: a question rather than the solution.

The names are those of the catalogue of mistakes; a pattern stands for all names that it fits.
"""

from __future__ import annotations

import re

#: (pattern of a name, sentence). The first that fits is taken; groups may be used in it.
SENTENCES = (
    ("sign", "A minus was lost, or counted twice: which? (the −I of ∂e/∂y, the one in the "
             "definition of δ, the one of the step)"),
    ("factor 2", "Off by a factor of two: does $\\mathcal{E}$ carry its ½, and is a square "
                 "differentiated?"),
    ("layout", "The right numbers in the wrong layout: in a Jacobian rows belong to what is "
               "differentiated, columns to the variable; in W, and in what is arranged like W, "
               "rows belong to receivers, columns to senders."),
    ("transposed", "A factor is turned over here that should not be, or is not where it should be. "
                   "Write one component: which index is summed, the receiver's or the sender's?"),
    ("order of the factors", "These are the right factors in an order that does not fit: matrices "
                             "do not commute."),
    ("inverse for transposed", "You share out blame, you do not undo the layer: turned over, not "
                               "inverted."),
    ("⊙ and matrix product", "Component by component, or rows times columns? A slope touches its "
                             "own component alone; weights mix all of them."),
    ("diag", "A column, or the diagonal matrix made of it?"),
    ("(?P<f>\\S+)′ for (?P=f)", "The slope stands where the function itself is meant: here nothing "
                                "is differentiated any more."),
    ("(?P<f>\\S+) for (?P=f)′", "The function stands where its slope is meant: φ was "
                                "differentiated on the way."),
    ("(?P<f>\\S+) of the wrong layer", "To which layer does the neuron belong, or the weight?"),
    ("slope of (?P<f>.+)", "Right only if φ is {f}. Here φ is any function: write its slope as φ′, "
                           "taken at the field."),
    ("φ′ missing", "Somewhere you crossed from y to v without paying the slope."),
    ("φ′ too much", "One slope φ′ too many: it is paid once, where you cross from y to v."),
    ("e for δ", "What arrives from a layer is its δ, and in δ its slope is already in."),
    ("δ for e", "The error signal itself is meant, before any slope."),
    ("(?P<a>v) for y|y for (?P<b>v)", "Field and signal are exchanged: v goes into φ, y comes out "
                                      "of it. What did this weight multiply? Where is the slope "
                                      "taken?"),
    ("(?P<f>φ\\S*) not applied", "{f} is not applied: a signal is φ of a field, not the field "
                                 "itself."),
    ("(?P<f>φ\\S*) too often", "{f} is applied once too often: what stands in it has passed it "
                               "already."),
    ("I missing", "A number stands where a matrix is meant: that many times the unit matrix."),
    ("I too much", "A unit matrix stands where a number is meant."),
    ("Kronecker symbol missing", "This is one entry's value, and it stands in all of them: which "
                                 "entries must be zero?"),
    ("Kronecker symbol too much", "A Kronecker symbol too many: this entry is not zero elsewhere."),
    ("wrong layer summed", "The sum runs over the neurons of another layer: who receives what this "
                           "neuron sends?"),
    ("end of the sum", "Where does the sum end? What carries its letter stands under it, the rest "
                       "may stand outside."),
    ("product of sums", "A product of sums, or the square of a sum, stands where the products are "
                        "to be added up."),
    ("sum of products", "Products are added up where sums are to be multiplied."),
    ("sum for product", "Added where it is to be multiplied: along one path slopes multiply."),
    ("product for sum", "Multiplied where it is to be added: several paths add up."),
    ("place of the entry", "The entry stands at another place than it should."),
    ("true of the output layer only", "It is right where the layer is the output layer, and only "
                                      "there: error times slope is its δ. Wanted is the form "
                                      "with δ, which holds for any layer."),
    ("not true of the input layer", "It is true wherever there is a layer before; the input layer "
                                    "has none."),
    ("η missing", "How far does the step go? The learning rate is missing."),
    ("neighbouring index", "An index is that of a neighbour: every receiver and sender has its "
                           "own."),
    ("indices exchanged", "Two neurons have changed places: who receives, who sends? (In the name "
                          "of a weight the receiver comes first.)"),
    ("wrong size", "The size is that of another layer."),
    ("index of the sum", "What is summed must carry the index of the sum."),
    ("Σ missing", "A sum is missing: there are several, they add up, and you took one."),
    ("Σ too much", "A sum too many: what is asked is one neuron."),
    ("wrong index summed", "The wrong index is summed: the neuron that you were asked about must "
                           "survive."),
    ("φ missing", "What a neuron sends is φ of its field, not the field itself."),
    ("y missing", "What does the weight multiply? The sender's signal is lost."),
    ("w missing", "What passes along an arrow is multiplied by its weight; a weight is lost."),
    ("e missing", "How far off is the output? The error signal is lost."),
    ("δ missing", "What does the neuron at the other end want? Its δ is lost."),
    ("(?P<f>\\S+) missing", "{f} is lost: for which part of the way does it stand?"),
    ("(?P<f>\\S+) too much", "There is one {f} too many: where does it come from?"),
    ("term (?P<f>\\S+) missing", "The term with {f} is lost."),
    ("term (?P<f>\\S+) too much", "There is one term with {f} too many."),
    ("square", "A square is lost, or one is left standing that was differentiated."),
    ("∂ upside down", "The derivative is upside down: what is differentiated stands above."),
    ("(?P<a>.+) for (?P<b>.+)", "There is {a} where {b} is meant."),
)  # fmt: skip

#: Before notebook 04 nobody knows of δ, and of the minus of −I and of the step but little.
SIGN_BEFORE_DELTA = (
    "Right but for its sign: a minus is lost, or there is one too many. If this quantity grows a "
    "little, does that one grow, or fall?"
)
OTHER_BOOK = (
    "Or is it another book's δ? Some (Nielsen's, for one) define δ as the slope itself, without "
    "the minus. Here $\\delta := -\\frac{\\partial \\mathcal{E}}{\\partial v}$."
)
_ANOTHER = "A letter without its neuron is the whole column, and a capital W is all the weights."
#: More ways to read a wrong answer than this help nobody.
MOST = 2
#: These say only that there is something.
_VAGUE = {"factor too much", "factor missing", "term too much", "term missing"}


def of(combinations: tuple[tuple[str, ...], ...], notebook: str = "99") -> list[str]:
    """One line for each combination of names: "**sign**. A minus was lost, …".

    In an early notebook nothing is spoken of that only a later one explains.
    """
    lines = []
    for number, names in enumerate(_different(combinations)[:MOST]):
        each = dict.fromkeys(sentence(name, notebook) for name in names)
        said = _exchanged(names) or " ".join(each)
        label = "indices" if said.endswith(_ANOTHER) else " + ".join(names)
        lines.append(f"{'Or: ' if number else ''}**{label}**. {said}")
    return lines


def _different(combinations: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    """Those that say different things; the vague ones only where nothing else is known, and last
    what has no sentence of its own.
    """
    found = {tuple(name.removeprefix("term ") for name in x): x for x in reversed(combinations)}
    clear = [x for x in reversed(found.values()) if not _VAGUE & set(x)] or [*combinations]
    return sorted(clear, key=lambda x: any(map(_is_general, x)))


def _is_general(name: str) -> bool:
    """Whether only the last row fits (something stands for something), or two neurons might have
    changed places, which is seldom the nearest reading.
    """
    return name == "indices exchanged" or not any(
        re.fullmatch(pattern, name) for pattern, _ in SENTENCES[:-1]
    )


def _exchanged(names: tuple[str, ...]) -> str:
    """One too much and another missing: the one stands where the other is meant."""
    text = " + ".join(sorted(names, key=lambda name: name.endswith(" missing")))
    match = re.fullmatch(r"(?:term )?(\S+) too much \+ (?:term )?(\S+) missing", text)
    if not match or _VAGUE & set(names):
        return ""
    if match[1].lower() == match[2].lower():
        return f"{match[2]} it is, but another one: look at its indices. {_ANOTHER}"
    return f"There is {match[1]} where {match[2]} is meant."


def sentence(name: str, notebook: str = "99") -> str:
    """The tutor's sentence for one name; "" for a name that none fits."""
    if name == "sign" and notebook < "04":
        return SIGN_BEFORE_DELTA
    for pattern, text in SENTENCES:
        if match := re.fullmatch(pattern, name):
            return text.format(**match.groupdict()) if match.groupdict() else text
    return ""
