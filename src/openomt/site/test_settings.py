"""Settings of the tests: a folder of its own, quick password hashes, both databases by one setting."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("OPENOMT_DATA", str(Path(tempfile.gettempdir()) / "openomt-test"))
os.environ.setdefault("OPENOMT_SECRET_KEY", "only for tests")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop in the test's thread

from openomt.site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
KEEP_MESSAGES = True  # as in the demonstration: nothing leaves the machine
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
