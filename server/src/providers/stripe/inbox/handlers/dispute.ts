import { load } from '../../pull/load.ts';
import { type Handler, itself } from '../handler.ts';

/** `charge.dispute.*`: read the dispute again. */
export const dispute: Handler = {
  target: itself('dispute'),
  load: ({ source, target }) => load(source, target),
};
