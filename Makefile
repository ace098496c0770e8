# One file to make, fly, test and look. `make fly` and `make test` install all they need by themselves.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/installed
DEV := "pytest>=8" "pytest-xdist>=3.6" "hypothesis>=6.100" "ruff>=0.8" "mypy>=1.13" "import-linter>=2.1" "scipy>=1.13"

.PHONY: fly test check bench docs clean

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e . $(DEV)
	$(BIN)/python -c "import pathlib; pathlib.Path('$(STAMP)').touch()"

fly: $(STAMP)
	$(BIN)/downrange fly examples/genesis/launch.yaml --out out/genesis

test: $(STAMP)
	$(BIN)/python -m pytest

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[bench]"
	$(BIN)/python benchmarks/run.py

docs: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[docs]"
	$(BIN)/python docs/figures.py
	$(BIN)/python -m sphinx -W -q -b html docs docs/_build/html

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(p, ignore_errors=True) for p in ('$(VENV)', 'out', 'docs/_build', '.pytest_cache', '.mypy_cache', '.ruff_cache')]"
