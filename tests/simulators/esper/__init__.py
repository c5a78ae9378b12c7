"""The Esper cloud."""
