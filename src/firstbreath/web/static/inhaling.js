// The inhalation: a clock that counts, limits that show as one types, and entries that are never lost.
// An entry is kept on this device under its account, subject and day before it is sent, and forgotten once the server
// has answered for it. Without this file the forms of the page do the same, but need a connection.

const root = document.querySelector("[data-inhalation]");
const { account, subject, day, here } = root.dataset;
const ALL = "firstbreath/waiting/";
const OWN = `${ALL}${[account, subject, day].map(encodeURIComponent).join("/")}/`;
const STATE_AFTER = { start: "running", pause: "paused", resume: "running", stop: "stopped", dose: "ended" };
const RETRY_MS = 5000;
const PATIENCE_MS = 15000;

let trouble = "";
let sending = null;
let skew = 0;
let minute = -1;

const say = (name) => root.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`];
const find = (selector, within = root) => within.querySelector(selector);
const serverNow = () => Date.now() + skew;

/* What is kept */

/** @returns {object[]} the entries of this account, subject and day, in the order entered */
function kept() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(OWN));
  return keys.sort().map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) }));
}

const waiting = () => kept().filter((entry) => !entry.refused);

function keep({ key, ...entry }) {
  localStorage.setItem(key, JSON.stringify(entry));
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The entry a form states now; what happened has its own time, whenever it is sent. */
function entryOf(form, submitter) {
  const sent = new FormData(form, submitter);
  const id = newId();
  sent.delete("csrfmiddlewaretoken");
  sent.set("request_id", id);
  sent.set("account", account);
  const occurred = new Date(serverNow()).toISOString();
  if (!sent.get("at")) sent.set("occurred", occurred);
  return {
    key: `${OWN}${String(Date.now()).padStart(15, "0")}-${id}`,
    address: form.getAttribute("action"),
    body: new URLSearchParams(sent).toString(),
    step: form.dataset.entry,
    occurred,
    words: wordsOf(form, submitter, sent),
  };
}

function wordsOf(form, submitter, sent) {
  const labels = [...form.querySelectorAll("[data-number] input")]
    .filter((input) => sent.get(input.name))
    .map((input) => `${input.labels[0].textContent.trim().replace(/\s+/g, " ")} ${sent.get(input.name)}`);
  const chosen = submitter?.value ? [submitter.textContent.trim()] : [];
  return `${form.dataset.words}${[...chosen, ...labels].map((words) => ` · ${words}`).join("")}`;
}

/* Sending, in order, until something stands in the way */

async function send() {
  root.dataset.busy = "yes";
  sending ??= sendAll().finally(() => {
    sending = null;
    root.dataset.busy = "no";
  });
  return sending;
}

async function sendAll() {
  let settled = 0;
  for (let entry = waiting()[0]; entry; entry = waiting()[0]) {
    show();
    trouble = await post(entry);
    if (trouble) break;
    settled += 1;
  }
  if (settled) await refresh();
  show();
}

/** @returns {Promise<string>} what stands in the way, or nothing when the server has answered for the entry */
async function post(entry) {
  let answer, said;
  const token = find("[name=csrfmiddlewaretoken]", document)?.value ?? "";
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const body = new URLSearchParams(entry.body);
  try {
    answer = await fetch(entry.address, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
    said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
  } catch {
    return "offline";
  }
  if (answer.status >= 500) return "later";
  if (!said || said.account !== account) return "signIn";
  if (said.done) localStorage.removeItem(entry.key);
  else keep({ ...entry, refused: said.reasons });
  return "";
}

/** Show what the server holds now; a part in which somebody is typing is left alone. */
async function refresh() {
  try {
    const answer = await fetch(here, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of root.querySelectorAll("[data-live]")) {
      const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
      if (fresh && !isBeingFilled(part)) part.replaceWith(document.importNode(fresh, true));
    }
    setClock();
  } catch {
    trouble = "offline";
  }
}

function isBeingFilled(part) {
  const forms = [part.closest("form"), ...part.querySelectorAll("form[data-entry]")];
  return forms.some((form) => form?.dataset.touched && !form.closest("[hidden]"));
}

/* What is shown of it */

function show() {
  const entries = kept();
  const own = entries.filter((entry) => !entry.refused);
  const others = Object.keys(localStorage).some((key) => key.startsWith(ALL) && !key.startsWith(OWN.split("/").slice(0, 3).join("/") + "/"));
  find("[data-kept]").hidden = !own.length && !others;
  find("[data-kept-count]").textContent = own.length;
  find("[data-kept-why]").textContent = own.length ? say(trouble || "sending") : "";
  find("[data-kept-list]").replaceChildren(...own.map((entry) => lineOf(entry)));
  find("[data-kept-others]").hidden = !others;
  find("[data-kept-others]").textContent = others ? say("others") : "";
  const refused = entries.filter((entry) => entry.refused);
  find("[data-refused]").hidden = !refused.length;
  find("[data-refused-list]").replaceChildren(...refused.map((entry) => refusedLine(entry)));
  tick();
}

function clockWords(moment) {
  return new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

function lineOf(entry) {
  const line = document.createElement("li");
  line.textContent = `${clockWords(entry.occurred)}  ${entry.words}`;
  return line;
}

function refusedLine(entry) {
  const line = document.importNode(find("[data-refused-line]").content, true);
  find("[data-words]", line).textContent = `${clockWords(entry.occurred)}  ${entry.words}`;
  find("[data-reasons]", line).textContent = entry.refused.map((reason) => `${reason.text} ${reason.fix ?? ""}`).join(" ");
  find("[data-dismiss]", line).addEventListener("click", () => {
    localStorage.removeItem(entry.key);
    show();
  });
  return line;
}

/* The clock */

function setClock() {
  skew = Date.parse(find("[data-live=clock]").dataset.now) - Date.now();
}

/** How the inhalation stands, with what is entered here and not yet sent. */
function standing() {
  const { state, seconds, now } = find("[data-live=clock]").dataset;
  let found = { state, ran: Number(seconds) * 1000, since: Date.parse(now) };
  for (const entry of waiting()) {
    const next = STATE_AFTER[entry.step];
    if (!next) continue;
    const at = Date.parse(entry.occurred);
    const ran = found.ran + (found.state === "running" ? at - found.since : 0);
    found = { state: next, ran, since: at };
  }
  const running = found.state === "running" ? Math.max(0, serverNow() - found.since) : 0;
  return { state: found.state, seconds: Math.floor(Math.max(0, found.ran + running) / 1000) };
}

function tick() {
  const { state, seconds } = standing();
  const whole = Math.floor(seconds / 60);
  find("[data-clock]").textContent = whole < 600 ? `${whole}:${String(seconds % 60).padStart(2, "0")}` : `${Math.floor(whole / 60)} h`;
  const clock = find("[data-live=clock]");
  clock.className = `clock clock-${state.replace(" ", "-")}`;
  for (const word of clock.querySelectorAll("[data-clock-word]")) word.hidden = word.dataset.clockWord !== state;
  for (const part of root.querySelectorAll("[data-when]")) part.hidden = !isShown(part, state);
  if (state === "running" && whole !== minute && minute !== -1) {
    find("[data-clock-said]").textContent = `${whole} ${say("minute")}`;
  }
  minute = whole;
}

function isShown(part, state) {
  return part.dataset.when === "not started" ? state === "not started" : part.dataset.when.split(" ").includes(state);
}

/* Limits as one types */

function mark(input) {
  const place = find("[data-mark]", input.closest("[data-number]"));
  const { low, high } = input.dataset;
  const text = input.value.trim();
  if (!text || (low === undefined && high === undefined)) return place.replaceChildren();
  const number = Number(text);
  const word = Number.isNaN(number) ? "number" : low !== undefined && number < Number(low) ? "low"
    : high !== undefined && number > Number(high) ? "high" : "within";
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  const sign = { within: "pass", number: "unknown" }[word] ?? "stop";
  shape.setAttribute("class", `sign sign-${sign}`);
  shape.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#sign-${sign}`);
  shape.append(use);
  place.replaceChildren(shape, say(word));
  place.className = `mark-${sign}`;
}

/* What people do */

root.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-entry]");
  if (form) form.dataset.touched = "yes";
  if (event.target.matches("[data-low], [data-high]")) mark(event.target);
});

root.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-entry]");
  if (!form) return;
  try {
    keep(entryOf(form, event.submitter));
  } catch {
    return; // nothing can be kept on this device: the form goes its plain way
  }
  event.preventDefault();
  delete form.dataset.touched;
  if (form.hasAttribute("data-clears")) {
    form.reset();
    for (const place of form.querySelectorAll("[data-mark]")) place.replaceChildren();
  }
  if (STATE_AFTER[form.dataset.entry]) forgetWhen();
  show();
  send();
});

/** After a step the time point that was offered may no longer fit: it is chosen anew, or offered by the server. */
function forgetWhen() {
  const when = find("[data-live=when]");
  if (!when || when.closest("form").dataset.touched) return;
  for (const choice of when.querySelectorAll("input")) choice.checked = choice.defaultChecked = false;
}

addEventListener("online", () => send());
setInterval(tick, 1000);
setInterval(() => { if (waiting().length) send(); }, RETRY_MS);
setClock();
show();
send();
root.dataset.ready = "yes";
