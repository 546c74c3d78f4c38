"""`openomt worker`: does jobs and sends messages."""

from __future__ import annotations

from openomt.cli import app
from openomt.cli.site import site_command


@app.command()
@site_command
def worker() -> None:
    """Do the practice's jobs and send its messages. Ctrl-C or SIGTERM ends it after what it has begun.

    Runs beside `openomt serve`, with the same environment; several may run at once. How mail and text messages leave
    is set by OPENOMT_SMTP, OPENOMT_MAIL_FROM, OPENOMT_TEXT_GATEWAY and OPENOMT_TEXT_TOKEN.
    """
    from django.conf import settings

    from openomt.site import start, work

    held = start.hold(settings.DATA, alone=False)
    start.require_current_database()
    if problem := settings_problem():
        raise start.StartError(problem)
    work.work(ready="The worker is at work. Ctrl-C ends it.")
    held.close()


def settings_problem() -> str:
    """What of the settings would keep every message from leaving; empty where all is well."""
    from django.conf import settings

    from openomt.care.contact import senders

    if settings.SMTP and not settings.MAIL_FROM:
        return "OPENOMT_MAIL_FROM is not set: mail needs an address to come from."
    try:
        if settings.SMTP:
            senders.server(settings.SMTP)
        if settings.TEXT_GATEWAY:
            senders.gateway(settings.TEXT_GATEWAY)
    except (ValueError, ImportError, AttributeError, TypeError) as problem:
        return f"A message could not leave: {problem}"
    return ""
