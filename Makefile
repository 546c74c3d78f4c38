.RECIPEPREFIX = >
.PHONY: axe fuzz-site setup demo test test-compiled check bench bench-site bench-kill bench-worker bench-intake bench-phone shots docs lock clean fuzz mutation
UV := .tools/bin/uv
PY := .venv/bin/python
MINUTES ?= 10
PORT ?= 8000
COMPILE := $(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
           --no-header --no-annotate --no-emit-index-url -q
INSTALL := $(UV) pip install -q --python $(PY)

setup: .venv/.ok .venv/.reader
.tools/.ok:
> python3 -m venv .tools
> .tools/bin/pip install -q "uv>=0.9,<1"
> touch $@
# What the program itself needs; what developing it needs comes on top.
.venv/.base: requirements/base.txt pyproject.toml | .tools/.ok
> $(UV) venv -q --allow-existing .venv
> $(INSTALL) --require-hashes -r requirements/base.txt
> $(INSTALL) --no-deps --editable .
> touch $@
.venv/.ok: requirements/dev.txt pyproject.toml .venv/.base
> $(UV) pip sync -q --require-hashes --python $(PY) requirements/dev.txt
> $(INSTALL) --no-deps --editable .
> touch .venv/.base $@

.venv/.reader: .venv/.ok tools/compile_reader.py $(wildcard src/openomt/medicine/*.py src/openomt/medicine/notation/*.py)
> $(PY) tools/compile_reader.py
> touch $@

lock: .tools/.ok
> $(COMPILE) -o requirements/base.txt
> $(COMPILE) --extra dev -o requirements/dev.txt

demo: .venv/.base
> .venv/bin/openomt demo --port $(PORT)

# On PostgreSQL what touches the database (the long fuzz, and the pages called one by one as each role and patient, run on
# SQLite only), then everything on SQLite.
test: .venv/.ok
> $(PY) tools/with_postgres.py .venv/bin/pytest -n 2 --dist worksteal -m "(django_db or database) and (not browser or both_databases)" -p no:cacheprovider \
>   --ignore-glob "*_fuzz.py" --ignore-glob "*_routes.py" --ignore-glob "*_patient_pages.py" \
>   --ignore-glob "*_public_pages.py" src/openomt/care src/openomt/site
> .venv/bin/pytest -n 2 --dist worksteal

test-compiled: setup
> .venv/bin/pytest -n 2 tests/notation tests/test_compiled.py

check: .venv/.ok
> .venv/bin/ruff check .
> .venv/bin/ruff format --check .
> .venv/bin/mypy
> .venv/bin/lint-imports --no-cache
> .venv/bin/openomt knowledge --validate
> $(PY) -m tools.site_checks

bench: setup
> $(PY) bench/accuracy.py
> $(PY) bench/speed.py

bench-site: setup
> $(PY) tools/with_postgres.py --safe $(PY) bench/site.py

bench-kill: setup
> $(PY) tools/with_postgres.py --safe $(PY) bench/kill.py

bench-worker: setup
> $(PY) tools/with_postgres.py --safe $(PY) bench/kill_worker.py

bench-intake: .venv/.ok
> OPENOMT_PURE=1 $(PY) bench/intake.py --check

bench-phone: setup
> $(PY) bench/slow_phone.py

shots: .venv/.ok
> $(PY) -m tools.shots

fuzz: .venv/.ok
> OPENOMT_PURE=1 $(PY) bench/fuzz.py --minutes $(MINUTES)

axe: .venv/.ok
> OPENOMT_AXE=whole .venv/bin/pytest -n 2 --dist worksteal src/openomt/site/tests/test_axe.py

fuzz-site: .venv/.ok
> OPENOMT_FUZZ=whole .venv/bin/pytest -n 2 -m "not browser" src/openomt/site/tests/test_fuzz.py src/openomt/site/tests/test_openapi_fuzz.py

mutation: .venv/.ok
> OPENOMT_PURE=1 bench/mutation.sh

docs: .venv/.ok
> OPENOMT_PURE=1 $(PY) -m tools.manual
> $(PY) -m tools.routes
> OPENOMT_PURE=1 .venv/bin/sphinx-build -W -q -b html docs docs/_build

clean:
> rm -rf .venv .tools docs/_build docs/generated .mypy_cache .ruff_cache .pytest_cache .hypothesis
> rm -rf .import_linter_cache build
