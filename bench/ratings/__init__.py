"""Saving a case with fresh ratings, and ratings of many inspections under other rules, beside other ways to do it."""
