"""Parse, call the service, render: lock and unlock, one's own page, people, the practice, the audit."""
