# Needs python3 (3.11 or later), python3-venv, make and git; everything else is installed into this folder.
UV_VERSION := 0.13.9
UV := .uv/bin/uv
export UV_PYTHON_PREFERENCE := only-system
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
export PYTHONPATH := $(CURDIR)
RUN := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help install demo demo-reset test chaos check fix accept-contracts keys coach-train coach-eval coach-onnx coach-review bench clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(UV):
	@sh deploy/bootstrap $(UV_VERSION)

.venv/installed: $(UV) pyproject.toml uv.lock
	@sh deploy/install $(UV)
	@touch $@

install: .venv/installed ## install every library of uv.lock into .venv

demo: .venv/installed ## start everything, play the story of twelve cases, stay up until Ctrl-C (ONCE=1: end after the story)
	@exec $(RUN) -m deploy.demo $(if $(ONCE),--once)

demo-reset: .venv/installed ## clear the demo's data
	@$(RUN) -m deploy.demo --reset

test: .venv/installed ## every test, on real engines; the coverage after them
	@$(RUN) -m deploy.browser
	@$(RUN) -m pytest --cov --cov-report=term $(ARGS)

chaos: .venv/installed ## every failpoint at least twenty times (takes a while)
	@CHAOS_HITS=20 $(RUN) -m pytest -m chaos $(ARGS)

check: .venv/installed ## format, lint, types, import rules, event contracts, compose file, Dockerfile
	@.venv/bin/ruff format --check -q .
	@.venv/bin/ruff check -q .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(RUN) -m pytest -q tests/contract
	@sh deploy/check

fix: .venv/installed ## what the formatter and the linter can mend themselves
	@.venv/bin/ruff format -q .
	@.venv/bin/ruff check -q --fix .

accept-contracts: .venv/installed ## take the present event contracts as the ones to keep; refuses what would break a consumer
	@$(RUN) -m tests.contract.schema_gate --accept

keys: .venv/installed ## the keys that docker-compose.yml mounts, made once in ./keys
	@$(RUN) -m deploy.embedded.keys keys

coach-train: .venv/installed ## the coach's network and weights anew from its labelled statements (an hour; what was tuned is kept in .coach)
	@$(RUN) -m services.intake.coach.learning.train

coach-eval: .venv/installed ## how well the coach reads hands that it has not seen (an hour, where coach-train did not run before)
	@$(RUN) -m services.intake.coach.learning.evaluate

coach-onnx: .venv/installed ## the coach's network as ONNX in FOLDER, for COACH_EMBEDDING=fastembed
	@$(RUN) -m services.intake.coach.learning.export "$(or $(FOLDER),$(error FOLDER=… is missing: where to write it))"

coach-review: .venv/installed ## what coordinators overruled, from MONGO_URL (ARGS="--export FILE": as labelled statements to read)
	@$(RUN) -m services.intake.overrules $(ARGS)

bench: .venv/installed ## speed as a ratio to the raw limit, all in one run (about 4 minutes)
	@$(RUN) -m bench

clean: ## remove what was installed, downloaded and stored here
	rm -rf .venv .uv .tools .data .coach .coverage .mypy_cache .ruff_cache .import_linter_cache .hypothesis
