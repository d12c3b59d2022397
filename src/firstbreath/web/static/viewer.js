// The CT viewer of the reading room: axial slices in Hounsfield units on a 2D canvas, two reformats beside them.
// It knows a case by nothing but the addresses of its manifest. Slices are numbered from 0, nearest the head, in
// addresses and events, and from 1 on the screen. A position is [column, row]; whole numbers are pixel centres.

/* Pure: greys, letters, lengths, places */

const GREYS = 65536;
const WHITE = 255;
const BLACK = 0xff000000;

/**
 * The grey of a value in a window: DICOM PS3.3 C.11.2.1.2.1 (LINEAR) onto 0..255, halves rounded up.
 * @param {number} hu Hounsfield units
 * @param {number} centre of the window, HU
 * @param {number} width of the window, HU, at least 1
 * @returns {number} 0 to 255
 */
export function greyOf(hu, centre, width) {
  const from = centre - 0.5;
  if (hu <= from - (width - 1) / 2) return 0;
  if (hu > from + (width - 1) / 2) return WHITE;
  return Math.floor(((hu - from) / (width - 1) + 0.5) * WHITE + 0.5);
}

/** Fill a table from the 16 bits of a value to its opaque pixel; at or below `padding` is outside the scan: black. */
export function fillTable(table, { centre, width }, padding) {
  const half = (width - 1) / 2, last = GREYS / 2 - 1;
  const black = clamp(Math.floor(centre - 0.5 - half), -last - 1, last), white = clamp(Math.ceil(centre - 0.5 + half), -last - 1, last);
  table.fill(BLACK);
  if (white < 0) table.fill(BLACK | 0xffffff, white + GREYS);
  table.fill(BLACK | 0xffffff, Math.max(0, white), last + 1);
  for (let hu = black; hu <= white; hu += 1) table[hu & 0xffff] = BLACK | (greyOf(hu, centre, width) * 0x010101);
  for (let hu = Math.max(black, -last - 1); hu <= Math.min(padding, last); hu += 1) table[hu & 0xffff] = BLACK;
}

/**
 * The side of the patient a direction points to, such as "L", or "AH" where it is oblique by more than 15 degrees.
 * @param {number[]} direction cosines: x to the left, y to the back, z to the head
 */
export function lettersOf(direction) {
  const named = direction.map((cosine, axis) => [Math.abs(cosine), "LPH RAF"[cosine < 0 ? axis + 4 : axis]]);
  const sorted = named.sort(([one], [other]) => other - one);
  return sorted.filter(([size], place) => place === 0 || size > 0.26).map(([, letter]) => letter).join("");
}

const opposite = (direction) => direction.map((cosine) => -cosine);

/** The length in mm of a line between two pixels of a slice, to 0.1 mm: what is shown is what is classed. */
export function lengthOf([fromColumn, fromRow], [toColumn, toRow], [, row, column]) {
  return Math.round(10 * Math.hypot((toColumn - fromColumn) * column, (toRow - fromRow) * row)) / 10;
}

/** The points that a size suggests: those of the first class it lies below. */
export function pointsOf(mm, classes) {
  return classes.find((size) => size.below_mm === undefined || mm < size.below_mm)?.points ?? null;
}

/** Where an image lies on a canvas, in device pixels, fitted and centred, then zoomed and moved. */
export function placeOn([width, height], [columns, rows], [acrossMm, downMm], { zoom = 1, x = 0, y = 0 } = {}) {
  const perMm = zoom * Math.min(width / (columns * acrossMm), height / (rows * downMm));
  const across = perMm * acrossMm, down = perMm * downMm;
  return { across, down, left: Math.round((width - columns * across) / 2 + x), top: Math.round((height - rows * down) / 2 + y) };
}

const canvasOf = (place, [column, row]) => [place.left + (column + 0.5) * place.across, place.top + (row + 0.5) * place.down];
const pixelOf = (place, [x, y]) => [(x - place.left) / place.across - 0.5, (y - place.top) / place.down - 0.5];
const clamp = (number, low, high) => Math.min(high, Math.max(low, number));

/* What is said; a manifest may say it in another language, by the same names */

const WORDS = {
  viewer: "CT viewer", axial: "Axial", coronal: "Coronal", sagittal: "Sagittal", centre: "Centre", width: "Width",
  free: "Free", tools: "Tools", caliper: "Caliper", erase: "Delete line", unmeasured: "measure in the slice", crosshair: "Crosshair", smooth: "Smooth", larger: "Zoom in",
  smaller: "Zoom out", fit: "Fit", full: "Full screen", again: "Try again", slice: "Slice", of: "of", window: "window",
  loading: "loading", waiting: "is loading", outside: "outside the scan", from: "mm from the first slice",
  lost: "could not be loaded:", missing: "not loaded", short: "the answer has {got} bytes where {want} are due",
  answered: "the server answered", silent: "no answer from the server",
  out: "you are signed out; sign in in another tab", case: "The case", set: "end set at the crosshair",
  seen: "slices seen", keys: "Keys and mouse", zoom: "Zoom",
};
const LEGEND = [
  ["Wheel, drag, ↑ ↓", "through the slices"], ["Two fingers", "zoom and move the picture"], ["PgUp PgDn", "ten slices"], ["Home End", "first and last slice"],
  ["{presets}", "window"], ["Right drag", "free window: sideways the width, up brighter"],
  ["Ctrl + wheel, + −", "zoom"], ["Middle drag, Space + drag", "move the picture"], ["R", "fit the picture again"],
  ["C", "caliper: drag a line, drag an end to correct it"], ["Backspace", "delete the chosen or last line of the slice"],
  ["X", "crosshair: click, or click in a reformat at any time"],
  ["Shift + arrows", "move the picture; with crosshair or caliper, the crosshair"],
  ["Enter", "with the caliper: set an end at the crosshair"], ["Esc", "leave the caliper"],
  ["S", "smooth the pixels or show them as they are"], ["F", "full screen"], ["V", "to the scores and back"], ["?", "these lines"],
];

