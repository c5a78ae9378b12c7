"""The dialogues."""
