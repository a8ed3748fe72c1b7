// Sends what a signed-in customer does on a page to Tessera: docs/sources.md, "From a page".
// No cookies and no storage. Before consent nothing is kept and nothing is sent.
window.tessera = (() => {
  let url, key, customer, allowed = false, queue = [], timer, tries = 0, busy = false;

  const body = (events) =>
    JSON.stringify({ key, consent: true, sent_at: new Date().toISOString(), events });
  // A text is sent as text/plain, so browsers ask no permission first.
  const request = (text) =>
    fetch(url, { method: 'POST', body: text, keepalive: true, credentials: 'omit' });

  function later(seconds) {
    if (!timer) timer = setTimeout(send, seconds * 1000);
  }

  async function send() {
    timer = clearTimeout(timer);
    if (busy || !queue.length) return;
    const events = queue.splice(0, 30);
    busy = true;
    const status = await request(body(events)).then((r) => r.status, () => 0);
    busy = false;
    const again = allowed && (!status || status == 429 || status > 499);
    tries = again ? tries + 1 : 0;
    if (again && tries < 6) queue.unshift(...events);
    if (queue.length) later(again ? 5 * 2 ** tries : 0);
  }

  // The page may never come back: a beacon outlives it.
  document.addEventListener('visibilitychange', () => {
    while (document.visibilityState == 'hidden' && queue.length) {
      const text = body(queue.splice(0, 30));
      if (!navigator.sendBeacon(url, text)) request(text).catch(() => 0);
    }
  });

  return {
    start(options) {
      ({ url, key, customer } = options);
    },
    consent(given) {
      allowed = given === true;
      if (!allowed) queue = [];
    },
    track(EventName, fields) {
      if (!allowed || !customer || queue.length > 499) return;
      const Date_ = new Date().toISOString();
      const EventID = Date_ + Math.random();
      queue.push({ ...fields, EventName, EventID, Date: Date_, CustomerID: customer });
      if (queue.length > 19 && !tries) send();
      else later(5);
    },
  };
})();
