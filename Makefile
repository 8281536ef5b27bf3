# Everything that is done with Confer starts here: `make` alone lists it.
# Each target sets up what it needs; what is ready costs nothing the second time.

VENV   := .venv
BIN    := $(VENV)/bin
FLASK  := $(BIN)/flask --app wsgi
PYTEST := $(BIN)/pytest
VERIFIERS := tests/verifiers/node_modules/.packages

ARGS    ?=
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup run demo test stories check bench lock system system-tests
MAKEFLAGS += --no-print-directory

# A second start is quick because what was compiled the first time is kept.
unexport PYTHONDONTWRITEBYTECODE

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
	  || sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST)

setup: system $(VENV)/.packages ## prepare the virtual environment and the system packages, nothing else

run: setup ## serve on http://127.0.0.1:8000 with the data under var/
	@exec $(FLASK) serve $(ARGS)

demo: export CONFER_VAR := $(or $(CONFER_VAR),var/demo)
demo: export CONFER_DEMONSTRATION := 1
demo: setup ## the same with the demonstration loaded, data under var/demo/
	@$(FLASK) demo load
	@exec $(FLASK) serve $(ARGS)

test: setup $(VENV)/.packages-dev system-tests $(VERIFIERS) ## run the tests; make test ARGS="-k diploma", WORKERS=0 for one process
	$(PYTEST) -n $(WORKERS) --dist loadgroup $(ARGS)

stories: export CONFER_TEST_WHOLE := 1
stories: ## the longest stories in their whole measure: a thousand diplomas, a hundred deaths, two thousand sequences, every hostile file at every door (hours)
	@$(MAKE) test ARGS="-m measured $(ARGS)" WORKERS=0

check: setup $(VENV)/.packages-dev ## lint, types, drift of the migrations, architecture
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	setup/drift
	$(PYTEST) -q tests/test_architecture.py

bench: setup $(VENV)/.packages-dev ## measure; one JSON line for each figure
	@$(BIN)/python -m bench $(ARGS)

lock: $(VENV)/.packages-dev ## resolve requirements*.in anew into the locked requirements*.txt
	@for file in requirements requirements-dev requirements-s3; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	    $$file.in -o $$file.txt || exit 1; \
	done

# ---------------------------------------------------------------- what the targets above stand on

system:
	@setup/system runtime

# A test that misses its program skips and says why; with CONFER_TEST_ALL=1 nothing may skip.
system-tests:
	@setup/system tests || [ "$(CONFER_TEST_ALL)" != 1 ]

$(VERIFIERS): tests/verifiers/package-lock.json | system-tests
	@setup/verifiers || [ "$(CONFER_TEST_ALL)" != 1 ]

$(VENV)/.packages: requirements.txt
	@setup/environment requirements.txt
	@touch $@

$(VENV)/.packages-dev: requirements-dev.txt $(VENV)/.packages
	@setup/environment requirements.txt requirements-dev.txt
	@touch $@
