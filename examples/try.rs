use interdict::*;
fn main() {
    let t=std::time::Instant::now();
    let rules = match Ruleset::pack("un_dprk") { Ok(r)=>r, Err(e)=>{ println!("{e}"); return; } };
    eprintln!("compiled {:?} {:?}", t.elapsed(), rules.size());
    let t=std::time::Instant::now();
    let runs = rules.run_scenarios();
    let n=runs.len(); let mut bad=0;
    for run in &runs { if !run.passes() { bad+=1; println!("{}:{} {}\n    {}", run.place.file, run.place.line, run.title, run.failures.join("\n    ")); } }
    println!("{bad} of {n} fail {:?}", t.elapsed());
    if let Some(k)=std::env::args().nth(1) { for r in &runs { if r.title.contains(&k) { println!("=== {}\n{}", r.title, r.decision); } } }
}
