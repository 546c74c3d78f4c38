"""The patient's own view of their course of treatment."""
