customElements.whenDefined("home-assistant").then(()=>import("./card.js?v=4e63902d"));
