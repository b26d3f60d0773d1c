# Every target runs in .venv, which is made at the first need and kept. `make help` lists the targets.
# Another Python: make test PYTHON=python3.12

SUITABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
CANDIDATES := python3 python3.13 python3.12 python3.11
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint faults soak attacks bench fuzz lock catalogues

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'

demo: $(READY) ## Watch a scripted live page being mirrored into a Telegram chat and a Discord channel
	@$(BIN)/liverelay demo

test: $(READY) ## Run the tests; one file or test: make test TESTS=tests/store
	@$(BIN)/python -m pytest -q -n auto --dist worksteal $(TESTS)

lint: $(READY) ## Check style, types and the direction of imports
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Some files are not formatted: run $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

faults: $(READY) ## Let everything fail at random and compare what chats show; SEEDS, LIVE, FIRST, MINUTES choose
	@$(BIN)/python -m tests.faults

attacks: $(READY) ## Try whatever must fail, from hostile pages to people without rights, and count it
	@$(BIN)/python -m tests.attacks

soak: $(READY) ## Live through a busy day on virtual time; HOURS, SOURCES, CHATS choose, MINUTES bounds it
	@$(BIN)/python -m tests.faults.soak

bench: $(READY) ## Measure against yardsticks in the same run
	@$(BIN)/python -m benchmarks

fuzz: $(READY) ## Try every reader with broken pages for ten minutes; make fuzz MINUTES=60 for longer
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install -qq --disable-pip-version-check \
		--require-hashes -r requirements-fuzz.lock || echo "atheris could not be installed."
	@$(BIN)/python -m fuzzing --minutes $(or $(MINUTES),10)

catalogues: $(READY) ## Bring the translations up to date with the sentences in the code
	@$(BIN)/python -m scripts.catalogues

lock: $(READY) ## Write the lock files anew from pyproject.toml (needs the network)
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--extra patterns --extra postgres --extra dev pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--extra fuzz --constraint requirements.lock pyproject.toml -o requirements-fuzz.lock

$(READY): requirements.lock pyproject.toml
	@python='$(PYTHON)'; \
	for candidate in $${python:-$(CANDIDATES)}; do \
		$$candidate -c '$(SUITABLE)' 2>/dev/null && found=$$candidate && break; \
	done; \
	if [ -z "$$found" ]; then \
		echo "LiveRelay needs Python 3.11 or newer with venv (Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; \
	fi; \
	if [ -n "$$python" ] || [ ! -x $(BIN)/python ]; then \
		echo "Setting up .venv with $$($$found --version); this is done once."; \
		$$found -m venv --clear .venv; \
	fi
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)
