# make run    start everything; PORT=8123, GUICHE_HOME=folder, DEMO=0 (the real thing)
# make test   all tests; FLOOR=fast leaves the browser out
# make check  lint, types and import rules
# make bench  measure business time, and pages over 100,000 tickets; PART=worktime, TICKETS=2000 (docs/howto/measure.md)
.DEFAULT_GOAL := run
.PHONY: run test check bench lock messages

export PORT GUICHE_HOME DEMO PYTHON
BIN := .venv/bin
POSTGRES_15 := /usr/lib/postgresql/15/bin

run: .venv/.base
	@exec $(BIN)/guiche run

test: .venv/.dev
ifeq ($(FLOOR),fast)
	$(BIN)/python -m pytest -m "not journey"
else ifeq ($(FLOOR),database)
	$(BIN)/python -m pytest -m "not journey and not slow"
else
	@tests/debian-packages chromium
	@if tests/debian-packages postgresql; then again=test-postgres-15; \
	else echo "Not repeated on PostgreSQL 15: its package cannot be installed here."; fi; \
	$(MAKE) --no-print-directory -j2 $(WHOLE) test-stories test-rules $$again
endif

# Two sessions of tests run side by side, each with a database of its own; what one says is shown when it has ended.
WHOLE := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
.PHONY: test-stories test-rules
test-stories: .venv/.dev
	$(BIN)/python -m pytest -m "journey or slow"
test-rules: .venv/.dev
	$(BIN)/python -m pytest -m "not journey and not slow"

# The tests of rules and rows once more, on the oldest PostgreSQL that is supported.
.PHONY: test-postgres-15
test-postgres-15: .venv/.dev
	@home=$$(mktemp -d /tmp/guiche-pg15-XXXXXX) && trap 'rm -rf "$$home"' EXIT && \
	$(BIN)/python -m guiche.operations.embedded_postgres --bin $(POSTGRES_15) --careless "$$home" -- \
	    $(BIN)/python -m pytest -m "not journey and not slow" \
	    --ignore=tests/web --ignore=tests/architecture --ignore=tests/operations --ignore=tests/journeys

check: export GUICHE_HOME := $(CURDIR)/build/check
check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports

bench: .venv/.base
	@exec $(BIN)/python -m guiche.operations.bench $(ARGS)

# uv only: the one tool that resolves for every platform at once.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --only-binary :all: --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
lock:
	cd requirements && $(COMPILE) $(ARGS) base.in -o base.txt && $(COMPILE) $(ARGS) dev.in -o dev.txt

# Collect the sentences of the code into every catalogue; new ones are left for the translator.
messages: .venv/.dev
	@mkdir -p build
	$(BIN)/pybabel -q extract -F locale/babel.cfg -k gettext_lazy -k gettext_noop -k ngettext_lazy:1,2 -k pgettext:1c,2 \
	    --project guiche --no-location --sort-output -w 120 -o build/django.pot guiche
	@for language in pt_BR en es; do \
	    verb=update; [ -e locale/$$language/LC_MESSAGES/django.po ] || verb=init; \
	    [ $$verb = init ] || verb="update --no-fuzzy-matching --ignore-obsolete"; \
	    $(BIN)/pybabel -q $$verb -D django -i build/django.pot -d locale -l $$language -w 120; done

.venv/.base: requirements/base.txt requirements/install
	@requirements/install base

.venv/.dev: requirements/dev.txt requirements/install
	@requirements/install dev

# Tickets that live at random, through their actions, against what follows from their events.
.PHONY: histories
histories: .venv/.dev
	HISTORIES=$(or $(HISTORIES),10000) $(BIN)/python -m pytest tests/sla/test_random_histories.py
