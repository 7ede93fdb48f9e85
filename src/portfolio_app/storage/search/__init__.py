"""The search index in ``cache/``: the file (``index``), its rows (``rows``), and what is found in it (``finding``)."""
