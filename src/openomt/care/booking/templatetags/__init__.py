"""Tags for pages that show appointments."""
