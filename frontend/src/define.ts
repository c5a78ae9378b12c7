/** Elements are defined once: after an update the page may hold those of the older bundle. */
export function define(name: string, element: CustomElementConstructor): void {
    if (!customElements.get(name)) {
        customElements.define(name, element);
    }
}

/** Tell whoever holds an element that something of it was chosen. */
export function tell(element: HTMLElement, name: string, detail: unknown): void {
    element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
