import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const given = process.env['BRACKET_CHROMIUM'];

/** A Chromium of this machine; undefined where there is none or none is wanted, and the tests that need one are skipped. */
export const chromiumPath: string | undefined =
  given === '' ? undefined : (given ?? places.find((place) => existsSync(place)));

let started: Promise<Browser> | undefined;

/** One Chromium for all tests of this process, which ends with it. Whoever opens a context closes that. */
export function sharedChromium(): Promise<Browser> {
  started ??= launchChromium();
  return started;
}

/** Starts it so that it talks to nobody but the page. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}
