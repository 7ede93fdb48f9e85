"""Which requirement does this text speak to: words compared, and meanings where the model is there.

Modules that use NumPy are imported only where vectors are made, in a process beside the window (see
:mod:`portfolio_app.services.suggestion_desk`): it would make the window's start and memory twice what they are.
"""
