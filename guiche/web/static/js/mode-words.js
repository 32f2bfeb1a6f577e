// <mode-words>: around the ways of writing: an empty box says what the chosen one is for (data-placeholder).
customElements.define("mode-words", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      const box = event.target.form?.querySelector("textarea[placeholder]");
      if (box && event.target.dataset.placeholder) box.placeholder = event.target.dataset.placeholder;
    });
  }
});
