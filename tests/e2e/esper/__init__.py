"""Esper in a real Home Assistant."""
