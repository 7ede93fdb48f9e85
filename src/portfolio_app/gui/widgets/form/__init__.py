"""The form of an evidence item, built from what its kind declares."""