/* State: one viewer on a page */

const root = document.querySelector("[data-viewer]");
const DRAW = { ground: "#060809", gap: 0xff422c1d, line: "#ffd166", chosen: "#ffffff", cross: "#5ec8c8", faint: "rgb(94 200 200 / .55)" };
const AT_ONCE = 4, SEEN_MS = 100, POST_MS = 10000, PATIENCE_MS = 30000, KEPT_TIMES = 1000, HANDLE_PX = 9, CLICK_PX = 3;
const MAX_ZOOM = 20;
const state = {
  slice: 0, column: 0, row: 0, centre: 0, width: 1, zoom: 1, x: 0, y: 0, tool: "scroll", crosshair: false, smooth: false,
};
const held = {
  slices: [], status: [], trouble: [], table: new Uint32Array(GREYS), measurements: [], chosen: null,
  drawn: null, begun: false, times: [], label: "",
};
const parts = {};
const views = {};
let manifest = null;
let wanted = [];
let early = null;
let gesture = null;
let space = false;
let pointer = null;
let frame = 0;
let stale = new Set();

const say = (name) => manifest?.words?.[name] ?? WORDS[name];
const presetNow = () => manifest.windows.find(({ centre, width }) => centre === state.centre && width === state.width);
const typed = (number) => String(number).replace("-", "−");
const onSlice = () => held.measurements.filter(({ slice }) => slice === state.slice);

function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function tell(name, detail) {
  root.dispatchEvent(new CustomEvent(`viewer:${name}`, { bubbles: true, detail }));
}

/* The page */

function build() {
  const { windows } = manifest;
  parts.status = make("p", { class: "unseen", role: "status" });
  parts.centre = numberInput("centre");
  parts.width = numberInput("width", 1);
  parts.presets = windows.map((preset) => button(preset.label, preset.key, () => setWindow(preset)));
  parts.caliper = button(say("caliper"), "C", () => setTool(state.tool === "caliper" ? "scroll" : "caliper"));
  parts.erase = button(say("erase"), "", deleteLine);
  parts.erase.classList.add("viewer-touch"); // keys have one of their own
  parts.crosshair = button(say("crosshair"), "X", () => change({ crosshair: !state.crosshair }));
  parts.smooth = button(say("smooth"), "S", () => change({ smooth: !state.smooth }, "axial", "coronal", "sagittal"));
  const bar = make("div", { class: "viewer-bar", role: "group", "aria-label": say("tools") },
    make("span", {}, ...parts.presets), make("span", {}, ...labelled("centre"), ...labelled("width")),
    make("span", {}, parts.caliper, parts.erase, parts.crosshair, parts.smooth),
    make("span", {}, button("−", "", () => zoomBy(1 / 1.25), say("smaller")), button("+", "", () => zoomBy(1.25), say("larger")),
      button(say("fit"), "R", fit)),
    make("span", {}, button(say("full"), "F", toggleFull)), legend());
  parts.progress = make("div", { class: "viewer-progress", "aria-hidden": "true" }, make("i"));
  const side = make("div", { class: "viewer-side" }, buildView("coronal"), buildView("sagittal"));
  const stage = make("div", { class: "viewer-stage" }, buildAxial(), side);
  root.classList.add("viewer");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", say("viewer"));
  root.replaceChildren(bar, parts.progress, stage, parts.status);
}

function button(words, key, act, label = words) {
  const hint = key ? [make("kbd", { "aria-hidden": "true" }, key)] : [];
  const made = make("button", { type: "button", "aria-label": label, title: key ? `${label} (${key})` : label }, words, ...hint);
  if (key) made.setAttribute("aria-keyshortcuts", key);
  made.addEventListener("click", act);
  return made;
}

function numberInput(name, min = -32768) {
  const input = make("input", { type: "number", id: `viewer-${name}`, step: "10", min: String(min), max: "65535" });
  input.addEventListener("input", () => {
    if (input.value !== "" && Number(input.value) >= min) setWindow({ ...state, [name]: Number(input.value) });
  });
  return input;
}

const labelled = (name) => [make("label", { for: `viewer-${name}` }, say(name)), parts[name]];

function legend() {
  const lines = manifest.words?.legend ?? LEGEND;
  const presets = manifest.windows.map(({ key }) => key).join(" ");
  const lineOf = ([key, words]) => make("div", {}, make("dt", {}, key.replace("{presets}", presets)), make("dd", {}, words));
  const list = make("dl", { tabIndex: 0 }, ...lines.map(lineOf));
  parts.legend = make("details", { class: "viewer-legend" }, make("summary", {}, say("keys")), list);
  return parts.legend;
}

function buildView(name) {
  const canvas = make("canvas", { class: "viewer-image", role: "img", "aria-label": say(name) });
  const over = make("canvas", { class: "viewer-over", "aria-hidden": "true" });
  const edgeOf = (edge) => [edge, make("span", { class: `viewer-edge viewer-edge-${edge}`, "aria-hidden": "true" })];
  const edges = Object.fromEntries(["left", "right", "top", "bottom"].map(edgeOf));
  const title = make("figcaption", { class: "viewer-corner viewer-top-left" }, say(name));
  const box = make("figure", { class: `viewer-view viewer-${name}` }, canvas, over, ...Object.values(edges), title);
  views[name] = { name, canvas, over, edges, title, box, ...sourceOf(name) };
  return box;
}

/** The picture of a view before it is placed: its size in pixels, their size in mm, and its two directions. */
function sourceOf(name) {
  const { slices, rows, columns, spacing_mm: [between, row, column], along_row, along_column, along_stack } = manifest;
  const { size, spacing, across, down } = {
    axial: { size: [columns, rows], spacing: [column, row], across: along_row, down: along_column },
    coronal: { size: [columns, slices], spacing: [column, between], across: along_row, down: along_stack },
    sagittal: { size: [rows, slices], spacing: [row, between], across: along_column, down: along_stack },
  }[name];
  const source = make("canvas", { width: size[0], height: size[1] });
  const image = new ImageData(...size);
  const pixels = new Uint32Array(image.data.buffer).fill(DRAW.gap);
  source.getContext("2d").putImageData(image, 0, 0);
  return { source, size, spacing, across, down, image, pixels };
}

