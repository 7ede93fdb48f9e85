"""How the web page of a package looks: the house colours on light, those of the dark theme on dark."""

from __future__ import annotations

from typing import Final

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting import house_style

_DARK: Final = {
    "paper": "#1C2028",
    "sunken": "#11141A",
    "line": "#343B47",
    "text": "#E7EAF0",
    "muted": "#A3ACBC",
    "accent": "#7DB3F2",
    "highlight": "#4A4320",
}
_LIGHT: Final = {
    "paper": house_style.WHITE,
    "sunken": house_style.SUNKEN,
    "line": house_style.LINE,
    "text": house_style.TEXT,
    "muted": house_style.MUTED,
    "accent": house_style.ACCENT,
    "highlight": house_style.HIGHLIGHT,
}
_DARK_STATES: Final = {
    CoverageState.NONE: "#A3ACBC",
    CoverageState.CLAIMED: "#E3B04B",
    CoverageState.PROOF: "#7DB3F2",
    CoverageState.NOT_YET_MET: "#FF8A80",
    CoverageState.MORE_NEEDED: "#E3B04B",
    CoverageState.MET: "#66CC98",
}

_RULES: Final = """
* { box-sizing: border-box }
html { color-scheme: light dark; scroll-padding-top: 1rem }
body { margin: 0 auto; padding: 0 1.25rem 4rem; max-width: 60rem; background: var(--paper); color: var(--text);
  font: 1rem/1.55 "Noto Sans", system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: break-word }
a { color: var(--accent) }
.removed { background: var(--text); color: var(--paper); padding: 0 .25em; border-radius: .15em }
mark { background: var(--highlight); color: inherit; padding: .1em 0 }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.skip { position: absolute; left: -100rem }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--paper) }
header { border-bottom: 1px solid var(--line); padding: 2rem 0 1rem }
h1, h2, h3, h4, h5 { line-height: 1.25; margin: 2em 0 .5em }
h1 { margin-top: 0; font-size: 1.9rem }
h2 { font-size: 1.5rem } h3 { font-size: 1.25rem } h4 { font-size: 1.05rem } h5 { font-size: 1rem }
section { border-top: 1px solid var(--line); margin-top: 2.5rem }
section:first-of-type { border-top: 0; margin-top: 0 }
.muted, .caption, figcaption { color: var(--muted) }
.caption, figcaption { font-size: .875rem }
.lead, .subtitle { font-size: 1.15rem } .title { font-size: 1.6rem; font-weight: 700 } .label { font-weight: 700 }
blockquote { margin: 1em 0; padding: .25em 1em; border-left: .25rem solid var(--line) }
table { border-collapse: collapse; width: 100%; margin: 1em 0 }
caption { text-align: left; color: var(--muted); padding-bottom: .35em }
th, td { text-align: left; vertical-align: top; padding: .4em .75em .4em 0; border-bottom: 1px solid var(--line) }
td p, th p { margin: 0 }
.quiet th { width: 11rem; color: var(--muted); font-weight: 400 } .quiet th, .quiet td { border: 0 }
.number { text-align: right } th.number { text-align: right }
.wide { overflow-x: auto }
.matrix th, .matrix td { border: 1px solid var(--line); padding: .3em .5em } .matrix td { text-align: center }
.matrix tbody tr.group th { background: var(--sunken) }
.unmarked { list-style: none; padding-left: 0 }
figure { margin: 1.5em 0 }
img { max-width: 100%; height: auto; background: #fff }
.file { background: var(--sunken); padding: .75rem 1rem; border-radius: .375rem }
dl.sign { display: grid; grid-template-columns: max-content 1fr; gap: .75rem 1rem } dl.sign dd { margin: 0;
  border-bottom: 1px solid var(--muted); min-height: 1.6em }
:target { background: var(--sunken); outline: .35rem solid var(--sunken) }
@media print { .skip, .top { display: none } body { max-width: none } }
"""


def state_class(state: CoverageState) -> str:
    """Return the class of what is coloured as this state."""
    return f"s-{state.value.replace(' ', '-')}"


def style_sheet() -> str:
    """Return the page's style sheet."""
    light = "".join(f"--{name}:{colour};" for name, colour in _LIGHT.items())
    dark = "".join(f"--{name}:{colour};" for name, colour in _DARK.items())
    states = "".join(f".{state_class(state)}{{color:{house_style.STATUS_COLOURS[state]}}}" for state in CoverageState)
    dark_states = "".join(f".{state_class(state)}{{color:{_DARK_STATES[state]}}}" for state in CoverageState)
    return f":root{{{light}}}{states}@media (prefers-color-scheme: dark){{:root{{{dark}}}{dark_states}}}{_RULES}"
