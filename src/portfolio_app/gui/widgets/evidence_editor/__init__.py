"""The item of evidence in hand: everything that is typed into it, its files, and what is in them."""
