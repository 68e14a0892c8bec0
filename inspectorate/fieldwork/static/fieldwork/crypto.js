// Locks what a browser keeps (AES-GCM) with a key that only the signed-in session gives and that no script can read out.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const canLock = Boolean(globalThis.crypto?.subtle && globalThis.indexedDB && navigator.locks);

export function bringKey(text) {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

// `about` says whose and of which case it is: a locked text put in another's place does not open.
export async function lock(key, about, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const way = { name: "AES-GCM", iv, additionalData: encoder.encode(about) };
  return { iv, locked: await crypto.subtle.encrypt(way, key, encoder.encode(JSON.stringify(value))) };
}

export async function unlock(key, about, kept) {
  const way = { name: "AES-GCM", iv: kept.iv, additionalData: encoder.encode(about) };
  return JSON.parse(decoder.decode(await crypto.subtle.decrypt(way, key, kept.locked)));
}
