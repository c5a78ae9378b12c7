customElements.whenDefined("home-assistant").then(()=>import("./card.js?v=535d9a4d"));
