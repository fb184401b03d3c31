r"""What letters, layers and indices mean: short ways of writing against the long one.

`said` prints a resolved tree with every layer and index filled in, so that a line of a table
shows what was read: `w_{ba}` is `w^kj[b,a]`.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import bpderiv
from bpderiv import expression as ex
from bpderiv.document.notes import notes_declarations, notes_folder
from bpderiv.meaning.claims import links
from bpderiv.meaning.window import read_window
from bpderiv.reading.errors import ReadError
from bpderiv.reading.reader import read

LONG = read_window("**Layers** i → j → k; sizes p, z, m; neurons c, a, b; k output")
ANYWHERE = read_window("**Layers** i → j → k; sizes p, z, m; neurons c, a, b")
FOUR = read_window("**Layers** h → i → j → k; sizes q, p, z, m; neurons f, c, a, b; k output")
BARE = read_window("**Layers** i → j → k; k output")
TWO = read_window("**Layers** g → h; h output")
SHORT = read_window("**Short form**, layers i → j → k, k output")
OTHER = read_window("**Layers** p → q; sizes a, b; neurons i, j; q output")


def claims(window, latex: str):
    """All claims of all links."""
    declarations = notes_declarations()
    return [
        claim
        for chain in read(latex)
        for link in links(chain, window, declarations, latex)
        for claim in link.claims
    ]


def said(node: ex.Expression) -> str:
    """A tree with all that was filled in."""
    if isinstance(node, ex.Display):
        return f"display {node.rows}×{node.columns}"
    inside = [said(child) for child in ex.children(node)]
    match node:
        case ex.Number(value):
            return str(value)
        case ex.Entry(name, layers, indices):
            return f"{_head(name, layers)}[{','.join(map(_index, indices))}]"
        case ex.Whole(name, layers):
            return _head(name, layers)
        case ex.Add():
            return f"({' + '.join(inside)})"
        case ex.Mul():
            return f"({' '.join(inside)})"
        case ex.Hadamard():
            return f"({' ⊙ '.join(inside)})"
        case ex.Power(_, exponent):
            return f"{inside[0]}^{exponent}"
        case ex.Apply(layer, _, order):
            return f"φ{chr(39) * order}_{layer}({inside[0]})"
        case ex.Sum(index, layer, _, start):
            return f"Σ{index}={start}..{layer}({inside[0]})"
        case ex.Equal(left, right, layer):
            return f"[{_index(left)}={_index(right)} of {layer}]"
        case ex.Transpose():
            return f"{inside[0]}ᵀ"
        case ex.Diag():
            return f"diag({inside[0]})"
        case ex.Identity(size):
            return f"I_{size}"
        case ex.Derivative():
            return f"∂{inside[0]}/∂{inside[1]}"
    raise TypeError(type(node).__name__)


def _head(name, layers) -> str:
    return name.lstrip("\\") + (f"^{''.join(layers)}" if layers else "")


def _index(index) -> str:
    return f"last {index.layer}" if isinstance(index, ex.Last) else str(index)


def meaning(window, latex: str) -> str:
    """What one expression means."""
    (claim,) = claims(window, f"{latex} = {latex}")
    assert claim.problem is None, claim.problem
    return said(claim.left)


RESOLVED = (
    # A window says which layers follow one another, and which letters count their neurons.
    (LONG, "y_{k,b}", "y^k[b]"),
    (LONG, "w_{ba}", "w^kj[b,a]"),
    (LONG, "w_{ac}", "w^ji[a,c]"),
    (LONG, "w_{b,a}(n)", "w^kj[b,a]"),
    (OTHER, "w_{ji}", "w^qp[j,i]"),
    (OTHER, "y_{p,i}", "y^p[i]"),
    (FOUR, "w_{cf}", "w^ih[c,f]"),
    # Unwritten layers: a written slot first, …
    (LONG, "w_{rs}^{j,i}", "w^ji[r,s]"),
    (LONG, r"\sum_r w_{ra}^{k,j} \delta_{k,r}", "Σr=1..k((w^kj[r,a] delta^k[r]))"),
    (LONG, r"\sum_a y_{i,a}", "Σa=1..i(y^i[a])"),
    (LONG, r"\sum_i e_{k,i}", "Σi=1..k(e^k[i])"),
    # … then the sum's limit, …
    (LONG, r"\sum_{i=1}^{m} w_{ia}", "Σi=1..k(w^kj[i,a])"),
    (LONG, r"\sum_{a=1}^{p} y_{i,a}", "Σa=1..i(y^i[a])"),
    (LONG, r"\sum_{r=1}^{z} w_{r1}", "Σr=1..j(w^ji[r,1])"),
    # … the neuron's letter, the neighbours, …
    (LONG, "w_{1a}", "w^kj[1,a]"),
    (LONG, "w_{a1}", "w^ji[a,1]"),
    (LONG, r"\sum_r w_{ra}", "Σr=1..k(w^kj[r,a])"),
    (LONG, r"\sum_r w_{br}", "Σr=1..j(w^kj[b,r])"),
    (FOUR, r"\sum_r w_{rc}", "Σr=1..j(w^ji[r,c])"),
    # … sizes, …
    (LONG, "w_{m1}", "w^kj[last k,1]"),
    (LONG, "w_{1z}", "w^kj[1,last j]"),
    (LONG, "w_{1p}", "w^ji[1,last i]"),
    (LONG, "w_{zp}", "w^ji[last j,last i]"),
    # … and last the declared pair, or the only one.
    (LONG, "w_{11}", "w^kj[1,1]"),
    (FOUR, "w_{12}", "w^kj[1,2]"),
    (TWO, "w_{21}", "w^hg[2,1]"),
    (LONG, "w_{r1}", "w^kj[r,1]"),
    # One name, i, for a layer and for a bound neuron.
    (LONG, r"y_{i,c} \sum_{i=1}^{m} w_{ia}", "(y^i[c] Σi=1..k(w^kj[i,a]))"),
    # A letter bound in one place and free in another.
    (LONG, r"e_{k,b} \sum_b e_{k,b}", "(e^k[b] Σb′=1..k(e^k[b′]))"),
    (LONG, r"\sum_b e_{k,b} + e_{k,b}", "(Σb′=1..k(e^k[b′]) + e^k[b])"),
    (LONG, r"\sum_b e_{k,b} \sum_b y_{k,b}", "Σb=1..k((e^k[b] Σb′=1..k(y^k[b′])))"),
    # The short form: a letter is a neuron and tells its layer.
    (SHORT, "w_{kj}", "w^kj[k,j]"),
    (SHORT, r"\delta_j", "delta^j[j]"),
    (SHORT, r"\sum_k \delta_k w_{kj}", "Σk=1..k((delta^k[k] w^kj[k,j]))"),
    (SHORT, "w_{j1}", "w^ji[j,1]"),
    (SHORT, "w_{1j}", "w^kj[1,j]"),
    (SHORT, r"\delta_{k,1}", "delta^k[1]"),
    (SHORT, r"\varphi_j'(v_j)", "φ'_j(v^j[j])"),
    # The argument (n) says nothing; (n+1) is another quantity.
    (LONG, "y_j(n)", "y^j"),
    (LONG, "w_{ba}(n) e_{k,b}(n)^2", "(w^kj[b,a] e^k[b]^2)"),
    (LONG, "W^{k,j}(n)^T", "w^kjᵀ"),
    (LONG, "w_{ba}(n+1)", "w(n+1)^kj[b,a]"),
    (LONG, "W^{k,j}(n+1)", "w(n+1)^kj"),
    # φ is spelled in two ways, the prime stands on either side, the layer may be left out.
    (LONG, r"\phi_k'(v_{k,b})", "φ'_k(v^k[b])"),
    (LONG, r"\varphi'_k(v_{k,b})", "φ'_k(v^k[b])"),
    (LONG, r"\varphi''_k(v_k)", "φ''_k(v^k)"),
    (LONG, r"\varphi'(v_j)", "φ'_j(v^j)"),
    (LONG, r"\varphi_j(v_k)", "φ_j(v^k)"),
    # Σ reaches over the whole product, to the next + or closing bracket.
    (LONG, r"\sum_a w_{ba} \cdot y_{j,a} \eta", "Σa=1..j((w^kj[b,a] y^j[a] eta[]))"),
    (LONG, r"\sum_a w_{ba} y_{j,a} + \eta", "(Σa=1..j((w^kj[b,a] y^j[a])) + eta[])"),
    (LONG, r"\left[\sum_a w_{ba} y_{j,a}\right] \eta", "(Σa=1..j((w^kj[b,a] y^j[a])) eta[])"),
    (LONG, r"\sum_{a=2}^{z} y_{j,a}", "Σa=2..j(y^j[a])"),
    # Products go from left to right; where that has no shape, scalars are made first.
    (LONG, "e_k e_k^T e_k", "(e^k e^kᵀ e^k)"),
    (LONG, "e_k y_j^T y_j", "(e^k y^jᵀ y^j)"),
    (LONG, "y_j e_k^T e_k y_j^T y_j", "(y^j e^kᵀ e^k y^jᵀ y^j)"),
    (LONG, "e_k y_j^T e_k^T e_k", "(e^k y^jᵀ (e^kᵀ e^k))"),
    (LONG, "e_k^T e_k y_j", "(e^kᵀ e^k y^j)"),
    # Unit matrices take their size from their neighbours, a number from nothing.
    (LONG, "W^{k,j} I", "(w^kj I_j)"),
    (LONG, "I W^{k,j}", "(I_k w^kj)"),
    (LONG, "I I y_j", "(I_j I_j y^j)"),
    (LONG, "I_{z \\times z}", "I_j"),
    (LONG, "I_m e_k", "(I_k e^k)"),
    (LONG, "I + e_k e_k^T", "(I_k + (e^k e^kᵀ))"),
    (LONG, "e_k^T e_k I + e_k e_k^T", "((e^kᵀ e^k I_k) + (e^k e^kᵀ))"),
    (LONG, "e_k^T e_k I W^{k,j} + W^{k,j}", "((e^kᵀ e^k I_k w^kj) + w^kj)"),
    (LONG, "[b = r]", "[b=r of k]"),
    (LONG, "[r = m]", "[r=last k of k]"),
    (LONG, r"\operatorname{diag}(y_j)", "diag(y^j)"),
    (LONG, r"\operatorname{diag}(e_{k,1}, \dots, e_{k,m})", "diag(display k×1)"),
    # Displays likewise.
    (LONG, r"\begin{bmatrix} 0 \\ \vdots \\ 0 \end{bmatrix} + e_k", "(display k×1 + e^k)"),
    (LONG, r"W^{k,j} \begin{bmatrix} 0 \\ \vdots \\ 0 \end{bmatrix}", "(w^kj display j×1)"),
    (LONG, r"\begin{bmatrix} w_{11} & \dots & w_{1z} \end{bmatrix}", "display 1×j"),
    (LONG, r"\begin{bmatrix} 0 & \dots & 0 \end{bmatrix} W^{k,j}", "(display 1×k w^kj)"),
    (LONG, r"\begin{bmatrix} 1 \\ \vdots \\ 2 \end{bmatrix}_{z \times 1}", "display j×1"),
)  # fmt: skip


@pytest.mark.parametrize(("window", "latex", "expected"), RESOLVED)
def test_what_is_written_short_means(window, latex, expected):
    assert meaning(window, latex) == expected


def test_a_bare_weight_stands_for_every_pair_of_layers():
    found = claims(FOUR, r"\Delta w = -\eta \frac{\partial \mathcal{E}}{\partial w}")
    assert [said(claim.left) for claim in found] == [
        rf"Delta w^{pair}[∗1,∗2]" for pair in ("ih", "ji", "kj")
    ]
    assert [claim.letters for claim in found][-1] == (("∗1", "k"), ("∗2", "j"))
    for claim in found:  # the same weight on both sides
        weights = {x.layers for side in (claim.left, claim.right) for x in ex.walk(side)
                   if isinstance(x, ex.Entry) and len(x.layers) == 2}  # fmt: skip
        assert len(weights) == 1
    assert len(claims(LONG, r"w_{ba} = \eta")) == 1


def test_a_matrix_without_layers_is_that_of_the_only_pair():
    (claim,) = claims(TWO, "v_h = W y_g")
    assert (claim.problem, said(claim.right)) == (None, "(w^hg y^g)")


def test_a_free_letter_means_the_same_in_all_links_of_a_chain():
    first, second = claims(LONG, r"y_{k,r} = \varphi_k(v_{k,r}) = w_{r1}")
    assert said(second.right) == "w^kj[r,1]"
    assert first.letters == second.letters == (("r", "k"),)


# --- what cannot be ---------------------------------------------------------------------------

ILL_TYPED = (
    (LONG, "y_k = y_j", "the left side is a column, m × 1, the right side a column, z × 1"),
    (LONG, "y_k = e_k^T", "the right side a row, 1 × m"),
    (LONG, "W^{k,j} = 1", "the left side is m × z, the right side a number"),
    (LONG, "y_k + 1 = y_k", "are added"),
    (LONG, r"y_k \odot y_j = y_k", "entry by entry"),
    (LONG, "W^{k,j} y_k = v_k", "z columns meet m rows"),
    (LONG, "v_k = y_j W^{k,j}", "1 column meets m rows"),
    (LONG, "y_k^2 = e_k", "has no power 2"),
    (LONG, r"\frac{1}{y_k} = 1", "has no power -1"),
    (LONG, r"\operatorname{diag}(W^{k,j}) = 1", "diag is made of a column"),
    (LONG, r"\frac{\partial W^{k,j}}{\partial y_j} = 1", "a derivative is taken of a number"),
    (LONG, r"\frac{\partial y_k}{\partial W^{k,j}} = 1", "needs three indices"),
    (LONG, r"I_{m \times z} = 1", "a unit matrix is square"),
    (LONG, r"(W^{k,j})_{z \times m} = 1", "this is m × z, and below it stands z × m"),
    (LONG, "e_{j,a} = 1", "there is no e of layer j here"),
    (LONG, "W^{k,i} = W^{k,i}", "there is no w that leads into k from i"),
    (LONG, "w_{ba}^{j,k} = 1", "there is no w that leads into j from k"),
    (ANYWHERE, "e_j = e_j", "there is no e of layer j here"),
    (LONG, "y_{k,a} = 1", "a counts the neurons of layer j, and here stands a neuron of layer k"),
    (LONG, r"\sum_{a=1}^{z} e_{k,a} = 1", "a counts the neurons of layer j"),
    (LONG, r"\sum_{i=1}^{m} e_{k,i} y_{i,c} = 1", "and here stands a neuron of layer k"),
    (LONG, "y_{k,0} = 1", "neurons are numbered from 1"),
    (LONG, "y_{k,z} = 1", "index z: layer k has m neurons"),
    (LONG, "w_{mm} = 1", "index m: layer j has z neurons"),
    (LONG, "y_{k,k} = 1", "k is a layer, and a neuron belongs there"),
    (LONG, "y_{k,d} = 1", "d is a quantity, and a neuron's letter belongs there"),
    (LONG, r"\mathcal{E}_{y(n)} = 1", "y(n) is a quantity, and a neuron's letter belongs there"),
    (LONG, "y_{b,b} = 1", "b is a neuron's letter: a layer belongs there"),
    (LONG, r"\varphi_b(v_{k,b}) = 1", "b is a neuron's letter: a function has a layer's"),
    (LONG, "w_{1b} = 1", "the window has no layer on the other side"),
    (LONG, "w_{c1} = 1", "the window has no layer on the other side"),
    (LONG, "w_{bc} = 1", ""),
    (LONG, "[a = b] = 1", "compares neurons of two layers"),
    (LONG, "[a = m] = 1", "compares neurons of two layers"),
    (LONG, r"\begin{bmatrix} e_k \\ e_k \end{bmatrix} = e_k", "an entry of a matrix is a number"),
    (LONG, r"e_{k,b} = \begin{bmatrix} 1 & 2 \end{bmatrix}", "the right side a row, 1 × 2"),
    (LONG, r"y_k = \begin{bmatrix} 0 & \dots & 1 & \dots & 0 \end{bmatrix} (\text{index} = b)",
     "the entries lie in a row, and only one column is there for them"),
)  # fmt: skip


@pytest.mark.parametrize(("window", "latex", "words"), ILL_TYPED)
def test_what_cannot_be_says_why(window, latex, words):
    (claim,) = claims(window, latex)
    assert claim.problem is not None and words in claim.problem


UNREAD = (
    (LONG, "x = 1", "x", "x is not declared; declared are"),
    (LONG, r"e_k = \psi_k", r"\psi_k", r"\psi is not declared"),
    (LONG, "y_{q,1} = 1", "q", "q is no layer here"),
    (LONG, "y_{k,b+1} = 1", "b+1", "b+1 is no neuron"),
    (LONG, "y_j(n+1) = y_j", "y_j", "y(n+1) is not declared, only W(n+1), w(n+1)"),
    (LONG, "y_j(t) = y_j", "t", "t is not declared"),
    (LONG, r"\sum_{a=1}^{q} y_{j,a} = 1", "q", "a sum runs to a layer's size: p, z, m"),
    (LONG, r"\eta = \sum_r 2", r"\sum_r 2", "over which layer runs the sum of r?"),
    (LONG, "[r = s] = 1", "[r = s]", "neurons of which layer are compared here?"),
    (LONG, "I = I", "I", "nothing tells the size of this"),
    (LONG, r"e_k' = 1", "e_k'", "e is no function, and so has no prime"),
    (LONG, r"\varphi_k = 1", r"\varphi_k", "needs its argument in brackets"),
    (LONG, r"\frac{\partial y_k}{\partial (y_j + y_j)} = 1", "(y_j + y_j)", "with a name"),
    (SHORT, "w_{11} = 1", "w_{11}", "which layer does this belong to?"),
    (SHORT, r"\delta_1 = 1", r"\delta_1", "which layer does this belong to?"),
    (LONG, "e_k", "e_k", "there is no relation sign"),
)


@pytest.mark.parametrize(("window", "latex", "place", "words"), UNREAD)
def test_what_is_not_declared_is_an_error_with_its_place(window, latex, place, words):
    with pytest.raises(ReadError) as error:
        claims(window, latex)
    message = str(error.value)
    first, shown, marks = message.split("\n")[:3]
    start = marks.index("^")
    assert words in first and f"line 1, column {start + 1}:" in first
    assert shown[start : start + marks.count("^")] == place


# --- no letter of any text in the code ----------------------------------------------------------

CODE = Path(bpderiv.__file__).parent
#: What reads and judges texts, whatever their letters: folders, and files beside them.
READERS = (
    "reading", "document", "meaning", "judges", "mistakes", "verdict.py", "checking.py", "find.py",
    "derive.py", "guise.py", "explain.py", "report.py", "expression.py", "dispatch.py", "cli.py",
)  # fmt: skip
#: A pattern of those codes.
LAYOUT = (r"w(\([d.]+\))(?=\.?w*(?:$|b|e))",)
#: Strings that look like letters of the notes and are none, or that may be there; and why.
EXCEPTIONS = {
    # "T" and "I" of linear algebra are not declared in the notes, and so need no exception.
    "judges/any_width.py": ({"n"}, "the beginning of a size's name, where a text declares none"),
    "judges/floating.py": ({".1e"}, "how a number is printed"),
    "meaning/resolve.py": ({"(v)"}, "the example in a message"),
    "reading/complaints.py": (None, "examples for lark, in which a stands for any name"),
    "reading/layout.py": ({"b", "d", "e", "w", *LAYOUT}, "codes of kinds of tokens"),
    "reading/plain.py": ({r"\Delta"}, "LaTeX's own: a triangle stands close to what follows"),
    "verdict.py": ({".0e"}, "how a number is printed"),
    "reading/vocabulary.py": (None, "LaTeX's own tables: signs and how LaTeX spells them"),
}  # fmt: skip
#: Which names of the notes are which quantities of `bpderiv.network`: said once, there.
TABLE = "judges/roles.py"


def declared_letters() -> set[str]:
    """Everything that the notes declare: names, layers, sizes, neurons, the argument."""
    declarations = notes_declarations()
    found = {part for q in declarations.quantities.values() for word, _ in q.patterns
             for part in re.findall(r"\\mathcal\{\w\}|\\[A-Za-z]+|[A-Za-z]", word)}  # fmt: skip
    found |= set(declarations.aliases) | {declarations.argument}
    text = "".join(p.read_text("utf-8") for p in notes_folder().glob("*.md"))
    for line in re.findall(r"\*\*(?:Layers|Short form)\*\*.*", text):
        window = read_window(line)
        found |= {*window.layers, *window.sizes, *window.neurons}
    return found | {letter.lstrip("\\") for letter in found} | {"E", "phi", "delta"}


def strings_of(path: Path):
    """String constants that are code: no docstrings, no messages (text in words)."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if text and id(node) not in docstrings:
            yield node.value


