// What only the browser can do. Runs again whenever its settings change; listeners are set once.
window.debatebot = function (settings) {
  const STATE = "data-test-script-state"; // where Streamlit says whether it is drawing
  const REST = 300; // milliseconds without a change after which the page is at rest
  const SMOOTH = 700; // milliseconds that a smooth scroll may take
  const AFTER_FOCUS = 500; // milliseconds in which a scroll comes from the focus, and not from the person
  const page = document.documentElement;
  page.lang = settings.language;
  window.debatebotSettings = settings;
  keepCookies(settings);
  if (window.debatebotReady) return window.debatebotApply();
  window.debatebotReady = true;
  const announced = { element: makeElement("debatebot-live", { "aria-live": "polite", role: "status" }), text: "" };
  const tip = makeElement("debatebot-tip", { role: "tooltip" });
  const seenTurns = new Set();
  let timer = 0;
  let planned = false;
  let moved = 0;
  let focused = 0;
  let pointer = "";
  let focusing = settings.focus?.count ?? 0;
  let goal = null;
  let newest = "";
  let lastRead = { turn: "", since: 0 };
  let scrolled = 0;
  let place = {};
  let resting = 0;
  const heights = new WeakMap();
  for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    addEventListener(kind, () => {
      moved = performance.now();
      if (kind !== "pointerdown") scrolled = moved;
    }, { capture: true, passive: true });
  }

  function makeElement(id, attributes) {
    const element = document.createElement("div");
    element.id = id;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.body.append(element);
    return element;
  }

  // --- after every change of the page: once a frame ---------------------------------------------------------------

  new MutationObserver(() => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => { planned = false; apply(); });
  }).observe(document.body, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: [STATE],
  });
  addEventListener("hashchange", light);
  apply();

  function apply() {
    const now = window.debatebotSettings;
    if (page.lang !== now.language) page.lang = now.language;
    followTheme();
    nameWidgets(now);
    calmField();
    giveFocus(now);
    announce();
    hold();
    showOtherPlace();
    showNewTurn();
    aim();
    light();
    if (tip.classList.contains("shown") && !(tip.owner && tip.owner.isConnected)) hide();
    clearTimeout(resting);
    resting = setTimeout(rest, REST);
  }
  window.debatebotApply = apply;

  // Streamlit sets the theme on the app alone; what stands outside it (dialogs, hints) follows.
  function followTheme() {
    const app = document.querySelector(".stApp");
    const scheme = app && getComputedStyle(app).colorScheme;
    if (scheme && page.style.colorScheme !== scheme) page.style.colorScheme = scheme;
  }

  function nameWidgets(now) {
    const names = {
      '[data-testid="stExpandSidebarButton"]': now.names.open_sidebar,
      '[data-testid="stSidebarCollapseButton"] button': now.names.close_sidebar,
      '[data-testid="stChatInputSubmitButton"]': now.names.send,
      '[data-testid="stTextInput"] button': now.names.show_password,
      '[data-testid="stDialog"] button[aria-label="Close"]': now.close,
      '[data-testid="stFileUploaderDropzoneInput"], [data-testid="stFileUploaderDropzone"] > span button': now.file.choose,
      '[data-testid="stFileChipDeleteBtn"] button': now.file.remove,
    };
    for (const [selector, name] of Object.entries(names)) {
      for (const element of document.querySelectorAll(selector)) {
        if (element.getAttribute("aria-label") !== name) element.setAttribute("aria-label", name);
      }
    }
    page.style.setProperty("--file-choose", JSON.stringify(now.file.choose));
  }

  // What had the focus may be gone once it has done its work, and the focus with it: then it goes on from here.
  function giveFocus(now) {
    if (!now.focus || now.focus.count === focusing) return;
    const element = document.querySelector(`[class*="st-key-${CSS.escape(now.focus.key)}"] :is(input, button)`);
    if (!element || ![null, document.body].includes(document.activeElement)) return;
    element.focus();
  }

  // Streamlit gives the field the focus when it can be used again. On a phone the browser would scroll there, away from
  // the answer, and whoever has gone elsewhere meanwhile with the keyboard would be called back.
  function calmField() {
    const field = document.querySelector('[data-testid="stChatInputTextArea"]');
    if (!field || Object.hasOwn(field, "focus")) return;
    field.focus = (options) => {
      if (![null, document.body, field].includes(document.activeElement)) return;
      HTMLElement.prototype.focus.call(field, { ...options, preventScroll: true });
    };
  }

  // A live region has to be there before its words change, so the words are copied into one that stays.
  function announce() {
    const words = [...document.querySelectorAll("[data-announce]")].at(-1)?.textContent ?? "";
    if (words !== announced.text) announced.element.textContent = announced.text = words;
  }

  // --- what is brought to the top, and what stays where it is --------------------------------------------------------

  function isRunning() {
    return document.querySelector(`[${STATE}]`)?.getAttribute(STATE) !== "notRunning";
  }

  function conversation() { return document.querySelector(".st-key-conversation"); }
  function paneOf(element) {
    return element?.closest(isNarrow() ? '[data-testid="stMain"]' : '[data-testid="stColumn"]');
  }
  function turnNamed(name) { return name && document.querySelector(`[data-turn="${CSS.escape(name)}"]`); }

  // While the page is drawn again, parts of it are gone for a moment. What scrolls keeps its height meanwhile, for the
  // browser would move the reader otherwise; and there is room below a new question, so that it can stand at the top.
  function hold() {
    const running = isRunning() && !goal?.orTop;
    for (const element of held()) {
      if (running) element.style.minHeight = `${Math.max(heights.get(element) ?? 0, element.offsetHeight, roomIn(element))}px`;
      heights.set(element, element.offsetHeight);
    }
  }

  function release() {
    for (const element of held()) {
      const room = roomIn(element);
      element.style.minHeight = room ? `${room}px` : "";
      heights.set(element, element.offsetHeight);
    }
  }

  function held() {
    return document.querySelectorAll('.st-key-conversation, .st-key-article, [class*="st-key-turn-"]');
  }

  function roomIn(element) {
    const turn = !isNarrow() && turnNamed(newest);
    if (!turn || !element.matches(".st-key-conversation")) return 0;
    return turn.getBoundingClientRect().top - element.getBoundingClientRect().top + paneOf(turn).clientHeight;
  }

  // Once nothing has changed for a moment; between two runs that follow each other the page is at rest for less.
  function rest() {
    if (isRunning()) return;
    if (goal && performance.now() < goal.since + goal.smooth) {
      resting = setTimeout(rest, REST);
      return;
    }
    release();
    aim();
    goal = null;
    focusing = window.debatebotSettings.focus?.count ?? 0;
  }

  // A goal holds until the page is at rest. A round may bring the closing with it: it is read before that.
  function showNewTurn() {
    const turns = [...document.querySelectorAll("[data-turn]")];
    const unseen = turns.filter((turn) => !seenTurns.has(turn.dataset.turn));
    const last = unseen.at(-1);
    if (!last) return;
    for (const turn of unseen) seenTurns.add(turn.dataset.turn);
    if (goal && !last.matches(".question")) return;
    if (last.dataset.turn.endsWith("-0") && turns.length === 1 && !isNarrow()) return;
    newest = last.dataset.turn;
    if (last.matches(".question")) lastRead = { turn: newest, since: performance.now() };
    goal = { turn: newest, since: performance.now(), smooth: calm() ? 0 : SMOOTH };
    hold();
    last.scrollIntoView({ block: "start", behavior: goal.smooth ? "smooth" : "auto" });
    setTimeout(aim, goal.smooth);
  }

  // Another view shows the question that was being read, or its own beginning; other articles, their beginning.
  function showOtherPlace() {
    const now = document.querySelector("[data-articles]")?.dataset;
    if (!now || (now.view === place.view && now.articles === place.articles)) return;
    const isOther = now.articles !== place.articles;
    if (place.view !== undefined) {
      lastRead = { turn: isOther ? "" : questionRead(), since: performance.now() };
      goal = { ...lastRead, smooth: 0, orTop: true, isOther };
      newest = "";
      release();
    }
    place = { ...now };
  }

  // What was brought to the top is being read until the person scrolls, also in a view too short to bring it up.
  function questionRead() {
    if (lastRead.turn && scrolled < lastRead.since) return lastRead.turn;
    const questions = [...document.querySelectorAll(".question")];
    const middle = innerHeight / 2;
    const at = questions.findLastIndex((question) => question.getBoundingClientRect().top < middle);
    return at > 0 ? questions[at].dataset.turn : "";
  }

  // What is drawn meanwhile moves what was brought to the top: it is brought back, unless the person has scrolled.
  function aim() {
    if (!goal || moved > goal.since || performance.now() < goal.since + goal.smooth) return;
    const turn = turnNamed(goal.turn);
    if (turn) turn.scrollIntoView({ block: "start" });
    else if (goal.orTop) paneOf(conversation())?.scrollTo({ top: 0 });
    if (goal.isOther) paneOf(document.querySelector(".st-key-article"))?.scrollTo({ top: 0 });
  }

  // `:target` is lost when Streamlit writes the article again; the class takes its place.
  function light() {
    const wanted = decodeURIComponent(location.hash.slice(1));
    for (const lit of document.querySelectorAll(".lit")) if (lit.id !== wanted) lit.classList.remove("lit");
    const element = wanted && document.getElementById(wanted);
    if (element && !element.classList.contains("lit")) element.classList.add("lit");
  }

  function isNarrow() { return matchMedia("(max-width: 1099px)").matches; }
  function calm() { return matchMedia("(prefers-reduced-motion: reduce)").matches; }

  // On a phone the library lies over the page: whoever has chosen something in it wants to see that.
  const choices = ':is([class*="st-key-article-"], [class*="st-key-talk-"]:not([class*="-actions-"]), .st-key-new-conversation, .st-key-open-several)';
  document.addEventListener("click", (event) => {
    if (!matchMedia("(max-width: 768px)").matches) return;
    if (!event.target.closest?.(`[data-testid="stSidebar"] ${choices} button`)) return;
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  });

  // --- hints: what a citation quotes, why a verdict was given -----------------------------------------------------

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || !hasMoved(event)) return;
    const owner = event.target.closest?.("[data-tip]");
    if (owner) show(owner);
    else if (event.target.closest?.("#debatebot-tip")) clearTimeout(timer);
    else hideSoon();
  });
  document.addEventListener("pointermove", hasMoved, { passive: true });
  document.addEventListener("focusin", (event) => {
    const owner = event.target.closest?.("[data-tip]");
    focused = performance.now();
    if (owner) show(owner);
    else hide();
  });
  document.addEventListener("focusout", hideSoon);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", follow, { capture: true, passive: true });

  // Where the page moves under a pointer that rests, nobody has pointed at anything.
  function hasMoved(event) {
    const before = pointer;
    pointer = `${event.clientX} ${event.clientY}`;
    return pointer !== before;
  }

  // What the focus goes to is scrolled into view, and its hint goes along; any other scroll takes the hint away.
  function follow() {
    if (tip.owner && performance.now() < focused + AFTER_FOCUS) placeTip(tip.owner);
    else hide();
  }

  function show(owner) {
    clearTimeout(timer);
    if (tip.owner === owner && tip.classList.contains("shown")) return;
    tip.owner = owner;
    const title = document.createElement("strong");
    title.textContent = owner.dataset.tipTitle ?? "";
    const words = document.createElement("span");
    words.textContent = owner.dataset.tip;
    if (owner.dataset.tipLang) words.lang = owner.dataset.tipLang;
    tip.replaceChildren(title, words);
    tip.classList.toggle("quoting", owner.classList.contains("citation"));
    tip.classList.add("shown");
    placeTip(owner);
  }

  function placeTip(owner) {
    const box = owner.getBoundingClientRect();
    const width = tip.offsetWidth;
    const height = tip.offsetHeight;
    const below = box.bottom + 8 + height < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(box.left + box.width / 2 - width / 2, innerWidth - width - 8))}px`;
    tip.style.top = `${below ? box.bottom + 8 : Math.max(8, box.top - 8 - height)}px`;
  }

  function hideSoon() { clearTimeout(timer); timer = setTimeout(hide, 150); }
  function hide() { clearTimeout(timer); tip.classList.remove("shown"); tip.owner = null; }

  // --- who this is, and in which language -------------------------------------------------------------------------

  function keepCookies(now) {
    if (now.languageCookie) write(now.languageCookie, now.language);
    if (!now.person) return;
    const kept = read(now.personCookie);
    // Two tabs opened at once on the first visit: the later one takes the person of the earlier.
    if (/^[\w-]{32,64}$/.test(kept) && kept !== now.person) location.reload();
    else write(now.personCookie, now.person);
  }

  function read(name) {
    const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
    return found ? found.slice(name.length + 1) : "";
  }

  function write(name, value) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${name}=${value}; Max-Age=31536000; Path=/; SameSite=Strict${secure}`;
  }
};
