"""The composition root of the window: paths, log, settings, window, in start-up order."""
