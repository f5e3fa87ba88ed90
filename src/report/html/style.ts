import { CHART_STYLE } from './style-charts.ts';

/** Colours: text on its ground has a contrast of at least 4.5 (WCAG AA), lines and signs of at least 3. */
const COLOURS = `
:root{color-scheme:light;--ground:#fbfaf8;--card:#fff;--text:#1f2530;--soft:#596273;--rule:#e3e1dc;--grid:#eceae6;--blue:#1f6596;--range:#1f65962e;--band:#3f8f6a24;--bandline:#3f8f6a;--critical:#b3261e;--warning:#9a5700;--info:#596273;--fine:#1e7648;--on:#fff;--violet:#6d4aa8}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--ground:#14171c;--card:#1b1f26;--text:#e6e8ec;--soft:#a4adba;--rule:#2d333d;--grid:#262c35;--blue:#6cb2e6;--range:#6cb2e633;--band:#5fc49429;--bandline:#5fc494;--critical:#ff8b7e;--warning:#efb259;--info:#a4adba;--fine:#67cb93;--on:#14171c;--violet:#b79cf0}}
`;

const PAGE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main{max-width:1120px;margin:0 auto;padding:40px 24px 64px}
h1,h2,h3,h4,p,ul,ol,dl,dd,figure{margin:0}
h1{font-size:32px;line-height:1.2;font-weight:650;letter-spacing:-.015em}
h2{font-size:21px;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin:48px 0 14px}
h3{font-size:17px;line-height:1.35;font-weight:650}
h4,.chart h3{font-size:14px;font-weight:600}
a{color:var(--blue);text-underline-offset:3px;text-decoration-thickness:1px}
a:focus-visible,summary:focus-visible,[role=button]:focus-visible,.plot:focus-visible,.scroll:focus-visible{outline:2px solid var(--blue);outline-offset:2px;border-radius:3px}
code,pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
small{font-size:12.5px}
.signs{position:absolute}
.explained{margin-top:8px;font-size:12.5px}.none,.explained,.facts,.figures,caption,.sub,footer,.chart code{color:var(--soft)}
.sub{margin-top:6px}
.lead{margin-top:18px;font-size:18px;max-width:46em}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));margin-top:26px;background:var(--card);border:1px solid var(--rule);border-radius:10px;overflow:hidden}
.tiles>div{background:var(--card);padding:14px 16px 12px;box-shadow:0 0 0 1px var(--rule)}
.tiles dt{font-size:12.5px;color:var(--soft)}
.tiles dd{font-size:24px;line-height:1.3;font-weight:600;letter-spacing:-.01em}
.tiles small{display:block;font-weight:400;line-height:1.4;letter-spacing:0;color:var(--soft)}
.badge{font-size:13px;white-space:nowrap}.badge .sign{vertical-align:-4px;margin-right:5px}
.sign{flex:none;fill:currentColor;stroke:none}
.sign .in,#s-fine .in,#s-warning .in,#s-critical .in{fill:none;stroke:var(--on);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.ring{fill:none;stroke:currentColor;stroke-width:1.6;stroke-dasharray:3 2.6}
.critical{color:var(--critical)}.warning{color:var(--warning)}.fine{color:var(--fine)}.idle,.info{color:var(--info)}
.highlights{list-style:none;padding:0;border-top:1px solid var(--rule)}
.highlights li,.calm{display:flex;gap:10px;padding:9px 0;border-bottom:1px solid var(--rule)}
.calm{border:0;color:var(--soft)}
.highlights .sign,.calm .sign{margin-top:3px}
table{border-collapse:collapse;width:100%;font-size:13.5px}
caption{text-align:left;font-size:12.5px;padding:0 0 8px}
th,td{text-align:left;vertical-align:baseline;padding:7px 14px 7px 0;border-bottom:1px solid var(--rule);font-weight:400}
thead th{font-size:12.5px;color:var(--soft);vertical-align:bottom;white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
.n{text-align:right;white-space:nowrap}
.when,.status{white-space:nowrap}.c-sure{text-align:right}
.worse{color:var(--critical);font-weight:600}.better{color:var(--fine);font-weight:600}
.scroll{overflow-x:auto;overflow-y:hidden}
.modules .c-module{min-width:9em;max-width:20em}
.spark{display:block;overflow:visible}td.c-course{vertical-align:middle}
th [role=button]{cursor:pointer}
th[aria-sort=ascending] [role=button]::after{content:" \\2191"}th[aria-sort=descending] [role=button]::after{content:" \\2193"}
.narrow{display:none}.notes:first-child{margin-top:0}
.status.open{color:var(--critical);font-weight:600}
.legend h3{font-size:13px;color:var(--soft);font-weight:600}
.legend ul{display:flex;flex-wrap:wrap;gap:4px 20px;list-style:none;padding:0;margin-top:4px;font-size:13px;color:var(--soft)}
.legend li{display:flex;align-items:center;gap:7px}
.module{margin-top:26px;padding:20px 22px 16px;background:var(--card);border:1px solid var(--rule);border-radius:10px;scroll-margin-top:12px}
.module header{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 14px}
.module header .badge{align-self:center}
.facts{flex-basis:100%;font-size:13.5px}
.notes{margin-top:12px;font-size:14px}
.notes div{display:grid;grid-template-columns:6.4em 1fr;gap:10px;padding:2px 0}
.notes dt{color:var(--soft)}
.notes .worse dt{color:var(--critical)}.notes .better dt{color:var(--fine)}.notes .worse,.notes .better{font-weight:400;color:inherit}
.notes .worse dt,.notes .better dt{font-weight:600}
details{margin-top:12px;font-size:13.5px}
summary{cursor:pointer;color:var(--soft);width:fit-content}
details table{margin-top:10px}
.recommendations{padding:0;list-style:none;border-top:1px solid var(--rule)}
.recommendations>li{padding:14px 0 16px;border-bottom:1px solid var(--rule)}
.about{font-size:13px;color:var(--soft)}
.severity{font-weight:600}.severity.critical::before,.severity.warning::before{content:"! "}
.finding{font-size:16px;margin-top:2px;max-width:46em}
.recommendations ul{padding-left:1.2em;margin-top:4px;font-size:14px;color:var(--soft)}
pre{margin:8px 0 0;padding:8px 12px;background:var(--ground);border:1px solid var(--rule);border-radius:6px;white-space:pre-wrap}
footer{margin-top:56px;font-size:13px;border-top:1px solid var(--rule);padding-top:14px}
`;

const NARROW = `
@media (max-width:640px){main{padding:24px 14px 40px}h1{font-size:26px}h2{margin-top:38px}.lead{font-size:16.5px}.tiles{grid-template-columns:1fr 1fr}.tiles dd{font-size:20px}.tiles>div{padding:11px 12px 10px}.module{padding:16px 13px 12px}.notes div{grid-template-columns:1fr;gap:0;padding:3px 0}
.modules .c-cpu-time,.modules .c-course,.modules .c-runs,.modules .c-typical,.incidents .c-state,.c-sure{display:none}.incidents .narrow{display:block}.modules .badge{font-size:0}.modules .badge .sign{margin:0}.modules .c-module{min-width:7em}th,td{padding-right:9px}.incidents td{min-width:5em}}
`;

const PRINT = `
@media print{@page{margin:14mm}body{background:#fff;font-size:10.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}main{max-width:none;padding:0}a{color:inherit;text-decoration:none}.module,.chart,tr,li,.tiles>div{break-inside:avoid}h2,h3,h4,.caption,header,.notes{break-after:avoid}.module{zoom:.84;border-color:#ddd;padding:12px 14px;margin-top:18px}thead{display:table-header-group}.scroll{overflow:visible}.readout{display:none}.charts{grid-template-columns:repeat(2,minmax(0,1fr))}}
`;

/** All looks of a report in HTML: light and dark, wide and narrow, and on paper, which is light. */
export const STYLE = [COLOURS, PAGE, CHART_STYLE, NARROW, PRINT].join('');
