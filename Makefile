# Two commands are enough: `make study` and `make test`. `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# regionstudy itself; --no-deps because the lock file has installed the rest.
INSTALL := $(PIP) install --no-deps --no-build-isolation --editable .

.DEFAULT_GOAL := help
.PHONY: help study lab test check format lock benchmarks clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

study: .venv/.study ## Set up and build the study on the embedded data into site/
	@$(BIN)/regionstudy build

lab: .venv/.study ## Open JupyterLab on the notebooks
	@$(BIN)/regionstudy lab

test: .venv/.test check ## Set up, run the checks, then all tests
	@$(BIN)/python -m pytest --numprocesses auto

check: .venv/.test ## Format, lint, types, one-way flow and docstrings
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m numpydoc.hooks.validate_docstrings $$(git ls-files 'src/**/*.py')

format: .venv/.test ## Format the code and mend what the linter can
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format --quiet

lock: ## Renew both lock files (needs uv)
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --quiet --upgrade --output-file requirements.lock
	uv pip compile pyproject.toml --group build --group check --group test --constraint requirements.lock \
		--universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --quiet --output-file requirements-test.lock

benchmarks: .venv/.test ## Print every speed and size ratio
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python -m benchmarks.$$(basename $$file .py); done

clean: ## Remove the environment, the site and all caches
	rm -rf .venv site .regionstudy .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "regionstudy needs Python 3.11 or newer; say which: make PYTHON=python3.12 ..." >&2; exit 2; }
	@echo "Creating .venv ..." >&2
	@$(PYTHON) -m venv .venv

.venv/.study: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what the study needs (a few minutes the first time) ..." >&2
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(INSTALL)
	@touch $@

.venv/.test: requirements-test.lock pyproject.toml | .venv/bin/python
	@echo "Installing what the tests need (a few minutes the first time) ..." >&2
	@$(PIP) install --require-hashes --requirement requirements-test.lock
	@$(INSTALL)
	@touch $@