def letters_in(text: str, declared: set[str]) -> bool:
    """Whether a string is made of letters alone, and one of them is declared."""
    text = re.sub(r"</?\w+[^<>]*>", "", text)  # HTML's own letters
    words = re.findall(r"\\mathcal\{\w\}|\\?[^\W\d_]+", text)
    single = all(len(word.lstrip("\\")) == 1 or word in declared for word in words)
    return single and any(word in declared for word in words)


def found_letters(folder: Path, readers=READERS) -> set[tuple[str, str]]:
    """(file, string) for every string of code that names a letter of the notes."""
    declared = declared_letters()
    return {
        (path.relative_to(folder).as_posix(), text)
        for reader in readers
        for path in sorted(
            (folder / reader).glob("*.py") if "." not in reader else [folder / reader]
        )
        for text in strings_of(path)
        if letters_in(text, declared)
    }


def test_no_letter_of_the_notes_is_in_the_code():
    found = found_letters(CODE)
    new = {
        (file, text)
        for file, text in found
        if file != TABLE and (file not in EXCEPTIONS or text not in (EXCEPTIONS[file][0] or {text}))
    }
    assert new == set()


def test_every_exception_is_needed():
    found = found_letters(CODE)
    for file, (texts, _) in EXCEPTIONS.items():
        here = {text for at, text in found if at == file}
        assert here and here >= (texts or set())


