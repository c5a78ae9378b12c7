"""WLTE, against its simulator."""
