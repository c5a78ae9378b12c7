"""Described APIs in a real Home Assistant, at real servers and at a hostile one."""
