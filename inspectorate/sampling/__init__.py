"""Chapter 4: long lists, strata, draws, exclusions and substitutes."""
