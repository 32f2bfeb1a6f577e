// <reorder-list data-said="{name}, {place} de {count}">: rows (li of an ol) are dragged by hand; the drop posts
// position=<index> to the form of the row. Its two buttons do the same without a pointer, one place at a time, and
// keep the focus. data-reload: the page says something else once the order is another one, so it is loaded again.
const PRESSED = "reorder-list: pressed"; // the button that gets the focus back after that

customElements.define("reorder-list", class extends HTMLElement {
  #row;
  #start;

  connectedCallback() {
    for (const row of this.#rows()) row.draggable = true;
    this.addEventListener("dragstart", (event) => {
      this.#row = event.target.closest("li");
      this.#start = this.#rows().indexOf(this.#row);
    });
    this.addEventListener("dragover", (event) => {
      if (!this.#row) return;
      event.preventDefault();
      this.#place(event.clientY);
    });
    this.addEventListener("drop", (event) => event.preventDefault());
    this.addEventListener("dragend", () => this.#drop());
    this.addEventListener("submit", (event) => this.#step(event));
    this.#resume();
  }

  #resume() {
    const pressed = sessionStorage.getItem(PRESSED);
    const button = pressed && this.querySelector(`.mover button[aria-label="${CSS.escape(pressed)}"]`);
    if (!button) return;
    sessionStorage.removeItem(PRESSED);
    this.#focus(button);
  }

  #focus(button) {
    const other = [...button.form.querySelectorAll("button")].find((one) => one !== button);
    (button.disabled ? other : button).focus();
  }

  async #step(event) {
    const button = event.submitter;
    if (!button?.closest(".mover")) return;
    event.preventDefault();
    const row = button.closest("li");
    if (button.value === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    if (this.hasAttribute("data-reload")) sessionStorage.setItem(PRESSED, button.ariaLabel);
    await this.#keep(row);
    this.#focus(button);
  }

  #rows() { return [...this.querySelector("ol").children]; }

  #place(height) {
    const after = this.#rows().find((row) => {
      const { top, height: tall } = row.getBoundingClientRect();
      return row !== this.#row && height < top + tall / 2;
    });
    this.querySelector("ol").insertBefore(this.#row, after ?? null);
  }

  async #drop() {
    const row = this.#row;
    const place = this.#rows().indexOf(row);
    this.#row = undefined;
    if (row && place !== this.#start) await this.#keep(row);
  }

  async #keep(row) {
    const place = this.#rows().indexOf(row);
    const form = row.querySelector("form.mover");
    const body = new FormData(form);
    body.append("position", place);
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => ({ ok: false }));
    if (!answer.ok) return location.reload(); // the order on the screen is not the one that is kept
    if (this.hasAttribute("data-reload")) return location.reload();
    this.#say(row, place);
  }

  #say(row, place) {
    const rows = this.#rows();
    rows.forEach((one, index) => {
      const [up, down] = one.querySelectorAll(".mover button");
      up.disabled = index === 0;
      down.disabled = index === rows.length - 1;
    });
    const name = row.querySelector("b, .pill")?.textContent ?? "";
    const said = this.dataset.said.replace("{name}", name).replace("{place}", place + 1).replace("{count}", rows.length);
    document.querySelector("#aviso").textContent = said;
  }
});