function buildAxial() {
  const box = buildView("axial");
  parts.number = make("b");
  parts.where = make("span");
  views.axial.title.replaceChildren(parts.number, "\n", parts.where);
  parts.window = make("span", { class: "viewer-corner viewer-bottom-left" });
  parts.value = make("span", { class: "viewer-corner viewer-bottom-right" });
  parts.loading = make("span", { class: "viewer-corner viewer-top-right" });
  parts.why = make("p");
  parts.again = button(say("again"), "", () => { retry(); views.axial.canvas.focus(); });
  parts.message = make("div", { class: "viewer-message", hidden: true }, parts.why, parts.again);
  parts.strip = make("canvas", { class: "viewer-strip", "aria-hidden": "true" });
  box.append(parts.window, parts.value, parts.loading, parts.strip, parts.message);
  views.axial.canvas.tabIndex = 0;
  return box;
}

function letter({ edges, across, down }) {
  edges.left.textContent = lettersOf(opposite(across));
  edges.right.textContent = lettersOf(across);
  edges.top.textContent = lettersOf(opposite(down));
  edges.bottom.textContent = lettersOf(down);
}

/* Changing what is shown */

function change(given, ...views) {
  Object.assign(state, given);
  redraw(...views);
}

function redraw(...views) {
  for (const view of views) stale.add(view);
  frame ||= requestAnimationFrame(() => draw());
}

function goTo(slice) {
  const next = clamp(Math.round(slice), 0, manifest.slices - 1);
  if (next === state.slice || gesture?.kind === "caliper") return; // a line lies in one slice
  held.chosen = null;
  change({ slice: next }, "axial");
  load();
}

function setWindow({ centre, width }) {
  const kept = { centre: clamp(Math.round(centre), -32768, 32767), width: clamp(Math.round(width), 1, 65535) };
  Object.assign(state, kept);
  fillTable(held.table, state, manifest.padding_hu);
  redraw("axial", "coronal", "sagittal");
}

function setTool(tool) {
  gesture = null;
  change({ tool });
}

const fit = () => change({ zoom: 1, x: 0, y: 0 }, "place");

const halvesOf = ({ canvas }) => [canvas.width / 2, canvas.height / 2];

/** Zoom about a point of the axial canvas, in device pixels; about its middle where none is given. */
function zoomBy(factor, at = halvesOf(views.axial)) {
  zoomTo(state.zoom * factor, state, at, at);
}

/** Zoom, and move what lay under one point of the axial canvas under another. */
function zoomTo(wanted, was, from, to) {
  const zoom = clamp(wanted, 0.5, MAX_ZOOM), by = zoom / was.zoom;
  const [x, y] = halvesOf(views.axial).map((half, axis) => to[axis] - half - by * (from[axis] - half - [was.x, was.y][axis]));
  change({ zoom, x, y }, "place");
}

function moveCrosshair(column, row) {
  const next = { column: clamp(Math.round(column), 0, manifest.columns - 1), row: clamp(Math.round(row), 0, manifest.rows - 1) };
  const moved = [...(next.row === state.row ? [] : ["coronal"]), ...(next.column === state.column ? [] : ["sagittal"])];
  change(next, ...moved);
}

function toggleFull() {
  const whole = root.closest("[data-full-screen]") ?? root;
  if (document.fullscreenElement) document.exitFullscreen();
  else whole.requestFullscreen?.().catch(() => {});
}

/* Drawing */

function draw() {
  const began = performance.now();
  cancelAnimationFrame(frame);
  frame = 0;
  const fresh = stale;
  stale = new Set();
  if (fresh.has("axial")) fillAxial();
  if (fresh.has("coronal")) fillReformat(views.coronal, 0, manifest.slices);
  if (fresh.has("sagittal")) fillReformat(views.sagittal, 0, manifest.slices);
  if (fresh.has("axial") || fresh.has("place")) paint(views.axial);
  for (const name of ["coronal", "sagittal"]) if (fresh.has(name) || fresh.has("side") || fresh.has("place")) paint(views[name]);
  for (const view of Object.values(views)) drawOver(view);
  if (fresh.has("axial")) noteShown(held.slices[state.slice] ? state.slice : null);
  held.times.push(performance.now() - began);
  if (held.times.length > KEPT_TIMES) held.times.shift();
  write();
}

function fillAxial() {
  const { image, pixels, source } = views.axial;
  const values = held.slices[state.slice];
  held.drawn = values ? state.slice : null;
  if (!values) return;
  const { table } = held;
  for (let place = 0; place < pixels.length; place += 1) pixels[place] = table[values[place]];
  source.getContext("2d").putImageData(image, 0, 0);
}

/** Lines of a reformat, each of one slice: along a row of the slice or down a column of it; bluish where there is none. */
function fillReformat(view, from, to) {
  const { pixels, image, source, size: [across] } = view;
  const { columns } = manifest, { table } = held;
  const [begin, step] = view.name === "coronal" ? [state.row * columns, 1] : [state.column, columns];
  for (let slice = from; slice < to; slice += 1) {
    const values = held.slices[slice], line = slice * across;
    for (let place = 0; place < across; place += 1) pixels[line + place] = values ? table[values[begin + place * step]] : DRAW.gap;
  }
  source.getContext("2d").putImageData(image, 0, 0, 0, from, across, to - from);
}

function placeOf(view) {
  return placeOn([view.canvas.width, view.canvas.height], view.size, view.spacing, view.name === "axial" ? state : {});
}

