/** The two shares of bad answers that a test tells apart: one that is harmless noise, one that does harm. */
export type Question = { harmless: number; harmful: number };

/** How often a good release may be called bad by what one party answers, and a bad one good. */
const FALSE_ALARM = 0.0002;
const MISS = 0.01;

/** Where the evidence is strong enough, either way: Wald's bounds, in natural logarithms of odds. */
export const AGAINST = Math.log((1 - MISS) / FALSE_ALARM);
const FOR = Math.log(MISS / (1 - FALSE_ALARM));

/**
 * The evidence so far, by Wald's sequential probability ratio test (A. Wald, "Sequential Tests of Statistical
 * Hypotheses", 1945): it may be looked at after every answer, and 100 % of bad answers need six of them, not the hundred
 * that a share of 5 % takes.
 */
export type Evidence = {
  answers: number;
  bad: number;
  /** The log-likelihood ratio: above zero it speaks against the release, below zero for it. */
  weight: number;
  /** Whether it was ever strong enough to call the release good. */
  settled: boolean;
};

export const NO_EVIDENCE: Evidence = { answers: 0, bad: 0, weight: 0, settled: false };

/**
 * The evidence after one more answer. It never speaks for a release more strongly than the bound does: what goes bad late
 * is found as fast as what was bad from the start (E. S. Page's CUSUM, 1954, with Wald's bound as its floor).
 */
export function weigh(evidence: Evidence, bad: boolean, { harmless, harmful }: Question): Evidence {
  const ratio = bad ? harmful / harmless : (1 - harmful) / (1 - harmless);
  const weight = Math.max(FOR, evidence.weight + Math.log(ratio));
  return {
    answers: evidence.answers + 1,
    bad: evidence.bad + (bad ? 1 : 0),
    weight,
    settled: evidence.settled || weight <= FOR,
  };
}

/** Whether the answers were bad too often to be noise. */
export const speaksAgainst = ({ weight }: Evidence): boolean => weight >= AGAINST;

/** Whether the answers so far are more likely noise than harm. No answer says nothing. */
export const speaksFor = ({ answers, weight }: Evidence): boolean => answers > 0 && weight < 0;

/** Whether there is nothing more to be learned from waiting. */
export const isConclusive = (evidence: Evidence): boolean => evidence.settled && speaksFor(evidence);
