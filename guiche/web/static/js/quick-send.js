// <quick-send>: around a form: Ctrl Enter (or Cmd Enter) inside its text sends it.
customElements.define("quick-send", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      event.target.form?.requestSubmit();
    });
  }
});
