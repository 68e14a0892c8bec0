"""How fast the service is, always beside a bare way of doing the same thing in the same run."""
