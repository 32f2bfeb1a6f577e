// <focus-errors>: the summary of a refused form takes the focus when it arrives, and its links take it to their field.
// A field that was refused is looked at once more when it is left: what was missing and is there now is red no longer.
customElements.define("focus-errors", class extends HTMLElement {
  #refused = new Map();

  connectedCallback() {
    this.focus();
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const field = link && document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    });
    const form = this.closest("form") ?? this.parentElement;
    for (const field of form.querySelectorAll(".field[data-tone=danger]")) this.#refused.set(field, this.#isRight(field));
    for (const kind of ["focusout", "change"]) form.addEventListener(kind, (event) => this.#look(event.target.closest(".field")));
  }

  #look(field) {
    // Refused as it stood, though nothing was missing: only the server can say that it is right now.
    if (this.#refused.get(field) !== false || !this.#isRight(field)) return;
    this.#refused.delete(field);
    field.removeAttribute("data-tone");
    field.removeAttribute("data-invalid");
    const words = field.querySelector(".error");
    for (const one of [field, ...field.querySelectorAll("[aria-describedby], [aria-invalid]")]) {
      one.removeAttribute("aria-invalid");
      const others = (one.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== words?.id);
      if (others.length) one.setAttribute("aria-describedby", others.join(" "));
      else one.removeAttribute("aria-describedby");
    }
    words?.remove();
  }

  #isRight(field) {
    const controls = [...field.querySelectorAll("input, textarea, select")];
    // A password never comes back with the page, and files are kept elsewhere: what they were is not known.
    if (controls.some((one) => one.matches("[type=password], [type=file]"))) return true;
    const choices = controls.filter((one) => one.matches("[type=radio], [type=checkbox]"));
    if (choices.length) return choices.some((one) => one.checked);
    const kept = controls.find((one) => one.type === "hidden") ?? controls[0];
    return Boolean(kept?.value.trim()) && controls.every((one) => one.checkValidity());
  }
});
