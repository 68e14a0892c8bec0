"""The manual as rules: values in, values out, one module for each chapter."""
