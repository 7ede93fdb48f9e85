"""Compile, check and hand over assessment portfolios."""
