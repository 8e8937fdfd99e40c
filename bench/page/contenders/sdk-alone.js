// What an app bundles of supertokens-website; for its size.

import SuperTokens from "supertokens-website";

window.SuperTokens = SuperTokens;
