"""The site: settings, root addresses, theme, health check."""
