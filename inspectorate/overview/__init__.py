"""Pages across chapters: my work, one inspection week by week, the year's programme."""
