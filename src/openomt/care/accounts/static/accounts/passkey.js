// Says in words why a passkey did not work, where the sign-in library only writes to the console.
"use strict";
document.addEventListener("allauth.error", (event) => {
  const place = document.getElementById("passkey-error");
  const { exception } = /** @type {CustomEvent<{exception: unknown}>} */ (event).detail;
  if (!place) return;
  event.preventDefault();
  const name = exception instanceof Error ? exception.name : "";
  const words = {
    NotAllowedError: "Nothing was chosen, or it took too long. Try again.",
    InvalidStateError: "This key is on your account already.",
    SecurityError: "Passkeys work only under the practice's own address, over HTTPS.",
  };
  place.textContent = words[name] ?? "The passkey did not work. Try again, or sign in another way.";
  place.hidden = false;
});
