customElements.whenDefined("home-assistant").then(()=>import("./card.js?v=379ece05"));
