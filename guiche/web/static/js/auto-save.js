// <auto-save data-url data-key data-saved="Rascunho salvo às {time}" data-kept data-restore>: around a form. Three
// seconds after the last change it posts the form's fields to data-url (an answer of {time} is enough). Without
// network or session the text stays in this browser under data-key, the person's, and comes back with the page.
const DELAY = 3000; // milliseconds

customElements.define("auto-save", class extends HTMLElement {
  #timer;
  #sent = "";

  connectedCallback() {
    this.addEventListener("input", () => this.#schedule());
    this.addEventListener("change", () => this.#schedule());
    this.addEventListener("submit", () => this.#forget());
    document.addEventListener("visibilitychange", this.#leaving);
    this.#restore();
  }

  disconnectedCallback() {
    this.#forget();
    document.removeEventListener("visibilitychange", this.#leaving);
  }

  #leaving = () => { if (document.visibilityState === "hidden" && this.#timer) this.#save(); };

  // What is sent, or saved now, is not saved again when the page goes away.
  #forget() { this.#timer = clearTimeout(this.#timer); }

  #schedule() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), DELAY);
  }

  async #save() {
    this.#forget();
    const fields = new FormData(this.querySelector("form"));
    for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
    const body = new URLSearchParams(fields);
    if (body.toString() === this.#sent) return;
    try {
      const answer = await fetch(this.dataset.url, { method: "POST", body, headers: { "X-Unattended": "1" }, keepalive: body.toString().length < 60000, redirect: "manual" });
      if (!answer.ok) throw new Error(answer.status);
      this.#sent = body.toString();
      localStorage.removeItem(this.dataset.key);
      const { time } = await answer.json();
      this.#say(this.dataset.saved.replace("{time}", time));
    } catch {
      body.delete("csrfmiddlewaretoken");
      localStorage.setItem(this.dataset.key, body.toString());
      this.#say(this.dataset.kept);
    }
  }

  #restore() {
    const [kept, form] = [localStorage.getItem(this.dataset.key), this.querySelector("form")];
    if (!kept || !form) return;
    const wasSent = this.dataset.spent && new URLSearchParams(kept).get("once_key") === this.dataset.spent;
    if (wasSent) return localStorage.removeItem(this.dataset.key); // after all
    const filled = [];
    for (const [name, value] of new URLSearchParams(kept)) {
      const control = form.elements[name];
      // What the server gives back is newer than a guess: only empty boxes are filled.
      if (control && "value" in control && !control.value) {
        control.value = value;
        filled.push(...(control instanceof RadioNodeList ? [...control].filter((one) => one.checked) : [control]));
      } else if (!control) this.#hold(form, name, value);
    }
    this.#tell(filled);
    this.#say(this.dataset.restored || this.dataset.kept);
    this.#schedule();
  }

  // A field that is not on the page yet waits in [data-unplaced], where the page has one, and is asked for.
  #hold(form, name, value) {
    const place = form.querySelector("[data-unplaced]");
    place?.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    if (place?.childElementCount === 1) this.#announce(place, "draft-back");
  }

  // What hangs on a choice that came back is asked for again, once: the answer is about the whole form.
  #tell(filled) {
    const deciding = [".slot[hx-post]", ".slot[hx-get]"].flatMap((slot) => filled.filter((one) => one.value && one.closest(slot)))[0];
    if (deciding) this.#announce(deciding, "change");
  }

  // Once every script of the page is there to hear it.
  #announce(place, event) {
    if (document.readyState === "complete") place.dispatchEvent(new Event(event, { bubbles: true }));
    else window.addEventListener("load", () => this.#announce(place, event), { once: true });
  }

  #say(words) {
    const place = this.querySelector("[data-draft-status]");
    if (place && words) place.textContent = words;
  }
});
