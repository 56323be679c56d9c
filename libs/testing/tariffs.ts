import { fileURLToPath } from 'node:url';
import { loadTariffs } from '#apps/tariffs.module.js';
import type { TariffCatalogue } from '#libs/tariffs/index.js';

/** Every tariff that ships, as a hub that prices drafts loads them. */
export const publishedTariffs = (): TariffCatalogue =>
  loadTariffs(fileURLToPath(new URL('../../schemas/tariffs', import.meta.url)));
