"""NUMBERS: what a network computes. NumPy only; no Qt, no files, no threads, no clock."""
