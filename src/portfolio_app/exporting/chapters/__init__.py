"""The chapters of a portfolio's publication, in the order in which they are bound by ``portfolio_publication``."""
