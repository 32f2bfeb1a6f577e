// <pass-key data-act="get|create" data-options data-from data-failed>: in a form with a hidden field `credential`.
// Its button asks the device for a passkey and sends the form. It shows itself only where the browser can do it.
// `data-with` names a box of another form of the page, whose choice goes along.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const isAddress = /^[\d.]+$|:/; // passkeys belong to a name: a bare IP address has none

customElements.define("pass-key", class extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential || isAddress.test(location.hostname)) return;
    this.hidden = false;
    this.querySelector("button").addEventListener("click", () => this.#ask());
  }

  async #ask() {
    const form = this.closest("form");
    try {
      const { publicKey } = await this.#options();
      const credential = await this.#act(publicKey, form);
      form.elements.credential.value = JSON.stringify(this.#written(credential));
      this.#takeAlong(form);
      form.submit();
    } catch {
      const live = document.querySelector("#aviso");
      if (live) live.textContent = this.dataset.failed;
      this.querySelector("[data-outcome]").textContent = this.dataset.failed;
    }
  }

  #takeAlong(form) {
    const box = this.dataset.with && document.querySelector(`input[name="${this.dataset.with}"]:checked`);
    if (box) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: box.name, value: "on" }));
  }

  async #options() {
    if (this.dataset.options) return JSON.parse(this.dataset.options);
    const answer = await fetch(this.dataset.from, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  }

  #act(options, form) {
    options.challenge = bytes(options.challenge);
    const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
    if (this.dataset.act === "get") {
      options.allowCredentials = known(options.allowCredentials);
      return navigator.credentials.get({ publicKey: options });
    }
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
    if (form.elements.passwordless?.checked) {
      Object.assign(options.authenticatorSelection, {
        residentKey: "required", requireResidentKey: true, userVerification: "required",
      });
    }
    return navigator.credentials.create({ publicKey: options });
  }

  #written(credential) {
    const { id, rawId, type, response, authenticatorAttachment } = credential;
    const parts = ["attestationObject", "clientDataJSON", "authenticatorData", "signature", "userHandle"];
    const filled = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
    return {
      id, type, authenticatorAttachment, rawId: text(rawId),
      response: { ...Object.fromEntries(filled), transports: response.getTransports?.() },
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  }
});
