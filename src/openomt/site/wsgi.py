"""What a server starts."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openomt.site.settings")
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402  (Django is set up first)

from openomt.site.gate import Gate  # noqa: E402

application = Gate(_django, settings.AT_ONCE)
