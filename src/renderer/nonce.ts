/** What style elements must carry to be taken: the policy that came with this page allows no others. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
