"""A real Home Assistant, started and driven from outside."""
