"""What files of strangers say, read within limits: Word, spreadsheets, presentations, e-mails, web pages, text.

One reader for each format tells a :class:`~portfolio_app.reading.sink.Sink` what it finds, in order;
:mod:`portfolio_app.reading.formats` chooses it. What becomes of it is the sink's: an exported document shows it.
"""
