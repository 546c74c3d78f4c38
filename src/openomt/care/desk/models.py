"""No tables of its own: these screens only gather."""
