"""Chapter 5: who inspects which case."""
