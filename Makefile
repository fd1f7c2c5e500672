# Two commands for a first look: `make run` and `make test`. Python 3.11 or newer and make are all they need.

PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.PHONY: help run test serve migrate worker check bench drill audit messages lock fix

help:
	@echo "make run       the site with its demo content, on http://127.0.0.1:8000/"
	@echo "make test      the whole test suite"
	@echo "make serve     production (README, “Deploy”); make migrate before it, make worker beside it"
	@echo "make check     linters, templates, migrations, messages, import contracts"
	@echo "make audit     the Nu HTML checker, axe, Lighthouse, HTTP Observatory (needs npm, java, Chromium, nginx)"
	@echo "make drill     every fault that can happen at night, with real processes (needs nginx; some need root)"
	@echo "make bench     the benchmarks;  make messages: translations;  make lock: dependencies;  make fix: formatting"

.venv/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is %s." % sys.version.split()[0])'
	@$(PYTHON) -m venv .venv
	@touch $@

# What runs, and beside it what tests and checks need; both are locked with hashes.
.venv/runs: requirements.txt | .venv/pip
	@echo "Installing what the site needs …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/tests: requirements-dev.txt | .venv/pip
	@echo "Installing what tests and checks need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@ .venv/runs

run: .venv/runs
	@exec $(MANAGE) run

test: .venv/tests
	@$(BIN)/python -m pytest -n auto

serve: .venv/runs
	@exec $(MANAGE) serve

migrate: .venv/runs
	@$(MANAGE) migrate

worker: .venv/runs
	@exec $(MANAGE) worker

check: .venv/tests
	@$(BIN)/python tests/check.py

bench: .venv/tests
	@$(BIN)/python -m bench

drill: .venv/tests
	@$(BIN)/python -m drill

# The tools of the audit, locked with hashes; none of their own scripts is run (one would download a browser).
audit/node_modules/.installed: audit/package-lock.json
	@echo "Installing what the audit needs …"
	@cd audit && npm ci --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

audit: .venv/tests audit/node_modules/.installed
	@$(BIN)/python -m audit

# Needs GNU gettext. What is new in French is left for a person to translate; English says what the code says.
MAKEMESSAGES := $(MANAGE) makemessages --all --keep-pot --no-location --no-wrap --ignore .venv --ignore var --ignore tests --ignore audit
messages: .venv/runs
	@$(MAKEMESSAGES)
	@$(MAKEMESSAGES) --domain djangojs
	@for name in django djangojs; do \
	  po=locale/en/LC_MESSAGES/$$name.po; pot=locale/$$name.pot; \
	  msgattrib --no-fuzzy --no-obsolete --no-wrap -o $$po $$po && \
	  msgmerge --quiet --no-fuzzy-matching --no-wrap -o $$po $$po $$pot && msgen --no-wrap -o $$po $$po && rm $$pot || exit 1; \
	done
	@for po in locale/*/LC_MESSAGES/*.po; do msgfmt --check --statistics -o $${po%.po}.mo $$po || exit 1; done

# uv writes local paths where its variables are set, hence without them.
UV := env $$(env | sed -n 's/^\(UV_[A-Z_]*\)=.*/-u \1/p') $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header
lock: .venv/tests
	@$(UV) pyproject.toml -o requirements.txt $(LOCK)
	@$(UV) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt $(LOCK)

fix: .venv/tests
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .
	@git ls-files 'templates/*.html' | xargs $(BIN)/djade --target-version 5.2
