r"""LaTeX's own words, as tables: the kind of each command, and what to type for those not read.

A command that stands in no table is a name, like a letter: what it means, the document declares.
"""

from __future__ import annotations

#: Kind of token → the signs and commands of that kind. The grammar says how they combine.
KINDS = {
    "RELATION": (
        "=", ":=", ":", "<", ">", r"\equiv", r"\approx", r"\le", r"\leq", r"\ge", r"\geq", r"\ne",
        r"\neq", r"\in", r"\to", r"\mapsto", r"\propto", r"\ll", r"\gg", r"\sim", r"\simeq",
    ),
    "SIGN": ("+", "-"),
    "DOT": (r"\cdot", r"\times", "*", "/"),
    "ODOT": (r"\odot", r"\circ"),
    "DOTS": (
        r"\dots", r"\ldots", r"\cdots", r"\dotsb", r"\dotsc", r"\dotsm", r"\vdots", r"\ddots",
    ),
    "FRAC": (r"\frac", r"\tfrac", r"\dfrac"),
    "DECORATION": (r"\underbrace", r"\boxed"),
    "PARTIAL": (r"\partial",),
    "OPEN": ("(", "[", r"\{"),
    "CLOSE": (")", "]", r"\}"),
    "STOP": (".", ";"),
    "_SUM": (r"\sum",),
    "_SUB": ("_",),
    "_SUP": ("^",),
    "_LBRACE": ("{",),
    "_RBRACE": ("}",),
    "_COMMA": (",",),
    "_AND": ("&",),
}  # fmt: skip
KIND = {word: kind for kind, words in KINDS.items() for word in words}

#: Another way to type the same.
SAME = {
    r"\leqslant": r"\le", r"\geqslant": r"\ge", r"\coloneqq": ":=", r"\colon": ":",
    r"\rightarrow": r"\to", r"\lt": "<", r"\gt": ">",
    r"\lbrace": r"\{", r"\rbrace": r"\}", r"\lbrack": "[", r"\rbrack": "]",
    r"\lparen": "(", r"\rparen": ")",
}  # fmt: skip

#: Spaces, and how wide they are: a quad has 18.
SPACES = {
    **dict.fromkeys((r"\!", r"\negthinspace"), -3), **dict.fromkeys((r"\,", r"\thinspace"), 3),
    **dict.fromkeys((r"\:", r"\>", r"\medspace"), 4), **dict.fromkeys((r"\;", r"\thickspace"), 5),
    **dict.fromkeys((r"\ ", "\\\n", "\\\r", "\\\t", "~"), 6), r"\enspace": 9,
}  # fmt: skip
#: From here on a space is a wide one.
WIDEST = 12
#: Spacing, sizes of brackets, style: seen by the eye only.
LAYOUT = {
    *SPACES,
    *(r"\displaystyle", r"\textstyle", r"\scriptstyle", r"\limits", r"\nolimits"),
    *(r"\nonumber", r"\notag", r"\allowbreak", r"\nobreak", r"\mathstrut", r"\strut"),
}
#: So wide that the eye sees two formulas where no sign joins what stands on either side.
WIDE = {r"\quad", r"\qquad"}
#: Before a bracket, and nowhere else.
SIZES = {
    *(r"\left", r"\right", r"\middle"),
    *(rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")),
}
#: With what stands in their braces: numbers and names of formulas, blank space.
ASIDES = ("tag", "tag*", "label", "hspace", "hspace*", "phantom", "hphantom", "vphantom")
#: Colours, with the colour in braces: seen by the eye only, but for these, seen by no eye.
COLOURS = ("color", "textcolor")
INVISIBLE = {"white", "transparent", "none", "#fff", "#ffffff"}
#: Asides that leave a space of a width that nobody computes here.
SPACING = ("hspace", "hspace*", "phantom", "hphantom")

MATRICES = {"bmatrix", "pmatrix"}
#: Environments that only line formulas up (with &) or stack them; their frame is layout.
ALIGNING = {
    *("align", "align*", "aligned", "split", "eqnarray", "eqnarray*", "flalign", "flalign*")
}
STACKING = {
    *("equation", "equation*", "gather", "gather*", "gathered", "multline", "multline*"),
    *("displaymath", "math"),
}

#: Commands whose braces hold words.
WORDS = ("text", "textrm", "textbf", "textit", "textsf", "textnormal", "mbox", "mathrm",
         "operatorname", "operatorname*")  # fmt: skip
#: Commands that make another letter of a letter.
STYLES = ("mathcal", "mathbf", "mathbb", "mathsf", "mathit", "mathfrak", "mathscr", "boldsymbol",
          "bm", "pmb", "hat", "widehat", "bar", "overline", "underline", "tilde", "widetilde",
          "vec", "dot", "ddot")  # fmt: skip

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega"
)
_LETTERS = (
    _GREEK, _GREEK.title(), f"var{_GREEK.replace(' ', ' var')}",
    "digamma ell hbar hslash imath jmath wp Re Im aleph beth nabla infty emptyset varnothing",
    "complement prime top bot dagger ddagger square Box triangle angle checkmark",
    "sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan exp ln log lg min max arg",
    "det dim deg ker hom gcd inf sup Pr cup cap setminus backslash",
)  # fmt: skip
#: LaTeX's own commands for letters, for names of functions, and for what joins sets.
LETTERS = {word for words in _LETTERS for word in words.split()}

