// The outcomes of e-mail and password that only the backend's own rules produce, by e-mail address.
import supertokens from "supertokens-node";
import { guarded, outcomeOf, refusal } from "../harness/outcomes.mjs";

const emailIn = ({ formFields }) => formFields.find(({ id }) => id === "email").value;
// The texts are those of the SDK.
const SIGN_UP = {
  status: "SIGN_UP_NOT_ALLOWED",
  reason: "Cannot sign up due to security reasons. Please try logging in, use a different login method or contact support. (ERR_CODE_007)",
};
const SIGN_IN = {
  status: "SIGN_IN_NOT_ALLOWED",
  reason: "Cannot sign in due to security reasons. Please try resetting your password, use a different login method or contact support. (ERR_CODE_008)",
};
const RESET = {
  status: "PASSWORD_RESET_NOT_ALLOWED",
  reason: "Reset password link was not created because of account take over risk. Please contact support. (ERR_CODE_001)",
};

export const passwordOutcomes = {
  apis: (original) => ({
    ...guarded(original, "signUpPOST", (input) => refusal(emailIn(input), SIGN_UP)),
    ...guarded(original, "signInPOST", (input) => refusal(emailIn(input), SIGN_IN)),
    ...guarded(original, "generatePasswordResetTokenPOST", (input) => refusal(emailIn(input), RESET)),
  }),
  functions: (original) => ({
    updateEmailOrPassword: async (input) => {
      const user = await supertokens.getUser(input.recipeUserId.getAsString(), input.userContext);
      if (outcomeOf(user?.emails[0]) !== "policy") return original.updateEmailOrPassword(input);
      return { status: "PASSWORD_POLICY_VIOLATED_ERROR", failureReason: "the password was used before" };
    },
  }),
};
