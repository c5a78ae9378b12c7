/**
 * Load the card once Home Assistant's app is there: it replaces the registry of elements, and what
 * was defined before is lost to its dashboards.
 */

declare const CARD: string;

void customElements.whenDefined("home-assistant").then(() => import(CARD));
