"""Lock and unlock, people, practice, audit."""
