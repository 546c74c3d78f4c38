"""What `make check` asks of the site: Django's own checks for a public server, migrations, templates.

python -m tools.site_checks    exit code 1 with a line for each thing that is wrong
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator

ACCEPTED = {
    "security.W005": "whether subdomains are HTTPS too is for whoever owns the domain to say",
    "security.W008": "the TLS proxy in front answers plain HTTP; docs/running.md shows how",
    "security.W021": "a preload list binds the whole domain: its owner's decision",
}


def of_django() -> Iterator[str]:
    """Django's checks with HTTPS switched on, as behind a proxy."""
    from django.core.checks import WARNING, run_checks

    for found in run_checks(include_deployment_checks=True):
        if found.level >= WARNING and found.id not in ACCEPTED:
            yield f"{found.id} {found.msg}"


def of_migrations() -> Iterator[str]:
    """Changes of models that no migration makes."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("openomt.")}
    loader = MigrationLoader(None)
    for app, names in loader.detect_conflicts().items():
        yield f"{app}: two migrations stand at the end: {', '.join(sorted(names))}"
    found = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(loader.graph)
    for app in sorted(ours & found.keys()):
        for migration in found[app]:
            for operation in migration.operations:
                yield f"{app}: no migration does this: {operation.describe()}"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "openomt.site.settings",
            "OPENOMT_DATA": folder,
            "OPENOMT_HTTPS": "1",
            "OPENOMT_HOSTS": "practice.example",
        }
        import django

        django.setup()
        from tools.templates import problems

        found = [*of_django(), *of_migrations(), *problems()]
    for one in found:
        sys.stderr.write(f"{one}\n")
    sys.stdout.write(f"The site: {len(found)} things to mend.\n" if found else "The site holds together.\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
