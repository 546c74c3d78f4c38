"""Fills the database: python -m openomt.site.demo [--scale small|demo|bench] [--day 2026-11-30]."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time

from openomt.site.start import StartError, django_ready, migrate, private_files


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", choices=("small", "demo", "bench"), default="demo")
    options.add_argument("--day", type=dt.date.fromisoformat, default=None)
    given = options.parse_args()
    private_files()
    django_ready()
    from django.conf import settings

    from openomt.site.demo import seeding
    from openomt.site.demo.scale import BENCH, DEMO, SMALL

    began = time.monotonic()

    def say(words: str) -> None:
        sys.stdout.write(f"  {words} ({time.monotonic() - began:.0f} s)\n")
        sys.stdout.flush()

    try:
        migrate()
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    day = given.day or seeding.today()
    if seeding.is_seeded(settings.DATA):
        seeding.refresh(day)
    else:
        seeding.seed(day, {"small": SMALL, "demo": DEMO, "bench": BENCH}[given.scale], say)
        seeding.mark_seeded(settings.DATA)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
