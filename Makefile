# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The Python that everything is set up with: make PYTHON=python3.13 test
PYTHON ?= python3

RUNNER := .venv/bin/python
NOX := $(RUNNER) -m nox
DEMO := .nox/demo/bin/python
RUNNER_READY := .venv/ready

.DEFAULT_GOAL := help

.PHONY: help
help: ## show the targets
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: test
test: $(RUNNER_READY) ## run every check and test, the quick ones first
	@$(RUNNER) tests/tooling/everything.py

.PHONY: quick lint unit docs site package molecule integration faults shapes bench browser sanity pins requirements
quick: $(RUNNER_READY) ## run the quick checks and tests only
	$(NOX) --tags quick
lint: $(RUNNER_READY) ## check style and types of the code, the playbooks and the scripts
	$(NOX) --tags lint
unit: $(RUNNER_READY) ## run the unit tests on every Python of this machine
	$(NOX) --tags unit
docs: $(RUNNER_READY) ## check the documentation and the changelog
	$(NOX) --sessions docs
site: $(RUNNER_READY) ## build the documentation site in .build/site
	$(NOX) --sessions site
package: $(RUNNER_READY) ## build, import and install the collection's artifact
	$(NOX) --sessions package
molecule: $(RUNNER_READY) ## run the molecule scenarios
	$(NOX) --sessions molecule
integration: $(RUNNER_READY) ## run modules and playbooks against the simulator
	$(NOX) --sessions integration
faults: $(RUNNER_READY) ## run the whole fault matrix, with a report in .build/faults.md
	$(NOX) --sessions "matrix(matrix='faults')"
shapes: $(RUNNER_READY) ## run the whole shape matrix, with a report in .build/shapes.md
	$(NOX) --sessions "matrix(matrix='shapes')"
bench: $(RUNNER_READY) ## compare speed with peers, with a report in .build/bench.md: make bench PARTS="noop waits"
	$(NOX) --sessions bench -- $(if $(PAGE),--page=$(abspath $(PAGE))) $(if $(REPETITIONS),--repetitions=$(REPETITIONS)) $(PARTS)
browser: $(RUNNER_READY) ## look at the report's page in a headless Chromium
	$(NOX) --sessions browser
sanity: $(RUNNER_READY) ## run ansible-test's sanity tests on every supported ansible-core
	$(NOX) --tags sanity
pins: $(RUNNER_READY) ## check that the pinned requirements match their inputs
	$(NOX) --sessions pins
requirements: $(RUNNER_READY) ## pin the requirements anew; UPGRADE=1 takes the newest releases
	$(NOX) --sessions requirements -- $(if $(UPGRADE),--upgrade)

.PHONY: demo simulator demo-ready
demo: demo-ready ## show the collection at work on the simulator
	@PATH="$(CURDIR)/.nox/demo/bin:$$PATH" PYTHONPATH=tests ANSIBLE_COLLECTIONS_PATH="$(CURDIR)/.build" \
		exec $(DEMO) tests/demo/run.py
simulator: demo-ready ## run the simulator, on which creating a cluster takes about a minute
	@PYTHONPATH=tests exec $(DEMO) -m simulator --time-scale 10 --days-behind 1
demo-ready: $(RUNNER_READY)
	@test -x $(DEMO) || echo "Setting up the environment of the demo in .nox/demo ..."
	@mkdir -p .build
	@$(NOX) --sessions demo >.build/demo.log 2>&1 || { cat .build/demo.log >&2; exit 1; }

.PHONY: format
format: $(RUNNER_READY) ## format the Python code
	$(NOX) --sessions format

.PHONY: clean
clean: ## remove the environments and everything that was built
	rm -rf .venv .nox .build

$(RUNNER_READY): requirements/runner.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, but $(PYTHON) is: $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name a newer one like this: make PYTHON=/path/to/python3.12 test" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
		echo "$(PYTHON) lacks the venv module; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up the task runner in .venv ..."
	@$(PYTHON) -m venv --clear .venv
	@XDG_CACHE_HOME="$(CURDIR)/.build/cache" $(RUNNER) -m pip install --quiet --disable-pip-version-check --requirement $<
	@mkdir -p .build
	@touch $@
