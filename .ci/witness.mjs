// Reads the evidence of a running demo back with warcio, and compares it with what
// wget records of the same pages; see .ci/witness.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { WARCParser } from "warcio";

const [work, sites, chromium] = process.argv.slice(2);
const data = join(work, "data");
const roots = data + ".roots.pem";
const evidence = join(data, "evidence");
const tools = dirname(fileURLToPath(import.meta.url));
const sha256 = (b) => createHash("sha256").update(b).digest("hex");
const files = (dir, end) => readdirSync(dir).filter((f) => f.endsWith(end)).sort();

const figures = [];
function figure(what, good, of) {
  figures.push({ what, good, of });
}

function succeeds(program, args, cwd) {
  try {
    execFileSync(program, args, { cwd, stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

// records reads every record of a WARC, HTTP not parsed.
async function records(path) {
  const parser = new WARCParser(createReadStream(path), { parseHttp: false });
  const list = [];
  for await (const r of parser) {
    const block = await r.readFully(false);
    list.push({
      id: r.warcHeader("WARC-Record-ID").slice(1, -1), type: r.warcType, url: r.warcTargetURI ?? "",
      digest: r.warcHeader("WARC-Block-Digest"), of: r.warcHeader("WARC-Concurrent-To")?.slice(1, -1), block, offset: parser.offset, length: parser.recordLength,
    });
  }
  return list;
}

// responses reads the responses of a WARC, HTTP parsed and bodies decoded.
async function responses(path) {
  const list = [];
  for await (const r of new WARCParser(createReadStream(path))) {
    if (r.warcType !== "response") continue;
    const body = await r.readFully(true);
    const headers = [];
    for (const [name, value] of r.httpHeaders.headers) {
      if (name.toLowerCase() !== "date") headers.push(`${name.toLowerCase()}: ${value}`);
    }
    list.push({
      url: r.warcTargetURI, status: r.httpHeaders.statusCode, headers: headers.sort().join("\n"),
      body: sha256(body), digest: r.warcHeader("Rightsdesk-Body-Digest"),
    });
  }
  return list;
}

// Every record of every file, against the manifest.
const manifest = readFileSync(join(evidence, "manifest.jsonl"), "utf8").trim().split("\n").map((l) => JSON.parse(l));
let alike = 0, digests = 0, read = 0;
const seen = new Set(), pictures = [];
const captured = [];
for (const file of files(evidence, ".warc.gz")) {
  const lines = manifest.filter((l) => l.file === file);
  const list = await records(join(evidence, file));
  read += list.length;
  list.forEach((r, i) => {
    const l = lines[i];
    if (l && l.record_id === r.id && l.type === r.type && l.url === r.url && l.offset === r.offset && l.length === r.length) alike++;
    if (r.type === "response") seen.add(r.id);
    if (r.url.startsWith("urn:fullPage:")) pictures.push(r);
    if (r.digest === "sha256:" + sha256(r.block)) digests++;
  });
  captured.push(...(await responses(join(evidence, file))));
}
figure("records that warcio reads where the manifest names them", alike, manifest.length);
figure("block digests, computed anew", digests, read);
const png = (b) => b.subarray(1, 4).toString() === "PNG" && b.readUInt32BE(16) === 1280;
figure("pictures, PNG of full width, of pages that warcio has read", pictures.filter((r) => seen.has(r.of) && png(Buffer.from(r.block))).length, pictures.length);
figure("bodies decoded by warcio with the digest we gave", captured.filter((c) => c.digest === "sha256:" + c.body).length, captured.length);

// The same pages by wget.
const urls = [...new Set(captured.map((c) => c.url))];
const byWget = join(work, "wget");
succeeds("wget", [
  "-q", "-O", "/dev/null", "-e", "robots=off", "-e", "use_proxy=yes", "-e", `http_proxy=http://${sites}`, "--max-redirect=0", "--no-http-keep-alive",
  `--warc-file=${byWget}`, ...urls,
]);
const theirs = new Map((await responses(byWget + ".warc.gz")).map((r) => [r.url.replace(/^<|>$/g, ""), r]));
let same = 0;
for (const url of urls) {
  const ours = captured.findLast((c) => c.url === url), wget = theirs.get(url);
  if (wget && wget.status === ours.status && wget.body === ours.body && wget.headers === ours.headers) same++;
  else console.error(`differs: ${url}\n--- ours ${ours.status}\n${ours.headers}\n--- wget ${wget?.status}\n${wget?.headers}`);
}
figure("pages of which wget records the same status, header and body", same, urls.length);

// Seals and time stamps.
const seals = files(evidence, ".sha256");
figure("sealed files that sha256sum finds unchanged", seals.filter((f) => succeeds("sha256sum", ["-c", f], evidence)).length, seals.length);
function stamps(list) {
  return list.filter(([of, token, cwd]) => succeeds("openssl", ["ts", "-verify", "-data", of, "-in", token, "-CAfile", roots], cwd)).length;
}
const tokens = files(evidence, ".tsr").map((f) => [f.replace(/\.[a-z0-9-]+\.tsr$/, ""), f, evidence]);
figure("time stamps of them that openssl verifies, two a file", stamps(tokens), 2 * seals.length);
const other = join(work, "other");
writeFileSync(other, Buffer.concat([readFileSync(join(evidence, tokens[0][0])), Buffer.from([0])]));
figure("of another file, that openssl refuses", tokens.filter(([, f]) => stamps([[other, f, evidence]]) === 0).length, tokens.length);

// The bundles.
const bundles = files(join(data, "bundles"), ".wacz");
let sums = 0, given = 0, good = 0, indexed = 0, found = 0, shown = 0, pages = 0;
for (const name of bundles) {
  const dir = join(work, name);
  mkdirSync(dir);
  execFileSync("unzip", ["-q", join(data, "bundles", name), "-d", dir]);
  if (succeeds("sha256sum", ["-c", "SHA256SUMS"], dir)) sums++;
  const list = files(join(dir, "stamps"), ".tsr").filter((f) => /^(datapackage\.json|root\.txt)\./.test(f));
  given += list.length;
  good += stamps(list.map((f) => [f.startsWith("root") ? "audit/root.txt" : "datapackage.json", "stamps/" + f, dir]));
  for (const line of readFileSync(join(dir, "indexes/index.cdx"), "utf8").trim().split("\n")) {
    const l = JSON.parse(line.slice(line.indexOf("{")));
    indexed++;
    const record = await WARCParser.parse(createReadStream(join(dir, "archive", l.filename), { start: +l.offset, end: +l.offset + +l.length - 1 }));
    if (record?.warcTargetURI === l.url && record.httpHeaders.statusCode === +l.status) found++;
  }
  const text = readFileSync(join(dir, "texts", files(join(dir, "texts"), "-theirs.txt")[0]), "utf8");
  for (const line of readFileSync(join(dir, "pages/pages.jsonl"), "utf8").trim().split("\n").slice(1, 2)) {
    pages++;
    if (await replays(join(data, "bundles", name), JSON.parse(line).url, text.slice(0, 12))) shown++;
  }
}
figure("bundles that sha256sum finds unchanged", sums, bundles.length);
figure("time stamps of bundles and roots that openssl verifies", good, given);
figure("responses that warcio finds where the index names them", found, indexed);
figure("pages that ReplayWeb.page shows with their text", shown, pages);

// replays opens a bundle in ReplayWeb.page and waits until a text shows.
async function replays(bundle, url, text) {
  const wacz = readFileSync(bundle);
  const script = (r, name) => {
    r.writeHead(200, { "content-type": "text/javascript", "service-worker-allowed": "/" });
    r.end(readFileSync(join(tools, "package", name)));
  };
  const server = http.createServer((q, r) => {
    const range = /bytes=(\d+)-(\d*)/.exec(q.headers.range ?? "");
    switch (new URL(q.url, "http://localhost").pathname) {
      case "/":
        r.writeHead(200, { "content-type": "text/html" });
        return r.end(`<script src="/ui.js"></script><replay-web-page source="/b.wacz" url="${url}" replayBase="/replay/" embed="replayonly" style="display:block;height:90vh"></replay-web-page>`);
      case "/ui.js":
        return script(r, "ui.js");
      case "/replay/sw.js":
        return script(r, "sw.js");
      case "/b.wacz": {
        const from = range ? +range[1] : 0, to = range?.[2] ? +range[2] : wacz.length - 1;
        const head = { "accept-ranges": "bytes", "content-length": to - from + 1 };
        if (range) head["content-range"] = `bytes ${from}-${to}/${wacz.length}`;
        r.writeHead(range ? 206 : 200, head);
        return r.end(wacz.subarray(from, to + 1));
      }
    }
    r.writeHead(404).end();
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--headless=new"] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    for (let i = 0; i < 120; i++) {
      for (const frame of page.frames()) {
        const shown = await frame.evaluate(() => document.body?.innerText ?? "").catch(() => "");
        if (shown.includes(text)) return true;
      }
      await new Promise((next) => setTimeout(next, 500));
    }
    return false;
  } finally {
    await browser.close();
    server.close();
  }
}

let short = 0;
for (const f of figures) {
  const ok = f.good === f.of && f.of > 0;
  if (!ok) short++;
  console.log(`${ok ? "ok   " : "SHORT"} ${String(f.good).padStart(5)} of ${String(f.of).padStart(5)}  ${f.what}`);
}
process.exit(short === 0 ? 0 : 1);
