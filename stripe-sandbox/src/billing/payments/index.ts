/** Payments: what other folders may do with money. Everything runs in the caller's transaction; declines are values (`error`). */
export { decimalsOf, MAXIMUM_AMOUNT, minimumCharge, requireChargeable, requireCurrency, spell } from './amounts.ts';
export { attachPaymentMethod, defaultPaymentMethod, detachPaymentMethod } from './attach-payment-method.ts';
export { billingDetails, mergeBillingDetails } from './billing-details.ts';
export { cancelPaymentIntent } from './cancel-payment-intent.ts';
export { capturePaymentIntent } from './capture-payment-intent.ts';
export { completeAuthentication } from './complete-authentication.ts';
export { chargePaymentMethod, confirmPaymentIntent } from './confirm-payment-intent.ts';
export { CARD_OPTIONS, createPaymentIntent, usableMethod } from './create-payment-intent.ts';
export { refusedInState, wrongStatus } from './errors.ts';
export { authenticationUrl } from './next-action.ts';
export { paymentMethodFromCard, resolveCard, resolvePaymentMethod, sharedPaymentMethod } from './payment-method.ts';
export { refundCharge, settleRefund } from './refund-charge.ts';
export { expireAuthorization, settleProcessingPayment } from './settle-later.ts';
export { cancelSetupIntent, confirmSetupIntent, createSetupIntent, requireOpen } from './setup-intent.ts';
export { shippingOf } from './shipping.ts';
export type * from './types.ts';
