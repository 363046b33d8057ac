/** The window's own protocol: a real origin with real rules, which file:// is not. */
export const scheme = 'app';
const origin = `${scheme}://bracket`;
export const startAddress = `${origin}/`;

/** Whether an address is one of the window's own pages. Nothing else is ever shown in it. */
export function isOwnAddress(address: string): boolean {
  const url = URL.parse(address);
  // The origin of a scheme of one's own is "null" in Node, so it is put together by hand.
  return (
    url !== null && url.protocol === `${scheme}:` && url.host === 'bracket' && url.username === '' && url.port === ''
  );
}

/** Whether a link may be given to the system's browser: references to papers are, programs and files of this machine are not. */
export function isOutsideLink(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}

/** What a page may ask of the system. Putting text on the clipboard is what "Copy" does; the rest nobody needs. */
export function mayHave(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}
