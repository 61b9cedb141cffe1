# make quickstart    data, training, test and pictures of a small model, in ten minutes
# make test          lint, types and the suite, from a bare clone
# make install       the environment alone, in .venv
# make install-full  the same with mmcv's compiled operators, in .venv-full
# make test-full     the suite there
# make test-empty    installs as users do, into empty environments
# make test-web      the web demo in a browser, which root gets from apt-get
# make test STACK=numpy2 PYTHON=python3.12
# make test STACK=torch2.1 PYTHON=python3.10
#                    the suite on other versions, in .venv-STACK

PYTHON ?= $(shell command -v python3.11 || command -v python3)
STACK ?= lite
VENV := .venv$(if $(filter-out lite,$(STACK)),-$(STACK))
CONSTRAINTS := requirements/constraints$(if \
               $(filter-out lite full user,$(STACK)),-$(STACK)).txt
BIN := $(VENV)/bin
# The stamp is written last, and named after what it stands for: an interrupted or
# outdated installation is made anew, a whole one is left alone.
SUM := $(shell cat requirements/* Makefile | cksum | cut -d' ' -f1)
STAMP := $(VENV)/installed-$(SUM)
# The README exports one, which is not that of every stack, nor of the tests.
unexport PIP_CONSTRAINT
# A newcomer sees that something happens.
PIP := $(BIN)/python -m pip install --disable-pip-version-check \
       $(if $(filter user,$(STACK)),,--quiet)

# When this make began; installing counts.
SINCE := $(shell date +%s)

.PHONY: quickstart install install-full lint test test-full test-empty test-web clean
.DELETE_ON_ERROR:

install: $(STAMP)

install-full:
	$(MAKE) install STACK=full

$(STAMP):
	$(PYTHON) -m venv --clear $(VENV)
ifeq ($(STACK),numpy2)
	# xtcocotools is published for numpy 1: its source builds against this one.
	$(PIP) -c $(CONSTRAINTS) numpy cython setuptools wheel
	$(PIP) -c $(CONSTRAINTS) --no-deps --no-cache-dir --no-build-isolation \
	    --no-binary xtcocotools xtcocotools
endif
	$(PIP) -c $(CONSTRAINTS) -r requirements/stack.txt \
	    $(if $(filter user,$(STACK)),,-r requirements/dev.txt)
	$(PIP) -c $(CONSTRAINTS) --no-deps -r requirements/hosts.txt
# PyTorch 2.1 has no exporter that follows torch.export.
ifeq ($(filter user torch2.1,$(STACK)),)
	$(PIP) -c $(CONSTRAINTS) -r requirements/onnx.txt
	# rtmlib requires opencv-contrib-python, which would lie over opencv-python.
	$(PIP) -c $(CONSTRAINTS) --no-deps rtmlib
endif
ifneq ($(filter lite full,$(STACK)),)
	$(PIP) -c $(CONSTRAINTS) -r requirements/web.txt -r requirements/web-dev.txt
endif
ifeq ($(STACK),full)
	requirements/install_mmcv.sh $(BIN)/python
endif
ifeq ($(STACK),user)
	# As a user who edits configs installs it.
	$(PIP) --no-deps --no-build-isolation -e .
	cd / && "$(CURDIR)/$(BIN)/python" -m ppt_mmpose.doctor --link-mim
else
	# The source tree itself, for tools and tests; mim wants an installed package.
	echo "$(CURDIR)" > "$$($(BIN)/python -c \
	    'import sysconfig; print(sysconfig.get_path("purelib"))')/ppt_mmpose.pth"
endif
	touch $@

quickstart:
	$(MAKE) install STACK=user
	.venv-user/bin/python tools/quickstart.py --since $(SINCE)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy ppt_mmpose

# Linters are pinned with the main stack, and need to run only there.
test: $(if $(filter lite,$(STACK)),lint,install)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --dist loadfile

test-full:
	$(MAKE) test STACK=full

test-empty: install
	tests/installs/empty_environments.sh $(BIN)/python

# Fails where the tests of plain pytest skip.
test-web: install
	requirements/install_chromium.sh
	$(BIN)/python -c 'import gradio, playwright, plotly'
	PPT_MMPOSE_BROWSER=required OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/web

clean:
	rm -rf .venv .venv-* build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
