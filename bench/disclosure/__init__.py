"""How the gate before national results holds: made releases that must pass, and planted leaks that must not."""
