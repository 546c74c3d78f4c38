"""OpenOMT: software for the whole course of osteopathic manipulative treatment."""
