// The recipes of `--recipes`, beside those that the server always has.
import { factors } from "./factors.mjs";
import { passwordless } from "./passwordless.mjs";
import { thirdParty } from "./third_party.mjs";

export const moreRecipes = (context) => [passwordless(context), thirdParty(context), ...factors()];
