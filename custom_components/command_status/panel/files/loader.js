customElements.whenDefined("home-assistant").then(()=>import("./card.js?v=e3685a12"));
