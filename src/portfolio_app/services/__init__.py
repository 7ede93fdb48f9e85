"""One function per thing a learner does. No Qt, no SQL."""
