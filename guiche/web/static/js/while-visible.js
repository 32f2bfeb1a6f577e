// <while-visible data-every="60">: triggers "live" on what is inside every so many seconds, while the page is looked at.
customElements.define("while-visible", class extends HTMLElement {
  #clock;

  connectedCallback() {
    this.#clock = setInterval(() => {
      if (document.hidden) return;
      for (const place of this.querySelectorAll("[hx-trigger~=live]")) htmx.trigger(place, "live");
    }, Number(this.dataset.every || 60) * 1000);
  }

  disconnectedCallback() {
    clearInterval(this.#clock);
  }
});
