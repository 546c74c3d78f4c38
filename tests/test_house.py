"""The rules of the house: the medicine stands alone, without a framework and without its facts loaded."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import importlib, pkgutil, sys
import openomt.medicine
names = [module.name for module in pkgutil.walk_packages(openomt.medicine.__path__, "openomt.medicine.")]
for name in names:
    importlib.import_module(name)
heavy = {"pydantic", "django", "typer", "rich", "rapidfuzz", "openomt.knowledge.loader"} & set(sys.modules)
print(len(names), *sorted(heavy))
"""


def test_importing_the_medicine_loads_neither_a_framework_nor_the_records() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    count, *heavy = done.stdout.split()
    assert int(count) > 20
    assert heavy == []
