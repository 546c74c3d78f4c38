"""Views of patients: each reads what was sent, calls a service and shows the answer."""
