// Passkeys, and their outcomes by e-mail address.
import supertokens from "supertokens-node";
import WebAuthn from "supertokens-node/recipe/webauthn/index.js";
import { GENERAL, guarded, outcomeOf, refusal } from "../harness/outcomes.mjs";

// The texts are those of the SDK.
const SIGN_UP = {
  status: "SIGN_UP_NOT_ALLOWED",
  reason: "Cannot sign up due to security reasons. Please try logging in, use a different login method or contact support. (ERR_CODE_025)",
};
const SIGN_IN = {
  status: "SIGN_IN_NOT_ALLOWED",
  reason: "Cannot sign in due to security reasons. Please try recovering your account, use a different login method or contact support. (ERR_CODE_030)",
  late: true,
};
const RECOVER = {
  status: "RECOVER_ACCOUNT_NOT_ALLOWED",
  reason: "Recover account link was not created because of account take over risk. Please contact support. (ERR_CODE_001)",
};

const emailOfOptions = async ({ options, tenantId, webauthnGeneratedOptionsId, userContext }) => {
  const { getGeneratedOptions } = options.recipeImplementation;
  return (await getGeneratedOptions({ webauthnGeneratedOptionsId, tenantId, userContext })).email;
};
const emailOfCredential = async ({ tenantId, credential, userContext }) => {
  const account = { webauthn: { credentialId: credential.id } };
  return (await supertokens.listUsersByAccountInfo(tenantId, account, false, userContext))[0]?.emails[0];
};

const withOutcomes = (original) => ({
  ...original,
  ...guarded(original, "registerOptionsPOST", ({ email }) => (outcomeOf(email) === "general" ? GENERAL : undefined)),
  ...guarded(original, "signUpPOST", async (input) => refusal(await emailOfOptions(input), SIGN_UP)),
  ...guarded(original, "signInPOST", async (input) => refusal(await emailOfCredential(input), SIGN_IN)),
  ...guarded(original, "generateRecoverAccountTokenPOST", ({ email }) => refusal(email, RECOVER)),
});

export const webauthn = ({ sendTo, mailbox, withRoles }) => WebAuthn.init({
  emailDelivery: { override: sendTo(mailbox) },
  override: {
    functions: (original) => ({ ...original, signUp: withRoles(original, "signUp") }),
    apis: withOutcomes,
  },
});
