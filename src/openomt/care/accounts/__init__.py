"""Who works here and what each may do; the practice; the audit of every chart read and written."""
