"""Quiet hours: messages that nobody waits for do not wake people."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from openomt.care.accounts.models import Practice
from openomt.care.contact.models import ContactSettings


def opening(moment: dt.datetime) -> dt.datetime:
    """The moment itself, or the end of the quiet hours it lies in, by the practice's clock."""
    chosen = ContactSettings.load()
    zone = zoneinfo.ZoneInfo(Practice.load().zone)
    return after_quiet(moment, zone, chosen.quiet_from, chosen.quiet_until)


def after_quiet(moment: dt.datetime, zone: zoneinfo.ZoneInfo, begin: dt.time, end: dt.time) -> dt.datetime:
    """As `opening`, for these hours. An end before its beginning is the next day's; equal times: no quiet."""
    local = moment.astimezone(zone)
    clock = local.time()
    over_midnight = end < begin
    quiet = (clock >= begin or clock < end) if over_midnight else begin <= clock < end
    if not quiet:
        return moment
    day = local.date() + dt.timedelta(days=1 if over_midnight and clock >= begin else 0)
    return dt.datetime.combine(day, end, tzinfo=zone).astimezone(dt.UTC)
