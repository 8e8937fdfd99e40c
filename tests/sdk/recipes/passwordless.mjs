// Passwordless sign-in by e-mail or phone, with a code and a link, and its outcomes by e-mail address.
import Passwordless from "supertokens-node/recipe/passwordless/index.js";
import { guarded, refusal } from "../harness/outcomes.mjs";

// The text is the SDK's.
const REFUSED = {
  status: "SIGN_IN_UP_NOT_ALLOWED",
  reason: "Cannot sign in / up due to security reasons. Please try a different login method or contact support. (ERR_CODE_002)",
};

const emailOf = async ({ options, tenantId, preAuthSessionId, deviceId, userContext }) => {
  const { listCodesByPreAuthSessionId, listCodesByDeviceId } = options.recipeImplementation;
  const device = preAuthSessionId === undefined
    ? await listCodesByDeviceId({ tenantId, deviceId, userContext })
    : await listCodesByPreAuthSessionId({ tenantId, preAuthSessionId, userContext });
  return device?.email;
};
const askLater = async (input) => refusal(await emailOf(input), { ...REFUSED, late: true });

const withOutcomes = (original) => ({
  ...original,
  ...guarded(original, "createCodePOST", ({ email }) => refusal(email, REFUSED)),
  ...guarded(original, "consumeCodePOST", askLater),
});

export const passwordless = ({ sendTo, mailbox, withRoles }) => Passwordless.init({
  contactMethod: "EMAIL_OR_PHONE",
  flowType: "USER_INPUT_CODE_AND_MAGIC_LINK",
  emailDelivery: { override: sendTo(mailbox) },
  smsDelivery: { override: (original) => ({ ...original, sendSms: async (message) => mailbox.take(message) }) },
  override: {
    functions: (original) => ({ ...original, consumeCode: withRoles(original, "consumeCode") }),
    apis: withOutcomes,
  },
});
