#!/usr/bin/env bash
# Mutation score of the coding and typicality rules: how many small changes to the code some test notices.
# Works on a copy in a temporary folder. Usage: bench/mutation.sh [coding|typicality] ...
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

measure() { # name, files to change, tests, further arguments of pytest
  local copy
  copy=$(mktemp -d)
  trap 'rm -rf "$copy"' RETURN
  cp -r src tests pyproject.toml README.md "$copy"
  find "$copy" -name __pycache__ -prune -exec rm -rf {} +
  cat >>"$copy/pyproject.toml" <<TOML

[tool.mutmut]
source_paths = ["src"]
only_mutate = ["$2"]
pytest_add_cli_args_test_selection = ["$3"]
pytest_add_cli_args = ["-x", "-p", "no:cacheprovider"$4]
TOML
  (
    cd "$copy"
    "$root/.venv/bin/mutmut" run --max-children 2 >run.log 2>&1 || { tail -n 30 run.log; exit 1; }
    "$root/.venv/bin/mutmut" export-cicd-stats >/dev/null
    "$root/.venv/bin/python" - "$1" <<'PY'
import json
import sys

counts = json.load(open("mutants/mutmut-cicd-stats.json"))
noticed = counts["killed"] + counts["timeout"] + counts.get("segfault", 0)
total = counts["total"] - counts.get("skipped", 0)
print(f"{sys.argv[1]}: {noticed} of {total} changes noticed, {100 * noticed / total:.1f} %  {counts}")
PY
    "$root/.venv/bin/mutmut" results | grep -v ': killed' || true
  )
}

for name in "${@:-coding typicality}"; do
  for one in $name; do
    case $one in
      coding) measure coding 'src/openomt/medicine/coding/*.py' tests/coding '' ;;
      typicality)
        measure typicality src/openomt/medicine/typicality.py tests/typicality \
          ', "--deselect", "tests/typicality/test_typicality_properties.py"'
        ;;
      *)
        echo "bench/mutation.sh: no such part: $one (coding, typicality)" >&2
        exit 2
        ;;
    esac
  done
done
