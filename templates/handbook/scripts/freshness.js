/* Says which reviews are overdue today: the build has no clock, so that it gives the same bytes every day. */
(() => {
  "use strict";
  const SOON = 30;
  const DAY = 86400000;

  window.handover.start("[data-due]", (element) => {
    const { due } = element.dataset;
    const last = new Date(`${due}T23:59:59`);
    const days = (last - new Date()) / DAY;
    if (element.matches("li")) {
      if (days > SOON) drop(element);
      else if (days < 0) element.querySelector(".due").textContent = overdue(last);
    } else if (days < 0) {
      element.textContent = overdue(last);
      element.hidden = false;
      document.querySelector(".composer-actions, .platform-choice")?.before(element);
    }
  });

  /** Removes what is not yet to do, and what then has nothing in it. */
  function drop(item) {
    const group = item.closest(".message-group");
    item.remove();
    if (!group.querySelector("li")) group.remove();
  }

  function overdue(last) {
    return `Review overdue since ${last.toLocaleDateString("en-US", { dateStyle: "long" })}.`;
  }
})();