function paint(view) {
  const { canvas, source, size: [columns, rows] } = view;
  const context = canvas.getContext("2d", { alpha: false });
  const { left, top, across, down } = placeOf(view);
  context.fillStyle = DRAW.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (view.name === "axial" && held.drawn === null) return;
  context.imageSmoothingEnabled = state.smooth;
  context.imageSmoothingQuality = "medium";
  context.drawImage(source, left, top, columns * across, rows * down);
}

function drawOver(view) {
  const { over, name } = view, context = over.getContext("2d"), ratio = ratioOf(view);
  context.clearRect(0, 0, over.width, over.height);
  context.lineWidth = Math.max(1, ratio);
  if (name !== "axial") {
    const across = name === "coronal" ? state.column : state.row;
    return drawCross(view, context, [across, state.slice], state.crosshair ? DRAW.cross : DRAW.faint);
  }
  drawStrip();
  if (state.crosshair) drawCross(view, context, [state.column, state.row], DRAW.cross);
  if (held.drawn === null) return;
  for (const measurement of onSlice()) drawLine(view, context, measurement, measurement === held.chosen);
  if (gesture?.line?.slice === state.slice) drawLine(view, context, gesture.line, true);
}

/** Two lines that leave their meeting free, so that they do not cover what they point at. */
function drawCross(view, context, at, colour) {
  const [x, y] = canvasOf(placeOf(view), at), gap = 8 * ratioOf(view), { width, height } = view.over;
  const half = context.lineWidth % 2 ? 0.5 : 0, [across, down] = [Math.floor(x) + half, Math.floor(y) + half];
  context.strokeStyle = colour;
  context.beginPath();
  for (const [from, to] of [[0, x - gap], [x + gap, width]]) {
    context.moveTo(from, down);
    context.lineTo(to, down);
  }
  for (const [from, to] of [[0, y - gap], [y + gap, height]]) {
    context.moveTo(across, from);
    context.lineTo(across, to);
  }
  context.stroke();
}

function drawLine(view, context, { from, to, mm, label }, chosen) {
  const place = placeOf(view), ratio = ratioOf(view), [start, end] = [canvasOf(place, from), canvasOf(place, to)];
  for (const [colour, width] of [["#000", 3.5 * ratio], [chosen ? DRAW.chosen : DRAW.line, 1.5 * ratio]]) {
    Object.assign(context, { strokeStyle: colour, lineWidth: width });
    context.beginPath();
    context.moveTo(...start);
    context.lineTo(...end);
    for (const [x, y] of [start, end]) context.roundRect(x - 3 * ratio, y - 3 * ratio, 6 * ratio, 6 * ratio, 3 * ratio);
    context.stroke();
  }
  const [x, y] = start[0] > end[0] ? start : end, words = wordsOf({ mm, label });
  context.font = `600 ${14 * ratio}px ui-sans-serif, system-ui, sans-serif`;
  const wide = context.measureText(words).width + 10 * ratio, left = Math.min(x + 8 * ratio, view.over.width - wide);
  context.fillStyle = "rgb(0 0 0 / .78)";
  context.fillRect(left, y - 11 * ratio, wide, 22 * ratio);
  context.fillStyle = chosen ? DRAW.chosen : DRAW.line;
  context.fillText(words, left + 5 * ratio, y + 5 * ratio);
}

const wordsOf = ({ mm, label }) => (label ? `${label}  ${mm.toFixed(1)} mm` : `${mm.toFixed(1)} mm`);

/** The stack as a bar: what is loaded, what was seen, where one is. */
function drawStrip() {
  const { strip } = parts, context = strip.getContext("2d"), high = strip.height / manifest.slices;
  context.clearRect(0, 0, strip.width, strip.height);
  for (let slice = 0; slice < manifest.slices; slice += 1) {
    const found = held.status[slice] === "failed" ? "#ff9f80" : tally.has(slice) ? "#8fa3a8" : held.slices[slice] ? "#3d4a4e" : "#1a2123";
    context.fillStyle = found;
    context.fillRect(strip.width * 0.3, slice * high, strip.width * 0.4, Math.max(1, high - (high > 4 ? 1 : 0)));
  }
  context.fillStyle = DRAW.line;
  context.fillRect(0, clamp(state.slice * high, 0, strip.height - 2), strip.width, Math.max(3, high));
}

/** Device pixels of a pixel of the page, as they were when the canvas was sized: asking the page would lay it out anew. */
const ratioOf = ({ ratio }) => ratio;

/* What is written over the picture */

const written = new Map();

/** Write where it differs: the text of a part is laid out anew each time it is set. */
function put(part, words) {
  if (written.get(part) === words) return;
  written.set(part, words);
  part.textContent = words;
}

function write() {
  const { slices, spacing_mm: [between] } = manifest, { slice, centre, width } = state, label = presetNow()?.label ?? say("free");
  put(parts.number, `${slice + 1} / ${slices}`);
  put(parts.where, `${(slice * between).toFixed(1)} ${say("from")}`);
  put(parts.window, `${label}\nC ${typed(centre)}  W ${width}\n${say("zoom")} ${state.zoom.toFixed(2)}`);
  for (const name of ["centre", "width"]) if (document.activeElement !== parts[name]) parts[name].value = state[name];
  manifest.windows.forEach((preset, place) => mark(parts.presets[place], preset === presetNow()));
  mark(parts.caliper, state.tool === "caliper");
  parts.erase.disabled = onSlice().length === 0;
  mark(parts.crosshair, state.crosshair);
  mark(parts.smooth, state.smooth);
  const where = `${say("axial")}, ${say("slice").toLowerCase()} ${slice + 1} ${say("of")} ${slices}`;
  views.axial.canvas.setAttribute("aria-label", `${where}, ${label} ${say("window")}, ${centre} / ${width}`);
  root.dataset.tool = state.tool;
  for (const name of ["coronal", "sagittal"]) put(views[name].title, state.tool === "caliper" ? `${say(name)}\n${say("unmeasured")}` : say(name));
  writeMessage();
  writeValue();
  writeProgress();
  announceWhere(`${say("slice")} ${slice + 1} ${say("of")} ${slices}, ${label}`);
}

