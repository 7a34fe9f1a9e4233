# Everything a person or CI does with the project; `make` alone prints this list.
PYTHON ?= python3
BIN := .venv/bin
export PREFECT_SERVER_ANALYTICS_ENABLED := false

help: ## print this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(BIN)/langnghe: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

install: $(BIN)/langnghe ## build .venv from requirements.lock

demo: $(BIN)/langnghe ## crawl a small newsroom on localhost and show the hot issues found
	$(BIN)/langnghe demo

test: $(BIN)/langnghe ## run the test suite
	$(BIN)/python -m pytest -q

lint: $(BIN)/langnghe ## check style, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

DATA ?= $(or $(LANGNGHE_DATA),../shared/data)
WORK ?= build/eval
STREAM = $(sort $(wildcard $(DATA)/news_stream/*.jsonl.gz))
JUDGED = --judged $(DATA)/labels/stories_train.jsonl --to $(WORK)
BENCH := $(BIN)/python -m tests.bench

eval: $(BIN)/langnghe ## print every quality and speed figure (DATA=folder, default ../shared/data); an hour
	mkdir -p $(WORK)
	$(BENCH).models $(DATA)
	$(BENCH).extraction
	$(BENCH).redaction
	$(BENCH).duplicates
	$(BENCH).prepare $(STREAM) --to $(WORK)
	$(BENCH).product $(STREAM) --to $(WORK) --budget 3 --budget 6
	$(BENCH).product $(STREAM) --to $(WORK) --budget 3 --budget 6 --sure 0
	$(BENCH).hot_issues $(WORK)/20*.jsonl --events $(DATA)/events --month 2025-11 --month 2026-01 \
		--product 3=$(WORK)/alerts-3.jsonl --product 6=$(WORK)/alerts-6.jsonl \
		--whole 3=$(WORK)/alerts-3-0.jsonl --whole 6=$(WORK)/alerts-6-0.jsonl
	$(BENCH).passes $(STREAM) --to $(WORK)
	$(BENCH).judged $(STREAM) $(JUDGED)
	$(BENCH).growth $(STREAM) $(JUDGED)
	$(BENCH).joins $(STREAM) $(JUDGED) --events $(DATA)/events
	$(BENCH).outlook $(STREAM) $(JUDGED) --events $(DATA)/events

serve: $(BIN)/langnghe ## run the schedules and the dashboard until stopped
	$(BIN)/langnghe up

lock: ## write requirements.lock anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --group dev \
		--extra elasticsearch --extra postgresql pyproject.toml -o requirements.lock --custom-compile-command "make lock"
	@# Older pips take the newest sqlalchemy[asyncio], which Prefect asks for, unless a pin names the extra too.
	awk '/^sqlalchemy==/ {own = 1} /^[^ ]/ && !/^sqlalchemy==/ || /# via/ {own = 0} own' requirements.lock \
		| sed 's/^sqlalchemy==/sqlalchemy[asyncio]==/; $$s/ \\$$//' > requirements.lock.extra
	cat requirements.lock.extra >> requirements.lock && rm requirements.lock.extra

clean: ## remove .venv and caches
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.PHONY: help install demo test lint eval serve lock clean
