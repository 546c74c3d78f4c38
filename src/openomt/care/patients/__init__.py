"""Who the patients are: demographics, what is on record, facts for safety, search, merging."""