const mark = (pressed, on) => pressed.setAttribute("aria-pressed", String(on));

let saying = 0;
let said = "";
let stood = "";

/** Say it once nothing has changed for a while: a reader who scrolls is not talked to. */
function announce(words) {
  if (words === said) return;
  said = words;
  clearTimeout(saying);
  saying = setTimeout(() => { parts.status.textContent = words; }, 600);
}

/** Where one is, only when it has changed: a length that was just said is not talked over. */
function announceWhere(words) {
  if (words !== stood) announce(words);
  stood = words;
}

function writeMessage() {
  const { slice } = state, status = held.status[slice];
  parts.message.hidden = status === "loaded";
  parts.again.hidden = status !== "failed";
  const why = status === "failed" ? `${say("lost")} ${held.trouble[slice]}.` : say("waiting");
  put(parts.why, `${say("slice")} ${slice + 1} ${why}`);
  if (status === "failed") announce(parts.why.textContent);
}

/** The value under the pointer, or at the crosshair while the pointer is elsewhere. */
function writeValue() {
  const at = pointer ? pixelOf(placeOf(views.axial), pointer).map(Math.round) : state.crosshair ? [state.column, state.row] : null;
  const values = held.slices[state.slice];
  if (!at || !values || at[0] < 0 || at[1] < 0 || at[0] >= manifest.columns || at[1] >= manifest.rows) return put(parts.value, "");
  const bits = values[at[1] * manifest.columns + at[0]], hu = bits < GREYS / 2 ? bits : bits - GREYS;
  put(parts.value, hu <= manifest.padding_hu ? say("outside") : `${typed(hu)} HU`);
}

function writeProgress() {
  const count = (wanted) => held.status.filter((status) => status === wanted).length;
  const loaded = count("loaded"), failed = count("failed"), ended = loaded + failed === manifest.slices;
  const whole = loaded === manifest.slices;
  parts.progress.hidden = whole;
  parts.progress.firstChild.style.width = `${(100 * loaded) / manifest.slices}%`;
  put(parts.loading, whole ? "" : ended ? `${failed} ${say("missing")}` : `${say("loading")} ${loaded} / ${manifest.slices}`);
  parts.loading.classList.toggle("viewer-wrong", failed > 0);
}

/* Loading: the slice looked at before all others, then the nearest, a few at once */

/** The slice to be asked for next: of those not asked for, the nearest to the one shown. */
export function nearest(status, slice) {
  for (let away = 0; away < status.length; away += 1) {
    if (status[slice + away] === "none") return slice + away;
    if (status[slice - away] === "none") return slice - away;
  }
  return null;
}

function load() {
  if (held.status[state.slice] === "none") ask(state.slice);
  if (!held.begun) return; // the first slice has the line for itself
  while (wanted.length < AT_ONCE) {
    const next = nearest(held.status, state.slice);
    if (next === null) return;
    ask(next);
  }
}

async function ask(slice) {
  held.status[slice] = "asked";
  wanted = [...wanted, slice];
  try {
    held.slices[slice] = await fetchSlice(slice);
    held.status[slice] = "loaded";
  } catch (trouble) {
    held.status[slice] = "failed";
    held.trouble[slice] = trouble.message;
  }
  wanted = wanted.filter((other) => other !== slice);
  arrive(slice);
  load();
}

/** The values of a slice, as their 16 bits. Every machine that runs a browser today is little-endian, as they are. */
async function fetchSlice(slice) {
  const due = manifest.rows * manifest.columns * 2;
  const address = manifest.slice_url.replace("{n}", slice), asked = early?.address === address ? early.bytes : bytesOf(address);
  early = null;
  const bytes = await asked;
  if (bytes.byteLength !== due) throw new Error(say("short").replace("{got}", bytes.byteLength).replace("{want}", due));
  return new Uint16Array(bytes);
}

async function bytesOf(address) {
  const answer = await answerOf(address);
  return answer.arrayBuffer().catch(() => { throw new Error(say("silent")); });
}

async function answerOf(address) {
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  if (!answer) throw new Error(say("silent"));
  if (answer.redirected) throw new Error(say("out"));
  if (!answer.ok) throw new Error(`${say("answered")} ${answer.status}`);
  return answer;
}

function arrive(slice) {
  if (held.status[slice] === "loaded") for (const name of ["coronal", "sagittal"]) {
    fillReformat(views[name], slice, slice + 1);
    stale.add("side");
  }
  if (slice !== state.slice) return redraw();
  if (!held.begun) return showFirst();
  stale.add("axial");
  draw(); // at once, not in the next frame
}

/** The first picture alone, on the screen before all that stands around it is drawn, and before more is loaded. */
function showFirst() {
  held.begun = true;
  cancelAnimationFrame(frame);
  fillAxial();
  paint(views.axial);
  if (held.drawn !== null) performance.measure("viewer:first-slice", "viewer:manifest");
  stale.add("axial").add("place");
  frame = requestAnimationFrame(() => setTimeout(draw));
}

function retry() {
  held.status = held.status.map((status) => (status === "failed" ? "none" : status));
  redraw("axial");
  load();
}

/* Slices seen */

const tally = new Map();
const viewing = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
let shown = null;
let looking = 0;
let posted = "";

function noteShown(slice) {
  if (shown?.slice === slice || (slice === null && !shown)) return;
  closeShown();
  if (slice === null || document.hidden) return;
  shown = { slice, since: performance.now() };
  looking = setTimeout(() => { closeShown(); noteShown(slice); }, SEEN_MS);
}

/** Count the showing that ends: shorter than 100 ms a slice was passed by, not seen. */
function closeShown() {
  clearTimeout(looking);
  if (!shown) return;
  const { slice, since } = shown, ms = performance.now() - since, first = !tally.has(slice);
  shown = null;
  if (first && ms < SEEN_MS) return;
  tally.set(slice, (tally.get(slice) ?? 0) + ms);
  if (first) tell("seen", { slice, seen: tally.size, of: manifest.slices });
  if (first) redraw();
}

