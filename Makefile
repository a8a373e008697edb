# Each target sets up what it needs. `make demo` and `make test` are all that a fresh machine has to be told.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FUZZ_SECONDS ?= 3600
# The index that pytorch.org names for builds without CUDA: 190 MB to download instead of 2.7 GB on Linux.
TORCH_INDEX ?=
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# The tests of one file stay together and share what they started. tests/conftest.py orders the files and counts the workers.
SIDE_BY_SIDE := -n auto --dist loadfile --no-loadscope-reorder

.PHONY: help setup demo test test-fast lint types verify bench bench-peers fuzz package clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## Create .venv with torch and everything else

# torch first and by itself, exactly as pinned: what comes later then finds it and downloads no other.
$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "torchgrade needs Python 3.11 or later; name one: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make environments; on Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
# One that an earlier attempt left without pip is made anew.
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) -c constraints.txt $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch
	$(PIP) -c constraints.txt -e '.[dev]'
	@touch $@

demo: setup ## Grade three sample submissions of examples/ and write their reports
	@sh examples/demo.sh $(BIN)/grade

test: setup ## Run the tests; with TORCHGRADE_TESTS=whole all attacks and the whole kit, of which it else tries some
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

test-fast: setup ## Run the tests that take less than a minute together
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not slow"

lint: setup ## Check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## Check types: of tests and benchmarks, too; of the package for the other systems as well
	$(BIN)/mypy
	$(BIN)/mypy tests benchmarks packaging setup.py
	for system in win32 darwin; do $(BIN)/mypy --config-file .ci/everywhere.ini --platform $$system --cache-dir .mypy_cache/$$system || exit 1; done

verify: setup ## Hold every problem to its promises, those of examples/ as well
	$(BIN)/grade verify
	cd examples/from-scratch && ../../$(BIN)/grade verify

fuzz: setup ## Fuzz what reads a room's answers, hand-ins and grades, each for FUZZ_SECONDS
	$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris
	mkdir -p build
	for what in sandbox.fuzz_values intake.fuzz_intake reports.fuzz_pages; do \
		$(BIN)/python -m tests.$$what -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build/ || exit 1; \
	done

bench: setup ## Measure the speed targets, side by side on this machine
	$(BIN)/python -m benchmarks

bench-peers: setup ## Grade the same submissions with otter-grader and nbgrader, each in an environment of its own
	$(BIN)/python -m benchmarks.peers

package: setup ## Build the distributions, check them, and try the wheel in an empty environment
	$(PIP) -c constraints.txt -e '.[package]'
	$(BIN)/python packaging/check.py

clean: ## Remove what the targets above made
	rm -rf $(VENV) demo-output build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
