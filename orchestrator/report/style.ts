/** The look of the report: readable on a phone, in the dark and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --good: #1a7f37; --bad: #cf222e; --rest: #6e7781; --soft: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #30363d; --good: #3fb950; --bad: #f85149; --soft: #161b22; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } h3 { margin: 0; font-size: 1.1rem; } small { font-weight: normal; }
code { font-size: .9em; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; }
dl div { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; }
dt { font-size: .85rem; } dd { margin: 0; font-size: 1.25rem; font-weight: 600; }
.acts { list-style: none; padding: 0; } .acts li { border-left: .25rem solid var(--good); padding: .25rem 0 .25rem 1rem; margin: 0 0 1.25rem; }
.acts li.bad { border-color: var(--bad); } .acts p { margin: .25rem 0; }
.outcome { font-size: .8rem; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .5rem; } .outcome.promoted, .outcome.unchanged { color: var(--good); } .outcome.rolled-back, .outcome.refused, .outcome.needs-human { color: var(--bad); }
.bar { display: flex; height: .75rem; gap: 1px; } .bar span { background: var(--good); border-radius: 2px; min-width: 2px; } .bar .failed { background: var(--bad); } .bar .skipped { background: var(--rest); }
.steps { font-size: .85rem; } .objection { color: var(--bad); font-weight: 600; }
details { margin: 0 0 1rem; overflow-x: auto; } table { border-collapse: collapse; font-size: .8rem; } td, th { border-bottom: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
.scroll { overflow-x: auto; } td .bar { min-width: 6rem; }
.why { border-left: .25rem solid var(--bad); padding-left: 1rem; } h1 .outcome { vertical-align: middle; }
.chart { display: block; margin: .5rem 0 1rem; } .chart text { fill: var(--ink); font-size: 13px; } .chart rect { fill: var(--rest); }
.chart .asked, .chart .passed, .chart .state-ok { fill: var(--good); } .chart .failed, .chart .state-alarm { fill: var(--bad); } .limit { stroke: var(--ink); stroke-width: 2; }
.legend { font-size: .85rem; } .key { display: inline-block; width: .8em; height: .8em; } .key.asked { background: var(--good); } .key.other { background: var(--rest); }
.prose { display: block; min-width: 14rem; } .scroll + h3 { margin-top: 1.5rem; }
caption { text-align: left; font-weight: 600; padding: .25rem .5rem; } :focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
@media print { :root { --ink: #000; --paper: #fff; --line: #999; --good: #1a7f37; --bad: #cf222e; --soft: #fff; } body { margin: 0; max-width: none; font-size: 11pt; } .bar, .bar span, .key { print-color-adjust: exact; } tr, li, dl div, .chart { break-inside: avoid; } h2, h3 { break-after: avoid; } .scroll { overflow: visible; } .prose { min-width: 0; } details::details-content { content-visibility: visible; block-size: auto; } }
`;
