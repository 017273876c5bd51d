import sharp from 'sharp'
import { drawCard } from '/work/main/src/cli/sampleCard.ts'
import { runDay } from '/work/main/src/demo/day/run.ts'
const n = Number(process.argv[2] ?? 40)
const t=Date.now(); let last=0
const draw = async (c:any) => { const {width,height,pixels}=drawCard({...c,address:'JL. CONTOH NO. 1'}); return new Uint8Array(await sharp(pixels,{raw:{width,height,channels:3}}).resize(640).jpeg({quality:80}).toBuffer()) }
const r = await runDay({ submissions:n, seed:2026, crew: n>100?{agents:20,checkers:5,supervisors:3}:{agents:4,checkers:2,supervisors:2}, draw, onStep:(now)=>{ if(Date.now()-last>5000){last=Date.now(); console.error(new Date(now).toISOString(), ((Date.now()-t)/1000).toFixed(0)+'s')} } })
console.log(JSON.stringify(r,null,1)); console.log((Date.now()-t)/1000)
process.exit(0)
