"""One function per thing that a user does. Each takes an open portfolio and plain values.

Reading functions return plain values; editing ones return ``(result, Changes)`` after the commit.
"""
