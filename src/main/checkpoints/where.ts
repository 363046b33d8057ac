/** Names a tensor of a file in a message; a long name must not push the message out of its line. */
export function tensorIn(where: string, name: string): string {
  return `${where}, tensor ${name.length > 100 ? `${name.slice(0, 99)}…` : name}`;
}
