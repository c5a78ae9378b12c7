"""The dialogues: signing in, options, saved commands."""
