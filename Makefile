# Needs make and Python 3.11 or newer, nothing else: the rest goes into .venv, here.
#
#   make course                          set up, check the notes, open JupyterLab
#   make course LAB_ARGS=--no-browser    the same on a machine without a browser
#   make test                            everything that CI checks
#   make course PYTHON=python3.12        with that Python, if python3 is too old
#   make course USE_UV=0                 set up with pip alone (slower)

PYTHON      ?= python3
USE_UV      ?= 1
LAB_ARGS    ?=
PYTEST_ARGS ?=
# One more than there are processors: a worker that waits for a notebook's kernel leaves one idle.
WORKERS     ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

# Paths are relative, so that the folder's own path may contain spaces. HERE is a number made from
# that path: in a folder that was moved or copied, bpderiv is installed again.
VENV  := .venv
HERE  := $(shell pwd | cksum | cut -d' ' -f1)
RUN   := $(VENV)/bin/python
FIRST := $(firstword $(sort $(wildcard notebooks/*.ipynb)) notebooks)

# Whatever environment is active (venv, conda, user site), only .venv counts.
unexport VIRTUAL_ENV CONDA_PREFIX PYTHONHOME PYTHONPATH UV_SYSTEM_PYTHON PIP_TARGET PIP_PREFIX
# A kernel that may not keep compiled modules compiles them all again, seconds for every notebook.
unexport PYTHONDONTWRITEBYTECODE
export PIP_USER := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# JupyterLab refuses to run as root unless told that this is meant (containers).
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: help course test lint check messages notebooks clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' Makefile | sed 's/:.*## /|/' | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

course: $(VENV)/course-$(HERE) ## set up, check the notes, open the notebooks
	$(RUN) -m bpderiv check notes
	@echo
	@echo 'JupyterLab starts now. To stop it: press Ctrl-C twice in this terminal.'
	$(RUN) -m jupyterlab $(AS_ROOT) $(LAB_ARGS) $(FIRST)

test: lint ## everything: style, tests, all notebooks run and compared, the floors
	$(RUN) -m pytest tests notebooks --nbval --nbval-current-env \
	    -n $(WORKERS) --maxprocesses 8 --dist loadscope --no-loadscope-reorder --floors $(PYTEST_ARGS)

lint: $(VENV)/test-$(HERE) ## style only: ruff check, ruff format --check
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

check: $(VENV)/course-$(HERE) ## judge every equation in the notes and the notebooks
	$(RUN) -m bpderiv check notes notebooks

messages: $(VENV)/test-$(HERE) ## store anew what users and learners are told (tests/*.md)
	cd tests && ../$(RUN) messages.py && ../$(RUN) feedback.py

notebooks: $(VENV)/course-$(HERE) ## make the exercises' cells, run all notebooks, store outputs
	$(RUN) -m bpderiv.exercises.cells notebooks
	$(RUN) -m bpderiv.notebooks notebooks

clean: ## remove .venv and caches, nothing else
	rm -rf $(VENV) build bpderiv.egg-info .pytest_cache .ruff_cache .hypothesis
	find bpderiv tests notebooks -name __pycache__ -type d -prune -exec rm -rf {} +

# --- setting up -----------------------------------------------------------------------------

# Stamps: nothing is installed twice unless pyproject.toml has changed. `test` contains `course`.
$(VENV)/course-$(HERE): $(VENV)/created pyproject.toml
	$(call install,course)
	@touch $@

$(VENV)/test-$(HERE): $(VENV)/created pyproject.toml
	$(call install,test)
	@touch $(VENV)/course-$(HERE) $@

# uv needs a few seconds, pip about a minute. uv does not read pip's settings (a mirror, a proxy),
# so when it fails pip has a try.
define install
	@if [ '$(USE_UV)' != 0 ] && $(RUN) -m pip install --quiet uv \
	    && $(RUN) -m uv pip install --python $(RUN) --editable '.[$(1)]'; then :; else \
	    echo 'Installing with pip; this takes about a minute.'; \
	    $(RUN) -m pip install --editable '.[$(1)]'; fi
endef

$(VENV)/created:
	@command -v '$(PYTHON)' >/dev/null || { \
	    echo 'There is no "$(PYTHON)" here. Install Python 3.11 or newer, or name yours:'; \
	    echo '    make $(MAKECMDGOALS) PYTHON=/path/to/python3'; exit 1; } >&2
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "This needs Python 3.11 or newer; $(PYTHON) is $$('$(PYTHON)' -V 2>&1). Name a newer one:"; \
	    echo '    make $(MAKECMDGOALS) PYTHON=python3.12'; exit 1; } >&2
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo '$(PYTHON) lacks the venv module. On Debian and Ubuntu: apt install python3-venv.'; \
	    echo 'Or name a Python that has it: make $(MAKECMDGOALS) PYTHON=/path/to/python3'; exit 1; } >&2
	'$(PYTHON)' -m venv $(VENV)
	@touch $@
