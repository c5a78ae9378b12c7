"""Figures that anyone can make again: `scripts/bench` measures and writes RESULTS.md.

Each module named in `figures` measures one row of the results. What is compared runs in processes
of its own (`child`), one after the other and in turns, against one simulator process on loopback.
"""
