// The time rail: a slider over the log beside the plain form. Without this file the form alone does the same.

/** @param {HTMLFormElement} form */
function attach(form) {
  const slider = form.querySelector("[data-rail-slider]");
  const field = form.querySelector("[data-rail-field]");
  const said = form.querySelector("[data-rail-said]");

  const say = () => {
    const last = slider.value === slider.max;
    said.textContent = last ? `event ${slider.max}, the last` : `event ${slider.value} of ${slider.max}`;
    slider.setAttribute("aria-valuetext", said.textContent);
  };

  slider.addEventListener("input", () => {
    field.value = slider.value === slider.max ? "" : slider.value;
    say();
  });
  // A key only moves the slider, and the button shows the moment; letting go of the pointer shows it at once.
  slider.addEventListener("pointerup", () => setTimeout(() => form.requestSubmit()));
  say();
  form.dataset.rail = "ready";
}

document.querySelectorAll("form[data-rail]").forEach(attach);
