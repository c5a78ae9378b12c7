customElements.whenDefined("home-assistant").then(()=>import("./card.js?v=88207a78"));
