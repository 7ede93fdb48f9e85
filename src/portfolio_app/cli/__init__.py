"""The program on a terminal: each command calls one service and prints what it returns.

What is slow to load is imported inside the commands, so that help and errors come at once.
"""

from portfolio_app.cli.program import run

__all__ = ["run"]
