"""The house itself, in a real Home Assistant with its own demo and template entities."""
