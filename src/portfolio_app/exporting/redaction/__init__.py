"""Copies in which marked terms and regions are hidden, and the search that shows that they are.

What a document says is changed before it is made (:mod:`texts`), files that are attached are replaced by copies or
left out (:mod:`files`), and the finished document is searched with the same rule before it gets its name
(:mod:`check`). Originals are only ever read. Nothing here makes anybody anonymous: what is not marked stays.
"""
