"""Benches of chapter 7: ratings."""
