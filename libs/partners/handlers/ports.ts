/** What partners need to know of tariffs: whether a published one has this name. */
export abstract class TariffCatalogue {
  abstract has(tariffId: string): boolean;
}
