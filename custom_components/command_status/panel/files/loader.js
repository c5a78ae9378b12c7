customElements.whenDefined("home-assistant").then(()=>import("./card.js?v=7e4cb17f"));
