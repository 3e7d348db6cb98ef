"""The style sheet of the HTML document: one page for the screen, the phone and A4 paper."""

CSS = """
:root {
  --ink: #1a2229; --soft: #55626d; --paper: #fff; --page: #f3f5f6; --line: #d9dfe3;
  --accent: #0b5a8a; --good: #1d6b3a; --good-bg: #e5f3ea; --caution: #7d4a00;
  --caution-bg: #fdf1dc; --stop: #a3171b; --stop-bg: #fdeaea; --unknown: #4b5560;
  --unknown-bg: #e9edf0; color-scheme: light dark;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ink: #e6ebef; --soft: #a5b1bb; --paper: #171c21; --page: #0f1316; --line: #333c44;
    --accent: #7cc0ec; --good: #86d6a3; --good-bg: #14301f; --caution: #f2c274;
    --caution-bg: #3a2a10; --stop: #ff9c9c; --stop-bg: #3d1719; --unknown: #c3ccd4;
    --unknown-bg: #2a3138;
  }
  .curve .band { fill: #2f6f97; } .curve .median { stroke: #8fd0fa; }
  .curve .target { stroke: #f2a56b; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; background: var(--paper); }
h1 { font-size: 1.65rem; line-height: 1.2; margin: .6rem 0 .2rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .7rem; padding-bottom: .3rem;
  border-bottom: 1px solid var(--line); }
h2 .n { color: var(--soft); font-weight: 400; margin-right: .55rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
p { margin: .5rem 0; } ul, ol { margin: .4rem 0; padding-left: 1.3rem; } li { margin: .25rem 0; }
li, td, dd, p { overflow-wrap: anywhere; }
a { color: var(--accent); text-decoration: none; } a:hover, a:focus { text-decoration: underline; }
.subject { font-size: 1.05rem; margin: 0; } .notice, footer, .small { color: var(--soft); }
.notice, .small, footer { font-size: .86rem; }
.badge { display: inline-block; padding: .2rem .8rem; border-radius: 1rem; font-weight: 650;
  border: 1.5px solid currentColor; }
.good { color: var(--good); } .caution { color: var(--caution); } .stop { color: var(--stop); }
.unknown { color: var(--unknown); }
.badge.good { background: var(--good-bg); } .badge.caution { background: var(--caution-bg); }
.badge.stop { background: var(--stop-bg); } .badge.unknown { background: var(--unknown-bg); }
.callout { border: 2px solid var(--stop); border-left-width: .6rem; background: var(--stop-bg);
  padding: .7rem 1rem; margin: 1.2rem 0; border-radius: .25rem; }
.callout h2 { margin: 0 0 .3rem; padding: 0; border: 0; color: var(--stop); font-size: 1.3rem; }
nav { font-size: .9rem; margin: 1rem 0 0; } nav a { margin-right: .9rem; white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; margin: 0; }
dt, dd { padding: .42rem 0; border-bottom: 1px solid var(--line); margin: 0; }
dd strong { font-weight: 650; display: block; }
dt { font-weight: 600; padding-right: 1.2rem; }
.wide { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .38rem .7rem .38rem 0;
  border-bottom: 1px solid var(--line); }
td { overflow-wrap: normal; min-width: 3.2rem; }
thead th { color: var(--soft); font-weight: 600; border-bottom: 1.5px solid var(--soft); }
tbody th { font-weight: 500; }
.right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.good, td.caution, td.stop, td.unknown { font-weight: 600; }
.chart { border: 1.5px solid var(--ink); border-radius: .3rem; padding: .4rem 1rem .6rem; }
.chart table { font-size: 1.05rem; } .chart caption { font-size: 1.05rem; }
.chart td:nth-child(3) { font-weight: 700; font-size: 1.2rem; }
.chart tbody tr:last-child > * { border-bottom: 0; }
figure { margin: 1rem 0; max-width: 42rem; } .curve { display: block; width: 100%; height: auto; }
.label { font-weight: 600; }
sup { font-size: .72em; line-height: 0; white-space: nowrap; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .8rem;
  overflow-wrap: anywhere; }
@media (max-width: 34rem) {
  main { padding: 1.2rem .9rem; } dl { display: block; }
  dt { border: 0; padding-bottom: 0; } dd { padding-top: 0; } .chart { padding: .3rem .5rem; }
}
@page { size: A4; margin: 16mm 15mm; }
@media print {
  :root { --ink: #000; --soft: #444; --paper: #fff; --page: #fff; --line: #bbb; }
  html { font-size: 10pt; } body { font-size: 1rem; } main { max-width: none; padding: 0; } nav { display: none; }
  h2, h3, caption { break-after: avoid; }
  tr, figure, .callout, .chart, dt, dd, li { break-inside: avoid; }
  .wide { overflow: visible; } a { color: inherit; }
  .badge, .callout { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
