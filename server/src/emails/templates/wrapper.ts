/** The frame every mail is set in (K6): type, colours, one column, a quiet foot. No font or picture is fetched from anywhere. */

const FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** The MJML document around compiled blocks. Texts come in escaped or held. */
export function wrapMjml(a: { title: string; preheader: string; locale: string; body: string; footer: string }): string {
  return `<mjml lang="${a.locale}">
  <mj-head>
    <mj-title>${escapeXml(a.title)}</mj-title>
    <mj-preview>${escapeXml(a.preheader)}</mj-preview>
    <mj-attributes>
      <mj-all font-family="${FONT}" />
      <mj-text font-size="16px" line-height="1.55" color="#1f2430" padding="6px 28px" />
      <mj-button background-color="#2f4bdd" color="#ffffff" border-radius="8px" font-size="16px" font-weight="600" inner-padding="12px 22px" padding="14px 28px" align="left" />
      <mj-table font-size="15px" line-height="1.5" color="#1f2430" padding="2px 28px" />
      <mj-divider border-width="1px" border-color="#e4e6ee" padding="14px 28px" />
    </mj-attributes>
    <mj-style inline="inline">
      p { margin: 0 0 10px 0; }
      h1 { font-size: 22px; line-height: 1.3; margin: 8px 0 10px 0; }
      h2 { font-size: 18px; line-height: 1.3; margin: 8px 0 8px 0; }
      a { color: #2f4bdd; }
      .panel { background-color: #f5f6fb; padding: 10px 0; }
      .lines td, .fact td { padding: 6px 0; border-bottom: 1px solid #eceef4; vertical-align: top; }
    </mj-style>
  </mj-head>
  <mj-body background-color="#eef0f6" width="600px">
    <mj-section background-color="#ffffff" border-radius="12px" padding="22px 0 18px 0" css-class="card">
      <mj-column>
${a.body}
      </mj-column>
    </mj-section>
    <mj-section padding="8px 0 24px 0">
      <mj-column>
        <mj-text font-size="13px" color="#666c7c" align="left">${a.footer}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
}
