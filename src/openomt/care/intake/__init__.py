"""What patients tell: questionnaires and their scores."""
