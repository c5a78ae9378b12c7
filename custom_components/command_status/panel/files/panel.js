import{A as bt,B as z,C as W,D as q,E as gt,F as yt,G as xt,H as wt,I as $t,a as et,b as st,c as it,d as ot,e as T,f as u,g as rt,h as nt,i as w,j as at,k as A,l as M,m as k,n as lt,o as V,p as ct,q as dt,r as N,s as pt,t as j,u as mt,v as ut,w as ht,x as ft,y as vt,z as I}from"./chunk-XQCZBXDO.js";var Bt=5;function kt(r,l,t){let e=new Map;for(let s=r.length-1;s>=0;s-=1){let i=r[s];if(!i)continue;let o=Ft(i,t);if(o.to<l)continue;let n=`${i.config_entry_id} ${i.target}`,a=e.get(n);a||(a={key:n,name:i.target_name,bars:[],lines:1,last:0},e.set(n,a)),a.name=i.target_name,a.last=Math.max(a.last,o.to),a.bars.push(o)}for(let s of e.values())Ut(s);return[...e.values()].sort((s,i)=>i.last-s.last||s.name.localeCompare(i.name))}function Ft(r,l){let t=vt(r),e=r.final?I(r):l;return{command:r,from:t,to:Math.max(t,e),line:0}}function Ut(r){let l=[];for(let t of r.bars){let e=l.findIndex(s=>s<=t.from);e<0&&(e=Math.min(l.length,Bt-1)),t.line=e,l[e]=Math.max(l[e]??0,t.to)}r.lines=Math.max(1,l.length)}var L=6e4,E=60*L,Vt=[5*L,10*L,15*L,E,2*E,4*E,24*E];function Ct(r,l,t){let e=Vt.find(o=>(l-r)/o<=t)??48*E,s=new Date(l).getTimezoneOffset()*L,i=[];for(let o=Math.ceil((r-s)/e)*e+s;o<l;o+=e)i.push(o);return{moments:i,days:e>=24*E}}var Y=[1,6,24,168],Tt=36e5,Nt=12,S=28,_=12,D=4,Mt=10,b=7,K=class extends A{constructor(){super();this.lanes=[];this.placed=[];this.size=0;this.frame=0;this.fingers=new Map;this.apart=0;this.watch=new ResizeObserver(([t])=>{this.size=t?.contentRect.width??0,this.requestUpdate()});this.draw=()=>{let t=this.canvas,e=t?.getContext("2d");if(!t||!e||this.size===0)return;let s=getComputedStyle(this),i=s.direction==="rtl",o=this.size<600,n=o?0:180,a=this.shown.map(y=>y.lines*(_+D)-D+2*Mt+(o?18:0)),p=S+a.reduce((y,$)=>y+$,0),c=window.devicePixelRatio;t.style.blockSize=`${p}px`,t.width=Math.round(this.size*c),t.height=Math.round(p*c),e.scale(c,c);let d=jt(s),f=this.context.clock.now(),h=f-this.span*Tt,v=this.size-n-24,m=y=>{let $=n+8+(Math.max(h,y)-h)/(f-h)*v;return i?this.size-$:$},g=(y,$,C,O)=>{e.textAlign=i?"right":"left",e.fillText(qt(e,y,O),i?this.size-$:$,C)};e.font=`12px ${s.fontFamily}`,e.textBaseline="middle",this.drawScale(e,h,f,p,m,d),this.placed=[];let x=S;for(let[y,$]of this.shown.entries()){let C=a[y]??0;e.fillStyle=d("var(--divider-color, #e0e0e0)"),e.fillRect(0,x,this.size,1),e.font=`500 14px ${s.fontFamily}`,e.fillStyle=d("var(--primary-text-color, #212121)"),g($.name,16,o?x+14:x+C/2,o?this.size-32:n-24);for(let O of $.bars)this.drawBar(e,O,x+Mt+(o?18:0),f,h,m,d);x+=C}e.fillStyle=d("var(--primary-color, #03a9f4)"),e.fillRect(m(f)-1,S-6,2,p-S+6)};this.moved=t=>{this.pinched(t),this.told=this.at(t)};this.left=()=>{this.told=void 0};this.clicked=t=>{let e=this.at(t);e&&k(this,"command-open",e.bar.command)};this.pressed=t=>{let e=[...this.placed].sort((a,p)=>a.bar.from-p.bar.from),s=this.told?.bar.command.tracking_id,i=e.findIndex(({bar:a})=>a.command.tracking_id===s),o=e.length-1,n={ArrowLeft:i<0?o:Math.max(0,i-1),ArrowRight:i<0?o:Math.min(o,i+1),Home:0,End:o}[t.key];n!==void 0?(t.preventDefault(),this.told=e[n]):t.key==="Enter"&&this.told?(t.preventDefault(),k(this,"command-open",this.told.bar.command)):t.key==="Escape"&&(this.told=void 0)};this.wheeled=t=>{t.ctrlKey&&(t.preventDefault(),this.zoom(t.deltaY>0?1:-1))};this.down=t=>{this.fingers.set(t.pointerId,t.offsetX),this.apart=0};this.up=t=>{this.fingers.delete(t.pointerId)};this.commands=[],this.span=6,this.unfolded=!1}static{this.properties={context:{attribute:!1},commands:{attribute:!1},span:{type:Number},unfolded:{state:!0},told:{state:!0}}}connectedCallback(){super.connectedCallback(),this.watch.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.watch.disconnect(),cancelAnimationFrame(this.frame)}willUpdate(){let t=this.context.clock.now();this.lanes=kt(this.commands,t-this.span*Tt,t)}get shown(){return this.unfolded?this.lanes:this.lanes.slice(0,Nt)}get canvas(){return this.renderRoot.querySelector("canvas")}render(){let{words:t,clock:e}=this.context,s=this.lanes.reduce((o,n)=>o+n.bars.length,0),i=this.lanes.length-this.shown.length;return u`
            <div class="bar" role="group" aria-label=${t.say("line.span")}>
                ${Y.map(o=>u`<button
                            type="button"
                            aria-pressed=${o===this.span}
                            @click=${()=>k(this,"span-chosen",o)}
                        >
                            ${e.span(o)}
                        </button>`)}
            </div>
            ${s===0?u`<p class="none">${t.say("line.none")}</p>`:u`<div class="field">
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
                          ${this.told?this.renderTold(this.told,e.timeOf(this.told.bar.from)):w}
                          <p id="told" class="unseen" aria-live="polite">
                              ${this.told?this.sentence(this.told.bar.command):""}
                          </p>
                      </div>`}
            ${i>0?u`<button
                          class="more"
                          type="button"
                          @click=${()=>this.unfolded=!0}
                      >
                          ${t.count("line.more",i)}
                      </button>`:w}
        `}sentence(t){let{words:e}=this.context;return`${t.target_name}, ${e.command(t)}: ${e.outcome(t)}`}renderTold({bar:t,x:e,y:s},i){let{words:o}=this.context,{command:n}=t,a=Math.max(8,Math.min(this.size-248,e));return u`<div class="tip" aria-hidden="true" style="left:${a}px;top:${s+_+8}px">
            <strong>${n.target_name}</strong> · ${o.command(n)}<br />
            ${o.outcome(n)}<br />
            <small>${i}</small>
        </div>`}updated(){cancelAnimationFrame(this.frame),document.hidden||(this.frame=requestAnimationFrame(this.draw))}drawScale(t,e,s,i,o,n){let{clock:a}=this.context,{moments:p,days:c}=Ct(e,s,this.size<600?4:8);t.textAlign="center";for(let d of p){let f=o(d);t.fillStyle=n("var(--divider-color, #e0e0e0)"),t.fillRect(f,S-6,1,i),t.fillStyle=n("var(--secondary-text-color, #727272)");let h=c?a.dateOf(d):a.timeOf(d),v=t.measureText(h).width/2+4;t.fillText(h,Math.max(v,Math.min(this.size-v,f)),S/2)}}drawBar(t,e,s,i,o,n,a){let p=s+e.line*(_+D),[c,d]=[n(e.from),n(e.to)],[f,h]=[Math.min(c,d),Math.max(3,Math.abs(d-c))];for(let{state:v,from:m,to:g}of xt(e.command,i))if(g>=o){t.fillStyle=a(z[v].color);let[x,y]=[n(m),n(g)];t.fillRect(Math.min(x,y),p+2,Math.max(1,Math.abs(y-x)),_-4)}e.command.final&&Wt(t,e.command.state,d,p+_/2,a(z[e.command.state].color)),this.placed.push({bar:e,x:f,y:p,width:h}),this.told?.bar.command.tracking_id===e.command.tracking_id&&(t.strokeStyle=a("var(--primary-text-color, #212121)"),t.lineWidth=1.5,t.strokeRect(f-b,p-2,h+2*b,_+4))}at(t){let{offsetX:s,offsetY:i}=t;return this.placed.filter(({x:o,y:n,width:a})=>s>=o-10&&s<=o+a+10&&i>=n-D/2&&i<=n+_+D/2).at(-1)}pinched(t){if(!this.fingers.has(t.pointerId))return;this.fingers.set(t.pointerId,t.offsetX);let[e,s]=[...this.fingers.values()];if(e===void 0||s===void 0)return;let i=Math.abs(e-s);this.apart||=i,(i>this.apart*1.5||i<this.apart/1.5)&&(this.zoom(i>this.apart?-1:1),this.apart=i)}zoom(t){let e=Y[Y.indexOf(this.span)+t];e!==void 0&&k(this,"span-chosen",e)}static{this.styles=T`
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
    `}};function jt(r){let l=new Map;return t=>{let e=l.get(t);if(e===void 0){let[,s="",i=t]=/^var\((--[\w-]+), (.+)\)$/.exec(t)??[];e=r.getPropertyValue(s).trim()||i,l.set(t,e)}return e}}function Wt(r,l,t,e,s){r.fillStyle=s,r.strokeStyle=s,r.lineWidth=2,r.beginPath(),l==="success"?(r.arc(t,e,b-1,0,2*Math.PI),r.fill()):l==="failure"?(r.moveTo(t-b+1,e-b+1),r.lineTo(t+b-1,e+b-1),r.moveTo(t+b-1,e-b+1),r.lineTo(t-b+1,e+b-1),r.lineWidth=3,r.stroke()):l==="timeout"?(r.arc(t,e,b-2,0,2*Math.PI),r.stroke()):l==="lost"?(r.moveTo(t,e-b),r.lineTo(t+b,e),r.lineTo(t,e+b),r.lineTo(t-b,e),r.closePath(),r.stroke()):r.fillRect(t-b+2,e-b+2,2*b-4,2*b-4)}function qt(r,l,t){if(r.measureText(l).width<=t)return l;let e=l.length;for(;e>1&&r.measureText(`${l.slice(0,e)}…`).width>t;)e-=1;return`${l.slice(0,e)}…`}M("command-status-line",K);var Rt={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},zt=r=>(...l)=>({_$litDirective$:r,values:l}),H=class{constructor(l){}get _$AU(){return this._$AM._$AU}_$AT(l,t,e){this._$Ct=l,this._$AM=t,this._$Ci=e}_$AS(l,t){return this.update(l,t)}update(l,t){return this.render(...t)}};var{I:Yt}=at,_t=r=>r;var At=()=>document.createComment(""),P=(r,l,t)=>{let e=r._$AA.parentNode,s=l===void 0?r._$AB:l._$AA;if(t===void 0){let i=e.insertBefore(At(),s),o=e.insertBefore(At(),s);t=new Yt(i,o,r,r.options)}else{let i=t._$AB.nextSibling,o=t._$AM,n=o!==r;if(n){let a;t._$AQ?.(r),t._$AM=r,t._$AP!==void 0&&(a=r._$AU)!==o._$AU&&t._$AP(a)}if(i!==s||n){let a=t._$AA;for(;a!==i;){let p=_t(a).nextSibling;_t(e).insertBefore(a,s),a=p}}}return t},R=(r,l,t=r)=>(r._$AI(l,t),r),Kt={},Et=(r,l=Kt)=>r._$AH=l,St=r=>r._$AH,B=r=>{r._$AR(),r._$AA.remove()};var Pt=(r,l,t)=>{let e=new Map;for(let s=l;s<=t;s++)e.set(r[s],s);return e},Ot=zt(class extends H{constructor(r){if(super(r),r.type!==Rt.CHILD)throw Error("repeat() can only be used in text expressions")}dt(r,l,t){let e;t===void 0?t=l:l!==void 0&&(e=l);let s=[],i=[],o=0;for(let n of r)s[o]=e?e(n,o):o,i[o]=t(n,o),o++;return{values:i,keys:s}}render(r,l,t){return this.dt(r,l,t).values}update(r,[l,t,e]){let s=St(r),{values:i,keys:o}=this.dt(l,t,e);if(!Array.isArray(s))return this.ut=o,i;let n=this.ut??=[],a=[],p,c,d=0,f=s.length-1,h=0,v=i.length-1;for(;d<=f&&h<=v;)if(s[d]===null)d++;else if(s[f]===null)f--;else if(n[d]===o[h])a[h]=R(s[d],i[h]),d++,h++;else if(n[f]===o[v])a[v]=R(s[f],i[v]),f--,v--;else if(n[d]===o[v])a[v]=R(s[d],i[v]),P(r,a[v+1],s[d]),d++,v--;else if(n[f]===o[h])a[h]=R(s[f],i[h]),P(r,s[d],s[f]),f--,h++;else if(p===void 0&&(p=Pt(o,h,v),c=Pt(n,d,f)),p.has(n[d]))if(p.has(n[f])){let m=c.get(o[h]),g=m!==void 0?s[m]:null;if(g===null){let x=P(r,s[d]);R(x,i[h]),a[h]=x}else a[h]=R(g,i[h]),P(r,s[d],g),s[m]=null;h++}else B(s[f]),f--;else B(s[d]),d++;for(;h<=v;){let m=P(r,a[v+1]);R(m,i[h]),a[h++]=m}for(;d<=f;){let m=s[d++];m!==null&&B(m)}return this.ut=o,Et(r,a),nt}});var F=48,G={wide:52,narrow:68,reason:20},Lt=6,Gt=860,X=class extends A{constructor(){super();this.items=[];this.edges=[0];this.places=new Map;this.view=800;this.today="";this.shift=0;this.watch=new ResizeObserver(([t])=>{t&&(this.narrow=t.contentRect.width<Gt,this.view=t.contentRect.height,this.requestUpdate())});this.doors={open:t=>k(this,"command-open",t),again:t=>k(this,"command-again",t),cancel:t=>k(this,"command-cancel",t)};this.scrolled=()=>{this.top=this.window?.scrollTop??0,this.top<F&&(this.fresh=0)};this.toTop=()=>{this.window?.scrollTo({top:0}),this.fresh=0};this.focused=t=>{let e=t.target.closest(".line");this.current=e?.querySelector(".row")?.dataset.id??this.current};this.pressed=t=>{let e=this.items.filter(({kind:n})=>n==="row").map(({key:n})=>n),s=e.indexOf(this.current),i={ArrowDown:s+1,ArrowUp:s-1,Home:0,End:e.length-1}[t.key],o=i===void 0?void 0:e[Math.max(0,Math.min(e.length-1,i))];o!==void 0&&(t.preventDefault(),this.current=o,this.focusCurrent())};this.commands=[],this.usual=new Map,this.narrow=!1,this.top=0,this.fresh=0,this.current=""}static{this.properties={context:{attribute:!1},commands:{attribute:!1},usual:{attribute:!1},narrow:{state:!0},top:{state:!0},fresh:{state:!0},current:{state:!0}}}connectedCallback(){super.connectedCallback(),this.watch.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.watch.disconnect()}willUpdate(t){let{clock:e}=this.context,s=e.dayKey(e.now()),i=t.get("context")?.clock===e||!t.has("context");(t.has("commands")||t.has("narrow")||!i||this.today!==s)&&(this.today=s,this.arrange(t.has("narrow")))}arrange(t){let e=this.top>0?this.items[this.placeAt(this.top)]:void 0,s=e&&this.edges[this.places.get(e.key)??0],i=new Set(this.places.keys());this.items=bt(this.commands,this.context.clock);let o=[0];this.places.clear();for(let[a,p]of this.items.entries())this.places.set(p.key,a),o.push((o[a]??0)+this.heightOf(p));if(this.edges=o,!e||s===void 0){this.fresh=0;return}let n=this.places.get(e.key);if(n!==void 0&&(this.shift=(o[n]??0)-s,!t)){let a=this.items.slice(0,n);this.fresh+=a.filter(({kind:p,key:c})=>p==="row"&&!i.has(c)).length}}heightOf(t){return t.kind==="head"?F:this.narrow?G.narrow+(t.command.reason?G.reason:0):G.wide}placeAt(t){let e=0,s=this.items.length-1;for(;e<s;){let i=e+s+1>>1;(this.edges[i]??0)<=t?e=i:s=i-1}return Math.max(0,e)}updated(){let t=this.window;this.shift!==0&&t&&(t.scrollTop+=this.shift,this.shift=0,this.top=t.scrollTop)}get window(){return this.renderRoot.querySelector(".window")}render(){let t=this.top+this.shift,e=Math.max(0,this.placeAt(t)-Lt),s=Math.min(this.items.length,this.placeAt(t+this.view)+Lt),i=new Set(Array.from({length:s-e},(d,f)=>e+f)),o=this.places.get(this.current),n=o??this.items.findIndex(({kind:d})=>d==="row");o!==void 0&&i.add(o);let a=this.edges.at(-1)??0,p=[...i].sort((d,f)=>d-f),c=this.headAbove(this.placeAt(t));return u`
            <div
                class="window"
                @scroll=${this.scrolled}
                @keydown=${this.pressed}
                @focusin=${this.focused}
            >
                ${c?u`<div class="stuck" aria-hidden="true">${this.renderHead(c)}</div>`:w}
                <div class="all" role="list" style="block-size:${a}px">
                    ${Ot(p,d=>this.items[d]?.key,d=>this.renderItem(d,d===n))}
                </div>
            </div>
            ${this.fresh>0?u`<button class="fresh" type="button" @click=${this.toTop}>
                          ${this.context.words.count("list.new",this.fresh)}
                      </button>`:w}
        `}renderItem(t,e){let s=this.items[t];if(!s)return w;let o=`transform:translateY(${this.edges[t]??0}px);block-size:${this.heightOf(s)}px`,[n,a]=[this.items.length,t+1];return s.kind==="head"?u`<div
                  class="item"
                  role="listitem"
                  aria-setsize=${n}
                  aria-posinset=${a}
                  style=${o}
              >
                  ${this.renderHead(s)}
              </div>`:u`<div
                  class="item line"
                  role="listitem"
                  aria-setsize=${n}
                  aria-posinset=${a}
                  style=${o}
              >
                  ${wt(s.command,this.context,this.usual,this.doors,e)}
              </div>`}renderHead({day:t,counts:e}){let{words:s,clock:i}=this.context,o=["open","success","failure","timeout","cancelled","lost"].filter(n=>e[n]).map(n=>s.count(`count.${n}`,e[n]??0));return u`<div class="head">
            <h2>${t===null?s.say("list.now"):i.dayName(t,i.now())}</h2>
            <span
                >${o.map((n,a)=>u`${a>0?" · ":""}<bdi>${n}</bdi>`)}</span
            >
        </div>`}headAbove(t){for(let e=t;e>=0;e-=1){let s=this.items[e];if(s?.kind==="head")return s}}async focusCurrent(){let t=this.places.get(this.current)??0,[e,s]=[this.edges[t]??0,this.edges[t+1]??0],i=this.window;i&&(e<i.scrollTop+F?i.scrollTop=e-F:s>i.scrollTop+this.view&&(i.scrollTop=s-this.view),await this.updateComplete,this.renderRoot.querySelector(`.row[data-id="${CSS.escape(this.current)}"]`)?.focus({preventScroll:!0}))}static{this.styles=[$t,T`
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
        `]}};M("command-status-list",X);function Q(r){let l;return(...t)=>(l?.parts.every((e,s)=>e===t[s])||(l={parts:t,made:r(...t)}),l.made)}var U=7,Dt=10,Qt=3e4,It=["success","cancelled","timeout","lost","failure"],Jt=.9,Z=class extends A{constructor(){super();this.days=new Map;this.ask=async()=>{try{let{statistics:t}=await this.context.hass.callWS({type:"command_status/statistics"});this.days=this.perDay(),this.figures=t,this.failed=!1}catch{this.failed=!0}};this.commands=[],this.account="",this.failed=!1,this.room=Dt}static{this.properties={context:{attribute:!1},commands:{attribute:!1},account:{type:String},providers:{attribute:!1},figures:{state:!0},failed:{state:!0},room:{state:!0}}}connectedCallback(){super.connectedCallback(),this.timer=setInterval(()=>{this.ask()},Qt)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}firstUpdated(){this.ask()}shouldUpdate(t){let e=t.get("context"),s=["figures","failed","room","account","providers"];return!this.hasUpdated||s.some(i=>t.has(i))||e!==void 0&&e.words!==this.context.words}updated(){this.figures&&this.room<this.figures.length&&setTimeout(()=>this.room+=Dt)}render(){let{words:t}=this.context,{providers:e}=this;if(!this.figures||!e)return this.failed?u`<p class="none">${t.say("error.title")}</p>`:u`<p class="none" role="status">${t.say("loading")}</p>`;let s=this.figures.filter(({config_entry_id:i})=>!this.account||i===this.account).sort((i,o)=>J(o)-J(i)||o.count-i.count);return s.length===0?u`<p class="none">${t.say("statistics.none")}</p>`:u`
            <p class="sum">${this.summary(s)}</p>
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
                    ${this.renderRows(s.slice(0,this.room),e)}
                </tbody>
            </table>
        `}summary(t){let{words:e,clock:s}=this.context,i=c=>t.reduce((d,f)=>d+c(f),0),[o,n]=[i(c=>c.count),i(c=>c.states.success??0)],a=[...new Set(t.filter(c=>J(c)>1&&(c.success_share??1)<Jt).map(c=>c.target_name))].slice(0,3),p=e.say("statistics.sum",{count:s.number(o),succeeded:s.number(n)});return a.length===0?p:`${p} ${e.say("statistics.often",{things:a.join(", ")})}`}renderRows(t,e){return t.map(s=>{let{words:i,clock:o}=this.context,n=c=>c===null?"–":o.duration(c),a=e[s.config_entry_id]??"",p=It.filter(c=>s.states[c]).map(c=>i.count(`count.${c}`,s.states[c]??0)).join(", ");return u`<tr>
                <th scope="row">
                    <button type="button" @click=${()=>k(this,"figures-chosen",s)}>
                        ${s.target_name}
                        <span>${i.command({provider:a,command:s.command})}</span>
                    </button>
                </th>
                <td class="number">${o.number(s.count)}</td>
                <td class="outcomes">
                    <span class="bar" role="img" aria-label=${p} title=${p}>
                        ${It.filter(c=>s.states[c]).map(c=>u`<i
                                    style="flex:${s.states[c]};background:${z[c].color}"
                                ></i>`)}
                    </span>
                </td>
                <td class="number">
                    ${s.success_share===null?"–":o.percent(s.success_share)}
                </td>
                <td class="number">${n(s.median)}</td>
                <td class="number wide">${n(s.p95)}</td>
                <td class="wide">${this.renderDays(this.days.get(q(s)))}</td>
                <td class="number wide">${o.number(s.requests)}</td>
            </tr>`})}perDay(){let t=this.context.clock.now(),e=new Map;for(let s of this.commands){let i=Math.floor((t-I(s))/864e5);if(s.state==="success"&&s.duration!==null&&i<U){let o=q(s),n=e.get(o)??Array.from({length:U},()=>[]);n[U-1-Math.max(0,i)]?.push(s.duration),e.set(o,n)}}return new Map([...e].map(([s,i])=>[s,i.map(gt)]))}renderDays(t){let e=(t??[]).flatMap((p,c)=>p===null?[]:[{day:c,value:p}]);if(e.length<2)return w;let{words:s,clock:i}=this.context,o=Math.max(...e.map(({value:p})=>p),.001),n=e.map(({day:p,value:c})=>`${p/(U-1)*76+2},${22-c/o*20}`).join(" "),a=e.map(({value:p})=>i.duration(p)).join(", ");return u`<svg
            class="spark"
            viewBox="0 0 80 24"
            role="img"
            aria-label="${s.say("statistics.days")}: ${a}"
        >
            ${rt`<polyline points=${n}></polyline>`}
        </svg>`}static{this.styles=T`
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
    `}};function J({states:r}){return(r.failure??0)+(r.timeout??0)+(r.lost??0)}M("command-status-statistics",Z);var Zt=1e5,te={list:ot,line:st,statistics:et},ee=new URL(import.meta.url).searchParams.get("v")??"",tt=class extends yt{constructor(){super();this.shown=Q((t,e,s,i,o)=>t.filter(n=>mt(n,e,{devices:s,entities:i},o)));this.things=Q((t,e)=>{let s=new Map;for(let i of t){let o=ut(i);s.has(o)||s.set(o,Ht(e[o])||i.target_name)}return s});this.moved=()=>{this.filters=N(location.search)};this.lift=()=>{this.filter(Object.fromEntries(dt.map(t=>[t,ct[t]])))};this.narrow=!1,this.unfolded=!1,this.filters=N(location.search)}static{this.properties={narrow:{type:Boolean},route:{attribute:!1},panel:{attribute:!1},filters:{state:!0},unfolded:{state:!0}}}connectedCallback(){super.connectedCallback(),window.addEventListener("popstate",this.moved),window.addEventListener("location-changed",this.moved)}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("popstate",this.moved),window.removeEventListener("location-changed",this.moved)}subscription(){return{filter:{limit:Zt},bundle:ee}}filter(t){this.filters={...this.filters,...t},history.replaceState(history.state,"",`${location.pathname}${pt(this.filters)}`)}render(){let{context:t,snapshot:e,filters:s,hass:i}=this;if(!t)return w;let{words:o}=t;this.style.colorScheme=i.themes.darkMode?"dark":"light";let{devices:n,entities:a}=i,p=this.shown(e.commands,s,n,a,o);return u`
            <header>
                <ha-menu-button .hass=${i} .narrow=${this.narrow}></ha-menu-button>
                <h1>${o.say("title")}</h1>
                <input
                    class="search"
                    type="search"
                    .value=${s.text}
                    placeholder=${o.say("search")}
                    aria-label=${o.say("search")}
                    @input=${c=>this.filter({text:c.target.value})}
                />
                <button
                    class="fold"
                    type="button"
                    aria-expanded=${this.unfolded}
                    aria-controls="filters"
                    aria-label=${o.say("filter.label")}
                    @click=${()=>this.unfolded=!this.unfolded}
                >
                    ${W(it)}
                </button>
                <nav aria-label=${o.say("view.label")}>
                    ${lt.map(c=>u`<button
                                type="button"
                                aria-pressed=${c===s.view}
                                title=${o.say(`view.${c}`)}
                                aria-label=${o.say(`view.${c}`)}
                                @click=${()=>this.filter({view:c})}
                            >
                                ${W(te[c])}
                            </button>`)}
                </nav>
            </header>
            ${this.renderFilters()} ${this.renderCondition()}
            <main class=${e.condition} aria-busy=${e.condition==="loading"}>
                ${this.renderView(p)}
            </main>
            ${this.renderOver()}
        `}renderFilters(){let{context:t,filters:e}=this,s=t?.words;return u`<div
            id="filters"
            class=${this.unfolded?"unfolded":""}
            role="group"
            aria-label=${s?.say("filter.label")??""}
        >
            ${this.choices().map(({name:i,options:o})=>u`<select
                        aria-label=${s?.say(`filter.${i}`)??""}
                        class=${e[i]?"set":""}
                        @change=${n=>this.filter({[i]:n.target.value})}
                    >
                        <option value="" ?selected=${!e[i]}>
                            ${s?.say(`filter.${i}`)}
                        </option>
                        ${o.map(([n,a])=>u`<option value=${n} ?selected=${n===e[i]}>
                                    ${a}
                                </option>`)}
                    </select>`)}
            ${j(e)?u`<button class="plain" type="button" @click=${this.lift}>
                          ${s?.say("filter.lift")}
                      </button>`:w}
        </div>`}choices(){let{hass:t,filters:e,snapshot:s,context:i}=this,{commands:o,accounts:n}=s,a=this.things(o,t.devices),p=m=>m.split(",").map(g=>a.get(g)??(Ht(t.devices[g])||g)).join(", "),c=m=>{let g=new Set;for(let x of o){let y=m(x);y&&g.add(y)}return g},d=(m,g,x)=>{let $=[...new Set([...g,...e[m]?[e[m]]:[]])].map(C=>[C,x(C)]);return{name:m,options:$.sort(([,C],[,O])=>C.localeCompare(O))}},f=Object.keys(z),h=i?.words,v=m=>m in V?h?.say(`filter.${m}`)??"":h?.state(m)??"";return[d("account",Object.keys(n),m=>n[m]??m),d("area",c(m=>ht(m,t)),m=>t.areas[m]?.name??m),d("device",a.keys(),m=>a.get(m)??p(m)),{name:"state",options:[...Object.keys(V),...f].map(m=>[m,v(m)])},d("tag",c(m=>m.tag),String)].filter(({name:m,options:g})=>g.length>1||e[m]!=="")}renderCondition(){let{condition:t,outdated:e}=this.snapshot,s=this.context?.words;return t==="lost"?u`<p class="note" role="status">${s?.say("lost")}</p>`:e?u`<p class="note" role="status">
                ${s?.say("outdated")}
                <button class="plain" type="button" @click=${()=>location.reload()}>
                    ${s?.say("reload")}
                </button>
            </p>`:w}renderView(t){let{snapshot:e,filters:s,context:i}=this,o=i?.words;return e.condition==="loading"&&e.commands.length===0?u`<p class="empty" role="status">${o?.say("loading")}</p>`:e.condition==="failed"?u`<div class="empty" role="alert">
                <p>${o?.say("error.title")}</p>
                <button class="plain strong" type="button" @click=${()=>this.store?.again()}>
                    ${o?.say("error.again")}
                </button>
            </div>`:s.view==="statistics"?u`<command-status-statistics
                .context=${i}
                .commands=${t}
                .account=${s.account}
                .providers=${e.providers}
                @figures-chosen=${({detail:n})=>this.filter({view:"list",account:n.config_entry_id,target:n.target,command:n.command})}
            ></command-status-statistics>`:t.length===0?this.renderEmpty():s.view==="line"?u`<command-status-line
                  .context=${i}
                  .commands=${t}
                  .span=${s.span}
                  @span-chosen=${({detail:n})=>this.filter({span:n})}
              ></command-status-line>`:u`<command-status-list
                  .context=${i}
                  .commands=${t}
                  .usual=${this.usual}
              ></command-status-list>`}renderEmpty(){let{filters:t,context:e,hass:s}=this,i=e?.words;return j(t)?u`<div class="empty">
                <p>${i?.say("filtered",{filters:this.told()})}</p>
                <button class="plain strong" type="button" @click=${this.lift}>
                    ${i?.say("filter.lift")}
                </button>
            </div>`:u`<div class="empty">
            <p>${i?.say("empty.text")}</p>
            ${s.user?.is_admin?u`<a href="/config/integrations/integration/command_status"
                          >${i?.say("empty.button")}</a
                      >`:w}
        </div>`}told(){let{filters:t,snapshot:e,context:s}=this,i=this.choices().flatMap(({name:h,options:v})=>v.filter(([m])=>m===t[h]).map(([,m])=>m)),{text:o,target:n,command:a,account:p}=t,c=e.providers?.[p]??"",d=a&&s?.words.command({provider:c,command:a}),f=e.commands.find(h=>h.target===n&&(!p||h.config_entry_id===p));return[...i,f?.target_name??n,d,o&&`“${o}”`].filter(Boolean).join(", ")}static{this.styles=[ft,T`
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
        `]}};function Ht(r){return[r?.name_by_user,r?.name].find(Boolean)??""}M("command-status-panel",tt);export{tt as CommandStatusPanel};
