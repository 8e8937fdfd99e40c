// Sign-in with the stand-in provider, and its outcomes by the e-mail address that the provider gives.
import ThirdParty from "supertokens-node/recipe/thirdparty/index.js";
import { GENERAL, refusal } from "../harness/outcomes.mjs";

// The text is the SDK's.
const REFUSED = {
  status: "SIGN_IN_UP_NOT_ALLOWED",
  reason: "Cannot sign in / up due to security reasons. Please try a different login method or contact support. (ERR_CODE_006)",
};

const provider = (url, thirdPartyId, name, client) => ({
  config: {
    thirdPartyId,
    name,
    authorizationEndpoint: `${url}/authorize`,
    tokenEndpoint: `${url}/token`,
    userInfoEndpoint: `${url}/userinfo`,
    // There are no ID tokens, whose missing field would otherwise count as "not verified".
    userInfoMap: { fromIdTokenPayload: { emailVerified: undefined } },
    clients: [{ clientId: thirdPartyId, clientSecret: "secret", scope: ["openid", "email"], ...client }],
  },
});

const providers = (url) => [
  provider(url, "demo", "Demo"),
  provider(url, "demo-pkce", "Demo with PKCE", { forcePKCE: true }),
  provider(url, "demo-no-email", "Demo without e-mail"),
];

// A function of the recipe cannot return this status, which belongs to APIs only.
class GeneralError extends Error {}

const refusing = (signInUp) => async (input) => {
  const refused = refusal(input.email, REFUSED);
  if (refused === GENERAL) throw new GeneralError();
  return refused ?? signInUp(input);
};

const catching = (original) => async (input) => {
  try {
    return await original.signInUpPOST(input);
  } catch (error) {
    if (error instanceof GeneralError) return GENERAL;
    throw error;
  }
};

export const thirdParty = ({ providerUrl, withRoles }) => ThirdParty.init({
  signInAndUpFeature: { providers: providers(providerUrl) },
  override: {
    functions: (original) => ({ ...original, signInUp: refusing(withRoles(original, "signInUp")) }),
    apis: (original) => ({ ...original, signInUpPOST: catching(original) }),
  },
});
