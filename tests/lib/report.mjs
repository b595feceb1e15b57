// Counts cases and tells them: a line per failing case with its words, a line per
// group, the last line "N passed, N failed".
export class Report {
  constructor(only) {
    this.only = only;
    this.groups = new Map();
    this.passed = 0;
    this.failed = 0;
    this.skipped = new Set();
    this.seen = new Set();
  }

  group(name) {
    if (!this.groups.has(name)) this.groups.set(name, { passed: 0, failed: 0, seconds: 0 });
    return this.groups.get(name);
  }

  /* cases: [{ name, failure, isSkipped }] of one file; names are "<file>: <case>". */
  add(group, file, cases, seconds) {
    const sum = this.group(group);
    sum.seconds += seconds;
    for (const { name, failure, isSkipped } of cases) {
      const whole = `${file}: ${name}`;
      if (this.only && !whole.includes(this.only) && !name.startsWith('(')) continue;
      if (isSkipped) {
        this.skipped.add(whole);
        continue;
      }
      this.seen.add(whole);
      sum[failure ? 'failed' : 'passed'] += 1;
      this[failure ? 'failed' : 'passed'] += 1;
      if (failure) console.log(`FAIL ${group}: ${whole}\n${failure.replace(/\x1b\[\d*m/g, '').trimEnd().replace(/^/gm, '     | ')}`);
    }
  }

  /* When the group's last file is done. */
  tell(name) {
    const { passed, failed, seconds } = this.group(name);
    if (passed + failed === 0) return;
    console.log(`${name.padEnd(14)}${String(passed).padStart(6)} passed ${String(failed).padStart(5)} failed ${seconds.toFixed(1).padStart(8)} s`);
  }

  /* The exit status.  What one variant skips (a test of ASan itself), another has to run. */
  end() {
    for (const whole of this.skipped) {
      if (this.only || this.seen.has(whole)) continue;
      this.failed += 1;
      console.log(`FAIL ${whole}\n     | was skipped everywhere`);
    }
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed > 0 || this.passed === 0 ? 1 : 0;
  }
}
