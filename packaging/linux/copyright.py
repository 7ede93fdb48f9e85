"""Prints the package's copyright file: the program, and everything that it brings, with the licences' texts."""

import re
import sys

from portfolio_app.licences import shipped_parts
from portfolio_app.paths import resources_dir

# Every Debian has these; their whole texts are in the program's folder as well, and in its About dialog.
COMMON = (
    ("GNU LESSER GENERAL PUBLIC LICENSE", "LGPL-3"),
    ("GNU GENERAL PUBLIC LICENSE", "GPL-3"),
    ("Apache License", "Apache-2.0"),
)
WHOLE = 5_000  # characters; a mere mention is shorter
BEGINNING = re.compile(r"(?m)(?=^── )|(?=^ +GNU (?:LESSER )?GENERAL PUBLIC LICENSE$)|(?=^ +Apache License$)")


def shortened(text: str) -> str:
    """Refer to the licences that every Debian has instead of repeating them."""
    for title, name in COMMON:
        if title in text[:200] and len(text) > WHOLE:
            return f"See /usr/share/common-licenses/{name}"
    return text


def sections(text: str) -> list[str]:
    """Split what belongs to a part where a new file, or one of the common licences, begins."""
    return BEGINNING.split(text)


def main() -> None:
    parts = shipped_parts()
    out = sys.stdout
    out.write(f"Portfolio App\n\n{(resources_dir().parent / 'LICENSE').read_text(encoding='utf-8')}\n")
    out.write("It brings the following, each under its own licence; the texts follow.\n\n")
    for part in parts[1:]:
        out.write("  " + " ".join(filter(None, (part.name, part.version, "–", part.licence))) + "\n")
    for part in parts[1:]:
        text = "\n".join(shortened(section) for section in sections(part.text))
        out.write(f"\n{'=' * 78}\n{part.name} {part.version}\n{part.home}\n\n{text}\n")


main()
