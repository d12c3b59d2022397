// A form whose work takes long tells how far it is: what was sent, then each step as the server does it, then its answer.
// Without this file the form is sent as any other, and its page comes when all is done.

const LINES = "application/x-ndjson";
const SILENT_MS = 30000, SAY_MS = 10000;

/* What is shown of the steps */

function placeOf(form) {
  const place = form.querySelector("[data-steps-place]") ?? document.querySelector("[data-steps-place]");
  const steps = [...place.querySelectorAll("[data-step]")], bar = place.querySelector("progress");
  const trouble = document.querySelector("[data-steps-trouble]");
  let said = "", saidAt = 0;

  function announce(step, words) {
    const now = performance.now();
    if (step === said && now - saidAt < SAY_MS) return;
    [said, saidAt] = [step, now];
    place.querySelector("[data-steps-said]").textContent = words;
  }

  return {
    say: (name) => place.dataset[`say${name}`],
    begin(pressed) {
      for (const step of steps) mark(step, "later", "");
      bar.value = 0;
      [place.hidden, trouble.hidden] = [false, true];
      if (pressed) place.focus({ preventScroll: true }); // the button cannot keep it while it is disabled
      place.scrollIntoView({ block: "nearest" });
    },
    /** A step is how far it is; those before it are done. The bar is this step's, and hidden where its end is not known. */
    show(name, done, of, words) {
      const now = steps.find((step) => step.dataset.step === name);
      if (!now) return;
      for (const step of steps.slice(0, steps.indexOf(now))) mark(step, "done", place.dataset.sayDone);
      for (const step of steps.slice(steps.indexOf(now) + 1)) mark(step, "later", "");
      mark(now, "now", words);
      bar.value = of ? Math.min(1, done / of) : 0;
      bar.classList.toggle("steps-open", !of);
      announce(name, now.textContent.trim());
    },
    fail(words) {
      place.hidden = true;
      trouble.querySelector("span").textContent = words;
      trouble.hidden = false;
      trouble.scrollIntoView({ block: "nearest" });
    },
    warn(words) {
      trouble.querySelector("span").textContent = words;
      trouble.hidden = !words;
    },
  };
}

function mark(step, state, words) {
  step.dataset.state = state;
  if (state === "now") step.setAttribute("aria-current", "step");
  else step.removeAttribute("aria-current");
  step.querySelector("[data-step-count]").textContent = words;
}

const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const megabytes = (bytes, whole) => (bytes / 1e6).toFixed(whole < 1e7 ? 1 : 0);

/* What is sent */

function filesOf(form, submitter) {
  const sent = new FormData(form), folder = form.querySelector("[data-folder]");
  if (submitter?.name) sent.set(submitter.name, submitter.value);
  if (!folder?.files.length) return sent;
  sent.delete(folder.dataset.folder);
  for (const file of folder.files) sent.append(folder.dataset.folder, file, file.name);
  return sent;
}

function open(form, sent) {
  const request = new XMLHttpRequest(), reads = form.method === "get";
  const address = new URL(form.action);
  if (reads) address.search = new URLSearchParams(sent);
  request.open(reads ? "GET" : "POST", address);
  request.setRequestHeader("Accept", LINES);
  return [request, reads ? null : sent];
}

/* What is answered */

/** Each whole line that came since it was asked last. */
function linesOf(request) {
  let read = 0;
  return () => {
    const text = request.responseText, end = text.lastIndexOf("\n") + 1;
    const lines = text.slice(read, end).split("\n").filter(Boolean);
    read = Math.max(read, end);
    return lines.map((line) => JSON.parse(line));
  };
}

const isInLines = (request) => request.getResponseHeader("Content-Type")?.startsWith(LINES) ?? false;

/** The page that answers takes the place of this one; files that were chosen stay chosen. False: it is no page of ours. */
function put(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  if (!answer.querySelector("main")) return false; // of a proxy, or of the server itself
  const before = [...document.querySelectorAll("input[type=file]")];
  document.title = answer.title;
  document.querySelector("main").replaceWith(document.adoptNode(answer.querySelector("main")));
  for (const { id, files } of before) {
    const after = document.getElementById(id);
    if (after?.type === "file" && files.length) after.files = files;
  }
  begin();
  const wrong = document.querySelector("[data-focus]");
  if (wrong) return wrong.focus();
  document.querySelector("main").focus({ preventScroll: true });
  return scrollTo(0, 0);
}

/** An answer that came at once and without a line: another page, or the same one with what is wrong. */
function show(request) {
  if (new URL(request.responseURL).pathname !== location.pathname) return location.assign(request.responseURL);
  return put(request.responseText);
}

/* From the button to the answer */

function send(event, form) {
  event.preventDefault();
  const place = placeOf(form), buttons = form.querySelectorAll("button");
  const [request, body] = open(form, filesOf(form, event.submitter));
  const news = linesOf(request), known = Number(form.querySelector("input:checked[data-of]")?.dataset.of ?? 0);
  let sent = body === null, end = null, silence = 0;

  function listen() {
    clearTimeout(silence);
    silence = setTimeout(() => place.warn(place.say("Silent")), SILENT_MS);
    place.warn("");
  }

  function hear() {
    listen();
    if (!isInLines(request)) return;
    for (const line of news()) {
      if (line.status) end = line;
      else tell(line);
    }
  }

  function tell({ step, done, of }) {
    const all = of || known;
    place.show(step, done, all, all ? fill(place.say("Count"), { done, of: Math.max(all, done) }) : done || "");
  }

  request.upload.addEventListener("progress", ({ loaded, total }) => {
    const values = { done: megabytes(loaded, total), of: megabytes(total, total) };
    place.show("send", loaded, total, fill(place.say("Sent"), values));
  });
  request.upload.addEventListener("load", () => {
    sent = true;
    listen();
  });
  request.addEventListener("progress", hear);
  request.addEventListener("load", () => {
    hear();
    if (isInLines(request) && !end) return place.fail(place.say("Unheard"));
    const shown = !end ? show(request) : end.go ? location.assign(end.go) : put(end.html);
    if (shown === false) place.fail(fill(place.say("Strange"), { status: request.status }));
    return shown;
  });
  request.addEventListener("error", () => place.fail(place.say(sent ? "Unheard" : "Unsent")));
  request.addEventListener("loadend", () => {
    clearTimeout(silence);
    buttons.forEach((button) => { button.disabled = false; });
    if (document.activeElement === document.body) event.submitter?.focus({ preventScroll: true });
  });
  buttons.forEach((button) => { button.disabled = true; });
  place.begin(event.submitter);
  request.send(body);
}

function begin() {
  for (const form of document.querySelectorAll("form[data-steps]")) {
    const folder = form.querySelector("[data-folder]");
    const need = () => { document.getElementById(folder.dataset.folder).required = !folder.files.length; };
    form.addEventListener("submit", (event) => send(event, form));
    folder?.addEventListener("change", need);
    if (folder) need();
    if (form.hasAttribute("data-at-once")) form.requestSubmit();
  }
}

begin();
