import{A as y,B as x,E as v,G as b,H as k,e as u,f as o,i as c,l as g,p as h,s as f,w,y as d}from"./chunk-OZZBACM6.js";var p="command_status",E=[{name:"title",selector:{text:{}}},{name:"devices",selector:{device:{multiple:!0,filter:{integration:p}}}},{name:"entities",selector:{entity:{multiple:!0,filter:{integration:p}}}},{name:"tags",selector:{text:{multiple:!0}}},{name:"show",selector:{select:{mode:"list",options:[]}}},{name:"rows",selector:{number:{min:1,max:20,mode:"box"}}}];function C(){let a=document.querySelector("home-assistant"),n=(t,e)=>t?.(`component.${p}.config_panel.${e}`)??"",s=["list","tiles"].map(t=>({value:t,label:n(a?.hass?.localize,`card.show_${t}`)||t}));return{schema:E.map(t=>t.name==="show"?{...t,selector:{select:{mode:"list",options:s}}}:t),computeLabel:({name:t},e)=>n(e,`card.${t}`)||t,computeHelper:({name:t},e)=>t==="tags"?n(e,"card.tags_helper"):""}}var S=5,H=200,$="command-status",m=class extends v{constructor(){super(...arguments);this.doors={open:s=>this.chosen=s.tracking_id,again:s=>this.dispatchEvent(new CustomEvent("command-again",{detail:s})),cancel:s=>this.dispatchEvent(new CustomEvent("command-cancel",{detail:s}))}}static{this.properties={config:{state:!0}}}static getConfigForm(){return C()}static getStubConfig(){return{}}setConfig(s){for(let e of["devices","entities","tags"])if(s[e]!==void 0&&!Array.isArray(s[e]))throw new Error(`${e} must be a list`);if(s.show!==void 0&&!["list","tiles"].includes(s.show))throw new Error("show must be list or tiles");let t=this.config;this.config=s,t&&(this.end(),this.begin())}getCardSize(){return this.rows+1}getGridOptions(){return{columns:12,rows:"auto",min_columns:6}}get rows(){return Math.max(1,Math.min(20,this.config.rows??S))}subscription(){let{devices:s=[],entities:t=[]}=this.config,e={limit:H};return s.length>0&&(e.device_id=s),t.length>0&&(e.entity_id=t),{filter:e,bundle:""}}begin(){this.config&&super.begin()}willUpdate(s){super.willUpdate(s),this.begin()}shown(){let s=this.config.tags??[];return this.snapshot.commands.filter(({tag:t})=>s.length===0||t!==null&&s.includes(t)).sort((t,e)=>Number(t.final)-Number(e.final)||d(e)-d(t))}render(){let{context:s,snapshot:t,hass:e}=this;if(!s)return c;this.style.colorScheme=e.themes.darkMode?"dark":"light";let{words:i}=s,r=this.shown();return o`<ha-card class=${t.condition}>
                <div class="title">
                    <h2>${this.config.title??i.say("title")}</h2>
                    ${this.renderMore()}
                </div>
                ${r.length===0?this.renderNothing():this.config.show==="tiles"?this.renderTiles(r):o`<ul>
                                ${r.slice(0,this.rows).map(l=>o`<li class="line">
                                                ${b(l,s,this.usual,this.doors)}
                                            </li>`)}
                            </ul>`}
            </ha-card>
            ${this.renderOver()}`}renderNothing(){let s=this.context?.words,{condition:t}=this.snapshot,e={loading:"loading",failed:"error.title",lost:"lost",live:"empty.card"};return o`<p role="status">${s?.say(e[t])}</p>`}renderTiles(s){let t=new Map;for(let e of s){let i=`${e.config_entry_id} ${e.target}`;(t.get(i)?.tracking_id??"")<e.tracking_id&&t.set(i,e)}return o`<div class="tiles">
            ${[...t.values()].slice(0,this.rows*2).map(e=>{let i=y[e.state];return o`<button
                    class="tile"
                    type="button"
                    data-id=${e.tracking_id}
                    data-state=${e.state}
                    @click=${()=>this.doors.open(e)}
                >
                    <span class="icon" style="color:${i.color}">${x(i.icon)}</span>
                    <span class="thing">${e.target_name}</span>
                    <span class="outcome"
                        >${e.command} · ${this.context?.words.outcome(e)}</span
                    >
                </button>`})}
        </div>`}renderMore(){let s=this.hass.panels??{};if(!($ in s))return c;let{devices:t=[],entities:e=[],tags:i=[]}=this.config,r=e.flatMap(z=>this.hass.entities[z]?.device_id??[]),l=[...new Set([...t,...r])].join(","),R=f({...h,device:l,tag:i.join(",")});return o`<a href="/${$}${R}">${this.context?.words.say("card.more")}</a>`}static{this.styles=[w,k,u`
            :host {
                display: block;
            }
            ha-card {
                display: flex;
                flex-direction: column;
                box-sizing: border-box;
                block-size: 100%;
                overflow: hidden;
            }
            ha-card.lost {
                opacity: 0.6;
            }
            .title {
                display: flex;
                align-items: baseline;
                justify-content: space-between;
                gap: 8px;
                padding: 16px 16px 8px;
            }
            h2 {
                margin: 0;
                font-size: 1.1em;
                font-weight: 500;
            }
            a {
                color: var(--primary-text-color, #212121);
                font-size: 0.875em;
            }
            ul {
                flex: 1;
                min-block-size: 0;
                overflow: auto;
                list-style: none;
                margin: 0;
                padding: 0 0 8px;
            }
            .line {
                min-block-size: 56px;
            }
            .line:last-child {
                border-block-end: 0;
            }
            p {
                margin: 0;
                padding: 0 16px 16px;
                color: var(--secondary-text-color, #727272);
            }
            .tiles {
                display: grid;
                grid-template-columns: repeat(auto-fill, minmax(160px, 1fr));
                gap: 8px;
                padding: 8px 16px 16px;
                overflow: auto;
            }
            .tile {
                all: unset;
                box-sizing: border-box;
                display: grid;
                grid-template: "icon thing" auto "icon outcome" auto / 24px minmax(0, 1fr);
                column-gap: 12px;
                align-items: center;
                padding: 10px 12px;
                border-radius: 12px;
                border: 1px solid var(--divider-color, #e0e0e0);
                cursor: pointer;
            }
            .tile:focus-visible {
                outline: 2px solid var(--primary-color, #03a9f4);
            }
            .tile span {
                overflow: hidden;
                text-overflow: ellipsis;
                white-space: nowrap;
            }
            .tile .outcome {
                color: var(--secondary-text-color, #727272);
                font-size: 0.875em;
            }
            @container (inline-size < 320px) {
                .asked,
                .when {
                    display: none;
                }
                .row {
                    grid-template-areas: "icon thing thing thing" "icon what what what" "icon why why why";
                }
            }
        `]}};g("command-status-card",m);var _=window;_.customCards??=[];_.customCards.push({type:"command-status-card",name:"Command Status",description:"What became of the commands that were sent",preview:!0,documentationURL:"https://github.com/command-status/command-status",getEntitySuggestion:(a,n)=>a.entities[n]?.platform==="command_status"?{config:{type:"custom:command-status-card",entities:[n]}}:null});export{m as CommandStatusCard};
