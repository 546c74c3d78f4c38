"""The visit: drafted, checked, signed, never changed."""
