"""Tests and benchmarks of the program."""
