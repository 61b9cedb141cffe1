# make test    everything that CI checks, from a bare clone
# make install the environment alone, in .venv
# Another Python: make test PYTHON=python3.12

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# The stamp is written last, and named after what it stands for: an interrupted or
# outdated installation is made anew, a whole one is left alone.
SUM := $(shell cat requirements/*.txt Makefile | cksum | cut -d' ' -f1)
STAMP := $(VENV)/installed-$(SUM)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check \
       --constraint requirements/constraints.txt

.PHONY: install lint test clean
.DELETE_ON_ERROR:

install: $(STAMP)

$(STAMP):
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --requirement requirements/stack.txt --requirement requirements/dev.txt
	$(PIP) --no-deps --requirement requirements/hosts.txt
	# The source tree itself, for tools and tests; mim wants an installed wheel.
	echo "$(CURDIR)" > "$$($(BIN)/python -c \
	    'import sysconfig; print(sysconfig.get_path("purelib"))')/ppt_mmpose.pth"
	touch $@

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy ppt_mmpose

test: lint
	$(BIN)/python -m pytest

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
