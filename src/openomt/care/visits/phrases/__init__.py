"""A person's own short forms, which become their text while typing."""
