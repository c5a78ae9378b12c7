import{B as x,C as b,F as v,H as k,I as C,e as u,f as n,i as l,l as g,p as h,s as f,v as w,x as y,z as c}from"./chunk-XQCZBXDO.js";var d="command_status",T=[{name:"title",selector:{text:{}}},{name:"devices",selector:{device:{multiple:!0,filter:{integration:d}}}},{name:"entities",selector:{entity:{multiple:!0,filter:{integration:d}}}},{name:"tags",selector:{text:{multiple:!0}}},{name:"show",selector:{select:{mode:"list",options:[]}}},{name:"rows",selector:{number:{min:1,max:20,mode:"box"}}}];function $(){let a=document.querySelector("home-assistant"),o=(t,e)=>t?.(`component.${d}.config_panel.${e}`)??"",s=["list","tiles"].map(t=>({value:t,label:o(a?.hass?.localize,`card.show_${t}`)||t}));return{schema:T.map(t=>t.name==="show"?{...t,selector:{select:{mode:"list",options:s}}}:t),computeLabel:({name:t},e)=>o(e,`card.${t}`)||t,computeHelper:({name:t},e)=>t==="tags"?o(e,"card.tags_helper"):""}}var N=5,O=200,_="command-status",p=class extends v{constructor(){super(...arguments);this.doors={open:s=>this.chosen=s.tracking_id,again:s=>this.dispatchEvent(new CustomEvent("command-again",{detail:s})),cancel:s=>this.dispatchEvent(new CustomEvent("command-cancel",{detail:s}))}}static{this.properties={config:{state:!0}}}static getConfigForm(){return $()}static getStubConfig(){return{}}setConfig(s){for(let e of["devices","entities","tags"])if(s[e]!==void 0&&!Array.isArray(s[e]))throw new Error(`${e} must be a list`);if(s.show!==void 0&&!["list","tiles"].includes(s.show))throw new Error("show must be list or tiles");let t=this.config;this.config=s,t&&(this.end(),this.begin())}getCardSize(){return this.rows+1}getGridOptions(){return{columns:12,rows:"auto",min_columns:6}}get rows(){return Math.max(1,Math.min(20,this.config.rows??N))}subscription(){let{devices:s=[],entities:t=[]}=this.config,e={limit:O};return s.length>0&&(e.device_id=s),t.length>0&&(e.entity_id=t),{filter:e,bundle:""}}begin(){this.config&&super.begin()}willUpdate(s){super.willUpdate(s),this.begin()}shown(){let s=this.config.tags??[];return this.snapshot.commands.filter(({tag:t})=>s.length===0||t!==null&&s.includes(t)).sort((t,e)=>Number(t.final)-Number(e.final)||c(e)-c(t))}render(){let{context:s,snapshot:t,hass:e}=this;if(!s)return l;this.style.colorScheme=e.themes.darkMode?"dark":"light";let{words:i}=s,r=this.shown();return n`<ha-card class=${t.condition}>
                <div class="title">
                    <h2>${this.config.title??i.say("title")}</h2>
                    ${this.renderMore()}
                </div>
                ${r.length===0?this.renderNothing():this.config.show==="tiles"?this.renderTiles(r):n`<ul>
                                ${r.slice(0,this.rows).map(m=>n`<li class="line">
                                                ${k(m,s,this.usual,this.doors)}
                                            </li>`)}
                            </ul>`}
            </ha-card>
            ${this.renderOver()}`}renderNothing(){let s=this.context?.words,{condition:t}=this.snapshot,e={loading:"loading",failed:"error.title",lost:"lost",live:"empty.card"};return n`<p role="status">${s?.say(e[t])}</p>`}renderTiles(s){let t=new Map;for(let e of s){let i=`${e.config_entry_id} ${e.target}`;(t.get(i)?.tracking_id??"")<e.tracking_id&&t.set(i,e)}return n`<div class="tiles">
            ${[...t.values()].slice(0,this.rows*2).map(e=>{let i=x[e.state];return n`<button
                    class="tile"
                    type="button"
                    data-id=${e.tracking_id}
                    data-state=${e.state}
                    @click=${()=>this.doors.open(e)}
                >
                    <span class="icon" style="color:${i.color}">${b(i.icon)}</span>
                    <span class="thing">${e.target_name}</span>
                    <span class="asked">${this.context?.words.command(e)}</span>
                    <span class="outcome">${this.context?.words.outcome(e)}</span>
                </button>`})}
        </div>`}renderMore(){let s=this.hass.panels??{};if(!(_ in s))return l;let{devices:t=[],entities:e=[],tags:i=[]}=this.config,r=e.flatMap(H=>this.hass.entities[H]?.device_id??[]),z=t.length+e.length>0?this.snapshot.commands.map(w):[],E=[...new Set([...t,...r,...z])].join(","),S=f({...h,device:E,tag:i.join(",")});return n`<a href="/${_}${S}">${this.context?.words.say("card.more")}</a>`}static{this.styles=[y,C,u`
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
                grid-template: "icon thing" auto "icon asked" auto "icon outcome" auto / 24px minmax(
                        0,
                        1fr
                    );
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
            .tile .asked,
            .tile .outcome {
                color: var(--secondary-text-color, #727272);
                font-size: 0.875em;
            }
            @container (inline-size < 320px) {
                .what {
                    text-align: start;
                }
                .asked,
                .when {
                    display: none;
                }
                .row {
                    grid-template-areas: "icon thing thing thing" "icon what what what" "icon bar bar bar" "icon why why why";
                }
            }
        `]}};g("command-status-card",p);var R=window;R.customCards??=[];R.customCards.push({type:"command-status-card",name:"Command Status",description:"What became of the commands that were sent",preview:!0,documentationURL:"https://github.com/command-status/command-status",getEntitySuggestion:(a,o)=>a.entities[o]?.platform==="command_status"?{config:{type:"custom:command-status-card",entities:[o]}}:null});export{p as CommandStatusCard};