_NOT_READ = (
    (r"{0} is not read: write \frac{{a}}{{b}}",
     r"\over \atop \choose \above \cfrac \sfrac \nicefrac \binom \tbinom \dbinom"),
    ("there are no roots here; give the root a name and declare it", r"\sqrt \root"),
    ("limits, integrals and products over an index are not read, only sums: \\sum",
     r"\lim \limsup \liminf \int \iint \iiint \oint \prod \coprod \bigcup \bigcap \bigoplus "
     r"\bigotimes \bigodot"),
    ("{0} is no bracket that is read: write ( ), [ ] or \\{{ \\}}",
     r"\langle \rangle \lvert \rvert \lVert \rVert \vert \Vert \lfloor \rfloor \lceil \rceil \mid "
     r"\| \lgroup \rgroup"),
    ("{0} joins two formulas: write each by itself",
     r"\implies \impliedby \iff \Rightarrow \Longrightarrow \Leftarrow \Longleftarrow "
     r"\Leftrightarrow \Longleftrightarrow \land \lor \wedge \vee \therefore \because"),
    ("{0} is not read: write in words, outside the formula, for what it holds",
     r"\forall \exists \nexists \neg \lnot"),
    ("an assignment is written with := or =, the value after the step has a name of its own",
     r"\leftarrow \gets \longleftarrow \leftrightarrow"),
    (r"{0} is not read: a product is \cdot, entry by entry \odot",
     r"\otimes \oplus \ominus \ast \star \bullet \div \diamond \boxtimes \boxdot \amalg \wr"),
    ("{0} says two things at once: write + or -", r"\pm \mp"),
    ("{0} is not read: a definition is written :=, an equation =",
     r"\triangleq \doteq \stackrel \overset \underset \cong \asymp \mathrel \mathbin \mathop "
     r"\eqqcolon \Coloneqq"),
    (r"notes stand below a brace: \underbrace{{a}}_{{\text{{note}}}}",
     r"\overbrace \overbracket \underbracket"),
    ("{0} is not read: leave it out", r"\colorbox \cancel \bcancel \xcancel "
     r"\class \cssId \style \href \require \hline \hfill \hfil \kern \mkern \hskip \mskip \vspace "
     r"\footnotesize \small \large \Large \huge \raisebox \smash \rule \ensuremath \newline "
     r"\linebreak \cr \intertext \shortintertext \par \substack \sideset \mathchoice \relax"),
    (r"{0} is old style: \mathbf{{x}} for one letter, \text{{…}} for words",
     r"\rm \bf \it \sf \tt \cal \em \textup"),
    ("commands of your own are not read: write the formula out",
     r"\def \edef \gdef \let \newcommand \renewcommand \providecommand \DeclareMathOperator "
     r"\input \include \usepackage \write \catcode \csname \expandafter \loop \newenvironment"),
    ("the relation {0} is not read: say it in words, outside the formula",
     r"\ni \notin \subset \subseteq \supset \supseteq \perp \parallel \prec \succ \lesssim \gtrsim "
     r"\models \vdash \not"),
    (r"the arrow {0} is not read, only \to and \mapsto",
     r"\longrightarrow \hookrightarrow \xrightarrow \xleftarrow \longmapsto \uparrow \downarrow "
     r"\updownarrow \nearrow \searrow \rightharpoonup \rightleftharpoons"),
    (r"dots are written \dots, \vdots or \ddots", r"\hdots \iddots \hdotsfor \adots \dotso \dotsi"),
    (r"{0} takes its words in braces, and no braces within braces within them: {0}{{words}}",
     " ".join(rf"\{word}" for word in WORDS)),
    (r"{0} takes one letter: {0}{{X}}", " ".join(rf"\{style}" for style in STYLES)),
    (r"{0} takes a name in braces: {0}{{bmatrix}}", r"\begin \end"),
    ("what stands in the braces of {0} is missing, or has braces of its own",
     " ".join(rf"\{word}" for word in (*ASIDES, *COLOURS))),
    ("write % and its like in words, outside the formula", r"\% \$ \# \& \_ \^ \' \" \` \@ \-"),
)  # fmt: skip
#: Command → what to say of it.
NOT_READ = {
    command: message.format(command)
    for message, commands in _NOT_READ
    for command in commands.split()
}
#: Signs of keyboards and programs, and what to do instead.
DIGRAPHS = {
    "->": r"type \to", "=>": "write each formula by itself", "<=": r"type \le",
    ">=": r"type \ge", "==": "type =", "!=": r"type \ne", "...": r"type \dots", "**": "type ^",
    "=:": "write new := known", "||": "give the norm a name and declare it",
}  # fmt: skip
#: ASCII that LaTeX uses for something else, or not at all.
ASCII = {
    "$": "it begins or ends a formula, and cannot stand inside one: leave it out",
    "%": "in LaTeX it begins a comment: leave it out",
    "#": "in LaTeX it belongs to definitions: leave it out",
    "|": "absolute values, norms and evaluation bars are not read: write it without",
    "!": "factorials are not read",
    "?": "it is no mathematics: what is unknown needs a letter",
    '"': "words stand in \\text{…}, and a second derivative has two primes ''",
    "`": "code and formulas are different things: leave it out",
    "@": "leave it out",
    "\\": "a command is missing behind it",
}
#: Single characters that a keyboard, an editor or a copied page may give, and what to type.
UNICODE = {
    **dict.fromkeys("−–—‐‑﹣－", "-"), **dict.fromkeys("·⋅∙•", r"\cdot"),
    **dict.fromkeys("’‘′´ʹ", "'"), "×": r"\times", "÷": r"\frac", "⊙": r"\odot", "∘": r"\circ",
    "∂": r"\partial", "∑": r"\sum", "∆": r"\Delta", "∇": r"\nabla", "√": "a name, declared",
    "½": r"\tfrac12", "⅓": r"\tfrac13", "¼": r"\tfrac14", "¾": r"\tfrac34", "⅔": r"\tfrac23",
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv", "∈": r"\in",
    "→": r"\to", "↦": r"\mapsto", "≔": ":=", "∝": r"\propto", "∼": r"\sim", "∞": r"\infty",
    "…": r"\dots", "⋯": r"\dots", "⋮": r"\vdots", "⋱": r"\ddots", "ℝ": r"\mathbb{R}",
    "ℕ": r"\mathbb{N}", "ᵀ": "^T", "⊤": r"^\top", "ℓ": r"\ell", "ℰ": r"\mathcal{E}",
    **{sign: f"^{i}" for i, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}, "ⁿ": "^n",
    **{sign: f"_{i}" for i, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    **dict(zip("ᵢⱼₖₗₘₙ", ("_i", "_j", "_k", "_l", "_m", "_n"), strict=True)),
    **dict(zip("＝＋（），", "=+(),", strict=True)), "∗": "*", "∕": "/", "⁄": "/", "∶": ":",
    "“": r"\text{…}", "”": r"\text{…}", "„": r"\text{…}",
}  # fmt: skip
