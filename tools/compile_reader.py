"""Compiles the reader's busy modules into the virtual environment, where a C compiler and headers are there.

python tools/compile_reader.py    never fails: where it cannot compile, the reader is pure Python
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from openomt.compiled import BUILT, STAMP, fingerprint

SOURCE = Path(__file__).resolve().parent.parent / "src"
NOTATION = SOURCE / "openomt" / "medicine" / "notation"
LEFT_PURE = frozenset({"__init__", "chunks", "corpus", "levels", "numbers", "shapes", "write", "zink"})
"""Modules that run once, or whose results are remembered: compiling them gains nothing."""
AT_MOST = 600
"""Seconds."""
BUILD = """
import sys
from mypyc.build import mypycify
from setuptools import setup
folder, *files = sys.argv[1:]
setup(
    name="openomt-reader", packages=[], package_dir={"": "src"},
    ext_modules=mypycify(["--config-file=mypy.ini", *files], opt_level="1", debug_level="0",
                         group_name="openomt.medicine.notation.reader"),
    script_args=["-q", "build_ext", "-j2", "--build-lib", folder],
)
"""
CONFIG = "[mypy]\nmypy_path = src\nfollow_imports = silent\nignore_missing_imports = true\n"
TEXT = "T5 FRSr boggy, rib 4 R inhaled, HVLA to T5"
PROBE = f"from openomt.medicine.notation import read; print(read({TEXT!r}))"


def why_not() -> str | None:
    """What is missing for compiling; None when nothing is."""
    if os.environ.get("OPENOMT_PURE") == "1":
        return "OPENOMT_PURE is 1"
    if shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0]) is None:
        return "there is no C compiler"
    if not (Path(sysconfig.get_path("include")) / "Python.h").is_file():
        return "Python's C headers are not here"
    return None


def build(folder: Path) -> str | None:
    """Compiles a copy of the sources, moves it to where the reader looks, and returns what went wrong."""
    stamp = fingerprint(NOTATION)
    shutil.copytree(SOURCE, folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "mypy.ini").write_text(CONFIG, encoding="utf-8")
    busy = sorted(p.relative_to(SOURCE.parent) for p in NOTATION.glob("*.py") if p.stem not in LEFT_PURE)
    command = [sys.executable, "-c", BUILD, str(folder / "out"), *map(str, busy)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=AT_MOST, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).splitlines()
        return "compiling failed. " + " ".join([line for line in said if "error" in line.lower()])[:300]
    shutil.move(folder / "out" / NOTATION.relative_to(SOURCE), BUILT)
    STAMP.write_text(stamp, encoding="utf-8")
    return None if probe("0") == probe("1") else "the compiled modules read otherwise"


def probe(pure: str) -> str:
    """What a fresh process reads, compiled or not."""
    environment = {**os.environ, "OPENOMT_PURE": pure}
    command = [sys.executable, "-c", PROBE]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def main() -> None:
    shutil.rmtree(BUILT, ignore_errors=True)
    problem = why_not()
    if problem is None:
        try:
            with tempfile.TemporaryDirectory() as folder:
                problem = build(Path(folder))
        except (OSError, subprocess.SubprocessError, shutil.Error) as error:
            problem = str(error)
    if problem is not None:
        shutil.rmtree(BUILT, ignore_errors=True)
    print("The reader is compiled." if problem is None else f"The reader is pure Python: {problem}")


if __name__ == "__main__":
    main()
