// What is asked of a page from within: expressions, because the types of a browser are not these tests'.

/** Pictures without a name or a description. */
export const unnamedPictures = `
  [...document.querySelectorAll("svg[role=img]")]
    .filter((svg) => {
      const ids = (svg.getAttribute("aria-labelledby") ?? "").split(" ");
      return ids.length < 2 || ids.some((id) => !svg.querySelector("#" + CSS.escape(id))?.textContent);
    })
    .map((svg) => svg.outerHTML.slice(0, 200))`;

/** What scrolls sideways and cannot be reached by the keyboard, or has no name there. */
export const unreachable = `
  [...document.querySelectorAll("*")]
    .filter((each) => each.scrollWidth > each.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(each).overflowX))
    .filter((each) => each.tabIndex < 0 || !each.getAttribute("aria-label"))
    .map((each) => each.outerHTML.slice(0, 200))`;

/** Texts that stand out from what is behind them by less than 4.5 to 1, as WCAG 2 counts it. */
export const lowContrast = `(() => {
  const parts = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [r, g, b] = parts(color).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const { backgroundColor } = getComputedStyle(each);
      if ((parts(backgroundColor)[3] ?? 1) > 0) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const texts = [...document.querySelectorAll("body *")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ""));
  const low = texts.filter((element) => !["TITLE", "DESC"].includes(element.tagName.toUpperCase())).filter((element) => {
    const { color, fill } = getComputedStyle(element);
    const [a, b] = [luminance(element.tagName === "text" ? fill : color), luminance(behind(element))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 4.5;
  });
  return texts.length < 50 ? ["too few texts were found"] : low.map((element) => element.outerHTML.slice(0, 200));
})()`;
