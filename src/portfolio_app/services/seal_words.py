"""What a seal says, and what that proves, in words: the same in the window and in a terminal."""

from __future__ import annotations

from portfolio_app.services.seals import SealReport, SealState


def seal_verdict(name: str, report: SealReport) -> str:
    """Return in a sentence what became of the file of this name."""
    match report.state:
        case SealState.UNCHANGED:
            return f"“{name}” is unchanged since it was sealed."
        case SealState.ADDED_TO:
            return f"“{name}” was changed since it was sealed: something was added to it."
        case SealState.CHANGED if report.sealed_by:
            return f"“{name}” was changed since it was sealed."
    return f"“{name}” was changed since it was sealed, or is damaged: its seal cannot be read any more."


def seal_facts(report: SealReport, *, kept_here: bool) -> list[tuple[str, str]]:
    """Return what the seal says, each with what it is called; a continued line is called nothing."""
    if not report.fingerprint:
        return []
    if report.sealed_at is None:
        return [("Seal of", report.sealed_by), ("Key", report.fingerprint)]
    added = f"{report.bytes_added:,} bytes" if report.bytes_added else "none"
    if report.signatures_added:
        added += f", signed by {', '.join(report.signatures_added)} (not checked)"
    return [
        ("Sealed by", report.sealed_by),
        ("Sealed at", f"{report.sealed_at.astimezone():%Y-%m-%d %H:%M %Z}, by that computer’s clock"),
        ("Key", report.fingerprint),
        ("", "kept on this computer" if kept_here else "not one that is kept here"),
        ("Added since", added),
    ]


def seal_meaning(report: SealReport) -> list[str]:
    """Return in plain words what that proves, and what not."""
    match report.state:
        case SealState.UNCHANGED:
            shows = "What this proves: not a byte of the document was changed since whoever holds this key sealed it."
        case SealState.ADDED_TO:
            shows = (
                "What this proves: the document that was sealed is still in the file, not a byte of it changed. "
                "What was added can change what a reader shows; ask for the file as it was sealed."
            )
        case _:
            shows = (
                "What this proves: the file is not the one that was sealed. What was changed, and by whom, cannot be "
                "told; ask for the file again."
            )
            return [shows]
    doubts = (
        "What it does not prove: who sealed it, or when. Anybody can make a key in any name, and set a clock. "
        f"Ask {report.sealed_by}, in a way that you trust, for the key’s letters and digits, "
        "and compare them."
    )
    return [shows, doubts]
