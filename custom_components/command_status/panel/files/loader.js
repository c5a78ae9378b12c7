customElements.whenDefined("home-assistant").then(()=>import("./card.js?v=b9822413"));
