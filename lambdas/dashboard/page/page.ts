import { createHash } from "node:crypto";
import { build } from "./build.ts";
import { bySource } from "./by-source.ts";
import { overTime } from "./over-time.ts";
import { start } from "./start.ts";
import { style } from "./style.ts";

// The functions are sent as their sources: one bundle, one request, and the browser runs what the compiler has checked.
const script = `(${start})({ build: ${build}, overTime: ${overTime}, bySource: ${bySource} });`;

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%2335507a'/%3E%3Cpath d='M3 11l3-4 3 2 4-6' fill='none' stroke='white' stroke-width='2'/%3E%3C/svg%3E";

/** The page, whole: it loads nothing from anywhere, and asks this service for its data when it has the key. */
export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>News sentiment</title>
<link rel="icon" href="${ICON}">
<style>${style}</style>
</head>
<body>
<header>
  <h1>How the news feels</h1>
  <div id="tools" class="choices" hidden>
    <button type="button" data-days="1" aria-pressed="true">1 day</button>
    <button type="button" data-days="3" aria-pressed="false">3 days</button>
    <button type="button" data-days="7" aria-pressed="false">7 days</button>
    <button type="button" id="leave">Forget key</button>
  </div>
</header>
<main>
  <p id="problem" class="wrong" role="alert"></p>
  <form id="enter" class="sheet" hidden>
    <h2>Your API key</h2>
    <p class="soft">It is asked for once and kept in this tab only.</p>
    <input id="key" type="password" autocomplete="off" aria-label="API key" maxlength="200" required>
    <button class="main">Show the news</button>
    <p id="wrong" class="wrong" role="alert"></p>
  </form>
  <div id="content" hidden>
    <div id="cards" class="cards"></div>
    <p id="empty" class="soft" hidden>No news in this span yet.</p>
    <div class="columns">
      <section class="sheet">
        <h2>Over time</h2>
        <ul class="legend"><li class="positive">positive</li><li class="neutral">neutral</li><li class="negative">negative</li><li class="mean">average</li></ul>
        <div id="over-time"></div>
      </section>
      <section class="sheet"><h2>By source</h2><div id="by-source"></div></section>
    </div>
    <section class="sheet">
      <h2>Latest</h2>
      <p id="note" class="soft"></p>
      <ol id="items"></ol>
      <button type="button" id="more" class="more" hidden>More</button>
    </section>
  </div>
</main>
<footer><p class="soft">Scores run from −1 to 1 and come from the words of headline and summary.</p></footer>
<script>${script}</script>
</body>
</html>
`;

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** What the page may do: run this script and this style, draw its icon, and talk to where it came from. */
export const pagePolicy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
