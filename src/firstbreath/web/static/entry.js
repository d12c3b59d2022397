// A form of the protocol while it is filled: the server says what is wrong as soon as a field is left.

const form = document.querySelector("[data-entry]");
let asked = 0;

function show(field, text) {
  let said = field.querySelector(":scope > .wrong");
  if (!text) {
    said?.remove();
  } else if (said) {
    said.textContent = text;
  } else {
    said = document.createElement("p");
    said.className = "wrong";
    said.textContent = text;
    field.querySelector(":scope > .why-absent")?.before(said);
  }
  field.classList.toggle("field-wrong", Boolean(text));
  field.querySelectorAll(":scope > input").forEach((input) => input.setAttribute("aria-invalid", String(Boolean(text))));
}

async function check(field) {
  const number = ++asked;
  const answer = await fetch(form.dataset.check, {
    method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
  }).catch(() => null);
  if (!answer?.ok || number !== asked) return; // without an answer, saving says what is wrong
  const wrong = await answer.json();
  show(field, wrong[field.dataset.field] ?? "");
}

form?.addEventListener("change", (event) => {
  const field = event.target.closest("[data-field]");
  if (field) check(field);
});

document.querySelector("[data-focus]")?.focus();
