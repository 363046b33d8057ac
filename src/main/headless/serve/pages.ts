/** A page with one sentence, for when the app itself cannot be shown. It needs nothing that the strict policy forbids. */
function sentencePage(title: string, sentence: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="color-scheme" content="light dark" />
    <title>${escapeText(title)}</title>
  </head>
  <body style="font: 15px/1.5 system-ui, sans-serif; max-width: 36em; margin: 15vh auto; padding: 0 1em">
    <h1 style="font-size: 1.2em">${escapeText(title)}</h1>
    <p>${escapeText(sentence)}</p>
  </body>
</html>
`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

export const staleTokenPage = sentencePage(
  'This address is no longer valid',
  'The server that it belonged to has ended, or the address was not copied completely. Open the address that "bracket serve" has printed last.',
);

export const notBuiltPage = sentencePage(
  'The window is not built',
  'The files of the window are missing from this installation. Run "npm ci", or "npm run build", in its folder and reload this page.',
);
