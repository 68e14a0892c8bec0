"""Puts the apps together: settings, addresses, server; nobody imports it."""
