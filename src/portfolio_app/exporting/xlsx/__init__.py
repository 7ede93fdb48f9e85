"""A publication's matrices and figures as a spreadsheet.

``writer`` makes the workbook; ``sheets`` names sheets and holds formats; ``matrix_sheets``, ``overviews`` and
``figures`` each fill sheets.
"""

from __future__ import annotations

from portfolio_app.exporting.xlsx.writer import write_xlsx

__all__ = ["write_xlsx"]
