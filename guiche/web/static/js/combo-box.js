// <combo-box>: a search box over a list that htmx fills. Down and Up move, Enter picks, Esc closes and then clears,
// Tab leaves without picking. The value goes into the hidden input, and "combo-pick" tells whoever depends on it.
customElements.define("combo-box", class extends HTMLElement {
  #box;
  #list;
  #hidden;

  connectedCallback() {
    this.#box = this.querySelector("[role=combobox]");
    this.#list = this.querySelector("[role=listbox]");
    this.#hidden = this.querySelector("input[type=hidden]");
    if (!this.#hidden) return; // the text fitted several: radios stand above instead
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    this.#box.addEventListener("input", () => this.#choose("", null));
    this.#box.addEventListener("click", () => this.#open(true));
    this.addEventListener("focusout", (event) => { if (!this.contains(event.relatedTarget)) this.#open(false); });
    // Before the box loses the focus to the row that is pressed.
    this.#list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.#pick(event.target.closest("[data-value]"));
    });
    this.#list.addEventListener("htmx:afterSwap", (event) => event.target === this.#list && this.#arrived());
  }

  #options() { return [...this.#list.querySelectorAll("[data-value]")]; }

  #arrived() {
    const count = this.#options().length;
    this.#open(document.activeElement === this.#box);
    const live = document.querySelector("#aviso");
    if (live) live.textContent = count ? this.dataset.found.replace("{n}", count) : this.dataset.none;
  }

  #open(open) {
    const shown = open && this.#list.childElementCount > 0;
    this.#list.hidden = !shown;
    this.#box.setAttribute("aria-expanded", String(shown));
    if (!shown) this.#mark(null);
  }

  #mark(row) {
    for (const other of this.#options()) other.setAttribute("aria-selected", String(other === row));
    if (row) this.#box.setAttribute("aria-activedescendant", row.id);
    else this.#box.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const rows = this.#options();
    const place = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#open(true);
      const next = place + (event.key === "ArrowDown" ? 1 : -1);
      this.#mark(rows[(next + rows.length) % rows.length] ?? null);
    } else if (event.key === "Enter" && !this.#list.hidden && place >= 0) this.#pick(rows[place]);
    else if (event.key === "Escape" && (!this.#list.hidden || this.#box.value)) this.#escape();
    else return;
    event.preventDefault();
  }

  #escape() {
    if (!this.#list.hidden) return this.#open(false);
    this.#choose("", "");
  }

  #pick(row) {
    if (!row) return;
    this.#choose(row.dataset.value, row.dataset.label);
    this.#open(false);
  }

  #choose(value, label) {
    if (label !== null) this.#box.value = label;
    if (this.#hidden.value === value) return;
    this.#hidden.value = value;
    this.#hidden.dispatchEvent(new Event("change", { bubbles: true }));
    this.dispatchEvent(new CustomEvent("combo-pick", { bubbles: true, detail: { value } }));
  }
});
