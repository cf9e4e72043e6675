# Two commands: `make demo` writes a brief of the example articles, `make test` checks everything.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check unit lint types format eval docs pictures lock wheelhouse clean

demo: $(VENV)/.ready  ## Set up and write the brief of examples/riyadh-2025
	$(BIN)/detente brief examples/riyadh-2025 -o brief.html
	@echo "Open the brief in a browser: $(CURDIR)/brief.html"

test: check  ## Set up, then tests with coverage, lint and types

check: unit lint types

unit: $(VENV)/.ready
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered --cov-fail-under=90

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready
	$(BIN)/mypy

format: $(VENV)/.ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: $(VENV)/.ready  ## Compare accuracy with eval/floors.json
	$(BIN)/python eval/gate.py

docs: $(VENV)/.ready  ## Write the generated parts of docs/reference again
	$(BIN)/python docs/generate.py

pictures: $(VENV)/.ready  ## Draw the pictures of the mechanisms again
	$(BIN)/python docs/pictures.py

lock:  ## Resolve the dependencies again (needs uv)
	uv pip compile pyproject.toml --group dev --group build --generate-hashes --universal \
		--python-version 3.11 --no-annotate -q -o requirements.lock

wheelhouse: $(VENV)/.ready  ## Download every dependency, to install where there is no network
	$(BIN)/python -m pip download --require-hashes -r requirements.lock -d wheelhouse

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "détente needs Python 3.11 or newer; run: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing; on Debian or Ubuntu run: sudo apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip install -q --disable-pip-version-check $(PIPFLAGS) --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage* brief.html
