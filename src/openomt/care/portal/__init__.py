"""The patient's door: private links, sign-in, and the frame of every patient page."""
