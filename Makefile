# Everything that a newcomer runs. Each target does its own set-up: a virtual environment in .venv, the project
# in it, and (as root on Debian) the system packages that are missing.

PYTHON ?= python3
VENV := .venv
PEERS := .venv-peers
BIN := $(VENV)/bin
DEMO := demo

# Tests also try real unit texts and framework files where a folder of them stands beside this checkout.
export PORTFOLIO_APP_REAL_INPUT ?= $(abspath $(wildcard ../shared))

.PHONY: demo test run lint format bench model package pictures screenshots word-template setup clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.installed $(VENV)/.model ## build the sample portfolio and export it in every format
	rm -rf $(DEMO)
	$(BIN)/portfolio-app demo $(DEMO)

test: setup ## run every test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto $(ARGS)

run: $(VENV)/.installed $(if $(ARGS),,$(VENV)/.screen) ## open the window, or run a command: make run ARGS="gaps demo"
	@$(BIN)/portfolio-app $(ARGS)

lint: setup ## style, types and layers
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## put the style right
	$(BIN)/ruff format src tests
	$(BIN)/ruff check --fix src tests

bench: setup $(PEERS)/.tried ## measure speed and memory, side by side
	$(BIN)/python -m tests.benchmarks $(ARGS)

model: $(VENV)/.installed ## fetch the sentence model that suggestions use (84 MB; resources/model)
	$(BIN)/python packaging/model/fetch.py

package: $(VENV)/.packaging model ## build what is installed: a folder, and on Debian a .deb (in dist)
	packaging/linux/system-libraries.sh window screen package
	$(BIN)/pyinstaller --noconfirm --log-level ERROR --distpath build/package --workpath build/pyinstaller \
		packaging/pyinstaller/portfolio-app.spec
	if command -v dpkg-deb >/dev/null; then packaging/linux/build-deb.sh build/package/portfolio-app dist $(BIN)/python; fi

pictures: setup ## draw the README's picture anew
	$(BIN)/python -m tests.make_pictures

screenshots: setup ## draw the pictures of the window anew
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.make_screenshots

word-template: setup ## make the template of Word documents anew
	$(BIN)/python -m tests.make_word_template

setup: $(VENV)/.developing $(VENV)/.model

clean: ## remove everything made here
	rm -rf $(VENV) $(PEERS) $(DEMO) resources/model build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.python:
	packaging/linux/system-libraries.sh python
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	touch $@

$(VENV)/.installed: $(VENV)/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

# Everything works without it, so it is tried once, and whatever comes of that will do.
$(VENV)/.model: $(VENV)/.installed packaging/model/fetch.py
	-$(BIN)/python packaging/model/fetch.py
	touch $@

$(VENV)/.screen: $(VENV)/.installed
	packaging/linux/system-libraries.sh window screen
	touch $@

$(VENV)/.developing: $(VENV)/.installed
	packaging/linux/system-libraries.sh window screen tests
	-packaging/linux/system-libraries.sh viewers
	-if command -v npm >/dev/null; then npm install --silent --no-audit --no-fund --prefix $(VENV)/node pdfjs-dist@5.6; fi
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

# What other programs need for the same document; without them their figures are left out.
$(PEERS)/.tried: $(VENV)/.python pyproject.toml
	rm -rf $(PEERS)
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --upgrade "pip>=25.1" && \
		$(PEERS)/bin/python -m pip install --quiet --group peers || rm -rf $(PEERS)/bin
	touch $@

$(VENV)/.packaging: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group package
	touch $@
