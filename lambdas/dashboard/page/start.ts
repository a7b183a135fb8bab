/// <reference lib="dom" />
import type { Listed, ListedItem } from "../recent.ts";
import type { Summary } from "../summary.ts";
import type { Build } from "./build.ts";

type Drawing = (summary: Summary, build: Build) => Element;

/**
 * Runs the page: asks for the key once, keeps it for this tab, and shows what the API answers. Sent to the browser as its
 * own source: it must not use anything outside of itself but what it is given.
 */
export function start({
  build,
  overTime,
  bySource,
}: Record<"overTime" | "bySource", Drawing> & { build: Build }) {
  const KEPT = "sentiment-api-key";
  const at = (id: string) => document.getElementById(id) as HTMLElement;
  const input = at("key") as HTMLInputElement;
  let days = 1;
  let next: string | null = null;

  class Refused extends Error {}

  async function ask<T>(path: string): Promise<T> {
    const key = sessionStorage.getItem(KEPT) ?? "";
    const response = await fetch(path, { headers: { "x-api-key": key }, cache: "no-store" });
    if (response.status === 401) throw new Refused();
    if (!response.ok) throw new Error(`The service answered ${response.status}.`);
    return response.json();
  }

  function askForKey(problem = "") {
    sessionStorage.removeItem(KEPT);
    at("wrong").textContent = problem;
    at("content").hidden = at("tools").hidden = true;
    at("enter").hidden = false;
    input.value = "";
    input.focus();
  }

  function card(name: string, value: string) {
    return build("div", { class: "sheet card" }, build("p", { class: "soft" }, name), build("b", {}, value));
  }

  function draw(summary: Summary) {
    const { items, scored, positive, negative, average } = summary;
    const share = (count: number) => (scored > 0 ? `${Math.round((100 * count) / scored)} %` : "–");
    at("cards").replaceChildren(
      card("Articles", String(items)),
      card("Average mood", average === null ? "–" : `${average > 0 ? "+" : ""}${average.toFixed(2)}`),
      card("Positive", share(positive)),
      card("Negative", share(negative)),
    );
    at("over-time").replaceChildren(overTime(summary, build));
    at("by-source").replaceChildren(bySource(summary, build));
    at("empty").hidden = items > 0;
    const waiting = items - scored;
    at("note").textContent = waiting > 0 ? `${waiting} not scored yet.` : "";
  }

  function row({ url, title, source, publishedAt, label, score }: ListedItem) {
    const when = new Date(publishedAt).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    const mood = score === undefined ? "waiting" : `${score > 0 ? "+" : ""}${score.toFixed(2)}`;
    return build(
      "li",
      {},
      build(
        "a",
        { href: /^https?:/.test(url) ? url : "#", rel: "noopener noreferrer nofollow", target: "_blank" },
        title,
      ),
      build("span", { class: `mood ${label ?? "neutral"}` }, mood),
      build("span", { class: "soft" }, `${source} · ${when}`),
    );
  }

  async function list(more: boolean) {
    const after = more && next ? `&after=${encodeURIComponent(next)}` : "";
    const listed = await ask<Listed>(`/api/items?limit=20${after}`);
    if (!more) at("items").replaceChildren();
    at("items").append(...listed.items.map(row));
    next = listed.next;
    at("more").hidden = next === null;
  }

  async function show(work: () => Promise<unknown>) {
    at("problem").textContent = "";
    try {
      await work();
      at("enter").hidden = true;
      at("content").hidden = at("tools").hidden = false;
    } catch (error) {
      if (error instanceof Refused) askForKey("That key is not the right one.");
      else at("problem").textContent = `This could not be loaded. ${(error as Error).message}`;
    }
  }

  const load = () =>
    show(async () => {
      const [summary] = await Promise.all([ask<Summary>(`/api/summary?days=${days}`), list(false)]);
      draw(summary);
    });

  at("enter").addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(KEPT, input.value.trim());
    load();
  });
  at("more").addEventListener("click", () => show(() => list(true)));
  at("leave").addEventListener("click", () => askForKey());
  for (const choice of document.querySelectorAll<HTMLElement>("[data-days]"))
    choice.addEventListener("click", () => {
      for (const each of document.querySelectorAll("[data-days]"))
        each.setAttribute("aria-pressed", String(each === choice));
      days = Number(choice.dataset.days);
      load();
    });
  if (sessionStorage.getItem(KEPT)) load();
  else askForKey();
}
