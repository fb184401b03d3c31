"""The files around the code agree with each other, and name no machine and no registry."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from bpderiv.notebooks import MACHINE_PATH, read, texts

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))

#: conda-forge's name where it is not PyPI's in lower case.
CONDA_NAMES = {"matplotlib": "matplotlib-base"}  # without the Qt that conda's matplotlib brings


def test_conda_and_pip_install_the_same():
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["course"], *extras["test"]]
    pip = dict(map(name_and_bounds, wanted))
    assert pip.pop("bpderiv[course]") == ""
    conda = dict(map(name_and_bounds, (one for one in CONDA["dependencies"] if type(one) is str)))
    assert conda.pop("pip") == ""
    assert "python" in conda
    conda.pop("python")
    assert conda == {CONDA_NAMES.get(name, name): bounds for name, bounds in pip.items()}


def test_conda_takes_the_oldest_python_that_is_promised():
    oldest = PYPROJECT["project"]["requires-python"].removeprefix(">=")
    assert f"python={oldest}" in CONDA["dependencies"]


def test_conda_installs_the_course_itself():
    assert CONDA["dependencies"][-1] == {"pip": ["-e ."]}


def name_and_bounds(requirement: str) -> tuple[str, str]:
    name, bounds = re.fullmatch(r"([\w.\[\]-]+)\s*(.*)", requirement).groups()
    return name.lower(), bounds.replace(" ", "")


# --- what no file may say -----------------------------------------------------------------------

SKIPPED = {".git", ".venv", "__pycache__", ".ipynb_checkpoints", "build", "bpderiv.egg-info"}
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|anaconda\.(?:org|com)|npmjs\.(?:org|com)"
    r"|--(?:extra-)?index-url|--find-links|--trusted-host|/simple/"
)


def tracked() -> list[Path]:
    """The files that git knows or would take in; without git, all files that are ours."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        files = [ROOT / name for name in done.stdout.split("\0") if name]
    except (FileNotFoundError, subprocess.CalledProcessError):
        files = [p for p in ROOT.rglob("*") if not SKIPPED & set(p.relative_to(ROOT).parts)]
    return [path for path in files if path.is_file()]


def lines(path: Path) -> list[str]:
    """A file's lines; of a notebook only what is text, of a picture nothing."""
    if path.suffix == ".ipynb":
        return [line for _, text in texts(read(path)) for line in text.splitlines()]
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["machine path", "registry"])
def test_no_file_names_a_machine_or_a_registry(pattern):
    files = [path for path in tracked() if path != Path(__file__).resolve()]
    assert len(files) > 10
    found = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files
        for match in map(pattern.search, lines(path))
        if match
    }
    assert found == set()


def test_nothing_is_locked():
    locks = {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "conda-lock.yml", "pixi.lock"}
    assert [path for path in tracked() if path.name in locks] == []


# --- the promised commands ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "target", ["course", "test", "clean", "check", "messages", "notebooks", "lint", "help"]
)
def test_the_makefile_has_the_target(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


def test_make_alone_lists_the_commands():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make course" in done.stdout
    assert "make test" in done.stdout


@pytest.mark.parametrize("command", ["make course", "make test"])
def test_the_readme_names_the_command(command):
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


def test_ci_runs_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make test" in script.read_text(encoding="utf-8").splitlines()
