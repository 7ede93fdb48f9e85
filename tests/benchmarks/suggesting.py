"""How good suggestions are, on data that says how it was made, and what they cost.

Three sets. *Trial*: passages of ``data/learner_passages.toml`` by which nothing was chosen; the figure to quote.
*Tuning*: those that weights and bounds were chosen on. *Sample*: the items of the sample portfolio, each held against
what it is claimed for there while the claims of all others are known, as in a portfolio at work; its texts were known
when weights were chosen, and it was written by the same hands as the units.

A passage is found at 3 if one of the requirements that it fits is among the first three of 23 (sample: 16).
"""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.measure import Result, at_least, at_most, run_task

_LIBRARY = {
    "manage": "manage-customer-service-operations",
    "control": "plan-organise-control-customer-service-operations",
    "planning": "planning-and-managing-customer-service",
    "principles": "principles-of-customer-service-management",
    "understanding": "understanding-customer-service-management",
}
"""What units are called in the data."""


def measure(folder: Path) -> list[Result]:
    """Judge suggestions with the model and without, and measure the model in a process of its own."""
    from portfolio_app.suggesting.model_files import NoModel, sound_files

    try:
        sound_files()
    except NoModel as problem:
        return [Result(f"{problem}", "none", "make model", reached=False)]
    _, judged = run_task("judge_suggestions", folder)
    results = []
    for name, least in (("trial", 0.65), ("tuning", 0.55), ("sample", 0.7)):
        for how, label in (("words", "words alone"), ("model", "with the model")):
            found = judged[name][how]
            results += [
                at_least(f"{name} ({found['fitting']}), {label}: found at 3", found["at"]["3"], least, "", 2),
                Result(
                    "  found at 1, at 5; mean of 1/rank",
                    f"{found['at']['1']:.2f}, {found['at']['5']:.2f}; {found['mrr']:.2f}",
                    "",
                    reached=True,
                ),
                Result(
                    "  of what is shown, right: strong; possible",
                    f"{found['strong'][0]} of {found['strong'][1]}; {found['possible'][0]} of {found['possible'][1]}",
                    "",
                    reached=True,
                ),
            ]
            if found["nothing"][1]:
                right, all_of_them = found["nothing"]
                results += [
                    Result("  “nothing here” where nothing is", f"{right} of {all_of_them}", "", reached=True),
                    Result("  “nothing here” where something is", f"{found['missed']}", "", reached=True),
                ]
    cost, read = run_task("read_meanings", folder)
    results += [
        at_most("reading 1,000 words of an item, processor", read["cpu"], 1.2, "s"),
        at_most("  the second time", read["again"], 0.2, "s"),
        at_most("  loading the model and 23 requirements", read["first"], 6.0, "s"),
        at_most("peak memory", cost.memory / 1e6, 250, "MB", 0),
    ]
    return results


def library_units() -> dict[str, str]:
    """Return the library's ids of the units by their names in the data."""
    return dict(_LIBRARY)
