"""What a browser shows: the panel, the card, and what they are told."""
