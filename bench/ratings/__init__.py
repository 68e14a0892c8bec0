"""Benches of chapter 7: how sure ratings are, saving with fresh ratings, and many inspections under other rules."""
