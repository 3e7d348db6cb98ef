# Every target sets itself up: .venv is made on first use and left alone while the lock is unchanged.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test check bench serve docs verify clean
.DEFAULT_GOAL := demo

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ivig needs Python 3.11 or newer")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: $(READY)  ## a complete plan for a real patient: text here, plan.html to look at
	$(BIN)/ivig plan examples/cvid-62f.yaml --product privigen
	$(BIN)/ivig plan examples/cvid-62f.yaml --product privigen --format html -o plan.html

test: $(READY)
	$(BIN)/python -m pytest -n 2

check: $(READY)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-cache
	$(BIN)/ivig knowledge check

BENCH_READY := .venv/.bench-ready

$(BENCH_READY): $(READY) requirements-bench.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-bench.lock
	touch $@

bench: $(BENCH_READY)
	$(BIN)/python -m bench

docs: $(READY)
	$(BIN)/python -m docs.generate

verify: $(READY)  ## rewrite docs/verification/; with MEASURE=--measure remeasure the coverage too
	$(BIN)/python -m docs.verify_kinetics $(MEASURE)
	$(BIN)/python -m docs.verify_outcomes
	$(BIN)/python -m docs.verify_mechanism
	$(BIN)/python -m docs.verify_evidence

serve: $(READY)
	@echo "The web service is not built yet; see docs/decisions/0001-shape.md." && exit 4

clean:
	rm -rf .venv plan.html dist .pytest_cache .ruff_cache .hypothesis
