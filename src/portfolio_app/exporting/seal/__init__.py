"""The seal of a PDF: a signature by a key that the program made, from which any later change shows."""