/** Send all that was seen since the page was opened: what arrives twice or replaces what came before is not counted twice. */
async function postSeen() {
  const here = shown?.slice ?? null;
  closeShown();
  noteShown(here);
  const body = JSON.stringify({ viewing, seen: [...tally].map(([slice, ms]) => [slice, Math.round(ms)]) });
  if (!manifest.seen_url || !tally.size || body === posted) return;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": root.dataset.csrf ?? "" };
  // A beacon cannot carry the token; a request kept alive outlasts the page just the same.
  const answer = await fetch(manifest.seen_url, { method: "POST", body, headers, keepalive: true }).catch(() => null);
  if (answer?.ok) posted = body;
}

function lookAway() {
  closeShown();
  postSeen();
}

/* The caliper */

function startLine(at, reach) {
  const [place, ratio] = [placeOf(views.axial), ratioOf(views.axial)];
  const near = (end) => Math.hypot(...canvasOf(place, end).map((part, axis) => part - at[axis])) < HANDLE_PX * reach * ratio;
  for (const old of onSlice()) {
    if (near(old.to)) return { old, line: { ...old } };
    if (near(old.from)) return { old, line: { ...old, from: old.to, to: old.from } };
  }
  const from = inside(pixelOf(place, at));
  return { line: { slice: state.slice, from, to: from, mm: 0, label: held.label } };
}

const inside = ([column, row]) => [clamp(column, 0, manifest.columns - 1), clamp(row, 0, manifest.rows - 1)];

function dragLine(at) {
  const { line } = gesture, to = inside(pixelOf(placeOf(views.axial), at));
  gesture.line = { ...line, to, mm: lengthOf(line.from, to, manifest.spacing_mm) };
  redraw();
}

function endLine({ old, line, reach }) {
  const [from, to] = [line.from, line.to].map((end) => canvasOf(placeOf(views.axial), end));
  if (Math.hypot(to[0] - from[0], to[1] - from[1]) < CLICK_PX * reach * ratioOf(views.axial)) {
    held.chosen = old ?? null;
    return redraw();
  }
  keepLine(line, old);
}

/** A line keeps the label it was drawn under, also when it is corrected under another. */
function keepLine({ slice, from, to, label }, old = null) {
  const exact = (end) => end.map((part) => Math.round(part * 100) / 100);
  const mm = lengthOf(exact(from), exact(to), manifest.spacing_mm);
  const measurement = { slice, from: exact(from), to: exact(to), mm, label: label || held.label };
  held.measurements = [...held.measurements.filter((other) => other !== old), measurement];
  held.chosen = measurement;
  const points = pointsOf(mm, manifest.size_classes ?? []);
  tell("measured", { ...measurement, points });
  tell("measurements", { measurements: held.measurements });
  announce(wordsOf(measurement));
  redraw();
}

function deleteLine() {
  const gone = held.chosen ?? onSlice().at(-1);
  if (!gone) return;
  held.measurements = held.measurements.filter((other) => other !== gone);
  held.chosen = null;
  tell("measurements", { measurements: held.measurements });
  redraw();
}

/** By keyboard: the crosshair is where an end is set. */
function setEnd() {
  const at = [state.column, state.row];
  if (!state.crosshair) return change({ crosshair: true });
  if (gesture?.kind !== "keys" || gesture.line.slice !== state.slice) {
    gesture = { kind: "keys", line: { slice: state.slice, from: at, to: at, mm: 0, label: held.label } };
    announce(say("set"));
    return redraw();
  }
  const { line } = gesture;
  gesture = null;
  if (line.mm > 0) keepLine(line);
}

/* The mouse, the pen, the fingers: one finger does what the mouse does, two zoom and move the picture */

const fingers = new Map();

/** How much farther off than the mouse a finger may be that means a thing, or moves without meaning to. */
const reachOf = ({ pointerType }) => (pointerType === "touch" ? 2.5 : 1);

