// Second factors: only users need one whose e-mail address is `mfa@…`. Linking with the user of a session is allowed.
import AccountLinking from "supertokens-node/recipe/accountlinking/index.js";
import MultiFactorAuth from "supertokens-node/recipe/multifactorauth/index.js";
import Totp from "supertokens-node/recipe/totp/index.js";
import { generalErrorBySession, outcomeOf } from "../harness/outcomes.mjs";

const TOTP_APIS = ["createDevicePOST", "listDevicesGET", "removeDevicePOST", "verifyDevicePOST", "verifyTOTPPOST"];

const isMfaUser = (user) => user.emails.some((email) => outcomeOf(email) === "mfa");

const withRequirements = (original) => ({
  ...original,
  getMFARequirementsForAuth: async (input) => {
    return isMfaUser(await input.user) ? ["totp"] : original.getMFARequirementsForAuth(input);
  },
});

export const factors = () => [
  AccountLinking.init({
    // Without a session, accounts with one e-mail address stay apart, so that tests can use any address.
    shouldDoAutomaticAccountLinking: async (account, user, session) => {
      if (session === undefined) return { shouldAutomaticallyLink: false };
      return { shouldAutomaticallyLink: true, shouldRequireVerification: false };
    },
  }),
  MultiFactorAuth.init({
    override: {
      functions: withRequirements,
      apis: (original) => ({ ...original, ...generalErrorBySession(original, "resyncSessionAndFetchMFAInfoPUT") }),
    },
  }),
  Totp.init({
    issuer: "supertokens-leptos tests",
    override: { apis: (original) => ({ ...original, ...generalErrorBySession(original, ...TOTP_APIS) }) },
  }),
];
