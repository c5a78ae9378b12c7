"""An API that takes jobs, as hundreds of services do: machines, jobs, and what became of them."""

from .simulator import PASSWORD, TOKEN, USERNAME, RestSimulator

__all__ = ["PASSWORD", "TOKEN", "USERNAME", "RestSimulator"]
