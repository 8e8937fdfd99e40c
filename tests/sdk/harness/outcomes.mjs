// The outcome that an e-mail address asks for by its first word, as in `refused@example.com` or `refused+1@example.com`.
const WORD = /^(refused|late-refused|general|late-general|policy|mfa)[@+]/;

export const outcomeOf = (email) => WORD.exec(email ?? "")?.[1];

export const GENERAL = { status: "GENERAL_ERROR", message: "the backend refuses this e-mail address" };

// `late-…` concerns the second call of a flow, so that the first one succeeds.
export function refusal(email, { status, reason, late = false }) {
  const outcome = outcomeOf(email);
  if (outcome === (late ? "late-general" : "general")) return GENERAL;
  return outcome === (late ? "late-refused" : "refused") ? { status, reason } : undefined;
}

// An API with refusals: `ask` returns the refusal of an input, or undefined.
export const guarded = (original, name, ask) => ({
  [name]: async (input) => (await ask(input)) ?? original[name](input),
});

// APIs that fail for the session of a `late-general@…`.
export function generalErrorBySession(original, ...names) {
  const ask = ({ session }) => {
    return outcomeOf(session.getAccessTokenPayload().email) === "late-general" ? GENERAL : undefined;
  };
  return Object.assign({}, ...names.map((name) => guarded(original, name, ask)));
}
