// <pass-word data-weak data-fair data-strong data-show data-hide>: around a password field: shows what was typed, and
// says its strength in words. The rules themselves are the server's.
const LONG = 16; // characters of a short sentence
const SHORT = 10;

customElements.define("pass-word", class extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input[type=password]");
    const toggle = this.querySelector("[data-toggle]");
    const strength = this.querySelector("[data-strength]");
    toggle.parentElement.hidden = false;
    toggle.addEventListener("click", () => {
      const isShown = field.type === "text";
      field.type = isShown ? "password" : "text";
      toggle.setAttribute("aria-pressed", String(!isShown));
      toggle.textContent = isShown ? this.dataset.show : this.dataset.hide;
    });
    field.addEventListener("input", () => {
      strength.textContent = field.value ? this.#word(field.value) : "";
    });
  }

  #word(value) {
    const different = new Set(value).size;
    if (value.length < SHORT || different < 5) return this.dataset.weak;
    return value.length < LONG || different < 8 ? this.dataset.fair : this.dataset.strong;
  }
});
