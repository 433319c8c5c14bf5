// Chromium as a person's browser: pages that note everything that should not happen, and looks at their pictures.
import { type Browser, chromium, type Page } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** A page, and what went wrong in it: errors, refused scripts, requests to other hosts. */
export interface Visit {
  page: Page;
  complaints: string[];
}

/** Runs Chromium, with further flags where some are given, for as long as the work lasts. */
export async function withBrowser(
  work: (browser: Browser) => Promise<void>,
  flags: readonly string[] = [],
): Promise<void> {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: [...FLAGS, ...flags] });
  try {
    await work(browser);
  } catch (error) {
    throw new Error(`${error}\n${await shownBy(browser)}`, { cause: error });
  } finally {
    await browser.close();
  }
}

/** What stands on the pages at the moment: a wait that was in vain is else hard to explain. */
async function shownBy(browser: Browser): Promise<string> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  const texts = pages.map(async (page) => {
    const text = await page.locator("body").innerText({ timeout: 2000 }).catch(() => "(no answer)");
    return `The page ${page.url()} shows:\n${text}`;
  });
  return (await Promise.all(texts)).join("\n");
}

/** Opens an empty page of that width for a site. */
export async function visit(browser: Browser, origin: string, width = 1280): Promise<Visit> {
  const page = await browser.newPage({ viewport: { width, height: 844 } });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const isOwn = request.url().startsWith(origin) || /^(blob|data):/.test(request.url());
    if (!isOwn) complaints.push(`foreign: ${request.url()}`);
  });
  return { page, complaints };
}

/** Opens an address and waits until its buttons do something. */
export async function openPage(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: "domcontentloaded" });
  await page.waitForFunction(() => {
    const islands = [...document.querySelectorAll("[data-island]")];
    return islands.length > 0 && islands.every((island) => island.hasAttribute("data-ready"));
  });
}

/** Takes pictures of the page on a phone and on a desk, `PATH-390.png` and `PATH-1280.png`; none may be too wide. */
export async function shootWidths(page: Page, path: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    const [needed = 0, has = 0] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      innerWidth,
    ]);
    if (needed > has) throw new Error(`${path}: ${needed} px needed, ${has} px there`);
    await page.screenshot({ path: `${path}-${width}.png` });
  }
}

/** Mean colour of the first canvas that fits, 0–255. */
export async function canvasColour(
  page: Page,
  selector: string,
): Promise<{ red: number; green: number; blue: number }> {
  return await page.locator(selector).first().evaluate((element) => {
    const shown = element as HTMLCanvasElement;
    const one = document.createElement("canvas");
    [one.width, one.height] = [16, 9];
    const context = one.getContext("2d");
    context?.drawImage(shown, 0, 0, 16, 9);
    const { data } = context?.getImageData(0, 0, 16, 9) ?? { data: new Uint8ClampedArray(4) };
    const mean = (from: number) => {
      let sum = 0;
      for (let at = from; at < data.length; at += 4) sum += data[at] ?? 0;
      return sum / (data.length / 4);
    };
    return { red: mean(0), green: mean(1), blue: mean(2) };
  });
}
