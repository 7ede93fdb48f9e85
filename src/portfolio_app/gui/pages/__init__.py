"""What the window shows one at a time: a page for each stage in the life of a portfolio."""
