/** The page's style sheet. Its colours follow the reader's light or dark setting; it fits from 320 px up. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f6f5f1; --sheet: #fffefa; --ink: #1d2430; --soft: #667085; --line: #e2dfd6; --accent: #35507a;
  --positive: #2a9d8f; --negative: #d1603d; --neutral: #b9b4a7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161d; --sheet: #1a2029; --ink: #e9ebef; --soft: #98a2b3; --line: #2c3440; --accent: #9db8e3;
    --positive: #4fc3b3; --negative: #ee8a66; --neutral: #5c6470;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main, header, footer { max-width: 68rem; margin: 0 auto; padding: 0 1rem; }
header { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: center; padding-top: 1.75rem; padding-bottom: 1rem; }
h1 { font: 600 1.6rem/1.2 Georgia, "Times New Roman", serif; margin: 0; flex: 1 1 auto; letter-spacing: -.01em; }
h2 { font-size: 1rem; font-weight: 600; margin: 0; }
.soft { color: var(--soft); font-size: .875rem; margin: 0; }
button, input { font: inherit; color: inherit; border: 1px solid var(--line); border-radius: .5rem; background: var(--sheet); padding: .45rem .85rem; }
button { cursor: pointer; }
button:hover { border-color: var(--accent); }
button:focus-visible, input:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button[aria-pressed="true"], button.main { background: var(--accent); border-color: var(--accent); color: var(--ground); }
.choices { display: flex; flex-wrap: wrap; gap: .4rem; }
.choices button { white-space: nowrap; }
.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: .9rem; padding: 1.1rem 1.2rem; margin-bottom: 1rem; min-width: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1rem; margin-bottom: 1rem; }
.card { margin-bottom: 0; }
.card b { display: block; font: 600 1.9rem/1.25 Georgia, serif; font-variant-numeric: tabular-nums; }
.columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 1rem; }
@media (max-width: 30rem) { .choices button { padding: .35rem .6rem; font-size: .875rem; } }
@media (max-width: 46rem) { .columns { grid-template-columns: minmax(0, 1fr); } }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .25rem 0 .75rem; padding: 0; list-style: none; font-size: .8125rem; color: var(--soft); }
.legend li::before { content: ""; display: inline-block; width: .65rem; height: .65rem; border-radius: .2rem; margin-right: .4rem; background: var(--mark); }
.positive { --mark: var(--positive); } .negative { --mark: var(--negative); } .neutral { --mark: var(--neutral); } .mean { --mark: var(--accent); }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
svg rect, svg circle { fill: var(--mark); }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .average { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.source { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .1rem .75rem; margin-top: .8rem; font-size: .9rem; }
.source span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.source i { font-style: normal; font-variant-numeric: tabular-nums; color: var(--soft); }
.bar { grid-column: 1 / -1; display: flex; gap: 2px; height: .6rem; border-radius: .3rem; overflow: hidden; background: var(--line); }
.bar em { background: var(--mark); }
ol { list-style: none; margin: .5rem 0 0; padding: 0; }
ol li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 1rem; padding: .7rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
ol a { color: inherit; text-decoration: none; font-weight: 500; }
ol a:hover { text-decoration: underline; }
.mood { align-self: start; font-size: .8125rem; white-space: nowrap; border: 1px solid var(--mark); border-radius: 1rem; padding: .05rem .6rem; font-variant-numeric: tabular-nums; }
.mood::before { content: ""; display: inline-block; width: .5rem; height: .5rem; border-radius: 50%; margin-right: .4rem; background: var(--mark); }
form { max-width: 26rem; margin: 12vh auto 0; display: grid; gap: .75rem; }
.wrong { color: var(--negative); margin: 0; min-height: 1.5em; font-size: .875rem; }
.more { margin: .75rem auto 0; display: block; }
footer { padding-top: .5rem; padding-bottom: 2rem; }
`;
