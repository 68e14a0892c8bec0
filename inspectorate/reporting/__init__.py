"""Chapter 7.3 to 7.5: the steps from the panel's decision to publication."""
