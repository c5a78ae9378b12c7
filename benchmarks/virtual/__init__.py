"""Figures that need hours: measured in virtual time, where nobody waits for anything.

What runs is the real thing: Home Assistant's core object, our integration with its files, and a
simulated cloud that is asked over HTTP on loopback. Only the time is not real. It stands still
while anything is at work, and jumps to the next alarm as soon as nothing is (`loop`). So a request
takes no time at all, a disk neither, and what is left of a delay is the pause between two
questions.
"""
