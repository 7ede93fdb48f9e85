"""A portfolio to a publication, and a publication to PDF, Word, spreadsheet and CSV."""
