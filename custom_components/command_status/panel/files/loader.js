customElements.whenDefined("home-assistant").then(()=>import("./card.js?v=a2d0243a"));
