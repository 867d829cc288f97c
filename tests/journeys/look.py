"""What a demanding reader finds wrong with the page that a browser shows.

Each of these gives sentences, none for a page without fault, so that a test can tell all of them
at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Page, Request

WIDTHS = (320, 390, 1280)
HEIGHT = 844
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
_RUN_AXE = """async (rules) => (
  await axe.run(document, { runOnly: rules, resultTypes: ["violations"] })
).violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120))}`)"""

_SMALL = """() => [...document.querySelectorAll("a, button, select, textarea, summary, input")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .filter((one) => getComputedStyle(one).position !== "absolute")
  .filter((one) => {
    // A link in the middle of a sentence is as high as its line.
    const line = one.parentElement;
    return getComputedStyle(one).display !== "inline"
      || line.textContent.trim() === one.textContent.trim();
  })
  .map((one) => [one, (one.closest("label") || one).getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
  .map(([one]) => one.outerHTML.slice(0, 100))"""

_SIDEWAYS = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 100)).slice(-3)"""

_REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter((one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }))
  .filter((one) => {
    if (one.type !== "radio") return true;
    const group = [...document.getElementsByName(one.name)].filter((it) => it.form === one.form);
    return one.checked || (!group.some((it) => it.checked) && one === group[0]);
  })
  .map((one) => one.outerHTML.slice(0, 100))"""

_FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const told = one.outerHTML.slice(0, 100);
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const wrong = [];
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) wrong.push("no outline");
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth
    || box.top < -1 || (box.height < 100 && box.bottom > innerHeight + 1)) {
    wrong.push("out of sight");
  }
  const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const corners = [[box.left + 3, box.top + 3], [box.right - 3, box.bottom - 3]];
  for (const [x, y] of [middle, ...corners]) {
    const above = document.elementFromPoint(x, y);
    if (!above || one.contains(above) || above.contains(one)) continue;
    for (let bar = above; bar; bar = bar.parentElement) {
      if (/fixed|sticky/.test(getComputedStyle(bar).position) && !bar.contains(one)) {
        wrong.push(`under ${bar.outerHTML.slice(0, 60)}`);
      }
    }
  }
  return { told, isSkip: one.classList.contains("skip"), wrong: [...new Set(wrong)] };
}"""
_LOADED = """() => ["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type))
  .filter((one) => !["fetch", "xmlhttprequest"].includes(one.initiatorType))
  .map((one) => ({ kind: one.initiatorType, name: one.name, transferred: one.transferSize,
    raw: one.decodedBodySize }))"""
_MOST_STOPS = 400


def accessibility(page: Page) -> Sequence[str]:
    """What axe finds, at the width of now; injected once in each page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found: list[str] = page.evaluate(_RUN_AXE, _RULES)
    return found


def geometry(page: Page) -> Sequence[str]:
    """What makes the page scroll sideways, and what a finger would miss."""
    wide = [f"sideways: {one}" for one in page.evaluate(_SIDEWAYS)]
    return wide + [f"smaller than 24 px: {one}" for one in page.evaluate(_SMALL)]


def appearance(page: Page, widths: Sequence[int] = WIDTHS) -> Sequence[str]:
    """`accessibility` and `geometry` at each width; the page keeps the last one."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"{width} px, {one}" for one in (*accessibility(page), *geometry(page))]
    return found


def focus(page: Page) -> Sequence[str]:
    """Go once through the whole page with the Tab key.

    The skip link comes first, every control is reached, each is in sight with its outline, nothing
    holds the focus.
    """
    stops = _tab_through(page)
    if stops and not stops[0]["isSkip"]:
        # The page had put the focus elsewhere, on its errors: this time from the beginning.
        stops = _tab_through(page)
    if len(stops) == _MOST_STOPS:
        return [f"the focus never leaves the page: {stops[-1]['told']}"]
    found = [f"focus, {wrong}: {stop['told']}" for stop in stops for wrong in stop["wrong"]]
    if not (stops and stops[0]["isSkip"]):
        found.append("the skip link does not come first")
    reached = {stop["told"] for stop in stops}
    return found + [
        f"never has the focus: {one}" for one in page.evaluate(_REACHABLE) if one not in reached
    ]


def _tab_through(page: Page) -> list[dict[str, Any]]:
    stops: list[dict[str, Any]] = []
    while len(stops) < _MOST_STOPS:
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUSED)
        if stop is None:
            break
        stops.append(stop)
    return stops


@dataclass
class Weights:
    """What the page of now cost to show, in bytes; images of documents are counted apart."""

    transferred: int = 0
    requests: int = 0
    raw: dict[str, int] = field(default_factory=dict)
    images: list[int] = field(default_factory=list)


def weights(page: Page) -> Weights:
    """The cost of this page, as the browser itself counted it; without what came later by script.

    True only for a page that a `Watch` keeps from using the browser's own store.
    """
    found = Weights()
    for one in page.evaluate(_LOADED):
        if one["kind"] == "img" and "/static/" not in one["name"]:
            found.images.append(one["transferred"])
            continue
        found.transferred += one["transferred"]
        found.requests += 1
        found.raw[one["kind"]] = found.raw.get(one["kind"], 0) + one["raw"]
    return found


class Watch:
    """Listens to a browser's page: what it fetched from where, and what the console said."""

    def __init__(self, page: Page, origin: str) -> None:
        self._page = page
        self._origin = origin
        self._said: list[str] = []
        page.on("request", self._asked)
        page.on("console", self._spoke)
        page.on("pageerror", lambda error: self._said.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        # Each page is weighed as a first view: nothing from the browser's own store.
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._origin, "data:", "blob:")):
            self._said.append(f"not of this site: {request.url}")

    def _spoke(self, message: ConsoleMessage) -> None:
        is_page_itself = message.location["url"] == self._page.url
        if message.type in {"error", "warning"} and not (
            is_page_itself and message.text.startswith("Failed to load resource")
        ):
            self._said.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # a page that was left
            self._said.append(f"not loaded: {request.url}")

    def heard(self) -> Sequence[str]:
        """What was said since the last time it was asked."""
        said, self._said[:] = list(self._said), []
        return said
