"""Stand-ins for the clouds, for tests, the demo and benchmarks.

The integration never imports anything from here. Every simulator is a `base.Simulator`: an
aiohttp.web app that answers as the cloud's documentation says, writes down what it was asked, and
misbehaves on demand. As a process: `python -m simulators wlte --port 8701`.
"""
