var h1="M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z";var g1="M12 2C17.5 2 22 6.5 22 12S17.5 22 12 22 2 17.5 2 12 6.5 2 12 2M12 4C10.1 4 8.4 4.6 7.1 5.7L18.3 16.9C19.3 15.5 20 13.8 20 12C20 7.6 16.4 4 12 4M16.9 18.3L5.7 7.1C4.6 8.4 4 10.1 4 12C4 16.4 7.6 20 12 20C13.9 20 15.6 19.4 16.9 18.3Z";var A5="M22,21H2V3H4V19H6V10H10V19H12V6H16V19H18V14H22V21Z";var o5="M2,5H10V2H12V22H10V18H6V15H10V13H4V10H10V8H2V5M14,5H17V8H14V5M14,10H19V13H14V10M14,15H22V18H14V15Z";var f1="M12 2C6.5 2 2 6.5 2 12S6.5 22 12 22 22 17.5 22 12 17.5 2 12 2M12 20C7.59 20 4 16.41 4 12S7.59 4 12 4 20 7.59 20 12 16.41 20 12 20M16.59 7.58L10 14.17L7.41 11.59L6 13L10 17L18 9L16.59 7.58Z";var k1="M12,20A8,8 0 0,0 20,12A8,8 0 0,0 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22C6.47,22 2,17.5 2,12A10,10 0 0,1 12,2M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z";var I="M19,6.41L17.59,5L12,10.59L6.41,5L5,6.41L10.59,12L5,17.59L6.41,19L12,13.41L17.59,19L19,17.59L13.41,12L19,6.41Z";var a5="M6,13H18V11H6M3,6V8H21V6M10,18H14V16H10V18Z";var d5="M7,5H21V7H7V5M7,13V11H21V13H7M4,4.5A1.5,1.5 0 0,1 5.5,6A1.5,1.5 0 0,1 4,7.5A1.5,1.5 0 0,1 2.5,6A1.5,1.5 0 0,1 4,4.5M4,10.5A1.5,1.5 0 0,1 5.5,12A1.5,1.5 0 0,1 4,13.5A1.5,1.5 0 0,1 2.5,12A1.5,1.5 0 0,1 4,10.5M7,19V17H21V19H7M4,16.5A1.5,1.5 0 0,1 5.5,18A1.5,1.5 0 0,1 4,19.5A1.5,1.5 0 0,1 2.5,18A1.5,1.5 0 0,1 4,16.5Z";var y1="M11,18H13V16H11V18M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20C7.59,20 4,16.41 4,12C4,7.59 7.59,4 12,4C16.41,4 20,7.59 20,12C20,16.41 16.41,20 12,20M12,6A4,4 0 0,0 8,10H10A2,2 0 0,1 12,8A2,2 0 0,1 14,10C14,12 11,11.75 11,15H13C13,12.75 16,12.5 16,10A4,4 0 0,0 12,6Z";var B1="M13,2.03V2.05L13,4.05C17.39,4.59 20.5,8.58 19.96,12.97C19.5,16.61 16.64,19.5 13,19.93V21.93C18.5,21.38 22.5,16.5 21.95,11C21.5,6.25 17.73,2.5 13,2.03M11,2.06C9.05,2.25 7.19,3 5.67,4.26L7.1,5.74C8.22,4.84 9.57,4.26 11,4.06V2.06M4.26,5.67C3,7.19 2.25,9.04 2.05,11H4.05C4.24,9.58 4.8,8.23 5.69,7.1L4.26,5.67M2.06,13C2.26,14.96 3.03,16.81 4.27,18.33L5.69,16.9C4.81,15.77 4.24,14.42 4.06,13H2.06M7.1,18.37L5.67,19.74C7.18,21 9.04,21.79 11,22V20C9.58,19.82 8.23,19.25 7.1,18.37M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z";var w1="M13 18H11V16H13V18M13 15H11C11 11.75 14 12 14 10C14 8.9 13.1 8 12 8C10.9 8 10 8.9 10 10H8C8 7.79 9.79 6 12 6C14.21 6 16 7.79 16 10C16 12.5 13 12.75 13 15M22 12C22 17.18 18.05 21.45 13 21.95V19.94C16.95 19.45 20 16.08 20 12C20 7.92 16.95 4.55 13 4.06V2.05C18.05 2.55 22 6.82 22 12M11 2.05V4.06C9.54 4.24 8.2 4.82 7.09 5.68L5.67 4.26C7.15 3.05 9 2.25 11 2.05M4.06 11H2.05C2.25 9 3.05 7.15 4.26 5.67L5.68 7.1C4.82 8.2 4.24 9.54 4.06 11M11 19.94V21.95C9 21.75 7.15 20.96 5.67 19.74L7.09 18.32C8.2 19.18 9.54 19.76 11 19.94M2.05 13H4.06C4.24 14.46 4.82 15.8 5.68 16.91L4.26 18.33C3.05 16.85 2.25 15 2.05 13Z";var P1="M12,5V1L7,6L12,11V7A6,6 0 0,1 18,13A6,6 0 0,1 12,19A6,6 0 0,1 6,13H4A8,8 0 0,0 12,21A8,8 0 0,0 20,13A8,8 0 0,0 12,5Z";var b1="M2,21L23,12L2,3V10L17,12L2,14V21Z";var T1="M6,2H18V8H18V8L14,12L18,16V16H18V22H6V16H6V16L10,12L6,8V8H6V2M16,16.5L12,12.5L8,16.5V20H16V16.5M12,11.5L16,7.5V4H8V7.5L12,11.5M10,6H14V6.75L12,8.75L10,6.75V6Z";var F1="M18 5H6V7H18M6 9H18V11H6M2 12H4V17H20V12H22V17A2 2 0 0 1 20 19H4A2 2 0 0 1 2 17M18 13H6V15H18Z";var $=globalThis,U=$.ShadowRoot&&($.ShadyCSS===void 0||$.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,i1=Symbol(),R1=new WeakMap,P=class{constructor(C,H,V){if(this._$cssResult$=!0,V!==i1)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=C,this.t=H}get styleSheet(){let C=this.o,H=this.t;if(U&&C===void 0){let V=H!==void 0&&H.length===1;V&&(C=R1.get(H)),C===void 0&&((this.o=C=new CSSStyleSheet).replaceSync(this.cssText),V&&R1.set(H,C))}return C}toString(){return this.cssText}},D1=L=>new P(typeof L=="string"?L:L+"",void 0,i1),n=(L,...C)=>{let H=L.length===1?L[0]:C.reduce((V,M,r)=>V+(e=>{if(e._$cssResult$===!0)return e.cssText;if(typeof e=="number")return e;throw Error("Value passed to 'css' function must be a 'css' function result: "+e+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(M)+L[r+1],L[0]);return new P(H,L,i1)},E1=(L,C)=>{if(U)L.adoptedStyleSheets=C.map(H=>H instanceof CSSStyleSheet?H:H.styleSheet);else for(let H of C){let V=document.createElement("style"),M=$.litNonce;M!==void 0&&V.setAttribute("nonce",M),V.textContent=H.cssText,L.appendChild(V)}},A1=U?L=>L:L=>L instanceof CSSStyleSheet?(C=>{let H="";for(let V of C.cssRules)H+=V.cssText;return D1(H)})(L):L;var{is:f2,defineProperty:k2,getOwnPropertyDescriptor:y2,getOwnPropertyNames:B2,getOwnPropertySymbols:w2,getPrototypeOf:P2}=Object,_=globalThis,N1=_.trustedTypes,b2=N1?N1.emptyScript:"",T2=_.reactiveElementPolyfillSupport,b=(L,C)=>L,o1={toAttribute(L,C){switch(C){case Boolean:L=L?b2:null;break;case Object:case Array:L=L==null?L:JSON.stringify(L)}return L},fromAttribute(L,C){let H=L;switch(C){case Boolean:H=L!==null;break;case Number:H=L===null?null:Number(L);break;case Object:case Array:try{H=JSON.parse(L)}catch{H=null}}return H}},I1=(L,C)=>!f2(L,C),W1={attribute:!0,type:String,converter:o1,reflect:!1,useDefault:!1,hasChanged:I1};Symbol.metadata??=Symbol("metadata"),_.litPropertyMetadata??=new WeakMap;var x=class extends HTMLElement{static addInitializer(C){this._$Ei(),(this.l??=[]).push(C)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(C,H=W1){if(H.state&&(H.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(C)&&((H=Object.create(H)).wrapped=!0),this.elementProperties.set(C,H),!H.noAccessor){let V=Symbol(),M=this.getPropertyDescriptor(C,V,H);M!==void 0&&k2(this.prototype,C,M)}}static getPropertyDescriptor(C,H,V){let{get:M,set:r}=y2(this.prototype,C)??{get(){return this[H]},set(e){this[H]=e}};return{get:M,set(e){let i=M?.call(this);r?.call(this,e),this.requestUpdate(C,i,V)},configurable:!0,enumerable:!0}}static getPropertyOptions(C){return this.elementProperties.get(C)??W1}static _$Ei(){if(this.hasOwnProperty(b("elementProperties")))return;let C=P2(this);C.finalize(),C.l!==void 0&&(this.l=[...C.l]),this.elementProperties=new Map(C.elementProperties)}static finalize(){if(this.hasOwnProperty(b("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(b("properties"))){let H=this.properties,V=[...B2(H),...w2(H)];for(let M of V)this.createProperty(M,H[M])}let C=this[Symbol.metadata];if(C!==null){let H=litPropertyMetadata.get(C);if(H!==void 0)for(let[V,M]of H)this.elementProperties.set(V,M)}this._$Eh=new Map;for(let[H,V]of this.elementProperties){let M=this._$Eu(H,V);M!==void 0&&this._$Eh.set(M,H)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(C){let H=[];if(Array.isArray(C)){let V=new Set(C.flat(1/0).reverse());for(let M of V)H.unshift(A1(M))}else C!==void 0&&H.push(A1(C));return H}static _$Eu(C,H){let V=H.attribute;return V===!1?void 0:typeof V=="string"?V:typeof C=="string"?C.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(C=>this.enableUpdating=C),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(C=>C(this))}addController(C){(this._$EO??=new Set).add(C),this.renderRoot!==void 0&&this.isConnected&&C.hostConnected?.()}removeController(C){this._$EO?.delete(C)}_$E_(){let C=new Map,H=this.constructor.elementProperties;for(let V of H.keys())this.hasOwnProperty(V)&&(C.set(V,this[V]),delete this[V]);C.size>0&&(this._$Ep=C)}createRenderRoot(){let C=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return E1(C,this.constructor.elementStyles),C}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(C=>C.hostConnected?.())}enableUpdating(C){}disconnectedCallback(){this._$EO?.forEach(C=>C.hostDisconnected?.())}attributeChangedCallback(C,H,V){this._$AK(C,V)}_$ET(C,H){let V=this.constructor.elementProperties.get(C),M=this.constructor._$Eu(C,V);if(M!==void 0&&V.reflect===!0){let r=(V.converter?.toAttribute!==void 0?V.converter:o1).toAttribute(H,V.type);this._$Em=C,r==null?this.removeAttribute(M):this.setAttribute(M,r),this._$Em=null}}_$AK(C,H){let V=this.constructor,M=V._$Eh.get(C);if(M!==void 0&&this._$Em!==M){let r=V.getPropertyOptions(M),e=typeof r.converter=="function"?{fromAttribute:r.converter}:r.converter?.fromAttribute!==void 0?r.converter:o1;this._$Em=M;let i=e.fromAttribute(H,r.type);this[M]=i??this._$Ej?.get(M)??i,this._$Em=null}}requestUpdate(C,H,V,M=!1,r){if(C!==void 0){let e=this.constructor;if(M===!1&&(r=this[C]),V??=e.getPropertyOptions(C),!((V.hasChanged??I1)(r,H)||V.useDefault&&V.reflect&&r===this._$Ej?.get(C)&&!this.hasAttribute(e._$Eu(C,V))))return;this.C(C,H,V)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(C,H,{useDefault:V,reflect:M,wrapped:r},e){V&&!(this._$Ej??=new Map).has(C)&&(this._$Ej.set(C,e??H??this[C]),r!==!0||e!==void 0)||(this._$AL.has(C)||(this.hasUpdated||V||(H=void 0),this._$AL.set(C,H)),M===!0&&this._$Em!==C&&(this._$Eq??=new Set).add(C))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(H){Promise.reject(H)}let C=this.scheduleUpdate();return C!=null&&await C,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[M,r]of this._$Ep)this[M]=r;this._$Ep=void 0}let V=this.constructor.elementProperties;if(V.size>0)for(let[M,r]of V){let{wrapped:e}=r,i=this[M];e!==!0||this._$AL.has(M)||i===void 0||this.C(M,void 0,r,i)}}let C=!1,H=this._$AL;try{C=this.shouldUpdate(H),C?(this.willUpdate(H),this._$EO?.forEach(V=>V.hostUpdate?.()),this.update(H)):this._$EM()}catch(V){throw C=!1,this._$EM(),V}C&&this._$AE(H)}willUpdate(C){}_$AE(C){this._$EO?.forEach(H=>H.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(C)),this.updated(C)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(C){return!0}update(C){this._$Eq&&=this._$Eq.forEach(H=>this._$ET(H,this[H])),this._$EM()}updated(C){}firstUpdated(C){}};x.elementStyles=[],x.shadowRootOptions={mode:"open"},x[b("elementProperties")]=new Map,x[b("finalized")]=new Map,T2?.({ReactiveElement:x}),(_.reactiveElementVersions??=[]).push("2.1.2");var d1=globalThis,$1=L=>L,Q=d1.trustedTypes,U1=Q?Q.createPolicy("lit-html",{createHTML:L=>L}):void 0,p1="$lit$",l=`lit$${Math.random().toFixed(9).slice(2)}$`,m1="?"+l,F2=`<${m1}>`,c=document,F=()=>c.createComment(""),R=L=>L===null||typeof L!="object"&&typeof L!="function",n1=Array.isArray,q1=L=>n1(L)||typeof L?.[Symbol.iterator]=="function",a1=`[ 	
\f\r]`,T=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,_1=/-->/g,Q1=/>/g,u=RegExp(`>|${a1}(?:([^\\s"'>=/]+)(${a1}*=${a1}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),G1=/'/g,z1=/"/g,j1=/^(?:script|style|textarea|title)$/i,v1=L=>(C,...H)=>({_$litType$:L,strings:C,values:H}),a=v1(1),l5=v1(2),Z5=v1(3),O=Symbol.for("lit-noChange"),A=Symbol.for("lit-nothing"),K1=new WeakMap,s=c.createTreeWalker(c,129);function X1(L,C){if(!n1(L)||!L.hasOwnProperty("raw"))throw Error("invalid template strings array");return U1!==void 0?U1.createHTML(C):C}var J1=(L,C)=>{let H=L.length-1,V=[],M,r=C===2?"<svg>":C===3?"<math>":"",e=T;for(let i=0;i<H;i++){let t=L[i],o,p,d=-1,v=0;for(;v<t.length&&(e.lastIndex=v,p=e.exec(t),p!==null);)v=e.lastIndex,e===T?p[1]==="!--"?e=_1:p[1]!==void 0?e=Q1:p[2]!==void 0?(j1.test(p[2])&&(M=RegExp("</"+p[2],"g")),e=u):p[3]!==void 0&&(e=u):e===u?p[0]===">"?(e=M??T,d=-1):p[1]===void 0?d=-2:(d=e.lastIndex-p[2].length,o=p[1],e=p[3]===void 0?u:p[3]==='"'?z1:G1):e===z1||e===G1?e=u:e===_1||e===Q1?e=T:(e=u,M=void 0);let S=e===u&&L[i+1].startsWith("/>")?" ":"";r+=e===T?t+F2:d>=0?(V.push(o),t.slice(0,d)+p1+t.slice(d)+l+S):t+l+(d===-2?i:S)}return[X1(L,r+(L[H]||"<?>")+(C===2?"</svg>":C===3?"</math>":"")),V]},D=class L{constructor({strings:C,_$litType$:H},V){let M;this.parts=[];let r=0,e=0,i=C.length-1,t=this.parts,[o,p]=J1(C,H);if(this.el=L.createElement(o,V),s.currentNode=this.el.content,H===2||H===3){let d=this.el.content.firstChild;d.replaceWith(...d.childNodes)}for(;(M=s.nextNode())!==null&&t.length<i;){if(M.nodeType===1){if(M.hasAttributes())for(let d of M.getAttributeNames())if(d.endsWith(p1)){let v=p[e++],S=M.getAttribute(d).split(l),W=/([.?@])?(.*)/.exec(v);t.push({type:1,index:r,name:W[2],strings:S,ctor:W[1]==="."?z:W[1]==="?"?K:W[1]==="@"?q:g}),M.removeAttribute(d)}else d.startsWith(l)&&(t.push({type:6,index:r}),M.removeAttribute(d));if(j1.test(M.tagName)){let d=M.textContent.split(l),v=d.length-1;if(v>0){M.textContent=Q?Q.emptyScript:"";for(let S=0;S<v;S++)M.append(d[S],F()),s.nextNode(),t.push({type:2,index:++r});M.append(d[v],F())}}}else if(M.nodeType===8)if(M.data===m1)t.push({type:2,index:r});else{let d=-1;for(;(d=M.data.indexOf(l,d+1))!==-1;)t.push({type:7,index:r}),d+=l.length-1}r++}}static createElement(C,H){let V=c.createElement("template");return V.innerHTML=C,V}};function h(L,C,H=L,V){if(C===O)return C;let M=V!==void 0?H._$Co?.[V]:H._$Cl,r=R(C)?void 0:C._$litDirective$;return M?.constructor!==r&&(M?._$AO?.(!1),r===void 0?M=void 0:(M=new r(L),M._$AT(L,H,V)),V!==void 0?(H._$Co??=[])[V]=M:H._$Cl=M),M!==void 0&&(C=h(L,M._$AS(L,C.values),M,V)),C}var G=class{constructor(C,H){this._$AV=[],this._$AN=void 0,this._$AD=C,this._$AM=H}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(C){let{el:{content:H},parts:V}=this._$AD,M=(C?.creationScope??c).importNode(H,!0);s.currentNode=M;let r=s.nextNode(),e=0,i=0,t=V[0];for(;t!==void 0;){if(e===t.index){let o;t.type===2?o=new k(r,r.nextSibling,this,C):t.type===1?o=new t.ctor(r,t.name,t.strings,this,C):t.type===6&&(o=new j(r,this,C)),this._$AV.push(o),t=V[++i]}e!==t?.index&&(r=s.nextNode(),e++)}return s.currentNode=c,M}p(C){let H=0;for(let V of this._$AV)V!==void 0&&(V.strings!==void 0?(V._$AI(C,V,H),H+=V.strings.length-2):V._$AI(C[H])),H++}},k=class L{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(C,H,V,M){this.type=2,this._$AH=A,this._$AN=void 0,this._$AA=C,this._$AB=H,this._$AM=V,this.options=M,this._$Cv=M?.isConnected??!0}get parentNode(){let C=this._$AA.parentNode,H=this._$AM;return H!==void 0&&C?.nodeType===11&&(C=H.parentNode),C}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(C,H=this){C=h(this,C,H),R(C)?C===A||C==null||C===""?(this._$AH!==A&&this._$AR(),this._$AH=A):C!==this._$AH&&C!==O&&this._(C):C._$litType$!==void 0?this.$(C):C.nodeType!==void 0?this.T(C):q1(C)?this.k(C):this._(C)}O(C){return this._$AA.parentNode.insertBefore(C,this._$AB)}T(C){this._$AH!==C&&(this._$AR(),this._$AH=this.O(C))}_(C){this._$AH!==A&&R(this._$AH)?this._$AA.nextSibling.data=C:this.T(c.createTextNode(C)),this._$AH=C}$(C){let{values:H,_$litType$:V}=C,M=typeof V=="number"?this._$AC(C):(V.el===void 0&&(V.el=D.createElement(X1(V.h,V.h[0]),this.options)),V);if(this._$AH?._$AD===M)this._$AH.p(H);else{let r=new G(M,this),e=r.u(this.options);r.p(H),this.T(e),this._$AH=r}}_$AC(C){let H=K1.get(C.strings);return H===void 0&&K1.set(C.strings,H=new D(C)),H}k(C){n1(this._$AH)||(this._$AH=[],this._$AR());let H=this._$AH,V,M=0;for(let r of C)M===H.length?H.push(V=new L(this.O(F()),this.O(F()),this,this.options)):V=H[M],V._$AI(r),M++;M<H.length&&(this._$AR(V&&V._$AB.nextSibling,M),H.length=M)}_$AR(C=this._$AA.nextSibling,H){for(this._$AP?.(!1,!0,H);C!==this._$AB;){let V=$1(C).nextSibling;$1(C).remove(),C=V}}setConnected(C){this._$AM===void 0&&(this._$Cv=C,this._$AP?.(C))}},g=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(C,H,V,M,r){this.type=1,this._$AH=A,this._$AN=void 0,this.element=C,this.name=H,this._$AM=M,this.options=r,V.length>2||V[0]!==""||V[1]!==""?(this._$AH=Array(V.length-1).fill(new String),this.strings=V):this._$AH=A}_$AI(C,H=this,V,M){let r=this.strings,e=!1;if(r===void 0)C=h(this,C,H,0),e=!R(C)||C!==this._$AH&&C!==O,e&&(this._$AH=C);else{let i=C,t,o;for(C=r[0],t=0;t<r.length-1;t++)o=h(this,i[V+t],H,t),o===O&&(o=this._$AH[t]),e||=!R(o)||o!==this._$AH[t],o===A?C=A:C!==A&&(C+=(o??"")+r[t+1]),this._$AH[t]=o}e&&!M&&this.j(C)}j(C){C===A?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,C??"")}},z=class extends g{constructor(){super(...arguments),this.type=3}j(C){this.element[this.name]=C===A?void 0:C}},K=class extends g{constructor(){super(...arguments),this.type=4}j(C){this.element.toggleAttribute(this.name,!!C&&C!==A)}},q=class extends g{constructor(C,H,V,M,r){super(C,H,V,M,r),this.type=5}_$AI(C,H=this){if((C=h(this,C,H,0)??A)===O)return;let V=this._$AH,M=C===A&&V!==A||C.capture!==V.capture||C.once!==V.once||C.passive!==V.passive,r=C!==A&&(V===A||M);M&&this.element.removeEventListener(this.name,this,V),r&&this.element.addEventListener(this.name,this,C),this._$AH=C}handleEvent(C){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,C):this._$AH.handleEvent(C)}},j=class{constructor(C,H,V){this.element=C,this.type=6,this._$AN=void 0,this._$AM=H,this.options=V}get _$AU(){return this._$AM._$AU}_$AI(C){h(this,C)}},S5={M:p1,P:l,A:m1,C:1,L:J1,R:G,D:q1,V:h,I:k,H:g,N:K,U:q,B:z,F:j},R2=d1.litHtmlPolyfillSupport;R2?.(D,k),(d1.litHtmlVersions??=[]).push("3.3.3");var Y1=(L,C,H)=>{let V=H?.renderBefore??C,M=V._$litPart$;if(M===void 0){let r=H?.renderBefore??null;V._$litPart$=M=new k(C.insertBefore(F(),r),r,void 0,H??{})}return M._$AI(L),M};var x1=globalThis,m=class extends x{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let C=super.createRenderRoot();return this.renderOptions.renderBefore??=C.firstChild,C}update(C){let H=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(C),this._$Do=Y1(H,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return O}};m._$litElement$=!0,m.finalized=!0,x1.litElementHydrateSupport?.({LitElement:m});var D2=x1.litElementPolyfillSupport;D2?.({LitElement:m});(x1.litElementVersions??=[]).push("4.2.2");function X(L,C){customElements.get(L)||customElements.define(L,C)}function E(L,C,H){L.dispatchEvent(new CustomEvent(C,{detail:H,bubbles:!0,composed:!0}))}var E2=["list","line","statistics"],N2={open:["queued","scheduled","sent","acknowledged","in_progress"],wrong:["failure","timeout","lost"]},J={view:"list",account:"",area:"",device:"",state:"",tag:"",text:"",span:6,target:"",command:""},H2=["account","area","device","state","tag","text","target","command"];function T5(L){let C=new URLSearchParams(L),H=E2.find(r=>r===C.get("view"))??J.view,V=Number(C.get("span"))||J.span,M=Object.fromEntries(H2.map(r=>[r,C.get(r)??""]));return{...J,...M,view:H,span:V}}function F5(L){let C=new URLSearchParams;for(let[V,M]of Object.entries(L))M!==J[V]&&C.set(V,String(M));let H=C.toString();return H&&`?${H}`}function R5(L){return H2.some(C=>L[C]!=="")}function D5(L,C,H,V){let{account:M,area:r,device:e,state:i,tag:t,text:o,target:p}=C;return(!M||L.config_entry_id===M)&&(!e||C2(e,W2(L)))&&(!r||I2(L,H)===r)&&(!i||(N2[i]?.includes(L.state)??L.state===i))&&(!t||C2(t,L.tag))&&(!p||L.target===p)&&(!C.command||L.command===C.command)&&(!o||$2(L,o,V))}function W2({device_id:L,target:C}){return L??C}function I2(L,{devices:C,entities:H}){return(L.provider==="home"?H[L.target]:void 0)?.area_id??C[L.device_id??""]?.area_id??null}function C2(L,C){return C!==null&&(C===L||L.split(",").includes(C))}function $2(L,C,H){let V=[L.target_name,L.target,L.command,H.command(L),L.tag,L.reason,L.message,L.command_id].join(" ").toLocaleLowerCase();return C.toLocaleLowerCase().split(/\s+/).every(M=>V.includes(M))}var Y=n`
    button.plain {
        font: inherit;
        font-weight: 500;
        min-block-size: 36px;
        padding: 6px 14px;
        border: 1px solid var(--divider-color, #e0e0e0);
        border-radius: 18px;
        background: none;
        color: inherit;
        cursor: pointer;
    }
    button.plain.strong {
        border-color: var(--primary-color, #03a9f4);
        background: color-mix(in srgb, var(--primary-color, #03a9f4) 20%, transparent);
    }
    button.plain:hover {
        background: color-mix(in srgb, currentcolor 8%, transparent);
    }
    button.plain:disabled {
        opacity: 0.6;
        cursor: default;
    }
    button:focus-visible,
    a:focus-visible,
    summary:focus-visible {
        outline: 2px solid var(--primary-color, #03a9f4);
        outline-offset: 2px;
    }
`,C1=n`
    dialog {
        box-sizing: border-box;
        inline-size: min(560px, calc(100vw - 32px));
        max-block-size: calc(100dvh - 64px);
        padding: 0;
        border: 0;
        border-radius: 16px;
        color: var(--primary-text-color, #212121);
        background: var(--card-background-color, #fff);
        box-shadow: 0 8px 32px rgb(0 0 0 / 40%);
        overflow: auto;
    }
    dialog::backdrop {
        background: rgb(0 0 0 / 50%);
    }
    @media (width < 600px) {
        dialog {
            inline-size: 100vw;
            max-inline-size: 100vw;
            margin-block-end: 0;
            border-end-start-radius: 0;
            border-end-end-radius: 0;
            padding-block-end: env(safe-area-inset-bottom, 0);
        }
    }
`;function Z(L){return Date.parse(L.steps?.[0]?.at??L.created_at)}function f(L){return Z(L)+(L.duration??0)*1e3}function I5(L,C){let H=L.filter(e=>!e.final),V=L.filter(e=>e.final).map(e=>({command:e,moment:f(e)})).sort((e,i)=>i.moment-e.moment),M=[];H.length>0&&(M.push({kind:"head",key:"now",day:null,counts:{open:H.length}}),M.push(...H.map(V2)));let r;for(let{command:e,moment:i}of V){let t=C.dayKey(i);r?.key!==t&&(r={kind:"head",key:t,day:i,counts:{}},M.push(r)),r.counts[e.state]=(r.counts[e.state]??0)+1,M.push(V2(e))}return M}function V2(L){return{kind:"row",key:L.tracking_id,command:L}}var l1="var(--primary-color, #03a9f4)",Z1="var(--secondary-text-color, #727272)",L2="var(--warning-color, #ffa600)",y={queued:{icon:F1,color:Z1},scheduled:{icon:k1,color:Z1},sent:{icon:b1,color:l1},acknowledged:{icon:B1,color:l1},in_progress:{icon:T1,color:l1},success:{icon:f1,color:"var(--success-color, #43a047)"},failure:{icon:h1,color:"var(--error-color, #db4437)"},timeout:{icon:y1,color:L2},lost:{icon:w1,color:L2},cancelled:{icon:g1,color:Z1}};function B(L){return a`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${L}></path></svg>`}var S1="command_status",U2="**REDACTED**",_2=1e4;function M2(L){return L.parameters!==void 0&&L.parameters!==null&&!JSON.stringify(L.parameters).includes(U2)}async function r2(L,C){let H=C.tag===null?{}:{tag:C.tag},V=C.parameters??{};if(C.provider==="home"){let M=C.target.includes(".")&&C.target!==C.command;await H1(L,"perform_action",{action:C.command,data:V,...M?{target:{entity_id:C.target}}:{},...H});return}await H1(L,"send_command",{config_entry_id:C.config_entry_id,target:C.target,command:C.command,parameters:V,...H})}async function e2(L,C){await H1(L,"cancel_command",{tracking_id:C.tracking_id})}async function t2(L,C){await H1(L,"forget_command",{tracking_id:C.tracking_id})}async function H1(L,C,H){let V=C!=="forget_command";await L.callService(S1,C,H,void 0,!1,V)}function i2(L){let C=L?.message;return typeof C=="string"?C:String(L)}function w(L,C){E(L,"hass-notification",{message:C})}function Q2(L){history.pushState(null,"",L),window.dispatchEvent(new CustomEvent("location-changed",{detail:{replace:!1}}))}function A2(L,C){let H={success:"command_succeeded",failure:"command_failed",timeout:"command_timed_out",cancelled:"command_cancelled",lost:"command_lost"},V=L.device_id!==null&&L.device_id in C.devices,M=H[L.state];if(V&&M!==void 0&&L.tag===null)return JSON.stringify({triggers:[{trigger:`${S1}.${M}`,target:{device_id:L.device_id}}]});let r={config_entry_id:L.config_entry_id,...L.final?{state:[L.state]}:{},...L.tag===null?{}:{tag:L.tag}};return JSON.stringify({triggers:[{trigger:`${S1}.command_finished`,options:r}]})}async function o2(L){Q2("/config/automation/edit/new");let C=performance.now()+_2;for(;performance.now()<C;){if(a2(document,"manual-automation-editor")){await new Promise(V=>setTimeout(V,300));let H=new DataTransfer;return H.setData("text",L),H.setData("text/plain",L),window.dispatchEvent(new ClipboardEvent("paste",{clipboardData:H})),!0}await new Promise(H=>setTimeout(H,50))}return!1}function a2(L,C){let H=L.querySelector(C);if(H)return H;for(let V of L.querySelectorAll("*")){let M=V.shadowRoot&&a2(V.shadowRoot,C);if(M)return M}return null}async function d2(L){await navigator.clipboard.writeText(L)}var u1=class extends m{static{this.properties={question:{state:!0}}}async ask(C){return this.question=C,await this.updateComplete,this.renderRoot.querySelector("dialog")?.showModal(),new Promise(V=>this.answer=V)}close(C){this.answer?.(C),this.answer=void 0,this.renderRoot.querySelector("dialog")?.close()}render(){let{title:C,text:H,yes:V,no:M}=this.question??{title:"",text:"",yes:"",no:""};return a`<dialog
            role="alertdialog"
            aria-labelledby="title"
            aria-describedby="text"
            @close=${()=>this.close(!1)}
        >
            <div class="body">
                <h2 id="title">${C}</h2>
                <p id="text">${H}</p>
                <div class="buttons">
                    <button class="plain" type="button" @click=${()=>this.close(!1)}>
                        ${M}
                    </button>
                    <button class="plain strong" type="button" @click=${()=>this.close(!0)}>
                        ${V}
                    </button>
                </div>
            </div>
        </dialog>`}static{this.styles=[Y,C1,n`
            dialog {
                inline-size: min(400px, calc(100vw - 32px));
                margin-block: auto;
                border-radius: 16px;
            }
            .body {
                padding: 24px;
            }
            h2 {
                margin: 0 0 8px;
                font-size: 1.25em;
                font-weight: 500;
            }
            p {
                margin: 0 0 24px;
            }
            .buttons {
                display: flex;
                justify-content: end;
                gap: 8px;
            }
        `]}};X("command-status-ask",u1);var V1=class{constructor(C){this.ahead=0;this.keys=new Map;let{locale:H}=C,V=H.time_zone==="server"?{timeZone:C.config.time_zone}:{},M=G2(H),r={hour:"2-digit",minute:"2-digit",...V};(H.time_format==="12"||H.time_format==="24")&&(r.hourCycle=H.time_format==="12"?"h12":"h23");let e=H.time_format==="system"?void 0:H.language;this.time=new Intl.DateTimeFormat(e,r),this.exact=new Intl.DateTimeFormat(e,{...r,second:"2-digit",fractionalSecondDigits:1}),this.weekday=new Intl.DateTimeFormat(M,{weekday:"long",day:"numeric",month:"long",...V}),this.date=new Intl.DateTimeFormat(M,{day:"numeric",month:"short",...V}),this.key=new Intl.DateTimeFormat("en-CA",V),this.relative=new Intl.RelativeTimeFormat(H.language,{numeric:"auto"});let i=[0,1];this.numbers=i.map(t=>new Intl.NumberFormat(p2(H),{minimumFractionDigits:t,maximumFractionDigits:t})),this.percents=new Intl.NumberFormat(p2(H),{style:"percent",maximumFractionDigits:0}),this.language=H.language}now(){return Date.now()+this.ahead}timeOf(C){return this.time.format(C)}exactTimeOf(C){return this.exact.format(C)}dateOf(C){return this.date.format(C)}dayKey(C){let H=Math.floor(C/9e5),V=this.keys.get(H);return V===void 0&&(V=this.key.format(C),this.keys.set(H,V)),V}dayName(C,H){let V=this.dayKey(C);for(let M of[0,1])if(V===this.dayKey(H-M*864e5))return z2(this.relative.format(-M,"day"),this.relative.resolvedOptions().locale);return this.weekday.format(C)}number(C,H=0){return this.numbers[H]?.format(C)??String(C)}percent(C){return this.percents.format(C)}duration(C){if(C<120){let M=C<10&&C%1!==0?1:0;return`${this.number(C,M)} s`}let H=Math.round(C),V=[Math.floor(H/3600),Math.floor(H/60)%60,H%60];return(V[0]===0?V.slice(1):V).map((M,r)=>r===0?String(M):String(M).padStart(2,"0")).join(":")}span(C){let[H,V]=C<48?[C,"hour"]:[C/24,"day"];return H.toLocaleString(this.language,{style:"unit",unit:V,unitDisplay:"short"})}};function p2(L){let C={comma_decimal:"en-US",decimal_comma:"de",space_comma:"fr",quote_decimal:"de-CH"};return L.number_format==="system"?void 0:C[L.number_format]??L.language}function G2(L){return L.date_format==="system"?void 0:L.language}function z2(L,C){return L.charAt(0).toLocaleUpperCase(C)+L.slice(1)}var L1="command_status",K2="the target was offline",q2="not_seen",j2="rest",m2="home",X2=["failure","cancelled"],M1=class{constructor(C,H){this.hass=C;this.clock=H}say(C,H){return this.hass.localize(`component.${L1}.config_panel.${C}`,H)}count(C,H){return this.say(C,{count:this.clock.number(H)})}state(C){return this.hass.localize(`component.${L1}.entity.sensor.command.state.${C}`)}command(C){let H=Y2(C);return H&&this.hass.localize(H)||C.command}both(C){return{command:this.command(C),target:C.target_name}}outcome(C){let H=this.why(C);return H?`${this.what(C)}: ${H}`:this.what(C)}what(C){let H=this.say(`outcome.${J2(C)?"accepted":C.state}`,C.final?{duration:this.clock.duration(C.duration??0)}:void 0);return!C.final&&C.progress!==null&&(H+=`, ${this.clock.percent(C.progress/100)}`),C.late&&(H+=` ${this.say("late")}`),H}why(C){return C.reason?this.reason(C.reason):""}seen({evidence:C,state:H,reason:V}){let M=C==="seen"||C==="assumed",r=X2.includes(H)&&!M,e=C==="missing"&&(V?.startsWith(q2)??!1);return!C||r||e?"":this.say(`evidence.${C}`)}reason(C){return C.split("; ").map(H=>{let V=H===K2?"was_offline":H;return/^[a-z0-9_]+$/.test(V)&&this.say(`reason.${V}`)||H}).join("; ")}askedBy(C){let{source:H,user_id:V}=C.asked_by??{source:null,user_id:null},M=H?this.friendly(H):"";if(H?.startsWith("automation"))return this.say("asked.automation",{name:M});if(H?.startsWith("script"))return this.say("asked.script",{name:M});if(H==="voice")return this.say("asked.voice");let r=Object.values(this.hass.states).find(e=>V!==null&&e?.attributes.user_id===V);return r?.attributes.friendly_name?this.say("asked.person",{name:r.attributes.friendly_name}):this.say(V||H==="user"?"asked.user":"asked.unknown")}friendly(C){return this.hass.states[C]?.attributes.friendly_name??C}};function J2({state:L,command_id:C,request_id:H,provider_state:V}){return L==="queued"&&!!(C??H??V)}function Y2({provider:L,command:C}){if(L===m2){let[H,V]=C.split(".");return`component.${H}.services.${V}.name`}return L&&L!==j2?`component.${L1}.selector.command.options.${C.toLowerCase()}`:""}var s1;async function n2(L){if(s1?.language!==L.language){let H=["config_panel","selector"].map(V=>L.loadBackendTranslation(V,L1));s1={language:L.language,done:Promise.allSettled(H)}}await s1.done}function c1(L,C){let H=new Set;for(let{provider:V,command:M}of C){let[r=""]=V===m2?M.split("."):[];r in L.services&&H.add(r)}H.size>0&&L.loadBackendTranslation("services",[...H]).catch(()=>{})}var C5=["localize","language","locale","themes","connected","connection","entities","devices","areas","panels","user"];function v2(L,C){let H=L,V=C;return!H||C5.some(M=>H[M]!==V[M])}function x2(L,C){if(C?.hass.locale===L.locale&&C.hass.localize===L.localize&&C.hass.language===L.language)return{...C,hass:L};let H=new V1(L);return H.ahead=C?.clock.ahead??0,{hass:L,clock:H,words:new M1(L,H)}}function N(L){return`${L.config_entry_id} ${L.target} ${L.command}`}function l2(L){let C=new Map;for(let H of L){if(!H.final)continue;let V=N(H),M=C.get(V)??{durations:[],ended:0};C.set(V,M),M.ended+=1,H.state==="success"&&H.duration!==null&&M.durations.push(H.duration)}return new Map([...C].map(([H,{durations:V,ended:M}])=>[H,{count:M,ended:M,succeeded:V.length,median:V.length<3?null:H5(V)}]))}function H5(L){let C=[...L].sort((H,V)=>H-V);return C[Math.floor(C.length/2)]??null}function r1(L,C=""){if(Array.isArray(L))return L.length===0?`[]
`:`
${L.map(H=>`${C}- ${r1(H,`${C}  `).trimStart()}`).join("")}`;if(typeof L=="object"&&L!==null){let H=Object.entries(L);return H.length===0?`{}
`:`
${H.map(([V,M])=>`${C}${Z2(V)}:${V5(M,C)}`).join("")}`}return`${Z2(L)}
`}function V5(L,C){let H=r1(L,`${C}  `);return H.startsWith(`
`)?H:` ${H}`}function Z2(L){return typeof L!="string"?L===void 0?"null":JSON.stringify(L):/^[A-Za-z_][\w ./-]*$/.test(L)&&L.trim()===L&&!/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(L)?L:JSON.stringify(L)}var O1=class extends m{constructor(){super(...arguments);this.close=()=>E(this,"details-closed",null);this.pressed=H=>{H.target===H.currentTarget&&this.close()}}static{this.properties={context:{attribute:!1},command:{attribute:!1},usual:{attribute:!1}}}updated(){let H=this.renderRoot.querySelector("dialog");H&&!H.open&&H.showModal()}render(){let{command:H}=this;if(!H)return A;let{words:V}=this.context;return a`<dialog
            aria-labelledby="thing"
            @close=${this.close}
            @click=${this.pressed}
            @keydown=${M=>M.stopPropagation()}
        >
            <div class="body">
                <div class="head">
                    <h2 id="thing">${H.target_name} · ${V.command(H)}</h2>
                    <button
                        class="close"
                        type="button"
                        aria-label=${V.say("details.close")}
                        @click=${this.close}
                    >
                        ${B(I)}
                    </button>
                </div>
                ${this.renderOutcome(H)} ${this.renderSteps(H)}
                ${this.renderMore(H)}
                <div class="buttons">${this.renderButtons(H)}</div>
                ${this.renderTechnical(H)}
            </div>
        </dialog>`}renderOutcome(H){let{words:V,clock:M}=this.context,r=y[H.state],e=H.final?f(H):Z(H),i=M.dayName(e,M.now());return a`<p class="outcome" data-state=${H.state}>
            <span class="icon" style="color:${r.color}">${B(r.icon)}</span>
            <strong>${V.outcome(H)}</strong>
            <span class="when">${i}, ${M.timeOf(e)}</span>
        </p>`}renderSteps(H){let{words:V,clock:M}=this.context,r=H.steps??[];return a`<ol class="steps">
            <li>
                <time>${M.exactTimeOf(Z(H))}</time>
                <span>${V.askedBy(H)}</span>
            </li>
            ${r.map(e=>this.renderStep(e))}
        </ol>`}renderStep({state:H,provider_state:V,at:M}){let{words:r,clock:e}=this.context;return a`<li>
            <time>${e.exactTimeOf(Date.parse(M))}</time>
            <span>
                <i style="background:${y[H].color}"></i>${r.state(H)}
                ${V?a`<small dir="auto">${V}</small>`:A}
            </span>
        </li>`}renderMore(H){let{words:V,clock:M}=this.context,r=this.usual.get(N(H)),e=V.seen(H);return a`<div class="facts">
            ${e?a`<p>${e}</p>`:A}
            ${r?.median?a`<p>
                          ${V.say("details.usually",{duration:M.duration(r.median),count:M.number(r.ended),share:M.percent(r.succeeded/r.ended)})}
                      </p>`:A}
            ${V.command(H)===H.command?A:a`<p>
                          ${V.say("details.command")}
                          <code dir="ltr">${H.command}</code>
                      </p>`}
        </div>`}renderButtons(H){let{words:V,hass:M}=this.context,r=(e,i=!1)=>a`<button
                class="plain ${i?"strong":""}"
                type="button"
                @click=${()=>E(this,`command-${e}`,H)}
            >
                ${V.say(`${e}.label`)}
            </button>`;return a`
            ${H.final?M2(H)?r("again",!0):A:r("cancel",!0)}
            ${M.user?.is_admin?r("automate"):A} ${r("forget")}
        `}renderTechnical(H){let{words:V}=this.context,M=r1(H).trimStart(),r=async()=>{try{await d2(M),w(this,V.say("details.copied"))}catch{getSelection()?.selectAllChildren(this.renderRoot.querySelector("pre"))}};return a`<details>
            <summary>${V.say("details.more")}</summary>
            <button class="plain" type="button" @click=${r}>${V.say("details.copy")}</button>
            <pre dir="ltr" tabindex="0" aria-label=${V.say("details.record")}>${M}</pre>
        </details>`}static{this.styles=[Y,C1,n`
            svg {
                inline-size: 24px;
                block-size: 24px;
                fill: currentcolor;
                display: block;
            }
            .body {
                padding: 16px 24px 24px;
            }
            .head {
                display: flex;
                align-items: center;
                gap: 8px;
            }
            h2 {
                flex: 1;
                margin: 0;
                font-size: 1.25em;
                font-weight: 500;
                overflow-wrap: anywhere;
            }
            .close {
                all: unset;
                box-sizing: border-box;
                padding: 12px;
                margin-inline-end: -12px;
                cursor: pointer;
                border-radius: 50%;
            }
            .close:focus-visible {
                outline: 2px solid var(--primary-color, #03a9f4);
            }
            .outcome {
                display: grid;
                grid-template-columns: 24px 1fr;
                column-gap: 12px;
                align-items: center;
                margin: 8px 0 16px;
            }
            .outcome strong {
                font-weight: 500;
            }
            .outcome strong::first-letter {
                text-transform: uppercase;
            }
            .when {
                grid-column: 2;
            }
            .when,
            time,
            small,
            .facts {
                color: var(--secondary-text-color, #727272);
            }
            .steps {
                list-style: none;
                margin: 0;
                padding: 12px 0;
                border-block: 1px solid var(--divider-color, #e0e0e0);
            }
            .steps li {
                display: grid;
                grid-template-columns: 96px 1fr;
                gap: 12px;
                padding-block: 3px;
            }
            .steps i {
                display: inline-block;
                inline-size: 10px;
                block-size: 10px;
                border-radius: 50%;
                margin-inline-end: 8px;
            }
            time {
                font-variant-numeric: tabular-nums;
            }
            small {
                margin-inline-start: 8px;
                overflow-wrap: anywhere;
            }
            .facts p {
                margin: 12px 0 0;
            }
            .buttons {
                display: flex;
                flex-wrap: wrap;
                gap: 8px;
                margin-block: 16px;
            }
            summary {
                cursor: pointer;
                padding-block: 8px;
                color: var(--secondary-text-color, #727272);
            }
            pre {
                overflow: auto;
                max-block-size: 320px;
                padding: 12px;
                border-radius: 8px;
                background: color-mix(in srgb, currentcolor 6%, transparent);
                font-size: 0.8125em;
                user-select: text;
            }
        `]}};X("command-status-details",O1);var S2=[500,1e3,2e3,5e3,1e4],e1=class{constructor(C,H,V){this.connection=C;this.message=H;this.listener=V;this.generation=0;this.failures=0;this.again=()=>{this.failures=0,this.open()};this.ready=()=>{queueMicrotask(this.again)};C.addEventListener("ready",this.ready),this.open()}stop(){this.connection.removeEventListener("ready",this.ready),this.end()}end(){this.generation+=1,clearTimeout(this.timer),this.close?.().catch(()=>{}),this.close=void 0}async open(){this.end();let C=this.generation,H=!0;try{let V=await this.connection.subscribeMessage(M=>{C===this.generation&&(this.failures=0,this.listener.news(M,H),H=!1)},this.message,{resubscribe:!1});C===this.generation?this.close=V:V().catch(()=>{})}catch(V){if(C===this.generation){this.listener.refused(V);let M=S2[Math.min(this.failures,S2.length-1)];this.failures+=1,this.timer=setTimeout(()=>{this.open()},M)}}}};var u2=250,L5=1e3,M5=6e3,t1=class{constructor(C,H,V,M){this.bundle=V;this.changed=M;this.known=new Map;this.stale=new Set;this.condition="loading";this.sorted=[];this.version=0;this.ahead=0;this.outdated=!1;this.accounts={};this.since=performance.now();this.last=-u2;this.again=()=>{this.condition="loading",this.since=performance.now(),this.soon(),this.subscription.again()};this.take=(C,H)=>{if(H){this.ask(),this.stale.clear();for(let V of this.known.keys())this.stale.add(V);clearTimeout(this.settling),this.settling=setTimeout(this.settle,L5)}for(let V of C.commands)this.known.set(V.tracking_id,V),this.stale.delete(V.tracking_id);for(let V of C.removed)this.known.delete(V);this.condition="live",this.soon()};this.settle=()=>{for(let C of this.stale)this.known.delete(C);this.stale.clear(),this.soon()};this.lost=()=>{this.condition=this.known.size>0||this.condition==="live"?"lost":"loading",this.since=performance.now(),this.soon()};this.refused=()=>{this.condition!=="live"&&performance.now()-this.since>M5&&(this.condition="failed",this.soon())};this.tell=()=>{this.beat=void 0,this.last=performance.now(),this.version+=1,this.sorted=[...this.known.values()].sort((C,H)=>C.tracking_id<H.tracking_id?1:-1),this.changed({condition:this.condition,commands:this.sorted,version:this.version,ahead:this.ahead,outdated:this.outdated,accounts:this.accounts,providers:this.providers})};this.connection=C.connection,this.connection.addEventListener("disconnected",this.lost),this.subscription=new e1(C.connection,{type:"command_status/subscribe",...H},{news:this.take,refused:this.refused})}stop(){this.connection.removeEventListener("disconnected",this.lost),this.subscription.stop(),clearTimeout(this.beat),clearTimeout(this.settling)}async ask(){let C=Date.now();try{let H=await this.connection.sendMessagePromise({type:"command_status/about"});this.ahead=Math.round(H.now*1e3-(C+Date.now())/2),this.accounts=H.accounts,this.providers=H.providers??{},this.outdated=this.bundle!==""&&H.version!==this.bundle}catch{this.providers??={}}this.soon()}soon(){this.beat??=setTimeout(this.tell,Math.max(0,this.last+u2-performance.now()))}};var s2={open:1e3,quiet:15e3},c2=5e3,r5={condition:"loading",commands:[],version:0,ahead:0,outdated:!1,accounts:{},providers:void 0},O2=class extends m{constructor(){super();this.usual=new Map;this.usualAt=-c2;this.language="";this.ticked=()=>{if(clearTimeout(this.timer),!this.isConnected||document.hidden)return;this.tick+=1;let H=this.snapshot.commands.some(V=>!V.final);this.timer=setTimeout(this.ticked,H?s2.open:s2.quiet)};this.snapshot=r5,this.chosen="",this.tick=0,this.spoken="";let H=(V,M)=>this.addEventListener(V,r=>{r.stopPropagation(),M(r.detail)});H("command-open",V=>this.chosen=V.tracking_id),H("command-again",V=>{this.again(V)}),H("command-cancel",V=>{this.try(()=>e2(this.hass,V))}),H("command-forget",V=>{this.forget(V)}),H("command-automate",V=>{this.automate(V)}),H("details-closed",()=>this.chosen="")}static{this.properties={hass:{attribute:!1},context:{state:!0},snapshot:{state:!0},chosen:{state:!0},tick:{state:!0},spoken:{state:!0}}}connectedCallback(){super.connectedCallback(),this.begin(),document.addEventListener("visibilitychange",this.ticked)}disconnectedCallback(){super.disconnectedCallback(),this.end(),document.removeEventListener("visibilitychange",this.ticked)}begin(){if(this.store??!this.hass)return;let{filter:H,bundle:V}=this.subscription();this.store=new t1(this.hass,H,V,M=>{this.snapshot=M}),this.ticked()}async learn(H){await n2(H),this.language===H.language&&(this.spoken=H.language,c1(H,this.snapshot.commands))}end(){this.store?.stop(),this.store=void 0,clearTimeout(this.timer)}shouldUpdate(H){return H.size>1||!H.has("hass")||v2(H.get("hass"),this.hass)}willUpdate(H){if(H.has("hass")){let M=H.get("hass");M&&M.connection!==this.hass.connection&&this.end(),this.begin(),this.language!==this.hass.language&&(this.language=this.hass.language,this.learn(this.hass))}(H.has("hass")||H.has("spoken"))&&this.spoken===this.hass.language&&(this.context=x2(this.hass,this.context)),H.has("snapshot")&&(c1(this.hass,this.snapshot.commands),!H.get("snapshot")?.commands.some(h2)&&this.snapshot.commands.some(h2)&&this.ticked(),performance.now()-this.usualAt>=c2&&(this.usualAt=performance.now(),this.usual=l2(this.snapshot.commands))),this.context&&(this.context.clock.ahead=this.snapshot.ahead,(H.has("tick")||H.has("snapshot"))&&(this.context={...this.context}))}renderOver(){let{context:H,chosen:V}=this;return this.last=this.snapshot.commands.find(({tracking_id:M})=>M===V),a`
            ${V&&this.last&&H?a`<command-status-details
                          .context=${H}
                          .command=${this.last}
                          .usual=${this.usual}
                      ></command-status-details>`:A}
            <command-status-ask></command-status-ask>
        `}async ask(H,V){let M=this.context?.words,r=this.renderRoot.querySelector("command-status-ask");return M!==void 0&&r!==null&&await r.ask({title:M.say(`${H}.title`),text:M.say(`${H}.text`,M.both(V)),yes:M.say(`${H}.yes`),no:M.say("ask.no")})}async again(H){await this.ask("again",H)&&(this.chosen="",await this.try(async()=>{await r2(this.hass,H);let V=this.context?.words;w(this,V?.say("again.done",V.both(H))??"")}))}async forget(H){await this.ask("forget",H)&&(this.chosen="",await this.try(()=>t2(this.hass,H)))}async automate(H){let V=A2(H,this.hass);this.chosen="",await o2(V)||w(this,this.context?.words.say("automate.failed")??"")}async try(H){try{await H()}catch(V){w(this,i2(V))}}};function h2(L){return!L.final}function g2(L,C){let H=Z(L),V=L.final?f(L):C,M=(L.steps??[]).map(({state:e,at:i})=>({state:e,at:Date.parse(i)}));if(M.length===0)return[{state:L.final?"sent":L.state,from:H,to:Math.max(H,V)}];let r=[];for(let[e,{state:i,at:t}]of M.entries()){let o=e===0?H:t,p=Math.max(o,Math.min(V,M[e+1]?.at??V)),d=r.at(-1);d?.state===i?d.to=p:p>o&&r.push({state:i,from:o,to:p})}return r}function F3(L,{words:C,clock:H},V,M,r=!0){let e=H.now(),i=y[L.state],t=L.final?H.timeOf(f(L)):H.duration(Math.max(0,Math.round((e-Z(L))/1e3))),o=C.command(L);return a`
        <button
            class="row"
            type="button"
            tabindex=${r?0:-1}
            data-id=${L.tracking_id}
            data-state=${L.state}
            @click=${()=>M.open(L)}
        >
            <span class="icon" style="color:${i.color}">${B(i.icon)}</span>
            <span class="thing">${L.target_name}</span>
            <span class="asked" title=${o}>${o}</span>
            <span class="outcome">${e5(L,C)}</span>
            ${L.final?A:i5(L,e,V.get(N(L))?.median??null)}
            <span class="when">${t}</span>
        </button>
        ${t5(L,C,M,r)}
    `}function e5(L,C){let H=C.why(L);return a`<span class="what">${C.what(L)}</span>${H?a`<span class="colon">: </span><span class="why">${H}</span>`:A}`}function t5(L,C,H,V){let[M,r,e]=L.final?["again",P1,H.again]:["cancel",I,H.cancel],i=["failure","timeout","lost"].includes(L.state),t=C.say(`${M}.label`);return a`<button
        class="action ${i||!L.final?"rest":""}"
        type="button"
        tabindex=${V?0:-1}
        title=${t}
        aria-label="${t}: ${L.target_name}, ${C.command(L)}"
        @click=${()=>e(L)}
    >
        ${B(r)}
    </button>`}function i5(L,C,H){let V=Z(L),M=Date.parse(L.deadline)-V,r=H===null?M:Math.min(M,H*2500),e=i=>Math.min(100,Math.max(0,(i-V)/r*100));return a`<span class="bar" aria-hidden="true">
        ${g2(L,C).map(({state:i,from:t,to:o})=>a`<i
                    style="inline-size:${e(o)-e(t)}%;background:${y[i].color}"
                ></i>`)}
        ${H===null?A:a`<b style="inset-inline-start:${e(V+H*1e3)}%"></b>`}
    </span>`}var R3=n`
    svg {
        inline-size: 24px;
        block-size: 24px;
        fill: currentcolor;
        display: block;
    }
    .line {
        display: flex;
        align-items: stretch;
        box-sizing: border-box;
        border-block-end: 1px solid var(--divider-color, #e0e0e0);
        container-type: inline-size;
    }
    .line:hover {
        background: color-mix(in srgb, var(--primary-text-color, #212121) 4%, transparent);
    }
    .row {
        all: unset;
        box-sizing: border-box;
        flex: 1;
        min-inline-size: 0;
        display: grid;
        grid-template-columns: 24px minmax(0, 5fr) minmax(0, 5fr) minmax(0, 9fr) 76px;
        grid-template-areas: "icon thing asked outcome when";
        column-gap: 12px;
        align-items: center;
        padding-inline: 16px 4px;
        cursor: pointer;
    }
    .row > span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
    }
    .icon {
        grid-area: icon;
    }
    .thing {
        grid-area: thing;
        font-weight: 500;
    }
    .asked {
        grid-area: asked;
        color: var(--secondary-text-color, #727272);
    }
    .outcome {
        grid-area: outcome;
    }
    .when {
        grid-area: when;
        text-align: end;
        color: var(--secondary-text-color, #727272);
        font-variant-numeric: tabular-nums;
    }
    .row:has(.bar) > .outcome {
        padding-inline-end: 132px;
    }
    .row > .bar {
        grid-area: outcome;
        justify-self: end;
        position: relative;
        display: flex;
        inline-size: 120px;
        block-size: 6px;
        border-radius: 3px;
        background: var(--divider-color, #e0e0e0);
    }
    .bar b {
        position: absolute;
        inset-block: 0;
        inline-size: 2px;
        background: var(--primary-text-color, #212121);
        opacity: 0.5;
    }
    .action {
        all: unset;
        box-sizing: border-box;
        flex: none;
        display: grid;
        place-items: center;
        inline-size: 48px;
        min-block-size: 44px;
        cursor: pointer;
        color: var(--secondary-text-color, #727272);
        opacity: 0;
    }
    .action.rest,
    .line:hover .action,
    .action:focus-visible,
    .row:focus-visible + .action {
        opacity: 1;
    }
    .action:hover {
        color: var(--primary-text-color, #212121);
    }
    .row:focus-visible,
    .action:focus-visible {
        outline: 2px solid var(--primary-color, #03a9f4);
        outline-offset: -2px;
    }
    @container (inline-size < 860px) {
        .row {
            grid-template-columns: 24px minmax(25%, 1fr) minmax(0, auto) auto;
            grid-template-areas: "icon thing what what" "icon asked asked when" "icon bar bar bar" "icon why why why";
            align-content: center;
            row-gap: 2px;
            padding-block: 6px;
            padding-inline-end: 0;
        }
        .row > .outcome {
            display: contents;
        }
        .what,
        .why {
            overflow: hidden;
            text-overflow: ellipsis;
            white-space: nowrap;
        }
        .what {
            grid-area: what;
            text-align: end;
        }
        .why {
            grid-area: why;
        }
        .colon {
            display: none;
        }
        .row > .bar {
            grid-area: bar;
            justify-self: stretch;
            inline-size: auto;
            margin-block-start: 2px;
        }
        .asked,
        .when {
            font-size: 0.875em;
        }
        .action:not(.rest) {
            display: none;
        }
        .row:not(:has(+ .rest)) {
            padding-inline-end: 16px;
        }
    }
    @media (hover: none) {
        .action:not(.rest) {
            opacity: 0;
            pointer-events: none;
        }
    }
`;export{A5 as a,o5 as b,a5 as c,d5 as d,n as e,a as f,l5 as g,O as h,A as i,S5 as j,m as k,X as l,E as m,E2 as n,N2 as o,J as p,H2 as q,T5 as r,F5 as s,R5 as t,D5 as u,W2 as v,I2 as w,Y as x,Z as y,f as z,I5 as A,y as B,B as C,N as D,H5 as E,O2 as F,g2 as G,F3 as H,R3 as I};
