// <copy-text data-text data-done="Copiado">: around a button: puts data-text on the clipboard and says so.
customElements.define("copy-text", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => this.#copy());
  }

  async #copy() {
    await navigator.clipboard.writeText(this.dataset.text);
    const live = document.querySelector("#aviso");
    if (live) live.textContent = this.dataset.done;
    const button = this.querySelector("button");
    if (button) button.textContent = this.dataset.done;
  }
});
