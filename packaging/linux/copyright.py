"""Prints the package's copyright file: the program, and everything that it brings, with the licences' texts."""

import sys

from portfolio_app.licences import shipped_parts
from portfolio_app.paths import resources_dir

parts = shipped_parts()
licence = (resources_dir().parent / "LICENSE").read_text(encoding="utf-8")
out = sys.stdout
out.write("Portfolio App\n\n" + licence + "\n")
out.write("It comes with the following, each under its own licence; the texts follow.\n\n")
for part in parts[1:]:
    out.write("  " + " ".join(filter(None, (part.name, part.version, "–", part.licence))) + "\n")
for part in parts[1:]:
    out.write(f"\n{'=' * 78}\n{part.name} {part.version}\n{part.home}\n\n{part.text}\n")
