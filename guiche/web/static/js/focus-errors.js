// <focus-errors>: the summary of a refused form takes the focus when it arrives, and its links take it to their field.
customElements.define("focus-errors", class extends HTMLElement {
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
  }
});
