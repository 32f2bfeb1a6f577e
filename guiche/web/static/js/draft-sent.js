// <draft-sent data-key data-once>: on the page that says something was sent. What this browser still kept of the form
// with that once_key, because the network was away while it was typed, is let go.
customElements.define("draft-sent", class extends HTMLElement {
  connectedCallback() {
    const kept = localStorage.getItem(this.dataset.key);
    if (kept && new URLSearchParams(kept).get("once_key") === this.dataset.once) localStorage.removeItem(this.dataset.key);
  }
});
