# One file to make, fly, test and look. `make fly` and `make test` install all they need by themselves.
PYTHON ?= python3
VENV := .venv
TESTS :=
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/installed

# Where a machine forbids to write compiled modules, each command compiles our sources again: a third of a start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: fly studio pages test test-web check bench bounds docs gpu clean

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e . --group dev
	$(BIN)/python -m compileall -q src
	$(BIN)/python -c "import pathlib; pathlib.Path('$(STAMP)').touch()"

fly: $(STAMP)
	$(BIN)/downrange fly examples/genesis/launch.yaml --out out/genesis

# The studio's pages: built by Node, which comes from the Python registry where it is not installed.
pages: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[web,pages]"
	$(BIN)/python builders/pages.py

studio: pages
	$(BIN)/downrange studio

test: $(STAMP)
	$(BIN)/python -m pytest $(TESTS)

# The pages' own tests, and the studio in a real Chromium (Debian: apt-get install chromium).
test-web: pages
	$(BIN)/python builders/pages.py --tests
	$(BIN)/python -m pytest -n 0 tests/web

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[bench]"
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/campaigns.py

docs: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[docs]"
	$(BIN)/python docs/figures.py
	$(BIN)/python -m sphinx -W -q -b html docs docs/_build/html

# The extra `gpu` (400 MB): compile the kernel to PTX, fly it in the simulator, and beside the CPU where a GPU is.
gpu: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[gpu]"
	$(BIN)/python -m pytest -n 0 tests/invariants/test_gpu.py

# The kernel compiled once more with every index looked at (four minutes): compiled code does not look, and would read what lies beyond a table.
bounds: $(STAMP)
	DOWNRANGE_CACHE="$(CURDIR)/out/bounds" DOWNRANGE_COMPILE=here NUMBA_BOUNDSCHECK=1 $(BIN)/python -m pytest -n 0 tests/invariants tests/flights tests/parity \
	  --ignore tests/invariants/test_vectorised.py --ignore tests/invariants/test_gpu.py

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(p, ignore_errors=True) for p in ('$(VENV)', 'out', 'web/node_modules', 'web/out', 'src/downrange/console/pages', 'docs/_build', '.pytest_cache', '.mypy_cache', '.ruff_cache')]"
