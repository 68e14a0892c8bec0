"""Chapter 7.1 and 7.2: indicative ratings, the ratings panel and its decision."""
