"""Fieldwork under load: assessors whose answers are kept every 15 seconds, and everybody else reading."""
