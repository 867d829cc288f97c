# Everything the project does, one target each. `make help` lists them.

.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin

# The first Python that is recent enough; `make PYTHON=/path/to/python3 …` chooses another.
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
	done)
endif

# Run one test with `make test-fast T=tests/domain`.
T ?= tests

##@ Everyday

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: setup ## Start the example town: engine, worker, site, mail catcher
	@exec $(BIN)/python -m deploy.local

.PHONY: test
test: setup-dev chromium clamd check ## Check everything, then run every test
	$(BIN)/pytest

##@ Setting up

.PHONY: python
python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Il faut Python 3.11 ou plus récent ; ici : $$(python3 --version 2>&1 || true)."; \
		echo "Sous Debian ou Ubuntu : apt-get install python3 python3-venv"; \
		echo "Un autre Python : make PYTHON=/chemin/vers/python3.11 …"; \
		exit 1; \
	fi

.PHONY: setup
setup: python ## Install what the town needs into .venv
	@$(PYTHON) deploy/install.py local

.PHONY: setup-dev
setup-dev: python ## Install what developers need as well
	@$(PYTHON) deploy/install.py dev

.PHONY: chromium
chromium: ## Make sure a browser is there for the journeys
	@bash deploy/chromium.sh

.PHONY: clamd
clamd: ## Make sure an antivirus is there for the tests
	@bash deploy/clamd.sh

##@ Testing and quality

.PHONY: format
format: setup-dev ## Format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: check
check: setup-dev ## Format, lint, types, import contracts, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet api/templates

.PHONY: test-postgres
test-postgres: setup-dev ## The tests of activities, workflows and site on PostgreSQL (T=path for some)
	$(BIN)/pytest --postgres -m "not browser and not fault" $(if $(filter tests,$(T)),\
		tests/activities tests/workflows tests/api,$(T))

.PHONY: test-fast
test-fast: setup-dev ## Every test without a browser (T=path for some of them)
	$(BIN)/pytest -m "not browser and not fault" $(T)

.PHONY: journeys
journeys: setup-dev chromium ## The browser journeys only
	$(BIN)/pytest tests/journeys

.PHONY: faults
faults: setup-dev ## Kill, cut and fill everything, count what is lost, write docs/reliability.md
	$(BIN)/pytest -m "fault or not fault" tests/faults --write-report

.PHONY: bench
bench: setup-dev ## What the portal costs: one table of one run (ROWS=pages,lists WRITE=1)
	$(BIN)/python -m bench $(if $(ROWS),--rows $(ROWS)) $(if $(WRITE),--write)

.PHONY: replay
replay: setup-dev ## Today's workflows against yesterday's histories
	$(BIN)/pytest tests/replay

.PHONY: history
history: setup-dev ## Live a scenario for real and keep its history: NAME=…
	$(BIN)/python -m tests.replay.record $(NAME)

.PHONY: screenshots
screenshots: setup-dev chromium ## Pictures of every page in every state: FOLDER=../captures
	$(BIN)/python -m tests.journeys.screenshots $(FOLDER)

.PHONY: pictures
pictures: setup-dev chromium ## Take the pictures of the README anew
	$(BIN)/python -m tests.journeys.readme_pictures

##@ Database and dependencies

.PHONY: migrate
migrate: setup ## Bring the database up to date
	$(BIN)/ribambelle migrate

.PHONY: migration
migration: setup-dev ## Write a new migration: NAME=what_it_does
	@test -n "$(NAME)" || { echo "make migration NAME=add_corrections"; exit 1; }
	$(BIN)/python -m deploy.migration "$(NAME)"

.PHONY: lock
lock: setup-dev ## Lock the dependencies again, with hashes and without any address
	@$(BIN)/python -m deploy.lock
