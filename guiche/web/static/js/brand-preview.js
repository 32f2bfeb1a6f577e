// <brand-preview>: around the sliders of hue and strength: the page takes the colour at once; the form keeps it.
customElements.define("brand-preview", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", ({ target }) => {
      const name = { brand_hue: "--brand-h", brand_chroma: "--brand-c" }[target.name];
      if (name) document.documentElement.style.setProperty(name, target.value);
    });
  }
});
