/** The texts of the seven core triggers as Billow ships them. */

export const de: readonly string[] = [
  `---
trigger: subscription.created
class: transactional
locale: de
subject: "Willkommen bei {{ product.name }}"
preheader: "Ihr Abonnement hat begonnen"
---
Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},

Ihr Abonnement von **{{ product.name }}** hat begonnen.

::: if trial.end
Ihre kostenlose Testphase läuft bis **{{ trial.end | date }}**.
:::
::: panel
::: if price.amount
::: fact price.amount "Preis"
:::
::: fact plan.interval "Abrechnung je"
::: fact subscription.started_at "Beginn"
::: if subscription.renews_at
::: fact subscription.renews_at "Nächste Verlängerung"
:::
:::
::: if brand.support_email
Fragen? Schreiben Sie uns: {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.canceled
class: transactional
locale: de
subject: "Ihr Abonnement von {{ product.name }} ist beendet"
preheader: "Dafür wird nichts mehr abgebucht"
---
Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},

Ihr Abonnement von **{{ product.name }}** wurde gekündigt und endete am {{ subscription.ended_at | date }}.

::: if subscription.open_balance
Ein Betrag von {{ subscription.open_balance | money }} ist noch offen.
:::
::: if brand.support_email
Fragen? Schreiben Sie uns: {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.canceled
variant: payment_failed
class: transactional
locale: de
subject: "Ihr Abonnement von {{ product.name }} ist beendet"
preheader: "Die Zahlung konnte nicht eingezogen werden"
---
Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},

Ihr Abonnement von **{{ product.name }}** endete am {{ subscription.ended_at | date }}, weil die Zahlung nicht eingezogen werden konnte.

::: if subscription.open_balance
Ein Betrag von {{ subscription.open_balance | money }} ist noch offen.
:::
::: if brand.support_email
Fragen? Schreiben Sie uns: {{ brand.support_email }}
:::
`,
  `---
trigger: payment.failed
class: transactional
locale: de
subject: "Ihre Zahlung von {{ invoice.remaining_amount | money }} hat nicht geklappt"
preheader: "Bitte bezahlen Sie die Rechnung {{ invoice.number }}"
---
Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},

wir wollten **{{ invoice.remaining_amount | money }}** für die Rechnung {{ invoice.number }} einziehen. Die Zahlung hat nicht geklappt.

::: if payment.decline_reason
Die Antwort der Bank: {{ payment.decline_reason }}
:::
::: if payment.next_attempt
Wir versuchen es am {{ payment.next_attempt | date }} erneut.
:::
::: button {url=links.pay}
Rechnung bezahlen
:::
::: if brand.support_email
Fragen? Schreiben Sie uns: {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.renewing
class: transactional
locale: de
subject: "{{ product.name }} verlängert sich am {{ subscription.renews_at | date }}"
preheader: "Die nächste Zahlung beträgt {{ next_invoice.amount | money }}"
---
Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},

Ihr Abonnement von **{{ product.name }}** verlängert sich am **{{ subscription.renews_at | date }}**. Die nächste Zahlung beträgt **{{ next_invoice.amount | money }}**.

::: if next_invoice.estimated
Der Betrag ist geschätzt und hängt von Ihrer Nutzung bis dahin ab. ({{ next_invoice.estimated }})
:::
::: if brand.support_email
Fragen? Schreiben Sie uns: {{ brand.support_email }}
:::
`,
  `---
trigger: trial.ending
class: transactional
locale: de
subject: "Ihre Testphase von {{ product.name }} endet am {{ trial.end | date }}"
preheader: "So geht es weiter"
---
Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},

Ihre Testphase von **{{ product.name }}** endet am **{{ trial.end | date }}**. Danach läuft Ihr Abonnement für {{ price.amount | money }} weiter (Abrechnung je {{ plan.interval }}).

Wir belasten die hinterlegte Zahlungsart.
::: if brand.support_email
Fragen? Schreiben Sie uns: {{ brand.support_email }}
:::
`,
  `---
trigger: trial.ending
variant: no_payment_method
class: transactional
locale: de
subject: "Ihre Testphase von {{ product.name }} endet am {{ trial.end | date }}"
preheader: "So geht es weiter"
---
Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},

Ihre Testphase von **{{ product.name }}** endet am **{{ trial.end | date }}**. Danach läuft Ihr Abonnement für {{ price.amount | money }} weiter (Abrechnung je {{ plan.interval }}).

Uns liegt noch keine Zahlungsart vor. Bitte hinterlegen Sie eine, damit Ihr Abonnement weiterläuft.
::: if brand.support_email
Fragen? Schreiben Sie uns: {{ brand.support_email }}
:::
`,
  `---
trigger: payment.received
class: transactional
locale: de
subject: "Beleg zur Rechnung {{ invoice.number }}"
preheader: "Wir haben {{ invoice.paid_amount | money }} erhalten"
---
Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},

vielen Dank. Wir haben am {{ invoice.paid_at | date }} **{{ invoice.paid_amount | money }}** erhalten.

::: panel
::: fact invoice.number "Rechnung"
::: lines invoice.lines
::: fact invoice.paid_amount "Bezahlt"
::: if payment_method.last4
::: if payment_method.brand
Bezahlt mit {{ payment_method.brand }} {{ payment_method.last4 }}
:::
:::
:::
::: button {url=links.receipt}
Beleg ansehen
:::
::: if brand.support_email
Fragen? Schreiben Sie uns: {{ brand.support_email }}
:::
`,
  `---
trigger: payment.received
variant: one_off
class: transactional
locale: de
subject: "Beleg über Ihre Zahlung von {{ payment.amount | money }}"
preheader: "Wir haben Ihre Zahlung erhalten"
---
Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},

vielen Dank. Wir haben am {{ payment.date | date }} Ihre Zahlung von **{{ payment.amount | money }}** erhalten.

::: if payment.description
::: fact payment.description "Für"
:::
::: if brand.support_email
Fragen? Schreiben Sie uns: {{ brand.support_email }}
:::
`,
  `---
trigger: refund.completed
class: transactional
locale: de
subject: "Ihre Erstattung von {{ refund.amount | money }}"
preheader: "Das Geld ist unterwegs"
---
Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},

{% if refund.kind == "full" %}wir haben Ihnen am {{ refund.date | date }} Ihre Zahlung von **{{ refund.amount | money }}** vollständig erstattet.{% else %}wir haben Ihnen am {{ refund.date | date }} **{{ refund.amount | money }}** Ihrer Zahlung von {{ payment.amount | money }} erstattet.{% endif %}

Je nach Bank kann es etwas dauern, bis der Betrag auf Ihrem Konto erscheint.
::: if brand.support_email
Fragen? Schreiben Sie uns: {{ brand.support_email }}
:::
`,
];
