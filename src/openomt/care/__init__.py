"""The steps of care, one folder each, in the order in which a patient meets them.

Each folder holds all of its step: models, services (the only writers), forms, views, templates, static files and
tests. A folder imports only folders above it: accounts, patients, booking, intake, visits, billing, followup, desk.
"""
