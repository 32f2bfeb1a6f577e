// <file-limit data-bytes data-too-large="“{n}” …">: around a file field: a file past the limit is refused as it is
// chosen, in words, before anything goes up. The server checks again.
customElements.define("file-limit", class extends HTMLElement {
  connectedCallback() {
    const words = Object.assign(document.createElement("p"), { className: "error", hidden: true });
    words.dataset.tone = "danger";
    words.setAttribute("role", "alert");
    this.append(words);
    this.addEventListener("change", ({ target }) => {
      const file = target.files?.[0];
      const isTooLarge = Boolean(file) && file.size > Number(this.dataset.bytes);
      words.hidden = !isTooLarge;
      words.textContent = isTooLarge ? this.dataset.tooLarge.replace("{n}", file.name) : "";
      if (isTooLarge) target.value = "";
    });
  }
});
