/**
 * The whole look: a calm page like a well-set letter, in the colours of paper, pandan and marigold, with a band of kawung (a batik of ovals) made
 * of gradients. Sizes in rem, one column, nothing fixed to the window; works in the dark, in print and at 320 px.
 */
export const STYLE = `:root{
--paper:#fbf7ef;--sheet:#fffdf8;--ink:#22201c;--soft:#5c564c;--line:#d9cfbd;--edge:#7d7465;
--leaf:#0b5c52;--leaf-deep:#08453e;--leaf-pale:#e3f0ec;--on-leaf:#fffdf8;--gold:#e2a12b;--gold-pale:#fdf1d6;--gold-ink:#6b4700;
--wrong:#a3261b;--wrong-pale:#fbe9e6;--link:#0b5c52;--focus:#ffd15c;--focus-ink:#1c1a17;--band:#0b5c52;--motif:#e2a12b;
color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{
--paper:#171512;--sheet:#1f1c18;--ink:#f3ede1;--soft:#bdb3a2;--line:#423c33;--edge:#9b907e;
--leaf:#8fd6c6;--leaf-deep:#b4e6da;--leaf-pale:#17332e;--on-leaf:#0c1f1b;--gold:#e9b24b;--gold-pale:#372a10;--gold-ink:#f6d896;
--wrong:#ffa79c;--wrong-pale:#3d1a16;--link:#9adccd;--band:#0d4a42;--motif:#d89b2c}}
*{box-sizing:border-box}
html{font-size:100%;-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
h1,h2,h3{line-height:1.25;margin:0 0 .75rem;text-wrap:balance}
h1{font-size:clamp(1.65rem,1.2rem + 2vw,2.35rem);letter-spacing:-.015em;font-weight:750}
h2{font-size:1.25rem;margin-top:2rem}h3{font-size:1.0625rem;margin-top:1.5rem}
p{margin:0 0 1rem}ul,ol{margin:0 0 1rem;padding-left:1.35rem}li{margin:.3rem 0}li::marker{color:var(--gold)}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.06em}a:hover{text-decoration-thickness:.14em}
:focus-visible{outline:3px solid var(--focus-ink);outline-offset:0;box-shadow:0 0 0 6px var(--focus);border-radius:.2rem}
a:focus-visible{background:var(--focus);color:var(--focus-ink);outline:0;box-shadow:0 0 0 3px var(--focus),0 5px 0 0 var(--focus-ink)}
main:focus,.errors:focus{outline:0}
@media (prefers-color-scheme:dark){:focus-visible{outline-color:var(--paper)}}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.soft,.hint{color:var(--soft)}.hint{margin:.1rem 0 .4rem;font-size:1rem}
.skip{position:absolute;left:-99rem;padding:.75rem 1rem;background:var(--focus);color:var(--focus-ink);z-index:2}.skip:focus{left:0;top:0}
.bar,nav ul,main,.feet{max-width:44rem;margin:0 auto;padding:0 1.15rem}main.wide{max-width:52rem}
.band{height:1.5rem;background-color:var(--band);background-image:radial-gradient(ellipse 5px 3px at 25% 25%,var(--motif) 98%,transparent),radial-gradient(ellipse 3px 5px at 75% 25%,var(--motif) 98%,transparent),radial-gradient(ellipse 3px 5px at 25% 75%,var(--motif) 98%,transparent),radial-gradient(ellipse 5px 3px at 75% 75%,var(--motif) 98%,transparent);background-size:24px 24px}
header{background:var(--sheet);border-bottom:1px solid var(--line)}
.bar{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.25rem 1rem;padding-top:.7rem}
.brand{flex:1 1 11rem;display:flex;align-items:center;gap:.75rem;color:var(--ink);text-decoration:none;min-height:44px;line-height:1.25}
.brand b{display:block;font-size:1.3rem;letter-spacing:-.01em}.brand .tag{color:var(--soft);font-size:.9rem}
.mark{flex:none;width:2.4rem;height:2.4rem;border-radius:50%;background:conic-gradient(from 45deg,var(--leaf) 0 25%,var(--gold) 0 50%,var(--leaf) 0 75%,var(--gold) 0);-webkit-mask:radial-gradient(circle at 50% 50%,transparent 22%,#000 24%);mask:radial-gradient(circle at 50% 50%,transparent 22%,#000 24%)}
.brand:focus-visible .tag{color:inherit}
.tongue{display:inline-flex;align-items:center;min-height:44px;min-width:44px}
nav ul{display:flex;flex-wrap:wrap;gap:0 1rem;list-style:none;margin-top:.1rem;margin-bottom:0}nav li{margin:0}
nav a{display:inline-flex;align-items:center;min-height:44px;text-decoration:none;border-bottom:3px solid transparent;font-weight:550;font-size:.95rem}@media (min-width:30rem){nav ul{gap:0 1.4rem}nav a{font-size:1rem}}
nav a:hover{border-color:var(--line)}nav a[aria-current]{border-color:var(--gold)}
main{padding-top:1.4rem;padding-bottom:3.5rem}
.back{margin:0 0 .5rem}.back a{display:inline-flex;align-items:center;min-height:44px}.back a::before{content:"←";margin-right:.45rem}
.step{color:var(--soft);font-weight:600;margin:0 0 .35rem;font-size:1rem}
.steps{display:flex;gap:.3rem;margin:0 0 1.4rem;padding:0;list-style:none}.steps li{flex:1;height:.35rem;border-radius:1rem;background:var(--line);margin:0}.steps li.on{background:var(--leaf)}
.lead{font-size:1.2rem;line-height:1.5;color:var(--soft);margin-bottom:1.5rem}
.card{background:var(--sheet);border:1px solid var(--line);border-radius:.9rem;padding:1.15rem 1.25rem;margin:0 0 1.25rem}.card>:first-child{margin-top:0}.card>:last-child{margin-bottom:0}ol.card{padding-left:2.6rem}
.pair{display:grid;gap:0 1.25rem}@media (min-width:42rem){.pair{grid-template-columns:1fr 1fr}}
.field{border:0;margin:0 0 1.6rem;padding:0;min-width:0}.field label,legend{font-weight:650;display:block;padding:0}.field legend{font-size:1.15rem;margin-bottom:.4rem}
.field.wrong,.tick.wrong{border-left:4px solid var(--wrong);padding-left:.9rem}fieldset.wrong legend{float:left;width:100%}fieldset.wrong legend+*{clear:both}.fault{color:var(--wrong);font-weight:650;margin:.2rem 0 .4rem}
input:not([type=radio],[type=checkbox],[type=hidden],[type=file]),textarea,select{font:inherit;color:var(--ink);background:var(--sheet);border:2px solid var(--edge);border-radius:.5rem;padding:.55rem .7rem;min-height:48px;width:100%;max-width:100%}
input[aria-invalid]{border-color:var(--wrong)!important}
.w6{max-width:9rem!important;letter-spacing:.25em;font-variant-numeric:tabular-nums}.w11{max-width:14rem!important}.w16{max-width:18rem!important}.w20{max-width:22rem!important}.w40{max-width:32rem!important}
input[type=file]{font:inherit;display:block;width:100%;padding:.6rem;border:2px dashed var(--edge);border-radius:.6rem;background:var(--sheet);color:var(--ink);min-height:44px}
input[type=file]::file-selector-button{font:inherit;font-weight:600;color:var(--leaf);background:var(--leaf-pale);border:1px solid var(--leaf);border-radius:.4rem;min-height:40px;padding:.2rem .8rem;margin-right:.8rem}
.tick{position:relative;padding:.1rem 0 .1rem 3.4rem;margin:0 0 .5rem;min-height:44px}.tick.wrong{padding-left:4.3rem}
.tick input{position:absolute;left:0;top:0;width:44px;height:44px;margin:0;accent-color:var(--leaf);cursor:pointer}.tick.wrong input{left:.9rem;top:auto}
.tick label{display:block;padding:.55rem 0;cursor:pointer;font-weight:500;line-height:1.4}.tick .hint{margin-top:-.35rem}
.trap{position:absolute;left:-99rem}
.button{display:inline-flex;align-items:center;justify-content:center;font:inherit;font-weight:700;line-height:1.3;min-height:48px;padding:.65rem 1.4rem;border-radius:.6rem;border:2px solid var(--leaf);background:var(--leaf);color:var(--on-leaf);text-decoration:none;cursor:pointer;text-align:center}
.button:hover{background:var(--leaf-deep);border-color:var(--leaf-deep)}
.button.quiet{background:transparent;color:var(--leaf)}.button.quiet:hover{background:var(--leaf-pale)}
.button.warn{background:transparent;color:var(--wrong);border-color:var(--wrong)}.button.warn:hover{background:var(--wrong-pale)}
.button:focus-visible{background:var(--focus);color:var(--focus-ink);border-color:var(--focus-ink)}
.button[disabled]{opacity:.6}
.tagged{margin:0 0 .75rem}.tagged h2,.tagged h3{margin:0!important}form+details,.button+details{margin-top:1rem}
.row{display:flex;flex-wrap:wrap;gap:.75rem 1rem;align-items:center;margin:1.25rem 0}.row form{margin:0}
.inset{border-left:5px solid var(--leaf);background:var(--leaf-pale);padding:.9rem 1.1rem;border-radius:0 .6rem .6rem 0;margin:0 0 1.4rem}.inset>:last-child{margin-bottom:0}
.inset.warn{border-color:var(--gold);background:var(--gold-pale)}.inset h2{margin-top:0}
.errors{border:3px solid var(--wrong);border-radius:.6rem;padding:1rem 1.15rem;margin:0 0 1.6rem;background:var(--sheet)}.errors h2{margin:0 0 .5rem}.errors ul{margin:0;padding:0;list-style:none}.errors a{color:var(--wrong);font-weight:650;display:inline-block;padding:.4rem 0}
.errors a:focus-visible{color:var(--focus-ink)}
.rows{margin:0 0 1.5rem;border-top:1px solid var(--line)}.rows>div{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.1rem 1rem;padding:.7rem 0;border-bottom:1px solid var(--line)}
.rows dt{font-weight:650;grid-column:1}.rows dd{margin:0;grid-column:1;overflow-wrap:anywhere}.rows dd.more{grid-column:2;grid-row:1}.rows .more a{display:inline-flex;align-items:center;min-height:44px;margin:-.6rem 0}
@media (min-width:38rem){.rows>div{grid-template-columns:13rem minmax(0,1fr) auto}.rows dd{grid-column:2}.rows dd.more{grid-column:3}}
.panel{background:var(--band);color:#fffdf8;border-radius:1rem;padding:1.5rem 1.25rem;margin:0 0 1.5rem;text-align:center}.panel p{margin:0}.panel .number{font-size:clamp(1.45rem,6vw,2.2rem);font-weight:750;letter-spacing:.03em;font-variant-numeric:tabular-nums}
.panel+h2{margin-top:0}.whole{white-space:nowrap}
.dates{list-style:none;padding:0;margin:0 0 1rem}.dates li{padding:.7rem 0;border-bottom:1px solid var(--line);margin:0}.dates li:last-child{border:0}.dates b{display:block}.dates .why{color:var(--soft);font-size:1rem;display:block}
.todo{list-style:none;padding:0;border-top:1px solid var(--line)}.todo>li{border-bottom:1px solid var(--line);padding:1rem 0;margin:0}.todo h3{margin:0 0 .35rem}.tagged{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline;justify-content:space-between}
.tag-due,.tag-done{display:inline-block;line-height:1.5}form+form{margin-top:.75rem}form+p{margin-top:1.5rem}.row form+form{margin-top:0}.tag-due{background:var(--gold-pale);color:var(--gold-ink);border-radius:1rem;padding:.05rem .7rem;font-size:.9rem;font-weight:650}.tag-done{background:var(--leaf-pale);color:var(--leaf-deep);border-radius:1rem;padding:.05rem .7rem;font-size:.9rem;font-weight:650}
.time{list-style:none;padding:0 0 0 .3rem}.time li{border-left:3px solid var(--line);margin:0;padding:0 0 1.1rem 1.3rem;position:relative}.time li::before{content:"";position:absolute;left:-.55rem;top:.35rem;width:.9rem;height:.9rem;border-radius:50%;background:var(--sheet);border:3px solid var(--leaf)}.time li:last-child{border-color:transparent}.time .ahead::before{border-color:var(--line)}.time .ahead{color:var(--soft)}.time time{display:block;color:var(--soft);font-size:.95rem}
details{margin:0 0 1.4rem}summary{cursor:pointer;color:var(--link);text-decoration:underline;text-underline-offset:.18em;min-height:44px;display:flex;align-items:center;font-weight:550}summary::before{content:"▸";margin-right:.5rem;text-decoration:none}details[open]>summary::before{content:"▾"}details>div{border-left:4px solid var(--line);padding:.25rem 0 .25rem 1.1rem}summary::-webkit-details-marker{display:none}
.faq summary{font-size:1.1rem;font-weight:650;padding:.4rem 0}.faq details{border-bottom:1px solid var(--line);margin:0;padding-bottom:.4rem}.rule{font-size:.95rem;color:var(--soft)}
.thumbs{display:flex;flex-wrap:wrap;gap:.75rem}.thumbs{margin-top:.6rem}.thumbs img{width:auto;height:auto;max-width:9rem;max-height:9rem;border:1px solid var(--line);border-radius:.4rem;display:block}
progress{width:100%;height:.6rem;accent-color:var(--leaf)}
footer{background:var(--sheet);border-top:1px solid var(--line);padding:1.75rem 0 2.25rem}.feet h2{font-size:1.0625rem;margin:0 0 .25rem}.free{font-weight:650}
.help{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:0 1.5rem}.help li{margin:0}.help a{display:inline-flex;align-items:center;min-height:44px}
@media (max-width:30rem){.button{width:100%}.row>form{width:100%}}
@media (prefers-reduced-motion:no-preference){.button,nav a{transition:background-color .15s,border-color .15s}}
@media (prefers-contrast:more){:root{--line:var(--edge);--soft:var(--ink)}}
@media print{:root{--ink:#000;--soft:#333;--line:#999;--sheet:#fff}html{font-size:11pt}.band,.tongue,.mark,nav,footer h2,footer .soft,.back,form,.row,.noprint,.skip{display:none}body{background:#fff;font-size:1rem;line-height:1.45}header,footer{background:none;border:0;padding:0}.bar,main,.feet{max-width:none;padding:0 0 .8rem}.panel{background:none;color:#000;border:2px solid #000;padding:1rem}.card,.inset{border:1px solid #999;background:none}.card,.panel,li{break-inside:avoid}li::marker,a{color:#000}}
`
