/** One line of NDJSON. */
interface OutputRecord {
  readonly type: string
  readonly [key: string]: unknown
}

/** Where a verb writes: results to stdout, as text or (with --json) one JSON object per line; messages to stderr. */
export class Output {
  readonly isJson: boolean
  private hasShownFailure = false

  constructor(isJson: boolean) {
    this.isJson = isJson
  }

  /** A result in both forms: the record for programs, the text for people. */
  result(record: OutputRecord, text: string): void {
    if (this.isJson) this.record(record)
    else this.line(text)
  }

  /** One line of NDJSON on stdout. */
  record(record: OutputRecord): void {
    if (record.type === 'failed') this.hasShownFailure = true
    process.stdout.write(`${JSON.stringify(record)}\n`)
  }

  /** Text on stdout. */
  line(text: string): void {
    process.stdout.write(`${text}\n`)
  }

  /** Text on stderr. */
  message(text: string): void {
    process.stderr.write(`${text}\n`)
  }

  warnings(warnings: readonly string[]): void {
    for (const warning of warnings) this.message(`warning: ${warning}`)
  }

  /** A trainer tells its failure as an event before it throws: programs shall read it once. */
  recordFailure(failure: OutputRecord): void {
    if (this.isJson && !this.hasShownFailure) this.record(failure)
  }
}
