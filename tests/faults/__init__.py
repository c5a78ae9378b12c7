"""What networks, clouds and time do to the whole integration on a bad day."""
