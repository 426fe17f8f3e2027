# make build: build everything into dist/.   make test: run every check and test.   make serve: preview while you write.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
TESTS := $(VENV)/.installed
EDITORS := tests/paste/node_modules/.package-lock.json

# Values from outside reach the shell as variables, never as parts of a command; $(value) keeps make from expanding them.
override FRESH := $(value FRESH)
override SINCE := $(value SINCE)
override LINK_REPORT := $(or $(value LINK_REPORT),.cache/links/report.json)
export SINCE LINK_REPORT

.PHONY: bench fuzz build serve check ci-check ci-test links no-links diff pages test test-fast test-browsers browser browsers editors post-office format golden schema screenshots caniemail map lock package clean

build: $(RUNTIME)
	@$(BIN)/handover build

# Show the handbook in the browser, and follow each save.
serve: $(RUNTIME)
	@$(BIN)/handover serve

check: $(RUNTIME)
	@$(BIN)/handover check

# The jobs of CI; what it shows goes to reports/. With SINCE=REV only links that changed since then can fail.
ci-check: $(RUNTIME)
	@$(BIN)/handover check --report codequality=reports/check.codequality.json --report junit=reports/check.junit.xml

ci-test: export PYTEST_ADDOPTS = --junitxml=reports/test.junit.xml
ci-test: post-office test

# Python's own tools follow symbolic links when they write.
no-links:
	@for path in $(VENV) reports reports/test.junit.xml; do \
	  [ ! -L "$$path" ] || { echo "$$path is a symbolic link, so nothing is written there. Remove it."; exit 2; }; \
	done

links: $(RUNTIME)
	@$(BIN)/handover links $${SINCE:+--since "$$SINCE"} $(if $(FRESH),--fresh) --cache .cache/links/cache.json \
	  --report "json=$$LINK_REPORT" --report codequality=reports/links.codequality.json --report junit=reports/links.junit.xml

# Show what a change does to each output, in reports/diff.md and, on GitHub, in the summary of the run.
diff: $(RUNTIME)
	@$(BIN)/handover diff --format markdown --report markdown=reports/diff.md -- "$${SINCE:-main}"
	@[ -z "$$GITHUB_STEP_SUMMARY" ] || cat reports/diff.md >> "$$GITHUB_STEP_SUMMARY"

# Build the site to publish, with the result of the last link check if there is one.
pages: $(RUNTIME)
	@set --; [ ! -e "$$LINK_REPORT" ] || set -- --link-report "$$LINK_REPORT"; \
	  $(BIN)/handover build --out public --today "$$(date +%F)" "$$@"

# The tests start hundreds of processes, so they keep Python's bytecode even if the environment turns it off.
test: export PYTHONDONTWRITEBYTECODE =
test: $(TESTS) browser editors
	@$(BIN)/ruff check scripts tests
	@$(BIN)/ruff format --check --quiet scripts tests
	@$(BIN)/mypy
	@$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 scripts/handover  # in one cache, each would undo the other's
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/handover build
	@$(BIN)/python -m pytest -q -n 3 --no-loadscope-reorder

# Run the tests without a browser, process, site, wheel, kills, mounts or long sweeps: under a minute, for while you work.
test-fast: export PYTHONDONTWRITEBYTECODE =
test-fast: $(TESTS)
	@$(BIN)/ruff check scripts tests
	@$(BIN)/python -m pytest -q -n 3 --no-loadscope-reorder -m 'not slow'

# Run what readers do in Firefox and in WebKit, Safari's engine, too: two minutes, for before a release.
test-browsers: export PYTHONDONTWRITEBYTECODE =
test-browsers: $(TESTS) browsers
	@$(BIN)/python -m pytest -q -rs tests/browsers/smoke.py

# Install the browser of the tests if that needs no password.
browser:
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Chromium for the tests …" && \
	  apt-get -qq update && export DEBIAN_FRONTEND=noninteractive && { \
	    apt-get -qq install --no-install-recommends chromium-headless-shell >/dev/null 2>&1 || \
	    apt-get -qq install --no-install-recommends chromium >/dev/null; }; \
	} || echo "Chromium is missing, so the tests in a browser are skipped. To run them, install the package chromium-headless-shell or chromium."

