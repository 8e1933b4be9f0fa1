// The form token, read from the cookie at the moment of sending because it changes when somebody signs in.
export function csrfToken(cookies = document.cookie) {
  const found = /(?:^|;\s*)[^=;]*csrf(?:token)?=([^;]+)/.exec(cookies);
  if (found) return decodeURIComponent(found[1]);
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}
