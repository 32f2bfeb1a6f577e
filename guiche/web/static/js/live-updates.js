// <live-updates data-url>: one stream per browser. The tab that holds the lock reads it and tells the others; each
// triggers "live" on what has data-live with that subject. Without a stream, everything is asked again every 30 s.
const EVERY = 30000; // milliseconds

customElements.define("live-updates", class extends HTMLElement {
  #channel = new BroadcastChannel("guiche-live");
  #stop = new AbortController();
  #heard = 0;
  #clock;

  connectedCallback() {
    this.#channel.onmessage = ({ data }) => this.#pass(data);
    document.addEventListener("visibilitychange", this.#looked);
    this.#clock = setInterval(() => {
      if (!document.hidden && Date.now() - this.#heard > EVERY) this.#pass("*");
    }, EVERY);
    this.#looked();
  }

  disconnectedCallback() {
    clearInterval(this.#clock);
    document.removeEventListener("visibilitychange", this.#looked);
    this.#stop.abort();
    this.#channel.close();
  }

  // A hidden tab gives the stream up; one that is looked at waits for its turn, and catches up on what it missed.
  #looked = () => {
    this.#stop.abort();
    if (document.hidden) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    navigator.locks.request("guiche-live", { signal }, () => this.#read(signal)).catch(() => {});
    if (this.#heard) this.#pass("*");
  };

  #read(signal) {
    return new Promise((done) => {
      const source = new EventSource(this.dataset.url);
      source.onopen = source.onmessage = ({ data }) => this.#tell(data ?? "");
      source.addEventListener("beat", () => this.#tell(""));
      signal.addEventListener("abort", () => { source.close(); done(); });
    });
  }

  // An empty subject only says that the stream is alive.
  #tell(subject) {
    this.#channel.postMessage(subject);
    this.#pass(subject);
  }

  #pass(subject) {
    this.#heard = Date.now();
    if (!subject) return;
    for (const place of document.querySelectorAll("[data-live]")) {
      if (subject === "*" || place.dataset.live.split(" ").includes(subject)) htmx.trigger(place, "live");
    }
  }
});
