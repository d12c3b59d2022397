# Two commands do everything on a fresh machine with Python 3.11 or later: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
unexport PYTHONDONTWRITEBYTECODE  # or every process that a test starts compiles the program again

.PHONY: help demo test coverage check bench docs clean
.DEFAULT_GOAL := help

help:  ## show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

$(VENV)/made: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/made-dev: $(VENV)/made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(VENV)/made  ## replay the published trial, check its claims, write its paper, open the site
	$(BIN)/firstbreath demo $(ARGS)

test: $(VENV)/made-dev  ## every test; lint, types and import contracts are among them
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

coverage: $(VENV)/made-dev  ## every test, and which lines and branches they reach; takes twice as long
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term $(ARGS)

check: $(VENV)/made-dev  ## lint, types and import contracts alone; changes nothing
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: $(VENV)/made-dev  ## speed, beside the peers, in one run
	$(BIN)/python -m bench $(ARGS)

docs: $(VENV)/made-dev  ## print the handbook from the spec tests, and the schemas from the protocol
	$(BIN)/python -m docs.build

clean:  ## remove what was made, not what was written
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
