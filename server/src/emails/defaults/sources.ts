/** The shipped templates of all languages (K9). */
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ja } from './ja.ts';

export const DEFAULT_SOURCES: readonly string[] = [...en, ...de, ...fr, ...es, ...ja];
