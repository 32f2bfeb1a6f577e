// <toast-tray data-close data-session-over data-sign-in data-sign-in-label>: shows what HX-Trigger "toast" brings
// ({text, undo, undoLabel}) for ten seconds, longer while it is pointed at or has the focus. "token-renewed" brings
// the token with which forms of this page may be sent after a sign-in on another tab.
const STAYS = 10000; // milliseconds

customElements.define("toast-tray", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("toast", this.#toast);
    document.addEventListener("session-over", this.#sessionOver);
    document.addEventListener("token-renewed", this.#renew);
    document.addEventListener("htmx:sendError", this.#noNetwork);
    document.addEventListener("htmx:beforeRequest", this.#clear);
    for (const toast of this.querySelectorAll(".toast")) this.#expire(toast);
  }

  disconnectedCallback() {
    document.removeEventListener("toast", this.#toast);
    document.removeEventListener("session-over", this.#sessionOver);
    document.removeEventListener("token-renewed", this.#renew);
    document.removeEventListener("htmx:sendError", this.#noNetwork);
    document.removeEventListener("htmx:beforeRequest", this.#clear);
  }

  #toast = ({ detail }) => {
    const toast = this.#make("div", { className: "toast", role: "status" });
    toast.append(this.#make("span", { textContent: detail.text ?? detail.value }));
    if (detail.undo) {
      const button = this.#make("button", { className: "btn btn--sm", type: "button", textContent: detail.undoLabel });
      button.addEventListener("click", () => { this.#undo(detail.undo); toast.remove(); });
      toast.append(button);
    }
    this.append(toast);
    this.#expire(toast);
  };

  // What was typed stays on the screen: the person signs in beside it.
  #sessionOver = () => this.#fail(this.dataset.sessionOver, this.dataset.signIn, this.dataset.signInLabel);

  #renew = ({ detail: { token } }) => {
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    for (const zone of document.querySelectorAll("[data-token]")) zone.dataset.token = token;
  };

  #clear = () => this.querySelector("#falha").replaceChildren();

  #noNetwork = () => this.#fail(this.dataset.noNetwork);

  #fail(words, href, label) {
    const notice = this.#make("div", { className: "notice" });
    notice.dataset.tone = "danger";
    notice.append(this.#make("b", { textContent: words }));
    if (href) notice.append(this.#make("a", { href, target: "_blank", textContent: label }));
    this.querySelector("#falha").replaceChildren(notice);
  }

  #undo(address) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    htmx.ajax("POST", address, { swap: "none", values: { csrfmiddlewaretoken: token } });
  }

  #expire(toast) {
    let timer;
    const start = () => { timer = setTimeout(() => toast.remove(), STAYS); };
    for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
    for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
    start();
  }

  #make(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }
});
