// <key-shortcuts>: single keys of the desk, outside text. J and K walk the queue; what has data-key="r" answers to R.
customElements.define("key-shortcuts", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.#press);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#press);
  }

  #press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") this.#walk(key === "j" ? 1 : -1);
    else if (!this.#use(key)) return;
    event.preventDefault();
  };

  #isTyping(place) {
    return place.isContentEditable || place.matches?.("input:not([type=checkbox], [type=radio]), textarea, select");
  }

  #walk(step) {
    const links = [...document.querySelectorAll(".qitem a, .grid .subj a")];
    const here = links.indexOf(document.activeElement);
    const current = here >= 0 ? here : links.findIndex((link) => link.closest("[aria-current]"));
    links[Math.min(links.length - 1, Math.max(0, current + step))]?.focus();
  }

  #use(key) {
    const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    if (!target) return false;
    if (target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) target.focus();
    else target.click();
    // Who chooses how to write wants to write.
    if (target.type === "radio") target.closest("form").querySelector("textarea")?.focus();
    return true;
  }
});
