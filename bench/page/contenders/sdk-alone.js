// The part of supertokens-website that an app bundles, to measure its size.

import SuperTokens from "supertokens-website";

window.SuperTokens = SuperTokens;
