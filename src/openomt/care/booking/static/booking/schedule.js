// The schedule follows what is chosen at once; without this, the button Show does.
"use strict";
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field instanceof HTMLSelectElement && field.form?.matches(".choose")) field.form.requestSubmit();
});
