import{A as z,B as q,C as W,D as vt,E as bt,F as gt,G as yt,H as xt,a as tt,b as et,c as st,d as it,e as C,f as m,g as ot,h as rt,i as y,j as nt,k as A,l as T,m as k,n as at,o as V,p as lt,q as ct,r as N,s as dt,t as j,u as pt,v as mt,w as ut,x as ht,y as D,z as ft}from"./chunk-OZZBACM6.js";var It=5;function wt(r,c,t){let e=new Map;for(let s=r.length-1;s>=0;s-=1){let i=r[s];if(!i)continue;let o=Ht(i,t);if(o.to<c)continue;let a=`${i.config_entry_id} ${i.target}`,n=e.get(a);n||(n={key:a,name:i.target_name,bars:[],lines:1,last:0},e.set(a,n)),n.name=i.target_name,n.last=Math.max(n.last,o.to),n.bars.push(o)}for(let s of e.values())Bt(s);return[...e.values()].sort((s,i)=>i.last-s.last||s.name.localeCompare(i.name))}function Ht(r,c){let t=ht(r),e=r.final?D(r):c;return{command:r,from:t,to:Math.max(t,e),line:0}}function Bt(r){let c=[];for(let t of r.bars){let e=c.findIndex(s=>s<=t.from);e<0&&(e=Math.min(c.length,It-1)),t.line=e,c[e]=Math.max(c[e]??0,t.to)}r.lines=Math.max(1,c.length)}var P=6e4,_=60*P,Ft=[5*P,10*P,15*P,_,2*_,4*_,24*_];function $t(r,c,t){let e=Ft.find(o=>(c-r)/o<=t)??48*_,s=new Date(c).getTimezoneOffset()*P,i=[];for(let o=Math.ceil((r-s)/e)*e+s;o<c;o+=e)i.push(o);return{moments:i,days:e>=24*_}}var Y=[1,6,24,168],kt=36e5,Ut=12,E=28,R=12,O=4,Ct=10,v=7,K=class extends A{constructor(){super();this.lanes=[];this.placed=[];this.size=0;this.frame=0;this.fingers=new Map;this.apart=0;this.watch=new ResizeObserver(([t])=>{this.size=t?.contentRect.width??0,this.requestUpdate()});this.draw=()=>{let t=this.canvas,e=t?.getContext("2d");if(!t||!e||this.size===0)return;let s=getComputedStyle(this),i=s.direction==="rtl",o=this.size<600,a=o?0:180,n=this.shown.map(g=>g.lines*(R+O)-O+2*Ct+(o?18:0)),d=E+n.reduce((g,$)=>g+$,0),h=window.devicePixelRatio;t.style.blockSize=`${d}px`,t.width=Math.round(this.size*h),t.height=Math.round(d*h),e.scale(h,h);let p=Vt(s),u=this.context.clock.now(),l=u-this.span*kt,f=this.size-a-24,b=g=>{let $=a+8+(Math.max(l,g)-l)/(u-l)*f;return i?this.size-$:$},w=(g,$,L,U)=>{e.textAlign=i?"right":"left",e.fillText(jt(e,g,U),i?this.size-$:$,L)};e.font=`12px ${s.fontFamily}`,e.textBaseline="middle",this.drawScale(e,l,u,d,b,p),this.placed=[];let x=E;for(let[g,$]of this.shown.entries()){let L=n[g]??0;e.fillStyle=p("var(--divider-color, #e0e0e0)"),e.fillRect(0,x,this.size,1),e.font=`500 14px ${s.fontFamily}`,e.fillStyle=p("var(--primary-text-color, #212121)"),w($.name,16,o?x+14:x+L/2,o?this.size-32:a-24);for(let U of $.bars)this.drawBar(e,U,x+Ct+(o?18:0),u,l,b,p);x+=L}e.fillStyle=p("var(--primary-color, #03a9f4)"),e.fillRect(b(u)-1,E-6,2,d-E+6)};this.moved=t=>{this.pinched(t),this.told=this.at(t)};this.left=()=>{this.told=void 0};this.clicked=t=>{let e=this.at(t);e&&k(this,"command-open",e.bar.command)};this.pressed=t=>{let e=[...this.placed].sort((n,d)=>n.bar.from-d.bar.from),s=this.told?.bar.command.tracking_id,i=e.findIndex(({bar:n})=>n.command.tracking_id===s),o=e.length-1,a={ArrowLeft:i<0?o:Math.max(0,i-1),ArrowRight:i<0?o:Math.min(o,i+1),Home:0,End:o}[t.key];a!==void 0?(t.preventDefault(),this.told=e[a]):t.key==="Enter"&&this.told?(t.preventDefault(),k(this,"command-open",this.told.bar.command)):t.key==="Escape"&&(this.told=void 0)};this.wheeled=t=>{t.ctrlKey&&(t.preventDefault(),this.zoom(t.deltaY>0?1:-1))};this.down=t=>{this.fingers.set(t.pointerId,t.offsetX),this.apart=0};this.up=t=>{this.fingers.delete(t.pointerId)};this.commands=[],this.span=6,this.unfolded=!1}static{this.properties={context:{attribute:!1},commands:{attribute:!1},span:{type:Number},unfolded:{state:!0},told:{state:!0}}}connectedCallback(){super.connectedCallback(),this.watch.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.watch.disconnect(),cancelAnimationFrame(this.frame)}willUpdate(){let t=this.context.clock.now();this.lanes=wt(this.commands,t-this.span*kt,t)}get shown(){return this.unfolded?this.lanes:this.lanes.slice(0,Ut)}get canvas(){return this.renderRoot.querySelector("canvas")}render(){let{words:t,clock:e}=this.context,s=this.lanes.reduce((o,a)=>o+a.bars.length,0),i=this.lanes.length-this.shown.length;return m`
            <div class="bar" role="group" aria-label=${t.say("line.span")}>
                ${Y.map(o=>m`<button
                            type="button"
                            aria-pressed=${o===this.span}
                            @click=${()=>k(this,"span-chosen",o)}
                        >
                            ${e.span(o)}
                        </button>`)}
            </div>
            ${s===0?m`<p class="none">${t.say("line.none")}</p>`:m`<div class="field">
                          <canvas
                              role="img"
                              tabindex="0"
                              aria-label=${t.count("line.label",s)}
                              aria-describedby="told"
                              @pointermove=${this.moved}
                              @pointerleave=${this.left}
                              @pointerdown=${this.down}
                              @pointerup=${this.up}
                              @pointercancel=${this.up}
                              @click=${this.clicked}
                              @keydown=${this.pressed}
                              @wheel=${this.wheeled}
                          ></canvas>
                          ${this.told?this.renderTold(this.told,e.timeOf(this.told.bar.from)):y}
                          <p id="told" class="unseen" aria-live="polite">
                              ${this.told?this.sentence(this.told.bar.command):""}
                          </p>
                      </div>`}
            ${i>0?m`<button
                          class="more"
                          type="button"
                          @click=${()=>this.unfolded=!0}
                      >
                          ${t.count("line.more",i)}
                      </button>`:y}
        `}sentence(t){let e=this.context.words.outcome(t);return`${t.target_name}, ${t.command}: ${e}`}renderTold({bar:t,x:e,y:s},i){let{target_name:o,command:a}=t.command,n=Math.max(8,Math.min(this.size-248,e));return m`<div class="tip" aria-hidden="true" style="left:${n}px;top:${s+R+8}px">
            <strong>${o}</strong> · ${a}<br />
            ${this.context.words.outcome(t.command)}<br />
            <small>${i}</small>
        </div>`}updated(){cancelAnimationFrame(this.frame),document.hidden||(this.frame=requestAnimationFrame(this.draw))}drawScale(t,e,s,i,o,a){let{clock:n}=this.context,{moments:d,days:h}=$t(e,s,this.size<600?4:8);t.textAlign="center";for(let p of d){let u=o(p);t.fillStyle=a("var(--divider-color, #e0e0e0)"),t.fillRect(u,E-6,1,i),t.fillStyle=a("var(--secondary-text-color, #727272)");let l=h?n.dateOf(p):n.timeOf(p),f=t.measureText(l).width/2+4;t.fillText(l,Math.max(f,Math.min(this.size-f,u)),E/2)}}drawBar(t,e,s,i,o,a,n){let d=s+e.line*(R+O),[h,p]=[a(e.from),a(e.to)],[u,l]=[Math.min(h,p),Math.max(3,Math.abs(p-h))];for(let{state:f,from:b,to:w}of gt(e.command,i))if(w>=o){t.fillStyle=n(z[f].color);let[x,g]=[a(b),a(w)];t.fillRect(Math.min(x,g),d+2,Math.max(1,Math.abs(g-x)),R-4)}e.command.final&&Nt(t,e.command.state,p,d+R/2,n(z[e.command.state].color)),this.placed.push({bar:e,x:u,y:d,width:l}),this.told?.bar.command.tracking_id===e.command.tracking_id&&(t.strokeStyle=n("var(--primary-text-color, #212121)"),t.lineWidth=1.5,t.strokeRect(u-v,d-2,l+2*v,R+4))}at(t){let{offsetX:s,offsetY:i}=t;return this.placed.filter(({x:o,y:a,width:n})=>s>=o-10&&s<=o+n+10&&i>=a-O/2&&i<=a+R+O/2).at(-1)}pinched(t){if(!this.fingers.has(t.pointerId))return;this.fingers.set(t.pointerId,t.offsetX);let[e,s]=[...this.fingers.values()];if(e===void 0||s===void 0)return;let i=Math.abs(e-s);this.apart||=i,(i>this.apart*1.5||i<this.apart/1.5)&&(this.zoom(i>this.apart?-1:1),this.apart=i)}zoom(t){let e=Y[Y.indexOf(this.span)+t];e!==void 0&&k(this,"span-chosen",e)}static{this.styles=C`
        :host {
            display: block;
            overflow-y: auto;
            min-block-size: 0;
        }
        .bar {
            display: flex;
            gap: 8px;
            padding: 12px 16px;
        }
        button {
            font: inherit;
            color: inherit;
            background: none;
            border: 1px solid var(--divider-color, #e0e0e0);
            border-radius: 16px;
            padding: 6px 12px;
            cursor: pointer;
        }
        button[aria-pressed="true"] {
            border-color: var(--primary-color, #03a9f4);
            background: color-mix(in srgb, var(--primary-color, #03a9f4) 20%, transparent);
        }
        button:focus-visible,
        canvas:focus-visible {
            outline: 2px solid var(--primary-color, #03a9f4);
            outline-offset: -2px;
        }
        .field {
            position: relative;
        }
        canvas {
            display: block;
            inline-size: 100%;
            touch-action: pan-y;
        }
        .tip {
            position: absolute;
            inline-size: 216px;
            padding: 8px 12px;
            border-radius: 8px;
            pointer-events: none;
            background: var(--card-background-color, #fff);
            box-shadow: 0 2px 8px rgb(0 0 0 / 40%);
            z-index: 1;
        }
        small {
            color: var(--secondary-text-color, #727272);
        }
        .none {
            padding: 32px 16px;
            text-align: center;
            color: var(--secondary-text-color, #727272);
        }
        .more {
            margin: 16px;
        }
        .unseen {
            position: absolute;
            clip-path: inset(50%);
            inline-size: 1px;
            block-size: 1px;
            overflow: hidden;
            white-space: nowrap;
        }
    `}};function Vt(r){let c=new Map;return t=>{let e=c.get(t);if(e===void 0){let[,s="",i=t]=/^var\((--[\w-]+), (.+)\)$/.exec(t)??[];e=r.getPropertyValue(s).trim()||i,c.set(t,e)}return e}}function Nt(r,c,t,e,s){r.fillStyle=s,r.strokeStyle=s,r.lineWidth=2,r.beginPath(),c==="success"?(r.arc(t,e,v-1,0,2*Math.PI),r.fill()):c==="failure"?(r.moveTo(t-v+1,e-v+1),r.lineTo(t+v-1,e+v-1),r.moveTo(t+v-1,e-v+1),r.lineTo(t-v+1,e+v-1),r.lineWidth=3,r.stroke()):c==="timeout"?(r.arc(t,e,v-2,0,2*Math.PI),r.stroke()):c==="lost"?(r.moveTo(t,e-v),r.lineTo(t+v,e),r.lineTo(t,e+v),r.lineTo(t-v,e),r.closePath(),r.stroke()):r.fillRect(t-v+2,e-v+2,2*v-4,2*v-4)}function jt(r,c,t){if(r.measureText(c).width<=t)return c;let e=c.length;for(;e>1&&r.measureText(`${c.slice(0,e)}…`).width>t;)e-=1;return`${c.slice(0,e)}…`}T("command-status-line",K);var Tt={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Mt=r=>(...c)=>({_$litDirective$:r,values:c}),I=class{constructor(c){}get _$AU(){return this._$AM._$AU}_$AT(c,t,e){this._$Ct=c,this._$AM=t,this._$Ci=e}_$AS(c,t){return this.update(c,t)}update(c,t){return this.render(...t)}};var{I:qt}=nt,zt=r=>r;var Rt=()=>document.createComment(""),S=(r,c,t)=>{let e=r._$AA.parentNode,s=c===void 0?r._$AB:c._$AA;if(t===void 0){let i=e.insertBefore(Rt(),s),o=e.insertBefore(Rt(),s);t=new qt(i,o,r,r.options)}else{let i=t._$AB.nextSibling,o=t._$AM,a=o!==r;if(a){let n;t._$AQ?.(r),t._$AM=r,t._$AP!==void 0&&(n=r._$AU)!==o._$AU&&t._$AP(n)}if(i!==s||a){let n=t._$AA;for(;n!==i;){let d=zt(n).nextSibling;zt(e).insertBefore(n,s),n=d}}}return t},M=(r,c,t=r)=>(r._$AI(c,t),r),Wt={},At=(r,c=Wt)=>r._$AH=c,_t=r=>r._$AH,H=r=>{r._$AR(),r._$AA.remove()};var Et=(r,c,t)=>{let e=new Map;for(let s=c;s<=t;s++)e.set(r[s],s);return e},St=Mt(class extends I{constructor(r){if(super(r),r.type!==Tt.CHILD)throw Error("repeat() can only be used in text expressions")}dt(r,c,t){let e;t===void 0?t=c:c!==void 0&&(e=c);let s=[],i=[],o=0;for(let a of r)s[o]=e?e(a,o):o,i[o]=t(a,o),o++;return{values:i,keys:s}}render(r,c,t){return this.dt(r,c,t).values}update(r,[c,t,e]){let s=_t(r),{values:i,keys:o}=this.dt(c,t,e);if(!Array.isArray(s))return this.ut=o,i;let a=this.ut??=[],n=[],d,h,p=0,u=s.length-1,l=0,f=i.length-1;for(;p<=u&&l<=f;)if(s[p]===null)p++;else if(s[u]===null)u--;else if(a[p]===o[l])n[l]=M(s[p],i[l]),p++,l++;else if(a[u]===o[f])n[f]=M(s[u],i[f]),u--,f--;else if(a[p]===o[f])n[f]=M(s[p],i[f]),S(r,n[f+1],s[p]),p++,f--;else if(a[u]===o[l])n[l]=M(s[u],i[l]),S(r,s[p],s[u]),u--,l++;else if(d===void 0&&(d=Et(o,l,f),h=Et(a,p,u)),d.has(a[p]))if(d.has(a[u])){let b=h.get(o[l]),w=b!==void 0?s[b]:null;if(w===null){let x=S(r,s[p]);M(x,i[l]),n[l]=x}else n[l]=M(w,i[l]),S(r,s[p],w),s[b]=null;l++}else H(s[u]),u--;else H(s[p]),p++;for(;l<=f;){let b=S(r,n[f+1]);M(b,i[l]),n[l++]=b}for(;p<=u;){let b=s[p++];b!==null&&H(b)}return this.ut=o,At(r,n),rt}});var B=48,G={wide:52,narrow:68,reason:20},Pt=6,Yt=600,X=class extends A{constructor(){super();this.items=[];this.edges=[0];this.places=new Map;this.view=800;this.today="";this.shift=0;this.watch=new ResizeObserver(([t])=>{t&&(this.narrow=t.contentRect.width<Yt,this.view=t.contentRect.height,this.requestUpdate())});this.doors={open:t=>k(this,"command-open",t),again:t=>k(this,"command-again",t),cancel:t=>k(this,"command-cancel",t)};this.scrolled=()=>{this.top=this.window?.scrollTop??0,this.top<B&&(this.fresh=0)};this.toTop=()=>{this.window?.scrollTo({top:0}),this.fresh=0};this.focused=t=>{let e=t.target.closest(".line");this.current=e?.querySelector(".row")?.dataset.id??this.current};this.pressed=t=>{let e=this.items.filter(({kind:a})=>a==="row").map(({key:a})=>a),s=e.indexOf(this.current),i={ArrowDown:s+1,ArrowUp:s-1,Home:0,End:e.length-1}[t.key],o=i===void 0?void 0:e[Math.max(0,Math.min(e.length-1,i))];o!==void 0&&(t.preventDefault(),this.current=o,this.focusCurrent())};this.commands=[],this.usual=new Map,this.narrow=!1,this.top=0,this.fresh=0,this.current=""}static{this.properties={context:{attribute:!1},commands:{attribute:!1},usual:{attribute:!1},narrow:{state:!0},top:{state:!0},fresh:{state:!0},current:{state:!0}}}connectedCallback(){super.connectedCallback(),this.watch.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.watch.disconnect()}willUpdate(t){let{clock:e}=this.context,s=e.dayKey(e.now()),i=t.get("context")?.clock===e||!t.has("context");(t.has("commands")||t.has("narrow")||!i||this.today!==s)&&(this.today=s,this.arrange(t.has("narrow")))}arrange(t){let e=this.top>0?this.items[this.placeAt(this.top)]:void 0,s=e&&this.edges[this.places.get(e.key)??0],i=new Set(this.places.keys());this.items=ft(this.commands,this.context.clock);let o=[0];this.places.clear();for(let[n,d]of this.items.entries())this.places.set(d.key,n),o.push((o[n]??0)+this.heightOf(d));if(this.edges=o,!e||s===void 0){this.fresh=0;return}let a=this.places.get(e.key);if(a!==void 0&&(this.shift=(o[a]??0)-s,!t)){let n=this.items.slice(0,a);this.fresh+=n.filter(({kind:d,key:h})=>d==="row"&&!i.has(h)).length}}heightOf(t){return t.kind==="head"?B:this.narrow?G.narrow+(t.command.reason?G.reason:0):G.wide}placeAt(t){let e=0,s=this.items.length-1;for(;e<s;){let i=e+s+1>>1;(this.edges[i]??0)<=t?e=i:s=i-1}return Math.max(0,e)}updated(){let t=this.window;this.shift!==0&&t&&(t.scrollTop+=this.shift,this.shift=0,this.top=t.scrollTop)}get window(){return this.renderRoot.querySelector(".window")}render(){let t=this.top+this.shift,e=Math.max(0,this.placeAt(t)-Pt),s=Math.min(this.items.length,this.placeAt(t+this.view)+Pt),i=new Set(Array.from({length:s-e},(p,u)=>e+u)),o=this.places.get(this.current),a=o??this.items.findIndex(({kind:p})=>p==="row");o!==void 0&&i.add(o);let n=this.edges.at(-1)??0,d=[...i].sort((p,u)=>p-u),h=this.headAbove(this.placeAt(t));return m`
            <div
                class="window"
                @scroll=${this.scrolled}
                @keydown=${this.pressed}
                @focusin=${this.focused}
            >
                ${h?m`<div class="stuck" aria-hidden="true">${this.renderHead(h)}</div>`:y}
                <div class="all" role="list" style="block-size:${n}px">
                    ${St(d,p=>this.items[p]?.key,p=>this.renderItem(p,p===a))}
                </div>
            </div>
            ${this.fresh>0?m`<button class="fresh" type="button" @click=${this.toTop}>
                          ${this.context.words.count("list.new",this.fresh)}
                      </button>`:y}
        `}renderItem(t,e){let s=this.items[t];if(!s)return y;let o=`transform:translateY(${this.edges[t]??0}px);block-size:${this.heightOf(s)}px`,[a,n]=[this.items.length,t+1];return s.kind==="head"?m`<div
                  class="item"
                  role="listitem"
                  aria-setsize=${a}
                  aria-posinset=${n}
                  style=${o}
              >
                  ${this.renderHead(s)}
              </div>`:m`<div
                  class="item line"
                  role="listitem"
                  aria-setsize=${a}
                  aria-posinset=${n}
                  style=${o}
              >
                  ${yt(s.command,this.context,this.usual,this.doors,e)}
              </div>`}renderHead({day:t,counts:e}){let{words:s,clock:i}=this.context,o=["open","success","failure","timeout","cancelled","lost"].filter(a=>e[a]).map(a=>s.count(`count.${a}`,e[a]??0));return m`<div class="head">
            <h2>${t===null?s.say("list.now"):i.dayName(t,i.now())}</h2>
            <span
                >${o.map((a,n)=>m`${n>0?" · ":""}<bdi>${a}</bdi>`)}</span
            >
        </div>`}headAbove(t){for(let e=t;e>=0;e-=1){let s=this.items[e];if(s?.kind==="head")return s}}async focusCurrent(){let t=this.places.get(this.current)??0,[e,s]=[this.edges[t]??0,this.edges[t+1]??0],i=this.window;i&&(e<i.scrollTop+B?i.scrollTop=e-B:s>i.scrollTop+this.view&&(i.scrollTop=s-this.view),await this.updateComplete,this.renderRoot.querySelector(`.row[data-id="${CSS.escape(this.current)}"]`)?.focus({preventScroll:!0}))}static{this.styles=[xt,C`
            :host {
                display: block;
                position: relative;
                min-block-size: 0;
                overflow: hidden;
            }
            .window {
                block-size: 100%;
                overflow-y: auto;
                overflow-anchor: none;
            }
            .stuck {
                position: sticky;
                inset-block-start: 0;
                z-index: 1;
                block-size: 0;
                overflow: visible;
            }
            .stuck .head {
                background: var(--primary-background-color, #fafafa);
            }
            .all {
                position: relative;
            }
            .item {
                position: absolute;
                inset-inline: 0;
                inset-block-start: 0;
            }
            .head {
                box-sizing: border-box;
                block-size: 48px;
                display: flex;
                align-items: end;
                justify-content: space-between;
                gap: 16px;
                padding: 0 16px 8px;
                border-block-end: 1px solid var(--divider-color, #e0e0e0);
            }
            h2 {
                margin: 0;
                font-size: 1em;
                font-weight: 500;
            }
            .head span {
                color: var(--secondary-text-color, #727272);
                font-size: 0.875em;
            }
            .fresh {
                position: absolute;
                inset-block-start: 56px;
                inset-inline: 0;
                margin-inline: auto;
                inline-size: fit-content;
                z-index: 2;
                border: 0;
                border-radius: 18px;
                padding: 8px 16px;
                font: inherit;
                cursor: pointer;
                color: var(--text-primary-color, #fff);
                background: var(--primary-color, #03a9f4);
                box-shadow: 0 2px 6px rgb(0 0 0 / 30%);
            }
        `]}};T("command-status-list",X);function Ot(r){let c;return(...t)=>(c?.parts.every((e,s)=>e===t[s])||(c={parts:t,made:r(...t)}),c.made)}var F=7,Lt=10,Gt=3e4,Dt=["success","cancelled","timeout","lost","failure"],Xt=.9,J=class extends A{constructor(){super();this.days=new Map;this.ask=async()=>{try{let{statistics:t}=await this.context.hass.callWS({type:"command_status/statistics"});this.days=this.perDay(),this.figures=t,this.failed=!1}catch{this.failed=!0}};this.commands=[],this.account="",this.failed=!1,this.room=Lt}static{this.properties={context:{attribute:!1},commands:{attribute:!1},account:{type:String},figures:{state:!0},failed:{state:!0},room:{state:!0}}}connectedCallback(){super.connectedCallback(),this.timer=setInterval(()=>{this.ask()},Gt)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}firstUpdated(){this.ask()}shouldUpdate(t){let e=t.get("context"),s=["figures","failed","room","account"];return!this.hasUpdated||s.some(i=>t.has(i))||e!==void 0&&e.words!==this.context.words}updated(){this.figures&&this.room<this.figures.length&&setTimeout(()=>this.room+=Lt)}render(){let{words:t}=this.context;if(!this.figures)return this.failed?m`<p class="none">${t.say("error.title")}</p>`:m`<p class="none" role="status">${t.say("loading")}</p>`;let e=this.figures.filter(({config_entry_id:s})=>!this.account||s===this.account).sort((s,i)=>Q(i)-Q(s)||i.count-s.count);return e.length===0?m`<p class="none">${t.say("statistics.none")}</p>`:m`
            <p class="sum">${this.summary(e)}</p>
            <table>
                <thead>
                    <tr>
                        <th scope="col">${t.say("statistics.thing")}</th>
                        <th scope="col" class="number">${t.say("statistics.count")}</th>
                        <th scope="col" class="outcomes">${t.say("statistics.outcomes")}</th>
                        <th scope="col" class="number">${t.say("statistics.share")}</th>
                        <th scope="col" class="number">${t.say("statistics.median")}</th>
                        <th scope="col" class="number wide">${t.say("statistics.p95")}</th>
                        <th scope="col" class="wide">${t.say("statistics.days")}</th>
                        <th scope="col" class="number wide">${t.say("statistics.requests")}</th>
                    </tr>
                </thead>
                <tbody>
                    ${this.renderRows(e.slice(0,this.room))}
                </tbody>
            </table>
        `}summary(t){let{words:e,clock:s}=this.context,i=h=>t.reduce((p,u)=>p+h(u),0),[o,a]=[i(h=>h.count),i(h=>h.states.success??0)],n=[...new Set(t.filter(h=>Q(h)>1&&(h.success_share??1)<Xt).map(h=>h.target_name))].slice(0,3),d=e.say("statistics.sum",{count:s.number(o),succeeded:s.number(a)});return n.length===0?d:`${d} ${e.say("statistics.often",{things:n.join(", ")})}`}renderRows(t){return t.map(e=>{let{words:s,clock:i}=this.context,o=n=>n===null?"–":i.duration(n),a=Dt.filter(n=>e.states[n]).map(n=>s.count(`count.${n}`,e.states[n]??0)).join(", ");return m`<tr>
                <th scope="row">
                    <button type="button" @click=${()=>k(this,"figures-chosen",e)}>
                        ${e.target_name} <span>${e.command}</span>
                    </button>
                </th>
                <td class="number">${i.number(e.count)}</td>
                <td class="outcomes">
                    <span class="bar" role="img" aria-label=${a} title=${a}>
                        ${Dt.filter(n=>e.states[n]).map(n=>m`<i
                                    style="flex:${e.states[n]};background:${z[n].color}"
                                ></i>`)}
                    </span>
                </td>
                <td class="number">
                    ${e.success_share===null?"–":i.percent(e.success_share)}
                </td>
                <td class="number">${o(e.median)}</td>
                <td class="number wide">${o(e.p95)}</td>
                <td class="wide">${this.renderDays(this.days.get(W(e)))}</td>
                <td class="number wide">${i.number(e.requests)}</td>
            </tr>`})}perDay(){let t=this.context.clock.now(),e=new Map;for(let s of this.commands){let i=Math.floor((t-D(s))/864e5);if(s.state==="success"&&s.duration!==null&&i<F){let o=W(s),a=e.get(o)??Array.from({length:F},()=>[]);a[F-1-Math.max(0,i)]?.push(s.duration),e.set(o,a)}}return new Map([...e].map(([s,i])=>[s,i.map(vt)]))}renderDays(t){let e=(t??[]).flatMap((d,h)=>d===null?[]:[{day:h,value:d}]);if(e.length<2)return y;let{words:s,clock:i}=this.context,o=Math.max(...e.map(({value:d})=>d),.001),a=e.map(({day:d,value:h})=>`${d/(F-1)*76+2},${22-h/o*20}`).join(" "),n=e.map(({value:d})=>i.duration(d)).join(", ");return m`<svg
            class="spark"
            viewBox="0 0 80 24"
            role="img"
            aria-label="${s.say("statistics.days")}: ${n}"
        >
            ${ot`<polyline points=${a}></polyline>`}
        </svg>`}static{this.styles=C`
        :host {
            display: block;
            min-block-size: 0;
            overflow: auto;
            container-type: inline-size;
        }
        .sum {
            margin: 0;
            padding: 16px;
            font-size: 1.1em;
        }
        .none {
            padding: 32px 16px;
            text-align: center;
            color: var(--secondary-text-color, #727272);
        }
        table {
            inline-size: 100%;
            border-collapse: collapse;
        }
        th,
        td {
            padding: 8px 12px;
            text-align: start;
            font-weight: 400;
            border-block-end: 1px solid var(--divider-color, #e0e0e0);
        }
        th:first-child {
            padding-inline-start: 16px;
        }
        thead th {
            position: sticky;
            inset-block-start: 0;
            background: var(--primary-background-color, #fafafa);
            color: var(--secondary-text-color, #727272);
            font-size: 0.875em;
            z-index: 1;
        }
        .number {
            text-align: end;
            font-variant-numeric: tabular-nums;
        }
        button {
            all: unset;
            cursor: pointer;
            font-weight: 500;
        }
        button:hover {
            text-decoration: underline;
        }
        button:focus-visible {
            outline: 2px solid var(--primary-color, #03a9f4);
        }
        button span {
            font-weight: 400;
            color: var(--secondary-text-color, #727272);
        }
        .bar {
            display: flex;
            gap: 1px;
            inline-size: 96px;
            block-size: 8px;
            border-radius: 4px;
            overflow: hidden;
        }
        .spark {
            display: block;
            inline-size: 80px;
            block-size: 24px;
        }
        polyline {
            fill: none;
            stroke: var(--primary-color, #03a9f4);
            stroke-width: 2;
        }
        :host(:dir(rtl)) .spark {
            transform: scaleX(-1);
        }
        @container (inline-size < 700px) {
            .wide {
                display: none;
            }
            .bar {
                inline-size: 48px;
            }
            th,
            td {
                padding-inline: 6px;
            }
        }
        @container (inline-size < 480px) {
            .outcomes {
                display: none;
            }
        }
    `}};function Q({states:r}){return(r.failure??0)+(r.timeout??0)+(r.lost??0)}T("command-status-statistics",J);var Qt=1e5,Jt={list:it,line:et,statistics:tt},Zt=new URL(import.meta.url).searchParams.get("v")??"",Z=class extends bt{constructor(){super();this.shown=Ot((t,e,s)=>t.filter(i=>pt(i,e,{devices:s})));this.moved=()=>{this.filters=N(location.search)};this.lift=()=>{this.filter(Object.fromEntries(ct.map(t=>[t,lt[t]])))};this.narrow=!1,this.unfolded=!1,this.filters=N(location.search)}static{this.properties={narrow:{type:Boolean},route:{attribute:!1},panel:{attribute:!1},filters:{state:!0},unfolded:{state:!0}}}connectedCallback(){super.connectedCallback(),window.addEventListener("popstate",this.moved),window.addEventListener("location-changed",this.moved)}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("popstate",this.moved),window.removeEventListener("location-changed",this.moved)}subscription(){return{filter:{limit:Qt},bundle:Zt}}filter(t){this.filters={...this.filters,...t},history.replaceState(history.state,"",`${location.pathname}${dt(this.filters)}`)}render(){let{context:t,snapshot:e,filters:s,hass:i}=this;if(!t)return y;let{words:o}=t;this.style.colorScheme=i.themes.darkMode?"dark":"light";let a=this.shown(e.commands,s,i.devices);return m`
            <header>
                <ha-menu-button .hass=${i} .narrow=${this.narrow}></ha-menu-button>
                <h1>${o.say("title")}</h1>
                <input
                    class="search"
                    type="search"
                    .value=${s.text}
                    placeholder=${o.say("search")}
                    aria-label=${o.say("search")}
                    @input=${n=>this.filter({text:n.target.value})}
                />
                <button
                    class="fold"
                    type="button"
                    aria-expanded=${this.unfolded}
                    aria-controls="filters"
                    aria-label=${o.say("filter.label")}
                    @click=${()=>this.unfolded=!this.unfolded}
                >
                    ${q(st)}
                </button>
                <nav aria-label=${o.say("view.label")}>
                    ${at.map(n=>m`<button
                                type="button"
                                aria-pressed=${n===s.view}
                                title=${o.say(`view.${n}`)}
                                aria-label=${o.say(`view.${n}`)}
                                @click=${()=>this.filter({view:n})}
                            >
                                ${q(Jt[n])}
                            </button>`)}
                </nav>
            </header>
            ${this.renderFilters()} ${this.renderCondition()}
            <main class=${e.condition} aria-busy=${e.condition==="loading"}>
                ${this.renderView(a)}
            </main>
            ${this.renderOver()}
        `}renderFilters(){let{context:t,filters:e}=this,s=t?.words;return m`<div
            id="filters"
            class=${this.unfolded?"unfolded":""}
            role="group"
            aria-label=${s?.say("filter.label")??""}
        >
            ${this.choices().map(({name:i,options:o})=>m`<select
                        aria-label=${s?.say(`filter.${i}`)??""}
                        class=${e[i]?"set":""}
                        @change=${a=>this.filter({[i]:a.target.value})}
                    >
                        <option value="" ?selected=${!e[i]}>
                            ${s?.say(`filter.${i}`)}
                        </option>
                        ${o.map(([a,n])=>m`<option value=${a} ?selected=${a===e[i]}>
                                    ${n}
                                </option>`)}
                    </select>`)}
            ${j(e)?m`<button class="plain" type="button" @click=${this.lift}>
                          ${s?.say("filter.lift")}
                      </button>`:y}
        </div>`}choices(){let{hass:t,filters:e,snapshot:s,context:i}=this,{commands:o,accounts:a}=s,n=l=>{let f=new Set;for(let b of o){let w=l(b);w&&f.add(w)}return f},d=(l,f,b)=>{let x=[...new Set([...f,...e[l]?[e[l]]:[]])].map(g=>[g,b(g)]);return{name:l,options:x.sort(([,g],[,$])=>g.localeCompare($))}},h=Object.keys(z),p=i?.words,u=l=>l in V?p?.say(`filter.${l}`)??"":p?.state(l)??"";return[d("account",Object.keys(a),l=>a[l]??l),d("area",n(l=>mt(l,t)),l=>t.areas[l]?.name??l),d("device",n(l=>l.device_id),l=>t.devices[l]?.name??l),{name:"state",options:[...Object.keys(V),...h].map(l=>[l,u(l)])},d("tag",n(l=>l.tag),String)].filter(({name:l,options:f})=>f.length>1||e[l]!=="")}renderCondition(){let{condition:t,outdated:e}=this.snapshot,s=this.context?.words;return t==="lost"?m`<p class="note" role="status">${s?.say("lost")}</p>`:e?m`<p class="note" role="status">
                ${s?.say("outdated")}
                <button class="plain" type="button" @click=${()=>location.reload()}>
                    ${s?.say("reload")}
                </button>
            </p>`:y}renderView(t){let{snapshot:e,filters:s,context:i}=this,o=i?.words;return e.condition==="loading"&&e.commands.length===0?m`<p class="empty" role="status">${o?.say("loading")}</p>`:e.condition==="failed"?m`<div class="empty" role="alert">
                <p>${o?.say("error.title")}</p>
                <button class="plain strong" type="button" @click=${()=>this.store?.again()}>
                    ${o?.say("error.again")}
                </button>
            </div>`:s.view==="statistics"?m`<command-status-statistics
                .context=${i}
                .commands=${t}
                .account=${s.account}
                @figures-chosen=${({detail:a})=>this.filter({view:"list",account:a.config_entry_id,target:a.target,command:a.command})}
            ></command-status-statistics>`:t.length===0?this.renderEmpty():s.view==="line"?m`<command-status-line
                  .context=${i}
                  .commands=${t}
                  .span=${s.span}
                  @span-chosen=${({detail:a})=>this.filter({span:a})}
              ></command-status-line>`:m`<command-status-list
                  .context=${i}
                  .commands=${t}
                  .usual=${this.usual}
              ></command-status-list>`}renderEmpty(){let{filters:t,context:e,hass:s}=this,i=e?.words;return j(t)?m`<div class="empty">
                <p>${i?.say("filtered",{filters:this.told()})}</p>
                <button class="plain strong" type="button" @click=${this.lift}>
                    ${i?.say("filter.lift")}
                </button>
            </div>`:m`<div class="empty">
            <p>${i?.say("empty.text")}</p>
            ${s.user?.is_admin?m`<a href="/config/integrations/integration/command_status"
                          >${i?.say("empty.button")}</a
                      >`:y}
        </div>`}told(){let{filters:t}=this,e=this.choices().flatMap(({name:a,options:n})=>n.filter(([d])=>d===t[a]).map(([,d])=>d)),{text:s,target:i,command:o}=t;return[...e,i,o,s&&`“${s}”`].filter(Boolean).join(", ")}static{this.styles=[ut,C`
            :host {
                display: flex;
                flex-direction: column;
                box-sizing: border-box;
                block-size: 100dvh;
                padding: var(--safe-area-inset-top, 0)
                    var(--safe-area-content-inset-right, var(--safe-area-inset-right, 0))
                    var(--safe-area-inset-bottom, 0)
                    var(--safe-area-content-inset-left, var(--safe-area-inset-left, 0));
                color: var(--primary-text-color, #212121);
                background: var(--primary-background-color, #fafafa);
                font-family: var(--ha-font-family-body, Roboto, sans-serif);
                font-size: var(--ha-font-size-m, 14px);
            }
            svg {
                inline-size: 24px;
                block-size: 24px;
                fill: currentcolor;
                display: block;
            }
            header {
                flex: none;
                display: flex;
                align-items: center;
                gap: 8px;
                box-sizing: border-box;
                min-block-size: var(--header-height, 56px);
                padding-inline: 12px;
                color: var(--app-header-text-color, #fff);
                background: var(--app-header-background-color, #03a9f4);
                border-block-end: var(--app-header-border-bottom, none);
            }
            h1 {
                flex: 1;
                margin: 0;
                padding-inline-start: 8px;
                font-size: var(--ha-font-size-xl, 20px);
                font-weight: 400;
                overflow: hidden;
                text-overflow: ellipsis;
                white-space: nowrap;
            }
            .search {
                inline-size: 220px;
            }
            .search,
            select {
                box-sizing: border-box;
                min-inline-size: 0;
                block-size: 36px;
                padding-inline: 12px;
                border: 1px solid var(--divider-color, #e0e0e0);
                border-radius: 18px;
                font: inherit;
                color: var(--primary-text-color, #212121);
                background: var(--card-background-color, #fff);
            }
            select.set {
                border-color: var(--primary-color, #03a9f4);
                background: color-mix(
                    in srgb,
                    var(--primary-color, #03a9f4) 16%,
                    var(--card-background-color, #fff)
                );
            }
            .search:focus-visible,
            select:focus-visible {
                outline: 2px solid var(--primary-color, #03a9f4);
                outline-offset: 1px;
            }
            nav {
                display: flex;
            }
            nav button,
            .fold {
                all: unset;
                box-sizing: border-box;
                padding: 10px;
                border-radius: 50%;
                cursor: pointer;
            }
            nav button[aria-pressed="true"] {
                background: color-mix(in srgb, currentcolor 20%, transparent);
            }
            nav button:focus-visible,
            .fold:focus-visible {
                outline: 2px solid currentcolor;
            }
            .fold {
                display: none;
            }
            #filters {
                flex: none;
                display: flex;
                flex-wrap: wrap;
                gap: 8px;
                padding: 8px 16px;
                border-block-end: 1px solid var(--divider-color, #e0e0e0);
            }
            #filters:empty {
                display: none;
            }
            main {
                flex: 1;
                min-block-size: 0;
                display: flex;
                flex-direction: column;
            }
            main > * {
                flex: 1;
            }
            main.lost {
                opacity: 0.6;
            }
            .note {
                margin: 0;
                padding: 8px 16px;
                background: color-mix(in srgb, var(--warning-color, #ffa600) 24%, transparent);
            }
            .empty {
                display: flex;
                flex-direction: column;
                align-items: center;
                justify-content: center;
                gap: 8px;
                padding: 32px;
                text-align: center;
            }
            a {
                color: inherit;
                font-weight: 500;
                padding: 10px 16px;
                text-decoration: none;
                border-radius: 18px;
                border: 1px solid var(--primary-color, #03a9f4);
            }
            @media (width < 700px) {
                header {
                    flex-wrap: wrap;
                    gap: 0 4px;
                    padding-block-end: 8px;
                }
                h1 {
                    min-block-size: 48px;
                    line-height: 48px;
                }
                .search {
                    order: 1;
                    flex: 1 0 calc(100% - 60px);
                }
                .fold {
                    order: 1;
                    display: block;
                }
                #filters:not(.unfolded) {
                    display: none;
                }
                select {
                    flex: 1 1 40%;
                }
            }
        `]}};T("command-status-panel",Z);export{Z as CommandStatusPanel};
