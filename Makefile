.RECIPEPREFIX = >
.PHONY: setup demo test test-compiled check bench docs lock clean fuzz mutation
UV := .tools/bin/uv
PY := .venv/bin/python
MINUTES ?= 10
COMPILE := $(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
           --no-header --no-annotate --no-emit-index-url -q

setup: .venv/.ok .venv/.reader
.tools/.ok:
> python3 -m venv .tools
> .tools/bin/pip install -q "uv>=0.9,<1"
> touch $@
.venv/.ok: requirements/dev.txt pyproject.toml | .tools/.ok
> $(UV) venv -q --allow-existing .venv
> $(UV) pip sync -q --require-hashes --python $(PY) requirements/dev.txt
> $(UV) pip install -q --no-deps --python $(PY) --editable .
> touch $@

.venv/.reader: .venv/.ok tools/compile_reader.py $(wildcard src/openomt/medicine/*.py src/openomt/medicine/notation/*.py)
> $(PY) tools/compile_reader.py
> touch $@

lock: .tools/.ok
> $(COMPILE) -o requirements/base.txt
> $(COMPILE) --extra dev -o requirements/dev.txt

demo: .venv/.ok
> .venv/bin/openomt demo

test: .venv/.ok
> .venv/bin/pytest -n 2

test-compiled: setup
> .venv/bin/pytest -n 2 tests/notation tests/test_compiled.py

check: .venv/.ok
> .venv/bin/ruff check .
> .venv/bin/ruff format --check .
> .venv/bin/mypy
> .venv/bin/lint-imports --no-cache
> .venv/bin/openomt knowledge --validate

bench: setup
> $(PY) bench/accuracy.py
> $(PY) bench/speed.py

fuzz: .venv/.ok
> OPENOMT_PURE=1 $(PY) bench/fuzz.py --minutes $(MINUTES)

mutation: .venv/.ok
> OPENOMT_PURE=1 bench/mutation.sh

docs: .venv/.ok
> OPENOMT_PURE=1 $(PY) -m tools.manual
> OPENOMT_PURE=1 .venv/bin/sphinx-build -W -q -b html docs docs/_build

clean:
> rm -rf .venv .tools docs/_build docs/generated .mypy_cache .ruff_cache .pytest_cache .hypothesis
> rm -rf .import_linter_cache
