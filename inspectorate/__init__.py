"""inspectorate: inspection of probation services from announcement to action plan."""

__version__ = "0.1.0"
