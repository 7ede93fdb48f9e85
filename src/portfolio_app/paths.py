"""Where the program's own files and the user's configuration are."""

from __future__ import annotations

from pathlib import Path


def resources_dir() -> Path:
    """Return the folder of units, evidence kinds, fonts … : inside the package, or beside ``src`` in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parents[1] / "resources"


def user_config_dir() -> Path:
    """Return the folder of the user's own settings and evidence kinds (not created)."""
    from platformdirs import user_config_path  # noqa: PLC0415 - only where it is used: start-up time

    return user_config_path("portfolio-app", appauthor=False)


def user_data_dir() -> Path:
    """Return the folder of what the program keeps for the user: keys (not created)."""
    from platformdirs import user_data_path  # noqa: PLC0415 - only where it is used: start-up time

    return user_data_path("portfolio-app", appauthor=False)


def user_log_dir() -> Path:
    """Return the folder of the log and of reports about bugs (not created)."""
    from platformdirs import user_log_path  # noqa: PLC0415 - only where it is used: start-up time

    return user_log_path("portfolio-app", appauthor=False)
