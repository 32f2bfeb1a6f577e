// <file-row>: one file of a <drop-zone>: going up, sent, refused, or to be tried again. Its words are the zone's data.
customElements.define("file-row", class extends HTMLElement {
  file;
  #request;
  #zone;

  connectedCallback() {
    this.#zone = this.closest("drop-zone");
    this.words = this.#zone.dataset;
    this.setAttribute("role", "listitem");
    this.className = "file";
    if (this.file) this.#draw();
    else this.#take();
    this.addEventListener("click", (event) => this.#press(event.target.closest("button")));
  }

  // A row that came with the page: what unticks it without this script becomes a button.
  #take() {
    const keep = this.querySelector(".file__keep");
    const button = this.#zone.button(this.words.remove, "remove", this.querySelector("b").textContent);
    keep.replaceWith(this.#id(keep.querySelector("input").value), button);
  }

  get size() {
    return this.#zone.written(this.file.size);
  }

  refuse(message) {
    this.dataset.tone = "danger";
    this.querySelector("small").textContent = message;
    this.#icon(2);
  }

  send() {
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    bar.ariaLabel = this.words.sending.replace("{name}", this.file.name);
    this.querySelector("b").after(bar);
    const body = new FormData();
    body.append("file", this.file);
    this.#request = new XMLHttpRequest();
    this.#request.open("POST", this.words.upload);
    this.#request.setRequestHeader("X-CSRFToken", this.words.token);
    this.#request.responseType = "json";
    this.#request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
    this.#request.send(body);
    return new Promise((done) => this.#request.addEventListener("loadend", () => { bar.remove(); this.#ended(); done(); }));
  }

  #ended() {
    const { status, response } = this.#request;
    if (status < 300 && response?.id) return this.#keep(response.id);
    if (!this.isConnected) return;
    this.refuse(response?.message || this.words.failed);
    if (!response?.message) this.querySelector("small").append(" ", this.#zone.button(this.words.retry, "retry", ""));
  }

  #keep(id) {
    this.append(this.#id(id));
    this.querySelector("small").textContent = `${this.size} · ${this.words.sent}`;
    this.dispatchEvent(new CustomEvent("file-sent", { bubbles: true }));
  }

  #id(value) {
    return Object.assign(document.createElement("input"), { type: "hidden", name: this.words.name, value });
  }

  #draw() {
    for (const [tag, textContent] of [["b", this.file.name], ["small", this.size]]) {
      this.append(Object.assign(document.createElement(tag), { textContent }));
    }
    this.append(this.#zone.button(this.words.remove, "remove", this.file.name));
    this.#icon(this.file.type.startsWith("image/") ? 1 : 0);
  }

  #icon(place) {
    this.querySelector(":scope > svg")?.remove();
    this.prepend(this.#zone.icon(place));
  }

  #press(button) {
    if (button?.dataset.action === "retry") {
      delete this.dataset.tone;
      this.#icon(0);
      this.querySelector("small").textContent = this.size;
      this.dispatchEvent(new CustomEvent("file-again", { bubbles: true }));
    } else if (button?.dataset.action === "remove") {
      this.#request?.abort();
      this.remove();
      this.#zone.dispatchEvent(new CustomEvent("file-removed"));
    }
  }
});
