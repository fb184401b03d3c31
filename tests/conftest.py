"""The counting facility: fixture `count`, option `--floors`, a line at the end of the run."""

import gc
import json
import os

import pytest
from floors import COUNTABLE, PROPERTY, SAID, Tally, shortfalls, summary

#: Formulas are millions of small objects that live long: to look through them for garbage after
#: every 700 new ones, as Python does, costs a tenth of the time.
gc.set_threshold(100_000, 50, 50)

#: sympy remembers what it worked out, as a rule the last thousand results: here all of them.
os.environ["SYMPY_CACHE_SIZE"] = "None"


@pytest.fixture
def count(request):
    """count(kind, n=1): this test, if it passes, has proved n more of that kind."""

    def add(kind: str, number: int = 1) -> None:
        if kind not in COUNTABLE:
            raise ValueError(f"{kind!r} is not counted; choose from {sorted(COUNTABLE)}")
        request.node.user_properties.append((PROPERTY + kind, number))

    return add


@pytest.fixture
def say(request):
    """say(sentence): shown at the end of the run, if this test passes."""
    return lambda sentence: request.node.user_properties.append((SAID, sentence))


def pytest_addoption(parser):
    parser.addoption(
        "--floors", action="store_true", help="fail when less was checked than tests/floors.py asks"
    )
    parser.addoption(
        "--every-check", action="store_true", help="show each mutant to every check (slow)"
    )


#: Modules in which the search for mistakes is itself what is tested, or what is stored: it goes on
#: as long as for a user. Elsewhere it gives up sooner, which saves minutes.
FULL_SEARCH = {
    "test_notes", "test_messages", "test_letters", "test_diagnosis", "test_exercises",
    "test_blind_answers", "test_likely", "test_slips", "test_cli", "test_course",
}  # fmt: skip


@pytest.fixture(autouse=True)
def short_search(request, monkeypatch):
    """No test waits for a search that is not its concern."""
    if request.path.suffix == ".py" and request.path.stem not in FULL_SEARCH:
        monkeypatch.setattr("bpderiv.mistakes.diagnosis.EFFORT", 1500)


#: Modules of few and long tests. They are begun first: else one worker waits for another's end.
LONG = (
    "test_planted", "test_equations", "test_mutants", "test_letters", "test_messages",
    "test_derive", "test_notes", "test_likely", "test_exercises", "test_floors",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    """Long modules first; nothing else changes its place."""
    names = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: names.get(item.path.stem, len(LONG)))


def pytest_configure(config):
    if is_controller(config):
        config.pluginmanager.register(Counting(config), "bpderiv-counting")


def is_controller(config) -> bool:
    """True where all reports come together: not in a worker of xdist's."""
    return not hasattr(config, "workerinput")


class Counting:
    """Sums the reports of a run, tells the sums, judges them."""

    def __init__(self, config):
        self.config = config
        self.tally = Tally()

    def pytest_runtest_logreport(self, report):
        self.tally.add(report)

    def counts(self) -> dict[str, int]:
        return self.tally.counts(self.code_cells)

    def code_cells(self, notebook: str) -> int:
        cells = json.loads((self.config.rootpath / notebook).read_text(encoding="utf-8"))["cells"]
        return sum(cell["cell_type"] == "code" for cell in cells)

    def short(self) -> list[str]:
        judged = self.config.option.floors and not self.config.option.collectonly
        return shortfalls(self.counts()) if judged else []

    def pytest_sessionfinish(self, session):
        # A run that is red already keeps its own exit status (2: stopped, 3: pytest broke, …).
        if self.short() and session.exitstatus in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        terminalreporter.section("what was checked")
        terminalreporter.line(summary(self.counts()))
        for sentence in self.tally.said:
            terminalreporter.line(sentence)
        for sentence in self.short():
            terminalreporter.line(sentence, red=True)
