"""Chapter 6: cases judged against the standards and domain one evidence."""
