"""The portfolio folder; the only place that knows SQLAlchemy and SQL."""
