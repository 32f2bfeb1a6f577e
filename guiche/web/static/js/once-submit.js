// <once-submit>: around a form: while it is being sent its button is busy, and a second click sends nothing.
customElements.define("once-submit", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      if (this.dataset.sending !== undefined) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      this.dataset.sending = "";
      // After the browser has read the form: what is disabled would not be sent.
      setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"));
    }, true);
    this.addEventListener("htmx:afterRequest", () => this.#free());
    // Back from the next page, out of the browser's memory.
    window.addEventListener("pageshow", this.#shown);
  }

  disconnectedCallback() {
    window.removeEventListener("pageshow", this.#shown);
  }

  #shown = (event) => { if (event.persisted) this.#free(); };

  #free() {
    delete this.dataset.sending;
    for (const button of this.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});
