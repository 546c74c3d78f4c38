"""Whether the reader's modules run compiled: `make setup` builds them where a C compiler is there.

The compiled modules lie in the virtual environment, beside a fingerprint of the sources they were made of.
They are used only while the sources still have that fingerprint, and never with OPENOMT_PURE=1.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

BUILT = Path(sys.prefix) / "openomt-reader"
STAMP = BUILT / "sources"


def fingerprint(notation: Path) -> str:
    """Size and time of change of each source in the folder and the one above, as Python judges a .pyc file.

    The interpreter and the place of the sources belong to it: another checkout never gets these modules.
    """
    lines = [sys.version, str(notation)]
    for folder in (notation.parent, notation):
        for source in sorted(folder.glob("*.py")):
            stat = source.stat()
            lines.append(f"{source.name} {stat.st_size} {stat.st_mtime_ns}")
    return "\n".join(lines)


def compiled_folder(notation: Path) -> str | None:
    """Where the compiled modules of these very sources are; None where there are none."""
    if os.environ.get("OPENOMT_PURE") == "1" or not STAMP.is_file():
        return None
    return str(BUILT) if STAMP.read_text(encoding="utf-8") == fingerprint(notation) else None


def reader_kind() -> str:
    """`compiled` or `pure Python`: what the reader of this process runs as."""
    from openomt.medicine import notation  # noqa: PLC0415  # which asks this module while it loads

    return "compiled" if str(BUILT) in notation.__path__ else "pure Python"
