"""What stands in the diaries of clinicians for some days, read in four queries, whatever their number."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import Practice, User
from openomt.care.booking import holds, slots
from openomt.care.booking.models import FREED, Absence, Appointment, AppointmentType, WorkingHours


@dataclass(frozen=True)
class Diary:
    """Hours, absences (held times too) and appointments from `first` to `last`, by the key of the clinician."""

    zone: dt.tzinfo
    first: dt.date
    last: dt.date
    hours: dict[int, list[slots.Hours]]
    absences: dict[int, list[Absence]]
    appointments: dict[int, list[Appointment]]

    def busy(self, clinician: int) -> list[slots.Span]:
        """Everything that takes the clinician's time."""
        taken: Iterable[Absence | Appointment] = (
            *self.absences.get(clinician, ()),
            *(one for one in self.appointments.get(clinician, ()) if one.stands),
        )
        return [slots.Span(one.start, one.end) for one in taken]

    def free(
        self, clinician: int, minutes: int, *, step: int | None = None, not_before: dt.datetime | None = None
    ) -> list[slots.Open]:
        """Free times of so many minutes, in order."""
        return list(
            slots.free_times(
                self.hours.get(clinician, []),
                self.busy(clinician),
                minutes,
                self.first,
                self.last,
                self.zone,
                step=step,
                not_before=not_before,
            )
        )


def practice_zone() -> zoneinfo.ZoneInfo:
    """The zone of the practice, by whose clock everything is booked."""
    return zoneinfo.ZoneInfo(Practice.load().zone)


def clinicians() -> list[User]:
    """Everybody who sees patients, by name."""
    roles = (Role.PHYSICIAN, Role.TRAINEE)
    return list(User.objects.filter(is_active=True, grants__role__in=roles).distinct().order_by("name", "pk"))


def read(of: Collection[int], first: dt.date, last: dt.date, zone: dt.tzinfo) -> Diary:
    """The diaries of these clinicians (by key), with the patient, type and location of each appointment."""
    span = slots.Span(slots.day_span(first, zone).start, slots.day_span(last, zone).end)
    within = {"start__lt": span.end, "end__gt": span.start, "clinician__in": of}
    hours: dict[int, list[slots.Hours]] = defaultdict(list)
    for row in WorkingHours.objects.filter(clinician__in=of):
        hours[row.clinician_id].append(slots.Hours(row.weekday, row.start, row.end, row.location_id))
    absences: dict[int, list[Absence]] = defaultdict(list)
    for absence in Absence.objects.filter(**within):
        absences[absence.clinician_id].append(absence)
    for hold in holds.standing().filter(**within):
        absences[hold.clinician_id].append(holds.as_absence(hold))
    appointments: dict[int, list[Appointment]] = defaultdict(list)
    # Without a bound below, the index would be walked from the first appointment the practice ever had.
    recent = span.start - dt.timedelta(days=1)
    found = Appointment.objects.filter(start__gt=recent, **within)
    for appointment in found.select_related("patient", "type", "location"):
        appointments[appointment.clinician_id].append(appointment)
    return Diary(zone, first, last, dict(hours), dict(absences), dict(appointments))


def free_times(
    clinician: User, type_: AppointmentType, first: dt.date, last: dt.date, *, not_before: dt.datetime
) -> list[slots.Open]:
    """The times a patient could have with a clinician, for a type of appointment, from one day to another."""
    diary = read([clinician.pk], first, last, practice_zone())
    return diary.free(clinician.pk, type_.minutes, not_before=not_before)


def standing(appointments: Sequence[Appointment]) -> list[Appointment]:
    return [one for one in appointments if one.status not in FREED]
