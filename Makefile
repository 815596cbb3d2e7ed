.DEFAULT_GOAL := help
.PHONY: help run test on-sqlite on-postgresql in-chromium thorough check format types code markup imports migrations screenshots \
	benchmark benchmark-migrations benchmark-deliveries benchmark-mlflow benchmark-registries \
	benchmark-large-file benchmark-lighthouse
SHELL := /bin/sh
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
TEMPLATES := $(wildcard templates)
CODE := manage.py $(wildcard accounts artifacts registries automations wandb_api registry_site benchmarks)

help:
	@echo "make run      serve on http://127.0.0.1:8000"
	@echo "make test     everything: linters, types, both databases, a real browser"
	@echo "make thorough  the long hunts in full: thousands of clients, kills and requests"
	@echo "make benchmark  speed on a million aliases, both databases"
	@echo "make benchmark-migrations  the same data back to the first migrations and forward"
	@echo "make check    linters, types, imports and migrations alone"
	@echo "make benchmark-deliveries  what automations cost and deliver"
	@echo "make benchmark-mlflow  aliases resolved and moved, beside an MLflow server"
	@echo "make benchmark-registries  paging through registries as the SDK does"
	@echo "make benchmark-large-file  5 GB up and down, and what others notice of it"
	@echo "make benchmark-lighthouse  what Lighthouse says of the main pages"
	@echo "make screenshots  pictures of every page, for docs/ui.md"
	@echo "make format   put code and templates in order"

run: $(VENV)/.for-run
	@exec $(BIN)/python manage.py start

# Everything runs on SQLite. What only reads text or a page's markup, starts the program or drives
# the SDK says nothing new on PostgreSQL; what changes or reads rows does, and runs there as well.
ON_POSTGRESQL := tests/access tests/accounts tests/artifacts tests/attacks tests/automations \
	tests/faults tests/migrations tests/registries tests/wandb_api \
	tests/architecture/test_query_counts.py tests/registry_site/test_health.py \
	tests/registry_site/backups tests/registry_site/postgresql
# The runs on both databases go side by side: while tests of one wait for a process or a clock, those
# of the other have the machine. What a run says is shown when it is over. A browser gets the machine
# for itself: a page that is slow to load is another page to whoever types at once.
SUITE := -q --dist worksteal

test: $(VENV)/.for-test
	@$(BIN)/python -m tests.machine.packages
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m tests.machine.untouched
	@echo "Everything on SQLite and on PostgreSQL, side by side; this takes ten minutes"
	@$(MAKE) --no-print-directory --keep-going --output-sync -j 2 on-postgresql on-sqlite
	@$(MAKE) --no-print-directory in-chromium

on-sqlite:
	@echo "== Everything but the browser on SQLite, the wandb SDK included"
	@$(BIN)/pytest $(SUITE) -n 2 -m "not thorough" --ignore=tests/browser

on-postgresql:
	@echo "== What changes or reads rows on PostgreSQL"
	@$(BIN)/python -m tests.machine.postgresql $(BIN)/pytest $(SUITE) -n 2 \
		-m "not browser and not thorough" $(wildcard $(ON_POSTGRESQL))

in-chromium:
	@echo "== The browser tests in Chromium"
	@$(BIN)/pytest $(SUITE) -n 3 -m "not thorough" tests/browser

# What `make test` does a little of, in full: on both databases, and in Chromium where it is meant.
thorough: $(VENV)/.for-test
	@$(BIN)/python -m tests.machine.packages
	@echo "== The hunts in full on SQLite"
	@$(BIN)/pytest -q -m thorough
	@echo "== The hunts in full on PostgreSQL"
	@$(BIN)/python -m tests.machine.postgresql $(BIN)/pytest -q -m "thorough and not browser"

# Both themes, three widths, in docs/pictures.
screenshots: $(VENV)/.for-test
	@$(BIN)/python -m tests.machine.packages
	@$(BIN)/pytest -q tests/browser/pictures.py

# Figures of the site on small and on big data; the data is kept in .benchmarks between runs.
benchmark: $(VENV)/.for-test
	@$(BIN)/python -m tests.machine.packages
	@$(BIN)/python -m benchmarks.site

