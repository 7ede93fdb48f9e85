"""What a portfolio is: frozen values and pure functions. Imports nothing of ours and does no input or output."""
