"""The house itself as a provider, in a Home Assistant with things that move when they are told."""
