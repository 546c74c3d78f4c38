"""The demonstration: a made-up practice, the same each time for the same day. Nobody in it exists.

    seeding.seed(today, scale)    fills an empty database: staff, patients, eighteen months of signed visits, today
    seeding.refresh(today)        on a later day: that day's schedule, and clocks that have not run out

`python -m openomt.site.demo` does the one or the other in the database that the environment names.
"""
