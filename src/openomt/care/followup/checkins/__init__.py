"""Check-ins on day 1, 3 and 7: planned when a visit is signed, sent, answered, and what silence leads to."""
