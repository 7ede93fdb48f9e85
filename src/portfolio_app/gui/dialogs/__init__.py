"""Questions and settings that stand before the page."""
