import type { Words } from './words.ts';

const UNITS = { day: '日', week: '週間', month: 'か月', year: '年' } as const;

export const ja: Words = {
  interval: (unit, count) => `${count}${UNITS[unit]}`,
  estimated: '概算',
  full: '全額',
  partial: '一部',
  refundMethods: { card: 'カード', bank: '銀行口座', balance: '残高' },
  declines: {
    generic: '銀行がお支払いを承認しませんでした。',
    insufficient_funds: '口座の残高が不足しています。',
    card_expired: 'カードの有効期限が切れています。',
    wrong_number: 'カード番号が正しくありません。',
    wrong_cvc: 'セキュリティコードが正しくありません。',
    wrong_expiry: '有効期限が正しくありません。',
    wrong_postcode: '郵便番号または住所がカードと一致しません。',
    limit_exceeded: 'カードの利用限度額に達しています。',
    not_supported: 'このカードはこの種類の購入に対応していません。',
    currency_not_supported: 'このカードはこの通貨に対応していません。',
    authentication_required: '銀行がお支払いの確認を求めています。',
    try_again: '銀行に接続できませんでした。',
    call_issuer: '銀行がお支払いを承認しませんでした。理由は銀行にお問い合わせください。',
    card_blocked: 'このカードは現在ご利用いただけません。',
    duplicate: '銀行が重複したお支払いと判断しました。',
    account_closed: '口座が解約されています。',
    no_account: 'カードまたは口座が見つかりませんでした。',
    debit_not_authorized: '口座振替が承認されませんでした。',
    mandate_invalid: '口座振替の承認が有効ではありません。',
    processing_error: 'お支払いを処理できませんでした。',
  },
};
