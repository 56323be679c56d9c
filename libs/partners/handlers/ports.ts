/** What partners need to know of tariffs: whether a published one has this name. */
export interface TariffCatalogue {
  has(tariffId: string): boolean;
}