def test_the_only_table_of_names_is_that_of_the_network():
    """roles.py may name what the notes declare in its table, and nowhere else."""
    tree = ast.parse((CODE / TABLE).read_text("utf-8"))
    table = next(x for x in tree.body
                 if isinstance(x, ast.AnnAssign) and x.target.id == "NOTES")  # fmt: skip
    named = [x.value for x in ast.walk(table) if isinstance(x, ast.Constant)]
    letters = {text for file, text in found_letters(CODE, ("judges",)) if file == TABLE}
    assert letters <= set(named)
    others = [x.value for x in strings_outside(tree, table)]
    assert {x for x in others if letters_in(x, declared_letters())} <= {"v", "y"}  # `HELD`


def strings_outside(tree, table):
    """String constants of a file but those of one statement."""
    inside = set(map(id, ast.walk(table)))
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if text and id(node) not in inside:
            yield node


def test_the_scan_sees_letters(tmp_path):
    (tmp_path / "x").mkdir()
    code = '"""y is a letter."""\nif name == "y" or name in (r"\\delta", "b a"):\n    f("a word")\n'
    (tmp_path / "x" / "one.py").write_text(code, "utf-8")
    assert found_letters(tmp_path, ("x",)) == {
        ("x/one.py", "y"), ("x/one.py", r"\delta"), ("x/one.py", "b a"),
    }  # fmt: skip
