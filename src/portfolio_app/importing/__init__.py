"""Unit specifications and frameworks coming in, as domain values."""
