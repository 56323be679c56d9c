import { fileURLToPath } from 'node:url';
import { loadTariffs } from '#apps/tariffs.module.js';
import type { TariffCatalogue } from '#libs/tariffs/index.js';

/** Every published tariff, as the hub loads them. */
export const publishedTariffs = (): TariffCatalogue =>
  loadTariffs(fileURLToPath(new URL('../../schemas/tariffs', import.meta.url)));
