import { benchReports } from '/work/main/bench/reports.js'
console.log(JSON.stringify(await benchReports({ tickets: Number(process.argv[2]) , rounds: 2 }), null, 1))
