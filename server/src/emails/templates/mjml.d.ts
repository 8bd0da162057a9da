/** The part of mjml 5 used here; the package brings no types. */
declare module 'mjml' {
  export default function mjml2html(
    source: string,
    options: { fonts?: Record<string, string>; validationLevel?: 'strict' | 'soft' | 'skip'; keepComments?: boolean },
  ): Promise<{ html: string; errors: { formattedMessage: string }[] }>;
}
