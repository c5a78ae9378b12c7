"""WLTE in a real Home Assistant."""
