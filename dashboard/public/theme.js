// Before the first paint, so that a chosen theme does not flash. Without a choice the page follows the system.
(() => {
  try {
    const chosen = localStorage.getItem('billow.theme');
    if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
  } catch {
    // No storage, no choice.
  }
})();
