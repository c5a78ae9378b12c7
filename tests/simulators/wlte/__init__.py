"""The WLTE simulator, measured by the vendor's documentation."""
