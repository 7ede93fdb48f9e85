"""The package: everything of a portfolio in one zip that can be read without this program."""

from __future__ import annotations

from portfolio_app.exporting.package.bag import BagWriter
from portfolio_app.exporting.package.json_view import SCHEMA_NAME, portfolio_json
from portfolio_app.exporting.package.web_page import WebPage, write_web_page

__all__ = ["SCHEMA_NAME", "BagWriter", "WebPage", "portfolio_json", "write_web_page"]
