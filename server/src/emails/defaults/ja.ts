/** The texts of the seven core triggers as Billow ships them. */

export const ja: readonly string[] = [
  `---
trigger: subscription.created
class: transactional
locale: ja
subject: "{{ product.name }} へようこそ"
preheader: "ご契約が始まりました"
---
{% if customer.name %}{{ customer.name }} 様{% else %}お客様{% endif %}

**{{ product.name }}** のご契約が始まりました。

::: if trial.end
無料トライアルは **{{ trial.end | date }}** までです。
:::
::: panel
::: if price.amount
::: fact price.amount "料金"
:::
::: fact plan.interval "請求周期"
::: fact subscription.started_at "開始日"
::: if subscription.renews_at
::: fact subscription.renews_at "次回更新日"
:::
:::
::: if brand.support_email
ご質問はこちらまで: {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.canceled
class: transactional
locale: ja
subject: "{{ product.name }} のご契約が終了しました"
preheader: "今後の請求はありません"
---
{% if customer.name %}{{ customer.name }} 様{% else %}お客様{% endif %}

**{{ product.name }}** のご契約は解約され、{{ subscription.ended_at | date }} に終了しました。

::: if subscription.open_balance
{{ subscription.open_balance | money }} が未払いです。
:::
::: if brand.support_email
ご質問はこちらまで: {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.canceled
variant: payment_failed
class: transactional
locale: ja
subject: "{{ product.name }} のご契約が終了しました"
preheader: "お支払いを確認できませんでした"
---
{% if customer.name %}{{ customer.name }} 様{% else %}お客様{% endif %}

お支払いを確認できなかったため、**{{ product.name }}** のご契約は {{ subscription.ended_at | date }} に終了しました。

::: if subscription.open_balance
{{ subscription.open_balance | money }} が未払いです。
:::
::: if brand.support_email
ご質問はこちらまで: {{ brand.support_email }}
:::
`,
  `---
trigger: payment.failed
class: transactional
locale: ja
subject: "{{ invoice.remaining_amount | money }} のお支払いが完了しませんでした"
preheader: "請求書 {{ invoice.number }} のお支払いをお願いします"
---
{% if customer.name %}{{ customer.name }} 様{% else %}お客様{% endif %}

請求書 {{ invoice.number }} の **{{ invoice.remaining_amount | money }}** のお支払いが完了しませんでした。

::: if payment.decline_reason
銀行の回答: {{ payment.decline_reason }}
:::
::: if payment.next_attempt
{{ payment.next_attempt | date }} に再度お手続きします。
:::
::: button {url=links.pay}
請求書を支払う
:::
::: if brand.support_email
ご質問はこちらまで: {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.renewing
class: transactional
locale: ja
subject: "{{ product.name }} は {{ subscription.renews_at | date }} に更新されます"
preheader: "次回のお支払いは {{ next_invoice.amount | money }} です"
---
{% if customer.name %}{{ customer.name }} 様{% else %}お客様{% endif %}

**{{ product.name }}** のご契約は **{{ subscription.renews_at | date }}** に更新されます。次回のお支払いは **{{ next_invoice.amount | money }}** です。

::: if next_invoice.estimated
金額は概算で、それまでのご利用状況により変わります。 ({{ next_invoice.estimated }})
:::
::: if brand.support_email
ご質問はこちらまで: {{ brand.support_email }}
:::
`,
  `---
trigger: trial.ending
class: transactional
locale: ja
subject: "{{ product.name }} のトライアルは {{ trial.end | date }} に終了します"
preheader: "今後の流れについて"
---
{% if customer.name %}{{ customer.name }} 様{% else %}お客様{% endif %}

**{{ product.name }}** のトライアルは **{{ trial.end | date }}** に終了します。その後のご契約の料金は {{ price.amount | money }}(請求周期: {{ plan.interval }})です。

ご登録のお支払い方法に請求します。
::: if brand.support_email
ご質問はこちらまで: {{ brand.support_email }}
:::
`,
  `---
trigger: trial.ending
variant: no_payment_method
class: transactional
locale: ja
subject: "{{ product.name }} のトライアルは {{ trial.end | date }} に終了します"
preheader: "今後の流れについて"
---
{% if customer.name %}{{ customer.name }} 様{% else %}お客様{% endif %}

**{{ product.name }}** のトライアルは **{{ trial.end | date }}** に終了します。その後のご契約の料金は {{ price.amount | money }}(請求周期: {{ plan.interval }})です。

お支払い方法がまだ登録されていません。ご契約を続けるにはご登録をお願いします。
::: if brand.support_email
ご質問はこちらまで: {{ brand.support_email }}
:::
`,
  `---
trigger: payment.received
class: transactional
locale: ja
subject: "請求書 {{ invoice.number }} の領収書"
preheader: "{{ invoice.paid_amount | money }} を受領しました"
---
{% if customer.name %}{{ customer.name }} 様{% else %}お客様{% endif %}

ありがとうございます。{{ invoice.paid_at | date }} に **{{ invoice.paid_amount | money }}** を受領しました。

::: panel
::: fact invoice.number "請求書"
::: lines invoice.lines
::: fact invoice.paid_amount "お支払い済み"
::: if payment_method.last4
::: if payment_method.brand
お支払い方法 {{ payment_method.brand }} {{ payment_method.last4 }}
:::
:::
:::
::: button {url=links.receipt}
領収書を見る
:::
::: if brand.support_email
ご質問はこちらまで: {{ brand.support_email }}
:::
`,
  `---
trigger: payment.received
variant: one_off
class: transactional
locale: ja
subject: "{{ payment.amount | money }} のお支払いの領収書"
preheader: "お支払いを受領しました"
---
{% if customer.name %}{{ customer.name }} 様{% else %}お客様{% endif %}

ありがとうございます。{{ payment.date | date }} に **{{ payment.amount | money }}** のお支払いを受領しました。

::: if payment.description
::: fact payment.description "内容"
:::
::: if brand.support_email
ご質問はこちらまで: {{ brand.support_email }}
:::
`,
  `---
trigger: refund.completed
class: transactional
locale: ja
subject: "{{ refund.amount | money }} の返金について"
preheader: "返金の手続きをしました"
---
{% if customer.name %}{{ customer.name }} 様{% else %}お客様{% endif %}

{% if refund.kind == "full" %}{{ refund.date | date }} に、お支払い **{{ refund.amount | money }}** を全額返金しました。{% else %}{{ refund.date | date }} に、お支払い {{ payment.amount | money }} のうち **{{ refund.amount | money }}** を返金しました。{% endif %}

銀行により、口座に反映されるまで時間がかかることがあります。
::: if brand.support_email
ご質問はこちらまで: {{ brand.support_email }}
:::
`,
];
