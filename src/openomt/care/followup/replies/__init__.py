"""What the practice writes to a patient, and the page on which it is read."""
