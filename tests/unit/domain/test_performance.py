from __future__ import annotations

import pytest

from portfolio_app.domain.performance import asks_for_performance


@pytest.mark.parametrize(
    "text",
    [
        "Manage customer service operations",
        "Effective management of day-to-day operations",
        "Direct supervision of a shift",
        "Resolving a complaint: record, cause, correction",
        "How the candidate uses feedback to change practice",
        "Practical examples of how the candidate has communicated standards",
        "The ability to lead a team",
        "Demonstrate how to handle complaints",
        "MONITOR service levels",
    ],
)
def test_something_done(text: str) -> None:
    assert asks_for_performance(text)


@pytest.mark.parametrize(
    "text",
    [
        "Explain how operations are managed",
        "Know how to manage complaints",
        "Produce a plan for managing operations",
        "Management theories and their use",
        "Supervision",
        "Reflect on how you managed a team",
        "Application of leadership theories",
        "The use of management theory",
        "Demonstrate understanding of delivery of services",
        "Detailed monitoring system",
        "",
        "1.1 —",
        "evidence of the candidate",
    ],
)
def test_something_known_planned_or_doubtful(text: str) -> None:
    assert not asks_for_performance(text)
