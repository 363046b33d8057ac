export interface PolicyOptions {
  /** Where the window may connect to beside its own origin; browsers differ in whether 'self' covers WebSockets. */
  readonly connect?: readonly string[];
  /** Made anew for each answer. Style elements that carry it are the window's own; an editor makes some as it goes. */
  readonly nonce?: string;
}

/**
 * What the window may load and do, for the desktop shell and the headless host alike: its own files, and nothing from anywhere
 * else. Charts set style attributes in the markup they make, so those are allowed; scripts of that kind are not.
 */
export function contentSecurityPolicy({ connect = [], nonce }: PolicyOptions = {}): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src-elem 'self'${nonce === undefined ? '' : ` 'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...connect].join(' '),
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Headers of every answer that a window gets. */
export function securityHeaders(options: PolicyOptions = {}): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(options),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), usb=(), payment=()',
  };
}
