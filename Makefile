# Every target sets up what it needs by itself: Python 3.11 or newer and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= demo-run
JOBS ?= 2
PYTEST := OMP_NUM_THREADS=1 $(BIN)/pytest tests -n $(JOBS) --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help demo test test-all check bench golden clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.core: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Cotmill needs Python 3.11 or newer; say which with: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

$(VENV)/.all: $(VENV)/.dev
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev,hf,train,serving]'
	@touch $@

demo: $(VENV)/.core  ## set up, run the main job on the built-in programs, say where the report is
	$(BIN)/cotmill demo --out $(OUT)

test: $(VENV)/.dev  ## set up and run the core suite
	$(PYTEST) -m 'not extra'

test-all: $(VENV)/.all  ## the core suite and the tests that need the extras
	$(PYTEST)

check: $(VENV)/.dev  ## linter, formatter, types, import direction
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.all  ## the benchmarks; COTMILL_SEEDS names a folder with seed files for the larger ones
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

golden: $(VENV)/.dev  ## refresh the gold files; look at the difference before you commit it
	$(BIN)/python tests/golden/refresh.py

clean:  ## remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