# A copy of the big data, back and forward; every row is counted and compared.
benchmark-migrations: $(VENV)/.for-test
	@$(BIN)/python -m tests.machine.packages
	@$(BIN)/python -m benchmarks.site_migrations

# What the outbox costs a change, and how much four workers deliver; on empty databases.
benchmark-deliveries: $(VENV)/.for-test
	@$(BIN)/python -m tests.machine.packages
	@$(BIN)/python -m benchmarks.deliveries

# Waymark beside MLflow, which is installed into a folder of its own.
benchmark-mlflow: $(VENV)/.for-test
	@$(BIN)/python -m tests.machine.packages
	@$(BIN)/python -m benchmarks.mlflow_comparison

# Pages of 100 registries, collections and versions, out of 120, 10,000 and 100,000.
benchmark-registries: $(VENV)/.for-test
	@$(BIN)/python -m tests.machine.packages
	@$(BIN)/python -m benchmarks.registry_pages

# Needs 5 GB of disk for its minute; SIZE=--gigabytes=1 sends less.
benchmark-large-file: $(VENV)/.for-test
	@$(BIN)/python -m tests.machine.packages
	@$(BIN)/python -m benchmarks.large_file $(SIZE)

# Installs Lighthouse by npm into a folder that is gone afterwards.
benchmark-lighthouse: $(VENV)/.for-test
	@$(BIN)/python -m tests.machine.packages
	@$(BIN)/python -m benchmarks.lighthouse

# A key and a database in memory, so that looking at the code leaves no data folder behind.
check: export WAYMARK_SECRET_KEY = only for looking at the code, used nowhere else
check: export DATABASE_URL = sqlite://:memory:
check: $(VENV)/.for-test
	@$(MAKE) --no-print-directory --keep-going --output-sync -j 2 \
		types code markup imports migrations

types:
	@$(BIN)/mypy --no-error-summary $(CODE)

code:
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet

markup:
	@$(BIN)/djade --check $$(find $(TEMPLATES) -name '*.html') > $(VENV)/djade.log 2>&1 \
		|| { cat $(VENV)/djade.log; exit 1; }
	@$(BIN)/djlint --lint --quiet $(TEMPLATES)

imports:
	@$(BIN)/lint-imports > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }

migrations:
	@$(BIN)/python manage.py makemigrations --check --dry-run --verbosity 1 > $(VENV)/migrations.log \
		|| { cat $(VENV)/migrations.log; exit 1; }

format: $(VENV)/.for-test
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format --quiet
	@$(BIN)/djade $$(find $(TEMPLATES) -name '*.html') > $(VENV)/djade.log 2>&1 || true

# The requirements stand in pyproject.toml, their versions in constraints.txt.
define requirements
import sys, tomllib
project = tomllib.load(open("pyproject.toml", "rb"))["project"]
extras = [project["optional-dependencies"][name] for name in sys.argv[1:]]
print("\n".join(sum(extras, project["dependencies"])))
endef
export requirements

define install
@echo "Installing what Waymark needs$(if $(1), for its $(1)s) into $(VENV)"
@$(BIN)/python -c "$$requirements" $(1) > $(VENV)/requirements.txt
@$(BIN)/python -m pip install --disable-pip-version-check --no-input \
	-c constraints.txt -r $(VENV)/requirements.txt > $(VENV)/pip.log 2>&1 \
	|| { cat $(VENV)/pip.log; exit 1; }
@touch $@
endef

$(VENV)/.for-run: pyproject.toml constraints.txt $(VENV)/.made
	$(call install)

$(VENV)/.for-test: $(VENV)/.for-run
	$(call install,test)

$(VENV)/.made:
	@for python in "$(PYTHON)" python3.11 python3 python; do \
		[ -n "$$python" ] && "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 11))' \
			2> /dev/null && exec "$$python" -c "$$make_venv" $(VENV); \
	done; \
	echo "Waymark needs Python 3.11 with venv (Debian: python3.11-venv)."; \
	echo "If it is not on the PATH, name it: make PYTHON=/opt/python3.11/bin/python3.11 $(MAKECMDGOALS)"; \
	exit 1
	@touch $@

define make_venv
import sys, venv
venv.create(sys.argv[1], with_pip=True, clear=True)
endef
export make_venv
