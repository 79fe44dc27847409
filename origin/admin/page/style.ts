/** The page's looks: the system's own fonts, light and dark as the system is, one column on a phone. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #dde2e8; --paper: #f6f7f9; --card: #fff;
  --main: #1d4f91; --on-main: #fff; --good: #1a6b3c; --warn: #8a5a00; --bad: #a3262a; --idle: #5b6675 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa6b5; --line: #313a47; --paper: #12161c;
  --card: #1a2029; --main: #8ab4f0; --on-main: #0d1420; --good: #6fce97; --warn: #e3b04b; --bad: #f08b8e; --idle: #9aa6b5 } }
* { box-sizing: border-box }
html { scroll-behavior: smooth; scroll-padding-top: 4rem }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto } }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.6;
  font: 15px/1.6 system-ui, -apple-system, "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", sans-serif }
header, main, nav.sections { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding-top: 1.25rem }
h1 { font-size: 1.25rem; margin: 0 auto 0 0; letter-spacing: .01em }
h2 { font-size: 1.05rem; margin: 2rem 0 .75rem }
h3 { font-size: 1rem; margin: 0 0 .5rem }
p { margin: .25rem 0 }
.muted, .empty, dt { color: var(--soft); font-size: .85rem }
.hint { color: var(--warn); font-size: .9rem }
code { font: .85em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere }
nav.sections { padding: 0 .5rem; position: sticky; top: 0; z-index: 1; display: flex; gap: .25rem; overflow-x: auto; margin-top: .75rem;
  background: var(--paper); border-bottom: 1px solid var(--line) }
nav a { padding: .6rem .75rem; color: var(--soft); text-decoration: none; white-space: nowrap }
nav a:hover, nav a[aria-current] { color: var(--main) }
nav.filter { display: flex; flex-wrap: wrap; margin: -.5rem 0 .5rem -.75rem }
nav.filter a { padding: .25rem .75rem; font-size: .9rem }
nav.filter a[aria-current] { font-weight: 600 }
.cards, .tiles { display: grid; gap: .75rem; margin: 0; padding: 0; list-style: none;
  grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)) }
.tiles { grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); margin-bottom: .75rem }
.cards > li, .tiles > div, .scroll, form.row, form.door { background: var(--card); border: 1px solid var(--line); border-radius: 8px }
.cards > li, .tiles > div { padding: .8rem 1rem }
.cards > li > p { overflow-wrap: anywhere }
.cards button { margin-top: .5rem }
.name { display: flex; flex-direction: row-reverse; justify-content: space-between; align-items: center; gap: .5rem }
.name strong { margin-right: auto }
dd { margin: 0; font-size: 1.4rem; font-variant-numeric: tabular-nums }
.badge { font-size: .8rem; font-weight: 600; white-space: nowrap; color: var(--idle) }
.badge::before { content: "○ " }
.badge.ok, .badge.active, .badge.done { color: var(--good) }
.badge.ok::before, .badge.active::before, .badge.done::before { content: "● " }
.badge.running { color: var(--main) } .badge.running::before { content: "◐ " }
.badge.degraded, .badge.needs_application_id { color: var(--warn) }
.badge.degraded::before, .badge.needs_application_id::before { content: "▲ " }
.badge.failing, .badge.failed, .badge.unreadable { color: var(--bad) }
.badge.failing::before, .badge.failed::before, .badge.unreadable::before { content: "■ " }
.scroll { overflow-x: auto; margin-bottom: .75rem }
table { border-collapse: collapse; width: 100% }
th, td { padding: .5rem .9rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line) }
thead th { border-top: 0; color: var(--soft); font-size: .8rem; font-weight: 600; white-space: nowrap }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
time, td code, button { white-space: nowrap }
td:has(> button) { text-align: right } td.wide, .wide { min-width: 15rem; overflow-wrap: anywhere }
button, input, select { font: inherit; color: inherit; border: 1px solid var(--line); border-radius: 6px; background: var(--card);
  padding: .35rem .8rem; min-height: 2.25rem }
button { cursor: pointer } button:disabled { opacity: .5; cursor: default }
button.main { background: var(--main); border-color: var(--main); color: var(--on-main) }
button.danger { color: var(--bad) } button.danger:hover { border-color: var(--bad) }
:focus-visible { outline: 2px solid var(--main); outline-offset: 2px }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; justify-content: flex-end }
form.row { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; padding: .8rem 1rem; margin-bottom: .75rem }
form label { display: grid; gap: .2rem; font-size: .85rem; color: var(--soft) }
form.row input { width: 11rem } form.row input[type=number] { width: 9rem }
form.row .hint { flex-basis: 100% } .hint:empty, .outcome:empty { display: none }
form.door { max-width: 30rem; margin: 12vh auto; padding: 1.5rem; display: grid; gap: .6rem }
form.door label { font-size: 1rem; color: inherit }
dialog { max-width: min(32rem, 92vw); border: 1px solid var(--line); border-radius: 10px; padding: 1.25rem; background: var(--card); color: inherit }
dialog::backdrop { background: rgb(0 0 0 / .4) } dialog .actions { margin-top: 1rem }
.what { overflow-wrap: anywhere; color: var(--soft) }
.secret { display: block; padding: .75rem; background: var(--paper); border-radius: 6px; user-select: all }
main { padding-bottom: 3rem }
@media (max-width: 40rem) {
  thead { display: none } table, tbody, tr { display: block }
  td, td.figure, td:has(> button) { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .5rem; border: 0; padding: .2rem 1rem; text-align: left }
  td::before { content: attr(data-heading); color: var(--soft); font-size: .8rem; line-height: 1.9 }
  td > * { min-width: 0; overflow-wrap: anywhere } td > button { justify-self: start } .wide { min-width: 0 }
  td:has(> span:empty) { display: none } td code { white-space: normal }
  tr { border-top: 1px solid var(--line); padding: .5rem 0 } tbody tr:first-child { border-top: 0 }
  form.row label, form.row input, form.row input[type=number], form.row select, form.row button { width: 100% }
  .tiles { grid-template-columns: 1fr 1fr } header .actions { width: 100%; justify-content: flex-start }
}
@media print { nav, button, form { display: none } }
`
