/** How an event reached us, in people's words. */
export const VIA: Record<string, string> = { webhook: 'Webhook', poll: 'Fetched', replay: 'Replayed' };
