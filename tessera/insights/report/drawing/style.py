"""The page's style sheet: light and dark, wide, narrow and on paper."""

STYLE = """
:root{--paper:#f8f7f3;--surface:#fff;--ink:#17212b;--muted:#56626e;--line:#e3e0d8;--soft:#efede6;
--accent:#0f766e;--bad:#b3382c;--warn-line:#b7791f;--warn:#fdf6e3;
--k1:#0f766e;--k2:#2a8f83;--k3:#4f9147;--k4:#7d8f22;--k5:#b58a00;--k6:#c8741a;--k7:#c2553d;
--k8:#a83a55;--k9:#8b3f7f;--k10:#65579c;--k11:#4f6b8a;--k12:#7d858f;
--h1:#e6f2f0;--h2:#cfe6e3;--h3:#b3d7d2;--h4:#92c5bf;--h5:#72b3ac;--h6:#1d7a71;--h7:#12625b;--h8:#0b4a45;
--lo:#10202a;--hi:#fff}
@media screen and (prefers-color-scheme:dark){:root{--paper:#0f1418;--surface:#171e24;--ink:#e8ecef;
--muted:#a3b1bc;--line:#2b353d;--soft:#212a31;--accent:#4fc3b5;--bad:#ef8274;--warn-line:#d8a441;
--warn:#272213;
--k1:#2fa498;--k2:#58bdb0;--k3:#76b76c;--k4:#a5b84a;--k5:#d4ab2c;--k6:#e39447;--k7:#de7d66;
--k8:#cf6680;--k9:#b56faa;--k10:#9287c7;--k11:#7c98b6;--k12:#9aa3ac;
--h1:#1a2a2d;--h2:#1b3637;--h3:#1c4343;--h4:#1d5250;--h5:#1e615d;--h6:#4fb8ab;--h7:#6fd0c3;--h8:#9ae6db;
--lo:#e8ecef;--hi:#0b1d1b}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:1120px;padding:40px 32px 64px;background:var(--paper);color:var(--ink);
font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
font-variant-numeric:tabular-nums}
h1{font-size:32px;line-height:1.2;letter-spacing:-.015em;margin:2px 0 4px}
h2{font-size:20px;line-height:1.3;letter-spacing:-.01em;margin:0 0 6px}
h3{font-size:15px;line-height:1.4;margin:28px 0 10px}
p{margin:0 0 14px;max-width:72ch}
dl,dd,ul{margin:0;padding:0}
small,.note,caption{font-size:13px;color:var(--muted);line-height:1.45}
code{font:12px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.brand{display:flex;align-items:center;gap:8px;margin:0 0 20px;font-weight:650;color:var(--muted)}
.mark{width:20px;height:20px}
.context{color:var(--muted);max-width:none}
.context span+span::before{content:"·";margin:0 8px}
.context span{overflow-wrap:anywhere}
section,.headline,footer{margin-top:28px}
main>section+section{background:var(--surface);border:1px solid var(--line);border-radius:14px;
padding:26px 28px 28px}
.headline{display:grid;grid-template-columns:repeat(4,1fr);gap:1px;background:var(--surface);
border:1px solid var(--line);border-radius:14px;overflow:hidden}
.headline div{box-shadow:0 0 0 1px var(--line);padding:18px 22px 16px}
.headline dt{font-size:13px;color:var(--muted)}
.big{font-size:27px;line-height:1.25;font-weight:650;letter-spacing:-.02em;white-space:nowrap}
.expect{margin-top:26px}
.expect .headline{grid-template-columns:repeat(3,1fr);margin:12px 0 14px}
.lead{font-size:19px;line-height:1.45;margin:24px 0 0;max-width:60ch}
.warnings{margin-top:22px;padding:14px 20px;background:var(--warn);
border-left:4px solid var(--warn-line);
border-radius:0 10px 10px 0}
.warnings h2{font-size:15px}
section .warnings{margin:14px 0 18px}
.warnings h3{margin-top:0}
.warnings p{margin:0}
.warnings li{margin-left:18px;max-width:90ch}
table{width:100%;border-collapse:collapse;margin-top:18px}
caption{text-align:left;padding:0 0 8px}
th,td{padding:8px 14px 8px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:12.5px;line-height:1.35;font-weight:550;color:var(--muted);vertical-align:bottom;
border-bottom-color:var(--muted)}
tbody th{font-weight:600;white-space:nowrap}
tbody th small{display:block;font-weight:400}
tbody tr:last-child>*{border-bottom:0}
.n{text-align:right}
td.n{white-space:nowrap}
td b{font-weight:550;white-space:normal}
td .note{display:block}
.tile{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:8px;background:var(--k)}
.c1{--k:var(--k1)}.c2{--k:var(--k2)}.c3{--k:var(--k3)}.c4{--k:var(--k4)}.c5{--k:var(--k5)}
.c6{--k:var(--k6)}.c7{--k:var(--k7)}.c8{--k:var(--k8)}.c9{--k:var(--k9)}.c10{--k:var(--k10)}
.c11{--k:var(--k11)}.c12{--k:var(--k12)}
.cards+.note{margin-top:12px}
.cards+p{margin-top:14px}
svg{display:block;width:100%;fill:var(--k,var(--accent))}
svg [class^=c]{fill:var(--k)}
.bar{height:4px;margin-top:4px;border-radius:2px}
.gauge{display:flex;flex-direction:row-reverse;align-items:center;gap:10px}
.gauge .bar{flex:1;min-width:48px;height:8px;margin:0}
.track{fill:var(--soft)}
.fill{fill:var(--k,var(--accent))}
.trend{width:96px;height:20px}
.split{height:14px;border-radius:4px;margin:4px 0 6px}
.good{fill:var(--accent)}.idle{fill:var(--k12)}.bad{fill:var(--bad)}
.flows{margin:20px 0 26px;color:var(--muted);font-size:12.5px}
.flow{height:128px;margin:3px 0;border-radius:5px}
.ribbon{opacity:.22}
.advice{display:grid;grid-template-columns:repeat(2,1fr);gap:18px 36px}
.advice dt{font-weight:600}
.advice .action{color:var(--muted)}
.advice .action::before{content:"→ "}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:36px}
.heat{table-layout:fixed}
.heat th,.heat td{padding:0;text-align:center;border:0;vertical-align:middle}
.heat th{font-size:14px;font-weight:600;color:var(--ink);padding:4px 2px}
.heat th small{display:block;font-size:11.5px;font-weight:400;line-height:1.25}
.heat td{height:46px;border:2px solid var(--surface);border-radius:7px;font-size:14px}
.h0{color:var(--muted);background:var(--soft)}
.h1{background:var(--h1)}.h2{background:var(--h2)}.h3{background:var(--h3)}.h4{background:var(--h4)}
.h5{background:var(--h5)}.h6{background:var(--h6)}.h7{background:var(--h7)}.h8{background:var(--h8)}
.h1,.h2,.h3,.h4,.h5{color:var(--lo)}.h6,.h7,.h8{color:var(--hi)}
.heat td small{display:block;font-size:12px;color:inherit}
.map{max-width:640px}
.map td{height:58px}
.map+.note{margin-top:12px}
.map th[scope=row]{text-align:left}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:3px}
.heat.cohorts{table-layout:auto;width:auto;min-width:100%}
.heat.cohorts th,.heat.cohorts td{white-space:nowrap;padding:4px 5px;font-size:13px}
.heat.cohorts td{height:42px;min-width:38px}
.heat.cohorts thead th:first-child{text-align:left}
.heat.cohorts th[scope=row]{position:sticky;left:0;background:var(--surface);text-align:left}
.verdict{margin:14px 0 18px;padding:14px 20px;background:var(--soft);
border-left:4px solid var(--accent);border-radius:0 10px 10px 0}
.withheld{background:var(--warn);border-left-color:var(--warn-line)}
.verdict p{margin:0 0 6px;font-size:17px}
.verdict li{margin-left:18px;max-width:90ch}
.best{font-weight:700}
.grade{white-space:nowrap}
.grade.full{color:var(--accent)}
.grade.none{color:var(--muted)}
.reasons{margin:14px 0 0}
.reasons li{margin:0 0 6px 18px;max-width:90ch}
a{color:var(--accent)}
.plot{max-width:340px;font-size:12px}
.plot text{fill:var(--muted)}
.plot circle{fill:var(--accent);stroke:var(--surface);stroke-width:1.5}
.trace{fill:none;stroke:var(--accent);stroke-width:2}
.rule{stroke:var(--line)}
.ideal{stroke:var(--muted);stroke-width:1.5;stroke-dasharray:5 4}
.ranking div{padding:12px 0;border-bottom:1px solid var(--line)}
.ranking div:first-child{padding-top:0}
.ranking div:last-child{border-bottom:0}
.ranking div{display:flex;flex-direction:column}
.ranking dt{font-weight:550;order:1}
.ranking .note{order:2}
.bars{display:grid;gap:3px;align-items:end;margin:10px 0 8px;font-size:12px}
.bars div{display:flex;flex-direction:column;align-items:stretch;text-align:center;min-width:0}
.bars span{display:flex;justify-content:center;white-space:nowrap}
.bars small{font-size:12px;text-align:left;border-top:1px solid var(--muted);padding-top:3px;
white-space:nowrap}
.sankey{display:grid;grid-template-columns:150px 1fr 150px;gap:0 12px;margin:18px 0 6px}
.sankey ul{position:relative;list-style:none}
.sankey li{position:absolute;left:0;right:0;transform:translateY(-50%);font-size:13px;
line-height:1.25;font-weight:550;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.sankey li small{display:block;font-size:12px;line-height:1.25;font-weight:400}
.sankey ul:nth-of-type(1) li,.sankey .note:first-child{text-align:right}
.sankey .ribbon{opacity:.38}
.set+.set{border-top:1px solid var(--line);margin-top:24px}
.set h3{font-size:16px;margin:18px 0 4px}
.set .gauge .bar{max-width:90px}
.destination+.destination{border-top:1px solid var(--line);margin-top:24px}
.destination h3{font-size:16px;margin:18px 0 4px}
.counts{display:flex;flex-wrap:wrap;gap:12px 34px}
.counts div{display:flex;flex-direction:column-reverse}
.counts dt{font-size:13px;color:var(--muted)}
.counts dd{font-size:19px;font-weight:600}
details{margin-top:14px}
summary{cursor:pointer;color:var(--accent);font-weight:550}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:3px}
footer{margin-top:44px;padding-top:24px;border-top:1px solid var(--line);font-size:14px}
footer h2{font-size:16px}
footer dl{display:grid;grid-template-columns:repeat(2,1fr);gap:4px 36px}
footer dl div{display:grid;grid-template-columns:190px 1fr;gap:12px}
.long{grid-column:1/-1}
footer dt{color:var(--muted)}
footer dd{overflow-wrap:anywhere}
footer .note{margin-top:22px;max-width:90ch}
@media screen and (max-width:760px){
body{padding:22px 14px 40px}
h1{font-size:27px}
main>section+section{padding:20px 16px;border-radius:12px}
.headline{grid-template-columns:1fr 1fr}
.expect .headline{grid-template-columns:1fr}
.headline div{padding:13px 14px 12px}
.big{font-size:21px}
.lead{font-size:17px}
.context span{display:block}
.context span+span::before{content:none}
.advice,.pair,footer dl{grid-template-columns:1fr}
.pair{gap:14px}
footer dl div{grid-template-columns:118px 1fr}
.flow{height:104px}
.bars{gap:1px}
.between span{visibility:hidden}
.sankey{grid-template-columns:112px 1fr 112px;gap:0 6px}
.sankey li{font-size:11.5px;font-weight:400}
.heat td{height:42px;font-size:13px}
.cards,.cards tbody{display:block}
.cards caption{display:block}
.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.cards tr{display:grid;grid-template-columns:repeat(3,1fr);gap:8px 14px;padding:14px 0;
border-bottom:1px solid var(--line)}
.cards tr:last-child{border-bottom:0}
.cards th,.cards td{display:block;padding:0;border:0;text-align:left}
.cards th,.cards .wide{grid-column:1/-1}
.gauge{display:block}
.gauge .bar,.set .gauge .bar{height:4px;margin-top:4px;max-width:none}
.cards td::before{content:attr(data-label);display:block;font-size:12px;line-height:1.35;
color:var(--muted)}
td.n,tbody th{white-space:normal}
}
@page{size:A4;margin:12mm}
@media print{
:root{--paper:#fff}
body{max-width:none;padding:0;font-size:8.5pt;line-height:1.4}
h1{font-size:20pt}
h2{font-size:13pt}
h3{font-size:9.5pt;margin:12pt 0 4pt}
p{margin-bottom:6pt}
small,.note,caption,.headline dt,.counts dt{font-size:7.5pt}
code{font-size:7pt}
.big{font-size:16pt}
.lead,.verdict p{font-size:11pt;margin-top:8pt}
.brand{margin-bottom:4pt}
section,.headline,footer{margin-top:14pt}
main>section+section{border:0;padding:0;margin-top:14pt}
.headline div{padding:6pt 10pt}
table{margin-top:8pt}
th,td{padding:2.5pt 8pt 2.5pt 0}
thead th{font-size:7.5pt}
.flow{height:64pt}
.flows{margin:8pt 0 10pt}
.advice{gap:6pt 20pt}
.heat td,.map td{height:20pt;font-size:8pt}
.heat th{font-size:8pt;padding:1pt}
.heat.cohorts td{height:16pt}
.heat.cohorts th,.heat.cohorts td{padding:1pt 2pt;font-size:7pt}
.map{max-width:110mm}
.plot{max-width:70mm;font-size:7.5pt}
.pair{gap:16pt}
.set+.set,.destination+.destination{margin-top:8pt}
.set h3,.destination h3{font-size:10pt;margin:8pt 0 2pt}
.warnings,.verdict{padding:6pt 12pt;margin:8pt 0}
.counts{gap:6pt 24pt}
.counts dd{font-size:11pt}
.ranking div{padding:4pt 0}
tr,.advice div,.headline,.heat,.sankey,.bars,.plot,.verdict,.warnings{break-inside:avoid}
.scroll{overflow:visible}
h2,h3,caption,.flows{break-after:avoid}
.heat td,.tile,.warnings,.verdict,svg{-webkit-print-color-adjust:exact;print-color-adjust:exact}
details::details-content{content-visibility:visible;display:block}
footer details,.destination details{display:none}
footer{font-size:7.5pt}
}
"""
