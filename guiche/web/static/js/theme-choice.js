// <theme-choice>: around the radios of the theme ("", light, dark): shows the choice at once; the form keeps it.
customElements.define("theme-choice", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", ({ target }) => {
      if (target.value) document.documentElement.dataset.theme = target.value;
      else delete document.documentElement.dataset.theme;
    });
  }
});