const atOf = ({ canvas }, event) => {
  const box = canvas.getBoundingClientRect(), ratio = canvas.width / box.width;
  return [(event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio];
};

function kindOf(event) {
  if (event.button === 1 || (event.button === 0 && space)) return "move";
  if (event.button === 2) return "window";
  return state.tool === "caliper" ? "caliper" : "scroll";
}

function press(event) {
  const at = atOf(views.axial, event), kind = kindOf(event), reach = reachOf(event);
  event.preventDefault();
  views.axial.canvas.focus({ preventScroll: true });
  views.axial.canvas.setPointerCapture(event.pointerId);
  if (event.pointerType === "touch") fingers.set(event.pointerId, at);
  if (fingers.size > 1) return startPinch();
  if (kind === "caliper" && held.drawn === null) return;
  gesture = { kind, reach, start: at, was: { ...state }, ...(kind === "caliper" ? startLine(at, reach) : {}) };
  redraw();
}

/** A second finger ends what the first one did, a line too; a third ends the pinch. */
function startPinch() {
  gesture = fingers.size === 2 ? { kind: "pinch", start: betweenFingers(), was: { ...state } } : null;
  redraw();
}

function betweenFingers() {
  const [[x, y], [otherX, otherY]] = fingers.values();
  return { middle: [(x + otherX) / 2, (y + otherY) / 2], apart: Math.max(1, Math.hypot(otherX - x, otherY - y)) };
}

function pinch() {
  const { start, was } = gesture, { middle, apart } = betweenFingers();
  zoomTo((was.zoom * apart) / start.apart, was, start.middle, middle);
}

const DRAGS = {
  move: ([x, y], { was }) => change({ x: was.x + x, y: was.y + y }, "place"),
  window: ([x, y], { was }, ratio) => setWindow({ width: was.width + (4 * x) / ratio, centre: was.centre + (2 * y) / ratio }),
  scroll: ([, y], { was }, ratio) => goTo(was.slice + y / ratio / clamp(400 / manifest.slices, 2, 8)),
};

function move(event) {
  pointer = atOf(views.axial, event);
  if (fingers.has(event.pointerId)) fingers.set(event.pointerId, pointer);
  if (gesture?.kind === "pinch") return pinch();
  if (!gesture || gesture.kind === "keys") return writeValue();
  if (gesture.kind === "caliper") return dragLine(pointer);
  const by = pointer.map((part, axis) => part - gesture.start[axis]);
  gesture.far ||= Math.hypot(...by) > CLICK_PX * gesture.reach * ratioOf(views.axial);
  if (gesture.far) DRAGS[gesture.kind](by, gesture, ratioOf(views.axial));
}

function release(event) {
  const ended = gesture;
  fingers.delete(event.pointerId);
  if (!ended || ended.kind === "keys") return;
  gesture = null;
  if (ended.kind === "caliper") endLine(ended);
  else if (ended.kind === "scroll" && !ended.far) click(ended);
}

/** The system took the pointer away: nothing was meant, and no line is kept. */
function abandon(event) {
  fingers.delete(event.pointerId);
  if (gesture?.kind !== "keys") gesture = null;
  redraw();
}

function click({ start, reach }) {
  const [column, row] = pixelOf(placeOf(views.axial), start);
  held.chosen = onSlice().find(({ from, to }) => isNear([column, row], from, to, 4 * reach)) ?? null;
  if (state.crosshair) moveCrosshair(column, row);
  redraw();
}

/** Whether a pixel lies within a few pixels of a line. */
function isNear([column, row], [fromColumn, fromRow], [toColumn, toRow], few) {
  const across = toColumn - fromColumn, down = toRow - fromRow;
  const along = clamp(((column - fromColumn) * across + (row - fromRow) * down) / (across ** 2 + down ** 2 || 1), 0, 1);
  return Math.hypot(column - fromColumn - along * across, row - fromRow - along * down) < few;
}

let turned = 0;

/** Slices that a turn of the wheel means: one for each notch; small movements of a touchpad add up. */
function notches({ deltaY, deltaMode }) {
  if (deltaMode !== 0 || Math.abs(deltaY) >= 50) return Math.sign(deltaY) * (deltaMode ? 1 : Math.max(1, Math.round(Math.abs(deltaY) / 120)));
  turned = Math.sign(turned) === Math.sign(deltaY) ? turned + deltaY : deltaY;
  const whole = Math.trunc(turned / 30);
  turned -= whole * 30;
  return whole;
}

function turn(event) {
  event.preventDefault();
  if (event.ctrlKey) zoomBy(event.deltaY < 0 ? 1.15 : 1 / 1.15, atOf(views.axial, event));
  else goTo(state.slice + notches(event));
}

/** A reformat is clicked, or dragged over, to where the crosshair and the slice shall be. */
function aim(view, event) {
  if (!event.isPrimary || (event.type === "pointermove" && !event.buttons)) return;
  const [across, slice] = pixelOf(placeOf(view), atOf(view, event));
  event.preventDefault();
  if (event.type === "pointerdown") view.canvas.setPointerCapture(event.pointerId);
  if (view.name === "coronal") moveCrosshair(across, state.row);
  else moveCrosshair(state.column, across);
  goTo(slice);
}

function turnReformat(view, event) {
  const by = notches(event);
  event.preventDefault();
  if (view.name === "coronal") moveCrosshair(state.column, state.row + by);
  else moveCrosshair(state.column + by, state.row);
}

/* Keys */

const KEYS = {
  ArrowUp: () => goTo(state.slice - 1), ArrowDown: () => goTo(state.slice + 1),
  PageUp: () => goTo(state.slice - 10), PageDown: () => goTo(state.slice + 10),
  Home: () => goTo(0), End: () => goTo(manifest.slices - 1),
  "+": () => zoomBy(1.25), "=": () => zoomBy(1.25), "-": () => zoomBy(1 / 1.25), r: fit,
  c: () => parts.caliper.click(), x: () => parts.crosshair.click(), s: () => parts.smooth.click(), f: toggleFull,
  v: () => tell("leave", {}), Backspace: deleteLine, Delete: deleteLine,
  "?": () => { parts.legend.open = !parts.legend.open; },
  Escape: () => { parts.legend.open = false; setTool("scroll"); },
};
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function shiftBy([across, down], often) {
  if (!state.crosshair && state.tool !== "caliper") {
    const step = 40 * ratioOf(views.axial);
    return change({ x: state.x + across * step, y: state.y + down * step }, "place");
  }
  const step = often ? 4 : 1;
  if (!state.crosshair) state.crosshair = true;
  moveCrosshair(state.column + across * step, state.row + down * step);
  if (gesture?.kind === "keys") dragLine(canvasOf(placeOf(views.axial), [state.column, state.row]));
}

/** What a key does here, or nothing: inputs and buttons keep those they need themselves. */
function actOf(event) {
  const { key, target } = event, inInput = target.matches("input"), onPicture = target === views.axial.canvas;
  if (event.altKey || event.metaKey || event.ctrlKey || inInput) return null;
  if (event.shiftKey && ARROWS[key]) return () => shiftBy(ARROWS[key], event.repeat);
  if (key === "Enter") return onPicture && state.tool === "caliper" ? setEnd : null;
  if (key === " ") return onPicture ? () => { space = true; root.dataset.moving = "yes"; } : null;
  const preset = manifest.windows.find((each) => each.key === key);
  return preset ? () => setWindow(preset) : KEYS[key.length === 1 ? key.toLowerCase() : key];
}

function onKey(event) {
  const act = actOf(event);
  if (!act) return;
  event.preventDefault();
  act();
}

/* Sizes: as many pixels as the screen has */

function fitCanvas({ target, width, height, ratio }) {
  const view = Object.values(views).find(({ canvas }) => canvas === target);
  const sized = (view ? [view.canvas, view.over] : [parts.strip]).filter((canvas) => canvas.width !== width || canvas.height !== height);
  for (const canvas of sized) Object.assign(canvas, { width, height });
  const changed = sized.length > 0 || (view && view.ratio !== ratio);
  if (view) view.ratio = ratio;
  return changed;
}

/** The device pixels of a canvas: as its observer says, or from its edges, each on the nearest pixel. */
function sizeOf({ target, devicePixelContentBoxSize: [device] = [] }) {
  const ratio = devicePixelRatio, { left, right, top, bottom } = target.getBoundingClientRect();
  const width = Math.max(1, device?.inlineSize ?? Math.round(right * ratio) - Math.round(left * ratio));
  const height = Math.max(1, device?.blockSize ?? Math.round(bottom * ratio) - Math.round(top * ratio));
  return { target, width, height, ratio: width / (right - left || 1) };
}

/** All are measured before any is changed: else the page would be laid out once for each. */
const fitAll = (entries) => entries.map(sizeOf).filter(fitCanvas).length > 0;

function watchSizes() {
  const canvases = [...Object.values(views).map((view) => view.canvas), parts.strip];
  const observer = new ResizeObserver((entries) => {
    if (!fitAll(entries)) return;
    stale.add("place");
    draw(); // in this frame: a canvas that changed its size is empty
  });
  for (const canvas of canvases) {
    try {
      observer.observe(canvas, { box: "device-pixel-content-box" });
    } catch {
      observer.observe(canvas);
    }
  }
  fitAll(canvases.map((target) => ({ target })));
}

/* Beginning */

function listen() {
  const { canvas } = views.axial;
  root.addEventListener("keydown", onKey);
  addEventListener("keyup", (event) => { if (event.key === " ") { space = false; delete root.dataset.moving; } });
  for (const [name, act] of Object.entries({ down: press, move, up: release, cancel: abandon })) canvas.addEventListener(`pointer${name}`, act);
  canvas.addEventListener("pointerleave", () => { pointer = null; writeValue(); });
  root.addEventListener("contextmenu", (event) => { if (event.target.matches("canvas")) event.preventDefault(); });
  canvas.addEventListener("wheel", turn, { passive: false });
  for (const view of [views.coronal, views.sagittal]) {
    for (const name of ["pointerdown", "pointermove"]) view.canvas.addEventListener(name, (event) => aim(view, event));
    view.canvas.addEventListener("wheel", (event) => turnReformat(view, event), { passive: false });
  }
  for (const name of ["pointerdown", "pointermove"]) parts.strip.addEventListener(name, jump);
  setInterval(postSeen, POST_MS);
  addEventListener("pagehide", lookAway);
  addEventListener("online", () => { if (held.status.includes("failed")) retry(); });
  document.addEventListener("visibilitychange", () => (document.hidden ? lookAway() : noteShown(held.drawn)));
}

function jump(event) {
  if (!event.buttons || !event.isPrimary) return;
  parts.strip.setPointerCapture(event.pointerId);
  goTo(Math.floor((event.offsetY / parts.strip.clientHeight) * manifest.slices));
}

function begin() {
  const { slices, rows, columns, windows: [first] } = manifest;
  held.status = Array(slices).fill("none");
  held.slices = Array(slices).fill(null);
  const [slice, row, column] = [slices, rows, columns].map((count) => Math.floor(count / 2));
  Object.assign(state, { slice, row, column, centre: first.centre, width: first.width });
  fillTable(held.table, state, manifest.padding_hu);
  load();
  build();
  Object.values(views).forEach(letter);
  listen();
  watchSizes();
  write(); // the first picture is drawn when there is one
  root.dataset.ready = "yes";
  tell("ready", { slices });
}

/** What the page says will be shown first is asked for beside the manifest, not after it. */
function askEarly() {
  const { first } = root.dataset;
  if (!first) return;
  early = { address: first, bytes: bytesOf(first) };
  early.bytes.catch(() => {}); // told where it is shown
}

async function open() {
  askEarly();
  try {
    const answer = await answerOf(root.dataset.manifest);
    manifest = await answer.json();
    performance.mark("viewer:manifest");
  } catch (trouble) {
    const again = button(say("again"), "", () => open());
    const why = make("p", {}, `${say("case")} ${say("lost")} ${trouble.message}.`);
    return root.replaceChildren(make("div", { class: "viewer viewer-message", role: "alert" }, why, again));
  }
  begin();
}

/** What a page may ask of the viewer, as `element.viewer`. */
const viewer = {
  get measurements() { return held.measurements; },
  set measurements(list) {
    held.measurements = list.map(({ slice, from, to, mm, label = "" }) => ({ slice, from, to, mm, label }));
    held.chosen = null;
    if (manifest) redraw();
  },
  /** What the page calls that which is measured next: lines keep it and show it, and know nothing else of it. */
  get label() { return held.label; },
  set label(label) { held.label = label; },
  get slice() { return state.slice; },
  set slice(slice) { goTo(slice); },
  get window() { return { centre: state.centre, width: state.width }; },
  set window(given) { setWindow(given); },
  get crosshair() { return [state.column, state.row]; },
  set crosshair([column, row]) { moveCrosshair(column, row); },
  get loaded() { return held.status.filter((status) => status === "loaded").length; },
  get drawn() { return held.drawn; },
  get times() { return held.times; },
  /** The device pixel of a view's canvas that shows the middle of a pixel of the image. */
  placed: (name, at) => canvasOf(placeOf(views[name]), at).map(Math.floor),
  /** The pixel of the image that a device pixel of a view's canvas shows. */
  shownAt: (name, [x, y]) => pixelOf(placeOf(views[name]), [x + 0.5, y + 0.5]).map(Math.round),
  focus: () => views.axial?.canvas.focus(),
};

if (root) {
  root.viewer = viewer;
  open();
}
