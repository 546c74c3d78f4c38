"""The patient agrees to a plan, technique by technique, or refuses."""
