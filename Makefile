# make build: everything into dist/.   make test: every check and test.   make lock: renew the locked dependencies.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LINK_REPORT ?= .cache/links/report.json

.PHONY: bench fuzz build serve check ci-check ci-test links diff pages test browser format golden schema screenshots caniemail map lock clean

build: $(STAMP)
	@$(BIN)/handover build

# The handbook in the browser, following each save.
serve: $(STAMP)
	@$(BIN)/handover serve

check: $(STAMP)
	@$(BIN)/handover check

# What CI runs besides, with what it shows of it in reports/. SINCE=REV: only links that are new since then can fail.
ci-check: $(STAMP)
	@$(BIN)/handover check --report codequality=reports/check.codequality.json --report junit=reports/check.junit.xml

ci-test: export PYTEST_ADDOPTS = --junitxml=reports/test.junit.xml
ci-test: test

links: $(STAMP)
	@$(BIN)/handover links $(if $(SINCE),--since '$(SINCE)') $(if $(FRESH),--fresh) --cache .cache/links/cache.json \
	  --report json=$(LINK_REPORT) --report codequality=reports/links.codequality.json --report junit=reports/links.junit.xml

# What a change does to each output, in reports/diff.md, and where the run is summed up if that is known.
diff: SINCE ?= main
diff: $(STAMP)
	@mkdir -p reports
	@$(BIN)/handover diff '$(SINCE)' --format markdown > reports/diff.md
	@cat reports/diff.md $(if $(GITHUB_STEP_SUMMARY),>> '$(GITHUB_STEP_SUMMARY)')

# The site for publishing, with what the last link check found where that is known.
pages: $(STAMP)
	@$(BIN)/handover build --out public --today $$(date +%F) $(if $(wildcard $(LINK_REPORT)),--link-report $(LINK_REPORT))

# What is compiled for Python is kept, also where it is said that nothing shall be: hundreds of processes start.
test: export PYTHONDONTWRITEBYTECODE =
test: $(STAMP) browser
	@$(BIN)/ruff check scripts tests
	@$(BIN)/ruff format --check --quiet scripts tests
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/handover build
	@$(BIN)/python -m pytest -q -n 2 --dist loadgroup --no-loadscope-reorder

# The browser of the tests, where it can be installed without asking.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Chromium for the tests …" && \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends chromium >/dev/null; \
	} || echo "There is no Chromium here. The tests in a browser are left out; install the package chromium for them."

# Every module of the engine with the first line of its docstring.
map:
	@$(PYTHON) scripts/package_map.py

format: $(STAMP)
	@$(BIN)/ruff format scripts tests
	@$(BIN)/ruff check --fix scripts tests

# What it costs, against what it stands on: prints the table and keeps it in BENCHMARKS.md. Takes half an hour.
bench: $(STAMP)
	@$(BIN)/python -m benchmarks --write

# Looks for a minute for content that gives anything but a finding, or loses a word.
fuzz: $(STAMP)
	@FUZZ_SECONDS=60 $(BIN)/python -m pytest -q tests/test_fuzz.py

# Renew the golden files; read the difference before you commit it.
golden: $(STAMP)
	@$(BIN)/python -m pytest -q tests/test_golden.py tests/test_platforms.py --update-golden

# Renew data/schema after a change of the models.
schema: $(STAMP)
	@$(BIN)/handover schema

# Take the pictures of emails that are missing or stale; needs a browser.
screenshots: $(STAMP) browser
	@$(BIN)/python scripts/screenshots.py

# The stamp is newer than what it was made from: a second call installs nothing.
$(STAMP): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q scripts/handover
	@touch $@

# Renew what is known of mail clients. Needs npm, for the package that carries the data of caniemail.com.
caniemail: $(STAMP)
	@folder=$$(mktemp -d) && npm pack --silent --pack-destination "$$folder" caniemail@latest > /dev/null \
	  && tar -xzf "$$folder"/caniemail-*.tgz -C "$$folder" && $(BIN)/python -m handover.load.mail_clients "$$folder/package"; \
	  done=$$?; rm -rf "$$folder"; exit $$done

# Needs uv. Names no index: pip takes the packages from wherever this machine is set up to take them.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --group dev pyproject.toml -o requirements.lock

clean:
	rm -rf build dist public reports .cache $(VENV)
