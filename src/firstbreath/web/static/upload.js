// A large upload tells how far it is; without this module the form is sent as any other.

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

function filesOf(form, folder) {
  const sent = new FormData(form);
  if (!folder?.files.length) return sent;
  sent.delete(folder.dataset.folder);
  for (const file of folder.files) sent.append(folder.dataset.folder, file, file.name);
  return sent;
}

// The page that answers: another one is gone to, the same one (with what is wrong) takes the place of this one.
function show(request) {
  if (new URL(request.responseURL).pathname !== location.pathname) return location.assign(request.responseURL);
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  document.querySelector("main").replaceWith(document.adoptNode(answer.querySelector("main")));
  begin();
  document.querySelector("[data-focus]")?.focus();
}

function send(event, form, folder) {
  event.preventDefault();
  const state = form.querySelector("[data-upload-state]");
  const buttons = form.querySelectorAll("button");
  const request = new XMLHttpRequest();
  request.open("POST", location.href);
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    state.textContent = `${megabytes(loaded)} of ${megabytes(total)} MB sent`;
  });
  request.upload.addEventListener("load", () => {
    state.textContent = "Sent. Names are removed and slices are read: some seconds.";
  });
  request.addEventListener("load", () => show(request));
  request.addEventListener("error", () => {
    state.textContent = "Not sent: the connection broke. Nothing was kept; send it again.";
  });
  request.addEventListener("loadend", () => buttons.forEach((button) => { button.disabled = false; }));
  buttons.forEach((button) => { button.disabled = true; });
  request.send(filesOf(form, folder));
}

function begin() {
  const form = document.querySelector("form[data-upload]");
  const folder = form?.querySelector("[data-folder]");
  form?.addEventListener("submit", (event) => send(event, form, folder));
  folder?.addEventListener("change", () => {
    document.getElementById(folder.dataset.folder).required = !folder.files.length;
  });
}

begin();
