# Two commands are enough: `make run` opens the page, `make test` runs the tests. `make help` lists the others.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv installs in seconds where it is there; pip does the same in a minute.
UV := $(shell command -v uv 2>/dev/null)
INSTALL := $(if $(UV),$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)
PORT ?= 8501
LIMIT ?= 25

.PHONY: run test check lint test-browser bench eval help clean
.DEFAULT_GOAL := help

run: $(VENV)/.installed ## install if needed, then open the page on http://localhost:8501 (PORT=… for another port)
	$(BIN)/debatebot ui --port $(PORT)

test: $(VENV)/.installed-dev ## install if needed, then run every test that needs no browser and no server
	$(BIN)/python -m pytest

check: lint test ## lint, types, tests: what CI runs

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-browser: $(VENV)/.installed-browser ## the page in a real Chromium (Debian: apt-get install chromium)
	$(BIN)/python -m pytest --override-ini addopts="-q --strict-markers --strict-config --import-mode=importlib" tests/browser

bench: $(VENV)/.installed-dev ## speed, as ratios against named baselines in the same run
	$(BIN)/python -m tests.benchmarks

eval: $(VENV)/.installed ## quality on a sample of public sets (DATA=folder; without it, what needs no sets)
	$(BIN)/debatebot eval --limit $(LIMIT) $(if $(DATA),--data "$(DATA)")

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist

$(VENV)/bin/python:
	$(if $(UV),$(UV) venv --quiet --python $(PYTHON) $(VENV),$(PYTHON) -m venv $(VENV))

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing debatebot (once; a minute or two without uv)…"
	$(INSTALL) --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(INSTALL) --constraint constraints.txt --editable ".[dev]"
	@touch $@

$(VENV)/.installed-browser: $(VENV)/.installed-dev
	$(INSTALL) --constraint constraints.txt --editable ".[dev,browser]"
	@touch $@
