// The recipes of `--recipes`, beside those that the server always has.
import Multitenancy from "supertokens-node/recipe/multitenancy/index.js";
import OAuth2Provider from "supertokens-node/recipe/oauth2provider/index.js";
import { factors } from "./factors.mjs";
import { passwordless } from "./passwordless.mjs";
import { thirdParty } from "./third_party.mjs";
import { webauthn } from "./webauthn.mjs";

export const moreRecipes = (context) => [
  passwordless(context), thirdParty(context), webauthn(context), ...factors(), Multitenancy.init(), OAuth2Provider.init(),
];
