"""One imaginary inspection of each kind, for the demonstration and the journeys."""
