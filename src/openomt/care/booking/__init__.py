"""When patients come: the schedule, appointment types, status from booked to done."""
