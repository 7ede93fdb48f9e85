"""What the user is told while a PDF is written and after it; what stands in the PDF is in the export's wording."""

from __future__ import annotations

PREPARING = "Reading attached documents"
LAYING_OUT = "Laying out the document"
PLACING = "Placing attached pages"
EMBEDDING = "Embedding original files"
SAVING = "Writing the PDF"

NOT_EMBEDDED_SIZE = "“{name}” is too large to be embedded ({size} MB); it is listed with its checksum instead."
NOT_EMBEDDED_MISSING = "“{name}” could not be embedded: the file is missing from the portfolio."
NOT_EMBEDDED_CHANGED = "“{name}” was not embedded: its content is not the one the portfolio recorded."
SUBSTITUTED = (
    "{count} characters that the program's fonts do not have are shown as ▯ or by their name in brackets: {list}."
)
SUBSTITUTED_ONE = "A character that the program's fonts do not have is shown as ▯ or by its name in brackets: {list}."
