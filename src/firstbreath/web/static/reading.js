// The score of one scan: a row for each segment, filled by single keys, drawn on the map of the lungs, and saved as a
// draft while it is filled. What is entered stays in the form until the server has it; nothing is kept on the machine,
// which others use. Without this file the form is filled and sent as any other.

const form = document.querySelector("form[data-reading]");
const rows = [...(form?.querySelectorAll("tr[data-segment]") ?? [])];
const map = document.querySelector("[data-lung-map]");
const DRAFT_MS = 1500, AGAIN_MS = 10000, PATIENCE_MS = 15000;

let current = null;
let changed = 0;
let watched = false;
let saved = 0;
let sending = false;
let leaving = false;
let timer = 0;

const say = (name, otherwise) => form.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`] ?? otherwise;
const part = (name, within = form) => within.querySelector(`[data-${name}]`);
const scoresOf = (row) => [...row.querySelectorAll("input[type=radio][name^=score-]")];
const viewer = () => document.querySelector("[data-viewer]")?.viewer;
const shortOf = (segment) => segment.replace("_", "+");
const labelled = (label) => rows.find((row) => shortOf(row.dataset.segment) === label);
const scoreOf = (row) => scoresOf(row).find((input) => input.checked)?.value ?? "";

/* Rows: one is current, also while the reader is in the viewer; the tabulator visits that row alone */

function choose(row, { focus = true } = {}) {
  if (!row) return;
  current = row;
  for (const each of rows) enclose(each, each === row);
  outline(row.dataset.segment);
  if (viewer()) viewer().label = shortOf(row.dataset.segment);
  if (part("suggestion")?.dataset.of === "") tellOf("", "");
  if (focus) row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function enclose(row, on) {
  row.tabIndex = on ? 0 : -1;
  if (on) row.setAttribute("aria-current", "true");
  else row.removeAttribute("aria-current");
  for (const input of row.querySelectorAll("input, select, button")) input.tabIndex = on ? 0 : -1;
}

const beside = (row, by) => rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(row) + by))];

/* Keys of a row */

/** A score is done with its form; without one yet the row stays, so that the next key is of this segment. */
function lacksForm(row, value) {
  const forms = [...row.querySelectorAll("[name^=form-]")];
  return Number(value) > 0 && forms.length > 0 && !forms.some((each) => (each.tagName === "SELECT" ? each.value : each.checked));
}

function setScore(row, value) {
  const input = scoresOf(row).find((each) => each.value.toUpperCase() === value);
  if (!input) return;
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  choose(lacksForm(row, value) ? row : beside(row, 1));
}

/** What has this key in a row: on, all of it; off, where all of it was on. */
function toggle(row, key) {
  const meant = [...row.querySelectorAll("[data-key]")].filter((each) => each.dataset.key.toUpperCase().split(" ").includes(key));
  const name = meant[0]?.tagName === "OPTION" ? "selected" : "checked";
  const on = !meant.every((each) => each[name]);
  for (const each of meant) {
    if (on || name === "checked") each[name] = on;
    else each.closest("select").value = "";
  }
  if (meant.length) meant[0].dispatchEvent(new Event("change", { bubbles: true }));
  return meant.length > 0;
}

function actOf(event, row) {
  const { key, target } = event, letter = key.toUpperCase();
  const typing = target.matches("select, textarea, input:not([type=radio]):not([type=checkbox])");
  if (event.altKey || event.ctrlKey || event.metaKey) return null;
  if (key === "ArrowUp" || key === "ArrowDown") return target.matches("select") ? null : () => choose(beside(row, key === "ArrowUp" ? -1 : 1));
  if (key === "Enter" && target.matches("input")) return () => choose(typing ? row : beside(row, 1));
  if (typing) return null;
  if (/^[0-4]$/.test(key)) return () => setScore(row, key);
  if (letter === "N") return () => setScore(row, "NE");
  if (letter === "V") return () => viewer()?.focus();
  if (/^[A-Z]$/.test(letter)) return () => toggle(row, letter);
  return null;
}

function onKey(event) {
  const row = event.target.closest?.("tr[data-segment]");
  const act = row && actOf(event, row);
  if (!act) return;
  event.preventDefault();
  act();
}

/* What is shown of it */

function show() {
  const left = rows.filter((row) => scoreOf(row) === "").length;
  const words = left ? say("left", "{left} of {all} to go") : say("all", "all {all} scored");
  const place = part("left");
  if (place) place.textContent = words.replace("{left}", left).replace("{all}", rows.length);
  for (const row of rows) {
    const score = scoreOf(row);
    row.dataset.score = score;
    draw(row.dataset.segment, score);
  }
}

/** A region of the map with its score: the number is printed, the shade only repeats it. */
function draw(segment, score) {
  const region = map?.querySelector(`path[data-segment="${segment}"]`);
  if (!region) return;
  region.dataset.score = score;
  map.querySelector(`[data-score-of="${segment}"]`).textContent = score || "·";
  const link = region.closest("a");
  link?.setAttribute("aria-label", `${region.dataset.label ?? segment}: ${score || say("open", "no score yet")}`);
}

/** The region of the current row, outlined above its neighbours. */
function outline(segment) {
  const region = map?.querySelector(`path[data-segment="${segment}"]`), line = map?.querySelector("[data-lung-current]");
  if (!region || !line) return;
  line.setAttribute("d", region.getAttribute("d"));
  line.setAttribute("clip-path", region.closest("g").getAttribute("clip-path"));
}

/** Points are suggested, never set: the radio stays as it is until the reader has decided. */
function suggest(row, points, mm) {
  for (const input of scoresOf(row)) input.closest("label")?.toggleAttribute("data-suggested", points !== null && input.value === String(points));
  const { segment } = row.dataset, given = { segment: shortOf(segment), mm: mm?.toFixed(1), points };
  if (points === null) return part("suggestion")?.dataset.of === segment && tellOf(segment, "");
  tellOf(segment, say("suggested", "{segment}: {mm} mm suggests {points}").replace(/{(\w+)}/g, (_, name) => given[name]));
}

/** What is told under the rows of a measurement: of which segment, or of none. */
function tellOf(segment, words) {
  const place = part("suggestion");
  if (!place) return;
  place.dataset.of = segment;
  place.textContent = words;
}

/** A length goes to the segment that its line was drawn for, also where it is corrected while another is current. */
function onMeasured({ detail: { mm, points, label } }) {
  const row = labelled(label);
  if (!row) return tellOf("", say("choose", "Choose a segment first: then a measurement fills its size."));
  const input = row.querySelector("input[name^=mm-]");
  if (input) input.value = mm.toFixed(1);
  suggest(row, points, mm);
  touch();
}

/* The draft */

function report(words, state) {
  const place = part("saved");
  if (!place) return;
  place.textContent = words;
  place.dataset.state = state;
}

const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

function touch() {
  changed += 1;
  report(say("unsaved", "not saved yet"), "waiting");
  plan(DRAFT_MS);
}

function plan(ms) {
  clearTimeout(timer);
  if (form.dataset.draft) timer = setTimeout(save, ms);
}

async function save() {
  if (sending || (changed === saved && !watched)) return;
  const sent = changed;
  sending = true;
  watched = false;
  const trouble = await post();
  sending = false;
  if (!trouble) saved = sent;
  if (changed !== sent) return plan(DRAFT_MS);
  if (trouble) plan(AGAIN_MS);
  report(trouble ? `${say("trouble", "not saved")}: ${trouble}` : `${say("saved", "saved")} ${clock()}`, trouble ? "trouble" : "saved");
}

/** @returns {Promise<string>} what stands in the way, or nothing when the server has the draft */
async function post(options = {}) {
  const body = new FormData(form), headers = { Accept: "application/json" };
  const given = { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS), ...options };
  const answer = await fetch(form.dataset.draft, given).catch(() => null);
  if (!answer) return say("offline", "no answer from the server; it is tried again");
  if (answer.ok) return "";
  const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json().catch(() => null) : null;
  if (answer.type === "opaqueredirect") return say("signIn", "you are signed out; sign in in another tab");
  return told?.why ?? `${say("answered", "the server answered")} ${answer.status}`;
}

/* What people do */

function listen() {
  form.addEventListener("keydown", onKey);
  form.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-segment]");
    if (row && row !== current) choose(row, { focus: false });
  });
  form.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-segment]");
    if (row && !event.target.closest("input, select, label, a, button")) choose(row);
  });
  form.addEventListener("change", ({ target }) => { if (target.matches("[name^=score-]")) suggest(target.closest("tr"), null); });
  for (const name of ["input", "change"]) form.addEventListener(name, () => { show(); touch(); });
  form.addEventListener("submit", () => { leaving = true; });
  map?.addEventListener("click", (event) => {
    const segment = event.target.closest("[data-region]")?.dataset.region;
    if (!segment) return;
    event.preventDefault();
    choose(rows.find((row) => row.dataset.segment === segment));
  });
  document.addEventListener("viewer:measured", onMeasured);
  document.addEventListener("viewer:seen", keepSeen);
  document.addEventListener("viewer:leave", () => choose(current ?? rows[0]));
  document.addEventListener("viewer:ready", restoreLines);
  document.addEventListener("viewer:measurements", ({ detail }) => keepLines(detail.measurements));
  addEventListener("beforeunload", (event) => { if (changed !== saved && !leaving) event.preventDefault(); });
  addEventListener("pagehide", () => { if ((changed !== saved || watched) && !leaving) post({ keepalive: true }); });
}

/** The lines of the caliper travel with the form, where it has a place for them, each with its segment. */
function keepLines(measurements) {
  const place = form.elements.measurements;
  if (!place) return;
  place.value = JSON.stringify(measurements.map(({ label, ...line }) => ({ ...line, segment: labelled(label)?.dataset.segment ?? "" })));
  touch();
}

/** Slices that were on the screen long enough travel with the form, as ranges such as 1-12 14. */
function keepSeen({ detail: { slice } }) {
  const place = form.elements.seen;
  if (!place) return;
  const seen = new Set(place.value.split(" ").filter(Boolean).flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, by) => first + by);
  }));
  if (seen.has(slice + 1)) return;
  const ranges = [];
  for (const each of [...seen.add(slice + 1)].sort((one, other) => one - other)) {
    if (ranges.length && ranges.at(-1)[1] === each - 1) ranges.at(-1)[1] = each;
    else ranges.push([each, each]);
  }
  place.value = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(" ");
  watched = true; // worth keeping, but nobody is held back for it
  plan(AGAIN_MS);
}

function restoreLines() {
  const kept = form.elements.measurements?.value;
  if (!viewer() || !kept) return;
  viewer().measurements = JSON.parse(kept).map(({ segment = "", ...line }) => ({ ...line, label: shortOf(segment) }));
}

if (form) {
  for (const row of rows) enclose(row, row === rows[0]);
  rows[0]?.removeAttribute("aria-current"); // nothing is filled in until a row was chosen
  for (const link of map?.querySelectorAll("a") ?? []) link.setAttribute("tabindex", "-1");
  listen();
  show();
  restoreLines();
  form.dataset.ready = "yes";
}
