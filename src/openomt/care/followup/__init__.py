"""Who needs an answer: tasks with an owner and a clock."""
