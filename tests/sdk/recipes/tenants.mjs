// A second tenant, with fewer first factors and one provider of its own name.
import Multitenancy from "supertokens-node/recipe/multitenancy/index.js";

export const TENANTS = ["public", "acme"];

export async function createTenants() {
  await Multitenancy.createOrUpdateTenant("acme", { firstFactors: ["emailpassword", "thirdparty"] });
  await Multitenancy.createOrUpdateThirdPartyConfig("acme", { thirdPartyId: "demo", name: "Acme" }, true);
}
