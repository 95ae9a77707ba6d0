// What went wrong, for programs. A message is for people, in English.
export type PollErrorCode =
  | 'format' // bytes or JSON are not as the protocol says
  | 'definition' // the poll is not the one that its board begins with
  | 'answer' // the poll does not allow the answers
  | 'state' // the step does not fit what was done before
  | 'refused' // the server refused the request: see `status`, `reason` and `violations`
  | 'unavailable' // the server cannot be reached or is busy: the same call later goes on
  | 'waiting' // the ballot is not on the board yet: the same call later goes on
  | 'credential' // an issuer's signature is not valid
  | 'board'; // the board is not what it was, or lacks the ballot

export interface Violation {
  field: string;
  description: string;
}

// Every error of the library.
export class PollError extends Error {
  readonly code: PollErrorCode;
  // Of 'refused' and 'unavailable': the HTTP status, 0 without an answer; and the problem's parts.
  readonly status: number;
  readonly reason: string;
  readonly violations: Violation[];

  constructor(
    code: PollErrorCode,
    message: string,
    problem: { status?: number; reason?: string; violations?: Violation[] } = {},
  ) {
    super(message);
    this.name = 'PollError';
    this.code = code;
    this.status = problem.status ?? 0;
    this.reason = problem.reason ?? '';
    this.violations = problem.violations ?? [];
  }
}
