"""One config entry at work: its life, sending, asking, what is shown and who is told."""
