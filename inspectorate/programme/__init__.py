"""Chapters 1, 2 and 3.1: inspected bodies, inspections, teams and who may do what."""
