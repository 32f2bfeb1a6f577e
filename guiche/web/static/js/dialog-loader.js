// <dialog-loader>: around #dialogo. What htmx puts inside opens it; "close-dialog" closes it; closed, it is empty again.
customElements.define("dialog-loader", class extends HTMLElement {
  connectedCallback() {
    const dialog = this.querySelector("dialog");
    dialog.addEventListener("htmx:afterSettle", (event) => {
      if (event.target !== dialog || dialog.open || !dialog.childElementCount) return;
      dialog.showModal();
      dialog.querySelector("[autofocus], focus-errors, :is(input:not([type=hidden]), select, textarea)")?.focus();
    });
    dialog.addEventListener("close", () => dialog.replaceChildren());
    dialog.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) { event.preventDefault(); dialog.close(); }
    });
    document.addEventListener("close-dialog", this.#close);
  }

  disconnectedCallback() {
    document.removeEventListener("close-dialog", this.#close);
  }

  #close = () => this.querySelector("dialog").close();
});
