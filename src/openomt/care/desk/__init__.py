"""The screens that gather several steps: today, and the patient's chart."""
