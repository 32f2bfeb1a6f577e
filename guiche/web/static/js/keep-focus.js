// <keep-focus>: once on the page. When htmx replaces what has the focus, or a dialog closes whose opener is gone, the focus
// lands in the new state of the same area: on the same control if it is still there, else on the nearest [data-lands].
customElements.define("keep-focus", class extends HTMLElement {
  #held; // what had the focus: { element, key, ids } of itself and what it stood in
  #opener; // of the dialog that is open

  connectedCallback() {
    document.addEventListener("htmx:beforeOnLoad", this.#hold);
    document.addEventListener("htmx:afterRequest", this.#settle);
    document.addEventListener("htmx:afterSettle", this.#settle);
    document.addEventListener("close", this.#closed, true);
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:beforeOnLoad", this.#hold);
    document.removeEventListener("htmx:afterRequest", this.#settle);
    document.removeEventListener("htmx:afterSettle", this.#settle);
    document.removeEventListener("close", this.#closed, true);
  }

  #hold = () => {
    const dialog = document.querySelector("dialog[open]");
    const now = this.#isLost() || dialog?.contains(document.activeElement) ? undefined : this.#described(document.activeElement);
    if (!dialog) this.#opener = now;
    this.#held = dialog ? this.#opener : now;
  };

  #settle = () => {
    if (this.#held && this.#isLost() && !document.querySelector("dialog[open]")) this.#land(this.#held);
  };

  #closed = () => { if (this.#opener && this.#isLost()) this.#land(this.#opener); };

  #isLost() {
    const at = document.activeElement;
    return !at || at === document.body || Boolean(at.closest("dialog:not([open])"));
  }

  #described(element) {
    const ids = [];
    for (let at = element; at; at = at.parentElement) if (at.id) ids.push(at.id);
    return { element, key: this.#key(element), ids };
  }

  // What makes a control the same one after its area was drawn again.
  #key(element) {
    const words = element.ariaLabel || element.textContent.trim();
    return [element.tagName, element.pathname, element.getAttribute("popovertarget"), element.name, element.value, words].join("|");
  }

  #land(held) {
    const areas = held.ids.map((id) => document.getElementById(id)).filter(Boolean);
    const place = this.#shown(held.element) ?? this.#same(held, areas) ?? this.#menuButton(held) ?? this.#nearest(areas);
    place?.focus({ preventScroll: true });
  }

  #shown(element) {
    return element?.isConnected && element.checkVisibility({ visibilityProperty: true }) ? element : undefined;
  }

  #same({ key }, areas) {
    const controls = [...(areas[0]?.querySelectorAll("a[href], button, input, select, textarea") ?? [])];
    return this.#shown(controls.find((one) => this.#key(one) === key));
  }

  // What stood in a menu, which closed: the button of that menu.
  #menuButton({ ids }) {
    const buttons = ids.flatMap((id) => [...document.querySelectorAll(`[popovertarget="${CSS.escape(id)}"]`)]);
    return buttons.find((one) => this.#shown(one));
  }

  #nearest(areas) {
    for (const area of areas) {
      const landing = area.matches("[data-lands]") ? area : area.querySelector("[data-lands]");
      if (this.#shown(landing)) return landing;
    }
    const area = areas.find((one) => this.#shown(one));
    if (area && area.tabIndex < 0) area.tabIndex = -1;
    return area;
  }
});
