"""The words that the pages themselves say, beside the publication's."""

from __future__ import annotations

PAGE_OF = "page {page} of "
SHEET = "{title} – sheet {number} of {total}"
CONTINUED = "{text} (continued)"
CLAIMS_PER_ITEM = "Requirements it is claimed for"
LEGEND = "{state} ({count})"
SIGNATURE_CAPTIONS = ("{who} – signature", "Name", "Date")
ATTACHED_PAGE = "{ref} · {name} · page {page} of {total}"
ATTACHED_FILE = "{ref} · {name}"
BACK = "back to {ref}"
"""Which page of an attached document this is, and the way back to the evidence it belongs to."""

MISSING_FILE = "“{name}” cannot be shown here: the file is missing from the portfolio."
LOCKED_FILE = "“{name}” cannot be shown here: it is protected with a password."
BROKEN_FILE = "“{name}” cannot be shown here: it is damaged or not a PDF."
EMPTY_FILE = "“{name}” cannot be shown here: it has no pages."
FORM_FILE = "“{name}” cannot be shown here: it is a form that only Adobe's own programs can display."
BROKEN_PAGE = "Page {page} of “{name}” cannot be shown here: it is damaged."
TOO_MANY_PAGES = "Only the first {shown} of the {total} pages of “{name}” are shown."
SEE_ORIGINAL = "The original file is embedded in this document where the files are listed."
NOT_EMBEDDED_SIZE = "“{name}” is too large to be embedded ({size} MB); it is listed with its checksum instead."
NOT_EMBEDDED_MISSING = "“{name}” could not be embedded: the file is missing from the portfolio."
NOT_EMBEDDED_CHANGED = "“{name}” was not embedded: its content is not the one the portfolio recorded."
SUBSTITUTED = (
    "{count} characters that the program's fonts do not have are shown as ▯ or by their name in brackets: {list}."
)
SUBSTITUTED_ONE = "A character that the program's fonts do not have is shown as ▯ or by its name in brackets: {list}."

PREPARING = "Reading attached documents"
LAYING_OUT = "Laying out the document"
PLACING = "Placing attached pages"
EMBEDDING = "Embedding original files"
SAVING = "Writing the PDF"
