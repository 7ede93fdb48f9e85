"""Qt models over values that a service returned."""
