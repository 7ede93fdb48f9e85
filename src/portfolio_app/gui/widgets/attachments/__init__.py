"""Attached files on screen: their cards, and what is in them.

``cards.AttachmentsPanel`` and ``preview.PreviewPane`` are what pages use.
"""
