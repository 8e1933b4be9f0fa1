// Numbers as people type them: full-width digits, separators, spaces. Pure.

// The number in `text`, null when it is empty, or the text itself when it is no number (the server then says what is wrong).
export function parseNumber(text) {
  const plain = text.normalize("NFKC").replace(/[\s\u00a0\u202f']/g, "").replace(/[−–]/g, "-").replace(/[、]/g, ",").replace(/[。]/g, ".");
  if (plain === "") return null;
  const candidate = withPoint(plain);
  return /^-?(\d+\.?\d*|\.\d+)$/.test(candidate) ? Number(candidate) : text.trim();
}

// "1,240" and "1.240,5" lose their separators, "12,5" is twelve and a half.
function withPoint(plain) {
  const comma = plain.lastIndexOf(",");
  const point = plain.lastIndexOf(".");
  if (comma === -1) return plain;
  if (point > comma) return plain.replaceAll(",", "");
  if (point !== -1) return plain.replaceAll(".", "").replace(",", ".");
  return /^-?\d{1,3}(,\d{3})+$/.test(plain) ? plain.replaceAll(",", "") : plain.replace(",", ".");
}
