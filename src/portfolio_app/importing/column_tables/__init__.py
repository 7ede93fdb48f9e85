"""Units from tables of anybody's making: which column holds what is guessed, and can be said."""
