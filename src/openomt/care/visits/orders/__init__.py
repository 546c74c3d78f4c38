"""Orders: imaging, tests and referrals, which may hold the treatment until their result is read."""
