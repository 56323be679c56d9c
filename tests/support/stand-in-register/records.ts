import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';

/** A job as an employer told the register of it. Every revision is kept: the register can say what it knew on any day. */
export interface JobRecord {
  readonly ref: string;
  readonly revision: number;
  readonly nationalId: string;
  /** The day the register learned of it. */
  readonly enteredOn: string;
  readonly withdrawn: boolean;
  readonly startedOn: string;
  readonly endedOn: string | null;
  readonly contractType: 'OPEN_ENDED' | 'FIXED_TERM' | 'APPRENTICESHIP' | 'SELF_EMPLOYED';
  readonly contractMonths: number | null;
  readonly weeklyHours: string;
  readonly normalHoursShare: string | null;
  readonly insured: boolean;
  readonly employerNumber: string;
  readonly employerName: string | null;
}

/** A time in which a person was registered as unemployed. */
export interface UnemploymentRecord {
  readonly ref: string;
  readonly revision: number;
  readonly nationalId: string;
  readonly enteredOn: string;
  readonly withdrawn: boolean;
  readonly from: string;
  readonly to: string | null;
}

/** How the register behaves for its next answers. */
export interface Behaviour {
  readonly mode: 'normal' | 'slow' | 'failing' | 'wrong' | 'unknown' | 'garbled';
  /** Answers for which it lasts; null: until told otherwise. */
  readonly answers: number | null;
}

type Entry =
  | { readonly register: string; readonly kind: 'job'; readonly record: JobRecord }
  | { readonly register: string; readonly kind: 'unemployment'; readonly record: UnemploymentRecord }
  | { readonly register: string; readonly kind: 'behaviour'; readonly record: Behaviour }
  | { readonly register: string; readonly kind: 'served'; readonly record: { readonly asOf: string } };

/** What one register holds. */
export class Records {
  readonly jobs: JobRecord[] = [];
  /** Place of each job in the feed: what is told after a day was served comes after that day, however early it was entered. */
  readonly places: string[] = [];
  /** The last day as of which the feed was read. */
  servedAsOf = '';
  readonly unemployment: UnemploymentRecord[] = [];
  behaviour: Behaviour = { mode: 'normal', answers: null };
}

/** All registers of the program in one journal: each entry is on disk before it is answered, so that a kill loses nothing. */
export class Journal {
  private readonly registers = new Map<string, Records>();

  constructor(private readonly path: string) {
    if (!existsSync(path)) writeFileSync(path, '');
    const text = readFileSync(path, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    // A line that was cut off by a kill was never answered: it is dropped.
    if (whole !== text) writeFileSync(path, whole);
    for (const line of whole.split('\n').filter((each) => each !== '')) this.apply(JSON.parse(line) as Entry);
  }

  of(register: string): Records {
    let records = this.registers.get(register);
    if (records === undefined) this.registers.set(register, (records = new Records()));
    return records;
  }

  /** Keeps what is new; the same revision of the same record again changes nothing. Answers how many were new. */
  add(register: string, kind: 'job' | 'unemployment', records: readonly (JobRecord | UnemploymentRecord)[]): number {
    const held = kind === 'job' ? this.of(register).jobs : this.of(register).unemployment;
    const known = new Set(held.map((each) => `${each.ref}/${String(each.revision)}`));
    const fresh = records.filter((each) => !known.has(`${each.ref}/${String(each.revision)}`));
    this.write(fresh.map((record) => ({ register, kind, record }) as Entry));
    return fresh.length;
  }

  behave(register: string, behaviour: Behaviour): void {
    this.write([{ register, kind: 'behaviour', record: behaviour }]);
  }

  served(register: string, asOf: string): void {
    if (this.of(register).servedAsOf < asOf) this.write([{ register, kind: 'served', record: { asOf } }]);
  }

  private write(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const file = openSync(this.path, 'a');
    try {
      appendFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    for (const entry of entries) this.apply(entry);
  }

  private apply(entry: Entry): void {
    const records = this.of(entry.register);
    switch (entry.kind) {
      case 'job': {
        const { enteredOn } = entry.record;
        const day = enteredOn < records.servedAsOf ? records.servedAsOf : enteredOn;
        records.places.push(`${day}/${String(records.jobs.length).padStart(8, '0')}`);
        records.jobs.push(entry.record);
        return;
      }
      case 'unemployment':
        records.unemployment.push(entry.record);
        return;
      case 'behaviour':
        records.behaviour = entry.record;
        return;
      case 'served':
        records.servedAsOf = entry.record.asOf;
    }
  }
}
