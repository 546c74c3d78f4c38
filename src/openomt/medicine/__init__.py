"""The medicine: pure functions on frozen values. No database, no clock, no network."""