# Install the two browsers of test-browsers if that needs no password.
browsers:
	@{ { command -v firefox-esr || command -v firefox; } && command -v WebKitWebDriver && command -v xvfb-run && \
	  command -v dbus-run-session; } >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Firefox and WebKit for the tests …" && \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends \
	    firefox-esr webkit2gtk-driver xvfb xauth dbus >/dev/null; \
	} || echo "Firefox or WebKit is missing, so its tests are skipped. Install firefox-esr, webkit2gtk-driver, xvfb, xauth, dbus."

# Install the editors that the tests paste emails into, and npm if that needs no password.
editors: $(EDITORS)

$(EDITORS): tests/paste/package-lock.json
	@command -v npm >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing npm for the tests …" && \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends npm >/dev/null; \
	} && npm ci --prefix tests/paste --silent --ignore-scripts --no-audit --no-fund && touch $@ \
	|| echo "npm is missing or failed, so the tests that paste are skipped. To run them, install Node.js."

# Install the mail servers of the tests, on a machine that may have some: CI's. Only root can run them.
post-office:
	@{ [ -x /usr/sbin/postfix ] && [ -x /usr/sbin/dovecot ]; } || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Postfix and Dovecot for the tests …" && \
	  apt-get -qq update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends \
	    postfix dovecot-core dovecot-lmtpd >/dev/null; \
	} || echo "Postfix and Dovecot are missing, so the tests with them are skipped. They run as root, where both are installed."

# Print every module of the engine with the first line of its docstring.
map:
	@$(PYTHON) scripts/package_map.py

format: $(TESTS)
	@$(BIN)/ruff format scripts tests
	@$(BIN)/ruff check --fix scripts tests

# Measure the speed, beside other programs too, print the table and write it to BENCHMARKS.md. Takes a quarter of an hour.
bench: $(TESTS)
	@$(BIN)/python -m benchmarks --write

# Search for some minutes for content that crashes a command, loses a word or is told at the wrong place.
fuzz: $(TESTS)
	@FUZZ_SECONDS=60 $(BIN)/python -m pytest -q -n 2 -m sample

# Renew the golden files. Read the difference before you commit it.
golden: $(TESTS)
	@$(BIN)/python -m pytest -q tests/test_golden.py tests/test_platforms.py --update-golden

# Renew data/schema after a change to the models.
schema: $(RUNTIME)
	@$(BIN)/handover schema

# Renew the images of emails that are missing or stale, and the picture of a page in the README. Needs a browser.
screenshots: $(TESTS) browser build
	@$(BIN)/python scripts/screenshots.py
	@$(BIN)/python scripts/readme_picture.py

# A stamp is newer than its sources, so that a second call installs nothing. The runtime alone is a third of it all.
$(RUNTIME): requirements.lock pyproject.toml | no-links
	@echo "Setting up $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q scripts/handover
	@touch $@

# What only the tests need, besides.
$(TESTS): requirements-test.lock $(RUNTIME)
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

# Renew the data of caniemail.com on email clients. Needs npm, for the package that carries it.
caniemail: $(RUNTIME)
	@folder=$$(mktemp -d) && npm pack --silent --pack-destination "$$folder" caniemail@latest > /dev/null \
	  && tar -xzf "$$folder"/caniemail-*.tgz -C "$$folder" && $(BIN)/python scripts/caniemail.py "$$folder/package"; \
	  done=$$?; rm -rf "$$folder"; exit $$done

LOCKED := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
# Renew the locked dependencies. Needs uv. The lock names no index: pip uses the one that the machine is set up for.
lock:
	uv pip compile $(LOCKED) --group build pyproject.toml -o requirements.lock
	uv pip compile $(LOCKED) --group test --constraint requirements.lock pyproject.toml -o requirements-test.lock

# Build what is uploaded to a package index, into build/package, and check it. Needs uv.
package: $(TESTS)
	@rm -rf build/package && $(BIN)/python -m hatchling build -d build/package
	uvx twine check --strict build/package/*
	uvx pyroma --min 10 build/package/*.tar.gz

clean:
	rm -rf build dist public reports .cache tests/paste/node_modules $(VENV)
