/** The looks of charts. Lines keep their width while the drawing is stretched; letters are those of the page. */
export const CHART_STYLE = `
.charts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:20px 28px;margin-top:16px}
.chart.large{grid-column:1/-1}
.caption{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:0 14px}
.figures{font-size:13px}
.chart code{font-weight:400;margin-left:4px}
.frame{display:grid;grid-template-columns:56px minmax(0,1fr);gap:8px;position:relative;container-type:inline-size;padding-right:8px}
.plot{touch-action:pan-y}
.values,.plot{display:block;width:100%;overflow:visible}
.frame .edge{paint-order:stroke;stroke:var(--card);stroke-width:3px}
.frame text{font-size:11.5px;fill:var(--soft)}
.plot path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:round}
.key path{fill:none}
.grid{stroke:var(--grid)}
.time line{stroke:var(--soft);opacity:.6}
.line{stroke:var(--blue);stroke-width:1.5;fill:none;vector-effect:non-scaling-stroke}
.plot .range,.key .range{fill:var(--range);stroke:var(--range);stroke-width:.75}
.plot .band,.key .band{fill:var(--band);stroke:var(--bandline);stroke-width:.6;stroke-opacity:.6}
.tail{stroke:var(--blue);stroke-width:1;stroke-dasharray:1 3}
.dots{stroke:var(--blue);stroke-width:5}
.forecast{stroke:var(--violet);stroke-width:1.75;stroke-dasharray:5 4}
.plot .ahead{fill:var(--violet);fill-opacity:.13;stroke:none}
.change line{stroke:var(--violet);stroke-width:1.25}
.frame .change text{fill:var(--violet);font-weight:600}
.limit line{stroke:var(--critical);stroke-dasharray:2 3}
.frame .limit text{fill:var(--critical);paint-order:stroke;stroke:var(--card);stroke-width:3px}
.plot g.critical,.plot g.warning,.key g.critical{fill:currentColor;stroke:var(--card);stroke-width:1}
.plot g.info,.key g.info{fill:var(--card);stroke:currentColor;stroke-width:1.4}
.failure{stroke:var(--critical);stroke-width:1.8;fill:none}
.revision{fill:var(--card);stroke:var(--violet);stroke-width:1.4}
.plot use path,.plot g use{vector-effect:none}
.readout{position:absolute;top:0;right:8px;font-size:12px;padding:1px 7px;background:var(--text);color:var(--ground);border-radius:4px;pointer-events:none;max-width:100%}
.cursor{stroke:var(--text);stroke-width:1;opacity:.55}
.spark .line{stroke-width:1.25}
@container (max-width:460px){.r1 text{display:none}}
@media (max-width:860px){.charts{grid-template-columns:minmax(0,1fr)}}
`;
