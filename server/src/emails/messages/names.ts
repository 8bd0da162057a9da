/** The queue of messages: planning ends here, sending begins here. */
export const MAIL_QUEUE = 'emails.messages';
