// <drop-zone data-upload data-token data-name …>: files dropped, pasted or chosen go up one by one, each in a
// <file-row>; the form then sends their ids. Without this script the file input sends the files with the form.
// What passes a limit is never written as the limit itself: "20,1 MB" of 20.
const PAST = { maximumFractionDigits: 1, roundingMode: "ceil" };

customElements.define("drop-zone", class extends HTMLElement {
  #queue = Promise.resolve();

  connectedCallback() {
    const area = this.querySelector(".drop");
    const input = this.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      this.#add([...input.files]);
      input.value = "";
    });
    this.addEventListener("dragover", (event) => {
      event.preventDefault();
      area.toggleAttribute("data-over", true);
    });
    for (const name of ["dragleave", "drop"]) this.addEventListener(name, () => area.removeAttribute("data-over"));
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#add([...event.dataTransfer.files]);
    });
    this.closest("form")?.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) this.#add([...event.clipboardData.files]);
    });
    // "change" tells auto-save that the list of files is another one.
    this.addEventListener("file-sent", () => this.dispatchEvent(new Event("change", { bubbles: true })));
    this.addEventListener("file-removed", () => {
      input.focus();
      this.dispatchEvent(new Event("change", { bubbles: true }));
    });
    this.addEventListener("file-again", (event) => this.#enqueue(event.target));
  }

  // As the server writes sizes: "380 KB", "8,1 MB".
  written(bytes, rounding = {}) {
    const power = Math.min(3, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
    const number = bytes / 1024 ** power;
    const maximumFractionDigits = power > 1 && number < 10 ? 1 : 0;
    return `${number.toLocaleString(document.documentElement.lang, { maximumFractionDigits, ...rounding })} ${["bytes", "KB", "MB", "GB"][power]}`;
  }

  // The icons of the template, in order: file, image, alert, x.
  icon(place) {
    return this.querySelector("template").content.children[place].cloneNode(true);
  }

  // A button of a row: an x that names the file, or words alone.
  button(words, action, name) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: name ? "btn btn--icon" : "file__again" });
    button.dataset.action = action;
    if (name) button.ariaLabel = words.replace("{name}", name);
    button.append(name ? this.icon(3) : words);
    return button;
  }

  #add(files) {
    for (const file of files) {
      const row = document.createElement("file-row");
      row.file = file;
      this.querySelector(".files").append(row);
      const refusal = this.#refusal(row, file);
      if (refusal) row.refuse(refusal);
      else this.#enqueue(row);
    }
  }

  #refusal(row, file) {
    const { maxBytes, maxFiles, tooLarge, tooMany } = this.dataset;
    if (file.size > Number(maxBytes)) return tooLarge.replace("{size}", this.written(file.size, PAST));
    const count = this.querySelectorAll("file-row:not([data-tone])").length;
    return count > Number(maxFiles) ? tooMany : "";
  }

  #enqueue(row) {
    this.#queue = this.#queue.then(() => row.isConnected && row.send());
  }
});
